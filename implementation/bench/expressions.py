"""Pieces of rules as expressions of zen-engine: shapes become nested conditions, numbers are decimals."""

from __future__ import annotations

import itertools

import numpy as np

from implementation.bench.offers import Offer

BEYOND = 1_000_000_000  # decimals have no infinity; no curve asks about more


def curve(points: list[list[float]], value: str) -> str:
    """Piecewise linear through points, level beyond the first and the last."""
    x, y = points[0]
    text = f"({value} <= {x} ? {y} : "
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        text += f"{value} <= {x1} ? {y0} + ({value} - {x0}) * ({y1} - ({y0})) / ({x1} - {x0}) : "
    return f"{text}{points[-1][1]})"


def bands(steps: list[list[float]], value: str) -> str:
    """The result of the highest bound that is reached."""
    above = "".join(f"{value} >= {bound} ? {given} : " for bound, given in reversed(steps[1:]))
    return f"({above}{steps[0][1]})"


def ratio(part: str, whole: str, times: int = 1) -> str:
    """Nothing of nothing is nothing, something of nothing is beyond any curve."""
    return f"{part} == 0 ? 0 : {whole} == 0 ? {BEYOND} : {part} / {whole} * {times}"


def cents(dollars: str) -> str:
    """Dollars as whole cents."""
    return f"round({dollars} * 100)"


def half_to_even(value: str) -> str:
    """The engine rounds halves away from zero; twice the rounded half is the nearest even number."""
    return f"(({value} * 2) % 2 != 0 and ({value} * 2) % 1 == 0 ? 2 * round({value} / 2) : round({value}))"


def dollars(offer: Offer) -> str:
    """All-in dollars a year: every part of the price, tier by tier."""
    parts = []
    for floor, tiers in offer.fees:
        rates = [band(start, end, bps) for start, end, bps in tiers]
        parts.append(f"max([{' + '.join(rates)}, {floor}])")
    return " + ".join(parts)


def band(start: float, end: float, bps: float) -> str:
    """What the dollars of one tier cost."""
    above = f"max([account_value - {start}, 0])"
    return f"{above if np.isinf(end) else f'min([{above}, {end - start}])'} * {bps} / 10000"
