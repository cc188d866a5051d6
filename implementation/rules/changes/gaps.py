"""Gaps: where between two tried values of a fact the outcome changes, or may turn and come back unseen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from implementation.rules.changes.steps import STEP, on_step
from implementation.rules.scoring import EITHER, SMA, UMA, Scored
from implementation.rules.shapes import Array, Interval

CUTS = 160
"""Values tried inside a gap at a time: rows are cheap, passes are not."""
FEW_CUTS = 20
"""The same where every row is dear: where facts are missing, the bounds of each are refined."""
_EVEN = 8
_AROUND = np.concatenate([np.arange(-8, 9), 8 * 4.0 ** np.arange(1, 10), -8 * 4.0 ** np.arange(1, 10)])
_NOISE = 1e-6  # of a step
_HALF = 0.5  # net fits are whole hundredths
Limits = tuple[float, float]


@dataclass
class Gap:
    """Two values of a fact, both evaluated, with steps between them that are not.

    Attributes:
        outcome: at the far end, where it is another one.
        likely: where it may change: something crosses its bound there if it runs smoothly.
    """

    near: float
    far: float
    outcome: int | None = None
    likely: tuple[float, ...] = ()

    def count(self, kind: str) -> int:
        """How many steps lie between the ends."""
        first, last = self._steps(kind)
        return max(last - first, 0)

    def _steps(self, kind: str) -> tuple[int, int]:
        """The first step inside and the first that is not, counted so that both directions read alike."""
        step, sign = STEP[kind], 1 if self.near < self.far else -1
        return math.floor(sign * self.near / step + _NOISE) + 1, round(sign * self.far / step)

    def values(self, kind: str, cuts: int) -> Array:
        """The ends and the steps between, from near to far.

        Args:
            kind: of the fact.
            cuts: how many steps are all tried; of more some everywhere, and some where the change is likely.
        """
        first, last = self._steps(kind)
        step, sign = STEP[kind], 1 if self.near < self.far else -1
        if last - first <= cuts:
            parts = np.arange(first, last)
        else:
            close = [sign * value / step + _AROUND for value in self.likely]
            parts = np.concatenate([np.linspace(first, last - 1, _EVEN if close else cuts), *close])
            parts = np.unique(np.clip(parts.round(), first, last - 1))
        return np.concatenate([[self.near], on_step(sign * step * parts, kind), [self.far]])


def limits(outcome: int, tolerance: float) -> Limits:
    """Between which net fits, in hundredths, an outcome stays what it is: never quite at either of them."""
    least = {SMA: tolerance + _HALF, EITHER: -tolerance - _HALF}.get(outcome, -math.inf)
    most = {UMA: -tolerance - _HALF, EITHER: tolerance + _HALF}.get(outcome, math.inf)
    return least, most


def may_turn(
    values: Array, inside: Any, scored: Scored, bounds: Limits, weights: Mapping[str, float] | None
) -> Any:
    """Whether the net fit might leave what keeps the outcome between two neighbors that both keep it.

    Args:
        values: of the facts that were tried, the first rows of `scored`, line by line from near to far.
        inside: whether each row and the next lie on one line.
        bounds: between which net fits the outcome stays what it is.
        weights: of the factors, to look closely where rounding alone could do it; None to be quick.
    """
    count = len(values)
    width = np.where(inside, np.abs(np.diff(values)), 1.0)
    noise, fits = _rounding(scored, count), _both_open(scored)[:count]
    open_to_both = fits[:-1] | fits[1:]
    turns = np.zeros(count - 1, dtype=bool)
    for sign, net, bound in ((1.0, scored.net[1], bounds[1]), (-1.0, scored.net[0], -bounds[0])):
        if not math.isfinite(bound):
            continue
        height = sign * net[:count]
        within = open_to_both & (height[:-1] < bound) & (height[1:] < bound)
        near = within & (_peaks(height, width, inside) + noise > bound)
        at = np.flatnonzero(near)
        if weights is not None and len(at):
            near[at] = _reach(at, width, inside, scored, weights, sign) > bound
        turns |= near
    return turns


def _peaks(height: Array, width: Array, inside: Any) -> Any:
    """How high a line could get between neighbors, coming and going no steeper than on either side.

    Where there is no neighbor on a side, nothing is known from there.
    """
    rise = np.diff(height) / width
    before, after = np.full(len(rise), math.inf), np.full(len(rise), -math.inf)
    before[1:] = np.where(inside[:-1], rise[:-1], math.inf)
    after[:-1] = np.where(inside[1:], rise[1:], -math.inf)
    return _peak(height[:-1], height[1:], width, before, rise, after)


def _peak(near: Any, far: Any, width: Any, before: Any, rise: Any, after: Any) -> Any:
    climb = np.maximum(np.maximum(before, rise), 0.0)
    fall = np.maximum(np.maximum(-after, -rise), 0.0)
    return np.minimum(near + climb * width, far + fall * width)


def _reach(
    at: Any, width: Array, inside: Any, scored: Scored, weights: Mapping[str, float], sign: float
) -> Any:
    """How high the net fit could get in some gaps, factor by factor: each is rounded where it gets to itself.

    That is nearer than what rounding might do to all of them; without limit where a fit is not known.
    """
    reached: Any = np.zeros(len(at))
    for name, (sma, uma) in scored.fits.items():
        if isinstance(sma, Interval) or isinstance(uma, Interval):
            return np.full(len(at), math.inf)
        height = sign * (sma - uma) * (weights[name] * 100)
        if len(height) == 1:
            reached = reached + np.rint(height)
            continue
        ends = [height.take(at + place, mode="clip") for place in (-1, 0, 1, 2)]
        spans = [width.take(at + place, mode="clip") for place in (-1, 0, 1)]
        before, rise, after = ((b - a) / span for a, b, span in zip(ends, ends[1:], spans, strict=False))
        before = np.where((at > 0) & inside.take(at - 1, mode="clip"), before, math.inf)
        after = np.where((at + 1 < len(width)) & inside.take(at + 1, mode="clip"), after, -math.inf)
        reached = reached + np.rint(_peak(ends[1], ends[2], spans[1], before, rise, after) + _NOISE)
    return reached


def _rounding(scored: Scored, count: int) -> Any:
    """Hundredths by which rounding may carry the net fit beyond a line: one for each factor that moves."""
    moving: Any = 0.0
    for low, high in scored.contributions.values():
        if len(low) >= count:  # else the same in every row
            changes = low[1:count] != low[: count - 1]
            moving = moving + (changes if high is low else changes | (high[1:count] != high[: count - 1]))
    return moving


def _both_open(scored: Scored) -> Any:
    """Rows in which fit decides."""
    sma, uma = scored.structures["SMA"], scored.structures["UMA"]
    return np.broadcast_to(scored.need_can_pass & sma.can_pass & uma.can_pass, scored.outcome.shape)
