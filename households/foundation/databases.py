"""Whatever differs between SQLite (the embedded default) and PostgreSQL (the real one), side by side.

Nothing else in the project asks which database it runs on.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.db import NotSupportedError, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import OuterRef, Subquery
from django.db.models.expressions import RawSQL

from households.foundation.copying import ROWS_AT_ONCE, Stream, Values, binary_rows, concrete, plain_values

COPY_BYTES = 262_144
REFUSAL = "written once: ledger rows cannot be changed or removed"


def is_postgresql(connection: BaseDatabaseWrapper) -> bool:
    """Whether this connection speaks to PostgreSQL."""
    return connection.vendor == "postgresql"


# --- append-only tables -------------------------------------------------------------------------------


def install_append_only(
    connection: BaseDatabaseWrapper, table: str, unique_columns: Sequence[Sequence[str]]
) -> None:
    """Refuse update, delete, upsert and truncate of a table.

    Args:
        table: the table's name.
        unique_columns: its unique column sets; on SQLite an insert that meets an existing one is refused,
            which is the only way to stop ``INSERT OR REPLACE`` from any connection.
    """
    statements = (_postgresql_triggers if is_postgresql(connection) else _sqlite_triggers)(
        table, unique_columns
    )
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _postgresql_triggers(table: str, unique_columns: Sequence[Sequence[str]]) -> list[str]:
    return [
        "CREATE OR REPLACE FUNCTION refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '% is {REFUSAL}', TG_TABLE_NAME; END $$",
        f'CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" '
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite()",
    ]


def _sqlite_triggers(table: str, unique_columns: Sequence[Sequence[str]]) -> list[str]:
    refuse = f"SELECT RAISE(ABORT, '{table} is {REFUSAL}')"
    # The hidden rowid identifies a row as well: REPLACE with another row's number would remove that row.
    same = " OR ".join(
        "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in columns) + ")"
        for columns in [*unique_columns, ["rowid"]]
    )
    exists = f'{refuse} WHERE EXISTS (SELECT 1 FROM "{table}" WHERE {same})'  # noqa: S608
    statements = []
    for verb, body in (("update", refuse), ("delete", refuse), ("insert", exists)):
        name = f"{table}_append_only_{verb}"
        statements.append(f'DROP TRIGGER IF EXISTS "{name}"')
        statements.append(
            f'CREATE TRIGGER "{name}" BEFORE {verb.upper()} ON "{table}" FOR EACH ROW BEGIN {body}; END'
        )
    return statements


def append_only_tables(connection: BaseDatabaseWrapper) -> set[str]:
    """Tables that carry their refusing triggers, all of them and enabled."""
    if is_postgresql(connection):
        sql = (
            "SELECT c.relname, 3 FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname = 'append_only' AND t.tgenabled IN ('O', 'A')"
        )
    else:
        sql = (
            "SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' "
            "AND name LIKE '%\\_append\\_only\\_%' ESCAPE '\\' GROUP BY tbl_name"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {table for table, count in cursor.fetchall() if count == 3}


# --- clock and locks ----------------------------------------------------------------------------------


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
    if queryset.db and is_postgresql(_connection_of(queryset)):
        return queryset.select_for_update(skip_locked=True, of=of)
    return queryset


def _connection_of(queryset: models.QuerySet) -> BaseDatabaseWrapper:
    from django.db import connections

    return connections[queryset.db]


# --- many keys, newest rows -------------------------------------------------------------------------------


def among(queryset: models.QuerySet, field: str, keys: Iterable[Any]) -> models.QuerySet:
    """Rows whose UUID ``field`` is one of many keys, passed as one parameter: SQLite caps their number."""
    connection = _connection_of(queryset)
    if is_postgresql(connection):
        listed = RawSQL("SELECT unnest(%s::uuid[])", [[str(key) for key in keys]])
    else:
        listed = RawSQL("SELECT value FROM json_each(%s)", [json.dumps([key.hex for key in keys])])
    return queryset.filter(**{f"{field}__in": listed})


def newest_rows(queryset: models.QuerySet, chain: str, order: str = "seq") -> models.QuerySet:
    """The newest row of each chain: ``DISTINCT ON`` on PostgreSQL, a greatest ``order`` by index on SQLite.

    Args:
        queryset: rows of a ledger table; its own conditions must not tell rows of one chain apart.
        chain: attribute name of the chain's key, such as ``account_id``.
        order: what numbers the rows of a chain.
    """
    if is_postgresql(_connection_of(queryset)):
        return queryset.order_by(chain, f"-{order}").distinct(chain)
    same_chain = queryset.model._base_manager.using(queryset.db).filter(**{chain: OuterRef(chain)})
    greatest = same_chain.order_by(f"-{order}").values(order)[:1]
    return queryset.filter(**{order: Subquery(greatest)}).order_by(chain)


# --- bulk rows ----------------------------------------------------------------------------------------


def insert_rows(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    rows: Iterable[Sequence[Any]],
    fields: Sequence[str],
) -> int:
    """Append many rows, streamed: binary COPY on PostgreSQL, ``executemany`` on SQLite.

    Args:
        rows: one sequence a row in the order of ``fields``; consumed as it is written, so that it must not
            read from the same connection.
        fields: model field names.

    Returns:
        The number of rows written.
    """
    return _insert(connection, model, fields, (list(zip(*batch, strict=True)) for batch in _batches(rows)))


def insert_columns(
    connection: BaseDatabaseWrapper, model: type[models.Model], columns: Mapping[str, Values]
) -> int:
    """Append many rows given as columns, several times faster than row by row for numpy arrays.

    Args:
        columns: field name -> an array or list, all of one length; None or NaN is null.

    Returns:
        The number of rows written.
    """
    rows = len(next(iter(columns.values())))
    starts = range(0, rows, ROWS_AT_ONCE)
    batches = ([values[start : start + ROWS_AT_ONCE] for values in columns.values()] for start in starts)
    return _insert(connection, model, list(columns), batches)


def _batches(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    rows = iter(rows)
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        yield batch


def _insert(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    names: Sequence[str],
    batches: Iterable[Sequence[Values]],
) -> int:
    fields = [model._meta.get_field(name) for name in names]
    table = f'"{model._meta.db_table}" (' + ", ".join(f'"{field.column}"' for field in fields) + ")"
    with connection.cursor() as cursor:
        if is_postgresql(connection):
            stream = Stream(binary_rows(fields, batches))
            with connection.wrap_database_errors:  # Django's cursor passes this call through as it is
                cursor.copy_expert(f"COPY {table} FROM STDIN WITH (FORMAT binary)", stream, COPY_BYTES)
            return cursor.rowcount
        places = ", ".join(["%s"] * len(fields))
        insert = f"INSERT INTO {table} VALUES ({places})"  # noqa: S608 - names of our own models
        written = 0
        for columns in batches:
            values = [_sqlite_column(field, column) for field, column in zip(fields, columns, strict=True)]
            cursor.executemany(insert, zip(*values, strict=True))
            written += len(columns[0])
        return written


def _sqlite_column(field: models.Field, values: Values) -> list[Any]:
    plain = plain_values(field, values)
    kind = concrete(field).get_internal_type()
    if kind == "UUIDField":
        return [v and (v.replace("-", "") if isinstance(v, str) else v.hex) for v in plain]
    if kind == "DateTimeField":
        return [v and v.astimezone(UTC).replace(tzinfo=None).isoformat(" ") for v in plain]
    if kind == "DateField":
        return [value and value.isoformat() for value in plain]
    if kind == "JSONField":
        return [v if v is None or isinstance(v, str) else json.dumps(v) for v in plain]
    return plain


@contextmanager
def rewriting_allowed(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> Iterator[None]:
    """Lift the triggers: for the test suite's flush and for an approved purge by the owner role only."""
    tables = list(tables)
    with connection.cursor() as cursor:
        for table in tables:
            if is_postgresql(connection):
                cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER append_only')
            else:
                for verb in ("update", "delete", "insert"):
                    cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_append_only_{verb}"')
    try:
        yield
    finally:
        if is_postgresql(connection):
            with connection.cursor() as cursor:
                for table in tables:
                    cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER append_only')


# --- roles --------------------------------------------------------------------------------------------


def grant_application_role(
    connection: BaseDatabaseWrapper, role: str, written_once: Iterable[str]
) -> list[str]:
    """Give the application role what it needs and no more; run by the owner after migrating.

    Args:
        role: an existing login role that owns neither tables, schema nor database.
        written_once: ledger tables; on them the role may only read and insert.

    Returns:
        The statements carried out.

    Raises:
        NotSupportedError: on SQLite, which has no roles.
    """
    if not is_postgresql(connection):
        raise NotSupportedError("SQLite has no roles; the append-only triggers are its only fence.")
    who = connection.ops.quote_name(role)
    ledger = ", ".join(connection.ops.quote_name(table) for table in sorted(written_once))
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {who}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {who}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {who}",
        f"REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER, REFERENCES ON {ledger} FROM {who}",
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {who}",
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return statements


def can_rewrite(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> list[str]:
    """Tables among these that the connected role could rewrite or alter, as owner or by privilege."""
    if not is_postgresql(connection):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname = ANY(%s) AND ("
            "pg_has_role(current_user, c.relowner, 'USAGE') "
            "OR has_table_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE') "
            "OR has_table_privilege(c.oid, 'TRUNCATE')) ORDER BY 1",
            [sorted(tables)],
        )
        return [name for (name,) in cursor.fetchall()]
