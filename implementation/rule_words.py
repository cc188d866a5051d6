"""Rules and numbers of a policy in words, for its page in the product and for the reference."""

import math
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from households.foundation import formats
from implementation.rules.contract import FACTS
from implementation.rules.parameters import Basis, Parameter
from implementation.rules.policy import Perturbation, Policy
from implementation.rules.shapes import Above, AtLeast, AtMost, Bands, Curve, Shape, Table
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
    "harvest_fades_years": "Harvesting fades within",
    "ordinary_income_offset": "Losses set against ordinary income",
}
PLAN_LABEL = "Credit for a coordinated account"
_PROGRAM_LABELS = {"minimum": "A minimum of a program", "fee_bps": "The all-in price of a program"}
LEVELS = ("none", "low", "moderate", "high", "very high")


def number_label(name: str) -> str:
    """What a single number of the policy is called."""
    return NUMBER_LABELS.get(name, words(name))


def with_unit(unit: str, value: float) -> str:
    """A single number in its unit: ``12 points of net fit``, ``5 bps a year``, ``95%``, ``$3,000 a year``."""
    first, _, rest = unit.partition(" ")
    if first == "bps":
        return f"{formats.bps(value)} {rest}".strip()
    if first == "share":
        return formats.percent(value)
    return f"{formats.dollars(value)} {rest}".strip() if first == "USD" else f"{value:,g} {unit}"


def allowed(basis: Basis) -> str:
    """The range that a single number may move in without a new discussion."""
    first = with_unit(basis.unit, basis.low)
    last = with_unit(basis.unit, basis.high)
    # The unit is said once: 8 to 20 points of net fit.
    for end in (f" {basis.unit}", " bps a year", " a year"):
        if first.endswith(end) and last.endswith(end):
            return f"{first.removesuffix(end)} to {last}"
    return f"{first} to {last}"


def range_kind(name: str) -> str:
    """The kind of an unknown fact, or of an unknown field of a program."""
    return FACTS[name].kind if name in FACTS else "bps" if name.endswith("_bps") else "money"


def range_label(name: str) -> str:
    """What an unknown fact, or an unknown field of a program, is called."""
    return FACTS[name].description if name in FACTS else _PROGRAM_LABELS[name]


def from_to(kind: str, low: float, high: float) -> str:
    """``$0 to $500,000``."""
    return f"{read(kind, low)} to {read(kind, high)}"


def changed_facts(change: Perturbation) -> str:
    """The facts that a small change touches."""
    return "; ".join(FACTS[name].description for name in change.changes)


def change_allowed(change: Perturbation) -> str:
    """The range of sizes that a small change may have."""
    name, (times, _) = next(iter(change.changes.items()))
    low, high = change.basis.low, change.basis.high
    if times != 1.0:
        return f"{_signed_percent(low - 1)} to {_signed_percent(high - 1)}"
    if FACTS[name].kind in ("share", "signed_share", "rate"):
        return f"{formats.signed(low * 100, 0)} to {formats.signed(high * 100, 0)} points"
    return f"{formats.signed(low, 0)} to {formats.signed(high, 0)}"


def _signed_percent(share: float) -> str:
    return formats.signed(share * 100, 0) + "%"


def points(result: float) -> str:
    """Points with their sign, whole ones without decimals."""
    return formats.signed(result, 0 if result == int(result) else 1)


def left_out(policy: Policy) -> list[str]:
    """Labels of the rules that own fit leaves out in the household plan."""
    labels: dict[str, None] = {}
    for key, rule in policy.rules.items():
        part, *middle, name = key.split(".")
        if part == "factors" and name in policy.plan.leaves_out[middle[0]]:
            labels[rule.label] = None
    return list(labels)


def rule_allowed(rule: Parameter) -> list[str]:
    """What the results of a rule, and its bound, may be without a new discussion; nothing for a plain yes."""
    low, high = rule.basis.low, rule.basis.high
    told = []
    if rule.gives == "points":
        told.append(f"results {points(low)} to {points(high)} points")
    elif rule.gives != "note":
        told.append(f"results {_bare(rule.gives, low)} to {_bare(rule.gives, high)}")
    if rule.bound_range is not None:
        told.append(f"bound {from_to(rule.reads, *rule.bound_range)}")
    return told


def _bare(gives: str, result: float) -> str:
    return f"{result:g}" if gives == "multiplier" else give(gives, result)


def sentence(rule: Parameter, least: float) -> str:
    """What a rule gives, in one sentence.

    Args:
        least: the least value that the rule can read.
    """
    shape, told = rule.shape, lines(rule.shape, rule.reads, rule.gives)
    if isinstance(shape, Curve):
        (start, first), *others = told
        begins = f"{first} {'at' if shape.at[0] <= least else 'up to'} {start}"
        way = "a straight line" if len(others) == 1 else "straight lines"
        ends = listed_and(f"{result} at {where}" for where, result in others)
        text = f"{begins}, then in {way} to {ends}; level from there"
    elif rule.reads == "level":
        text = listed_and(f"{result} for {where.lower()}" for where, result in told)
    elif len(told) == 1:
        text = f"{told[0][1]} for any value"
    elif isinstance(shape, Bands):
        below, *others = told
        starts = (read(rule.reads, at) for at in shape.at[1:])
        steps = listed_and(f"{result} from {at}" for (_, result), at in zip(others, starts, strict=True))
        text = f"{below[1]} {below[0][0].lower()}{below[0][1:]}; {steps}"
    elif isinstance(shape, Table):
        text = "; ".join(f"{result} for {where}" for where, result in told)
    else:
        text = f"{told[0][1]} {_met(rule)}; otherwise {told[1][1]}"
    return text[:1].upper() + text[1:] + "."


def _met(rule: Parameter) -> str:
    """When the condition of a step holds."""
    if rule.reads == "flag":
        return "if yes"
    bound = read(rule.reads, rule.shape.bound)  # type: ignore[union-attr]
    words_of = {AtLeast: f"at {bound} or more", AtMost: f"at {bound} or less", Above: f"above {bound}"}
    return words_of[type(rule.shape)]  # type: ignore[index]


def listed_and(words_of: Iterable[str]) -> str:
    """`a, b and c`."""
    *others, last = words_of
    return f"{', '.join(others)} and {last}" if others else last


def speaks(rule: Parameter) -> str:
    """For which results a rule gives its reason."""
    if rule.gives == "note":
        return (
            "where noted"
            if rule.says_from == 1
            else f"where at least {formats.percent(rule.says_from)} of it counts"
        )
    if rule.says_from < 0:
        first = f"where it gives {points(rule.says_from)} points or less"
        return first if math.isinf(rule.says_to) else f"{first}, down to {points(rule.says_to)}"
    first = f"where it gives {points(rule.says_from)} points or more"
    return first if math.isinf(rule.says_to) else f"{first}, up to {points(rule.says_to)}"


def lines(shape: Shape, reads: str, gives: str) -> list[tuple[str, str]]:
    """A shape in words: (where, what it gives). A curve is told at its points."""
    if isinstance(shape, Curve):
        return [
            (read(reads, at), give(gives, result)) for at, result in zip(shape.at, shape.gives, strict=True)
        ]
    if isinstance(shape, Bands):
        return _levels(shape, gives) if reads == "level" else _bands(shape, reads, gives)
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


def _levels(shape: Bands, gives: str) -> list[tuple[str, str]]:
    """Bands of levels, each by the levels that it holds."""
    starts = [0, *(int(at) for at in shape.at[1:]), len(LEVELS)]
    rows = []
    for (start, end), result in zip(pairwise(starts), shape.gives, strict=True):
        last = "" if end == start + 1 else f" to {LEVELS[end - 1]}"
        rows.append((f"{LEVELS[start].capitalize()}{last}", give(gives, float(result))))
    return rows


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
        return "1 year" if value == 1 else f"{value:g} years"
    return f"{value:,g}"


def give(kind: str, result: float) -> str:
    """A result of a rule, in the unit of its kind."""
    if kind == "points":
        return "no change" if result == 0 else f"{points(float(result))} points"
    if kind == "multiplier":
        return f"times {result:g}"
    if kind == "note":
        return "noted" if result else "not noted"
    return formats.percent(float(result)) if kind == "share" else formats.bps(float(result))
