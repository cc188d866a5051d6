"""Knots: the values of a fact at which a rule or a program changes what it does, and some in between.

A rule changes at the breakpoints of its shape. Where it reads a fact as it is those are values of the fact;
where it reads a part over a whole, or a sum, they follow from what the other facts of the account are. Where
it reads more than that, or facts that move along, the values in between have to do.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from implementation.rules.changes.moves import BOUNDED, Line, follows, moves_too, room_beside
from implementation.rules.changes.steps import EXACT, STEP, on_step
from implementation.rules.contract import FACTS, Fact
from implementation.rules.factors import FITS
from implementation.rules.need import need
from implementation.rules.parameters import Parameters
from implementation.rules.policy import Policy
from implementation.rules.programs import Program
from implementation.rules.rule_syntax import Given, given
from implementation.rules.shapes import Array
from implementation.rules.shelf import Shelf

_LITTLE = 1e-6  # of a step
_PARTS = 10
_FEW = 6  # counts up to which every one is tried
_TIMES = (0, 0.01, 0.1, 0.5, 0.8, 1.25, 2, 5, 15)
_MINIMUMS = ("initial_minimum", "maintenance_minimum", "sleeve_minimum")
_HELD_AGAINST = ("account_value", "direct_index_value", "household_value")
"""Amounts that are held against what programs ask."""

Marks = tuple[float, ...]
Joint = tuple[tuple[str, ...], Marks]


@dataclass(frozen=True)
class Knots:
    """The knots of a policy and a shelf.

    Attributes:
        values: fact -> values in its steps, rising.
        amounts: dollars at which a program of the shelf opens or its price changes.
        minimums: what programs ask, and the multiples of it at which an account stands more comfortably.
        joint: fact -> groups of facts, it among them, of which a rule works out its value, and breakpoints.
        ranges: what a fact can be.
    """

    values: Mapping[str, list[float]]
    amounts: frozenset[float]
    minimums: frozenset[float]
    joint: Mapping[str, Sequence[Joint]]
    ranges: Mapping[str, tuple[float, float]]

    def either_way(self, name: str, now: Mapping[str, float]) -> tuple[list[float], list[float]]:
        """Values of a fact above where it is and below, from near to far, the last possible ones included.

        Args:
            now: every fact of the account, NaN unknown.
        """
        kind, here, values = FACTS[name].kind, now[name], self.of(name, now)
        if name in BOUNDED or values is not self.values[name]:
            least, most = _inside(*room_beside(now, name, self.ranges), kind)
            between = values[bisect_right(values, least) : bisect_left(values, most)]
            values = [least, *between, most] if least < most else [least] * (least == most)
        above, below = values[bisect_right(values, here) :], values[: bisect_left(values, here)]
        return _with_half(here, above, kind), _with_half(here, below[::-1], kind)

    def of(self, name: str, now: Mapping[str, float]) -> list[float]:
        """Knots of a fact of an account, rising.

        Args:
            now: every fact of the account, NaN unknown.
        """
        kind = FACTS[name].kind
        if kind != "money" and not self.joint[name]:
            return self.values[name]
        found = self._worked_out(name, now)
        if kind != "money":
            step = STEP[kind]
            values = {round(round(value / step) * step, EXACT) for value in found}
            return sorted(values.union(self.values[name])) if values else self.values[name]
        base = now[name] if now[name] > 0 else now["account_value"]
        if base > 0:
            found += [base * times for times in _TIMES]
        if name == "planned_withdrawals":
            found += self._left(now)
        if name not in _HELD_AGAINST:
            return sorted({round(value) for value in found}.union(self.values[name]))
        if now["planned_withdrawals"] > 0:
            found += [amount + now["planned_withdrawals"] for amount in self.amounts]
        return sorted({round(value) for value in found}.union(self.values[name], self.amounts))

    def _left(self, now: Mapping[str, float]) -> Iterator[float]:
        """Withdrawals that leave what programs ask, or stand comfortably above it, and a dollar more."""
        for whole in (now["account_value"], now["account_value"] + now["planned_contributions"]):
            for amount in self.minimums if math.isfinite(whole) else ():
                yield from (math.floor(whole - amount), math.floor(whole - amount) + 1)

    def _worked_out(self, name: str, now: Mapping[str, float]) -> list[float]:
        """Values of a fact at which what is worked out of it, or what moves along, meets a breakpoint."""
        if not self.joint[name]:
            return []
        found: list[float] = []
        moving = follows(name, now)
        for facts, marks in self.joint[name]:
            ways = [moving.get(fact) or ((0.0, now[fact]),) for fact in facts]
            money = FACTS[facts[0]].kind == "money"
            for lines in itertools.product(*ways):
                found += _solved(lines, marks, money)
        return found


def _solved(lines: Sequence[Line], marks: Marks, money: bool) -> list[float]:
    """Where facts that follow these lines meet breakpoints together.

    Amounts are put in relation: a part, or what is left of it, over a whole. Anything else is added up.
    """
    if len(lines) == 1 or not money:
        slope, offset = sum(line[0] for line in lines), sum(line[1] for line in lines)
        return [(mark - offset) / slope for mark in marks] if slope and math.isfinite(slope + offset) else []
    found = []
    for place, (slope, offset) in enumerate(lines):
        parts = [line for other, line in enumerate(lines) if other != place]
        ends = (
            [parts[0]] if len(parts) == 1 else [_less(*parts), _less(*parts[::-1])] if len(parts) == 2 else []
        )
        for steep, height in ends:
            for mark in marks:
                across = steep - mark * slope
                if across and math.isfinite(across + height + offset):
                    found.append((mark * offset - height) / across)
    return found


def _less(a: Line, b: Line) -> Line:
    return a[0] - b[0], a[1] - b[1]


def _with_half(here: float, way: list[float], kind: str) -> list[float]:
    """A way outward; where it has its end alone, half of it too: one gap does not say how a line bends."""
    if len(way) != 1:
        return way
    step = STEP[kind]
    half = round(round((here + way[0]) / 2 / step) * step, EXACT)
    return [half, *way] if min(here, way[0]) < half < max(here, way[0]) else way


def _inside(low: float, high: float, kind: str) -> tuple[float, float]:
    """The first and the last step from low to high."""
    step = STEP[kind]
    first, last = math.ceil(low / step - _LITTLE), math.floor(high / step + _LITTLE)
    return round(first * step, EXACT), round(last * step, EXACT)


@lru_cache(maxsize=32)
def knots(shelf: Shelf, policy: Policy) -> Knots:
    """The knots of a policy and a shelf."""
    marks: dict[str, list[float]] = {name: [] for name in FACTS}
    asked: list[tuple[Given, Marks]] = list(_asked(policy))
    joint: set[Joint] = set()
    for read, at in asked:
        if read.fact in FACTS:
            marks[read.fact] += at
            joint.add(((read.fact,), at))
        elif read.fact is None and not read.rules and _of_one_kind(read.facts):
            joint.add((read.facts, at))
    for name, mark in _of_programs(shelf, policy):
        marks[name].append(mark)
    headrooms = {mark for read, at in asked if (read.fact or "").startswith("headroom") for mark in at}
    amounts = {mark for program in shelf.programs for mark in _amounts(program, headrooms)}
    together: dict[tuple[str, ...], set[float]] = {}
    for facts, at in joint:
        together.setdefault(facts, set()).update(at)
    groups = [(facts, tuple(sorted(at))) for facts, at in sorted(together.items())]
    return Knots(
        values={name: _values(fact, marks[name], policy) for name, fact in FACTS.items()},
        amounts=frozenset(value for mark in amounts for value in _around(mark, "money").tolist()),
        minimums=frozenset(mark for program in shelf.programs for mark in _minimums(program, headrooms)),
        joint={name: [group for group in groups if _moves(name, group[0])] for name in FACTS},
        ranges=policy.ranges,
    )


def _moves(name: str, facts: tuple[str, ...]) -> bool:
    """Whether a value that is worked out of some facts moves with one of them; its own marks are known."""
    return facts != (name,) and not moves_too(name).isdisjoint(facts)


def _asked(policy: Policy) -> Iterator[tuple[Given, Marks]]:
    """What each rule reads, and the breakpoints of its shape."""
    rules: list[tuple[Any, Parameters]] = [(need, policy.need)]
    rules += [(FITS[factor], p) for factor, sides in policy.factors.items() for p in sides.values()]
    for rule, parameters in rules:
        for name, parameter in parameters:
            yield given(rule)[name], tuple(parameter.shape.breakpoints.tolist())


def _of_one_kind(names: Sequence[str]) -> bool:
    """Whether facts can be added up or set in relation."""
    return len({FACTS[name].kind for name in names if name in FACTS}) == 1 and all(n in FACTS for n in names)


def _of_programs(shelf: Shelf, policy: Policy) -> Iterator[tuple[str, float]]:
    yield "lots_known_share", policy.numbers["lots_known_enough"]
    for program in shelf.programs:
        if program.maximum_restrictions is not None and np.isfinite(program.maximum_restrictions):
            yield "security_restrictions", program.maximum_restrictions


def _amounts(program: Program, headrooms: set[float]) -> Iterator[float]:
    """Dollars at which a program opens, stands more comfortably, or costs another rate."""
    yield from _minimums(program, headrooms)
    for part in program.fees.components if program.fees else ():
        yield from (tier.up_to for tier in part.tiers or () if np.isfinite(tier.up_to))


def _minimums(program: Program, headrooms: set[float]) -> Iterator[float]:
    for minimum in (getattr(program, field) for field in _MINIMUMS):
        if minimum:
            yield from (minimum * times for times in {1.0, *headrooms})


def _values(fact: Fact, marks: list[float], policy: Policy) -> list[float]:
    if fact.kind == "code":
        return [float(place) for place in range(len(fact.codes))]
    if fact.kind == "flag":
        return [0.0, 1.0]
    low, high = max(fact.low, policy.ranges[fact.name][0]), min(fact.high, policy.ranges[fact.name][1])
    even = np.empty(0) if fact.kind == "money" else np.linspace(low, high, _PARTS + 1)
    if fact.kind in ("count", "level"):
        even = np.concatenate([even, np.arange(low, min(high, _FEW) + 1)])
    values = np.concatenate([on_step(even, fact.kind), *(_around(mark, fact.kind) for mark in marks)])
    inside = {value for value in values.tolist() if low <= value <= high}
    return sorted(inside) if fact.kind == "money" else sorted(inside.union(_inside(low, high, fact.kind)))


def _around(mark: float, kind: str) -> Array:
    """The steps on either side of a mark, and the mark itself where it is one."""
    step = STEP[kind]
    near = np.floor(round(mark / step, EXACT))
    around: Array = on_step((near + np.array([-1.0, 0.0, 1.0])) * step, kind)
    return around
