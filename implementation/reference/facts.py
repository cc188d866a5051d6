"""The page of facts: every fact of the contract, and which tests and factors read it.

Both are taken from the code (a rule reads what its arguments name), so the page cannot drift from the rules.
"""

from __future__ import annotations

from implementation.reference.markdown import table
from implementation.rules.contract import FACTS
from implementation.rules.eligibility import FACTS_READ, TESTS
from implementation.rules.factors import FACTORS, FITS, LABELS, reads
from implementation.rules.need import LABEL as NEED
from implementation.rules.need import need
from implementation.rules.wording import plain

_COST = ("account_value", "household_value", "current_cost_bps", "direct_index_value")


def readers() -> dict[str, list[str]]:
    """Fact -> what reads it, in the order in which an evaluation does."""
    found: dict[str, list[str]] = {name: [] for name in FACTS}
    for name in reads(need):
        found[name].append(NEED)
    for test in TESTS:
        found[test.fact].append(f"test: {test.name.replace('_', ' ')}")
    for name in sorted(FACTS_READ - {test.fact for test in TESTS}):
        found[name].append("tests of minimums")
    for factor in FACTORS:
        for name in reads(FITS[factor]):
            if name in found:
                found[name].append(LABELS[factor])
    for name in _COST:
        found[name].append("cost and break-even")
    return found


def link(name: str) -> str:
    """A fact's name, linked to its row on this page."""
    return f"[`{name}`](facts.md#{name})"


def page() -> str:
    """The page as Markdown."""
    read_by = readers()
    rows = []
    for name, fact in FACTS.items():
        coded = fact.kind in ("code", "flag")
        low, high = ("", "") if coded else (plain(fact.low), plain(fact.high))
        meaning = fact.description
        if fact.codes:
            meaning += ": " + ", ".join(f"`{code}`" for code in fact.codes)
        rows.append((f'<a id="{name}"></a>`{name}`', fact.unit, low, high, meaning, "; ".join(read_by[name])))
    lines = [
        "# Facts",
        "",
        "Every fact of an account that the rules read, in the order of the contract. An absent fact, null or",
        "an empty cell is unknown; unknown is never zero. What each rule makes of them is in",
        "[rules.md](rules.md). This page is made from the code (`python -m implementation.reference`).",
        "",
        *table(("fact", "unit", "from", "to", "means", "read by"), rows, right=(2, 3)),
    ]
    return "\n".join(lines) + "\n"
