"""Judging one position row, the same for every format: class, value, support, contradictions."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from households.imports.formats.cells import cents
from households.imports.formats.parsed import ParsedFile, PositionRow, Problem
from households.imports.formats.rows import QUOTE_REMEDY, RowCells, agrees, price, product_cents, quantity
from households.imports.formats.securities import (
    class_of_type,
    is_cash_symbol,
    is_option_symbol,
    told_by_name,
    unsupported,
)
from households.imports.formats.totals import dollars, plain

SYMBOL_LENGTH = 64
DESCRIPTION_LENGTH = 200
_SHORT_LINE = (
    "The line has fewer cells than the header has columns, and its numbers do not confirm each other."
)
_SPLIT_LINE = "The line has more cells than the header has columns, and its numbers contradict each other."


@dataclass(frozen=True, slots=True)
class Classified:
    """An asset class and where it came from; ``known`` is False where the file does not say it."""

    asset_class: str
    known: bool


def classify(symbol: str, security_type: str) -> Classified:
    """A position's class: by its symbol's shape (options, Schwab's cash line), else by the stated type."""
    if is_option_symbol(symbol):
        return Classified("option", True)
    if is_cash_symbol(symbol):
        return Classified("cash", True)
    found = class_of_type(security_type)
    return Classified(found, found != "unknown")


def read_position(cells: RowCells, asset_class: str, security_type: str, symbol: str) -> PositionRow | None:
    """The position in a row, or None with the problems noted on ``cells``."""
    missing = cells.judge_width()
    if not symbol:
        cells.fault("symbol", "The symbol is missing.", "Give the ticker, or the CUSIP of a bond.")
    elif len(symbol) > SYMBOL_LENGTH:
        cells.fault("symbol", f"The symbol is longer than {SYMBOL_LENGTH} characters.", "Check the columns.")
    count = cells.read("quantity", quantity)
    unit = cells.read("price", price)
    value = cells.read("market_value", cents)
    cost = cells.read("cost_basis", cents)
    if not cells.problems and value is None:
        value = _value_of(cells, asset_class, count, unit)
    if missing and not agrees(count, unit, value):
        shown = ",".join(cells.record.cells)[:200]
        cells.problems.append(
            Problem("line", shown, _SHORT_LINE, "Export the file again; a cell is missing.")
        )
    if cells.header.has_idle_cells(cells.record) and agrees(count, unit, value) is False:
        cells.problems.append(Problem("line", ",".join(cells.record.cells)[:200], _SPLIT_LINE, QUOTE_REMEDY))
    if cells.problems or value is None:
        return None
    return PositionRow(
        line=cells.record.line,
        symbol=symbol,
        description=cells.text("description").replace("--", "").strip()[:DESCRIPTION_LENGTH],
        asset_class=asset_class,
        security_type=security_type[:64],
        quantity=count,
        price=unit,
        market_value=value,
        cost_basis=cost,
        unsupported=unsupported(asset_class, count is not None and count < 0, value < 0),
    )


def _value_of(cells: RowCells, asset_class: str, count: Decimal | None, unit: Decimal | None) -> int | None:
    """A market value that the row does not state: quantity times price, where a unit is one share."""
    if asset_class in ("stock", "fund") and count is not None and unit is not None:
        return product_cents(count, unit)
    cells.fault(
        "market_value",
        "The market value is missing.",
        "Fill it in, or leave the row out; an unknown value is never taken as zero.",
    )
    return None


def warn_about(
    file: ParsedFile, row: PositionRow, known: bool, typed: bool, gain: int | None, costed: bool = True
) -> None:
    """Say what is doubtful about a position that is taken.

    Args:
        known: whether the file says what kind of security it is.
        typed: whether the file has a column for that at all (if not, the reader has warned once).
        gain: the gain the row states, in cents.
        costed: whether the file has costs at all (if not, the reader has warned once).
    """
    line, name = row.line, row.symbol
    if not known and typed:
        said = f'the type "{row.security_type}"' if row.security_type else "no type"
        file.warn(
            "unknown_security_type", line, f"{name} has {said}; it is kept as unknown until somebody says."
        )
    if row.unsupported:
        file.warn(
            row.unsupported.replace(" ", "_"),
            line,
            f"{name} is kept, but not supported: {_UNSUPPORTED[row.unsupported]}",
        )
    if costed and row.cost_basis is None and row.asset_class != "cash":
        file.warn("missing_basis", line, f"{name} has no cost basis; its gain is unknown, not zero.")
    if row.asset_class in ("stock", "fund") and agrees(row.quantity, row.price, row.market_value) is False:
        assert row.quantity is not None and row.price is not None
        file.warn(
            "value_contradicts_price",
            line,
            f"{name}: {plain(row.quantity)} at {plain(row.price)} is "
            f"{dollars(product_cents(row.quantity, row.price))}, not {dollars(row.market_value)}. "
            "The market value is used.",
        )
    if gain is not None and row.cost_basis is not None and abs(row.market_value - row.cost_basis - gain) > 1:
        file.warn(
            "gain_contradicts_cost",
            line,
            f"{name}: the stated gain of {dollars(gain)} is not market value less cost basis "
            f"({dollars(row.market_value - row.cost_basis)}). Value and cost are used.",
        )


def warn_class_from_name(file: ParsedFile, count: int) -> None:
    """Say how many rows' class was told by the security's name, in a file that does not say it."""
    if count:
        file.warn(
            "class_from_name",
            None,
            f"The file does not say what kind of security a row is. {told_by_name(count)}",
        )


_UNSUPPORTED = {
    "option": "it is an option contract. It is listed and not evaluated.",
    "short position": "its quantity is negative (a short position). It is listed and not evaluated.",
    "negative value": "its value is negative (such as a margin balance). It is listed and not evaluated.",
}


class Repeats:
    """Symbols listed more than once in a section: the same row again is refused, another one is added up."""

    def __init__(self) -> None:
        self._first: dict[str, PositionRow] = {}
        self._apart: dict[str, str] = {}

    def is_first(self, row: PositionRow) -> bool:
        """Whether a row, its symbol in capitals, is the first of its symbol; it is kept as such then."""
        return self._first.setdefault(row.symbol, row) is row

    def are_first(self, rows: Sequence[PositionRow]) -> bool:
        """Whether rows, their symbols in capitals, are all the first of theirs; they are kept as such
        then."""
        found = {row.symbol: row for row in rows}
        if len(found) < len(rows) or not self._first.keys().isdisjoint(found):
            return False
        self._first.update(found)
        return True

    def judge(self, file: ParsedFile, cells: RowCells, row: PositionRow, apart: str = "") -> bool:
        """Whether the row may be taken; notes the problem or the warning.

        Args:
            apart: what tells rows of one symbol apart besides their numbers, such as cash and margin.
        """
        key = row.symbol.upper()
        first = self._first.setdefault(key, row)
        if first is row:
            if apart:
                self._apart[key] = apart
            return True
        same = all(getattr(first, name) == getattr(row, name) for name in _TOLD_APART_BY)
        if same and self._apart.get(key, "") == apart:
            told = f"This is line {first.line} once more."
            cells.fault("symbol", told, "Remove the repeated line.", spare=True)
            return False
        file.warn(
            "repeated_symbol",
            row.line,
            f"{row.symbol} is listed on line {first.line} as well; quantities, values and costs are added "
            "up.",
        )
        return True


_TOLD_APART_BY = ("quantity", "price", "market_value", "cost_basis", "description", "security_type")
