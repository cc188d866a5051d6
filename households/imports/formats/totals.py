"""Totals that a file states, compared with what its rows add up to. A contradiction warns; rows stay."""

from collections.abc import Sequence
from decimal import Decimal

from households.imports.formats.cells import cents
from households.imports.formats.parsed import LotRow, ParsedFile, PositionRow, RealizedRow
from households.imports.formats.rows import RowCells, quantity


def dollars(amount: int) -> str:
    """Cents as ``$1,234.50`` or ``-$1,234.50``."""
    return f"{'-' if amount < 0 else ''}${abs(amount) // 100:,}.{abs(amount) % 100:02d}"


def plain(number: Decimal) -> str:
    """A quantity with thousands commas and without idle zeros."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def warn_not_compared(file: ParsedFile, label: str, line: int, rejected: int) -> None:
    """Say that a total was not compared, since rejected rows are missing from the sum."""
    file.warn(
        "total_not_compared",
        line,
        f"{label}: the total line was not compared with the rows, because {rejected} of them "
        f"{'were' if rejected > 1 else 'was'} rejected.",
    )


def _slack(rows: int) -> int:
    """Cents by which a sum of rounded rows may differ from a rounded sum: half a cent a row."""
    return max(1, (rows + 1) // 2)


def check_account_total(
    file: ParsedFile, label: str, total: RowCells, rows: Sequence[PositionRow], gains: Sequence[int | None]
) -> None:
    """Compare an account's total line with its rows: market value, cost basis, gain.

    Where the difference is explained by what custodians leave out (options) or count in (cash as its own
    cost), the warning says so.
    """
    held = [row for row in rows if not row.unsupported]
    value = sum(row.market_value for row in rows)
    candidates = [(value, ""), (sum(row.market_value for row in held), "the unsupported rows are left out")]
    _compare(file, label, total, "market_value", candidates, len(rows))

    if all(row.cost_basis is not None for row in rows if row.asset_class != "cash"):
        cash = sum(row.market_value for row in rows if row.asset_class == "cash" and row.cost_basis is None)
        cost = sum(row.cost_basis or 0 for row in rows)
        cost_held = sum(row.cost_basis or 0 for row in held)
        candidates = [
            (cost, ""),
            (cost + cash, ""),
            (cost_held, "the unsupported rows are left out"),
            (cost_held + cash, "the unsupported rows are left out and cash is counted at face value"),
        ]
        _compare(file, label, total, "cost_basis", candidates, len(rows))
    if gains and all(gain is not None for gain in gains):
        _compare(file, label, total, "gain", [(sum(gain or 0 for gain in gains), "")], len(gains))


def check_lot_total(
    file: ParsedFile, what: str, total: RowCells, rows: Sequence[LotRow], gains: Sequence[int | None]
) -> None:
    """Compare a lot list's total line with its rows: quantity, market value, cost basis, gain."""
    stated = total.try_read("quantity", quantity)
    added = sum((row.quantity for row in rows), Decimal(0))
    if stated is not None and stated != added:
        file.warn(
            "total_contradicts_rows",
            total.record.line,
            f"{what}: the total line says {plain(stated)} shares, but its lots add up to {plain(added)}. "
            "The lots are used, not the total.",
        )
    for field, values in (
        ("market_value", [row.market_value for row in rows]),
        ("cost_basis", [row.cost_basis for row in rows]),
        ("gain", gains),
    ):
        if values and all(value is not None for value in values):
            _compare(file, what, total, field, [(sum(value or 0 for value in values), "")], len(values))


def check_realized_total(file: ParsedFile, what: str, total: RowCells, rows: Sequence[RealizedRow]) -> None:
    """Compare the total line of realized gains with its rows: proceeds, cost, gain, and the gain of each
    term."""
    for field, values in (
        ("proceeds", [row.proceeds for row in rows]),
        ("cost_basis", [row.cost_basis for row in rows]),
        ("gain", [row.gain for row in rows]),
        ("long_gain", [row.gain for row in rows if row.term == "long"]),
        ("short_gain", [row.gain for row in rows if row.term == "short"]),
    ):
        if all(value is not None for value in values):
            _compare(file, what, total, field, [(sum(value or 0 for value in values), "")], len(values))


def check_stated(
    file: ParsedFile, label: str, line: int, field: str, stated: int, added: int, rows: int
) -> None:
    """Compare an amount that a statement gives for an account (cents) with what its rows add up to."""
    if abs(stated - added) > _slack(rows):
        _contradiction(file, label, line, f"statement gives {field}", stated, added)


def _contradiction(
    file: ParsedFile, label: str, line: int, says: str, stated: int, added: int, because: str = ""
) -> None:
    file.warn(
        "total_contradicts_rows",
        line,
        f"{label}: the {says} of {dollars(stated)}, but the rows add up to {dollars(added)} "
        f"(difference {dollars(added - stated)}). The rows are used, not the total.{because}",
    )


def _compare(
    file: ParsedFile,
    label: str,
    total: RowCells,
    field: str,
    candidates: Sequence[tuple[int, str]],
    rows: int,
) -> None:
    stated = total.try_read(field, cents)
    if stated is None:
        return
    slack = _slack(rows)
    matches = [explanation for amount, explanation in candidates if abs(amount - stated) <= slack]
    if "" in matches:
        return
    because = f" The two agree if {matches[0]}." if matches else ""
    says = f"total line gives a {field.replace('_', ' ')}"
    _contradiction(file, label, total.record.line, says, stated, candidates[0][0], because)


def check_shares(
    file: ParsedFile, label: str, line: int, rows: Sequence[PositionRow], stated: Sequence[Decimal | None]
) -> None:
    """Compare the stated shares of the account (fractions) with the rows; one warning an account."""
    value = sum(row.market_value for row in rows)
    if value <= 0 or any(row.market_value < 0 for row in rows):
        return
    off = [
        row.line
        for row, fraction in zip(rows, stated, strict=True)
        if fraction is not None and abs(float(fraction) - row.market_value / value) > 0.005
    ]
    if off:
        lines = ", ".join(map(str, off[:10])) + (" and more" if len(off) > 10 else "")
        file.warn(
            "share_contradicts_rows",
            line,
            f"{label}: the stated share of the account differs from the row's own value on "
            f"{'lines' if len(off) > 1 else 'line'} {lines}. The values are used, the shares are not.",
        )
    total = sum((fraction for fraction in stated if fraction is not None), Decimal(0))
    if total > Decimal("1.005"):
        file.warn(
            "shares_over_one",
            line,
            f"{label}: the stated shares of the account add up to {total * 100:.1f}%, more than the whole.",
        )
