"""Interactive Brokers' Flex statement (XML): open positions, their lots, cash; one account or several.

What a statement holds is chosen by whoever set up the query: lots (``levelOfDetail="LOT"``), totals and the
kind of stock (``subCategory``) may be absent. Of several days the newest is taken.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from households.imports.formats.cells import cents, day
from households.imports.formats.content import Limits, Text
from households.imports.formats.parsed import CellError, FileRefused, ParsedFile
from households.imports.formats.rows import Reading, RowCells
from households.imports.formats.securities import class_of_name
from households.imports.formats.statements import NamedRows, Statement, newest_of_each
from households.imports.formats.titles import date_of_file, name_account
from households.imports.formats.totals import check_stated, warn_not_compared
from households.imports.formats.xml_events import read_elements

CODE = "ibkr_flex"
LABEL = "Interactive Brokers Flex statement (XML)"

_NAMES = {
    "symbol": "symbol",
    "description": "description",
    "quantity": "position",
    "price": "markPrice",
    "market_value": "positionValue",
    "cost_basis": "costBasisMoney",
    "unit_cost": "costBasisPrice",
    "acquired": "openDateTime",
    "held_from": "holdingPeriodDateTime",
    "gain": "fifoPnlUnrealized",
    "currency": "currency",
    "term": "",
    "disallowed_loss": "",
}
_CLASSES = {
    "FUND": "fund", "BOND": "bond", "BILL": "bond", "OPT": "option", "FOP": "option", "FSFOP": "option",
    "IOPT": "option", "WAR": "option", "FUT": "other", "CFD": "other", "CMDTY": "other", "CRYPTO": "other",
    "FXCFD": "other",
}  # fmt: skip
_STOCKS = {
    "COMMON": "stock", "ADR": "stock", "GDR": "stock", "NYRS": "stock", "REIT": "stock", "PREFERRED": "stock",
    "PREFERENCE": "stock", "MLP": "stock", "TRACKING STK": "stock", "ETF": "fund", "ETN": "fund",
    "ETC": "fund", "ETP": "fund", "CLOSED-END FUND": "fund", "OPEN-END FUND": "fund", "MUTUAL": "fund",
}  # fmt: skip
_TOTALS = ("stock", "options", "bonds", "notes", "funds", "commodities", "crypto")
_DIGITS = re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?:[;, T].*)?")


def detect(sample: str) -> int:
    """How surely a text is of this format: 3 by its root element, 0 not."""
    return 3 if re.search(r"<Flex(QueryResponse|Statements?)\b", sample[:4096]) else 0


def read(text: Text, name: str, limits: Limits) -> ParsedFile:
    """Read a Flex statement.

    Raises:
        FileRefused: not well formed, no open positions, no date, or more rows than the limits allow.
    """
    return _FlexReader(text, name, limits).run()


@dataclass
class _Found:
    """What a statement of one account says, in the order in which it says it."""

    number: str
    line: int
    to: date | None
    currency: str = ""
    listed: bool = False
    rows: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    summaries: dict[str, tuple[int, Mapping[str, str]]] = field(default_factory=dict)
    cash: tuple[int, str] | None = None

    @property
    def day(self) -> date | None:
        """The newest day that a row bears, else the end of the statement's period."""
        days = (_day(values.get("reportDate", "")) for _, values in self.rows)
        return max(filter(None, days), default=None) or self.to


class _FlexReader:
    def __init__(self, text: Text, name: str, limits: Limits) -> None:
        self.reading = Reading(text, name, CODE, limits)
        self.rows = NamedRows(self.reading, _NAMES)
        self.text, self.limits = text, limits
        self.found: _Found | None = None
        self.complete: list[_Found] = []
        self.count = 0

    def run(self) -> ParsedFile:
        file = self.reading.file
        read_elements(self.text.text, file.name, self.limits, self._start, self._end)
        for found in newest_of_each(file, self.complete):
            self._settle(found)
        if not file.accounts:
            raise FileRefused(
                "The statement has no open positions.",
                file=file.name,
                remedy="Add the section Open Positions to the Flex query and run it again.",
            )
        file.close()
        return file

    def _start(self, tag: str, values: Mapping[str, str], line: int) -> None:
        if tag == "FlexStatement":
            self.found = _Found(values.get("accountId", ""), line, _day(values.get("toDate", "")))
            return
        found = self.found
        if found is None:
            return
        if tag == "AccountInformation":
            found.currency = values.get("currency", "")
        elif tag == "OpenPositions":
            found.listed = True
        elif tag == "OpenPosition":
            self.count += 1
            if self.count > self.limits.max_rows:
                self.reading.file.rows_read = self.limits.max_rows
                self.reading.count_row(line)
            found.rows.append((line, {key: values[key] for key in _KEPT if key in values}))
        elif tag == "SecurityInfo":
            if len(found.kinds) < self.limits.max_rows:
                found.kinds[values.get("conid", "")] = values.get("subCategory", "")
        elif tag == "EquitySummaryByReportDateInBase":
            if len(found.summaries) < self.limits.max_rows:
                found.summaries[values.get("reportDate", "")] = (line, dict(values))
        elif tag == "CashReportCurrency" and values.get("currency") == "BASE_SUMMARY":
            found.cash = (line, values.get("endingCash", ""))

    def _end(self, tag: str) -> None:
        if tag == "FlexStatement" and self.found is not None:
            found, self.found = self.found, None
            if found.listed or found.rows:
                self.complete.append(found)

    def _settle(self, found: _Found) -> None:
        """The rows of a statement that is complete."""
        as_of = date_of_file(self.reading.file, self.text, found.day)
        label, ending = name_account(found.number)
        lots_only = bool(found.rows) and all(_is_lot(values) for _, values in found.rows)
        section = self.reading.section(label, ending, found.number, as_of, "", holds_positions=not lots_only)
        statement = Statement(self.reading, section)
        older = 0
        for line, values in found.rows:
            reported = _day(values.get("reportDate", ""))
            if reported is not None and reported < as_of:
                older += 1
                continue
            self._row(statement, found, line, values)
        if older:
            self.reading.file.warn("older_rows", found.line, f"{label}: {older:,} rows are of days before "
                                   f"{as_of:%b %-d, %Y} and are left out.")  # fmt: skip
        if not lots_only:
            summary = max(found.summaries.items(), default=("", None))[1]
            self._cash(statement, found, summary)
            self._check(statement, found, summary)

    def _row(self, statement: Statement, found: _Found, line: int, values: Mapping[str, str]) -> None:
        asset_class, said = _class_of(values, found.kinds)
        named = {ours: values.get(theirs, "") for ours, theirs in _NAMES.items() if theirs}
        named["acquired"], named["held_from"] = _iso(named["acquired"]), _iso(named["held_from"])
        named["symbol"] = named["symbol"] or values.get("cusip") or values.get("isin") or ""
        cells = self.rows.cells(line, named)
        currency = named["currency"] or found.currency
        if currency not in ("USD", ""):
            cells.fault("currency", "The position is not in US dollars.",
                        "Leave it out, or add it by hand in US dollars; other currencies are not "
                        "supported.")  # fmt: skip
        if not cells.text("market_value") and asset_class in ("option", "other"):
            cells.fault("market_value", "The position has no value.", "Add Position Value to the Flex query.")
        gain = cells.try_read("gain", cents)
        if not _is_lot(values):
            statement.position(cells, asset_class, said, gain)
            return
        statement.lot(cells, gain, unsupported="option" if asset_class == "option" else "")
        if cells.text("held_from") and cells.text("held_from")[:10] != cells.text("acquired")[:10]:
            self.reading.file.warn(
                "holding_period_adjusted", line,
                f"{named['symbol']}: bought on {cells.text('acquired')[:10]}, but its holding period runs "
                "from "
                f"{cells.text('held_from')[:10]} (a wash sale). The date of purchase is used.",
            )  # fmt: skip

    def _cash(
        self, statement: Statement, found: _Found, summary: tuple[int, Mapping[str, str]] | None
    ) -> None:
        line, amount = found.cash or (0, "")
        if not amount and summary is not None:
            line, amount = summary[0], summary[1].get("cash", "")
        if not amount or not _nonzero(amount):
            if not amount:
                told = "the statement does not say how much cash there is; it is not taken as zero."
                self.reading.file.warn("no_cash", found.line, f"{statement.section.label}: {told}")
            return
        values = {"symbol": "Cash", "description": "Cash balance", "market_value": amount}
        cells: RowCells = self.rows.cells(line, values)
        if found.currency not in ("USD", ""):
            cells.fault("market_value", f"The cash is in {found.currency[:8]}, the base currency.",
                        "Run the Flex query in US dollars.")  # fmt: skip
        statement.position(cells, "cash", "cash")

    def _check(
        self, statement: Statement, found: _Found, summary: tuple[int, Mapping[str, str]] | None
    ) -> None:
        """Compare the statement's own totals with its rows."""
        file, section = self.reading.file, statement.section
        if summary is None or found.currency not in ("USD", ""):
            told = "the statement has no total in US dollars, so nothing shows that it is complete."
            file.warn("no_total", found.line, f"{section.label}: {told}")
            return
        line, values = summary
        if statement.rejected:
            warn_not_compared(file, section.label, line, statement.rejected)
            return
        stated = [amount for name in _TOTALS if (amount := _cents(values.get(name, ""))) is not None]
        if stated:
            held = [row.market_value for row in section.positions if row.asset_class != "cash"]
            check_stated(file, section.label, line, "securities", sum(stated), sum(held), len(held))
        accrued = (_cents(values.get("dividendAccruals", "")) or 0) + (
            _cents(values.get("interestAccruals", "")) or 0
        )
        if accrued:
            file.warn("accruals", line, f"{section.label}: accrued dividends and interest of "
                      f"${accrued / 100:,.2f} are no position yet and are left out.")  # fmt: skip


_KEPT = frozenset(
    {
        *_NAMES.values(),
        "assetCategory",
        "subCategory",
        "conid",
        "reportDate",
        "levelOfDetail",
        "cusip",
        "isin",
    }
)


def _is_lot(values: Mapping[str, str]) -> bool:
    return values.get("levelOfDetail", "").upper() == "LOT"


def _class_of(values: Mapping[str, str], kinds: Mapping[str, str]) -> tuple[str, str]:
    category = values.get("assetCategory", "").upper()
    kind = (values.get("subCategory") or kinds.get(values.get("conid", ""), "")).upper()
    said = f"{category} {kind}".strip()
    if category != "STK":
        return _CLASSES.get(category, "unknown"), said
    found = _STOCKS.get(kind, "unknown")
    if found == "unknown":
        found = class_of_name(values.get("symbol", ""), values.get("description", ""))
    return found, said


def _iso(text: str) -> str:
    """Flex writes a day as 20260101 and a time as 20260101;093000, unless the query says otherwise."""
    match = _DIGITS.fullmatch(text.strip())
    return f"{match['y']}-{match['m']}-{match['d']}" if match else re.split(r"[;,]", text)[0].strip()


def _day(text: str) -> date | None:
    try:
        return day(_iso(text))
    except CellError:
        return None


def _cents(text: str) -> int | None:
    try:
        return cents(text)
    except CellError:
        return None


def _nonzero(amount: str) -> bool:
    return any(digit in "123456789" for digit in amount)
