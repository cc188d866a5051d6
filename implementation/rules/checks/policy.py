"""Static checks of a policy: what its form allows and its meaning does not.

Faults refuse a policy when it is read. Doubts are for whoever maintains it: nothing is wrong, but something
should be looked at.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from implementation.rules.checks.findings import Finding, Findings, between
from implementation.rules.checks.reasons import reason_faults
from implementation.rules.checks.rules import placed, rule_faults, shape_key
from implementation.rules.contract import FACTS
from implementation.rules.parameters import Basis
from implementation.rules.shapes import Bands, Curve

if TYPE_CHECKING:
    from implementation.rules.policy import Policy

_LOW, _HIGH = "_low_", "_high_"
_HOUSE = "house judgment"
_UNDATED = "undated"
_UNITS = {
    "money": "USD",
    "share": "share",
    "signed_share": "share",
    "rate": "share",
    "bps": "bps",
    "count": "count",
    "years": "years",
}
"""Kind of a fact -> first word of the unit that its range is stated in."""
_PROGRAM_KINDS = {"minimum": "money", "fee_bps": "bps"}


def faults_of(policy: Policy) -> list[Finding]:
    """What makes a policy wrong, in the order of the document."""
    found = [*_numbers(policy), *_ranges(policy), *_plan(policy), *_dates(policy)]
    for rule in placed(policy):
        found += rule_faults(rule, policy)
    return [*found, *reason_faults(policy)]


def doubts_of(policy: Policy, as_of: date) -> list[Finding]:
    """What should be looked at though it is not wrong.

    Args:
        as_of: the day that review dates are held against.
    """
    return [*_overdue(policy, as_of), *_sources(policy), *_idle(policy), *_stated_twice(policy)]


def _numbers(policy: Policy) -> Findings:
    """Of two ends of one range, the lower one is not above the higher one."""
    for name, low in policy.numbers.items():
        other = name.replace(_LOW, _HIGH)
        if _LOW in name and low > policy.numbers[other]:
            most = f"at most {policy.numbers[other]:g}, which is numbers.{other}"
            yield Finding(f"numbers.{name}.value", low, most)


def _ranges(policy: Policy) -> Findings:
    for name, (low, high) in policy.ranges.items():
        if name in FACTS and (low < FACTS[name].low or high > FACTS[name].high):
            can_be = f"what {name} can be, {between(FACTS[name].low, FACTS[name].high)}"
            yield Finding(f"ranges.{name}.value", [low, high], can_be)
        basis = policy.bases.get(f"ranges.{name}")
        unit = _UNITS.get(FACTS[name].kind if name in FACTS else _PROGRAM_KINDS[name], "")
        if basis is not None and basis.unit.split()[0] != unit:
            yield Finding(f"ranges.{name}.unit", basis.unit, f"a unit that begins with {unit}")


def _plan(policy: Policy) -> Findings:
    """Only points can be left out: without a multiplier or a share other rules would mean something else."""
    for factor, names in policy.plan.leaves_out.items():
        rules = dict(item for p in policy.factors[factor].values() for item in p)
        for name in sorted(names):
            if rules[name].gives != "points":
                where = "household_plan.leaves_out.rules"
                yield Finding(where, f"{factor}.{name}", "rules that give points of fit")


def _dates(policy: Policy) -> Findings:
    for key, basis in _bases(policy).items():
        if basis.review_by <= policy.effective_from:
            after = f"a day after {policy.effective_from}, when the policy takes effect"
            yield Finding(f"{key}.review_by", basis.review_by, after)


def _bases(policy: Policy) -> dict[str, Basis]:
    """Key of everything that stands on something -> what it stands on."""
    return {**policy.bases, **{key: rule.basis for key, rule in policy.rules.items()}}


def _overdue(policy: Policy, as_of: date) -> Findings:
    """One doubt for each part and day, with how many of its numbers are due."""
    due: Counter[tuple[str, str]] = Counter()
    for key, basis in _bases(policy).items():
        if basis.review_by < as_of.isoformat():
            parts = key.split(".")
            due[".".join(parts[: 2 if parts[0] == "factors" else 1]), basis.review_by] += 1
    for (part, day), count in due.items():
        numbers = "1 number" if count == 1 else f"{count} numbers"
        yield Finding(f"{part}.review_by", day, f"a review by then: {numbers} should be looked at again")


def _sources(policy: Policy) -> Findings:
    used = {basis.source for basis in _bases(policy).values()}
    for key, source in policy.sources.items():
        if source not in used:
            yield Finding(f"sources.{key}", source.title, "a source that some number stands on")
        elif source.date == _UNDATED and source.evidence != _HOUSE:
            yield Finding(f"sources.{key}.date", source.date, "the day or year of the source, if it has one")
        elif source.date != _UNDATED and source.date > policy.effective_from:
            yield Finding(f"sources.{key}.date", source.date, "a source older than the policy")


def _idle(policy: Policy) -> Findings:
    for parameter in policy.rules.values():
        results = parameter.shape.gives
        if len(results) > 1 and (results == results[0]).all():
            same = "results that differ, unless the rule is to do nothing"
            yield Finding(shape_key(parameter), float(results[0]), same)


def _stated_twice(policy: Policy) -> Findings:
    """What must stay equal is stated once; two curves with the same label and numbers may drift apart."""
    seen: dict[tuple[object, ...], str] = {}
    for key, parameter in policy.rules.items():
        shape = parameter.shape
        if not isinstance(shape, Curve | Bands) or parameter.same_as:
            continue
        numbers = (type(shape), parameter.label, tuple(shape.at.tolist()), tuple(shape.gives.tolist()))
        first = seen.setdefault(numbers, key)
        if first != key:
            yield Finding(key, parameter.label, f"same_as: {first}, which states the same numbers")
