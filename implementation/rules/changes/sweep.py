"""Sweeps: which outcome follows along the whole span of a fact, everything that is linked moving with it.

A grid over the knots of policy and shelf finds the changes of outcome, and each is cut until it is one step
wide, so that the ends of a stretch are values that the engine itself has evaluated. A stretch narrower than
the grid is found when its neighbors differ; when they do not it can be missed, unless a value in it is named.
Flip points (`flips`) are what is nearest, sweeps what lies where.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from implementation.rules.changes.knots import knots
from implementation.rules.changes.moves import block_of, move, room
from implementation.rules.changes.steps import STEP
from implementation.rules.contract import FACTS, Fact
from implementation.rules.engine import outcomes
from implementation.rules.facts import Columns
from implementation.rules.policy import Policy
from implementation.rules.scoring import OUTCOMES
from implementation.rules.shapes import Array, Interval
from implementation.rules.shelf import Shelf
from implementation.rules.unknowns.box import feasible, unknown_in

_GRID = 100  # points over a span: strips are read by eye, their ends are cut to the step of the fact
_CUTS = 60
_ROUNDS = 8


@dataclass(frozen=True)
class Stretch:
    """One outcome from a value of a fact to another, both included; index and 0 or 1 for codes and flags."""

    low: float
    high: float
    outcome: str


@dataclass(frozen=True)
class Span:
    """What is swept.

    Attributes:
        columns: one account.
        low, high: the ends to look between in the fact's unit. For codes and flags they do not count: every
            code and both answers are tried.
        also: values that are tried in any case, such as flip points.
    """

    columns: Columns
    low: float
    high: float
    also: tuple[float, ...] = ()


@dataclass
class _Gap:
    """Two neighbors of different outcome; `end` is where the search for further changes goes on to."""

    fact: Fact
    left: float
    right: float
    outcome: int  # of the left one
    right_outcome: int
    end: float
    end_outcome: int

    @property
    def steps(self) -> int:
        return round((self.right - self.left) / STEP[self.fact.kind])

    def cuts(self) -> Array:
        step, parts = STEP[self.fact.kind], min(self.steps, _CUTS)
        inner = np.arange(1, parts) / parts * (self.right - self.left) + self.left
        return np.round(inner / step) * step

    def narrow(self, values: Array, found: Any) -> None:
        """Keep the first change from the left."""
        other = np.flatnonzero(found != self.outcome)
        first = int(other[0]) if len(other) else len(values)
        if first < len(values):
            self.right, self.right_outcome = float(values[first]), int(found[first])
        if first > 0:
            self.left = float(values[first - 1])

    def rest(self) -> _Gap | None:
        """Where a stretch between the two was found: the gap that is left on its other side."""
        if self.right_outcome == self.end_outcome:
            return None
        return _Gap(
            self.fact, self.right, self.end, self.right_outcome, self.end_outcome, self.end, self.end_outcome
        )


def room_of(columns: Columns, name: str, policy: Policy) -> tuple[float, float]:
    """The least and the greatest value that a fact of one account can take, known or not.

    Args:
        columns: one row.
        name: a changeable fact.
        policy: its ranges bound what has no bounds of its own.
    """
    if FACTS[name].kind in ("code", "flag") or not unknown_in(columns, name)[0]:
        return room(columns, name, dict(policy.ranges))
    box: Interval = feasible(columns, policy.ranges)[name]
    return float(np.ravel(box.low)[0]), float(np.ravel(box.high)[0])


def sweep(spans: Mapping[str, Span], shelf: Shelf, policy: Policy) -> dict[str, list[Stretch]]:
    """The stretches of outcome of every named fact, from the low end of its span to the high one.

    All go through the engine together; each fact is moved by itself from the account of its span.

    Args:
        spans: fact -> where to look.
        shelf, policy: the documents that hold.
    """
    if not spans:
        return {}
    grids = {name: _grid(FACTS[name], span, shelf, policy) for name, span in spans.items()}
    found = _outcomes(spans, list(grids.items()), shelf, policy)
    stretches, gaps = {}, []
    for (name, grid), results in zip(grids.items(), found, strict=True):
        if FACTS[name].kind in ("code", "flag"):
            stretches[name] = [
                Stretch(float(v), float(v), OUTCOMES[int(o)]) for v, o in zip(grid, results, strict=True)
            ]
        else:
            gaps += list(_gaps(FACTS[name], grid, results))
    gaps = _cut(spans, gaps, shelf, policy)
    for (name, grid), results in zip(grids.items(), found, strict=True):
        if name not in stretches:
            stretches[name] = list(_joined(name, grid, results, gaps))
    return {name: stretches[name] for name in spans}


def _grid(fact: Fact, span: Span, shelf: Shelf, policy: Policy) -> Array:
    if fact.kind == "code":
        return np.arange(len(fact.codes), dtype=np.float64)
    if fact.kind == "flag":
        return np.array([0.0, 1.0])
    low, high = span.low, span.high
    step = STEP[fact.kind]
    parts = min(max(round((high - low) / step), 1), _GRID)
    even = np.round(np.linspace(low, high, parts + 1) / step) * step
    here = {name: float(column[0]) for name, column in span.columns.items()}
    values = np.concatenate([even, knots(shelf, policy).of(fact.name, here), span.also])
    inner = np.round(values[(values > low) & (values < high)], 6)
    grid: Array = np.unique(np.append(inner, [low, high]))
    return grid


def _outcomes(
    spans: Mapping[str, Span], trials: list[tuple[str, Array]], shelf: Shelf, policy: Policy
) -> list[Any]:
    """The outcome at every value of every trial, in one pass of the engine."""
    blocks = [block_of(spans[name].columns, len(values)) for name, values in trials]
    block = {fact: np.concatenate([each[fact] for each in blocks]) for fact in FACTS}
    start, parts = 0, []
    for name, values in trials:
        rows = slice(start, start + len(values))
        move(block, rows, name, values)
        parts.append(rows)
        start = rows.stop
    outcome = outcomes(block, shelf, policy).outcome
    return [outcome[rows] for rows in parts]


def _gaps(fact: Fact, grid: Array, results: Any) -> Iterator[_Gap]:
    for place in np.flatnonzero(results[1:] != results[:-1]):
        left, right = float(grid[place]), float(grid[place + 1])
        before, after = int(results[place]), int(results[place + 1])
        yield _Gap(fact, left, right, before, after, right, after)


def _cut(spans: Mapping[str, Span], gaps: list[_Gap], shelf: Shelf, policy: Policy) -> list[_Gap]:
    """Cut all gaps, together, until each is one step wide; what hid in one becomes a gap of its own."""
    done: list[_Gap] = []
    wide = gaps
    for _ in range(_ROUNDS):
        while closed := [gap for gap in wide if gap.steps <= 1]:
            done += closed
            wide = [gap for gap in wide if gap.steps > 1] + [rest for gap in closed if (rest := gap.rest())]
        if not wide:
            break
        cuts = [gap.cuts() for gap in wide]
        found = _outcomes(spans, [(g.fact.name, c) for g, c in zip(wide, cuts, strict=True)], shelf, policy)
        for gap, values, results in zip(wide, cuts, found, strict=True):
            gap.narrow(values, results)
    return done + wide


def _joined(name: str, grid: Array, results: Any, gaps: list[_Gap]) -> Iterator[Stretch]:
    """Neighbors of one outcome as one stretch, ending where its gap was cut."""
    own = sorted((gap for gap in gaps if gap.fact.name == name), key=lambda gap: gap.left)
    starts = [float(grid[0]), *(gap.right for gap in own)]
    ends = [*(gap.left for gap in own), float(grid[-1])]
    codes = [*(gap.outcome for gap in own), int(results[-1])]
    for low, high, code in zip(starts, ends, codes, strict=True):
        yield Stretch(low, high, OUTCOMES[code])
