"""How much of the outcome is the firm's weights: how many weightings keep it, and which weight would turn it.

Other weightings of the same fits are scored as the engine scores them: contributions in whole hundredths of a
point, added up, against the same tolerance.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from implementation.rules.engine import Evaluation
from implementation.rules.factors import FACTORS, LABELS
from implementation.rules.policy import Policy
from implementation.rules.scoring import DECIDED_BY, EITHER, INDETERMINATE, OUTCOMES, SMA, UMA, Scored
from implementation.rules.shapes import Array, interval_of
from implementation.rules.wording import becomes, percent

Entry = dict[str, Any]
Ranges = tuple[tuple[float, float, float], ...]
WEIGHT_STEP = 0.001
"""How fine a weight is moved."""
_BY_FIT = DECIDED_BY.index("net_fit")
_NOISE = 1e-9


@dataclass(frozen=True)
class Way:
    """One weight moved one way from its own, step by step: rows of `Weightings`, the nearest first."""

    factor: str
    place: int
    rows: slice
    span: float


@dataclass(frozen=True)
class Weightings:
    """Weightings to try, one a row, in percent.

    Attributes:
        percents: the firm's own; then a fixed grid, each weight at its lowest, its own and its highest,
            scaled to add up to 100, as far as that leaves every weight within its range; then single weights
            moved within their ranges, the others making up the rest in proportion.
        grid: which of them are the grid.
        ways: where the moved ones are.
    """

    percents: Array
    grid: slice
    ways: tuple[Way, ...]


def weighed(scored: Scored, found: Evaluation, policy: Policy) -> tuple[float | None, list[Entry]]:
    """How stable the outcome of a single row is under other weightings.

    Returns:
        The share of the grid that keeps the outcome: 1 where weights decide nothing, None while the outcome
        is not determined. And for each factor and direction the nearest weight at which the outcome is
        another, nearest first. Neither is claimed where missing facts leave the fits open even by the firm's
        own weights.
    """
    outcome = int(found.outcome[0])
    if outcome == INDETERMINATE:
        return None, []
    if int(found.decided_by[0]) != _BY_FIT:
        return 1.0, []
    tried = weightings(_ranges(policy))
    again = _outcomes(tried.percents, scored, policy)
    if again[0] != outcome:
        return None, []
    flips = []
    for way in tried.ways:
        own = again[way.rows]
        changed = np.flatnonzero((own != outcome) & (own != INDETERMINATE))
        if len(changed):
            first = int(changed[0])
            weight = round(float(tried.percents[way.rows][first, way.place]) / 100, 6)
            now = policy.weights[way.factor]
            flips.append((abs(weight - now) / way.span, _entry(way.factor, now, weight, int(own[first]))))
    flips.sort(key=lambda flip: flip[0])
    return round(float(np.mean(again[tried.grid] == outcome)), 3), [entry for _, entry in flips]


def _entry(factor: str, now: float, weight: float, outcome: int) -> Entry:
    code = OUTCOMES[outcome]
    text = f"{LABELS[factor]} weighing {percent(weight)} instead of {percent(now)}; {becomes(code)}."
    return {"factor": factor, "from": now, "to": weight, "outcome": code, "text": text}


def _ranges(policy: Policy) -> Ranges:
    bases = [policy.bases[f"weights.{name}"] for name in FACTORS]
    return tuple((b.low, policy.weights[n], b.high) for n, b in zip(FACTORS, bases, strict=True))


@lru_cache(maxsize=64)
def weightings(ranges: Ranges) -> Weightings:
    """The weightings to try.

    Args:
        ranges: lowest, own and highest weight of each factor.
    """
    now, grid = np.array([own for _, own, _ in ranges]), grid_of(ranges)
    parts, ways, start = [now[None, :], grid], [], 1 + len(grid)
    for place, (low, own, high) in enumerate(ranges):
        if own == 1:
            continue  # nothing else weighs anything that could make up the rest
        for sign, end in ((-1, low), (1, high)):
            moved = own + sign * WEIGHT_STEP * np.arange(1, round(abs(end - own) / WEIGHT_STEP) + 1)
            part = now * ((1 - moved) / (1 - own))[:, None]
            part[:, place] = moved
            parts.append(part)
            ways.append(Way(FACTORS[place], place, slice(start, start + len(moved)), high - low))
            start += len(moved)
    return Weightings(np.concatenate(parts) * 100, slice(1, 1 + len(grid)), tuple(ways))


def grid_of(ranges: Ranges) -> Array:
    """Each weight at its lowest, its own and its highest, scaled to add up to 1, all within their ranges."""
    grid = np.array(list(itertools.product(*ranges)), dtype=np.float64)
    total = grid.sum(axis=1, keepdims=True)
    grid = np.divide(grid, total, out=np.full_like(grid, -1.0), where=total > 0)
    low, _, high = np.array(ranges).T
    inside = ((grid >= low - _NOISE) & (grid <= high + _NOISE)).all(axis=1)
    return np.asarray(grid[inside])


def _outcomes(percents: Array, scored: Scored, policy: Policy) -> Any:
    """The outcome by fit of each weighting, INDETERMINATE where the bounds of the fits leave it open."""
    fits = [[interval_of(fit) for fit in scored.fits[name]] for name in FACTORS]
    low = np.array([(sma.low - uma.high).item(0) for sma, uma in fits])
    high = np.array([(sma.high - uma.low).item(0) for sma, uma in fits])
    # Hundredths are whole numbers: their sums are exact in any order.
    least = np.rint(low * percents).sum(axis=1)
    most = least if (low == high).all() else np.rint(high * percents).sum(axis=1)
    found = np.full(len(percents), INDETERMINATE)
    found[least > policy.tolerance] = SMA
    found[most < -policy.tolerance] = UMA
    found[(least >= -policy.tolerance) & (most <= policy.tolerance)] = EITHER
    return found
