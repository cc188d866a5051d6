"""Lines to records of cells, one at a time. A broken quotation mark costs its own line, not the rest."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from households.imports.formats.content import Limits, lines_of
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


class _Overlong(Exception):
    """A quoted cell runs over more lines than any real one."""


class _LineFeed:
    """Feeds lines to the csv reader, counts them, and takes back those that an unclosed quote swallowed."""

    def __init__(self, text: str) -> None:
        self._lines = lines_of(text)
        self._returned: list[str] = []
        self.current: list[str] = []
        self.line = 0

    def __iter__(self) -> "_LineFeed":
        return self

    def __next__(self) -> str:
        if len(self.current) >= MAX_LINES_A_RECORD:
            raise _Overlong
        line = self._returned.pop() if self._returned else next(self._lines)
        self.line += 1
        self.current.append(line)
        return line

    def take_back(self) -> str:
        """Give all lines of the record but its first back, and answer the first."""
        first, *rest = self.current
        self._returned.extend(reversed(rest))
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
    feed = _LineFeed(text)
    reader = csv.reader(feed, strict=True, delimiter=delimiter)
    while True:
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
        except StopIteration:
            return
        except (_Overlong, csv.Error) as error:
            fault = _quoting_fault(error, len(feed.current))
            shown = feed.take_back().strip()[:200]
            yield Record(start, [shown], 1, Problem("line", shown, fault, _CSV_REMEDY))
            continue
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        width = len(cells)
        yield Record(start, cells, width, _fault(cells, name, start, limits))


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
