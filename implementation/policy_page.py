"""What the page of the policy shows: every rule in words, every number beside what it stands on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import capfirst

from households.foundation import formats
from households.foundation.svg import Chart
from implementation.rule_plots import plot
from implementation.rule_words import (
    PLAN_LABEL,
    allowed,
    change_allowed,
    changed_facts,
    from_to,
    left_out,
    lines,
    number_label,
    range_kind,
    range_label,
    rule_allowed,
    with_unit,
)
from implementation.rules.checks.spans import spans
from implementation.rules.factors import FACTORS, LABELS
from implementation.rules.parameters import Basis, Parameter
from implementation.rules.policy import Policy
from implementation.rules.programs import STRUCTURES
from implementation.rules.shapes import Curve
from implementation.words import words


@dataclass(frozen=True)
class Number:
    """One number of the policy, written out, with what it stands on.

    Attributes:
        value: as people read it.
        allowed: the range that it may move in without a new discussion.
        note: what else is to be known of it.
    """

    label: str
    value: str
    allowed: str
    basis: Basis
    overdue: bool
    note: str = ""


@dataclass(frozen=True)
class Rule:
    """One parameter: what it looks at, what it answers where, and the reason it gives."""

    label: str
    heads: tuple[str, str]
    lines: list[tuple[str, str]]
    between: bool
    chart: Chart | None
    says: str
    allowed: list[str]
    basis: Basis
    overdue: bool


@dataclass(frozen=True)
class RuleSet:
    """The rules of the need test, or of one factor for one structure."""

    title: str
    rules: list[Rule]


@dataclass(frozen=True)
class Factor:
    """One factor with its weight and its rules."""

    name: str
    label: str
    weight: str
    sets: list[RuleSet]


PARTS = {
    "overview": "Overview",
    "need": "Need",
    **{name: words(name) for name in FACTORS},
    "unknown": "Unknown facts",
    "reasons": "Reasons",
}
"""Parts of the policy, one page each, and what their tabs are called."""


def policy_part(policy: Policy, part: str, as_of: date) -> dict[str, Any]:
    """What the template needs for one part.

    Args:
        part: one of `PARTS`.
        as_of: today, against which the review days are held.
    """
    page = _Page(policy, as_of)
    if part in FACTORS:
        return {"factor": page.factor(part)}
    if part == "need":
        return {"rules": page.rules(policy.need)}
    if part == "unknown":
        return {"ranges": page.ranges()}
    if part == "reasons":
        return {"reasons": policy.reasons.values()}
    return {
        "weights": [
            page.number(LABELS[name], f"weights.{name}", formats.percent(policy.weights[name]))
            for name in FACTORS
        ],
        "numbers": [
            page.number(number_label(name), f"numbers.{name}", with_unit(page.unit(f"numbers.{name}"), value))
            for name, value in policy.numbers.items()
        ],
        "perturbations": page.perturbations(),
        "plan": [page.plan()],
        "left_out": left_out(policy),
        "because": policy.plan.left_out_because,
    }


class _Page:
    def __init__(self, policy: Policy, as_of: date) -> None:
        self.policy, self.as_of = policy, as_of
        self.spans = spans(policy)

    def unit(self, path: str) -> str:
        return self.policy.bases[path].unit

    def number(self, label: str, path: str, value: str, range_words: str = "", note: str = "") -> Number:
        basis = self.policy.bases[path]
        return Number(label, value, range_words or allowed(basis), basis, self._overdue(basis), note)

    def plan(self) -> Number:
        path = "household_plan.coordination_points"
        return self.number(PLAN_LABEL, path, with_unit(self.unit(path), self.policy.plan.coordination_points))

    def perturbations(self) -> list[Number]:
        rows = []
        for change in self.policy.perturbations:
            path, told = f"perturbations.{change.name}", capfirst(change.text)
            rows.append(self.number(told, path, "", change_allowed(change), changed_facts(change)))
        return rows

    def factor(self, name: str) -> Factor:
        by_structure = {s: dict(iter(self.policy.factors[name][s])) for s in STRUCTURES}
        sma, uma = (by_structure[s] for s in STRUCTURES)
        shared = [key for key, rule in sma.items() if uma.get(key) is rule]
        sets = [RuleSet("Both structures", self.rules((key, sma[key]) for key in shared))]
        for structure, rules in by_structure.items():
            own = ((key, rule) for key, rule in rules.items() if key not in shared)
            sets.append(RuleSet(structure, self.rules(own)))
        weight = formats.percent(self.policy.weights[name])
        return Factor(name, LABELS[name], weight, [one for one in sets if one.rules])

    def rules(self, parameters: Iterable[tuple[str, Parameter]]) -> list[Rule]:
        return [self._rule(parameter) for _, parameter in parameters]

    def ranges(self) -> list[Number]:
        rows = []
        for name, (low, high) in self.policy.ranges.items():
            path = f"ranges.{name}"
            if path in self.policy.bases:
                basis, kind = self.policy.bases[path], range_kind(name)
                within = from_to(kind, basis.low, basis.high)
                rows.append(self.number(range_label(name), path, from_to(kind, low, high), within))
        return rows

    def _rule(self, parameter: Parameter) -> Rule:
        reason = self.policy.reasons.get(parameter.says)
        return Rule(
            label=parameter.label,
            heads=(capfirst(parameter.unit[0]), capfirst(parameter.unit[1])),
            lines=lines(parameter.shape, parameter.reads, parameter.gives),
            between=isinstance(parameter.shape, Curve),
            chart=plot(parameter, self.spans[parameter.key].value),
            says=reason.text if reason else "",
            allowed=rule_allowed(parameter),
            basis=parameter.basis,
            overdue=self._overdue(parameter.basis),
        )

    def _overdue(self, basis: Basis) -> bool:
        return date.fromisoformat(basis.review_by) < self.as_of
