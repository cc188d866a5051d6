"""A household in one picture: returns as boxes with their accounts, lines where a loss can be disallowed.

It is drawn twice, for a wide and for a narrow place; the stylesheet shows the one that fits.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.safestring import SafeString, mark_safe

from households.foundation.formats import compact_dollars, dollars, is_known
from households.foundation.svg.canvas import NARROWEST, Chart, Sheet, fitted, text_width

COUNTS, LOST, JUDGED, OPEN = "counts", "lost", "judged", "open"
MARKS = {
    COUNTS: ("A purchase here can disallow losses along the line", "Purchases count"),
    LOST: ("An IRA: a purchase here loses the loss for good", "IRA: the loss is lost"),
    JUDGED: ("A matter of judgment: no source names it", "Judgment: no source"),
    OPEN: ("Not known yet whether it belongs to the line", "Not known yet"),
}
"""How an account stands on a line -> what the legend and the table say."""
COLUMNS = ("Account", "Owner", "Return", "Registration", "Held at, on", "Value", "Wash-sale line")
_NUMBERS = 5
NOT_KNOWN = "Not known"


@dataclass(frozen=True)
class Holding:
    """One account.

    Attributes:
        what: registration, in words.
        held_at, platform: in words; empty: not known.
        value: dollars, None unknown.
        marks: number of a line -> one of MARKS.
    """

    name: str
    owner: str
    what: str
    held_at: str
    platform: str
    value: float | None
    marks: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Unit:
    """One return with the people who file it, or accounts whose gains land on none.

    Attributes:
        note: who files it, or what it is.
    """

    name: str
    note: str
    holdings: tuple[Holding, ...]


@dataclass(frozen=True)
class _Layout:
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

    def fitted(self, words: str, start: float, end: float, size: int = 13) -> str:
        """The words, cut where they would not fit between two positions."""
        return fitted(words, (end - start) * self.across / NARROWEST, size)


_WIDE = _Layout(across=640, head=36, row=46, rail=3.0, margin=2.2, place=52, bar=17)
_NARROW = _Layout(across=NARROWEST, head=48, row=80, rail=5.5, margin=3.5, place=None, bar=0)
_GAP, _FOOT = 10, 4
_SMALL = 12


def household_picture(units: Sequence[Unit], lines: Sequence[str], *, title: str) -> Chart:
    """The picture, wide and narrow, with its table.

    Args:
        units: in the order to show; one without accounts shows its people.
        lines: what each wash-sale line is called: "Ann and Ben".

    Raises:
        ValueError: a mark on a line that is not there, or of an unknown kind.
    """
    for holding in _holdings(units):
        if set(holding.marks) - set(range(len(lines))) or set(holding.marks.values()) - set(MARKS):
            raise ValueError(f"{holding.name}: no such line or mark")
    told = _told(units, lines)
    rows = [_cells(unit, holding, lines) for unit in units for holding in unit.holdings]
    drawn = [_drawn(layout, units, lines, title, told, rows) for layout in (_WIDE, _NARROW)]
    both = SafeString("").join(
        mark_safe(f'<div class="chart-{name}">{chart.svg}</div>')  # noqa: S308 - made of safe parts
        for name, chart in zip(("wide", "narrow"), drawn, strict=True)
    )
    return replace(drawn[0], svg=mark_safe(both), words=frozenset(range(len(COLUMNS))) - {_NUMBERS})  # noqa: S308


def _holdings(units: Sequence[Unit]) -> Iterator[Holding]:
    return (holding for unit in units for holding in unit.holdings)


# --- what is said ------------------------------------------------------------------------------------------


def _told(units: Sequence[Unit], lines: Sequence[str]) -> str:
    told = [f"{unit.name}: {_count(len(unit.holdings))}, {_total(unit)}." for unit in units]
    for number, line in enumerate(lines):
        on = sum(number in holding.marks for holding in _holdings(units))
        told.append(f"{_count(on)} on the wash-sale line of {line}.")
    return " ".join(told)


def _count(number: int) -> str:
    return f"{number} {'account' if number == 1 else 'accounts'}"


def _total(unit: Unit) -> str:
    values = [holding.value for holding in unit.holdings]
    known = [value for value in values if value is not None]
    if not known:
        return "value not known" if values else "nothing"
    return compact_dollars(sum(known)) + ("" if len(known) == len(values) else " and more")


def _cells(unit: Unit, holding: Holding, lines: Sequence[str]) -> tuple[str, ...]:
    several = len(lines) > 1
    marks = "; ".join(
        f"{_letter(line)}: {MARKS[mark][1]}" if several else MARKS[mark][1]
        for line, mark in sorted(holding.marks.items())
    )
    where = f"{holding.held_at or NOT_KNOWN}, {holding.platform or NOT_KNOWN}"
    return (
        holding.name, holding.owner or "None named", unit.name, holding.what or NOT_KNOWN, where,
        dollars(holding.value), marks or "None",
    )  # fmt: skip


# --- what is drawn -----------------------------------------------------------------------------------------


def _drawn(
    layout: _Layout,
    units: Sequence[Unit],
    lines: Sequence[str],
    title: str,
    told: str,
    rows: Sequence[Sequence[str]],
) -> Chart:
    sheet = Sheet(title, told)
    start = layout.margin + layout.rail * len(lines) + (1 if lines else 0)
    tops, height = _tops(layout, units)
    for unit, top in zip(units, tops, strict=True):
        sheet.track(0, top, 100, _height(layout, unit), radius=6)
    _rails(sheet, layout, units, tops, lines)
    largest = max((holding.value or 0 for holding in _holdings(units)), default=0)
    for unit, top in zip(units, tops, strict=True):
        _head(sheet, layout, unit, top, start)
        for number, holding in enumerate(unit.holdings):
            _row(sheet, layout, holding, top + layout.head + layout.row * number, start, largest)
        if not unit.holdings:
            y = top + layout.head + 24
            sheet.text(start, y, "No account here.", kind="quiet", size=_SMALL)
    return sheet.finish(_legend(sheet, layout, height, units, lines), COLUMNS, rows)


def _tops(layout: _Layout, units: Sequence[Unit]) -> tuple[list[float], float]:
    tops, y = [], 1.0
    for unit in units:
        tops.append(y)
        y += _height(layout, unit) + _GAP
    return tops, y


def _height(layout: _Layout, unit: Unit) -> float:
    return layout.head + (layout.row * len(unit.holdings) or 36) + _FOOT


def _rail_at(layout: _Layout, line: int) -> float:
    return layout.margin + layout.rail * (line + 0.5)


def _rails(
    sheet: Sheet, layout: _Layout, units: Sequence[Unit], tops: Sequence[float], lines: Sequence[str]
) -> None:
    """Each line from its first mark to its last; letters tell several apart."""
    spots: list[tuple[float, Holding]] = []
    for unit, top in zip(units, tops, strict=True):
        rows = enumerate(unit.holdings)
        spots += [(top + layout.head + layout.row * number + 18, holding) for number, holding in rows]
    for line in range(len(lines)):
        x = _rail_at(layout, line)
        marked = [(y, holding.marks[line]) for y, holding in spots if line in holding.marks]
        if not marked:
            continue
        sheet.line(x, marked[0][0], marked[-1][0], kind="rail")
        for y, mark in marked:
            _mark(sheet, x, y, mark)
        if len(lines) > 1:
            sheet.text(x, marked[0][0] - 11, _letter(line), kind="quiet", anchor="middle", size=11, halo=True)


def _mark(sheet: Sheet, x: float, y: float, mark: str) -> None:
    if mark == LOST:
        sheet.diamond(x, y, size=7)
    else:
        sheet.dot(x, y, hollow=mark == JUDGED, dashed=mark == OPEN)


def _head(sheet: Sheet, layout: _Layout, unit: Unit, top: float, start: float) -> None:
    end, total = layout.end, _total(unit) if unit.holdings else ""
    if layout.place is None:
        sheet.text(start, top + 20, layout.fitted(unit.name, start, end), kind="strong")
        room = end - text_width(total, _SMALL) - 2
        sheet.text(start, top + 37, layout.fitted(unit.note, start, room, _SMALL), kind="quiet", size=_SMALL)
        sheet.text(end, top + 37, total, kind="quiet", anchor="end", size=_SMALL)
    else:
        sheet.text(start, top + 23, layout.fitted(unit.name, start, layout.place - 2), kind="strong")
        note = ", ".join(part for part in (unit.note, total) if part)
        words = layout.fitted(note, layout.place, end, _SMALL)
        sheet.text(end, top + 23, words, kind="quiet", anchor="end", size=_SMALL)
    sheet.rule(top + layout.head - 2, start, end, kind="line")


def _row(sheet: Sheet, layout: _Layout, holding: Holding, top: float, start: float, largest: float) -> None:
    about = " · ".join(part for part in (holding.what or "Registration not known", holding.owner) if part)
    place, platform = holding.held_at or "Custodian not known", holding.platform or "Platform not known"
    end, value = layout.end, holding.value
    if layout.place is None:
        sheet.text(start, top + 22, layout.fitted(holding.name, start, end))
        room = end - 26
        sheet.text(start, top + 40, layout.fitted(about, start, room, _SMALL), kind="quiet", size=_SMALL)
        where = layout.fitted(f"{place} · {platform}", start, end, _SMALL)
        sheet.text(start, top + 57, where, kind="quiet", size=_SMALL)
        words = compact_dollars(value) if is_known(value) else NOT_KNOWN
        sheet.text(end, top + 40, words, anchor="end")
        _bar(sheet, value, (start, end), top + 66, largest)
    else:
        names, room = layout.place - 2, end - layout.bar - 2
        sheet.text(start, top + 22, layout.fitted(holding.name, start, names))
        sheet.text(start, top + 38, layout.fitted(about, start, names, _SMALL), kind="quiet", size=_SMALL)
        sheet.text(layout.place, top + 22, layout.fitted(place, layout.place, room))
        words = layout.fitted(platform, layout.place, room, _SMALL)
        sheet.text(layout.place, top + 38, words, kind="quiet", size=_SMALL)
        sheet.text(end, top + 22, dollars(value) if is_known(value) else NOT_KNOWN, anchor="end")
        _bar(sheet, value, (end - layout.bar, end), top + 30, largest, from_end=True)


def _bar(
    sheet: Sheet,
    value: float | None,
    room: tuple[float, float],
    y: float,
    largest: float,
    *,
    from_end: bool = False,
) -> None:
    """The value as a part of the largest account's; a dashed box where it is not known."""
    start, end = room
    if value is None:
        sheet.rect(start, y, end - start, 5, "done", radius=2, outline=True)
    elif largest > 0:
        width = (end - start) * max(value, 0.0) / largest
        sheet.rect(end - width if from_end else start, y, width, 5, "done", radius=2)


def _legend(sheet: Sheet, layout: _Layout, y: float, units: Sequence[Unit], lines: Sequence[str]) -> float:
    if len(lines) > 1:
        for number, line in enumerate(lines):
            sheet.text(3, y + 14, _letter(number), kind="strong", anchor="middle", size=_SMALL)
            sheet.text(
                3, y + 14, layout.fitted(f"Line of {line}", 9, layout.end, _SMALL), size=_SMALL, shift=14
            )
            y += 22
    used = {mark for holding in _holdings(units) for mark in holding.marks.values()}
    for mark in (mark for mark in MARKS if mark in used):
        _mark(sheet, 3, y + 10, mark)
        sheet.text(3, y + 14, MARKS[mark][0], size=_SMALL, shift=14)
        y += 22
    return y + 2


def _letter(line: int) -> str:
    return chr(ord("A") + line)
