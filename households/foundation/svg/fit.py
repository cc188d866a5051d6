"""Charts of the net fit: what each factor adds, and where the sum lies between UMA (-100) and SMA (+100)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from households.foundation.formats import is_known, signed
from households.foundation.svg.canvas import Chart, Sheet

SCALES = (10, 15, 20, 25, 30, 40, 50, 60, 80, 100)
ROW = 40
Across = Callable[[float], float]
"""Where a value lies across the sheet, in percent."""


@dataclass(frozen=True)
class Contribution:
    """What one factor adds to the net fit.

    Attributes:
        label: the factor's name.
        value: points, positive toward SMA; None when a missing fact leaves it open.
        note: said in place of the value, such as "does not apply".
    """

    label: str
    value: float | None
    note: str = ""


def _side(value: float, left: str, right: str) -> str:
    return right if value > 0 else left if value < 0 else "neither"


def _describe(
    contributions: Sequence[Contribution], net: float | None, tolerance: float, left: str, right: str
) -> str:
    known = [c for c in contributions if is_known(c.value) and not c.note]
    toward = {side: [c for c in known if _side(c.value or 0, left, right) == side] for side in (left, right)}
    sentences = []
    for side in (left, right):
        group = toward[side]
        if group:
            largest = max(group, key=lambda c: abs(c.value or 0))
            noun = "factor pulls" if len(group) == 1 else "factors pull"
            sentences.append(
                f"{len(group)} {noun} toward {side}, {largest.label} most ({signed(largest.value)})."
            )
    if not is_known(net):
        return " ".join([*sentences, "The net fit is unknown because facts are missing."])
    place = "inside" if abs(net) <= tolerance else "outside"
    band = f"{place} the band of plus or minus {tolerance:g} in which either fits"
    return " ".join([*sentences, f"The net fit is {signed(net)}, {band}."])


def diverging_bars(
    contributions: Sequence[Contribution],
    *,
    net: float | None,
    tolerance: float,
    title: str = "What each factor adds to the net fit",
    left: str = "UMA",
    right: str = "SMA",
) -> Chart:
    """Factor contributions as bars to the left (UMA) or right (SMA); below, the net fit and its tolerance.

    Args:
        contributions: in the order to show.
        net: their sum in points, -100 to 100, or None when unknown.
        tolerance: half width of the band in which the outcome is EITHER.
        title: what the picture shows.
        left: name of the side of negative values.
        right: name of the side of positive values.
    """
    values = [net, tolerance, *(c.value for c in contributions)]
    widest = max(abs(float(v)) for v in values if is_known(v))
    scale = next((s for s in SCALES if s >= widest), 100)
    sheet = Sheet(title, _describe(contributions, net, tolerance, left, right))

    def across(value: float) -> float:
        return 50 + 49 * max(-scale, min(scale, value)) / scale

    sheet.text(0, 14, f"← toward {left}", kind="uma-ink")
    sheet.text(100, 14, f"toward {right} →", kind="sma-ink", anchor="end")
    y = 28.0
    for contribution in contributions:
        _bar_row(sheet, y, contribution, across)
        y += ROW
    _net_row(sheet, y, net, tolerance, across)
    sheet.line(50, 28, y + 46)
    rows = [(c.label, *_cells(c, left, right)) for c in contributions]
    rows.append(("Net fit", signed(net), _side(net, left, right) if is_known(net) else "unknown"))
    return sheet.finish(y + 66, ("Factor", "Points", "Toward"), rows)


def _cells(contribution: Contribution, left: str, right: str) -> tuple[str, str]:
    if contribution.note:
        return contribution.note, "neither"
    if not is_known(contribution.value):
        return "unknown", "unknown"
    return signed(contribution.value), _side(contribution.value, left, right)


def _bar_row(sheet: Sheet, y: float, contribution: Contribution, across: Across) -> None:
    sheet.text(0, y + 13, contribution.label)
    value = contribution.value
    sheet.track(0, y + 20, 100, 10)
    if contribution.note:
        sheet.text(100, y + 13, contribution.note, kind="quiet", anchor="end")
    elif not is_known(value):
        sheet.text(100, y + 13, "unknown", kind="quiet", anchor="end")
        sheet.rect(0.2, y + 20, 99.6, 10, "rest", radius=3, outline=True)
    else:
        sheet.text(100, y + 13, signed(value), kind="strong", anchor="end")
        start, end = sorted((50.0, across(value)))
        sheet.rect(start, y + 20, end - start, 10, "sma" if value > 0 else "uma", radius=1)


def _net_row(sheet: Sheet, y: float, net: float | None, tolerance: float, across: Across) -> None:
    sheet.rule(y, kind="line")
    sheet.text(0, y + 21, "Net fit", kind="strong")
    sheet.text(100, y + 21, signed(net) if is_known(net) else "unknown", kind="strong", anchor="end")
    sheet.track(0, y + 30, 100, 16)
    sheet.rect(across(-tolerance), y + 30, across(tolerance) - across(-tolerance), 16, "either-soft")
    for edge in (-tolerance, tolerance):
        sheet.line(across(edge), y + 28, y + 48, dashed=True)
    if is_known(net):
        start, end = sorted((50.0, across(net)))
        sheet.rect(start, y + 35, end - start, 6, "sma" if net > 0 else "uma")
        sheet.diamond(across(net), y + 38)
    sheet.text(50, y + 62, f"either fits within ±{tolerance:g}", kind="quiet", anchor="middle", size=12)


def fit_gauge(
    *,
    net: float | None,
    low: float,
    high: float,
    tolerance: float,
    recorded: float | None = None,
    title: str = "Net fit",
    left: str = "UMA",
    right: str = "SMA",
) -> Chart:
    """Where the net fit lies on the scale from UMA (-100) to SMA (+100), with its bounds and the EITHER band.

    Args:
        net: points, or None when an unknown fact moves it.
        low: lower bound over what is unknown; equal to ``net`` when nothing is.
        high: upper bound.
        tolerance: half width of the EITHER band.
        recorded: where it was, when the other numbers are of a what-if; drawn hollow.
        title: what the picture shows.
        left: name of the -100 end.
        right: name of the +100 end.
    """
    spread = high - low > 0.005
    bounds = f"between {signed(low)} and {signed(high)}"
    if is_known(net):
        words = f"The net fit is {signed(net)} on a scale from −100 ({left}) to +100 ({right})."
        words += f" With what is unknown it lies {bounds}." if spread else ""
    else:
        words = f"The net fit is open: it lies {bounds} on a scale from −100 ({left}) to +100 ({right})."
    if is_known(recorded):
        words += f" The record says {signed(recorded)}."
    sheet = Sheet(title, f"{words} Either fits from {signed(-tolerance, 0)} to {signed(tolerance, 0)}.")

    def across(value: float) -> float:
        return 50 + max(-100.0, min(100.0, value)) / 2

    if is_known(net):
        sheet.label_at(across(net), 14, signed(net), kind="strong", size=15)
    else:
        sheet.label_at(across((low + high) / 2), 14, f"{signed(low)} to {signed(high)}", kind="strong")
    top = 26
    sheet.rect(0, top, across(-tolerance), 18, "uma-soft")
    sheet.rect(across(-tolerance), top, across(tolerance) - across(-tolerance), 18, "either-soft")
    sheet.rect(across(tolerance), top, 100 - across(tolerance), 18, "sma-soft")
    sheet.line(50, top - 3, top + 21)
    for edge in (-tolerance, tolerance):
        sheet.line(across(edge), top, top + 18, dashed=True)
    if spread:
        sheet.rule(top + 9, across(low), across(high), kind="whisker", width=3)
        for bound in (low, high):
            sheet.line(across(bound), top + 3, top + 15, kind="whisker")
    if is_known(recorded):
        sheet.diamond(across(recorded), top + 9, size=8, hollow=True)
    if is_known(net):
        sheet.diamond(across(net), top + 9, size=8)
    sheet.text(0, top + 36, f"−100 {left}", kind="uma-ink", size=12)
    sheet.text(50, top + 36, f"either ±{tolerance:g}", kind="either-ink", anchor="middle", size=12)
    sheet.text(100, top + 36, f"{right} +100", kind="sma-ink", anchor="end", size=12)
    rows = [
        ("Net fit", signed(net) if is_known(net) else "unknown"),
        ("Lower bound", signed(low)),
        ("Upper bound", signed(high)),
        ("Either fits within", f"±{tolerance:g}"),
    ]
    if is_known(recorded):
        rows.insert(1, ("Recorded", signed(recorded)))
    return sheet.finish(top + 44, ("Measure", "Points"), rows)
