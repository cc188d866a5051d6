"""Undo a committed import while nothing rests on it: what its accounts held before is put back exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from households.facts import rebuild_facts
from households.foundation.errors import DomainError
from households.foundation.formats import count, day, moment
from households.imports.formats.totals import dollars
from households.imports.listing import listed
from households.imports.mapping import SKIP, UNDECIDED
from households.imports.plans import both_in_words
from households.imports.snapshots import LOT, POSITION, Held, fingerprint, held_by, kept_before, put_back
from households.imports.staged_rows import StagedPosition
from households.imports.states import IMPORT
from households.imports.storing import History
from households.models import Account, Change, Household, Import, ImportSnapshot, User
from households.securities.matching import hold_master, match_household

_INSTEAD = "Import the custodian's right file instead: it replaces what is held."

_TOLD = ("symbol", "description", "asset_class", "quantity", "price", "market_value", "cost_basis")


@dataclass(frozen=True, slots=True)
class Difference:
    """One holding, or the lots of one, as it is and as an undo puts it back; None: not held, none known."""

    account: str
    entity: str
    symbol: str
    now: str | None
    then: str | None


class LaterImport(DomainError):
    """Another import into one of the accounts has to be undone first.

    Attributes:
        later: that import.
    """

    def __init__(self, later: Import) -> None:
        (named,) = listed([later])
        super().__init__(
            f"Another import into the same account was committed on {moment(later.committed_at)}: "
            f"{named.file_names} into {named.account_names}.",
            remedy="Undo that one first.",
            status=409,
        )
        self.later = later


def refusal(import_: Import) -> DomainError | None:
    """Why a committed import cannot be undone now, and what to do instead; None where it can."""
    snapshot = ImportSnapshot.objects.filter(source_import=import_).first()
    if snapshot is None:
        return _refused("What the accounts held before this import was not kept.", _INSTEAD)
    keys, _ = kept_before(snapshot)
    return (
        _closed_or_moved(import_, keys)
        or _later_import(import_, keys)
        or _evaluated(import_, snapshot)
        or _changed_since(import_, snapshot, keys)
    )


def _refused(problem: str, remedy: str) -> DomainError:
    return DomainError(problem, remedy=remedy, status=409)


def _closed_or_moved(import_: Import, keys: Sequence[UUID]) -> DomainError | None:
    accounts = list(Account.objects.filter(pk__in=keys, household=import_.household_id))
    if len(accounts) < len(keys):
        return _refused("An account of this import does not belong to the household any more.", _INSTEAD)
    for account in accounts:
        if account.closed_on:
            return _refused(
                f"{account.name} was closed on {day(account.closed_on)}.",
                "A closed account keeps what it held; nothing can be put back into it.",
            )
    return None


def _later_import(import_: Import, keys: Sequence[UUID]) -> DomainError | None:
    touched = {str(key) for key in keys}
    later = Import.objects.filter(
        household=import_.household_id,
        state=Import.State.COMMITTED,
        committed_at__gte=import_.committed_at,
    ).exclude(pk=import_.pk)
    for other in later.order_by("-committed_at"):
        if touched & (set(other.account_map.values()) - {SKIP, UNDECIDED}):
            return LaterImport(other)
    return None


def _evaluated(import_: Import, snapshot: ImportSnapshot) -> DomainError | None:
    # By name only: the relation is brought by the floor above, which this one does not import. Of any account
    # of the household: what is held in one counts for the tax facts of the others.
    recorded = import_.household.recommendations.filter(facts_revision__gte=snapshot.revision)  # type: ignore[attr-defined]
    newest = recorded.order_by("-recorded_at").values_list("recorded_at", "account__name").first()
    if newest is None:
        return None
    return _refused(
        f"{newest[1]} was evaluated on {moment(newest[0])} with what this import brought; that record stays.",
        "Import the custodian's right file instead, and evaluate again.",
    )


def _changed_since(import_: Import, snapshot: ImportSnapshot, keys: Sequence[UUID]) -> DomainError | None:
    now = held_by(keys)
    if now is not None and fingerprint(now) == snapshot.left_sha256:
        return None
    since = Change.objects.filter(
        household=import_.household_id,
        entity__in=("position", "lots"),
        entity_id__in=[str(key) for key in keys],
        at__gt=import_.committed_at,
    ).exclude(source=f"import {import_.pk.hex}")
    last = since.select_related("by").order_by("-at").first()
    told = f", last {last.field} by {last.by} on {moment(last.at)}" if last else ""
    return _refused(
        f"Positions, lots or marks were changed since the commit{told}.",
        f"Take the changes back first. Or: {_INSTEAD[0].lower()}{_INSTEAD[1:]}",
    )


def differences(import_: Import) -> list[Difference]:
    """What an undo would change, in words, by account and symbol; nothing where too little was kept."""
    snapshot = ImportSnapshot.objects.filter(source_import=import_).first()
    if snapshot is None:
        return []
    keys, before = kept_before(snapshot)
    now = held_by(keys)
    return [] if now is None else _differences(now, before)


def _differences(now: Held, before: Held) -> list[Difference]:
    (held, lots), (held_before, lots_before) = _by_symbol(now), _by_symbol(before)
    found = []
    for account, symbol in sorted({*held, *held_before}):
        key = (account, symbol)
        words = both_in_words(held.get(key), held_before.get(key))
        if words[0] != words[1]:
            found.append(Difference(account, "position", symbol, *words))
        if lots.get(key) != lots_before.get(key):
            told = [_lot_words(listed.get(key)) for listed in (lots, lots_before)]
            found.append(Difference(account, "lots", symbol, *told))
    return found


def _by_symbol(
    held: Held,
) -> tuple[dict[tuple[str, str], StagedPosition], dict[tuple[str, str], list[tuple[Any, ...]]]]:
    """Positions, and what their lots say, by account and symbol."""
    positions, lots, owners = {}, {}, {}
    for row in held["positions"]:
        values = dict(zip(POSITION, row, strict=True))
        quantity = values["quantity"]
        key = (str(UUID(values["account_id"])), values["symbol"])
        owners[values["id"]] = key
        told = {name: values[name] for name in _TOLD}
        told["quantity"] = None if quantity is None else Decimal(quantity)
        positions[key] = StagedPosition(**told, unsupported="")
    for row in held["lots"]:
        values = dict(zip(LOT, row, strict=True))
        lots.setdefault(owners[values["position_id"]], []).append(tuple(row[2:]))
    return positions, {key: sorted(rows, key=str) for key, rows in lots.items()}


def _lot_words(rows: Sequence[tuple[Any, ...]] | None) -> str | None:
    if not rows:
        return None
    value = sum(row[LOT.index("market_value") - 2] for row in rows)
    return f"{count(len(rows))} lot{'s' * (len(rows) != 1)}, {dollars(value)}"


@transaction.atomic
def undo_import(*, by: User, import_: Import, as_of: date | None = None) -> Import:
    """Put back what the accounts of a committed import held before it: positions, lots and marks.

    Args:
        as_of: the day for which facts are rebuilt; today by default.

    Raises:
        DomainError: 409, the import is not committed, or something rests on it.
    """
    hold_master(shared=True)
    household = Household.objects.select_for_update().get(pk=import_.household_id)
    import_ = Import.objects.select_for_update().get(pk=import_.pk)
    state = IMPORT.after(import_.state, "undone")
    refused = refusal(import_)
    if refused is not None:
        raise refused
    keys, before = kept_before(ImportSnapshot.objects.get(source_import=import_))
    changes = History(household, import_, by, source=f"undo {import_.pk.hex}")
    for found in differences(import_):
        changes.note(found.entity, found.account, found.symbol, found.now, found.then)
    put_back(keys, before)
    import_.state, import_.undone_at = state, timezone.now()
    import_.undone_revision = household.revision + 1
    import_.save(update_fields=["state", "undone_at", "undone_revision"])
    changes.note("import", str(import_.pk), "state", "committed", "undone")
    changes.write()
    match_household(household.pk)
    Household.objects.filter(pk=household.pk).update(revision=F("revision") + 1)
    rebuild_facts([household.pk], as_of=as_of)
    return import_
