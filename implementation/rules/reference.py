"""The reference page of facts, made from the code: `python -m implementation.rules.reference`.

Which tests and factors read a fact is taken from their arguments, so the page cannot drift from the rules.
"""

from __future__ import annotations

import sys

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


def page() -> str:
    """The page as Markdown."""
    lines = [
        "# Facts",
        "",
        "Every fact of an account that the rules read, in the order of the contract. An absent fact, null or",
        "an empty cell is unknown; unknown is never zero. This page is made from the code",
        "(`python -m implementation.rules.reference > docs/reference/facts.md`).",
        "",
        "| fact | unit | from | to | means | read by |",
        "|---|---|---|---|---|---|",
    ]
    read_by = readers()
    for name, fact in FACTS.items():
        coded = fact.kind in ("code", "flag")
        low, high = ("", "") if coded else (plain(fact.low), plain(fact.high))
        meaning = fact.description
        if fact.codes:
            meaning += ": " + ", ".join(f"`{code}`" for code in fact.codes)
        cells = [f"`{name}`", fact.unit, low, high, meaning, "; ".join(read_by[name])]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
