"""Rows read by columns: what is plain about a run of rows is decided once a column, not once a cell.

A row is taken here only where nothing at all is to be said about it: every number is written in the one ordinary way,
the kind of security is known, and value, price, cost and gain confirm each other. Every other row goes the careful
way, record by record, and nothing tells the two apart afterwards; tests hold that.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from households.imports.formats.cells import share
from households.imports.formats.headers import Header
from households.imports.formats.parsed import CellError, PositionRow
from households.imports.formats.positions import DESCRIPTION_LENGTH
from households.imports.formats.records import Rows
from households.imports.formats.rows import PRICE_PLACES, QUANTITY_PLACES, TOTAL_WORDS

FEWEST = 16
"""Rows below which looking at columns costs more than it saves."""
MAX_SYMBOL = 8  # the shortest symbol of an option has nine characters
_WHOLE = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})"
_CENTS = rf"\$?{_WHOLE}\.[0-9]{{2}}"
_SIGNED_CENTS = rf"[+-]?{_CENTS}"
_DOLLARS = re.compile(_WHOLE)
_ROUNDING = tuple(0.5 * 10.0 ** (2 - max(2, places)) for places in range(PRICE_PLACES + 1))
"""By the decimals of a price: how far a cent's worth of rounding reaches, in cents a unit."""


@dataclass(slots=True)
class PlainPosition:
    """A row that needs no second look: the position, its stated gain in cents, its stated share."""

    row: PositionRow
    gain: int | None
    share: Decimal | None


ClassOf = Callable[[str], tuple[str, str] | None]
"""The text of the column that names the kind -> what is said and the asset class; None: look at the row."""


def _each(pattern: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A pattern for one cell, and for a column of such cells joined by line ends."""
    return re.compile(pattern), re.compile(rf"{pattern}(?:\n{pattern})*")


_ONE_CENTS, _ALL_CENTS = _each(_CENTS)
_ONE_SIGNED, _ALL_SIGNED = _each(_SIGNED_CENTS)
_ONE_PRICE, _ALL_PRICE = _each(rf"\$?{_WHOLE}(?:\.[0-9]{{1,{PRICE_PLACES}}})?")
_ONE_COUNT, _ALL_COUNT = _each(rf"{_WHOLE}(?:\.[0-9]{{1,{QUANTITY_PLACES}}})?")
_UNWRITTEN = str.maketrans("", "", "$,+.")
_UNMARKED = str.maketrans("", "", "$,")


def cents_column(cells: Sequence[str], *, signed: bool = False) -> list[int | None]:
    """Amounts in cents; None for each cell that is not written as dollars and cents."""
    one, every = (_ONE_SIGNED, _ALL_SIGNED) if signed else (_ONE_CENTS, _ALL_CENTS)
    joined = "\n".join(cells)
    if every.fullmatch(joined):
        return list(map(int, joined.translate(_UNWRITTEN).split("\n")))
    return [
        int(cell.translate(_UNWRITTEN))
        if one.fullmatch(cell)
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
    one, every = (_ONE_PRICE, _ALL_PRICE) if money else (_ONE_COUNT, _ALL_COUNT)
    joined = "\n".join(cells)
    if every.fullmatch(joined):
        return list(map(_exact, joined.translate(_UNMARKED).split("\n")))
    return [_exact(cell.translate(_UNMARKED)) if one.fullmatch(cell) else None for cell in cells]


class _Columns:
    """The columns of those rows that are exactly as wide as their header says."""

    def __init__(self, rows: Rows, header: Header) -> None:
        width = len(header.cells) + header.empty_end
        cells = rows.cells
        self.places: Sequence[int] = range(len(cells))
        if any(len(row) != width for row in cells):
            self.places = [place for place, row in enumerate(cells) if len(row) == width]
            cells = [cells[place] for place in self.places]
        if header.empty_end and any(row[-1] for row in cells):
            cells = []
        self.count = len(cells)
        self._columns = list(zip(*cells, strict=True)) if self.count >= FEWEST else []
        self._header = header

    def __bool__(self) -> bool:
        return bool(self._columns)

    def has(self, field: str) -> bool:
        return field in self._header.places

    def texts(self, field: str) -> list[str]:
        """A column without blanks around its cells; empty texts where the file has no such column."""
        place = self._header.places.get(field, -1)
        return [cell.strip() for cell in self._columns[place]] if place >= 0 else [""] * self.count


def plain_positions(
    rows: Rows, header: Header, class_of: ClassOf, kind: str, shares: str
) -> list[PlainPosition | None]:
    """For each row the position in it, or None where the row must be looked at.

    Args:
        class_of: the asset class by the text of the column ``kind``.
        shares: the field of the stated share of the account.
    """
    found: list[PlainPosition | None] = [None] * len(rows.cells)
    columns = _Columns(rows, header)
    if not columns:
        return found
    nothing: list[None] = [None] * columns.count
    kinds = {text: class_of(text) for text in set(columns.texts(kind))}
    priced, costed = columns.has("price"), columns.has("cost_basis")
    values = cents_column(columns.texts("market_value"))
    counts = numbers_column(columns.texts("quantity"), money=False)
    prices = numbers_column(columns.texts("price"), money=True) if priced else nothing
    costs = cents_column(columns.texts("cost_basis")) if costed else nothing
    gains = _gains(columns)
    parts = _shares(columns, shares)
    first = rows.line
    for place, symbol, description, said, count, price, value, cost, gain, part in zip(
        columns.places, columns.texts("symbol"), columns.texts("description"), columns.texts(kind),
        counts, prices, values, costs, gains, parts, strict=True,
    ):  # fmt: skip
        known = kinds[said]
        if (
            known is None or count is None or value is None or gain is None
            or (cost is None and costed) or (price is None and priced)
            or not (symbol.isalnum() and symbol.isupper() and symbol.isascii())
            or len(symbol) > MAX_SYMBOL or symbol.lower() in TOTAL_WORDS or "--" in description
        ):  # fmt: skip
            continue
        if price is not None and not _agree(count, price, value):
            continue
        if cost is not None and gain is not NO_GAIN and abs(value - cost - gain) > 1:
            continue
        row = PositionRow(
            first + place, symbol, description[:DESCRIPTION_LENGTH], known[1], known[0][:64],
            count[0], None if price is None else price[0], value, cost,
        )  # fmt: skip
        found[place] = PlainPosition(row, None if gain is NO_GAIN else gain, part)
    return found


NO_GAIN = 10**30
"""Stands for a gain that the file does not state; a gain that cannot be read sends its row the careful way."""


def _gains(columns: _Columns) -> list[int | None]:
    if not columns.has("gain"):
        return [NO_GAIN] * columns.count
    return cents_column(columns.texts("gain"), signed=True)


def _shares(columns: _Columns, field: str) -> list[Decimal | None]:
    return [_share(text) for text in columns.texts(field)] if columns.has(field) else [None] * columns.count


@lru_cache(maxsize=16_384)
def _share(text: str) -> Decimal | None:
    try:
        return share(text)
    except CellError:
        return None


def _agree(count: tuple[Decimal, float, int], price: tuple[Decimal, float, int], value: int) -> bool:
    """Whether count times price is surely the value; where it is close, the exact sum decides elsewhere."""
    slack = count[1] * _ROUNDING[price[2]] + 1.0
    return abs(count[1] * price[1] * 100 - value) < slack * (1 - 1e-9) - 1e-6 - value * 1e-12
