"""A household in one picture: returns as boxes with their accounts, lines where a loss can be disallowed.

It is drawn for several widths; the stylesheet shows the one that fits.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.safestring import SafeString, mark_safe

from households.foundation.formats import compact_dollars, dollars, is_known
from households.foundation.svg.canvas import Chart, Sheet
from households.foundation.svg.widths import LAYOUTS, SMALL, Layout

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


_GAP, _FOOT = 10, 4


def household_picture(units: Sequence[Unit], lines: Sequence[str], *, title: str) -> Chart:
    """The picture, for each of the widths, with its table.

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
    drawn = {name: _drawn(layout, units, lines, title, told, rows) for name, layout in LAYOUTS.items()}
    svg = SafeString("").join(
        mark_safe(f'<div class="chart-{name}">{chart.svg}</div>')  # noqa: S308 - made of safe parts
        for name, chart in drawn.items()
    )
    words = frozenset(range(len(COLUMNS))) - {_NUMBERS}
    return replace(drawn["wide"], svg=mark_safe(svg), words=words)  # noqa: S308


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
    layout: Layout,
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
            sheet.text(start, y, "No account here.", kind="quiet", size=SMALL)
    return sheet.finish(_legend(sheet, layout, height, units, lines), COLUMNS, rows)


def _tops(layout: Layout, units: Sequence[Unit]) -> tuple[list[float], float]:
    tops, y = [], 1.0
    for unit in units:
        tops.append(y)
        y += _height(layout, unit) + _GAP
    return tops, y


def _height(layout: Layout, unit: Unit) -> float:
    return layout.head + (layout.row * len(unit.holdings) or 36) + _FOOT


def _rail_at(layout: Layout, line: int) -> float:
    return layout.margin + layout.rail * (line + 0.5)


def _rails(
    sheet: Sheet, layout: Layout, units: Sequence[Unit], tops: Sequence[float], lines: Sequence[str]
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


def _head(sheet: Sheet, layout: Layout, unit: Unit, top: float, start: float) -> None:
    end, total = layout.end, _total(unit) if unit.holdings else ""
    if layout.place is None:
        layout.write(sheet, unit.name, top + 20, (start, end), kind="strong")
        room = end - layout.width(total, SMALL) - 2
        layout.write(sheet, unit.note, top + 37, (start, room), kind="quiet", size=SMALL)
        sheet.text(end, top + 37, total, kind="quiet", anchor="end", size=SMALL)
    else:
        names = layout.place - 2
        layout.write(sheet, unit.name, top + 23, (start, names), kind="strong")
        kept = f", {total}" if unit.note and total else total
        room = (min(start + layout.width(unit.name), names) + 2, end)
        layout.write(sheet, unit.note, top + 23, room, kind="quiet", size=SMALL, anchor="end", kept=kept)
    sheet.rule(top + layout.head - 2, start, end, kind="line")


def _row(sheet: Sheet, layout: Layout, holding: Holding, top: float, start: float, largest: float) -> None:
    about = " · ".join(part for part in (holding.what or "Registration not known", holding.owner) if part)
    place, platform = holding.held_at or "Custodian not known", holding.platform or "Platform not known"
    end, value = layout.end, holding.value
    if layout.place is None:
        words = compact_dollars(value) if is_known(value) else NOT_KNOWN
        room = end - layout.width(words) - 2
        layout.write(sheet, holding.name, top + 22, (start, end))
        layout.write(sheet, about, top + 40, (start, room), kind="quiet", size=SMALL)
        where = f"{place} · {platform}"
        layout.write(sheet, where, top + 57, (start, end), kind="quiet", size=SMALL)
        sheet.text(end, top + 40, words, anchor="end")
        _bar(sheet, value, (start, end), top + 66, largest)
    else:
        names, where_to = (start, layout.place - 2), (layout.place, end - layout.bar - 2)
        layout.write(sheet, holding.name, top + 22, names)
        layout.write(sheet, about, top + 38, names, kind="quiet", size=SMALL)
        layout.write(sheet, place, top + 22, where_to)
        layout.write(sheet, platform, top + 38, where_to, kind="quiet", size=SMALL)
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


def _legend(sheet: Sheet, layout: Layout, y: float, units: Sequence[Unit], lines: Sequence[str]) -> float:
    if len(lines) > 1:
        for number, line in enumerate(lines):
            sheet.text(3, y + 14, _letter(number), kind="strong", anchor="middle", size=SMALL)
            sheet.text(
                3, y + 14, layout.fitted(f"Line of {line}", 9, layout.end, SMALL), size=SMALL, shift=14
            )
            y += 22
    used = {mark for holding in _holdings(units) for mark in holding.marks.values()}
    for mark in (mark for mark in MARKS if mark in used):
        _mark(sheet, 3, y + 10, mark)
        sheet.text(3, y + 14, MARKS[mark][0], size=SMALL, shift=14)
        y += 22
    return y + 2


def _letter(line: int) -> str:
    return chr(ord("A") + line)
