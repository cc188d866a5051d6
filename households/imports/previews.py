"""The first rows of a list as a mapping would have them read; nothing is stored."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from households.imports.formats import FileRefused, Limits, mapped
from households.imports.formats.column_maps import ColumnMap, headers_in
from households.imports.formats.content import Text
from households.imports.formats.guessing import guess_header, header_at
from households.imports.formats.parsed import ParsedFile, Problem
from households.imports.formats.records import Record
from households.imports.formats.totals import plain
from households.imports.kinds import kind_words, listed_as
from households.models import Position, WaitingFile

ROWS_SHOWN = 8
RAW_SHOWN = 6
_LINES_READ = 40
_CELL_SHOWN = 40
_LOT = "Tax lot"
_NOT_OF_ROWS = frozenset({"share_contradicts_rows", "shares_over_one"})
"""Warnings that speak of the whole list, which a preview does not see."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first lines of a waiting file under the header that counts."""

    header: Record
    delimiter: str
    below: list[Record]
    lines: list[tuple[int, str]]

    @property
    def width(self) -> int:
        """How many columns are shown."""
        return len(self.header.cells)

    @property
    def samples(self) -> list[str]:
        """A row to know the columns by."""
        return self.below[0].cells if self.below else []

    def table(self) -> list[tuple[int, list[str]]]:
        """The first rows as they stand, each as wide as the header: line, cells cut to what fits."""
        shown = self.below[:RAW_SHOWN]
        return [(row.line, [_cut(cell) for cell in _padded(row.cells, self.width)]) for row in shown]


@dataclass(slots=True)
class Row:
    """One row as it would be read. Money in cents."""

    line: int
    label: str = ""
    symbol: str = ""
    kind: str = ""
    quantity: str = ""
    value: int | None = None
    cost: int | None = None
    acquired: date | None = None
    problems: Sequence[Problem] = ()
    notes: list[str] = field(default_factory=list)


def beginning_of(file: WaitingFile, line: int | None = None) -> Beginning | None:
    """What stands at the beginning of a file, its header on a line or where it seems to be; None: no list."""
    found = header_at(file.beginning, line) if line else None
    found = found or guess_header(file.beginning)
    there = headers_in(file.beginning)
    found = found or (there[0] if there else None)
    if found is None:
        return None
    header, delimiter = found
    same = [record for record, other in there if other == delimiter]
    below = [record for record in same if record.line > header.line]
    lines = [(record.line, _cut(", ".join(cell for cell in record.cells if cell), 70)) for record in same]
    return Beginning(header, delimiter, below, lines)


def _cut(text: str, length: int = _CELL_SHOWN) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def preview(
    file: WaitingFile, found: Beginning, column_map: ColumnMap, dated: date | None
) -> tuple[list[Row], str]:
    """The first rows as they would be read, or why the list would be refused."""
    lines = file.beginning.splitlines(keepends=True)
    cut = "".join(lines[: found.header.line + _LINES_READ])
    text = Text(cut, file.encoding, "", len(cut), dated)
    try:
        parsed = mapped.read(text, file.name, Limits(), column_map, found.delimiter)
    except FileRefused as refused:
        return [], str(refused)
    rows = sorted(_rows(parsed), key=lambda row: row.line)[:ROWS_SHOWN]
    _say_kinds(rows)
    by_line = {row.line: row for row in rows}
    for warning in parsed.warnings:
        if warning.line in by_line and warning.code not in _NOT_OF_ROWS:
            by_line[warning.line].notes.append(warning.message)
    return rows, ""


def _rows(parsed: ParsedFile) -> Iterator[Row]:
    for section in parsed.accounts:
        for position in section.positions:
            yield Row(
                position.line, section.label, position.symbol, position.asset_class,
                _number(position.quantity), position.market_value, position.cost_basis,
                position.lot and position.lot.acquired,
            )  # fmt: skip
        for lot in section.lots:
            yield Row(
                lot.line, section.label, lot.symbol, _LOT, _number(lot.quantity), lot.market_value,
                lot.cost_basis, lot.acquired,
            )  # fmt: skip
    for row in parsed.rejected:
        yield Row(row.line, row.label, row.symbol, problems=row.problems)


def _say_kinds(rows: Iterable[Row]) -> None:
    """Put the classes of positions into words; where the file does not say one, the list may."""
    positions = [row for row in rows if row.kind not in ("", _LOT)]
    listed = listed_as(row.symbol for row in positions if row.kind == Position.AssetClass.UNKNOWN)
    for row in positions:
        row.kind = kind_words(row.kind, listed.get(row.symbol))


def _number(value: Any) -> str:
    return "" if value is None else plain(value)
