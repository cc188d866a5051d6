"""Judging one lot row, the same for every format."""

from datetime import date

from households.imports.formats.cells import cents, day
from households.imports.formats.parsed import LotRow, ParsedFile, Problem
from households.imports.formats.rows import RowCells, agrees, price, product_cents, quantity
from households.imports.formats.securities import is_option_symbol
from households.imports.formats.totals import dollars

_MANY_DATES = frozenset({"various", "multiple"})
TERMS = {
    "short term": "short",
    "short": "short",
    "st": "short",
    "long term": "long",
    "long": "long",
    "lt": "long",
}
_SHORT_LINE = (
    "The line has fewer cells than the header has columns, and its quantity, cost a share and cost basis "
    "do not confirm each other."
)


def acquired_on(text: str) -> date | None:
    """The date of purchase; unknown where the custodian says that there are several."""
    return None if text.strip().lower() in _MANY_DATES else day(text)


def read_lot(cells: RowCells, symbol: str, as_of: date) -> LotRow | None:
    """The lot in a row, or None with the problems noted on ``cells``."""
    missing = cells.judge_width()
    acquired = cells.read("acquired", acquired_on)
    count = cells.read("quantity", quantity)
    cost = cells.read("cost_basis", cents)
    unit = cells.read("price", price)
    unit_cost = cells.try_read("unit_cost", price)
    value = (cells.try_read if missing else cells.read)("market_value", cents)
    disallowed = (cells.try_read if missing else cells.read)("disallowed_loss", cents)
    if count is None and not cells.problems:
        cells.fault("quantity", "The quantity is missing.", "Fill it in, or leave the row out.")
    if acquired is not None and acquired > as_of:
        cells.fault(
            "acquired",
            f"The lot was bought after the date of the file, {as_of:%b %-d, %Y}.",
            "Check the date, month first.",
        )
    if missing and not agrees(count, unit_cost, cost):
        shown = ",".join(cells.record.cells)[:200]
        cells.problems.append(
            Problem("line", shown, _SHORT_LINE, "Export the file again; a cell is missing.")
        )
    if cells.problems or count is None:
        return None
    if value is None and unit is not None and not is_option_symbol(symbol):
        value = product_cents(count, unit)
    lot = LotRow(
        line=cells.record.line,
        symbol=symbol,
        acquired=acquired,
        quantity=count,
        price=unit,
        market_value=value,
        cost_basis=cost,
        disallowed_loss=None if disallowed is None else abs(disallowed),
        term=TERMS.get(cells.text("term").lower(), ""),
        cells_missing=missing > 0,
    )
    if is_option_symbol(symbol):
        lot.unsupported = "option"
    elif count < 0:
        lot.unsupported = "short position"
    return lot


def is_long_term(acquired: date, as_of: date) -> bool:
    """Whether a purchase is held for more than one year (26 U.S.C. 1222)."""
    try:
        anniversary = acquired.replace(year=acquired.year + 1)
    except (
        ValueError
    ):  # bought on February 29: the year is full on the next February 28, long from March 1 on
        anniversary = date(acquired.year + 1, 2, 28)
    return as_of > anniversary


def warn_about_lot(file: ParsedFile, lot: LotRow, as_of: date, gain: int | None, first_line: int) -> None:
    """Say what is doubtful about a lot that is taken.

    Args:
        gain: the gain the row states, in cents.
        first_line: the line on which the very same text stood first; the lot's own if it is new.
    """
    line = lot.line
    if lot.cells_missing:
        file.warn(
            "short_line",
            line,
            "The line has fewer cells than the header. Its quantity, cost a share and cost basis confirm "
            "each other and are used; cells that may have slipped into another column are not.",
        )
    if first_line != line:
        file.warn(
            "duplicate_lot",
            line,
            f"{lot.symbol}: this lot is the same as line {first_line}. Both are kept; remove one if it is "
            "listed twice.",
        )
    if lot.acquired is None:
        file.warn(
            "missing_date", line, f"{lot.symbol}: the purchase date is unknown, so the holding period is too."
        )
    if lot.cost_basis is None:
        file.warn(
            "missing_basis", line, f"{lot.symbol}: the lot has no cost basis; its gain is unknown, not zero."
        )
    if lot.unsupported:
        file.warn(
            lot.unsupported.replace(" ", "_"),
            line,
            f"{lot.symbol}: the lot is kept, but not supported ({lot.unsupported}).",
        )
    if lot.term and lot.acquired is not None:
        held_long = is_long_term(lot.acquired, as_of)
        if held_long != (lot.term == "long"):
            file.warn(
                "term_contradicts_date",
                line,
                f"{lot.symbol}: the file says {lot.term} term, but a purchase on {lot.acquired:%b %-d, %Y} "
                f"is {'long' if held_long else 'short'} term on {as_of:%b %-d, %Y}. The date is used.",
            )
    if (
        gain is not None and lot.cost_basis is not None and lot.market_value is not None
        and abs(lot.market_value - lot.cost_basis - gain) > 1
    ):  # fmt: skip
        file.warn(
            "gain_contradicts_cost",
            line,
            f"{lot.symbol}: the stated gain of {dollars(gain)} is not market value less cost basis "
            f"({dollars(lot.market_value - lot.cost_basis)}). Value and cost are used.",
        )
