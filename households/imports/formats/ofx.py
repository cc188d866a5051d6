"""OFX and QFX investment statements: positions with the list of securities, balances; one account or several.

OFX has no cost basis and no tax lots for what is held (1.0.2 to 2.2), and calls exchange-traded funds stocks:
what a ``POSSTOCK`` is, only the security's name can say. Transactions are counted and kept apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from households.imports.formats.content import Limits, Text
from households.imports.formats.ofx_tokens import MAX_DEPTH, Token, is_ofx, misplaced, strange, tokens
from households.imports.formats.ofx_values import cents_of, day_of, negative
from households.imports.formats.parsed import FileRefused, ParsedFile, PositionRow
from households.imports.formats.rows import Reading
from households.imports.formats.securities import class_of_name, told_by_name
from households.imports.formats.statements import NamedRows, Statement, cut_short, newest_of_each
from households.imports.formats.titles import date_of_file, name_account
from households.imports.formats.totals import check_stated, dollars, warn_not_compared

CODE = "ofx"
LABEL = "OFX or QFX investment statement"

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
_KINDS = {
    "POSMF": "fund", "POSDEBT": "bond", "POSOPT": "option", "POSOTHER": "unknown", "POSSTOCK": "unknown",
}  # fmt: skip
_AGGREGATES = frozenset(
    {"INVSTMTRS", "INVACCTFROM", "INVTRANLIST", "INVPOSLIST", "INVPOS", "SECID", "CURRENCY", "ORIGCURRENCY",
     "INVBAL", "BALLIST", "BAL", "SECLIST", "SECINFO", "STMTRS", "CCSTMTRS", "INVOOLIST", "INV401K",
     "INV401KBAL", "STATUS", "FI", *_KINDS}
)  # fmt: skip
_PARTS = frozenset({"INVTRANLIST", "INVPOSLIST", "INVBAL", "INVOOLIST", "INV401K", "INV401KBAL"})
"""What a statement is made of: each stands in the statement itself, never inside another part."""
_APART = frozenset({"INVSTMTRS", "STMTRS", "CCSTMTRS", "SECLIST"})
"""What no statement holds."""
_TOTAL_NAMES = ("networth", "net worth", "total account value", "account value", "total value", "marketvalue")


def detect(sample: str) -> int:
    """How surely a text is of this format: 3 by its header or root element, 0 not."""
    return 3 if is_ofx(sample) else 0


def read(text: Text, name: str, limits: Limits) -> ParsedFile:
    """Read an OFX or QFX file.

    Raises:
        FileRefused: cut off, no investment statement, no date, or more rows than the limits allow.
    """
    return _OfxReader(text, name, limits).run()


@dataclass
class _Account:
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


class _OfxReader:
    def __init__(self, text: Text, name: str, limits: Limits) -> None:
        self.reading = Reading(text, name, CODE, limits)
        self.rows = NamedRows(self.reading, _NAMES)
        self.text, self.limits = text, limits
        self.accounts: list[_Account] = []
        self.securities: dict[str, dict[str, str]] = {}
        self.stack: list[tuple[str, int, dict[str, str]]] = []
        self.trades = 0
        self.banks = 0
        self.by_name = 0

    def run(self) -> ParsedFile:
        file = self.reading.file
        for token in tokens(self.text.text, file.name):
            self._take(token)
        if self._inside("INVSTMTRS"):
            raise cut_short(file.name, self.stack[-1][1])
        listed = newest_of_each(file, [account for account in self.accounts if account.listed])
        numbers = {account.number for account in listed}
        bare = {a.number: a for a in self.accounts if a.balances and a.number not in numbers}
        listing = [*listed, *bare.values()]
        if not listing:
            raise FileRefused(
                "The file is a bank or card statement; it holds no investment account."
                if self.banks
                else "The file holds no statement of an investment account with its positions.",
                file=file.name,
                remedy="Download the positions of the investment account as OFX or QFX.",
            )
        for account in listing:
            self._settle(account)
        self._tell_apart()
        file.close()
        return file

    def _take(self, token: Token) -> None:
        if token.end:
            self._close(token.tag)
        elif token.tag in _AGGREGATES:
            if len(self.stack) >= MAX_DEPTH:
                raise strange(self.reading.file.name, token.line)
            self._check_place(token)
            self.stack.append((token.tag, token.line, {}))
            if token.tag == "INVSTMTRS":
                self.accounts.append(_Account(token.line))
            elif token.tag in ("STMTRS", "CCSTMTRS"):
                self.banks += 1
            elif token.tag == "INVPOSLIST":
                self.accounts[-1].listed = True
        elif self._inside("INVTRANLIST"):
            self.trades += token.tag == "FITID"
        elif self.stack and token.text:
            self.stack[-1][2].setdefault(token.tag, token.text)

    def _check_place(self, token: Token) -> None:
        """A part that was never ended would swallow those behind it, and what they list with them.

        Raises:
            FileRefused: a part outside every statement or inside another one, a statement inside another.
        """
        statement, part = self._inside("INVSTMTRS"), any(entry[0] in _PARTS for entry in self.stack)
        astray = token.tag in _PARTS and (part or not statement)
        if astray or (token.tag in _APART and (part or statement)):
            raise misplaced(self.reading.file.name, token.line, token.tag)

    def _inside(self, tag: str) -> bool:
        return any(entry[0] == tag for entry in self.stack)

    def _close(self, tag: str) -> None:
        """End an aggregate, and with it those inside it that were never ended."""
        if tag not in _AGGREGATES or not self._inside(tag):
            return
        while self.stack:
            name, line, values = self.stack.pop()
            self._closed(name, line, values)
            if name == tag:
                return

    def _closed(self, name: str, line: int, values: dict[str, str]) -> None:
        outer = self.stack[-1][2] if self.stack else {}
        if self._inside("INVTRANLIST"):
            return
        if name in ("SECID", "CURRENCY", "ORIGCURRENCY"):
            for key, value in values.items():
                outer.setdefault(key, value)
        elif name == "SECINFO":
            if len(self.securities) < self.limits.max_rows:
                self.securities[values.get("UNIQUEID", "")] = values
        elif self.accounts:
            self._closed_in_account(self.accounts[-1], name, line, values)

    def _closed_in_account(self, account: _Account, name: str, line: int, values: dict[str, str]) -> None:
        kind = next((entry[0] for entry in reversed(self.stack) if entry[0] in _KINDS), "POSOTHER")
        if name == "INVPOS":
            if len(account.positions) >= self.limits.max_rows:
                self.reading.file.rows_read = self.limits.max_rows
                self.reading.count_row(line)
            account.positions.append((line, kind, values))
        elif name == "INVACCTFROM":
            account.number = values.get("ACCTID", "")
        elif name == "INVBAL":
            account.balances = values
        elif name == "BAL":
            account.totals.setdefault(values.get("NAME", "").lower(), (line, values.get("VALUE", "")))
        elif name == "INVSTMTRS":
            account.values = values

    def _settle(self, account: _Account) -> None:
        """The rows of one account, now that the securities are known."""
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
            cells.fault("currency", "The position is not in US dollars.",
                        "Leave it out, or add it by hand in US dollars; other currencies are not "
                        "supported.")  # fmt: skip
        asset_class = _KINDS.get(kind, "unknown")
        if asset_class in ("unknown", "fund"):
            told = class_of_name(named["symbol"].upper(), named["description"])
            self.by_name += asset_class == "unknown" and told != "unknown"
            asset_class = told if asset_class == "unknown" or told == "cash" else asset_class
        if not security:
            self.reading.file.warn("unknown_symbol", line, f"{unique or 'A position'} is not in the file's "
                                                           "list of "
                                   "securities; it is kept under that number.")  # fmt: skip
        elif not security.get("TICKER"):
            self.reading.file.warn(
                "no_symbol", line, f"{unique} has no ticker; it is kept under that number."
            )
        statement.position(cells, asset_class, kind)

    def _cash(self, statement: Statement, account: _Account, currency: str) -> None:
        """The cash balance as a row, unless the statement's total shows that a position holds it already."""
        file, section = self.reading.file, statement.section
        total_line, total = _total(account)
        rows = section.positions
        held = sum(row.market_value for row in rows)
        cash = cents_of(account.balances.get("AVAILCASH", "")) if account.balances else None
        if cash is None:
            file.warn("no_cash", account.line, f"{section.label}: the statement does not say how much cash "
                                               "there "
                      "is; it is not taken as zero.")  # fmt: skip
        elif cash and self._held_already(rows, cash, total):
            file.warn("cash_held_as_fund", account.line, f"{section.label}: the cash of {dollars(cash)} is "
                                                         "held in a "
                      "money market fund that is listed; it is not counted twice.")  # fmt: skip
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

    def _balance(self, statement: Statement, account: _Account, name: str, tag: str, currency: str) -> None:
        amount = account.balances[tag]
        cells = self.rows.cells(account.line, {"symbol": name, "description": name, "market_value": amount})
        if currency.strip().upper() != "USD":
            cells.fault("market_value", "The balance is not in US dollars.",
                        "Add the cash by hand in US dollars; other currencies are not "
                        "supported.")  # fmt: skip
        statement.position(cells, "cash", tag)

    def _tell_apart(self) -> None:
        file = self.reading.file
        file.warn("missing_column", None, "OFX does not say what anything cost: gains are unknown.")
        if self.trades:
            file.warn("transactions_apart", None, f"Transactions listed as well: {self.trades:,}. They are "
                                                  "no "
                      "holdings and are not read.")  # fmt: skip
        if self.banks:
            file.warn("bank_apart", None, "The file holds a bank or card statement as well; it is not read.")
        if self.by_name:
            file.warn(
                "class_from_name",
                None,
                f"OFX calls exchange-traded funds stocks. {told_by_name(self.by_name)}",
            )


def _total(account: _Account) -> tuple[int, int | None]:
    """The line and the amount of the balance that is the whole account; None where there is none."""
    for name in _TOTAL_NAMES:
        if name in account.totals:
            line, value = account.totals[name]
            return line, cents_of(value)
    return account.line, None
