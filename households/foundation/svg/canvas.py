"""The sheet that charts are drawn on.

Positions across are percentages of the width, positions down are pixels, and there is no viewBox: the picture
fits any width while its text keeps its size, down to 320 px, with no script. Colors are classes that follow
the theme (static/css/charts.css); the fill and stroke attributes beside them serve where no stylesheet is.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

FONT = "Public Sans, sans-serif"
INK = {
    "sma": "#2b5fb3",
    "uma": "#b5561f",
    "either": "#14796f",
    "neither": "#65727e",
    "indeterminate": "#7a50b4",
    "stay": "#65727e",
    "stays": "#65727e",
    "etf": "#14796f",
    "done": "#0d4b5e",
    "failed": "#b3261e",
    "rest": "#eaeef1",
    "sma-soft": "#e7eefa",
    "uma-soft": "#fbede4",
    "either-soft": "#dff2ef",
    "neither-soft": "#eaeef1",
    "indeterminate-soft": "#f1ebfa",
    "sma-ink": "#1c4383",
    "uma-ink": "#823a10",
    "either-ink": "#0b544d",
    "neither-ink": "#3a4651",
    "indeterminate-ink": "#543089",
    "text": "#13212d",
    "strong": "#13212d",
    "quiet": "#42535f",
    "mark": "#13212d",
    "track": "#f7f9fa",
}
"""Fallback fill of each ``ch-`` class: the light theme's tokens."""

HATCHED = {"uma": "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4", "indeterminate": "M4,0 v8", "stays": "M0,4 h8"}
"""Kinds that carry a pattern beside their color, so that grey paper and color-blind eyes tell them apart."""

NARROWEST = 256.0
"""Pixels across that a chart has on a 320 px screen: there, too, labels must not meet."""


def text_width(words: str, size: int = 13) -> float:
    """Roughly how wide a text is, in percent of the narrowest sheet (letters average 0.54 of the size)."""
    return 100 * len(words) * 0.54 * size / NARROWEST


def fitted(words: str, room: float, size: int = 13) -> str:
    """The text, cut with an ellipsis where it would not fit into ``room`` percent of the narrowest sheet."""
    if text_width(words, size) <= room:
        return words
    letters = int(room * NARROWEST / 100 / (0.54 * size)) - 1
    return words[: max(letters, 1)].rstrip() + "…"


def anchored(x: float) -> tuple[str, float]:
    """How a label at a position is anchored: turned inwards near the edges, so that it stays on the sheet."""
    return ("start", max(x, 0.0)) if x < 16 else ("end", min(x, 100.0)) if x > 84 else ("middle", x)


@dataclass(frozen=True)
class Chart:
    """A picture and its numbers.

    Attributes:
        svg: the picture, safe to put into a page.
        title: what it shows.
        description: what it says, in a sentence or two written from the numbers.
        columns: the headings of the data table.
        rows: its rows, as text; the first cell names the row.
        words: places of the columns that hold words instead of numbers, beside the first.
    """

    svg: SafeString
    title: str
    description: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: frozenset[int] = frozenset()


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"


def percent_of_width(value: float) -> str:
    """A position or width across, as SVG writes it; two decimals keep the picture deterministic."""
    return _number(value) + "%"


class Sheet:
    """Collects shapes from top to bottom and answers the finished :class:`Chart`."""

    def __init__(self, title: str, description: str) -> None:
        self.title = title
        self.description = description
        self._key = hashlib.sha256(f"{title}\n{description}".encode()).hexdigest()[:8]
        self._parts: list[str] = []
        self._patterns: dict[str, str] = {}

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        kind: str,
        *,
        radius: float = 0,
        outline: bool = False,
    ) -> None:
        """A bar of a kind; ``x`` and ``width`` in percent, ``outline`` for one whose size is not known."""
        box = (
            f'x="{percent_of_width(x)}" y="{_number(y)}" width="{percent_of_width(max(width, 0))}"'
            f' height="{_number(height)}"' + (f' rx="{_number(radius)}"' if radius else "")
        )
        if outline:
            self._parts.append(
                f'<rect {box} class="ch-unknown" fill="none" stroke="#6a7785" stroke-dasharray="4 3"/>'
            )
            return
        self._parts.append(f'<rect {box} class="ch-{kind}" fill="{INK[kind]}"/>')
        if kind in HATCHED:
            self._parts.append(f'<rect {box} fill="url(#{self._pattern(kind)})"/>')

    def track(self, x: float, y: float, width: float, height: float, *, radius: float = 3) -> None:
        """The empty groove behind a bar."""
        self._parts.append(
            f'<rect x="{percent_of_width(x)}" y="{_number(y)}" width="{percent_of_width(width)}"'
            f' height="{_number(height)}" rx="{_number(radius)}" class="ch-track" fill="#f7f9fa"/>'
        )

    def line(self, x: float, top: float, bottom: float, *, kind: str = "axis", dashed: bool = False) -> None:
        """A vertical line."""
        self._stroke((x, top), (x, bottom), kind, 1, dashed)

    def rule(self, y: float, x: float = 0, end: float = 100, *, kind: str = "rule", width: float = 1) -> None:
        """A horizontal line."""
        self._stroke((x, y), (end, y), kind, width, False)

    def _stroke(
        self, start: tuple[float, float], end: tuple[float, float], kind: str, width: float, dashed: bool
    ) -> None:
        (x1, y1), (x2, y2) = start, end
        self._parts.append(
            f'<line x1="{percent_of_width(x1)}" y1="{_number(y1)}" x2="{percent_of_width(x2)}"'
            f' y2="{_number(y2)}" class="ch-{kind}" stroke="#6a7785" stroke-width="{_number(width)}"'
            + (' stroke-dasharray="4 3"/>' if dashed else "/>")
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        kind: str = "text",
        anchor: str = "start",
        size: int = 13,
        shift: int = 0,
        halo: bool = False,
        whole: str = "",
    ) -> None:
        """A line of text on the baseline ``y``.

        Args:
            anchor: start, middle or end.
            shift: in pixels.
            halo: keeps lines that pass behind it off its letters.
            whole: what the words were cut from; a pointer that rests on them is told.
        """
        name = f"ch-{kind} ch-halo" if halo else f"ch-{kind}"
        self._parts.append(
            f'<text x="{percent_of_width(x)}" y="{_number(y)}" class="{name}" fill="{INK[kind]}"'
            + (' stroke="#ffffff" stroke-width="4" paint-order="stroke"' if halo else "")
            + (f' dx="{shift}"' if shift else "")
            + (f' text-anchor="{anchor}"' if anchor != "start" else "")
            + (f' font-size="{size}"' if size != 13 else "")
            + (' font-weight="640"' if kind == "strong" or kind.endswith("-ink") else "")
            + f">{escape(words)}"
            + (f"<title>{escape(whole)}</title>" if whole else "")
            + "</text>"
        )

    def label_at(
        self, x: float, y: float, words: str, *, kind: str = "text", size: int = 13, halo: bool = False
    ) -> None:
        """Text centered on a position, or turned inwards near the edges."""
        anchor, x = anchored(x)
        self.text(x, y, words, kind=kind, anchor=anchor, size=size, halo=halo)

    def diamond(self, x: float, y: float, *, size: float = 7, hollow: bool = False) -> None:
        """The marker of a value; ``hollow`` for one that was, beside one that is."""
        s = _number(size)
        look = (
            'class="ch-was" fill="#ffffff" stroke="#13212d"' if hollow
            else 'class="ch-mark" fill="#13212d" stroke="#ffffff"'
        )  # fmt: skip
        self._parts.append(
            f'<svg x="{percent_of_width(x)}" y="{_number(y)}" width="1" height="1" overflow="visible">'
            f'<path d="M0,-{s} L{s},0 L0,{s} L-{s},0 Z" {look} stroke-width="1.5"/></svg>'
        )

    def dot(self, x: float, y: float, *, hollow: bool = False, dashed: bool = False) -> None:
        """A round mark; ``hollow`` for a weaker one, ``dashed`` for one that is not known."""
        look = (
            'class="ch-open" fill="#ffffff" stroke="#6a7785" stroke-dasharray="2 2"' if dashed
            else 'class="ch-ring" fill="#ffffff" stroke="#0d4b5e"' if hollow
            else 'class="ch-dot" fill="#0d4b5e" stroke="#ffffff"'
        )  # fmt: skip
        self._parts.append(
            f'<circle cx="{percent_of_width(x)}" cy="{_number(y)}" r="5.5" {look} stroke-width="2"/>'
        )

    def swatch(self, x: float, y: float, kind: str) -> None:
        """A small square of a kind, for a legend; ``y`` is the baseline of its text."""
        box = f'y="{_number(y - 10)}" width="11" height="11" rx="2"'
        self._parts.append(f'<rect x="{percent_of_width(x)}" {box} class="ch-{kind}" fill="{INK[kind]}"/>')
        if kind in HATCHED:
            self._parts.append(f'<rect x="{percent_of_width(x)}" {box} fill="url(#{self._pattern(kind)})"/>')

    def _pattern(self, kind: str) -> str:
        name = f"p{self._key}-{kind}"
        self._patterns[name] = (
            f'<pattern id="{name}" width="8" height="8" patternUnits="userSpaceOnUse"><path class="ch-hatch"'
            f' d="{HATCHED[kind]}" fill="none" stroke="#ffffff" stroke-width="1.5" stroke-opacity="0.38"/>'
            "</pattern>"
        )
        return name

    def finish(self, height: float, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Chart:
        """The chart, with the table of its numbers."""
        definitions = f"<defs>{''.join(self._patterns.values())}</defs>" if self._patterns else ""
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="100%" height="{_number(height)}"'
            f' font-family="{FONT}" font-size="13"><title>{escape(self.title)}</title>'
            f"<desc>{escape(self.description)}</desc>{definitions}{''.join(self._parts)}</svg>"
        )
        return Chart(
            svg=mark_safe(svg),  # noqa: S308 - every text in it went through escape()
            title=self.title,
            description=self.description,
            columns=tuple(columns),
            rows=tuple(tuple(row) for row in rows),
        )
