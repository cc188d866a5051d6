"""Carry a plan out: the rows of positions, lots and history, a few statements whatever their number."""

from collections.abc import Sequence
from typing import Any

from django.db import connections
from django.utils import timezone

from households.foundation.databases import insert_rows
from households.foundation.errors import DomainError
from households.foundation.ids import new_id
from households.foundation.updates import chunks, update_rows
from households.imports.plans import COMPARED, Plan, both_in_words, in_words, lot_value
from households.imports.staged_rows import StagedPosition
from households.models import Change, Household, Import, Position, TaxLot, User

_POSITION_FIELDS = (
    "account", "symbol", *COMPARED, "issuer", "restricted", "retained", "as_of", "source_import",
)  # fmt: skip
_CHANGE_FIELDS = (
    "id", "household", "entity", "entity_id", "field", "old", "new", "source", "reason", "by", "at",
)  # fmt: skip
_LOT_FIELDS = ("id", "position", "acquired", "quantity", "market_value", "cost_basis", "disallowed_loss")


class History:
    """History rows of one commit, written together."""

    def __init__(self, household: Household, import_: Import, by: User, source: str = "") -> None:
        self._household, self._by = household, by
        self._source = source or f"import {import_.pk.hex}"
        self._noted: list[tuple[str, str, str, str | None, str | None]] = []

    def note(self, entity: str, entity_id: str, name: str, old: str | None, new: str | None) -> None:
        """One thing before and after."""
        self._noted.append((entity, entity_id, name[:64], old, new))

    def write(self) -> None:
        """Append them."""
        now = timezone.now()
        rows = (
            (new_id(), self._household.pk, *noted, self._source, "", self._by.pk, now)
            for noted in self._noted
        )
        insert_rows(connections["default"], Change, rows, _CHANGE_FIELDS)


def carry_out(plan: Plan, import_: Import, changes: History) -> None:
    """Bring one account to where its plan says."""
    account = str(plan.account.pk)
    for position in plan.gone:
        changes.note("position", account, position.symbol, in_words(position), None)
    for keys in chunks([position.pk for position in plan.gone]):
        Position.objects.filter(pk__in=keys).delete()
    for position, staged in plan.changed:
        before, after = both_in_words(position, staged)
        if before != after:
            changes.note("position", account, position.symbol, before, after)
        for name in COMPARED:
            setattr(position, name, getattr(staged, name))
    touched = [position for position, _ in plan.changed]
    for position in touched:
        position.as_of, position.source_import_id = plan.as_of, import_.pk
    update_rows(Position, [*COMPARED, "as_of", "source_import"], touched)
    if plan.replaces_all:
        for keys in chunks([position.pk for position in plan.same]):
            Position.objects.filter(pk__in=keys).update(as_of=plan.as_of, source_import=import_)
    for staged in plan.new:
        changes.note("position", account, staged.symbol, None, in_words(staged))
    rows = (_position_row(plan, staged, import_) for staged in plan.new)
    insert_rows(connections["default"], Position, rows, _POSITION_FIELDS)
    _replace_lots(plan, touched, changes)


def _position_row(plan: Plan, staged: StagedPosition, import_: Import) -> tuple[Any, ...]:
    values = (getattr(staged, name) for name in COMPARED)
    return (plan.account.pk, staged.symbol, *values, "", "", False, plan.as_of, import_.pk)


def _replace_lots(plan: Plan, touched: Sequence[Position], changes: History) -> None:
    """Put the files' lots in place of the stored ones; drop those that no longer fit; reprice the others."""
    account = str(plan.account.pk)
    holdings: dict[str, Position | StagedPosition] = {staged.symbol.upper(): staged for staged in plan.new}
    holdings |= {position.symbol.upper(): position for position in [*plan.same, *plan.withheld, *touched]}
    stored = Position.objects.filter(account=plan.account).values_list("symbol", "pk") if plan.lots else ()
    fed = [(symbol, pk) for symbol, pk in stored if symbol.upper() in plan.lots]
    _refuse_orphans(plan, {symbol.upper() for symbol, _ in fed})
    outdated = [pk for _, pk in fed] + [position.pk for position in plan.dropped]
    for keys in chunks(outdated):
        TaxLot.objects.filter(position__in=keys).delete()
    for symbol, _ in fed:
        before, after = plan.lots_before.get(symbol, 0), len(plan.lots[symbol.upper()])
        changes.note("lots", account, symbol, _lots(before) if before else None, _lots(after))
    rows = (
        (
            new_id(), pk, lot.acquired, lot.quantity, lot_value(lot, holdings[symbol.upper()]),
            lot.cost_basis, lot.disallowed_loss,
        )
        for symbol, pk in fed
        for lot in plan.lots[symbol.upper()]
    )  # fmt: skip
    insert_rows(connections["default"], TaxLot, rows, _LOT_FIELDS)
    for position in plan.dropped:
        changes.note("lots", account, position.symbol, _lots(plan.lots_before[position.symbol]), None)
    _reprice(plan.repriced)


def _refuse_orphans(plan: Plan, held: set[str]) -> None:
    """Lots of a position that another import has removed since staging must not vanish in silence."""
    if orphans := sorted(set(plan.lots) - held):
        raise DomainError(
            f"{plan.account.name} does not hold {', '.join(orphans)} any more, so its lots have no place.",
            value=orphans[0],
            remedy="Discard this import, and upload the lots together with their positions file.",
            status=409,
        )


def _reprice(positions: Sequence[Position]) -> None:
    """Let stored lots follow their position's new market value, to the cent and by quantity."""
    changed: list[TaxLot] = []
    by_position: dict[int, list[TaxLot]] = {}
    for keys in chunks([position.pk for position in positions]):
        for lot in TaxLot.objects.filter(position__in=keys).order_by("pk"):
            by_position.setdefault(lot.position_id, []).append(lot)
    for position in positions:
        lots = by_position.get(position.pk, [])
        whole = position.quantity or sum(lot.quantity for lot in lots)
        if not whole:
            continue
        for lot in lots:
            lot.market_value = round(position.market_value * lot.quantity / whole)
            changed.append(lot)
    update_rows(TaxLot, ["market_value"], changed)


def _lots(count: int) -> str:
    return "1 lot" if count == 1 else f"{count:,} lots"
