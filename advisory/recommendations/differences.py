"""What changed between one evaluation of an account and the next, and which of it moved the outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisory.recommendations.models import Recommendation
from advisory.recommendations.words import (
    DECIDED_BY,
    FACTOR_LABELS,
    VERDICTS,
    fact_label,
    stored_words,
)
from households.models.facts import FACT_NAMES
from implementation.rules.factors import FITS, reads

WHY_LENGTH = 300
# Facts that eligibility tests read; the programs' fields are the shelf's.
ELIGIBILITY_FACTS = (
    "account_value", "direct_index_value", "planned_withdrawals", "planned_contributions", "restricted_share",
    "household_value", "custodian", "registration", "strategy", "security_restrictions", "lots_known_share",
    "needs_options_overlay", "needs_alternatives", "needs_fixed_income_discretion", "legacy_retention_share",
)  # fmt: skip
TESTS = (
    ("need", "Direct indexing is warranted"),
    ("sma_eligible", "The SMA is open to the account"),
    ("uma_eligible", "The UMA is open to the account"),
)
_NOW = {
    "need": {
        "yes": "Direct indexing is warranted now",
        "no": "Nothing calls for direct indexing now",
        "not certain": "Whether direct indexing is warranted is not certain now",
    },
    "sma_eligible": {
        "yes": "The SMA is open to the account now",
        "no": "The SMA is not open to the account now",
        "not certain": "Whether the SMA is open to the account is not certain now",
    },
    "uma_eligible": {
        "yes": "The UMA is open to the account now",
        "no": "The UMA is not open to the account now",
        "not certain": "Whether the UMA is open to the account is not certain now",
    },
}
RULES = (("policy_version", "Policy"), ("shelf_version", "Shelf"), ("engine", "Engine"))
FLAGS = (("fragile", "Fragile"), ("provisional", "Provisional"), ("conflict", "Conflicting factors"))


@dataclass(frozen=True)
class Changed:
    """One value before and after, in words."""

    name: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Moved:
    """One factor's contribution before and after; ``change`` is null where either is unknown."""

    factor: str
    label: str
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        if self.before is None or self.after is None:
            return None
        return round(self.after - self.before, 2)


@dataclass(frozen=True)
class Difference:
    """Everything that differs between two records of one account, the earlier one first."""

    outcome: Changed | None
    decided_by: Changed | None
    net_fit: Moved
    facts: Sequence[Changed]
    factors: Sequence[Moved]
    tests: Sequence[Changed]
    flags: Sequence[Changed]
    rules: Sequence[Changed]

    @property
    def nothing(self) -> bool:
        """Whether the two are equal in everything that is compared."""
        found = (self.outcome, self.decided_by, self.facts, self.factors, self.tests, self.flags, self.rules)
        return not any(found)


def difference_of(current: Mapping[str, Any], previous: Mapping[str, Any]) -> Difference:
    """Compare two rows of the ledger given as attribute name -> stored value."""

    def changed(name: str, label: str, words: Mapping[Any, str] | None = None) -> Changed | None:
        before, after = previous[name], current[name]
        if before == after:
            return None
        say = words.__getitem__ if words else str
        return Changed(name, label, say(before), say(after))

    facts = [
        Changed(name, fact_label(name), stored_words(name, previous[name]), stored_words(name, current[name]))
        for name in FACT_NAMES
        if previous[name] != current[name]
    ]
    factors = [
        Moved(name, label, previous[f"{name}_contribution"], current[f"{name}_contribution"])
        for name, label in FACTOR_LABELS.items()
        if previous[f"{name}_contribution"] != current[f"{name}_contribution"]
    ]
    factors.sort(key=lambda moved: -abs(moved.change if moved.change is not None else 100.0))
    yes_no = {True: "Yes", False: "No"}
    rules = [_rule_changed(name, label, current, previous) for name, label in RULES]
    return Difference(
        outcome=changed("outcome", "Outcome"),
        decided_by=changed("decided_by", "Decided by", DECIDED_BY),
        net_fit=Moved("net_fit", "Net fit", previous["net_fit"], current["net_fit"]),
        facts=facts,
        factors=factors,
        tests=[found for name, label in TESTS if (found := changed(name, label, VERDICTS))],
        flags=[found for name, label in FLAGS if (found := changed(name, label, yes_no))],
        rules=[found for found in rules if found],
    )


def _rule_changed(
    name: str, label: str, current: Mapping[str, Any], previous: Mapping[str, Any]
) -> Changed | None:
    """Versions differ, or (named alike) their hashes do."""
    key = name.replace("_version", "_sha256")
    if previous[key] == current[key]:
        return None
    before, after = str(previous[name]), str(current[name])
    if before == after:
        before, after = f"{before} ({previous[key][:8]})", f"{after} ({current[key][:8]})"
    return Changed(name, label, before, after)


def difference(current: Recommendation, previous: Recommendation) -> Difference:
    """Compare a recommendation with an earlier one of the same account."""
    return difference_of(vars(current), vars(previous))


def why(found: Difference) -> str:
    """What moved the outcome, in one or two plain sentences."""
    if found.outcome is None:
        return _unmoved(found)
    sentences = [_cause(found)]
    if found.rules:
        sentences += [
            f"The {rule.label.lower()} changed from {rule.before} to {rule.after}." for rule in found.rules
        ]
    return _fit(" ".join(sentence for sentence in sentences if sentence))


def _unmoved(found: Difference) -> str:
    changed = [*(rule.label.lower() for rule in found.rules), *(["facts"] if found.facts else [])]
    if not changed:
        return "Nothing of weight changed."
    return _fit(f"The outcome stays; changed: {', '.join(changed)}.")


def _cause(found: Difference) -> str:
    """The test that flipped, else the factor that moved most, with the facts behind it."""
    if found.tests:
        told = "; ".join(_NOW[test.name][test.after] for test in found.tests)
        # Need looks at wishes, tax and holdings alike: any fact may be behind it.
        of_need = any(test.name == "need" for test in found.tests)
        return f"{told}{_facts(found, FACT_NAMES if of_need else ELIGIBILITY_FACTS)}."
    moved = next((factor for factor in found.factors if factor.change), None)
    if moved is None or moved.change is None:
        behind = _facts(found, FACT_NAMES)
        return f"What is known changed{behind}." if behind else ""
    toward = "SMA" if moved.change > 0 else "UMA"
    behind = _facts(found, reads(FITS[moved.factor]))
    return f"{moved.label} moved {abs(moved.change):.1f} points toward {toward}{behind}."


def _facts(found: Difference, read: Sequence[str]) -> str:
    """Up to two changed facts among those that a rule reads, in brackets at the end of a sentence."""
    told = [fact for fact in found.facts if fact.name in read][:2]
    words = "; ".join(f"{fact.label}: {fact.before} before, {fact.after} now" for fact in told)
    return f" ({words})" if words else ""


def _fit(text: str) -> str:
    return text if len(text) <= WHY_LENGTH else text[: WHY_LENGTH - 1].rstrip() + "…"
