"""What accounts hold, as rows that can be kept beside an import and put back exactly.

A position's link to the security master is left out: it follows from the symbol and from what the master says
today, so it is matched anew.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connections

from households.foundation.databases import insert_rows
from households.foundation.updates import chunks
from households.models import Import, ImportSnapshot, Position, TaxLot

MAX_ROWS = 200_000
"""Positions and lots that are kept of one import; beyond them a commit cannot be undone."""
POSITION = (
    "id", "account_id", "symbol", "description", "asset_class", "issuer", "quantity", "price", "market_value",
    "cost_basis", "restricted", "retained", "as_of", "source_import_id",
)  # fmt: skip
LOT = ("id", "position_id", "acquired", "quantity", "market_value", "cost_basis", "disallowed_loss")
Held = dict[str, list[list[Any]]]
"""``positions`` and ``lots``: values in the order of :data:`POSITION` and :data:`LOT`, as JSON has them."""


def held_by(accounts: Sequence[UUID]) -> Held | None:
    """What these accounts hold, in the order of the keys; None where it is too much to be kept."""
    positions = Position.objects.filter(account__in=accounts).order_by("id")
    lots = TaxLot.objects.filter(position__account__in=accounts).order_by("id")
    if positions.count() + lots.count() > MAX_ROWS:
        return None
    return {
        "positions": [[_plain(value) for value in row] for row in positions.values_list(*POSITION)],
        "lots": [[_plain(value) for value in row] for row in lots.values_list(*LOT)],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


def fingerprint(held: Held) -> str:
    """SHA-256 of what is held: whoever changes a position, a lot or a mark changes it."""
    return hashlib.sha256(json.dumps(held, separators=(",", ":")).encode()).hexdigest()


def keep(import_: Import, accounts: Sequence[UUID], before: Held | None, revision: int) -> None:
    """Keep what the accounts held before a commit, once that has been carried out.

    Args:
        before: None where it was too much; nothing is kept then.
        revision: the household's revision that the commit makes.
    """
    after = held_by(accounts)
    if before is None or after is None:
        return
    kept = {"accounts": [account.hex for account in accounts], **before}
    ImportSnapshot.objects.create(
        source_import=import_,
        revision=revision,
        packed=zlib.compress(json.dumps(kept, separators=(",", ":")).encode()),
        left_sha256=fingerprint(after),
    )


def kept_before(snapshot: ImportSnapshot) -> tuple[list[UUID], Held]:
    """The accounts of a commit, and what they held before it."""
    kept = json.loads(zlib.decompress(bytes(snapshot.packed)))
    accounts = [UUID(account) for account in kept.pop("accounts")]
    return accounts, kept


def put_back(accounts: Sequence[UUID], held: Held) -> None:
    """Let the accounts hold exactly this, under the same keys; nothing else remains in them."""
    there = list(Position.objects.filter(account__in=accounts).values_list("pk", flat=True))
    for keys in chunks(there):
        TaxLot.objects.filter(position__in=keys).delete()
        Position.objects.filter(pk__in=keys).delete()
    connection = connections["default"]
    insert_rows(connection, Position, _stored(Position, POSITION, held["positions"]), _names(POSITION))
    insert_rows(connection, TaxLot, _stored(TaxLot, LOT, held["lots"]), _names(LOT))


def _names(columns: Iterable[str]) -> list[str]:
    return [name.removesuffix("_id") if name != "id" else name for name in columns]


def _stored(model: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    fields = [model._meta.get_field(name) for name in _names(columns)]
    kinds = [getattr(field, "target_field", field) for field in fields]
    return ([kind.to_python(value) for kind, value in zip(kinds, row, strict=True)] for row in rows)
