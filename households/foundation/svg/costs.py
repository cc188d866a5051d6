"""What the alternatives cost, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from households.foundation.formats import bps, dollars, is_known
from households.foundation.svg.canvas import Chart, Sheet, fitted, text_width

ROW = 42


@dataclass(frozen=True)
class Alternative:
    """One way to hold the money, with its all-in cost a year.

    Attributes:
        label: the program's name, or what staying or the baseline is.
        kind: sma, uma, stay or etf.
        bps: all-in cost in basis points; None when a fee is unknown.
        dollars: the same in dollars a year.
        eligible: False when the account cannot have it; None where the question does not arise or is open.
        open: whether it is not known if the account can have it.
        group: a heading over the alternatives that follow it.
    """

    label: str
    kind: str
    bps: float | None
    dollars: float | None
    eligible: bool | None = None
    group: str = ""
    open: bool = False


def _label(alternative: Alternative) -> str:
    return alternative.label + (" (not eligible)" if alternative.eligible is False else "")


def _words(alternative: Alternative, *, with_dollars: bool) -> str:
    if not is_known(alternative.bps):
        return "cost unknown"
    amount = f" · {dollars(alternative.dollars)}" if with_dollars and is_known(alternative.dollars) else ""
    return bps(alternative.bps) + amount


def _eligible(alternative: Alternative) -> str:
    if alternative.open:
        return "not known"
    return "not applicable" if alternative.eligible is None else "yes" if alternative.eligible else "no"


def _describe(alternatives: Sequence[Alternative]) -> str:
    known = [a for a in alternatives if is_known(a.bps)]
    if not known:
        return "No cost is known."
    cheapest = min(known, key=lambda a: a.bps or 0)
    dearest = max(known, key=lambda a: a.bps or 0)
    words = f"From {bps(cheapest.bps)} ({cheapest.label}) to {bps(dearest.bps)} ({dearest.label}) a year."
    unknown = [a.label for a in alternatives if not is_known(a.bps)]
    return words + (f" Unknown: {', '.join(unknown)}." if unknown else "")


def cost_bars(alternatives: Sequence[Alternative], *, title: str = "All-in cost a year") -> Chart:
    """Cost of each alternative as a bar in basis points; an unknown cost is drawn as unknown, not as zero.

    The first alternative of kind ``etf`` with a known cost is the yardstick: a dashed line through all bars.
    """
    sheet = Sheet(title, _describe(alternatives))
    scale = max((float(a.bps) for a in alternatives if is_known(a.bps)), default=1.0) or 1.0
    baseline = next((a.bps for a in alternatives if a.kind == "etf" and is_known(a.bps)), None)
    # Dollars stand in the picture only where every row has room for them; the table always has them.
    roomy = all(text_width(_label(a) + _words(a, with_dollars=True)) < 92 for a in alternatives)
    y = 0.0
    heading = ""
    for alternative in alternatives:
        if alternative.group and alternative.group != heading:
            heading = alternative.group
            sheet.text(0, y + 14, heading, kind="quiet", size=12)
            y += 22
        _row(sheet, y, alternative, scale, with_dollars=roomy)
        if baseline is not None and alternative.kind != "etf":
            sheet.line(100 * baseline / scale, y + 20, y + 38, kind="whisker", dashed=True)
        y += ROW
    if baseline is not None:
        sheet.text(0, y + 8, f"dashed: the ETF baseline, {bps(baseline)}", kind="quiet", size=12)
        y += 14
    rows = [
        (
            a.label,
            bps(a.bps) if is_known(a.bps) else "unknown",
            dollars(a.dollars) if is_known(a.dollars) else "unknown",
            _eligible(a),
        )
        for a in alternatives
    ]
    return sheet.finish(y, ("Alternative", "Cost", "A year", "Eligible"), rows)


def _row(sheet: Sheet, y: float, alternative: Alternative, scale: float, *, with_dollars: bool) -> None:
    words = _words(alternative, with_dollars=with_dollars)
    label = fitted(_label(alternative), 96 - text_width(words))
    sheet.text(0, y + 13, label, kind="quiet" if alternative.eligible is False else "text")
    sheet.text(100, y + 13, words, kind="strong", anchor="end")
    sheet.track(0, y + 20, 100, 14)
    if not is_known(alternative.bps):
        sheet.rect(0.2, y + 20, 99.6, 14, alternative.kind, radius=3, outline=True)
    elif alternative.eligible is False:
        # Outlined: its cost is known, but nobody can have it.
        sheet.rect(
            0.2,
            y + 20,
            100 * float(alternative.bps) / scale - 0.4,
            14,
            alternative.kind,
            radius=2,
            outline=True,
        )
    else:
        sheet.rect(0, y + 20, 100 * float(alternative.bps) / scale, 14, alternative.kind, radius=2)
