"""Guesses: where inside a wide gap something that decides crosses its bound, if it runs smoothly.

A guess costs nothing but rows: whatever it is, the gap is cut until it is one step wide.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from implementation.rules.changes.gaps import Gap, Limits
from implementation.rules.changes.trials import Trials
from implementation.rules.scoring import Scored
from implementation.rules.shapes import Interval

_HEADROOMS = ("headroom_now", "headroom_after", "headroom_sleeve")


def guess(
    gaps: Sequence[tuple[Gap, int]],
    scored: Scored,
    bounds: Limits,
    weights: Mapping[str, float],
    trials: Trials,
) -> None:
    """Say of gaps where the change is likely.

    Args:
        gaps: each with the row of its near end; the far end is the next.
        scored: the trials; every fact of the account is known.
        bounds: between which net fits the outcome stays what it is.
        weights: of the factors.
    """
    for gap, place in gaps:
        for net, bound in zip(_nets(scored, weights, place), bounds, strict=True):
            gap.likely += _meets(gap, *net, bound)
        for headroom in _headrooms(scored):
            if len(headroom) > place + 1:
                gap.likely += _meets(gap, headroom.item(place), headroom.item(place + 1), 1.0)
    needed = scored.need_can_pass
    turned = [one for one in gaps if len(needed) > 1 and needed[one[1]] != needed[one[1] + 1]]
    if not turned:
        return
    rows = np.array([row for _, place in turned for row in (place, place + 1)])
    for parameter, value, _, _ in trials.heard_of_need(rows):
        for bound in parameter.shape.breakpoints.tolist() if len(value) > 1 else ():
            for (gap, _), (near, far) in zip(turned, value.reshape(-1, 2).tolist(), strict=True):
                gap.likely += _meets(gap, near, far, bound)


def _nets(scored: Scored, weights: Mapping[str, float], place: int) -> list[tuple[float, float]]:
    """Least and greatest net fit in hundredths at both ends; known factors that move are not rounded yet."""
    nets = np.array([[end[row] for row in (place, place + 1)] for end in scored.net])
    for name, (sma, uma) in scored.fits.items():
        known = scored.contributions[name][0]
        if len(known) > 1 and known[place] != known[place + 1] and not isinstance(sma - uma, Interval):
            ends = np.broadcast_to(sma - uma, known.shape)[place : place + 2]
            nets += ends * (weights[name] * 100) - known[place : place + 2]
    return [(near, far) for near, far in nets.tolist()]


def _headrooms(scored: Scored) -> Iterator[Any]:
    for structure in scored.structures.values():
        for name in _HEADROOMS:
            if not isinstance(structure.measures[name], Interval):
                yield structure.measures[name]


def _meets(gap: Gap, near: float, far: float, bound: float) -> tuple[float, ...]:
    """Where a value meets a bound inside a gap: if it runs straight, with the fact, or against it."""
    if not min(near, far) < bound < max(near, far) or not math.isfinite(near * far):
        return ()
    part = (bound - near) / (far - near)
    found = [gap.near + (gap.far - gap.near) * part]
    if gap.near and gap.far:
        found.append(1 / (1 / gap.near + (1 / gap.far - 1 / gap.near) * part))
    for value, read in ((gap.near, near), (gap.far, far)):
        if value and read:
            found += [value * bound / read, value * read / bound]
    least, most = min(gap.near, gap.far), max(gap.near, gap.far)
    return tuple(value for value in found if least < value < most)
