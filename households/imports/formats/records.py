"""Lines to records of cells. A broken quotation mark costs its own line, not the rest.

A run of lines with nothing odd in it is handed on as it is (:class:`Rows`), for readers that take it by
columns; everything else is looked at record by record.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from households.imports.formats.content import Limits, chunks_of_lines
from households.imports.formats.parsed import FileRefused, Problem

MAX_LINES_A_RECORD = 10
_CSV_REMEDY = "Quote cells that hold a comma, and double a quotation mark inside a quoted cell."


@dataclass(slots=True)
class Record:
    """One record: the line it begins on, its cells without blanks around them and empty ones at the end.

    ``width`` counts all its cells, the empty ones at the end too; ``problem`` is what is wrong with the line.
    """

    line: int
    cells: list[str]
    width: int
    problem: Problem | None = None

    @property
    def only(self) -> str:
        """The text of a record whose first cell alone is filled; empty otherwise."""
        return self.cells[0] if len(self.cells) == 1 else ""


@dataclass(slots=True)
class Rows:
    """Consecutive lines, a row each, that hold printable text only: blank rows and blanks around cells
    included."""

    line: int
    cells: list[list[str]]

    def record(self, place: int) -> Record | None:
        """One row as a record; None where it is blank."""
        cells = [cell.strip() for cell in self.cells[place]]
        width = len(cells)
        while cells and not cells[-1]:
            cells.pop()
        return Record(self.line + place, cells, width) if cells else None

    def after(self, count: int) -> "Rows":
        """The rows behind the first ones."""
        return Rows(self.line + count, self.cells[count:])

    def records(self) -> Iterator[Record]:
        """Those rows that hold anything, as records."""
        found = (self.record(place) for place in range(len(self.cells)))
        return (record for record in found if record is not None)


class _Overlong(Exception):
    """A quoted cell runs over more lines than any real one."""


class _LineFeed:
    """Feeds lines to the csv reader, counts them, and takes back those that an unclosed quote swallowed."""

    def __init__(self, text: str) -> None:
        self._chunks = chunks_of_lines(text)
        self._returned: list[str] = []
        self.current: list[str] = []
        self.line = 0

    def __iter__(self) -> "_LineFeed":
        return self

    def __next__(self) -> str:
        if len(self.current) >= MAX_LINES_A_RECORD:
            raise _Overlong
        if not self._returned:
            self.give_back(next(self._chunks))
        line = self._returned.pop()
        self.line += 1
        self.current.append(line)
        return line

    def chunk(self) -> list[str]:
        """The next lines without counting them: those given back, else the next chunk; empty at the end."""
        if self._returned:
            lines, self._returned = self._returned[::-1], []
            return lines
        return next(self._chunks, [])

    def give_back(self, lines: list[str]) -> None:
        """Put lines before those that come next."""
        self._returned.extend(reversed(lines))

    def take_back(self) -> str:
        """Give all lines of the record but its first back, and answer the first."""
        first, *rest = self.current
        self.give_back(rest)
        self.line -= len(rest)
        return first


def _quoting_fault(error: Exception, lines: int) -> str:
    if lines > 1 or "unexpected end" in str(error):
        return "A quotation mark is opened and never closed."
    if "field limit" in str(error):
        return "The line holds a cell longer than any real one."
    return "A quotation mark stands inside a quoted cell."


def records(text: str, name: str, limits: Limits, delimiter: str = ",") -> Iterator[Record]:
    """The records of a CSV text that hold anything; blank lines and lines of empty cells are left out.

    Raises:
        FileRefused: more lines or columns than the limits allow.
    """
    for piece in pieces(text, name, limits, delimiter):
        if isinstance(piece, Rows):
            yield from piece.records()
        else:
            yield piece


def pieces(text: str, name: str, limits: Limits, delimiter: str = ",") -> Iterator[Record | Rows]:
    """The same records, but runs of ordinary lines as they stand.

    Raises:
        FileRefused: more lines or columns than the limits allow.
    """
    feed = _LineFeed(text)
    reader = csv.reader(feed, strict=True, delimiter=delimiter)
    while lines := feed.chunk():
        rows = _ordinary(lines, delimiter, limits)
        if rows is not None and feed.line + len(lines) <= limits.max_lines:
            yield Rows(feed.line + 1, rows)
            feed.line += len(lines)
            continue
        end = feed.line + len(lines)
        feed.give_back(lines)
        while feed.line < end:
            record = _next_record(reader, feed, name, limits)
            if record is not None:
                yield record


def _ordinary(lines: list[str], delimiter: str, limits: Limits) -> list[list[str]] | None:
    """Each line's cells where every line is a row of printable text within the limits; else None."""
    text = "".join(lines)
    if not _is_printable(text):
        return None
    if max(map(len, lines)) > limits.max_cell:  # no cell is longer than its line
        return None
    rows = _split(text, len(lines), delimiter)
    try:
        rows = rows or list(csv.reader(lines, strict=True, delimiter=delimiter))
    except csv.Error:
        return None
    if len(rows) != len(lines) or max(map(len, rows)) > limits.max_columns:
        return None
    return rows


_PRINTABLE = bytes([*range(32, 127), 10])


def _is_printable(text: str) -> bool:
    """Whether a text, line ends aside, holds nothing but characters that print; quicker where all are
    ASCII."""
    if text.isascii():
        return not text.encode().translate(None, _PRINTABLE)
    return text.replace("\n", "").isprintable() and "\ufffd" not in text


def _split(text: str, count: int, delimiter: str) -> list[list[str]] | None:
    """Cells of lines that need no csv reader: without any quotation mark, or with one around every cell.

    In the latter, no quotation mark may be left over: where their number is twice that of the cells, none
    stands inside a cell, and no line end or delimiter does either.
    """
    if '"' not in text:
        return [line.split(delimiter) for line in text.removesuffix("\n").split("\n")]
    text = text.removesuffix("\n")
    idle = delimiter if text.endswith(delimiter) else ""
    between = f'"{idle}\n"'
    if not (text.startswith('"') and text.endswith(f'"{idle}') and text.count(between) == count - 1):
        return None
    mark = f'"{delimiter}"'
    inner = text[1 : -1 - len(idle)].split(between)
    if idle:
        rows = [
            f"{line}{mark}".split(mark) for line in inner
        ]  # the idle delimiter begins one more, empty cell
    else:
        rows = [line.split(mark) for line in inner]
    quoted = sum(map(len, rows)) - (count if idle else 0)
    return rows if text.count('"') == 2 * quoted else None


def _next_record(reader: Any, feed: _LineFeed, name: str, limits: Limits) -> Record | None:
    """The next record; None where it is blank."""
    feed.current = []
    start = feed.line + 1
    if start > limits.max_lines:
        raise FileRefused(
            f"The file has more than {limits.max_lines:,} lines.",
            file=name,
            remedy="Export one account at a time.",
        )
    try:
        cells = next(reader)
    except (_Overlong, csv.Error) as error:
        fault = _quoting_fault(error, len(feed.current))
        shown = feed.take_back().strip()[:200]
        return Record(start, [shown], 1, Problem("line", shown, fault, _CSV_REMEDY))
    cells = [cell.strip() for cell in cells]
    if not any(cells):
        return None
    width = len(cells)
    return Record(start, cells, width, _fault(cells, name, start, limits))


def _fault(cells: list[str], name: str, line: int, limits: Limits) -> Problem | None:
    """What is wrong with a record as a record: too wide, too long a cell, or control characters."""
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > limits.max_columns:
        raise FileRefused(
            f"The line has {len(cells):,} columns; at most {limits.max_columns} are read.",
            file=name,
            line=line,
            remedy="Check that the file is a list of positions or lots, separated by commas.",
        )
    joined = "".join(cells)
    if joined.isprintable() and len(joined) <= limits.max_cell:
        return None
    for number, cell in enumerate(cells, start=1):
        if len(cell) > limits.max_cell:
            cells[number - 1] = cell[: limits.max_cell]
            return Problem(
                f"column {number}",
                cell[:60] + "\u2026",
                f"The cell is longer than {limits.max_cell:,} characters.",
                "Shorten it, or check that no quotation mark is missing.",
            )
        if "\0" in cell or "\ufffd" in cell:
            shown = cell.replace("\0", "\u2400")
            cells[number - 1] = shown
            return Problem(
                f"column {number}",
                shown[:200],
                "The cell holds a character that is not text.",
                "Export the file again; it may have been damaged on the way.",
            )
        if not cell.isprintable():
            cells[number - 1] = " ".join("".join(c if c.isprintable() else " " for c in cell).split())
    return None
