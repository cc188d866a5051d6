"""AccountFacts: what is true of each account now, rebuilt set-wise and read by one path for one or a million.

Rules of precedence and the definition of every derived fact stand in ``docs/facts.md``.
"""

from households.facts.members import TaxMember, tax_members
from households.facts.reading import lock_households
from households.facts.rebuilding import fresh_facts, read_facts, rebuild_facts, stale_households

__all__ = [
    "TaxMember", "fresh_facts", "lock_households", "read_facts", "rebuild_facts", "stale_households",
    "tax_members",
]  # fmt: skip
