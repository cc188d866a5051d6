"""Statements of named values (XML, OFX) to the rows that lists of cells become: judged by the same functions.

The names are the file's own, so that a problem names what stands in the file.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Protocol, TypeVar

from households.imports.formats.headers import Header
from households.imports.formats.lots import read_lot, warn_about_lot
from households.imports.formats.parsed import AccountSection, FileRefused, ParsedFile
from households.imports.formats.positions import Repeats, read_position, warn_about
from households.imports.formats.records import Record
from households.imports.formats.rows import PRICE_PLACES, QUANTITY_PLACES, Reading, RowCells
from households.imports.formats.titles import name_account

MAX_VALUE = 1_000
_ROUNDED = {"price": PRICE_PLACES, "quantity": QUANTITY_PLACES}


class NamedRows:
    """Rows of one format: builds their cells from named values.

    Args:
        names: our field -> the file's name of it.
    """

    def __init__(self, reading: Reading, names: Mapping[str, str]) -> None:
        self.reading = reading
        places = {field: place for place, field in enumerate(names)}
        self._header = Header(0, tuple(names.values()), False, places, ())
        self._fields = tuple(names)

    def cells(self, line: int, values: Mapping[str, str]) -> RowCells:
        """A row, counted.

        Raises:
            FileRefused: more rows than the limit.
        """
        self.reading.count_row(line)
        texts = [_rounded(field, values.get(field, "").strip()) for field in self._fields]
        cells = RowCells(Record(line, texts, len(texts)), self._header)
        for field, text in zip(self._fields, texts, strict=True):
            if len(text) > MAX_VALUE or not text.isprintable():
                cells.fault(
                    field, "The value is too long or holds characters that are not text.",
                    "Export the file again; it may have been damaged on the way.",
                )  # fmt: skip
        return cells


def _rounded(field: str, text: str) -> str:
    """A number with no more decimals than are kept: systems write a price as 21.122411161."""
    places = _ROUNDED.get(field)
    _, point, part = text.partition(".")
    if places is None or not point or len(part) <= places or len(text) > 40:
        return text
    try:
        return format(Decimal(text).quantize(Decimal(1).scaleb(-places), rounding="ROUND_HALF_UP"), "f")
    except InvalidOperation:
        return text


class Statement:
    """One account's part of a statement: takes or rejects its rows."""

    def __init__(self, reading: Reading, section: AccountSection, *, costed: bool = True) -> None:
        self.reading, self.section = reading, section
        self.rejected = 0
        self._costed = costed
        self._repeats = Repeats()
        self._lots: dict[int, int] = {}

    def position(self, cells: RowCells, asset_class: str, said: str, gain: int | None = None) -> None:
        """Take or reject a position.

        Args:
            said: what the file calls its kind.
        """
        symbol = cells.text("symbol")
        symbol = symbol if asset_class == "cash" else symbol.upper()
        row = None if cells.problems else read_position(cells, asset_class, said, symbol)
        if row is None or not self._repeats.judge(self.reading.file, cells, row, cells.text("held_in")):
            self._reject(cells, "position", symbol)
            return
        self.section.positions.append(row)
        warn_about(self.reading.file, row, asset_class != "unknown", True, gain, self._costed)

    def lot(self, cells: RowCells, gain: int | None = None, *, unsupported: str = "") -> None:
        """Take or reject a lot."""
        symbol = cells.text("symbol").upper()
        if not symbol:
            cells.fault("symbol", "The symbol is missing.", "Export the file with symbols.")
        lot = None if cells.problems else read_lot(cells, symbol, self.section.as_of)
        if lot is None:
            self._reject(cells, "lot", symbol)
            return
        lot.unsupported = lot.unsupported or unsupported
        self.section.lots.append(lot)
        first = self._lots.setdefault(hash((symbol, lot.acquired, lot.quantity, lot.cost_basis)), lot.line)
        warn_about_lot(self.reading.file, lot, self.section.as_of, gain, first)

    def _reject(self, cells: RowCells, kind: str, symbol: str) -> None:
        self.rejected += 1
        self.reading.reject(cells, kind, self.section.label, symbol)


class Dated(Protocol):
    """A statement of one account as a file has it."""

    number: str
    line: int

    @property
    def day(self) -> date | None:
        """The day that it is of; None where it does not say."""


_S = TypeVar("_S", bound=Dated)


def newest_of_each(file: ParsedFile, statements: Sequence[_S]) -> list[_S]:
    """The newest statement of each account, in the order of the accounts; a warning for every older one.

    Raises:
        FileRefused: which of several is an account's newest cannot be told.
    """
    kept: dict[str, _S] = {}
    for statement in statements:
        number = statement.number.strip().lower()
        first = kept.setdefault(number, statement)
        if first is statement:
            continue
        if not number or first.day is None or statement.day is None or first.day == statement.day:
            label, _ = name_account(statement.number)
            raise FileRefused(
                f"{label}: the file has two statements of it, and which one counts cannot be told.",
                file=file.name,
                line=statement.line,
                remedy="Export one statement of each account, of one day, and upload that.",
            )
        older, newer = sorted((first, statement), key=lambda one: one.day or date.min)
        kept[number] = newer
        file.warn("older_rows", older.line, f"{name_account(older.number)[0]}: the statement of "
                  f"{older.day:%b %-d, %Y} is left out; the file has a newer one, of "
                  f"{newer.day:%b %-d, %Y}.")  # fmt: skip
    return list(kept.values())


def cut_short(name: str, line: int | None = None) -> FileRefused:
    """A statement that ends before its end: what is missing cannot be known, so nothing is taken."""
    return FileRefused(
        "The file ends before the statement does.",
        file=name,
        line=line,
        remedy="Export or download it again; it was cut off.",
    )
