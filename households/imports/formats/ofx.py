"""OFX and QFX investment statements: positions with the list of securities, balances; one account or several.

OFX has no cost basis and no tax lots for what is held (1.0.2 to 2.2), and calls exchange-traded funds stocks:
what a ``POSSTOCK`` is, only the security's name can say. Transactions are counted and kept apart.
"""

from households.imports.formats.content import Limits, Text
from households.imports.formats.ofx_rows import KINDS, OfxAccount, OfxRows
from households.imports.formats.ofx_tokens import MAX_DEPTH, Token, is_ofx, misplaced, strange, tokens
from households.imports.formats.parsed import FileRefused, ParsedFile
from households.imports.formats.rows import Reading
from households.imports.formats.securities import told_by_name
from households.imports.formats.statements import cut_short, newest_of_each

CODE = "ofx"
LABEL = "OFX or QFX investment statement"

_AGGREGATES = frozenset(
    {"INVSTMTRS", "INVACCTFROM", "INVTRANLIST", "INVPOSLIST", "INVPOS", "SECID", "CURRENCY", "ORIGCURRENCY",
     "INVBAL", "BALLIST", "BAL", "SECLIST", "SECINFO", "STMTRS", "CCSTMTRS", "INVOOLIST", "INV401K",
     "INV401KBAL", "STATUS", "FI", *KINDS}
)  # fmt: skip
_PARTS = frozenset({"INVTRANLIST", "INVPOSLIST", "INVBAL", "INVOOLIST", "INV401K", "INV401KBAL"})
"""What a statement is made of: each stands in the statement itself, never inside another part."""
_APART = frozenset({"INVSTMTRS", "STMTRS", "CCSTMTRS", "SECLIST"})
"""What no statement holds."""


def detect(sample: str) -> int:
    """How surely a text is of this format: 3 by its header or root element, 0 not."""
    return 3 if is_ofx(sample) else 0


def read(text: Text, name: str, limits: Limits) -> ParsedFile:
    """Read an OFX or QFX file.

    Raises:
        FileRefused: cut off, no investment statement, no date, or more rows than the limits allow.
    """
    return _OfxReader(text, name, limits).run()


class _OfxReader:
    def __init__(self, text: Text, name: str, limits: Limits) -> None:
        self.reading = Reading(text, name, CODE, limits)
        self.text, self.limits = text, limits
        self.accounts: list[OfxAccount] = []
        self.securities: dict[str, dict[str, str]] = {}
        self.stack: list[tuple[str, int, dict[str, str]]] = []
        self.trades = 0
        self.banks = 0

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
        rows = OfxRows(self.reading, self.text, self.securities)
        for account in listing:
            rows.settle(account)
        self._tell_apart(rows.by_name)
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
                self.accounts.append(OfxAccount(token.line))
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

    def _closed_in_account(self, account: OfxAccount, name: str, line: int, values: dict[str, str]) -> None:
        kind = next((entry[0] for entry in reversed(self.stack) if entry[0] in KINDS), "POSOTHER")
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

    def _tell_apart(self, by_name: int) -> None:
        file = self.reading.file
        file.warn("missing_column", None, "OFX does not say what anything cost: gains are unknown.")
        if self.trades:
            told = f"Transactions listed as well: {self.trades:,}. They are no holdings and are not read."
            file.warn("transactions_apart", None, told)
        if self.banks:
            file.warn("bank_apart", None, "The file holds a bank or card statement as well; it is not read.")
        if by_name:
            told = f"OFX calls exchange-traded funds stocks. {told_by_name(by_name)}"
            file.warn("class_from_name", None, told)
