"""What keeps ledger rows as they were written: triggers in both databases, and a role in PostgreSQL."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import NotSupportedError
from django.db.backends.base.base import BaseDatabaseWrapper

from households.foundation.databases.which import is_postgresql

REFUSAL = "written once: ledger rows cannot be changed or removed"


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
