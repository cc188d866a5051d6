"""Commit an import, all of it or its good rows, or discard it: one transaction, with its history."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connections, transaction
from django.db.models import F
from django.utils import timezone

from households.facts import rebuild_facts
from households.foundation.databases import insert_rows
from households.foundation.errors import DomainError
from households.foundation.ids import new_id
from households.imports.mapping import SKIP, UNDECIDED
from households.imports.plans import COMPARED, Plan, in_words, lot_value
from households.imports.selectors import plans_of
from households.imports.staged_rows import StagedPosition
from households.imports.states import IMPORT
from households.models import Change, Household, Import, Position, TaxLot, User

_BATCH = 500
_POSITION_FIELDS = (
    "account", "symbol", *COMPARED, "issuer", "restricted", "retained", "as_of", "source_import",
)  # fmt: skip
_CHANGE_FIELDS = (
    "id", "household", "entity", "entity_id", "field", "old", "new", "source", "reason", "by", "at",
)  # fmt: skip
_LOT_FIELDS = ("id", "position", "acquired", "quantity", "market_value", "cost_basis", "disallowed_loss")


@transaction.atomic
def commit_import(*, by: User, import_: Import, only_good: bool = False, as_of: date | None = None) -> Import:
    """Replace the positions and lots of the mapped accounts by those of the files.

    Whole or not at all. Positions that the files no longer list are gone, unless their row was rejected;
    marks (restricted, retained, issuer) of those that stay are kept. Lots are replaced where the files have
    them, kept where the quantity is unchanged, and dropped where it is not.

    Args:
        only_good: commit although rows were rejected, without those.
        as_of: the day for which facts are rebuilt; today by default.

    Raises:
        DomainError: 409, the import does not wait, has rejected rows, no good ones, or undecided accounts.
    """
    household = Household.objects.select_for_update().get(pk=import_.household_id)
    import_ = Import.objects.select_for_update().get(pk=import_.pk)
    state = IMPORT.after(import_.state, "committed")
    _check_ready(import_, only_good)
    plans = plans_of(import_)
    changes = _Changes(household, import_, by)
    for plan in plans:
        _carry_out(plan, import_, changes)
    import_.state, import_.committed_at = state, timezone.now()
    import_.save(update_fields=["state", "committed_at"])
    summary = f"{import_.taken} rows into {len(plans)} account{'s' * (len(plans) != 1)}"
    changes.note("import", str(import_.pk), "state", "staged", f"committed: {summary}")
    changes.write()
    Household.objects.filter(pk=household.pk).update(revision=F("revision") + 1)
    rebuild_facts([household.pk], as_of=as_of)
    return import_


@transaction.atomic
def discard_import(*, by: User, import_: Import) -> Import:
    """Set a staged import aside; its rows stay for the record, nothing the client holds changes.

    Raises:
        DomainError: 409, the import does not wait any more.
    """
    import_ = Import.objects.select_for_update().get(pk=import_.pk)
    import_.state = IMPORT.after(import_.state, "discarded")
    import_.save(update_fields=["state"])
    changes = _Changes(import_.household, import_, by)
    changes.note("import", str(import_.pk), "state", "staged", "discarded")
    changes.write()
    return import_


def _check_ready(import_: Import, only_good: bool) -> None:
    if import_.rejected and not only_good:
        rows = "1 row was" if import_.rejected == 1 else f"{import_.rejected:,} rows were"
        raise DomainError(
            f"{rows} rejected, so not everything can be committed.",
            remedy="Commit the good rows only, or mend the file and upload it again.",
            status=409,
        )
    if not import_.taken:
        raise DomainError(
            "No row could be taken, so there is nothing to commit.",
            remedy="Mend the file and upload it again.",
            status=409,
        )
    undecided = [label for label, account in import_.account_map.items() if account == UNDECIDED]
    if undecided:
        raise DomainError(
            f"It is not decided which account {' and '.join(undecided)} belongs to.",
            field=undecided[0],
            remedy="Choose the account, or leave it out.",
            status=409,
        )
    if set(import_.account_map.values()) <= {SKIP}:
        raise DomainError(
            "Every account of the files is left out.",
            remedy="Choose an account for at least one.",
            status=409,
        )


def _carry_out(plan: Plan, import_: Import, changes: "_Changes") -> None:
    """Bring one account to where its plan says."""
    account = str(plan.account.pk)
    for position in plan.gone:
        changes.note("position", account, position.symbol, in_words(position), None)
    Position.objects.filter(pk__in=[position.pk for position in plan.gone]).delete()
    for position, staged in plan.changed:
        before, after = in_words(position), in_words(staged)
        if before != after:
            changes.note("position", account, position.symbol, before, after)
        for name in COMPARED:
            setattr(position, name, getattr(staged, name))
    touched = [position for position, _ in plan.changed]
    for position in touched:
        position.as_of, position.source_import_id = plan.as_of, import_.pk
    Position.objects.bulk_update(touched, [*COMPARED, "as_of", "source_import"], batch_size=_BATCH)
    if plan.replaces_all:
        confirmed = [position.pk for position in plan.same]
        Position.objects.filter(pk__in=confirmed).update(as_of=plan.as_of, source_import=import_)
    for staged in plan.new:
        changes.note("position", account, staged.symbol, None, in_words(staged))
    rows = (_position_row(plan, staged, import_) for staged in plan.new)
    insert_rows(connections["default"], Position, rows, _POSITION_FIELDS)
    _replace_lots(plan, touched, changes)


def _position_row(plan: Plan, staged: StagedPosition, import_: Import) -> tuple[Any, ...]:
    values = (getattr(staged, name) for name in COMPARED)
    return (plan.account.pk, staged.symbol, *values, "", "", False, plan.as_of, import_.pk)


def _replace_lots(plan: Plan, touched: Sequence[Position], changes: "_Changes") -> None:
    """Put the files' lots in place of the stored ones; drop those that no longer fit; reprice the others."""
    account = str(plan.account.pk)
    holdings: dict[str, Position | StagedPosition] = {staged.symbol.upper(): staged for staged in plan.new}
    holdings |= {position.symbol.upper(): position for position in [*plan.same, *plan.withheld, *touched]}
    stored = Position.objects.filter(account=plan.account).values_list("symbol", "pk") if plan.lots else ()
    fed = [(symbol, pk) for symbol, pk in stored if symbol.upper() in plan.lots]
    outdated = [pk for _, pk in fed] + [position.pk for position in plan.dropped]
    TaxLot.objects.filter(position__in=outdated).delete()
    for symbol, _ in fed:
        before, after = plan.lots_before.get(symbol, 0), len(plan.lots[symbol.upper()])
        changes.note("lots", account, symbol, f"{before} lots", f"{after} lots")
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
        changes.note("lots", account, position.symbol, f"{plan.lots_before[position.symbol]} lots", None)
    _reprice(plan.repriced)


def _reprice(positions: Sequence[Position]) -> None:
    """Let stored lots follow their position's new market value, to the cent and by quantity."""
    changed: list[TaxLot] = []
    by_position: dict[int, list[TaxLot]] = {}
    for lot in TaxLot.objects.filter(position__in=[position.pk for position in positions]).order_by("pk"):
        by_position.setdefault(lot.position_id, []).append(lot)
    for position in positions:
        lots = by_position.get(position.pk, [])
        whole = position.quantity or sum(lot.quantity for lot in lots)
        if not whole:
            continue
        for lot in lots:
            lot.market_value = round(position.market_value * lot.quantity / whole)
            changed.append(lot)
    TaxLot.objects.bulk_update(changed, ["market_value"], batch_size=_BATCH)


class _Changes:
    """History rows of one commit, written together."""

    def __init__(self, household: Household, import_: Import, by: User) -> None:
        self._household, self._by = household, by
        self._source = f"import {uuid.UUID(str(import_.pk)).hex}"
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
