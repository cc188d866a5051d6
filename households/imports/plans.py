"""What an import would do to one account: positions new, changed, the same, gone; and their lots.

The page shows a plan and the commit carries it out, so what was shown is what happens.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from households.imports.formats.rows import product_cents
from households.imports.formats.totals import dollars, plain
from households.imports.staged_rows import StagedLot, StagedPosition, own_lot, staged_lot, staged_position
from households.models import Account, ImportRow, Position

Row = tuple[str, Mapping[str, Any]]
"""Kind and values of a staged row that was taken."""


@dataclass(slots=True)
class Plan:
    """The difference between an account as it is stored and as the files tell it.

    Attributes:
        lots: per symbol, the lots that replace those stored.
        withheld: stored positions that stay as they are, because a row of theirs in the file was rejected.
        partial: symbols of new positions of which one row was taken and another rejected.
        dropped: positions whose stored lots no longer fit and that come without new ones.
        repriced: positions whose stored lots stay and follow the new market value.
        doubts: what contradicts the files in what is said of the account, in words.
    """

    account: Account
    as_of: date
    replaces_all: bool
    new: list[StagedPosition] = field(default_factory=list)
    changed: list[tuple[Position, StagedPosition]] = field(default_factory=list)
    same: list[Position] = field(default_factory=list)
    gone: list[Position] = field(default_factory=list)
    withheld: list[Position] = field(default_factory=list)
    partial: list[str] = field(default_factory=list)
    lots: dict[str, list[StagedLot]] = field(default_factory=dict)
    lots_before: dict[str, int] = field(default_factory=dict)
    dropped: list[Position] = field(default_factory=list)
    repriced: list[Position] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def held(self) -> list[Position]:
        """What the account holds before."""
        return [*(position for position, _ in self.changed), *self.same, *self.gone, *self.withheld]

    @property
    def value_before(self) -> int:
        """Cents held before."""
        return sum(int(position.market_value) for position in self.held)

    @property
    def value_after(self) -> int:
        """Cents held after."""
        coming = [*self.new, *(staged for _, staged in self.changed)]
        kept = sum(int(position.market_value) for position in [*self.same, *self.withheld])
        return sum(staged.market_value for staged in coming) + kept

    @property
    def lot_count(self) -> int:
        """Lots that come with the files."""
        return sum(len(lots) for lots in self.lots.values())

    @property
    def warnings(self) -> list[str]:
        """What to look at before committing."""
        told = list(self.doubts)
        newest = self.newest_before
        if newest is not None and newest > self.as_of:
            told.append(
                f"The account has positions as of {newest:%b %-d, %Y}; "
                f"these files are older, of {self.as_of:%b %-d, %Y}."
            )
        held = len(self.held)
        if self.gone and len(self.gone) == held:
            listed = "none of what is held now" if self.new else "no positions at all"
            told.append(
                f"These files list {listed}: {'all ' * (held > 1)}{held} position{'s' * (held > 1)} held now "
                "would be removed. "
                "Check that this is the right account, and that the files are whole."
            )
        elif len(self.gone) > 2 and len(self.gone) * 2 > held:
            told.append(
                f"{len(self.gone)} of the {held} positions held now are not in these files and would be "
                "removed. Check that this is the right account."
            )
        if self.dropped:
            symbols = ", ".join(position.symbol for position in self.dropped[:10])
            told.append(
                f"The quantity of {symbols}{' and others' * (len(self.dropped) > 10)} changes, so the known "
                "lots no longer fit and are removed. Upload the lot files as well to have them."
            )
        if self.withheld:
            symbols = ", ".join(position.symbol for position in self.withheld[:10])
            told.append(f"A row of {symbols} was rejected; what is stored of it stays as it is.")
        if self.partial:
            symbols = ", ".join(self.partial[:10]) + " and others" * (len(self.partial) > 10)
            told.append(
                f"Another row of {symbols} was rejected; without it the position is only what its other rows "
                "add up to. Mend the rejected rows first."
            )
        return told

    @property
    def newest_before(self) -> date | None:
        """The date of the newest stored position."""
        stored = [*(p for p, _ in self.changed), *self.same, *self.gone]
        return max((position.as_of for position in stored), default=None)


def make_plan(
    account: Account,
    as_of: date,
    replaces_all: bool,
    rows: Iterable[Row],
    stored: Sequence[Position],
    rejected: Collection[str] = (),
) -> Plan:
    """Compare staged rows with the stored positions of their account.

    Args:
        as_of: the date of the positions (of the lots, where only lots are given).
        replaces_all: the files list everything the account holds, so what they do not list is gone.
        stored: the account's positions, each with ``lot_count``.
        rejected: symbols (upper case) of position rows that were rejected; their positions are left alone.
    """
    positions, lots = _gathered(rows)
    plan = Plan(account, as_of, replaces_all, lots=lots)
    by_symbol = {position.symbol.upper(): position for position in stored}
    for staged in positions.values():
        key = staged.symbol.upper()
        if key in rejected and key in by_symbol:  # its other rows are only a part of it
            lots.pop(key, None)
            continue
        position = by_symbol.pop(key, None)
        if position is None:
            plan.new.append(staged)
            plan.partial += [staged.symbol] if key in rejected else []
        elif _differs(position, _keep_known_class(position, staged)):
            plan.changed.append((position, staged))
        else:
            plan.same.append(position)
    plan.lots_before = {position.symbol: position.lot_count for position in stored}  # type: ignore[attr-defined]
    for key, position in by_symbol.items():
        unlisted = plan.gone if replaces_all else plan.same
        (plan.withheld if key in rejected else unlisted).append(position)
    for position, staged in plan.changed:
        if position.symbol.upper() in lots or not plan.lots_before[position.symbol]:
            continue
        if position.quantity != staged.quantity:
            plan.dropped.append(position)
        elif position.market_value != staged.market_value:
            plan.repriced.append(position)
    return plan


def _gathered(rows: Iterable[Row]) -> tuple[dict[str, StagedPosition], dict[str, list[StagedLot]]]:
    positions: dict[str, StagedPosition] = {}
    lots: dict[str, list[StagedLot]] = {}
    own: dict[str, list[StagedLot]] = {}
    for kind, values in rows:
        if kind == ImportRow.Kind.LOT:
            lot = staged_lot(values)
            lots.setdefault(lot.symbol.upper(), []).append(lot)
            continue
        staged = staged_position(values)
        key = staged.symbol.upper()
        if lot := own_lot(values):
            own.setdefault(key, []).append(lot)
        positions[key] = _added(positions[key], staged) if key in positions else staged
    return positions, own | lots


def _added(one: StagedPosition, other: StagedPosition) -> StagedPosition:
    """Two lines of one symbol as one position."""
    known = one.quantity is not None and other.quantity is not None
    one.quantity = one.quantity + other.quantity if known else None  # type: ignore[operator]
    one.market_value += other.market_value
    costs = (one.cost_basis, other.cost_basis)
    one.cost_basis = None if None in costs else sum(cost for cost in costs if cost is not None)
    return one


def _keep_known_class(position: Position, staged: StagedPosition) -> StagedPosition:
    """What kind of security it is was known before: a file that does not say it does not unsay it."""
    if staged.asset_class == "unknown":
        staged.asset_class = position.asset_class
    return staged


def _differs(position: Position, staged: StagedPosition) -> bool:
    return any(getattr(position, name) != getattr(staged, name) for name in COMPARED)


COMPARED = ("description", "asset_class", "quantity", "price", "market_value", "cost_basis")


def lot_value(lot: StagedLot, position: Position | StagedPosition) -> int:
    """A lot's market value in cents: its own, else by its position's price, else its part of the position."""
    if lot.market_value is not None:
        return lot.market_value
    if position.price is not None:
        return product_cents(lot.quantity, Decimal(position.price))
    return product_cents(Decimal(position.market_value) / 100, lot.quantity / Decimal(position.quantity or 1))


def both_in_words(
    before: Position | StagedPosition | None, after: Position | StagedPosition | None
) -> tuple[str | None, str | None]:
    """One holding before and after, as :func:`in_words`; None: not held.

    Name and price are told where nothing else differs, so that no change is without its words.
    """
    told = [None if holding is None else in_words(holding) for holding in (before, after)]
    if before is not None and after is not None and told[0] == told[1]:
        for name, words in _UNTOLD.items():
            values = [getattr(holding, name) for holding in (before, after)]
            if values[0] != values[1]:
                told = [f"{text}, {words(value)}" for text, value in zip(told, values, strict=True)]
    return told[0], told[1]


_UNTOLD: Mapping[str, Callable[[Any], str]] = {
    "description": lambda text: f"named {text}" if text else "without a name",
    "price": lambda price: "price unknown" if price is None else f"price ${plain(Decimal(price))}",
}


def in_words(holding: Position | StagedPosition) -> str:
    """A holding for the history: ``fund, 30 units, $2,176.80, cost $2,164.70``."""
    parts = [holding.asset_class]
    if holding.quantity is not None:
        parts.append(f"{plain(Decimal(holding.quantity))} units")
    parts.append(dollars(holding.market_value))
    parts.append("cost unknown" if holding.cost_basis is None else f"cost {dollars(holding.cost_basis)}")
    if holding.asset_class == "cash":
        parts.pop()
    return ", ".join(parts)
