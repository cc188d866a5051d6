"""Ledger rows cannot be changed or removed, whichever way one tries, on either database."""

import pytest
from django.db import DatabaseError, connection, transaction

from households.foundation.appendonly import AppendOnlyError, append_only_models, missing_triggers
from households.foundation.databases import append_only_tables, is_postgresql
from households.models import ExportRecord
from implementation.models import PolicyVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(firm) -> ExportRecord:
    return ExportRecord.objects.create(by=firm.compliance, what="history", rows=3)


def _raw(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_every_ledger_table_is_held_by_triggers() -> None:
    tables = {model._meta.db_table for model in append_only_models()}
    assert {"recommendations_recommendation", "recommendations_decision", "runs_runresult"} <= tables
    assert tables <= append_only_tables(connection)
    assert missing_triggers() == []


def test_the_orm_refuses(record: ExportRecord) -> None:
    record.rows = 4
    for attempt in (
        record.save,
        record.delete,
        lambda: ExportRecord.objects.update(rows=4),
        lambda: ExportRecord.objects.all().delete(),
        lambda: ExportRecord.objects.bulk_update([record], ["rows"]),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()


def test_the_database_refuses_raw_statements(record: ExportRecord) -> None:
    table = ExportRecord._meta.db_table
    statements = [f"UPDATE {table} SET rows = 4", f"DELETE FROM {table}"]
    if is_postgresql(connection):
        _raw("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE would otherwise stumble over the pending foreign key
        statements.append(f"TRUNCATE {table}")
    else:
        columns = ", ".join(f'"{f.column}"' for f in ExportRecord._meta.local_concrete_fields)
        statements.append(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}")
    for statement in statements:
        with pytest.raises(DatabaseError, match="written once"):
            _raw(statement)
    assert ExportRecord.objects.get().rows == 3


@pytest.mark.only_on("sqlite")
def test_no_foreign_connection_replaces_a_row_by_its_hidden_number(record: ExportRecord) -> None:
    """A plain SQLite shell runs no delete triggers when it replaces; the insert trigger must refuse alone."""
    table = PolicyVersion._meta.db_table
    values = "'{}', 'house', '{}', '', '', '2026-01-01', '2026-01-01', ''"
    columns = "id, name, version, sha256, text, effective_from, published_at, note"
    _raw(f"INSERT INTO {table} ({columns}) VALUES ({values.format('a' * 32, 'first')})")
    _raw("PRAGMA recursive_triggers=OFF")
    try:
        with pytest.raises(DatabaseError, match="written once"):
            _raw(
                f"INSERT OR REPLACE INTO {table} (rowid, {columns}) "
                f"SELECT max(rowid), {values.format('b' * 32, 'second')} FROM {table}"
            )
    finally:
        _raw("PRAGMA recursive_triggers=ON")
    assert [row.version for row in PolicyVersion.objects.all()] == ["first"]
