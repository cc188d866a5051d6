"""Counts by outcome or state, as shares of a whole: a run's progress, and its flips before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from households.foundation.formats import MINUS, count, percent
from households.foundation.svg.canvas import Chart, Sheet

OUTCOMES = (
    ("SMA", "SMA"),
    ("EITHER", "Either"),
    ("UMA", "UMA"),
    ("NEITHER", "Neither"),
    ("INDETERMINATE", "Indeterminate"),
)
"""In the order of the net fit, then those without one."""


@dataclass(frozen=True)
class Segment:
    """A part of a whole. ``kind`` is an outcome in lower case, or done, failed, rest."""

    label: str
    count: int
    kind: str


def _stack(sheet: Sheet, y: float, height: float, segments: Sequence[Segment]) -> None:
    total = sum(s.count for s in segments)
    sheet.track(0, y, 100, height, radius=2)
    x = 0.0
    for segment in segments:
        width = 100 * segment.count / total if total else 0
        if width:
            sheet.rect(x, y, width, height, segment.kind)
            if x:
                sheet.line(x, y, y + height, kind="sep")
        x += width


def _share(part: int, total: int) -> str:
    return percent(part / total) if total else percent(None)


def stacked_bar(segments: Sequence[Segment], *, title: str) -> Chart:
    """Parts of one whole on one bar, with a legend of counts."""
    total = sum(s.count for s in segments)
    told = ", ".join(f"{s.label} {count(s.count)}" for s in segments)
    sheet = Sheet(title, f"{told}; {count(total)} in all.")
    _stack(sheet, 0, 18, segments)
    y = 38.0
    for index, segment in enumerate(segments):
        x = 50.0 * (index % 2)
        sheet.swatch(x, y, segment.kind)
        sheet.text(x, y, f"{segment.label} {count(segment.count)}", shift=18)
        y += 22 if index % 2 or index == len(segments) - 1 else 0
    rows = [(s.label, count(s.count), _share(s.count, total)) for s in segments]
    return sheet.finish(
        y - 8, ("Part", "Count", "Share"), [*rows, ("All", count(total), _share(total, total))]
    )


def _change(before: int, after: int) -> str:
    moved = after - before
    return f"+{moved:,}" if moved > 0 else f"{MINUS}{-moved:,}" if moved < 0 else "0"


def flip_bars(
    before: Mapping[str, int], after: Mapping[str, int], *, title: str = "Outcomes before and after"
) -> Chart:
    """Accounts by outcome before and after a run, as two stacked bars with the change of each outcome.

    Args:
        before: outcome code -> accounts; a code that is absent counts none.
        after: the same, after the run.
        title: what the picture shows.

    Raises:
        ValueError: a code that is no outcome.
    """
    if strange := (set(before) | set(after)) - {code for code, _ in OUTCOMES}:
        raise ValueError(f"not an outcome: {', '.join(sorted(strange))}")
    counts = [(code, label, before.get(code, 0), after.get(code, 0)) for code, label in OUTCOMES]
    moved = [f"{label} {count(b)} to {count(a)} ({_change(b, a)})" for _, label, b, a in counts if a != b]
    sheet = Sheet(title, "; ".join(moved) + "." if moved else "No outcome changed its number of accounts.")
    y = 0.0
    for name, counted in (("Before", before), ("After", after)):
        total = sum(counted.values())
        sheet.text(0, y + 13, name, kind="strong")
        sheet.text(
            100,
            y + 13,
            f"{count(total)} {'account' if total == 1 else 'accounts'}",
            kind="quiet",
            anchor="end",
        )
        _stack(
            sheet,
            y + 21,
            18,
            [Segment(label, counted.get(code, 0), code.lower()) for code, label in OUTCOMES],
        )
        y += 52
    for code, label, was, now in counts:
        sheet.swatch(0, y + 14, code.lower())
        sheet.text(0, y + 14, label, shift=18)
        sheet.text(78, y + 14, f"{count(was)} → {count(now)}", anchor="end")
        sheet.text(100, y + 14, _change(was, now), kind="strong", anchor="end")
        y += 22
    rows = [(label, count(b), count(a), _change(b, a)) for _, label, b, a in counts]
    totals = (sum(r[2] for r in counts), sum(r[3] for r in counts))
    rows.append(("All", count(totals[0]), count(totals[1]), _change(*totals)))
    return sheet.finish(y + 4, ("Outcome", "Before", "After", "Change"), rows)
