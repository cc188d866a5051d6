"""Lists of holdings that name the account in every row, several accounts in one list: what their readers
share."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from households.imports.formats.cells import cents, share
from households.imports.formats.headers import Columns, Header
from households.imports.formats.parsed import AccountSection, PositionRow
from households.imports.formats.positions import (
    Repeats,
    classify,
    read_position,
    warn_about,
    warn_class_from_name,
)
from households.imports.formats.records import Record
from households.imports.formats.rows import Reading, RowCells
from households.imports.formats.securities import class_of_name
from households.imports.formats.titles import name_account
from households.imports.formats.totals import check_shares


@dataclass
class _Held:
    """What is kept of an account while its rows are read."""

    section: AccountSection
    repeats: Repeats = field(default_factory=Repeats)
    shares: list[Decimal | None] = field(default_factory=list)
    first_line: int = 0
    rejected: int = 0


class Holdings:
    """Rows of holdings on their way to sections, for files that say neither type nor total.

    A row's class is told by its symbol's shape or, failing that, by what its name says in so many words.
    """

    def __init__(self, reading: Reading, columns: Columns, as_of: date) -> None:
        self.reading = reading
        self.as_of = as_of
        self._columns = columns
        self._accounts: dict[str, _Held] = {}
        self._by_name = 0

    def begin(self, record: Record) -> Header:
        """The header that a record is; what is unknown without its absent columns is said.

        Raises:
            FileRefused: a required column is missing, or one stands there twice.
        """
        header = self._columns.locate(record, self.reading.file.name)
        self.reading.warn_absent(header)
        return header

    def account(self, number: str, name: str) -> AccountSection:
        """The section of an account, made at its first mention."""
        return self._held(number, name).section

    def _held(self, number: str, name: str) -> _Held:
        key = f"{number}\0{name}".lower() if not number else number.lower()
        if key not in self._accounts:
            label, ending = name_account(number, name)
            section = self.reading.section(
                label, ending, number or name, self.as_of, "", holds_positions=True
            )
            self._accounts[key] = _Held(section)
        return self._accounts[key]

    def take(
        self, cells: RowCells, number: str, name: str, symbol: str, *, cash: bool = False, apart: str = ""
    ) -> PositionRow | None:
        """Take or reject one row.

        Args:
            symbol: the symbol as the format writes it, marks removed; empty: the description stands in.
            cash: the format marks the row as cash.
            apart: what tells rows of one symbol apart besides their numbers.
        """
        held = self._held(number, name)
        description = cells.text("description")
        named = bool(symbol)
        symbol = (symbol or description)[:64]
        asset_class = "cash" if cash else classify(symbol, "").asset_class
        if asset_class == "unknown":
            asset_class = class_of_name(symbol.upper(), description)
            self._by_name += asset_class != "unknown"
        symbol = symbol if asset_class == "cash" else symbol.upper()
        row = None if cells.problems else read_position(cells, asset_class, "", symbol)
        if row is None or not held.repeats.judge(self.reading.file, cells, row, apart):
            self.reject(cells, number, name, symbol)
            return None
        held.section.positions.append(row)
        held.first_line = held.first_line or row.line
        held.shares.append(cells.try_read("share", share))
        self._warn(row, cells, named)
        return row

    def _warn(self, row: PositionRow, cells: RowCells, named: bool) -> None:
        file = self.reading.file
        if not named and row.asset_class != "cash":
            file.warn("no_symbol", row.line, f"{row.symbol} has no symbol; it is kept under its name.")
        gain = cells.try_read("gain", cents)
        costed = "cost_basis" in cells.header.places
        warn_about(file, row, row.asset_class != "unknown", True, gain, costed)

    def reject(self, cells: RowCells, number: str, name: str, symbol: str) -> None:
        """Reject a row of an account."""
        held = self._held(number, name)
        held.rejected += 1
        self.reading.reject(cells, "position", held.section.label, symbol)

    def close(self) -> None:
        """Compare stated shares, and say how often a class was told by a name."""
        file = self.reading.file
        for held in self._accounts.values():
            if held.section.positions and not held.rejected:
                line = held.first_line
                check_shares(file, held.section.label, line, held.section.positions, held.shares)
        warn_class_from_name(file, self._by_name)


def with_idle_end(header: Header, record: Record) -> Header:
    """The header as one that ends in an idle comma too, where the rows do and it does not."""
    if header.empty_end or record.width != len(header.cells) + 1 or len(record.cells) == record.width:
        return header
    return replace(header, empty_end=True)
