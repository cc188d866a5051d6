"""The widths that the household's picture is drawn for: where things stand, how words are fitted there."""

from dataclasses import dataclass, replace
from typing import Literal

from households.foundation.svg.canvas import NARROWEST, Sheet, fitted, text_width

SMALL = 12


@dataclass(frozen=True)
class Layout:
    """Where things stand: positions across in percent, heights in pixels, `across` the least width in pixels.

    Attributes:
        place: where the column of custodians and platforms begins; None: under the name.
        bar: the widest bar.
    """

    across: float
    head: float
    row: float
    rail: float
    margin: float
    place: float | None
    bar: float

    @property
    def end(self) -> float:
        """Where text and bars end."""
        return 100 - self.margin

    def width(self, words: str, size: int = 13) -> float:
        """Roughly how wide the words are here, in percent."""
        return text_width(words, size) * NARROWEST / self.across

    def fitted(self, words: str, start: float, end: float, size: int = 13) -> str:
        """The words, cut where they would not fit between two positions."""
        return fitted(words, (end - start) * self.across / NARROWEST, size)

    def write(
        self,
        sheet: Sheet,
        words: str,
        y: float,
        room: tuple[float, float],
        *,
        kind: str = "text",
        size: int = 13,
        anchor: Literal["start", "end"] = "start",
        kept: str = "",
    ) -> None:
        """Words between two positions, cut where they do not fit; a title then has all of them.

        Args:
            kept: what stands behind them whatever their length.
        """
        start, end = room
        shown = self.fitted(words, start, end - self.width(kept, size), size) if words else ""
        x = start if anchor == "start" else end
        whole = "" if shown == words else words + kept
        sheet.text(x, y, shown + kept, kind=kind, anchor=anchor, size=size, whole=whole)


_WIDE = Layout(across=640, head=36, row=46, rail=3.0, margin=2.2, place=52, bar=17)
_NARROW = Layout(across=NARROWEST, head=48, row=80, rail=5.5, margin=3.5, place=None, bar=0)
LAYOUTS = {
    "narrow": _NARROW,
    "phone": replace(_NARROW, across=300),
    "tablet": replace(_NARROW, across=440),
    "wide": _WIDE,
    "broad": replace(_WIDE, across=800),
}
"""Name, as in the class that static/css/charts.css shows from that width on -> layout; narrowest first."""
