"""Rows read by columns: what is plain about a run of rows is decided once a column, not once a cell.

A row is taken here only where nothing at all is to be said about it: every number is written in the one
ordinary way, the kind of security is known, and value, price, cost and gain confirm each other. Every other
row goes the careful way, record by record, and nothing tells the two apart afterwards; tests hold that.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import compress, repeat
from operator import itemgetter
from typing import Any

import numpy as np

from households.imports.formats.cells import share
from households.imports.formats.headers import Header
from households.imports.formats.parsed import CellError, PositionRow
from households.imports.formats.positions import DESCRIPTION_LENGTH
from households.imports.formats.records import Rows
from households.imports.formats.rows import PRICE_PLACES, QUANTITY_PLACES, TOTAL_WORDS

FEWEST = 16
"""Rows below which looking at columns costs more than it saves."""
_SYMBOL = "[A-Z][A-Z0-9]{0,7}"
"""Symbols that can be no option's (those have nine characters or more), no cash line, no total."""
LINE = "\n"
_WHOLE = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})"
_DOLLARS = re.compile(_WHOLE)
_ROUNDING = np.array([0.5 * 10.0 ** (2 - max(2, places)) for places in range(PRICE_PLACES + 1)])
"""By the decimals of a price: how far a cent's worth of rounding reaches, in cents a unit."""


@dataclass(slots=True)
class Plain:
    """The rows of a run that need no second look, in their order.

    Attributes:
        places: where in the run each of them stands.
        positions: what they say; all symbols are in capitals.
        gains: their stated gains in cents.
        shares: their stated shares of the account.
    """

    places: Sequence[int]
    positions: list[PositionRow]
    gains: Sequence[int | None]
    shares: Sequence[Decimal | None]


ClassOf = Callable[[str], tuple[str, str] | None]
"""The text of the column that names the kind -> what is said and the asset class; None: look at the row."""


_ONE_SYMBOL, _ALL_SYMBOLS = re.compile(_SYMBOL), re.compile(rf"{_SYMBOL}(?:\n{_SYMBOL})*")
_CENTS = re.compile(rf"\$?{_WHOLE}\.[0-9]{{2}}")
_SIGNED = re.compile(rf"[+-]?\$?{_WHOLE}\.[0-9]{{2}}")
_PRICE = re.compile(rf"\$?{_WHOLE}(?:\.[0-9]{{1,{PRICE_PLACES}}})?")
_COUNT = re.compile(rf"{_WHOLE}(?:\.[0-9]{{1,{QUANTITY_PLACES}}})?")
_SHAPE = bytes(ord("0") if 48 <= byte <= 57 else byte for byte in range(256))
_END = b"\n"


def _all_written(cells: bytes, way: re.Pattern[str]) -> bool:
    """Whether every cell of a joined column is written in one way; judged once for cells of the same
    shape."""
    return all(way.fullmatch(shape.decode()) for shape in set(cells.translate(_SHAPE).split(_END)))


def _unmarked(text: str) -> str:
    """A number without its dollar sign and thousands marks."""
    return text.replace("$", "").replace(",", "")


def cents_column(cells: Sequence[str], *, signed: bool = False) -> list[int | None]:
    """Amounts in cents; None for each cell that is not written as dollars and cents."""
    way = _SIGNED if signed else _CENTS
    joined = LINE.join(cells).encode("ascii", "replace")
    if _all_written(joined, way):
        return list(map(int, joined.translate(None, b"$,.+").split(_END)))
    return [
        int(_unmarked(cell).replace(".", ""))
        if way.fullmatch(cell)
        else int(cell.replace(",", "")) * 100
        if _DOLLARS.fullmatch(cell)
        else None
        for cell in cells
    ]


@lru_cache(maxsize=65_536)
def _exact(text: str) -> tuple[Decimal, float, int]:
    """A plain number exactly, nearly, and how many decimals it has without idle zeros."""
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return Decimal(text), float(text), len(text.partition(".")[2])


def numbers_column(cells: Sequence[str], *, money: bool) -> list[tuple[Decimal, float, int] | None]:
    """Prices (``money``) or quantities; None for each cell that is not a plain number."""
    way = _PRICE if money else _COUNT
    joined = LINE.join(cells).encode("ascii", "replace")
    if _all_written(joined, way):
        return list(map(_exact, joined.translate(None, b"$,").decode().split(LINE)))
    return [_exact(_unmarked(cell)) if way.fullmatch(cell) else None for cell in cells]


class _Columns:
    """The columns of those rows that are exactly as wide as their header says, less those that prove odd."""

    def __init__(self, rows: Rows, header: Header) -> None:
        width = len(header.cells) + header.empty_end
        cells = rows.cells
        self.places: list[int] = list(range(len(cells)))
        if set(map(len, cells)) != {width}:
            self.places = [place for place, row in enumerate(cells) if len(row) == width]
            cells = [cells[place] for place in self.places]
        if header.empty_end and any(map(itemgetter(-1), cells)):
            self.places = []
        columns = list(zip(*cells, strict=True)) if len(self.places) >= FEWEST else []
        self._columns: dict[str, Sequence[Any]] = {}
        self.keep_later: list[bool] = []
        self._texts = {field: columns[place] for field, place in header.places.items()} if columns else {}
        self.count = len(self.places) if columns else 0

    def __contains__(self, field: str) -> bool:
        return field in self._texts

    def texts(self, field: str) -> Sequence[str]:
        """A column of the file without blanks around its cells; empty texts where it has no such column."""
        cells = self._texts.get(field)
        if cells is None:
            return [""] * self.count
        joined = f"\n{LINE.join(cells)}\n"
        return [cell.strip() for cell in cells] if "\n " in joined or " \n" in joined else cells

    def hold(self, field: str, values: Sequence[Any]) -> None:
        """Keep what a column says."""
        self._columns[field] = values

    def __getitem__(self, field: str) -> Sequence[Any]:
        return self._columns[field]

    def keep(self, good: Sequence[Any]) -> None:
        """Leave out the rows whose entry is false."""
        if all(good):
            return
        self.places = list(compress(self.places, good))
        self.count = len(self.places)
        for field, values in self._columns.items():
            self._columns[field] = list(compress(values, good))

    def keep_known(self, *fields: str) -> None:
        """Leave out the rows in which one of these is None."""
        for field in fields:
            values = self._columns[field]
            if None in values:
                self.keep([value is not None for value in values])


def plain_positions(rows: Rows, header: Header, class_of: ClassOf, kind: str, share_of: str) -> Plain:
    """The positions of those rows about which nothing is to be said.

    Args:
        class_of: the asset class by the text of the column ``kind``.
        share_of: the field of the stated share of the account.
    """
    columns = _Columns(rows, header)
    if not columns.count:
        return Plain([], [], [], [])
    _hold_texts(columns, class_of, kind, share_of)
    _hold_numbers(columns)
    columns.keep_known("kind", "count", "price", "value", "cost", "gain")
    if UNREADABLE in columns["share"]:
        columns.keep([part is not UNREADABLE for part in columns["share"]])
    if not columns.count:
        return Plain([], [], [], [])
    _confirm(columns)
    said, classes = zip(*columns["kind"], strict=True) if columns.count else ((), ())
    priced, costed = "price" in columns, "cost_basis" in columns
    positions = list(
        map(
            PositionRow,
            map((rows.line).__add__, columns.places),
            columns["symbol"],
            columns["description"],
            classes,
            said,
            map(_FIRST, columns["count"]),
            map(_FIRST, columns["price"]) if priced else repeat(None),
            columns["value"],
            columns["cost"] if costed else repeat(None),
        )
    )
    gains = columns["gain"] if "gain" in columns else [None] * columns.count
    return Plain(columns.places, positions, gains, columns["share"])


_FIRST, _SECOND, _THIRD = itemgetter(0), itemgetter(1), itemgetter(2)


def _hold_texts(columns: _Columns, class_of: ClassOf, kind: str, share_of: str) -> None:
    symbols, descriptions, said = columns.texts("symbol"), columns.texts("description"), columns.texts(kind)
    kinds = {text: class_of(text) for text in set(said)}
    shares = columns.texts(share_of)
    columns.hold("symbol", symbols)
    columns.hold("kind", [kinds[text] for text in said])
    columns.hold("share", list(map(_share, shares)) if share_of in columns else [None] * columns.count)
    if max(map(len, descriptions)) > DESCRIPTION_LENGTH:
        descriptions = [text[:DESCRIPTION_LENGTH] for text in descriptions]
    columns.hold("description", descriptions)
    odd = "--" in LINE.join(descriptions)
    if (
        odd
        or not _ALL_SYMBOLS.fullmatch(LINE.join(symbols))
        or not TOTAL_WORDS.isdisjoint(map(str.lower, symbols))
    ):
        columns.keep_later = [
            _ONE_SYMBOL.fullmatch(symbol) is not None
            and symbol.lower() not in TOTAL_WORDS
            and "--" not in text
            for symbol, text in zip(symbols, descriptions, strict=True)
        ]


def _hold_numbers(columns: _Columns) -> None:
    """Numbers of each row; a column that the file does not have is a column of zeros, which is never looked
    at."""
    absent = [0] * columns.count
    columns.hold("count", numbers_column(columns.texts("quantity"), money=False))
    columns.hold("value", cents_column(columns.texts("market_value")))
    columns.hold(
        "price", numbers_column(columns.texts("price"), money=True) if "price" in columns else absent
    )
    columns.hold("cost", cents_column(columns.texts("cost_basis")) if "cost_basis" in columns else absent)
    columns.hold("gain", cents_column(columns.texts("gain"), signed=True) if "gain" in columns else absent)
    if columns.keep_later:
        columns.keep(columns.keep_later)


def _confirm(columns: _Columns) -> None:
    """Keep the rows whose numbers surely confirm each other; where it is close, the exact sum decides
    elsewhere."""
    value = np.array(columns["value"], dtype=float)
    good = np.ones(len(value), dtype=bool)
    if "price" in columns:
        count = np.array(list(map(_SECOND, columns["count"])))
        price = np.array(list(map(_SECOND, columns["price"])))
        slack = count * _ROUNDING[list(map(_THIRD, columns["price"]))] + 1.0
        good &= np.abs(count * price * 100 - value) < slack * (1 - 1e-9) - value * 1e-12 - 1e-6
    if "cost_basis" in columns and "gain" in columns:
        cost, gain = np.array(columns["cost"], dtype=float), np.array(columns["gain"], dtype=float)
        good &= np.abs(value - cost - gain) <= 1
    if not good.all():
        columns.keep(good.tolist())


UNREADABLE = Decimal("NaN")
"""Stands for a stated share that is none; told by identity."""


@lru_cache(maxsize=16_384)
def _share(text: str) -> Decimal | None:
    try:
        return share(text)
    except CellError:
        return UNREADABLE
