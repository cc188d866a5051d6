"""A value on its scale, with the thresholds it may cross."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from households.foundation.formats import is_known
from households.foundation.svg.canvas import Chart, Sheet, anchored, text_width

WORDS = {"SMA": "SMA", "UMA": "UMA", "EITHER": "Either", "NEITHER": "Neither", "INDETERMINATE": "Open"}
LABEL_SIZE = 12
TOP = 24
_MARKER = 3.0  # half the room of a diamond, in percent of the narrowest sheet


@dataclass(frozen=True)
class Mark:
    """A threshold or flip point: where on the scale, and what it is ("flips to UMA", "SMA minimum")."""

    at: float
    label: str


@dataclass(frozen=True)
class Zone:
    """The outcome between two values of the scale."""

    low: float
    high: float
    outcome: str


def _describe(
    title: str,
    value: float | None,
    recorded: float | None,
    marks: Sequence[Mark],
    write: Callable[[float], str],
) -> str:
    now = f"{title} is {write(value)} now." if is_known(value) else f"{title} is unknown."
    if is_known(recorded):
        now = f"What if {title} were {write(value)}; the record says {write(recorded)}."
    if not marks:
        return f"{now} No value on the scale changes the outcome."
    told = []
    for mark in sorted(marks, key=lambda m: m.at):
        side = ""
        if is_known(value):
            side = ", above it" if mark.at > value else ", below it" if mark.at < value else ", exactly there"
        told.append(f"{mark.label} at {write(mark.at)}{side}")
    return f"{now} {'; '.join(told)}."


def _tiers(labels: Sequence[tuple[float, str]]) -> list[int]:
    """The line each label goes to, so that labels on one line stay apart at the narrowest width."""
    ends: list[float] = []
    tiers = []
    for place, words in labels:
        width = text_width(words, LABEL_SIZE) + 2
        anchor, x = anchored(place)
        start = x if anchor == "start" else x - width if anchor == "end" else x - width / 2
        tier = next((i for i, end in enumerate(ends) if start >= end), len(ends))
        if tier == len(ends):
            ends.append(0.0)
        ends[tier] = start + width
        tiers.append(tier)
    return tiers


def _clear(start: float, end: float, markers: Sequence[float], words: str) -> float | None:
    """Where a zone's name stands: its middle, or the widest part beside the markers; None without room."""
    width = text_width(words, LABEL_SIZE)
    middle = (start + end) / 2
    if any(abs(marker - middle) < width / 2 + _MARKER for marker in markers):
        within = sorted(marker for marker in markers if start - _MARKER < marker < end + _MARKER)
        starts = [start, *(marker + _MARKER for marker in within)]
        ends = [*(marker - _MARKER for marker in within), end]
        start, end = max(zip(starts, ends, strict=True), key=lambda part: (part[1] - part[0], part[0]))
        middle = (start + end) / 2
    return middle if end - start >= width else None


def threshold_strip(
    *,
    title: str,
    value: float | None,
    low: float,
    high: float,
    write: Callable[[float], str],
    marks: Sequence[Mark] = (),
    zones: Sequence[Zone] = (),
    recorded: float | None = None,
    logarithmic: bool = False,
) -> Chart:
    """A value against thresholds or flip points on one scale.

    Args:
        title: the fact's name, such as "Account value".
        value: where it is now; None when unknown.
        low: left end of the scale, in the fact's unit.
        high: right end.
        write: how a value is written, such as ``formats.dollars``.
        marks: thresholds or flip points, within the scale.
        zones: the outcome over parts of the scale, tinted behind it.
        recorded: where the value was, when ``value`` is a what-if; drawn hollow.
        logarithmic: for money over several magnitudes (``low`` above 0).

    Raises:
        ValueError: the scale is empty, or logarithmic from 0 or less.
    """
    if high <= low or (logarithmic and low <= 0):
        raise ValueError(f"{title}: a scale from {low} to {high} cannot be drawn")

    def across(given: float) -> float:
        held = min(max(given, low), high)
        if logarithmic:
            return 100 * math.log(held / low) / math.log(high / low)
        return 100 * (held - low) / (high - low)

    ordered = sorted(marks, key=lambda m: m.at)
    sheet = Sheet(title, _describe(title, value, recorded, ordered, write))
    if is_known(value):
        word = "what if" if is_known(recorded) else "now"
        sheet.label_at(across(value), 14, f"{word} {write(value)}", kind="strong")
    else:
        sheet.text(0, 14, "now unknown", kind="quiet")
    sheet.track(0, TOP, 100, 20, radius=2)
    for zone in zones:
        _zone(sheet, zone, across, [given for given in (value, recorded) if is_known(given)])
    tiers = _marked(sheet, ordered, across, write)
    for at, hollow in ((recorded, True), (value, False)):
        if is_known(at):
            sheet.diamond(across(at), TOP + 10, hollow=hollow)
    foot = TOP + 30 + 32 * tiers + (8 if ordered else 0)
    sheet.text(0, foot + 10, write(low), kind="quiet", size=LABEL_SIZE)
    sheet.text(100, foot + 10, write(high), kind="quiet", anchor="end", size=LABEL_SIZE)
    return sheet.finish(foot + 16, (title, "Value"), _rows(value, recorded, ordered, zones, write))


def _zone(sheet: Sheet, zone: Zone, across: Callable[[float], float], marked: Sequence[float]) -> None:
    start, end = across(zone.low), across(zone.high)
    sheet.rect(start, TOP, end - start, 20, f"{zone.outcome.lower()}-soft")
    words = WORDS[zone.outcome]
    at = _clear(start, end, [across(given) for given in marked], words)
    if at is not None:
        ink = f"{zone.outcome.lower()}-ink"
        sheet.text(at, TOP + 14, words, kind=ink, anchor="middle", size=LABEL_SIZE)


def _marked(
    sheet: Sheet, marks: Sequence[Mark], across: Callable[[float], float], write: Callable[[float], str]
) -> int:
    """Draws the marks with their names; how many lines of names there are."""
    tiers = _tiers([(across(m.at), max(m.label, write(m.at), key=len)) for m in marks])
    bottoms = [TOP + 28 + 32 * tier for tier in tiers]
    for mark, bottom in zip(marks, bottoms, strict=True):
        sheet.line(across(mark.at), TOP - 4, bottom, kind="whisker", dashed=True)
    for mark, bottom in zip(marks, bottoms, strict=True):  # after the lines, which pass behind them
        place, words = across(mark.at), write(mark.at)
        sheet.label_at(place, bottom + 12, mark.label, size=LABEL_SIZE, halo=True)
        sheet.label_at(place, bottom + 26, words, kind="strong", size=LABEL_SIZE, halo=True)
    return max(tiers, default=-1) + 1


def _rows(
    value: float | None,
    recorded: float | None,
    marks: Sequence[Mark],
    zones: Sequence[Zone],
    write: Callable[[float], str],
) -> list[tuple[str, str]]:
    now = write(value) if is_known(value) else "unknown"
    rows = [("What if", now), ("Recorded", write(recorded))] if is_known(recorded) else [("Now", now)]
    rows += [(mark.label, write(mark.at)) for mark in marks]
    return rows + [(f"{WORDS[z.outcome]} between", f"{write(z.low)} and {write(z.high)}") for z in zones]
