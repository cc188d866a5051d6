"""Many rows changed by one prepared statement."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from django.db import connections, models

AT_ONCE = 5_000
Key = TypeVar("Key")


def chunks(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """Keys in portions that every database takes as parameters of one statement."""
    return (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))


def update_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Any]) -> None:
    """Save these fields of many rows by one prepared statement.

    Django's ``bulk_update`` builds a CASE a column and row: measured ten minutes for 100,000 positions.
    """
    connection = connections["default"]
    by_name = {field.name: field for field in model._meta.local_concrete_fields}
    fields = [by_name[name] for name in names]
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    key = model._meta.pk
    sql = f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "{key.column}" = %s'  # noqa: S608 - own names
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in (*fields, key)]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)
