"""Rows of files as they are stored while staged, and back: JSON, money in cents, numbers as text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from households.imports.formats.parsed import LotRow, ParsedFile, PositionRow, RejectedRow
from households.models import ImportRow

FIELDS = (
    "source_import", "file", "line", "kind", "label", "account", "taken", "values",
    "field", "value", "problem", "remedy",
)  # fmt: skip
CELLS_KEPT = 4_000  # characters of a rejected row, enough to find and mend it


@dataclass(slots=True)
class StagedPosition:
    """A position as a staged row holds it. Money in cents."""

    symbol: str
    description: str
    asset_class: str
    quantity: Decimal | None
    price: Decimal | None
    market_value: int
    cost_basis: int | None
    unsupported: str


@dataclass(slots=True)
class StagedLot:
    """A lot as a staged row holds it. Money in cents; ``market_value`` None: by its position's price."""

    symbol: str
    acquired: date | None
    quantity: Decimal
    market_value: int | None
    cost_basis: int | None
    disallowed_loss: int | None


def _number(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def position_values(row: PositionRow) -> dict[str, Any]:
    """A position row for storing."""
    return {
        "symbol": row.symbol,
        "description": row.description,
        "asset_class": row.asset_class,
        "security_type": row.security_type,
        "quantity": _number(row.quantity),
        "price": _number(row.price),
        "market_value": row.market_value,
        "cost_basis": row.cost_basis,
        "unsupported": row.unsupported,
    } | ({"lot": lot_values(row.lot)} if row.lot else {})


def lot_values(row: LotRow) -> dict[str, Any]:
    """A lot row for storing."""
    return {
        "symbol": row.symbol,
        "acquired": row.acquired and row.acquired.isoformat(),
        "quantity": _number(row.quantity),
        "market_value": row.market_value,
        "cost_basis": row.cost_basis,
        "disallowed_loss": row.disallowed_loss,
        "term": row.term,
        "unsupported": row.unsupported,
    }


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def staged_position(values: Mapping[str, Any]) -> StagedPosition:
    """A stored position row, read back."""
    return StagedPosition(
        symbol=values["symbol"],
        description=values["description"],
        asset_class=values["asset_class"],
        quantity=_decimal(values["quantity"]),
        price=_decimal(values["price"]),
        market_value=values["market_value"],
        cost_basis=values["cost_basis"],
        unsupported=values["unsupported"],
    )


def own_lot(values: Mapping[str, Any]) -> StagedLot | None:
    """The purchase that a stored position row is as well, if it is one."""
    return staged_lot(values["lot"]) if "lot" in values else None


def staged_lot(values: Mapping[str, Any]) -> StagedLot:
    """A stored lot row, read back."""
    return StagedLot(
        symbol=values["symbol"],
        acquired=date.fromisoformat(values["acquired"]) if values["acquired"] else None,
        quantity=Decimal(values["quantity"]),
        market_value=values["market_value"],
        cost_basis=values["cost_basis"],
        disallowed_loss=values["disallowed_loss"],
    )


def _rejected_values(row: RejectedRow) -> dict[str, Any]:
    problems = [
        {"field": p.field, "value": p.value, "problem": p.problem, "remedy": p.remedy} for p in row.problems
    ]
    cells, kept = [], 0
    for cell in row.cells:
        kept += len(cell) + 1
        if kept > CELLS_KEPT:
            break
        cells.append(cell)
    told = {"symbol": row.symbol, "problems": problems, "cells": cells}
    return told | ({"spare": True} if row.spare else {})


def rows_of(file: ParsedFile, source_import: Any, account_of: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a file, taken and rejected, ready for the table in the order of :data:`FIELDS`."""

    def stored(line: int, kind: str, label: str, taken: bool, values: dict[str, Any]) -> tuple[Any, ...]:
        first = (
            values["problems"][0] if not taken else dict.fromkeys(("field", "value", "problem", "remedy"), "")
        )
        texts = (first["field"][:64], first["value"][:200], first["problem"][:300], first["remedy"][:300])
        return (
            source_import,
            file.name,
            line,
            kind,
            label[:120],
            account_of.get(label),
            taken,
            values,
            *texts,
        )

    kinds = ImportRow.Kind
    for section in file.accounts:
        for position in section.positions:
            yield stored(position.line, kinds.POSITION, section.label, True, position_values(position))
        for lot in section.lots:
            yield stored(lot.line, kinds.LOT, section.label, True, lot_values(lot))
    for row in file.rejected:
        yield stored(row.line, row.kind, row.label, False, _rejected_values(row))
