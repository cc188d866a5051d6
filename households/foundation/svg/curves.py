"""A rule as a picture: what it gives (down to up) for every value that it can read (left to right)."""

import itertools
import math
from collections.abc import Callable, Sequence

from households.foundation.svg.canvas import Chart, Sheet, fitted, percent_of_width, text_width

Point = tuple[float, float]
Write = Callable[[float], str]

LEFT, RIGHT = 14.0, 97.0
TOP, BOTTOM = 28.0, 148.0
SMALL = 12
STEPS = (1, 2, 2.5, 5, 10)


class _Plot(Sheet):
    """A sheet with slanted lines and dots."""

    def segment(self, start: Point, end: Point, *, dashed: bool = False) -> None:
        (x1, y1), (x2, y2) = start, end
        self._parts.append(
            f'<line x1="{percent_of_width(x1)}" y1="{y1:.2f}" x2="{percent_of_width(x2)}" y2="{y2:.2f}"'
            ' class="ch-curve" stroke="#0d4b5e" stroke-linecap="round"'
            + (' stroke-width="1" stroke-dasharray="2 4"/>' if dashed else ' stroke-width="2.25"/>')
        )

    def dot(self, at: Point) -> None:
        self._parts.append(
            f'<circle cx="{percent_of_width(at[0])}" cy="{at[1]:.2f}" r="3.5" class="ch-dot" fill="#0d4b5e"'
            ' stroke="#ffffff" stroke-width="1.5"/>'
        )


def rule_plot(
    points: Sequence[Point],
    *,
    title: str,
    low: float,
    high: float,
    across: str,
    upward: str,
    write_value: Write,
    write_result: Write,
    steps: bool = False,
    said: Sequence[tuple[float, float]] = (),
) -> Chart:
    """What a rule gives for each value.

    Args:
        points: (value, result), values rising: a line through them, level beyond the first and the last; or,
            with ``steps``, what is given from each value up to the next.
        title: what the value is.
        low: left end of the scale.
        high: right end.
        across: the unit of values, written below the axis.
        upward: the unit of results, written above it.
        write_value: how a value is written.
        write_result: how a result is written.
        steps: bands in place of a line.
        said: spans of values in which the rule gives its reason, tinted.

    Raises:
        ValueError: the scale is empty.
    """
    if high <= low:
        raise ValueError(f"{title}: a scale from {low} to {high} cannot be drawn")
    results = [result for _, result in points]
    least, most = min(0.0, *results), max(0.0, *results)
    most = most if most > least else least + 1.0

    def place(value: float, result: float) -> Point:
        x = LEFT + (RIGHT - LEFT) * (min(max(value, low), high) - low) / (high - low)
        return x, BOTTOM - (BOTTOM - TOP) * (result - least) / (most - least)

    sheet = _Plot(title, _describe(points, across, upward, write_value, write_result, steps))
    for start, end in said:
        x, width = place(start, 0)[0], place(end, 0)[0] - place(start, 0)[0]
        sheet.rect(x, TOP, width, BOTTOM - TOP, "either-soft")
    sheet.text(0, 12, fitted(upward, 100, SMALL), kind="quiet", size=SMALL)
    for tick in _ticks(least, most):
        y = place(low, tick)[1]
        sheet.rule(y, LEFT, RIGHT, kind="axis" if tick == 0 else "rule")
        sheet.text(LEFT, y + 4, write_result(tick), kind="quiet", anchor="end", size=SMALL, shift=-6)
    _draw(sheet, points, place, low, high, steps)
    _values(sheet, points, place, write_value, low, high)
    sheet.text(RIGHT, BOTTOM + 38, fitted(across, RIGHT, SMALL), kind="quiet", anchor="end", size=SMALL)
    foot = BOTTOM + 46
    if said:
        sheet.swatch(LEFT, foot + 14, "either-soft")
        sheet.text(LEFT, foot + 14, "gives its reason here", kind="quiet", size=SMALL, shift=17)
        foot += 24
    rows = [(write_value(value), write_result(result)) for value, result in points]
    return sheet.finish(foot, (across[:1].upper() + across[1:], upward[:1].upper() + upward[1:]), rows)


def _draw(
    sheet: _Plot,
    points: Sequence[Point],
    place: Callable[[float, float], Point],
    low: float,
    high: float,
    steps: bool,
) -> None:
    first, last = points[0], points[-1]
    if not steps:
        line = [(low, first[1]), *(p for p in points if low <= p[0] <= high), (high, last[1])]
        for a, b in itertools.pairwise(line):
            if a != b:
                sheet.segment(place(*a), place(*b))
    else:
        starts = [max(low, start) for start, _ in points]
        ends = [*starts[1:], high]
        for start, end, (_, result) in zip(starts, ends, points, strict=True):
            sheet.segment(place(start, result), place(end, result))
        for start, (a, b) in zip(starts[1:], itertools.pairwise(result for _, result in points), strict=True):
            sheet.segment(place(start, a), place(start, b), dashed=True)
    for value, result in points:
        if low <= value <= high:
            sheet.dot(place(value, result))


def _values(
    sheet: Sheet,
    points: Sequence[Point],
    place: Callable[[float, float], Point],
    write: Write,
    low: float,
    high: float,
) -> None:
    """The values of the points below the axis; those that would run into a neighbor are left out."""
    taken = -math.inf
    marks = [value for value, _ in points if low <= value <= high]
    last_x = place(marks[-1], 0)[0]
    last_from = last_x - text_width(write(marks[-1]), SMALL) / 2
    for value in marks:
        x, half = place(value, 0)[0], text_width(write(value), SMALL) / 2
        if value != marks[-1] and (x - half < taken + 1 or x + half > last_from - 1):
            continue
        sheet.line(x, BOTTOM, BOTTOM + 4)
        anchor, at = ("end", 100.0) if x + half > 100 else ("middle", x)
        sheet.text(at, BOTTOM + 18, write(value), anchor=anchor, size=SMALL)
        taken = x + half


def _ticks(least: float, most: float) -> list[float]:
    """Two to five round numbers from one end to the other, zero among them."""
    span = most - least
    unit = 10.0 ** math.floor(math.log10(span / 3))
    step = next(step * unit for step in STEPS if span / (step * unit) <= 4)
    return [
        round(n * step, 10) for n in range(math.ceil(least / step - 1e-9), math.floor(most / step + 1e-9) + 1)
    ]


def _describe(
    points: Sequence[Point], across: str, upward: str, write_value: Write, write_result: Write, steps: bool
) -> str:
    told = ", ".join(
        f"{write_result(result)} {'from' if steps else 'at'} {write_value(value)}" for value, result in points
    )
    return f"{upward[:1].upper() + upward[1:]}, by {across}: {told}."
