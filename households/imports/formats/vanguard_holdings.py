"""Vanguard's download of an account: a list of holdings and below it a list of transactions, in one file.

Neither says what date it is of, what kind a security is, or what it cost. The transactions are no holdings:
they are counted, and kept apart from them.
"""

from datetime import date

from households.imports.formats.cells import day
from households.imports.formats.content import Limits, Text
from households.imports.formats.headers import Column, Columns, Header, normal
from households.imports.formats.holdings import Holdings, with_idle_end
from households.imports.formats.parsed import CellError, FileRefused, ParsedFile
from households.imports.formats.records import Record, records
from households.imports.formats.rows import TOTAL_WORDS, Reading, RowCells, cut_off
from households.imports.formats.sniff import delimiter_of, find_header
from households.imports.formats.titles import date_of_file

CODE = "vanguard_holdings"
LABEL = "Vanguard holdings (with or without transactions)"

COLUMNS = Columns(
    (
        Column("account", ("account number",), without="all rows are taken for one account"),
        Column("account_name", ("account name",)),
        Column("description", ("investment name", "fund name"), required=True),
        Column("symbol", ("symbol", "ticker", "symbol/cusip")),
        Column("quantity", ("shares", "quantity"), required=True),
        Column("price", ("share price", "price"), without="values cannot be checked against prices"),
        Column("market_value", ("total value", "market value", "current value"), required=True),
        Column("cost_basis", ("cost basis", "total cost"), without="gains are unknown"),
    ),
    ignored=("fund number", "fund account number", "account type", "percent of account"),
)
_TRANSACTIONS = frozenset({"trade date", "transaction type", "transaction description", "net amount"})


def detect(sample: str) -> int:
    """How surely a text is of this format: 3 by a header of its columns alone, 2 with others, 1 by a part.

    0 is not at all. Lists of other custodians' funds have its few columns too.
    """
    found = find_header(sample, COLUMNS)
    if found is None or not COLUMNS.complete(found[0].cells):
        return 0 if found is None else 1
    return 3 if COLUMNS.recognized(found[0].cells) == sum(map(bool, found[0].cells)) else 2


def read(text: Text, name: str, limits: Limits) -> ParsedFile:
    """Read a download of holdings.

    Raises:
        FileRefused: no header row, a missing or doubled column, no date, or more rows than the limits allow.
    """
    return _VanguardReader(text, name, limits).run()


class _VanguardReader:
    def __init__(self, text: Text, name: str, limits: Limits) -> None:
        self.reading = Reading(text, name, CODE, limits)
        self.records = records(text.text, name, limits, delimiter_of(text.text, COLUMNS))
        self.holdings = Holdings(self.reading, COLUMNS, date_of_file(self.reading.file, text, None))
        self.header: Header | None = None
        self.settled = False
        self.traded: int | None = None
        """Place of the trade date in the list of transactions; None outside of it."""
        self.transactions = 0
        self.trade_days: list[date] = []

    def run(self) -> ParsedFile:
        for record in self.records:
            self._take(record)
        file = self.reading.file
        if self.header is None or not file.rows_read:
            raise FileRefused(
                "No list with Investment Name, Shares and Total Value was found.",
                file=file.name,
                remedy="Download the holdings from Vanguard as CSV, or choose another format.",
            )
        self._tell_transactions()
        self.holdings.close()
        file.close()
        return file

    def _take(self, record: Record) -> None:
        names = list(map(normal, record.cells)) if record.problem is None else []
        if len(_TRANSACTIONS.intersection(names)) >= 2:
            self.traded = names.index("trade date") if "trade date" in names else -1
        elif record.problem is None and COLUMNS.looks_like_header(record.cells):
            self.header, self.settled, self.traded = self.holdings.begin(record), False, None
        elif self.traded is not None:
            self._transaction(record, self.traded)
        elif self.header is None:
            self.reading.ignore(record, "stands above the header")
        else:
            self._data(record, self.header)

    def _data(self, record: Record, header: Header) -> None:
        if record.problem is None and record.only and len(record.only) > 40:
            self.reading.ignore(record)
            return
        if not self.settled:
            header = self.header = with_idle_end(header, record)
            self.settled = True
        cells = RowCells(record, header)
        if record.problem is None and record.cells[0].lower() in TOTAL_WORDS:
            self.reading.ignore(record)
            return
        self.reading.count_row(record.line)
        number, name = cells.text("account"), cells.text("account_name")
        if record.problem is None and record.only:
            cells.problems.append(cut_off(record, "holding"))
            number = ""
        elif not cells.text("description") and not cells.text("symbol"):
            cells.fault("description", "The name is missing.", "Export the file again.")
        symbol = "" if cells.text("symbol") in ("--", "-", "\u2014") else cells.text("symbol")
        self.holdings.take(cells, number, name, symbol)

    def _transaction(self, record: Record, place: int) -> None:
        self.transactions += 1
        try:
            traded = day(record.cells[place]) if 0 <= place < len(record.cells) else None
        except CellError:
            traded = None
        if traded is not None:
            ends = [*self.trade_days, traded]
            self.trade_days = [min(ends), max(ends)]

    def _tell_transactions(self) -> None:
        if not self.transactions:
            return
        file = self.reading.file
        when = "" if not self.trade_days else (
            f" from {self.trade_days[0]:%b %-d, %Y} to {self.trade_days[1]:%b %-d, %Y}"
        )  # fmt: skip
        file.warn(
            "transactions_apart",
            None,
            f"Transactions listed as well: {self.transactions:,}{when}. They are no holdings and are not "
            "read.",
        )
        if self.trade_days and self.trade_days[1] > self.holdings.as_of:
            file.warn(
                "date_before_transactions",
                None,
                f"The values are taken to be of {self.holdings.as_of:%b %-d, %Y}, but the file lists "
                "transactions up "
                f"to {self.trade_days[1]:%b %-d, %Y}. Check the date.",
            )
