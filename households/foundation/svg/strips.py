"""A value on its scale, with the thresholds it may cross."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from households.foundation.formats import is_known
from households.foundation.svg.canvas import Chart, Sheet, anchored, text_width

WORDS = {"SMA": "SMA", "UMA": "UMA", "EITHER": "Either", "NEITHER": "Neither", "INDETERMINATE": "Open"}
LABEL_SIZE = 12


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


def _describe(title: str, value: float | None, marks: Sequence[Mark], write: Callable[[float], str]) -> str:
    now = f"{title} is {write(value)} now." if is_known(value) else f"{title} is unknown."
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


def threshold_strip(
    *,
    title: str,
    value: float | None,
    low: float,
    high: float,
    write: Callable[[float], str],
    marks: Sequence[Mark] = (),
    zones: Sequence[Zone] = (),
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
    sheet = Sheet(title, _describe(title, value, ordered, write))
    if is_known(value):
        sheet.label_at(across(value), 14, f"now {write(value)}", kind="strong")
    else:
        sheet.text(0, 14, "now unknown", kind="quiet")
    top = 24
    sheet.track(0, top, 100, 20, radius=2)
    for zone in zones:
        start, end = across(zone.low), across(zone.high)
        sheet.rect(start, top, end - start, 20, f"{zone.outcome.lower()}-soft")
        if end - start >= text_width(WORDS[zone.outcome], LABEL_SIZE):
            middle = (start + end) / 2
            sheet.text(
                middle,
                top + 14,
                WORDS[zone.outcome],
                kind=f"{zone.outcome.lower()}-ink",
                anchor="middle",
                size=LABEL_SIZE,
            )
    tiers = _tiers([(across(m.at), max(m.label, write(m.at), key=len)) for m in ordered])
    for mark, tier in zip(ordered, tiers, strict=True):
        bottom = top + 28 + 32 * tier
        sheet.line(across(mark.at), top - 4, bottom, kind="whisker", dashed=True)
        sheet.label_at(across(mark.at), bottom + 12, mark.label, size=LABEL_SIZE)
        sheet.label_at(across(mark.at), bottom + 26, write(mark.at), kind="strong", size=LABEL_SIZE)
    if is_known(value):
        sheet.diamond(across(value), top + 10)
    foot = top + 30 + 32 * (max(tiers, default=-1) + 1) + (8 if ordered else 0)
    sheet.text(0, foot + 10, write(low), kind="quiet", size=LABEL_SIZE)
    sheet.text(100, foot + 10, write(high), kind="quiet", anchor="end", size=LABEL_SIZE)
    rows = [("Now", write(value) if is_known(value) else "unknown")]
    rows += [(mark.label, write(mark.at)) for mark in ordered]
    rows += [(f"{WORDS[z.outcome]} between", f"{write(z.low)} and {write(z.high)}") for z in zones]
    return sheet.finish(foot + 16, (title, "Value"), rows)
