"""Lists in which every row is one purchase: a row that adds up the others would count them twice."""

from collections import defaultdict
from decimal import Decimal

from households.imports.formats.parsed import AccountSection, ParsedFile, PositionRow, Problem, RejectedRow


def reject_sums(file: ParsedFile, section: AccountSection) -> None:
    """Reject rows without a date of purchase that are the sum of the dated rows of their symbol."""
    dated: dict[str, list[PositionRow]] = defaultdict(list)
    for row in section.positions:
        if row.lot and row.lot.acquired:
            dated[row.symbol].append(row)
    for row in [row for row in section.positions if row.lot and not row.lot.acquired]:
        if _adds_up(row, dated[row.symbol]):
            section.positions.remove(row)
            told = f"This row is the sum of the purchases of {row.symbol}, which are listed one by one."
            problem = Problem(
                "line", row.symbol, told, "Leave it out; it would count them twice.", spare=True
            )
            file.rejected.append(
                RejectedRow(row.line, "position", section.label, row.symbol, (problem,), (row.symbol,))
            )


def _adds_up(row: PositionRow, parts: list[PositionRow]) -> bool:
    count = sum((part.quantity or Decimal(0) for part in parts), Decimal(0))
    value = sum(part.market_value for part in parts)
    return bool(parts) and row.quantity == count and abs(row.market_value - value) <= len(parts)
