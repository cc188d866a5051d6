"""The database's clock, and waiting for others in either database."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import OperationalError, models
from django.db.backends.base.base import BaseDatabaseWrapper

from households.foundation.databases.which import connection_of, is_postgresql


def database_now(connection: BaseDatabaseWrapper) -> datetime:
    """The database's clock, aware, in UTC; read once and written, since it is hashed."""
    sql = (
        "SELECT clock_timestamp()"
        if is_postgresql(connection)
        else "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        (value,) = cursor.fetchone()
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def lock_for_claim(queryset: models.QuerySet, of: Sequence[str] = ()) -> models.QuerySet:
    """Rows that nobody else is claiming: SKIP LOCKED on PostgreSQL, of the joined tables only those named.

    On SQLite transactions begin IMMEDIATE (settings), so the claiming transaction is alone already.
    """
    if queryset.db and is_postgresql(connection_of(queryset)):
        return queryset.select_for_update(skip_locked=True, of=of)
    return queryset


def hold_name(connection: BaseDatabaseWrapper, name: str, *, shared: bool = False) -> None:
    """Wait for a name and hold it until the transaction ends: alone, or beside others that share it.

    On SQLite transactions begin IMMEDIATE (settings), so whoever writes is alone already.
    """
    if is_postgresql(connection):
        take = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {take}(hashtext(%s))", [name])


_OTHER_WRITERS = ("40P01", "40001", "55P03")
"""Deadlock, serialization failure, lock not available (PostgreSQL, appendix A)."""


def met_another_writer(error: OperationalError) -> bool:
    """Whether the database gave up for another's sake, so that the same may go through when done again."""
    cause = error.__cause__
    busy = getattr(cause, "sqlite_errorname", "") or ""
    return getattr(cause, "pgcode", "") in _OTHER_WRITERS or busy.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
