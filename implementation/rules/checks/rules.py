"""Checks of single rules: can their numbers ever matter, and do they say what they mean to say."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from implementation.rules.checks.findings import Finding, Findings, between
from implementation.rules.checks.spans import Bounds, Span, spans
from implementation.rules.contract import FACTS
from implementation.rules.documents.document import MISSING
from implementation.rules.factors import FACTORS, FITS, MEASURES
from implementation.rules.need import need
from implementation.rules.parameters import Parameter
from implementation.rules.programs import STRUCTURES
from implementation.rules.rule_syntax import Given, given
from implementation.rules.shapes import AtLeast, Bands, Curve, Table

if TYPE_CHECKING:
    from implementation.rules.policy import Policy

_WHOLE = ("count", "level", "flag")
_HEADROOM = "headroom_"
_MOST_POINTS = 100.0
_ONE_SIDED = {"sma": ("SMA", "UMA"), "uma": ("UMA", "SMA")}


@dataclass(frozen=True)
class Rule:
    """A rule where it stands: in which part, on which side, and what it is given.

    Attributes:
        part: need, or the factor.
        side: sma or uma where it moves the fit of that structure alone, else both.
        span: what it can read and give; None where nothing asks for it on its side.
    """

    parameter: Parameter
    part: str
    side: str
    given: Given
    span: Span


def placed(policy: Policy) -> list[Rule]:
    """Every rule of a policy with its place, in the order of the document."""
    reach = spans(policy)
    sources = {"need": given(need), **{name: given(FITS[name]) for name in FACTORS}}
    rules = []
    for key, parameter in policy.rules.items():
        *_, part, side, name = key.split(".")
        if side == "rules":
            side = "both"
        rules.append(Rule(parameter, part, side, sources[part][name], reach[key]))
    return rules


def rule_faults(rule: Rule, policy: Policy) -> Findings:
    """What makes a single rule wrong."""
    yield from _kind(rule)
    yield from _reach(rule.parameter, rule.span.value)
    yield from _results(rule.parameter)
    yield from _use(rule, policy)
    yield from _monotone(rule.parameter)
    if rule.parameter.says:
        yield from _says(rule)
        yield from _favors(rule, policy)


def shape_key(parameter: Parameter) -> str:
    """The key of the document that holds the numbers of a shape."""
    keys = {Curve: "points", Bands: "bands", Table: "rows"}
    return f"{parameter.key}.{keys.get(type(parameter.shape), 'bound')}"


def _kind(rule: Rule) -> Findings:
    """The value is of the kind that the rule says it reads."""
    parameter, fact = rule.parameter, rule.given.fact
    coded = isinstance(parameter.shape, Table)
    if coded != (parameter.reads == "code"):
        yield Finding(f"{parameter.key}.reads", parameter.reads, "code for a table, and for a table alone")
        return
    if fact is None:
        if coded:
            yield Finding(f"{parameter.key}.shape", "table", "another shape: the value is not a code")
        return
    kind: str = FACTS[fact].kind if fact in FACTS else MEASURES[fact]
    kind = "share" if kind == "signed_share" else kind
    if parameter.reads != kind:
        yield Finding(f"{parameter.key}.reads", parameter.reads, f"{kind}, which is what {fact} is")
    elif isinstance(parameter.shape, Table) and parameter.shape.codes != FACTS[fact].codes:
        yield Finding(f"{parameter.key}.of", list(parameter.shape.codes), f"{fact}, which the rule is given")


def _reach(parameter: Parameter, span: Bounds) -> Findings:
    """No part of a shape lies wholly outside what the value can be, and none of the value is left out."""
    low, high = span
    if parameter.reads in _WHOLE:
        for bound in parameter.shape.breakpoints.tolist():
            if not isinstance(parameter.shape, Curve) and bound != round(bound):
                yield Finding(shape_key(parameter), bound, "whole numbers: the value is counted")
    where, can_be = shape_key(parameter), f"which can be {between(low, high)}"
    shape = parameter.shape
    if isinstance(shape, Curve):
        points = list(zip(shape.at.tolist(), shape.gives.tolist(), strict=True))
        for a, b in itertools.pairwise(points):
            if b[0] <= low or a[0] >= high:
                yield Finding(where, [list(a), list(b)], f"segments that the value reaches, {can_be}")
    elif isinstance(shape, Bands):
        yield from _bands(parameter, shape, low, high)
    elif parameter.reads == "flag":
        if not isinstance(shape, AtLeast) or shape.bound != 1.0:
            yield Finding(where, shape.bound, "at_least with bound 1: the value is yes (1) or no (0)")  # type: ignore[union-attr]
    elif not isinstance(shape, Table):
        ends = shape.met(np.array([low, high]))
        if ends[0] == ends[1]:
            yield Finding(where, shape.bound, f"a bound with values on either side of it, {can_be}")


def _bands(parameter: Parameter, shape: Bands, low: float, high: float) -> Findings:
    where, can_be = shape_key(parameter), f"which can be {between(low, high)}"
    starts = shape.at.tolist()
    if math.isfinite(low) and starts[0] > low:
        yield Finding(where, starts[0], f"a first band from {low:g}, the least that the value can be")
    for start, end, result in zip(starts, [*starts[1:], math.inf], shape.gives.tolist(), strict=True):
        first = max(start, low)
        whole = math.ceil(first) if parameter.reads in _WHOLE and math.isfinite(first) else first
        if whole >= end or whole > high:
            yield Finding(where, [start, result], f"bands that the value reaches, {can_be}")


def _results(parameter: Parameter) -> Findings:
    """Results are of the kind that the rule says it gives."""
    least, most = float(parameter.shape.gives.min()), float(parameter.shape.gives.max())
    where = shape_key(parameter)
    if parameter.gives in ("multiplier", "share", "bps") and least < 0:
        yield Finding(where, least, f"results of 0 or more, for a {parameter.gives}")
    if parameter.gives == "share" and most > 1:
        yield Finding(where, most, "results of 1 or less, for a share")
    if parameter.gives == "note" and (least < 0 or most > 1):
        yield Finding(where, most if most > 1 else least, "results from 0 to 1, for a note")
    basis = parameter.basis
    if parameter.gives == "points" and max(-basis.low, basis.high) > _MOST_POINTS:
        yield Finding(f"{parameter.key}.range", [basis.low, basis.high], "points of fit, from -100 to 100")


def _use(rule: Rule, policy: Policy) -> Findings:
    """What is added up gives points, nothing else does, and what scales it is stated wherever it is."""
    parameter, where = rule.parameter, f"{rule.parameter.key}.gives"
    adds = rule.given.adds and rule.part != "need"
    if adds and parameter.gives != "points":
        yield Finding(where, parameter.gives, "points: the factor adds them up")
    if not adds and parameter.gives == "points":
        yield Finding(where, "points", "a note, multiplier or share: nothing adds it up")
    if rule.part == "need":
        return  # every rule of it is stated for every account
    for structure in STRUCTURES if rule.side == "both" else (rule.side.upper(),):
        stated = {name for name, _ in policy.factors[rule.part][structure]}
        for name in (*rule.given.rules, *rule.given.times_rules):
            if name not in stated:
                yield Finding(
                    parameter.key, parameter.label, f"{name} for the {structure} too, which it needs"
                )


def _monotone(parameter: Parameter) -> Findings:
    if not parameter.monotone:
        return
    if isinstance(parameter.shape, Table):
        yield Finding(
            f"{parameter.key}.monotone", parameter.monotone, "no such key here: codes have no order"
        )
        return
    rising = parameter.monotone == "rising"
    declared = f"results that never {'fall' if rising else 'rise'}, as monotone declares"
    for before, after in itertools.pairwise(parameter.shape.gives.tolist()):
        if (after < before) if rising else (after > before):
            yield Finding(shape_key(parameter), [before, after], declared)


def _says(rule: Rule) -> Findings:
    """The reason can be said, and stops where another begins."""
    parameter = rule.parameter
    start, end = parameter.says_from, parameter.says_to
    low, high = rule.span.result
    from_key, to_key = f"{parameter.key}.says_from", f"{parameter.key}.says_to"
    if start == 0:
        yield Finding(from_key, 0, "a number above or below 0: at 0 the rule gives nothing")
    elif math.copysign(1, start) != math.copysign(1, end) or abs(end) < abs(start):
        yield Finding(to_key, end, f"a number beyond says_from ({start:g}), on the same side of 0")
    elif not (low <= start and high >= end if start < 0 else high >= start and low <= end):
        can = "which, with what scales it, can be " + between(low, high)
        yield Finding(from_key, start, f"a result that the rule reaches, {can}")
    fact = rule.given.fact or ""
    if fact.startswith(_HEADROOM):
        at_minimum = float(parameter.shape(np.array([1.0]))[0])
        if end != at_minimum:
            yield Finding(
                to_key,
                MISSING if math.isinf(end) else end,
                f"{at_minimum:g}, what the rule gives at the minimum itself: below it eligibility speaks",
            )


def _favors(rule: Rule, policy: Policy) -> Findings:
    """The reason is one of this part, and favors the side that the rule moves the fit to."""
    parameter = rule.parameter
    where, code = f"{parameter.key}.says", parameter.says
    if not code.startswith(f"{rule.part}."):
        yield Finding(where, code, f"a reason of this part, {rule.part}.something")
    if parameter.gives != "points":
        favors = "either" if rule.part == "need" else "neither"
    elif rule.side in _ONE_SIDED:
        favors = _ONE_SIDED[rule.side][parameter.says_from < 0]
    else:
        return
    if policy.reasons[code].favours != favors:
        moves = "weighs nothing" if favors in ("either", "neither") else f"moves the fit toward the {favors}"
        yield Finding(where, code, f"a reason that favors {favors}: the rule {moves}")
