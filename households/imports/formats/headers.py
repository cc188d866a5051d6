"""Header rows: columns found by name in any order, missing and doubled ones named."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from households.imports.formats.parsed import FileRefused
from households.imports.formats.records import Record


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a format reads: our name, the names files give it, whether it must be there."""

    field: str
    names: tuple[str, ...]
    required: bool = False
    without: str = ""
    """What is unknown when the column is not there; empty: nothing worth a warning."""


class Columns:
    """The columns of one format.

    Args:
        columns: those that are read.
        ignored: names of columns that the format is known to have and that are not read; they help to
            recognize a header row whose required columns are missing.
    """

    def __init__(self, columns: Sequence[Column], ignored: Iterable[str] = ()) -> None:
        self.columns = tuple(columns)
        self._by_name = {name: column for column in columns for name in column.names}
        self._ignored = frozenset(ignored)
        self._all = frozenset(self._by_name) | self._ignored

    def recognized(self, cells: Sequence[str]) -> int:
        """How many cells of a row are column names of this format."""
        return sum(1 for name in map(normal, cells) if name in self._by_name or name in self._ignored)

    def looks_like_header(self, cells: Sequence[str]) -> bool:
        """Whether a row is this format's header, be it with columns missing or in another order."""
        if self._all.isdisjoint(map(str.lower, cells)):
            return (
                False  # nearly every row of data leaves here; the careful look below costs ten times as much
            )
        named = sum(1 for cell in cells if cell)
        known = self.recognized(cells)
        return known >= 3 and known * 2 >= named

    def complete(self, cells: Sequence[str]) -> bool:
        """Whether a header row holds every required column."""
        held = {column.field for name in map(normal, cells) if (column := self._by_name.get(name))}
        return all(column.field in held for column in self.columns if column.required)

    def locate(self, record: Record, file: str) -> "Header":
        """Where each column stands.

        Raises:
            FileRefused: a required column is missing, or a column that is read stands there twice.
        """
        places: dict[str, int] = {}
        for place, cell in enumerate(record.cells):
            column = self._by_name.get(normal(cell))
            if column is None:
                continue
            if column.field in places:
                raise FileRefused(
                    f"The column {cell} stands in the header twice "
                    f"(columns {places[column.field] + 1} and {place + 1}).",
                    file=file,
                    line=record.line,
                    value=cell,
                    remedy="Remove one of the two, so that it is clear which one counts.",
                    mappable=True,
                )
            places[column.field] = place
        absent = [column for column in self.columns if column.field not in places]
        missing = [column.names[0].title() for column in absent if column.required]
        if missing:
            named = " and ".join(missing) if len(missing) < 3 else ", ".join(missing)
            raise FileRefused(
                f"The column {named} is missing from the header."
                if len(missing) == 1
                else f"The columns {named} are missing from the header.",
                file=file,
                line=record.line,
                remedy="Export the file again with all columns shown, or start from the template.",
                mappable=True,
            )
        return Header(
            record.line, tuple(record.cells), record.width > len(record.cells), places, tuple(absent)
        )


@dataclass(frozen=True, slots=True)
class Header:
    """A header row that was found: line, cells, whether an empty one ends it, place of each field."""

    line: int
    cells: tuple[str, ...]
    empty_end: bool
    places: Mapping[str, int]
    absent: tuple[Column, ...]
    fixed: Mapping[str, str] = field(default_factory=dict)
    """What every row says of a field that has no column."""

    def cell(self, cells: Sequence[str], field: str) -> str:
        """The text of a field in a row; empty where the row or the file has no such cell."""
        place = self.places.get(field, -1)
        return cells[place] if 0 <= place < len(cells) else self.fixed.get(field, "")

    def surplus(self, record: Record) -> int:
        """How many cells a row has more than the header (negative: fewer), where that is certain."""
        if len(record.cells) > len(self.cells):
            return len(record.cells) - len(self.cells)
        width = record.width
        if self.empty_end and record.width > len(record.cells):
            width -= 1  # both lines end in a comma, so the last, empty cell is none
        return min(0, width - len(self.cells))

    def has_idle_cells(self, record: Record) -> bool:
        """Whether a row has empty cells beyond the header: an idle comma, or a value split in two."""
        return record.width > len(self.cells) + self.empty_end

    def name(self, field: str) -> str:
        """The file's own name of a field."""
        place = self.places.get(field, -1)
        return self.cells[place] if place >= 0 else field.replace("_", " ")


_SPACES = re.compile(r"\s+")


def normal(cell: str) -> str:
    """A column name without differences of case, blanks and a trailing colon."""
    return _SPACES.sub(" ", cell).strip(" \ufeff:*").lower()
