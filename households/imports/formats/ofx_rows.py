"""The rows of one account of an OFX statement, and what its balances say of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from households.imports.formats.content import Text
from households.imports.formats.ofx_values import cents_of, day_of, negative
from households.imports.formats.parsed import PositionRow
from households.imports.formats.rows import Reading
from households.imports.formats.securities import class_of_name
from households.imports.formats.statements import NamedRows, Statement
from households.imports.formats.titles import date_of_file, name_account
from households.imports.formats.totals import check_stated, dollars, warn_not_compared

_NAMES = {
    "symbol": "TICKER",
    "description": "SECNAME",
    "quantity": "UNITS",
    "price": "UNITPRICE",
    "market_value": "MKTVAL",
    "cost_basis": "",
    "held_in": "HELDINACCT",
    "currency": "CURSYM",
}
KINDS = {
    "POSMF": "fund", "POSDEBT": "bond", "POSOPT": "option", "POSOTHER": "unknown", "POSSTOCK": "unknown",
}  # fmt: skip
"""Kinds of positions -> our asset class."""
_TOTAL_NAMES = ("networth", "net worth", "total account value", "account value", "total value", "marketvalue")


@dataclass
class OfxAccount:
    """What the statement of one account says; its rows wait for the list of securities at the end."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    number: str = ""
    listed: bool = False
    positions: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)
    balances: dict[str, str] = field(default_factory=dict)
    totals: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def day(self) -> date | None:
        """The day that the statement is of."""
        return day_of(self.values.get("DTASOF", ""))


class OfxRows:
    """Makes rows of accounts, now that the securities of the file are known.

    Attributes:
        by_name: how many kinds of securities only a name told.
    """

    def __init__(self, reading: Reading, text: Text, securities: Mapping[str, Mapping[str, str]]) -> None:
        self.reading, self.text, self.securities = reading, text, securities
        self.rows = NamedRows(reading, _NAMES)
        self.by_name = 0

    def settle(self, account: OfxAccount) -> None:
        """Add the account with its rows to the file."""
        file = self.reading.file
        as_of = date_of_file(file, self.text, account.day)
        label, ending = name_account(account.number)
        section = self.reading.section(
            label, ending, account.number, as_of, "", holds_positions=account.listed
        )
        statement = Statement(self.reading, section, costed=False)
        currency = account.values.get("CURDEF", "USD")
        for line, kind, values in account.positions:
            self._position(statement, line, kind, values, currency)
        if account.listed:
            self._cash(statement, account, currency)

    def _position(
        self, statement: Statement, line: int, kind: str, values: Mapping[str, str], currency: str
    ) -> None:
        unique = values.get("UNIQUEID", "")
        security = self.securities.get(unique, {})
        named = {ours: values.get(theirs, "") for ours, theirs in _NAMES.items() if theirs}
        named["symbol"] = security.get("TICKER", "") or unique
        named["description"] = security.get("SECNAME", "")
        named["currency"] = values.get("CURSYM", "") or currency
        if values.get("POSTYPE", "").upper() == "SHORT":
            named["quantity"] = negative(named["quantity"])
            named["market_value"] = negative(named["market_value"])
        cells = self.rows.cells(line, named)
        if named["currency"].strip().upper() != "USD":
            remedy = "Leave it out, or add it by hand in US dollars; other currencies are not supported."
            cells.fault("currency", "The position is not in US dollars.", remedy)
        asset_class = KINDS.get(kind, "unknown")
        if asset_class in ("unknown", "fund"):
            by_name = class_of_name(named["symbol"].upper(), named["description"])
            self.by_name += asset_class == "unknown" and by_name != "unknown"
            asset_class = by_name if asset_class == "unknown" or by_name == "cash" else asset_class
        if not security:
            what = unique or "A position"
            told = f"{what} is not in the file's list of securities; it is kept under that number."
            self.reading.file.warn("unknown_symbol", line, told)
        elif not security.get("TICKER"):
            told = f"{unique} has no ticker; it is kept under that number."
            self.reading.file.warn("no_symbol", line, told)
        statement.position(cells, asset_class, kind)

    def _cash(self, statement: Statement, account: OfxAccount, currency: str) -> None:
        """The cash balance as a row, unless the statement's total shows that a position holds it already."""
        file, section = self.reading.file, statement.section
        total_line, total = _total(account)
        rows = section.positions
        held = sum(row.market_value for row in rows)
        cash = cents_of(account.balances.get("AVAILCASH", "")) if account.balances else None
        if cash is None:
            told = "the statement does not say how much cash there is; it is not taken as zero."
            file.warn("no_cash", account.line, f"{section.label}: {told}")
        elif cash and self._held_already(rows, cash, total):
            told = "is held in a money market fund that is listed; it is not counted twice."
            file.warn(
                "cash_held_as_fund", account.line, f"{section.label}: the cash of {dollars(cash)} {told}"
            )
        elif cash:
            self._balance(statement, account, "Cash", "AVAILCASH", currency)
        if (cents_of(account.balances.get("MARGINBALANCE", "")) or 0) < 0:
            self._balance(statement, account, "Margin balance", "MARGINBALANCE", currency)
        if total is None:
            return
        if statement.rejected:
            warn_not_compared(file, section.label, total_line, statement.rejected)
            return
        held = sum(row.market_value for row in rows)
        check_stated(file, section.label, total_line, "a total", total, held, len(rows))

    def _held_already(self, rows: list[PositionRow], cash: int, total: int | None) -> bool:
        held = sum(row.market_value for row in rows)
        if total is not None and abs(total - held - cash) <= len(rows):
            return False
        if total is not None and abs(total - held) <= len(rows):
            return True
        return any(row.asset_class == "cash" and abs(row.market_value - cash) <= 1 for row in rows)

    def _balance(self, statement: Statement, account: OfxAccount, name: str, tag: str, currency: str) -> None:
        amount = account.balances[tag]
        cells = self.rows.cells(account.line, {"symbol": name, "description": name, "market_value": amount})
        if currency.strip().upper() != "USD":
            remedy = "Add the cash by hand in US dollars; other currencies are not supported."
            cells.fault("market_value", "The balance is not in US dollars.", remedy)
        statement.position(cells, "cash", tag)


def _total(account: OfxAccount) -> tuple[int, int | None]:
    """The line and the amount of the balance that is the whole account; None where there is none."""
    for name in _TOTAL_NAMES:
        if name in account.totals:
            line, value = account.totals[name]
            return line, cents_of(value)
    return account.line, None
