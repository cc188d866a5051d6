"""What the page of the policy shows: every rule in words, every number beside what it stands on."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from households.foundation import formats
from implementation.rules.contract import FACTS
from implementation.rules.factors import FACTORS, LABELS
from implementation.rules.parameters import Basis, Parameter
from implementation.rules.policy import Policy
from implementation.rules.programs import STRUCTURES
from implementation.rules.shapes import Bands, Curve, Shape, Table
from implementation.words import listed, words

NUMBER_LABELS = {
    "either_within": "Either structure fits within",
    "material_contribution": "A factor is material from",
    "etf_baseline_bps": "Cost of a plain index ETF",
    "lots_known_enough": "Tax lots count as known from",
    "coordination_low_bps": "Value of coordination, low",
    "coordination_high_bps": "Value of coordination, high",
    "harvesting_low_bps": "Value of harvesting, low",
    "harvesting_high_bps": "Value of harvesting, high",
}
LEVELS = ("none", "low", "moderate", "high", "very high")


@dataclass(frozen=True)
class Number:
    """One number of the policy, written out, with what it stands on."""

    label: str
    value: str
    basis: Basis
    overdue: bool


@dataclass(frozen=True)
class Rule:
    """One parameter: what it looks at, what it answers where, and the reason it gives."""

    label: str
    lines: list[tuple[str, str]]
    between: bool
    says: str
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
            page.number(
                NUMBER_LABELS.get(name, words(name)),
                f"numbers.{name}",
                page.with_unit(f"numbers.{name}", value),
            )
            for name, value in policy.numbers.items()
        ],
        "perturbations": policy.perturbations,
    }


class _Page:
    def __init__(self, policy: Policy, as_of: date) -> None:
        self.policy, self.as_of = policy, as_of

    def number(self, label: str, path: str, value: str) -> Number:
        basis = self.policy.bases[path]
        return Number(label, value, basis, self._overdue(basis))

    def with_unit(self, path: str, value: float) -> str:
        unit = self.policy.bases[path].unit
        if unit.startswith(("bps", "basis points")):
            return formats.bps(value)
        return formats.percent(value) if unit.startswith("share") else f"{value:g} {unit}"

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
            if f"ranges.{name}" in self.policy.bases:
                kind = FACTS[name].kind if name in FACTS else "bps" if name.endswith("_bps") else "money"
                label = FACTS[name].description if name in FACTS else f"Program: {words(name).lower()}"
                rows.append(self.number(label, f"ranges.{name}", f"{read(kind, low)} to {read(kind, high)}"))
        return rows

    def _rule(self, parameter: Parameter) -> Rule:
        reason = self.policy.reasons.get(parameter.says)
        return Rule(
            label=parameter.label,
            lines=lines(parameter.shape, parameter.reads, parameter.gives),
            between=isinstance(parameter.shape, Curve),
            says=reason.text if reason else "",
            basis=parameter.basis,
            overdue=self._overdue(parameter.basis),
        )

    def _overdue(self, basis: Basis) -> bool:
        return date.fromisoformat(basis.review_by) < self.as_of


def lines(shape: Shape, reads: str, gives: str) -> list[tuple[str, str]]:
    """A shape in words: (where, what it gives). A curve is told at its points."""
    if isinstance(shape, Curve):
        return [
            (read(reads, at), give(gives, result)) for at, result in zip(shape.at, shape.gives, strict=True)
        ]
    if isinstance(shape, Bands):
        return _bands(shape, reads, gives)
    if isinstance(shape, Table):
        by_result: dict[float, list[str]] = defaultdict(list)
        for code, result in zip(shape.codes, shape.gives, strict=True):
            by_result[float(result)].append(code)
        return [(listed(codes), give(gives, result)) for result, codes in by_result.items()]
    where = "Yes" if reads == "flag" and shape.bound == 1 else f"{shape.words} {read(reads, shape.bound)}"
    return [
        (where[0].upper() + where[1:], give(gives, shape.then)),
        ("Otherwise", give(gives, shape.otherwise)),
    ]


def _bands(shape: Bands, reads: str, gives: str) -> list[tuple[str, str]]:
    rows = []
    for index, result in enumerate(shape.gives):
        last = index == len(shape.gives) - 1
        if last:
            where = f"From {read(reads, shape.at[index])}" if index else "Any value"
        else:
            below = f"below {read(reads, shape.at[index + 1])}"
            where = f"From {read(reads, shape.at[index])}, {below}" if index else below.capitalize()
        rows.append((where, give(gives, float(result))))
    return rows


def read(kind: str, value: float) -> str:
    """A value that a rule looks at, in the unit of its kind."""
    if math.isinf(value):
        return "without limit"
    if kind in ("share", "signed_share", "rate"):
        return formats.percent(float(value))
    if kind == "money":
        return formats.dollars(float(value))
    if kind == "bps":
        return formats.bps(float(value))
    if kind == "level" and value == int(value) and 0 <= value < len(LEVELS):
        return LEVELS[int(value)]
    if kind == "flag":
        return "yes" if value else "no"
    if kind == "years":
        return f"{value:g} years"
    return f"ratio {value:g}" if kind == "ratio" else f"{value:,g}"


def give(kind: str, result: float) -> str:
    """A result of a rule, in the unit of its kind."""
    if kind == "points":
        return "no change" if result == 0 else f"{formats.signed(float(result))} points"
    if kind == "multiplier":
        return f"times {result:g}"
    if kind == "note":
        return "noted" if result else "not noted"
    return formats.percent(float(result)) if kind == "share" else formats.bps(float(result))
