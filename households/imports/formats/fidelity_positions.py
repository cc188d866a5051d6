"""Fidelity's "Portfolio Positions": all accounts in one list, each row with its account; disclaimers below.

The names of its columns vary over the years (``Account Name/Number`` or two columns, ``Cost Basis`` or ``Cost
Basis Total``, capitals or not). It has no totals, and no date but "Date downloaded" at the end and in the
file's name.
"""

import re
from dataclasses import replace
from datetime import date

from households.imports.formats.cells import day, is_unknown
from households.imports.formats.content import Limits, Text
from households.imports.formats.headers import Column, Columns, Header
from households.imports.formats.holdings import Holdings, with_idle_end
from households.imports.formats.parsed import CellError, FileRefused, ParsedFile
from households.imports.formats.records import Record, records
from households.imports.formats.rows import Reading, RowCells
from households.imports.formats.sniff import delimiter_of, header_strength
from households.imports.formats.titles import date_of_file

CODE = "fidelity_positions"
LABEL = "Fidelity positions"

COLUMNS = Columns(
    (
        Column("account", ("account number", "account name/number", "account")),
        Column("account_name", ("account name",)),
        Column("symbol", ("symbol",), required=True),
        Column("description", ("description",)),
        Column("quantity", ("quantity",), required=True),
        Column("price", ("last price",), without="values cannot be checked against prices"),
        Column("market_value", ("current value",), required=True),
        Column(
            "cost_basis", ("cost basis total", "cost basis", "total cost basis"), without="gains are unknown"
        ),
        Column("gain", ("total gain/loss dollar", "total gain/loss $")),
        Column("share", ("percent of account", "% of account")),
        Column("held_in", ("type",)),
    ),
    ignored=(
        "last price change",
        "today's gain/loss dollar",
        "today's gain/loss percent",
        "total gain/loss percent",
        "average cost basis",
        "cost basis per share",
        "ex-date",
        "amount per share",
        "pay date",
        "dist. yield",
        "distribution yield as of",
        "sec yield",
        "est. annual income",
        "52-week low",
        "52-week high",
        "sector",
        "industry",
    ),
)
_DOWNLOADED = re.compile(
    r"date "
    r"downloaded\s+(?P<date>[A-Z]{3}-[0-9]{1,2}-[0-9]{4}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2})",
    re.IGNORECASE,
)
_FOOTER_CHARACTERS = 16 * 1024
_PENDING = "pending activity"
_LINKED = "brokeragelink"


def detect(sample: str) -> int:
    """How surely a text is of this format: 3 by a whole header, 1 by a part of one, 0 not."""
    strength = header_strength(sample, COLUMNS)
    return 3 if strength == 2 and "current value" in sample.lower() else min(strength, 1)


def read(text: Text, name: str, limits: Limits) -> ParsedFile:
    """Read a positions export.

    Raises:
        FileRefused: no header row, a missing or doubled column, no date, or more rows than the limits allow.
    """
    return _FidelityReader(text, name, limits).run()


def _downloaded(text: str) -> date | None:
    """The date in the lines below the list (or above it)."""
    for part in (text[-_FOOTER_CHARACTERS:], text[:_FOOTER_CHARACTERS]):
        match = _DOWNLOADED.search(part)
        if match:
            words = match["date"]
            try:
                return day(words.replace("-", " ") if words[0].isalpha() else words)
            except CellError:
                continue
    return None


class _FidelityReader:
    def __init__(self, text: Text, name: str, limits: Limits) -> None:
        self.reading = Reading(text, name, CODE, limits)
        self.records = records(text.text, name, limits, delimiter_of(text.text, COLUMNS))
        as_of = date_of_file(self.reading.file, text, _downloaded(text.text))
        self.holdings = Holdings(self.reading, COLUMNS, as_of)
        self.header: Header | None = None
        self.settled = False

    def run(self) -> ParsedFile:
        for record in self.records:
            if record.problem is None and COLUMNS.looks_like_header(record.cells):
                self.header, self.settled = self.holdings.begin(record), False
            elif self.header is None:
                self._above(record)
            else:
                self._data(record, self.header)
        file = self.reading.file
        if self.header is None or not file.rows_read:
            raise FileRefused(
                "No list with Symbol, Quantity and Current Value was found.",
                file=file.name,
                remedy="Download the positions from Fidelity's Positions page as CSV, or choose another "
                "format.",
            )
        self.holdings.close()
        file.close()
        return file

    def _above(self, record: Record) -> None:
        if record.problem is not None:
            self.reading.count_row(record.line)
            self.reading.reject_line(record, "position", "", record.problem)
        else:
            self.reading.ignore(record)

    def _data(self, record: Record, header: Header) -> None:
        if record.problem is None and self._is_footer(record):
            return
        if not self.settled:
            header = self.header = with_idle_end(header, record)
            self.settled = True
        cells = RowCells(record, header)
        if cells.text("symbol").lower() == _PENDING:  # written with any number of commas
            cells = RowCells(replace(record, width=len(header.cells) + header.empty_end), header)
        number, name = self._account(cells)
        symbol, description = cells.text("symbol"), cells.text("description")
        if record.problem is None and self._is_left_out(cells, symbol, description):
            return
        self.reading.count_row(record.line)
        if record.problem is None and not (symbol or description):
            cells.fault("symbol", "The symbol is missing.", "Give the ticker, or the CUSIP of a bond.")
        pending = symbol.lower() == _PENDING
        cash = pending or symbol.endswith("**") or symbol.upper() == "CORE"
        symbol = symbol if pending else symbol.rstrip("*").lstrip("- ")
        self.holdings.take(cells, number, name, symbol, cash=cash, apart=cells.text("held_in").lower())

    def _account(self, cells: RowCells) -> tuple[str, str]:
        """Number and name of a row's account; older files have both in one column."""
        number, name = cells.text("account"), cells.text("account_name")
        match = re.search(r"(?:^|[\s(-])(?P<number>[A-Z]{0,3}[0-9X*][0-9X*-]{3,})\)?$", number)
        if match and match.start("number"):
            name, number = number[: match.start("number")].strip(" -("), match["number"]
        elif not any(character.isdigit() for character in number):
            name, number = name or number, ""
        return number, name

    def _is_footer(self, record: Record) -> bool:
        """Disclaimers and the date: a cell alone, longer than any symbol, or the words themselves."""
        first = record.cells[0]
        footer = len(record.cells) == 1 and (len(first) > 40 or _DOWNLOADED.match(first) is not None)
        return footer or (len(first) > 80 and record.width < len(self.header.cells if self.header else ()))

    def _is_left_out(self, cells: RowCells, symbol: str, description: str) -> bool:
        file, line = self.reading.file, cells.record.line
        if symbol.lower() == _PENDING and is_unknown(cells.text("market_value")):
            self.reading.ignore(cells.record, "has no amount")
            return True
        if not symbol and _LINKED in description.lower().replace(" ", ""):
            file.warn(
                "linked_account",
                line,
                "BrokerageLink is the value of another account, listed under its own number; the line was "
                "left "
                "out, so that nothing counts twice.",
            )
            return True
        return False
