"""Lists in the columns of the product's own template: one row a position, and where lots are known one more
row a lot. The template itself is one such list; a custodian's whose columns were mapped by hand is another.

Described in docs/imports.md; :data:`TEMPLATE` is the template's header.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from households.imports.formats.cells import day, is_unknown, share
from households.imports.formats.columnwise import plain_positions
from households.imports.formats.content import Limits, Text
from households.imports.formats.dialect import Dialect
from households.imports.formats.headers import Column, Columns, Header
from households.imports.formats.lots import read_lot, warn_about_lot
from households.imports.formats.parsed import (
    AccountSection,
    CellError,
    FileRefused,
    LotRow,
    ParsedFile,
    PositionRow,
)
from households.imports.formats.positions import Repeats, read_position, warn_about
from households.imports.formats.purchases import reject_sums
from households.imports.formats.records import Record, Rows, pieces
from households.imports.formats.rows import Reading, RowCells
from households.imports.formats.titles import mask_account
from households.imports.formats.totals import check_shares


def _column(field: str, *, required: bool = False, without: str = "") -> Column:
    return Column(field, (field.replace("_", " "), field), required=required, without=without)


COLUMNS = Columns(
    (
        _column("account", without="all rows are taken for one account"),
        _column("as_of", required=True),
        _column("row_type"),
        _column("symbol", required=True),
        _column("description"),
        _column("asset_class", without="the kind of each security is unknown"),
        _column("quantity", required=True),
        _column("price"),
        _column("market_value", required=True),
        _column("cost_basis", without="gains are unknown"),
        _column("share_of_account"),
        _column("acquired"),
        _column("disallowed_loss"),
    )
)
TEMPLATE = tuple(column.field for column in COLUMNS.columns)
_ROW_TYPES = ("position", "lot")
HELD = "held"
"""The type of every row, where a dialect says so: each one purchase, together they are all that is held."""


def read_list(
    text: Text, name: str, limits: Limits, code: str, delimiter: str, dialect: Dialect
) -> ParsedFile:
    """Read a list of positions and lots under a format's code.

    Raises:
        FileRefused: no header row, a missing or doubled column, no rows, or too many.
    """
    return _ListReader(text, name, limits, code, delimiter, dialect).run()


@dataclass
class _Account:
    """What is kept of an account while its rows are read."""

    section: AccountSection
    repeats: Repeats = field(default_factory=Repeats)
    shares: list[Decimal | None] = field(default_factory=list)
    lots_seen: dict[int, int] = field(default_factory=dict)
    lots_only: bool = True

    def take(self, positions: Sequence[PositionRow], shares: Sequence[Decimal | None]) -> None:
        """Add positions with their stated shares of the account."""
        self.section.positions += positions
        self.shares += shares
        self.lots_only = False


class _ListReader:
    def __init__(
        self, text: Text, name: str, limits: Limits, code: str, delimiter: str, dialect: Dialect
    ) -> None:
        self.reading = Reading(text, name, code, limits)
        self.pieces = pieces(text.text, name, limits, delimiter)
        self.name = name
        self.dialect = dialect
        self.header: Header | None = None
        self.accounts: dict[str, _Account] = {}

    def run(self) -> ParsedFile:
        for piece in self.pieces:
            if isinstance(piece, Rows):
                self._take_rows(piece)
            else:
                self._take(piece)
        if self.header is None:
            raise FileRefused(
                "No header row with the template's columns was found.",
                file=self.name,
                remedy=f"Begin the file with the line {','.join(TEMPLATE)}.",
                mappable=True,
            )
        file = self.reading.file
        if not file.rows_read:
            raise FileRefused(
                "The file has a header and no rows.",
                file=self.name,
                line=self.header.line,
                remedy="Add a row for each position.",
            )
        for account in self.accounts.values():
            account.section.holds_positions = not account.lots_only
            reject_sums(file, account.section)
            if not file.rejected:  # a missing row makes every share look wrong
                section = account.section
                check_shares(file, section.label, self.header.line, section.positions, account.shares)
        self.dialect.close(file)
        file.close()
        return file

    def _take(self, record: Record) -> None:
        if self.header is None:
            self._before_header(record)
        else:
            self._data(record, self.header)

    def _take_rows(self, rows: Rows) -> None:
        """A run of ordinary lines: positions with nothing to be said about them by columns, the others one
        by one."""
        if self.header is None or not self.accounts:
            for place in range(len(rows.cells)):
                if self.accounts:
                    self._take_rows(rows.after(place))
                    return
                record = rows.record(place)
                if record is not None:
                    self._take(record)
            return
        header = self.header
        plain = plain_positions(rows, header, self.dialect.class_of, "asset_class", "share_of_account")
        owners = self._owners(rows, header, plain.places)
        account = owners[0] if owners else None
        whole = len(owners) == len(rows.cells) and all(owner is account for owner in owners)
        if whole and account is not None and account.repeats.are_first(plain.positions):
            self.reading.count_rows(rows.line, len(owners))
            account.take(plain.positions, plain.shares)
            return
        found = dict(zip(plain.places, range(len(plain.places)), strict=True))
        for place in range(len(rows.cells)):
            number = found.get(place)
            account = None if number is None else owners[number]
            if number is None or account is None or not account.repeats.is_first(plain.positions[number]):
                record = rows.record(place)
                if record is not None:
                    self._take(record)
                continue
            self.reading.count_row(rows.line + place)
            account.take([plain.positions[number]], [plain.shares[number]])

    def _owners(self, rows: Rows, header: Header, places: Sequence[int]) -> list["_Account | None"]:
        """The account that each of some rows adds a position to; None where the row must be looked at."""
        fields = ("account", "as_of", "row_type", "acquired")
        at = [(header.places.get(field, -1), header.fixed.get(field, "")) for field in fields]
        known: dict[tuple[str, ...], _Account | None] = {}
        owners = []
        for place in places:
            cells = rows.cells[place]
            key = tuple(cells[column].strip() if column >= 0 else fixed for column, fixed in at)
            if key not in known:
                known[key] = self._owner(*key)
            owners.append(known[key])
        return owners

    def _owner(self, reference: str, dated: str, kind: str, acquired: str) -> "_Account | None":
        account = self.accounts.get(reference.lower())
        try:
            same_day = account is not None and day(dated) == account.section.as_of
        except CellError:
            return None
        return account if same_day and not acquired and kind.lower() in ("", "position") else None

    def _before_header(self, record: Record) -> None:
        self.header = self.dialect.header(record) if record.problem is None else None
        if self.header is None:
            self.reading.ignore(record, "stands above the header")
        else:
            self.reading.warn_absent(self.header)

    def _data(self, record: Record, header: Header) -> None:
        cells = RowCells(record, header)
        if self.dialect.leaves_out(cells, self.reading.file):
            return
        self.reading.count_row(record.line)
        purchases = header.fixed.get("row_type") == HELD
        kind = "position" if purchases else cells.text("row_type").lower() or "position"
        label, ending = mask_account(cells.text("account") or "Account of the file")
        if record.problem is not None:
            self.reading.reject(cells, "position", label, "")
            return
        if kind not in _ROW_TYPES:
            cells.fault("row_type", "The row type is neither position nor lot.", "Write position or lot.")
            kind = "position"
        as_of = cells.read("as_of", day)
        if as_of is None and not cells.problems:
            cells.fault("as_of", "The date is missing.", "Give the date of the values as YYYY-MM-DD.")
        account = self._account(cells, label, ending, as_of) if as_of is not None else None
        taken = False
        if as_of is not None and account is not None:
            take = self._purchase if purchases else self._lot if kind == "lot" else self._position
            taken = take(cells, account, as_of)
        if not taken:
            self.reading.reject(cells, kind, label, cells.text("symbol"))

    def _account(self, cells: RowCells, label: str, ending: str, as_of: date) -> _Account:
        reference = cells.text("account")
        key = reference.lower()
        if key not in self.accounts:
            section = self.reading.section(label, ending, reference, as_of, "", holds_positions=True)
            self.accounts[key] = _Account(section)
        account = self.accounts[key]
        if account.section.as_of != as_of:
            cells.fault(
                "as_of",
                f"Another row of this account is of {account.section.as_of:%Y-%m-%d}.",
                "Give all rows of an account the same date, or use one file a date.",
            )
        return account

    def _position(self, cells: RowCells, account: _Account, as_of: date) -> bool:
        if not is_unknown(cells.text("acquired")):
            cells.fault(
                "acquired",
                "A position has no date of purchase; its lots have.",
                "Write lot in the column row_type.",
            )
        row, known, fraction = self._read_position(cells)
        if row is None or not account.repeats.judge(self.reading.file, cells, row):
            return False
        account.take([row], [fraction])
        self._warn_about(cells, row, known, costed="cost_basis" in cells.header.places)
        return True

    def _purchase(self, cells: RowCells, account: _Account, as_of: date) -> bool:
        """A position that is one lot as well; those of a symbol are added up. Cash and shorts have none."""
        row, known, fraction = self._read_position(cells)
        if row is None:
            return False
        if row.asset_class == "cash" or row.unsupported:
            self._warn_about(cells, row, known, costed=True)
        else:
            row.lot = read_lot(cells, row.symbol, as_of)
            if row.lot is None:
                return False
            self._warn_about(cells, row, known, costed=False)
            self._warn_about_lot(cells, account, row.lot, as_of)
        account.take([row], [fraction])
        return True

    def _read_position(self, cells: RowCells) -> tuple[PositionRow | None, bool, Decimal | None]:
        """A position, None where something is wrong with it; whether its kind is known; its stated share."""
        said, found = self.dialect.classify(cells)
        fraction = cells.read("share_of_account", share)
        symbol = self.dialect.symbol(cells, found.asset_class)
        return read_position(cells, found.asset_class, said, symbol), found.known, fraction

    def _warn_about(self, cells: RowCells, row: PositionRow, known: bool, *, costed: bool) -> None:
        warn_about(self.reading.file, row, known, "asset_class" in cells.header.places, None, costed)

    def _lot(self, cells: RowCells, account: _Account, as_of: date) -> bool:
        symbol = cells.text("symbol").upper()
        if not symbol:
            cells.fault(
                "symbol", "The symbol is missing.", "Give the symbol of the position the lot belongs to."
            )
        lot = read_lot(cells, symbol, as_of)
        if lot is None:
            return False
        account.section.lots.append(lot)
        self._warn_about_lot(cells, account, lot, as_of)
        return True

    def _warn_about_lot(self, cells: RowCells, account: _Account, lot: LotRow, as_of: date) -> None:
        first = account.lots_seen.setdefault(hash(tuple(cells.record.cells)), lot.line)
        warn_about_lot(self.reading.file, lot, as_of, None, first)
