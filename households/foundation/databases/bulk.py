"""Many rows at once: binary COPY on PostgreSQL, ``executemany`` on SQLite."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from itertools import islice
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from households.foundation.copying import ROWS_AT_ONCE, Stream, Values, binary_rows, concrete, plain_values
from households.foundation.databases.which import is_postgresql

COPY_BYTES = 262_144


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
