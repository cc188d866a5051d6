"""One row behind the last of its chain: numbered, timed by the database, linked, hashed."""

from typing import TypeVar

from django.db import connection
from django.db.models import QuerySet

from advisory.recommendations.hashing import row_hash
from advisory.recommendations.models import LedgerRow
from households.foundation.databases import database_now

Row = TypeVar("Row", bound=LedgerRow)


def last_of(chain: QuerySet[Row]) -> Row | None:
    """The newest row among those of one chain."""
    return chain.order_by("-seq").first()


def append(row: Row, last: Row | None) -> Row:
    """Write a row behind the last one of its chain.

    Args:
        row: not yet saved; its place, time and hashes are set here.
        last: of :func:`last_of`; None for the first of a chain.

    Raises:
        IntegrityError: somebody else has taken this place in the meantime.
    """
    row.seq = last.seq + 1 if last else 1
    row.prev_hash = last.row_hash if last else ""
    row.recorded_at = database_now(connection)
    row.row_hash = row_hash(row)
    row.save()
    return row
