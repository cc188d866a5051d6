"""Which line of an unknown list is its header, and what its columns seem to be, by their words alone.

A guess is only ever shown to somebody who confirms or corrects it.
"""

import re
from collections.abc import Sequence

from households.imports.formats.column_maps import column_keys, headers_in, value_among
from households.imports.formats.headers import normal
from households.imports.formats.records import Record

_WORDS: dict[str, tuple[str, ...]] = {
    "symbol": (
        "symbol", "ticker", "ticker symbol", "symbol/cusip", "security symbol", "security id", "security",
        "cusip", "instrument", "asset id",
    ),
    "quantity": (
        "quantity", "qty", "shares", "units", "shares/units", "shares/par", "par", "number of shares",
        "units held", "shares held", "total shares", "position", "quantity held", "face amount",
    ),
    "market_value": (
        "market value", "mkt value", "mkt val", "current value", "total value", "total market value",
        "current market value", "position value", "ending value", "mv", "value", "market val", "amount",
    ),
    "price": (
        "price", "unit price", "share price", "market price", "last price", "closing price", "current price",
        "price per share", "px", "nav", "close",
    ),
    "cost_basis": (
        "cost basis", "total cost", "cost basis total", "total cost basis", "tax cost", "book cost",
        "book value", "adjusted cost", "adjusted cost basis", "federal tax cost", "cost", "basis",
    ),
    "description": (
        "description", "security description", "security name", "name", "asset description", "investment",
        "investment name", "issue", "asset name", "holding", "fund name",
    ),
    "asset_class": (
        "asset class", "security type", "asset type", "type", "asset category", "category", "class",
        "product type", "investment type", "instrument type",
    ),
    "account": (
        "account", "account number", "acct", "account no", "account #", "acct number", "acct no", "acct #",
        "account id", "portfolio", "portfolio number", "account name/number", "account name",
    ),
    "as_of": (
        "as of", "as of date", "asof", "date", "valuation date", "position date", "price date",
        "statement date", "business date", "holding date", "pricing date", "effective date",
    ),
    "row_type": ("row type", "record type", "line type"),
    "acquired": (
        "acquired", "date acquired", "acquisition date", "acquired date", "open date", "purchase date",
        "trade date", "tax date", "opened", "lot date",
    ),
    "share_of_account": (
        "share of account", "% of account", "weight", "allocation", "% of portfolio", "% of total",
        "percent of account", "percent of portfolio", "% assets", "weight %", "% weight", "pct of portfolio",
    ),
    "disallowed_loss": (
        "disallowed loss", "wash sale", "wash sale disallowed", "wash sale loss disallowed",
        "disallowed amount",
    ),
}  # fmt: skip
"""Our column -> what custodians call it, the surest first."""
_UNIT = re.compile(r"[($\[]+ ?(usd|us\$|\$|us dollars)? ?[)\]]*|\busd\b|\$", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[_.\-]+")


_EXPLAINED = re.compile(r"(?P<short>[^()]*)\((?P<long>[^()]*)\)\s*")


def _plain(cell: str) -> str:
    """A column name without its unit, underscores and hyphens: ``Market_Value ($)`` is ``market value``."""
    return normal(_PUNCTUATION.sub(" ", _UNIT.sub(" ", cell)))


def _names(cell: str) -> list[str]:
    """What a column may be called by: its name, or the two of ``Qty (Quantity)``."""
    explained = _EXPLAINED.fullmatch(cell)
    return [_plain(cell), *(map(_plain, explained.groups()) if explained else ())]


def guess_columns(cells: Sequence[str]) -> tuple[dict[str, str], str]:
    """The mapping that a header seems to ask for: our columns -> keys, and what every row seems to be.

    Each column of the file is taken once, by whom its words fit best. Rows with a value and a date of
    purchase may be all that is held, or lots of some of it: somebody must say which.
    """
    keys = column_keys(cells)
    found = [
        (words.index(name), place, field)
        for place, cell in enumerate(cells)
        for name in _names(cell)
        for field, words in _WORDS.items()
        if name in words
    ]
    columns: dict[str, str] = {}
    taken: set[int] = set()
    for _, place, field in sorted(found):
        if field not in columns and place not in taken:
            columns[field] = keys[place]
            taken.add(place)
    if "row_type" in columns or ("acquired" in columns and columns.keys() & {"market_value", "price"}):
        return columns, ""
    if "acquired" in columns:
        return columns, "lot"
    columns.pop("disallowed_loss", None)
    return columns, "position"


def guess_header(text: str) -> tuple[Record, str] | None:
    """The record that looks most like a header, and its delimiter: by the columns one could guess, then by
    the number of names; the first of them. None where no record has enough cells."""
    best: tuple[Record, str] | None = None
    most = (-1, -1)
    for record, delimiter in headers_in(text):
        if value_among(record.cells):
            continue
        held = (len(guess_columns(record.cells)[0]), sum(1 for cell in record.cells if cell))
        if held > most:
            best, most = (record, delimiter), held
    return best


def header_at(text: str, line: int) -> tuple[Record, str] | None:
    """The record that begins on a line, under the delimiter that finds most cells in it."""
    there = [(record, delimiter) for record, delimiter in headers_in(text) if record.line == line]
    return max(there, key=lambda pair: len(pair[0].cells), default=None)
