"""The eligibility tests, for the page of rules."""

from __future__ import annotations

from households.foundation import formats
from implementation.reference.facts import link
from implementation.reference.markdown import table
from implementation.rules.eligibility import TESTS
from implementation.rules.policy import Policy

_ACCEPTED = "it is one that the program accepts"
_OFFERED = "it is not needed, or the program offers it"
PASSES: dict[str, str] = {
    "initial_minimum": "what counts toward the minimum today is at least the program's initial minimum",
    "maintenance_minimum": "what counts after planned withdrawals, and after planned contributions where the "
    "program counts them, is at least its maintenance minimum",
    "sleeve_minimum": "the part meant for direct indexing is at least the program's sleeve minimum",
    "custodian": _ACCEPTED,
    "registration": _ACCEPTED,
    "strategy": _ACCEPTED,
    "options_overlay": _OFFERED,
    "alternatives": _OFFERED,
    "fixed_income_discretion": _OFFERED,
    "maximum_restrictions": "no more securities are excluded than the program allows",
    "legacy_retention": "nothing is to be kept, or the program keeps legacy holdings",
    "lots_known": "the program does not ask for tax lots, or {lots} of the value has them",
}
"""Name of each test -> when it passes."""


def eligibility(policy: Policy) -> list[str]:
    """The tests as a table."""
    lots = f"at least {formats.percent(policy.numbers['lots_known_enough'])}"
    rows = []
    for test in TESTS:
        passes = PASSES[test.name].format(lots=lots)
        reasons = ", ".join(f"`eligibility.{side}_{test.reason}`" for side in ("sma", "uma"))
        rows.append((test.name.replace("_", " "), link(test.fact), f"`{test.field}`", passes, reasons))
    return [
        "## Eligibility",
        "",
        "Each test of a program answers pass, fail (with value, threshold and gap) or unknown (with what is",
        "missing). An unknown minimum cannot be passed; an unknown fee cannot be the cheapest. "
        "Thresholds are",
        "fields of the program on the shelf. What counts toward a minimum is the account or the whole",
        "household, as the program says, less restricted stock where the program does not count it. Money is",
        "compared in whole cents.",
        "",
        *table(("test", "reads", "field of the program", "passes where", "reason if it fails"), rows),
    ]
