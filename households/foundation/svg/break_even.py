"""What the dearer structure has to bring a year, beside what it can bring."""

from collections.abc import Sequence

from households.foundation.formats import bps
from households.foundation.svg.canvas import Chart, Sheet

ROW = 44
Range = tuple[float, float]


def _span(found: Range) -> str:
    low, high = found
    return bps(low) if low == high else f"{bps(low).removesuffix(' bps')} to {bps(high)}"


def break_even_bars(
    *,
    needed: float,
    dearer: str,
    found: Range | None,
    here: Range | None = None,
    title: str = "What the higher cost has to earn",
) -> Chart:
    """The bar of what has to be earned, and the ranges of what can be, in basis points a year.

    Args:
        needed: the extra cost over the direct index.
        dearer: SMA or UMA.
        found: what it was found to bring elsewhere; None where it is not known whether it brings anything.
        here: what of it this account can have; None where that is not worked out.
    """
    ranges: list[tuple[str, Range | None]] = [("Found elsewhere", found)]
    if here is not None:
        ranges.append(("Possible in this account", here))
    scale = max([needed, *(high for _, span in ranges if span for high in [span[1]])]) or 1.0
    sheet = Sheet(title, _describe(needed, dearer, ranges))
    kind = dearer.lower()
    words = bps(needed)
    sheet.text(0, 13, f"The {dearer} has to bring")
    sheet.text(100, 13, words, kind="strong", anchor="end")
    sheet.track(0, 20, 100, 14)
    sheet.rect(0, 20, max(100 * needed / scale, 0.6), 14, kind, radius=2)
    y = float(ROW)
    for label, span in ranges:
        _range(sheet, y, label, span, scale)
        sheet.line(100 * needed / scale, y + 20, y + 38, kind="whisker", dashed=True)
        y += ROW
    sheet.text(0, y + 8, f"dashed: what it has to bring, {words}", kind="quiet", size=12)
    y += 14
    rows = [(f"The {dearer} has to bring", words)]
    rows += [(label, _span(span) if span else "not known") for label, span in ranges]
    return sheet.finish(y - 2, ("A year, of the direct index", "Amount"), rows)


def _describe(needed: float, dearer: str, ranges: Sequence[tuple[str, Range | None]]) -> str:
    told = [f"The {dearer} has to bring {bps(needed)} a year."]
    told += [f"{label}: {_span(span) if span else 'not known'}." for label, span in ranges]
    return " ".join(told)


def _range(sheet: Sheet, y: float, label: str, span: Range | None, scale: float) -> None:
    sheet.text(0, y + 13, label)
    sheet.text(100, y + 13, _span(span) if span else "not known", kind="strong", anchor="end")
    sheet.track(0, y + 20, 100, 14)
    if span is None:
        sheet.rect(0.2, y + 20, 99.6, 14, "etf", radius=3, outline=True)
        return
    low, high = (100 * end / scale for end in span)
    if not high:
        return  # it brings nothing: an empty groove says so
    sheet.rect(low, y + 20, max(high - low, 0.6), 14, "etf", radius=2)
