"""Rows as they stand in their file, by line; and the text with other rows put in their place.

Only lists of rows have lines that can be told apart; statements (OFX, Flex) have not.
"""

import csv
import io
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from households.imports.formats.content import Limits, chunks_of_lines
from households.imports.formats.headers import Columns
from households.imports.formats.records import Record, records
from households.imports.formats.sniff import delimiter_of


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A row as it stands in its file: the header above it, its cells, how many cells its list is wide."""

    header: tuple[str, ...]
    cells: tuple[str, ...]
    width: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of a list stand in its text: what parts their cells, and what the header above them is."""

    delimiter: str
    is_header: Callable[[Sequence[str]], bool]


def layout_of(text: str, columns: Columns) -> Layout:
    """The layout of a list in the columns of a format."""
    return Layout(delimiter_of(text, columns), columns.looks_like_header)


def rows_at(
    text: str, lines: Collection[int], layout: Layout, name: str, limits: Limits
) -> dict[int, StandingRow]:
    """The rows that begin on these lines, below a header; others are not among the answer.

    A line whose quotation marks are broken is taken apart as far as it goes.

    Raises:
        FileRefused: more lines or columns than the limits allow.
    """
    found: dict[int, StandingRow] = {}
    written: list[str] = []
    header: Record | None = None
    idle, settled = False, False
    for record in records(text, name, limits, layout.delimiter):
        if record.problem is None and layout.is_header(record.cells):
            header, idle, settled = record, record.width > len(record.cells), False
            continue
        if header is None:
            continue
        if not settled:  # rows may end in an idle comma where their header does not
            settled = True
            idle = idle or len(record.cells) < record.width == len(header.cells) + 1
        if record.line not in lines:
            continue
        cells = record.cells
        if record.problem is not None and record.width == 1:
            written = written or _lines(text)
            cells = _taken_apart(written[record.line - 1], layout.delimiter) or cells
        found[record.line] = StandingRow(tuple(header.cells), tuple(cells), len(header.cells) + idle)
    return found


def with_rows(text: str, rows: Mapping[int, Sequence[str]], delimiter: str, name: str, limits: Limits) -> str:
    """The text with these cells in place of the rows that begin on these lines; no other line moves.

    Raises:
        FileRefused: more lines or columns than the limits allow.
    """
    starts = [record.line for record in records(text, name, limits, delimiter)]
    lines = _lines(text)
    for line, cells in rows.items():
        after = bisect_right(starts, line)
        end = starts[after] if after < len(starts) else len(lines) + 1
        written = io.StringIO()
        csv.writer(written, delimiter=delimiter, lineterminator="\n").writerow(cells)
        lines[line - 1 : end - 1] = [written.getvalue(), *["\n"] * (end - line - 1)]
    return "".join(lines)


def _lines(text: str) -> list[str]:
    return [line for chunk in chunks_of_lines(text) for line in chunk]


def _taken_apart(line: str, delimiter: str) -> list[str]:
    try:
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []
    while cells and not cells[-1]:
        cells.pop()
    return cells
