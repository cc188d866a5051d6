"""Flip points: the nearest value of a single fact, in either direction, at which the outcome changes.

A grid over what the fact can be, with the programs' minimums on it, finds the first change on either side;
the span is then cut until it is as fine as people state the fact. Every value given back has been evaluated
by the engine itself, and so has its neighbor on the near side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from implementation.rules.contract import FACTS, Fact
from implementation.rules.engine import outcomes
from implementation.rules.facts import Columns
from implementation.rules.moves import block_of, move, room
from implementation.rules.policy import Policy
from implementation.rules.scoring import INDETERMINATE, OUTCOMES
from implementation.rules.shapes import Array
from implementation.rules.shelf import Shelf

# How fine a fact is stated: a dollar, a tenth of a percent, a basis point, a tenth of a year.
STEP = {
    "money": 1.0,
    "share": 0.001,
    "signed_share": 0.001,
    "rate": 0.001,
    "bps": 1.0,
    "count": 1.0,
    "level": 1.0,
    "years": 0.1,
    "flag": 1.0,
}
_TIMES = np.array([0, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 1.05, 1.1, 1.25, 1.5, 2, 3, 5, 10])
_COUNTS = np.array([0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000])
_SHARES = 20
_CUTS = 300  # parts a span is cut into at a time: rows are cheap, passes are not
_ROUNDS = 8


@dataclass(frozen=True)
class Flip:
    """One flip point: a fact, its value now, the nearest value that changes the outcome, and to which."""

    fact: str
    before: Any
    after: Any
    outcome: str
    linked: bool


@dataclass
class _Span:
    """The outcome is still the same at `near`, and another at `far`."""

    fact: Fact
    near: float
    far: float
    outcome: int

    @property
    def steps(self) -> int:
        return round(abs(self.far - self.near) / STEP[self.fact.kind])

    def cuts(self) -> Array:
        """Values strictly between the ends, on the grid of the fact."""
        step = STEP[self.fact.kind]
        parts = min(self.steps, _CUTS)
        inner = np.arange(1, parts) / parts * (self.far - self.near) + self.near
        return np.round(inner / step) * step

    def narrow(self, values: Array, results: Any, before: int) -> None:
        """Keep the part in which the outcome changes first; values go from near to far."""
        other = np.flatnonzero(results != before)
        first = int(other[0]) if len(other) else len(values)
        if first < len(values):
            self.far, self.outcome = float(values[first]), int(results[first])
        if first > 0:
            self.near = float(values[first - 1])


def flip_points(columns: Columns, shelf: Shelf, policy: Policy) -> list[Flip]:
    """Flip points of a single account, the nearest first.

    Args:
        columns: one row.
    """
    facts = [fact for fact in FACTS.values() if fact.changeable and _known(columns, fact)]
    grids = [_grid(fact, columns, shelf, policy) for fact in facts]
    before, found = _try(columns, list(zip(facts, grids, strict=True)), shelf, policy)
    if before == INDETERMINATE:
        return []  # nothing to change yet: questions come first
    flips: list[tuple[float, Flip]] = []
    spans: list[_Span] = []
    for fact, grid, outcome in zip(facts, grids, found, strict=True):
        if fact.kind in ("code", "flag"):
            flips += _other_words(fact, columns, grid, outcome, before)
        else:
            spans += _spans(fact, float(columns[fact.name][0]), grid, outcome, before)
    for span in _cut(columns, spans, before, shelf, policy):
        flips.append(_flip(span, columns))
    flips.sort(key=lambda item: item[0])
    return [flip for _, flip in flips]


def _known(columns: Columns, fact: Fact) -> bool:
    value = columns[fact.name][0]
    return bool(value >= 0) if fact.kind == "code" else not np.isnan(value)


def _grid(fact: Fact, columns: Columns, shelf: Shelf, policy: Policy) -> Array:
    now = float(columns[fact.name][0])
    if fact.kind == "code":
        values = np.arange(len(fact.codes), dtype=np.float64)
    elif fact.kind == "flag":
        values = np.array([1.0 - now])
    elif fact.kind == "level":
        values = np.arange(5, dtype=np.float64)
    elif fact.kind == "money":
        base = now if now > 0 else float(np.nan_to_num(columns["account_value"][0]))
        values = np.concatenate([base * _TIMES, _thresholds(columns, shelf)]).round()
    elif fact.kind == "count":
        values = _COUNTS.astype(np.float64)
    else:
        values = _even(*room(columns, fact.name, dict(policy.ranges)), STEP[fact.kind])
    if fact.kind not in ("code", "flag"):
        low, high = room(columns, fact.name, dict(policy.ranges))
        values = np.unique(values[(values >= low) & (values <= high)])
    others: Array = values[values != now]
    return others


def _even(low: float, high: float, step: float) -> Array:
    values: Array = np.round(np.linspace(low, high, _SHARES + 1) / step) * step
    return values


def _thresholds(columns: Columns, shelf: Shelf) -> Array:
    """Minimums, and what is needed today to meet them after withdrawals."""
    minimums = {
        minimum
        for program in shelf.programs
        for minimum in (program.initial_minimum, program.maintenance_minimum, program.sleeve_minimum)
        if minimum
    }
    out = float(np.nan_to_num(columns["planned_withdrawals"][0]))
    needed = minimums | {minimum + out for minimum in minimums}
    # A minimum and a dollar below it: most flips of amounts are found without a search.
    return np.array(sorted(needed | {amount - STEP["money"] for amount in needed}), dtype=np.float64)


def _try(
    columns: Columns, trials: Sequence[tuple[Fact, Array]], shelf: Shelf, policy: Policy
) -> tuple[int, list[Any]]:
    """The outcome now, and the outcomes of every trial, in one pass of the engine."""
    block = block_of(columns, 1 + sum(len(values) for _, values in trials))
    start, parts = 1, []
    for fact, values in trials:
        rows = slice(start, start + len(values))
        move(block, rows, fact.name, values)
        parts.append(rows)
        start += len(values)
    outcome = outcomes(block, shelf, policy).outcome
    return int(outcome[0]), [outcome[rows] for rows in parts]


def _other_words(
    fact: Fact, columns: Columns, grid: Array, found: Any, before: int
) -> list[tuple[float, Flip]]:
    """The first other code or answer that leads to each other outcome."""
    flips: dict[int, tuple[float, Flip]] = {}
    now = columns[fact.name][0]
    for value, outcome in zip(grid, found, strict=True):
        if int(outcome) != before and int(outcome) not in flips:
            flip = Flip(fact.name, _plain(fact, now), _plain(fact, value), OUTCOMES[int(outcome)], False)
            flips[int(outcome)] = (1.0, flip)
    return list(flips.values())


def _spans(fact: Fact, now: float, grid: Array, found: Any, before: int) -> list[_Span]:
    spans: list[_Span] = []
    other = found != before
    if not other.any():
        return []
    split = int(np.searchsorted(grid, now))
    for values, results in ((grid[:split][::-1], found[:split][::-1]), (grid[split:], found[split:])):
        changed = np.flatnonzero(results != before)
        if len(changed):
            first = int(changed[0])
            near = float(values[first - 1]) if first else now
            spans.append(_Span(fact, near, float(values[first]), int(results[first])))
    return spans


def _cut(columns: Columns, spans: list[_Span], before: int, shelf: Shelf, policy: Policy) -> list[_Span]:
    """Cut all spans, together, until each is one step wide."""
    for _ in range(_ROUNDS):
        wide = [span for span in spans if span.steps > 1]
        if not wide:
            break
        cuts = [span.cuts() for span in wide]
        _, found = _try(columns, [(s.fact, c) for s, c in zip(wide, cuts, strict=True)], shelf, policy)
        for span, values, results in zip(wide, cuts, found, strict=True):
            span.narrow(values, results, before)
    return spans


def _flip(span: _Span, columns: Columns) -> tuple[float, Flip]:
    fact = span.fact
    now = float(columns[fact.name][0])
    scale = max(abs(now), 1.0) if fact.kind in ("bps", "count") else fact.high - fact.low
    if fact.kind == "money":
        scale = max(now, float(np.nan_to_num(columns["account_value"][0])), 1.0)
    linked = fact.name in ("account_value", "largest_position_share") or fact.name.endswith("_accounts")
    linked |= fact.name in ("cash_share", "fund_share", "stock_share", "bond_share", "other_share")
    distance = abs(span.far - now) / scale
    flip = Flip(fact.name, _plain(fact, now), _plain(fact, span.far), OUTCOMES[span.outcome], linked)
    return distance, flip


def _plain(fact: Fact, value: Any) -> Any:
    if fact.kind == "code":
        return fact.codes[int(value)]
    if fact.kind == "flag":
        return bool(value)
    return int(value) if fact.kind in ("count", "level") else round(float(value), 6)
