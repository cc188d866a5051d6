"""The picture of a rule: its curve or bands over what the value can be, and where it gives its reason."""

import itertools
import math

import numpy as np

from households.foundation import formats
from households.foundation.svg import Chart, rule_plot
from implementation.rule_words import points, read
from implementation.rules.checks.spans import Bounds
from implementation.rules.parameters import Parameter
from implementation.rules.shapes import Bands, Curve

Spans = list[tuple[float, float]]
_MARGIN = 0.15
"""How much of a shape's width is shown beyond its first and last point, where values go on."""
_NEAR = 0.35
"""Where the least or the greatest value is this near, the scale goes on to it."""


def plot(rule: Parameter, value: Bounds) -> Chart | None:
    """The picture of a curve or of bands; None for other shapes, which a line of words tells.

    Args:
        value: least and greatest value that the rule can read.
    """
    shape = rule.shape
    if not isinstance(shape, Curve | Bands):
        return None
    low, high = scale_of(shape.at.tolist(), value)
    across, upward = rule.unit
    return rule_plot(
        list(zip(shape.at.tolist(), shape.gives.tolist(), strict=True)),
        title=rule.label,
        low=low,
        high=high,
        across=across,
        upward=upward,
        write_value=lambda at: _short(rule.reads, at),
        write_result=lambda result: _result(rule.gives, result),
        steps=isinstance(shape, Bands),
        said=said_over(rule, low, high),
    )


def scale_of(at: list[float], value: Bounds) -> Bounds:
    """Both ends of the axis of a shape with these points, for a value that can be so much."""
    width = at[-1] - at[0] or 1.0
    low, high = at[0] - _MARGIN * width, at[-1] + _MARGIN * width
    low = value[0] if value[0] > low - _NEAR * width else low
    high = value[1] if value[1] < high + _NEAR * width else high
    return low, high if high > at[-1] else high + 1.0  # the last of a few whole values is a band as well


def said_over(rule: Parameter, low: float, high: float) -> Spans:
    """Spans of values in which a rule gives its reason, where nothing scales its points down."""
    if not rule.says:
        return []
    least, most = sorted((rule.says_from, rule.says_to))
    shape = rule.shape
    if isinstance(shape, Bands):
        starts = [max(low, at) for at in shape.at.tolist()]
        pieces = zip(starts, [*starts[1:], high], shape.gives.tolist(), strict=True)
        return _joined([(start, end) for start, end, result in pieces if least <= result <= most])
    ends = [low, *(at for at in shape.breakpoints.tolist() if low < at < high), high]
    found = []
    for start, end in itertools.pairwise(ends):
        a, b = (float(result) for result in shape(np.array([start, end])))
        inside = _inside(start, end, a, b, least, most)
        if inside is not None:
            found.append(inside)
    return _joined(found)


def _inside(start: float, end: float, a: float, b: float, least: float, most: float) -> Bounds | None:
    """The part of a straight piece, from `a` at its start to `b` at its end, that lies within two results."""
    if a == b:
        return (start, end) if least <= a <= most else None
    cuts = sorted((edge - a) / (b - a) for edge in (least, most) if math.isfinite(edge))
    if math.isinf(least) or math.isinf(most):
        rising = (b > a) == math.isinf(most)
        cuts = [cuts[0], 1.0] if rising else [0.0, cuts[0]]
    first, last = max(cuts[0], 0.0), min(cuts[1], 1.0)
    if first >= last:
        return None
    return start + first * (end - start), start + last * (end - start)


def _joined(spans: Spans) -> Spans:
    found: Spans = []
    for start, end in spans:
        if found and found[-1][1] >= start:
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return found


def _short(kind: str, value: float) -> str:
    """A value on an axis, whose unit is written beside it."""
    if kind in ("bps", "ratio", "years"):
        return f"{value:,g}"
    return read(kind, value)


def _result(kind: str, result: float) -> str:
    if kind == "points":
        return points(result)
    return formats.percent(result) if kind == "share" else f"{result:g}"
