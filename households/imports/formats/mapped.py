"""A custodian's list whose columns somebody mapped by hand onto those of the template."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from households.imports.formats.column_maps import (
    ColumnMap,
    Known,
    column_keys,
    faults_of,
    find_known,
    signature_of,
)
from households.imports.formats.content import Limits, Text
from households.imports.formats.headers import Header
from households.imports.formats.parsed import FileRefused, ParsedFile
from households.imports.formats.positions import Classified, classify, warn_class_from_name
from households.imports.formats.records import Record
from households.imports.formats.rows import TOTAL_WORDS, RowCells
from households.imports.formats.securities import class_of_name, class_of_type
from households.imports.formats.standing import Layout, with_rows
from households.imports.formats.template import COLUMNS, read_list
from households.imports.formats.titles import date_of_file
from households.imports.formats.totals import check_account_total, warn_not_compared

CODE = "mapped"
LABEL = "Columns mapped by hand"
WORDS_OF_A_SENTENCE = 5


def layout_of(text: str, known: Known) -> Layout | None:
    """The layout of a list whose header has a remembered mapping; None where it has none."""
    found = find_known(text, known)
    if found is None:
        return None
    column_map, delimiter = found
    return Layout(delimiter, lambda cells: signature_of(cells) == column_map.signature)


def read_known(
    text: Text, name: str, limits: Limits, known: Known, mended: Mapping[int, Sequence[str]]
) -> ParsedFile | None:
    """Read a list whose header has a remembered mapping; None where it has none.

    Args:
        mended: line -> cells that stand in for those of the file.

    Raises:
        FileRefused: the mapping does not fit any more, the date of the values is not known, or as
            :func:`read`.
    """
    found = find_known(text.text, known)
    if found is None:
        return None
    if mended:
        text = replace(text, text=with_rows(text.text, mended, found[1], name, limits))
    return read(text, name, limits, *found)


def read(text: Text, name: str, limits: Limits, column_map: ColumnMap, delimiter: str) -> ParsedFile:
    """Read a list by a mapping.

    Raises:
        FileRefused: the mapping does not fit, nobody says the date of the values, no rows, or too many.
    """
    dates = ParsedFile(name, CODE, text.encoding, text.sha256, text.size)
    as_of = "" if "as_of" in column_map.columns else _dated(dates, text)
    file = read_list(text, name, limits, CODE, delimiter, _Mapped(name, column_map, as_of))
    file.mapping = dict(column_map.told)
    file.warnings[:0] = dates.warnings
    said = json.dumps([sorted(column_map.columns.items()), column_map.rows, as_of])
    file.reading = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()
    return file


def _dated(dates: ParsedFile, text: Text) -> str:
    try:
        return date_of_file(dates, text, None).isoformat()
    except FileRefused as refused:
        refused.mappable, refused.field = True, "dated"
        raise


_WITHOUT = {
    column.field: replace(
        column, without="a kind is known only where a name or the list of securities says it"
    )
    for column in COLUMNS.columns
    if column.field == "asset_class"
}


class _Mapped:
    """A list in a custodian's own columns and words."""

    def __init__(self, name: str, column_map: ColumnMap, as_of: str) -> None:
        self._name = name
        self._map = column_map
        self._fixed = {"as_of": as_of, "row_type": column_map.rows}
        self._keys: tuple[str, ...] = ()
        self._by_name = 0

    def header(self, record: Record) -> Header | None:
        if signature_of(record.cells) != self._map.signature:
            return None
        self._keys = column_keys(record.cells)
        faults = faults_of(self._map.columns, self._map.rows, self._keys)
        if faults:
            raise FileRefused(
                f"The mapping {self._map.name} does not fit any more: {faults[0].problem}",
                file=self._name,
                line=record.line,
                remedy="Map the columns again.",
                mappable=True,
            )
        places = {field: self._keys.index(key) for field, key in self._map.columns.items()}
        fixed = {field: said for field, said in self._fixed.items() if field not in places}
        absent = tuple(
            _WITHOUT.get(column.field, column) for column in COLUMNS.columns if column.field not in places
        )
        empty_end = record.width > len(record.cells)
        return Header(record.line, tuple(record.cells), empty_end, places, absent, fixed)

    def class_of(self, text: str) -> tuple[str, str] | None:
        found = class_of_type(text)
        return (text, found) if found in ("stock", "fund", "bond", "other") else None

    def classify(self, cells: RowCells) -> tuple[str, Classified]:
        said = cells.text("asset_class")
        found = classify(cells.text("symbol"), said)
        if found.known or "asset_class" in cells.header.places:
            return said, found
        named = class_of_name(cells.text("symbol").upper(), cells.text("description"))
        self._by_name += named != "unknown"
        return said, Classified(named, named != "unknown")

    def symbol(self, cells: RowCells, asset_class: str) -> str:
        symbol = cells.text("symbol")
        return symbol or cells.text("description")[:64] if asset_class == "cash" else symbol.upper()

    def leaves_out(self, cells: RowCells, file: ParsedFile) -> bool:
        """Totals, sentences below the list, the header once more.

        A total taken for a position would double the account.
        """
        record = cells.record
        if record.problem is not None:
            return False
        if _is_total(cells):
            _compare(cells, file)
            return True
        repeated = column_keys(record.cells) == self._keys
        if repeated or len(record.only.split()) >= WORDS_OF_A_SENTENCE:
            shown = ", ".join(cell for cell in record.cells if cell)[:80]
            file.warn(
                "ignored_line", record.line, f'The line "{shown}" is no row of the list; it was left out.'
            )
            return True
        return False

    def close(self, file: ParsedFile) -> None:
        warn_class_from_name(file, self._by_name)


def _is_total(cells: RowCells) -> bool:
    symbol = cells.text("symbol").strip().lower()
    if symbol:
        return symbol in TOTAL_WORDS
    first = next((cell.lower() for cell in cells.record.cells if cell), "")
    return first.startswith(("total", "subtotal", "sub total", "sub-total", "grand total")) or (
        first in TOTAL_WORDS
    )


def _compare(cells: RowCells, file: ParsedFile) -> None:
    """A total line beside the rows above it, where it can only be theirs."""
    line = cells.record.line
    if len(file.accounts) != 1 or not file.accounts[0].holds_positions or not file.accounts[0].positions:
        file.warn("total_not_compared", line, "A total line was not compared with the rows; it was left out.")
        return
    (section,) = file.accounts
    if file.rejected:
        warn_not_compared(file, section.label, line, len(file.rejected))
    else:
        check_account_total(file, section.label, cells, section.positions, [])
