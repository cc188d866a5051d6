"""Queries that the two databases write differently: many keys, newest rows, entries of a JSON object."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import OuterRef, Subquery
from django.db.models.expressions import RawSQL

from households.foundation.databases.which import connection_of, is_postgresql


def among(queryset: models.QuerySet, field: str, keys: Iterable[Any]) -> models.QuerySet:
    """Rows whose UUID ``field`` is one of many keys, passed as one parameter: SQLite caps their number."""
    connection = connection_of(queryset)
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
    if is_postgresql(connection_of(queryset)):
        return queryset.order_by(chain, f"-{order}").distinct(chain)
    same_chain = queryset.model._base_manager.using(queryset.db).filter(**{chain: OuterRef(chain)})
    greatest = same_chain.order_by(f"-{order}").values(order)[:1]
    return queryset.filter(**{order: Subquery(greatest)}).order_by(chain)


class JsonLength(models.Func):
    """How many entries a JSON list has."""

    function = "json_array_length"
    output_field = models.IntegerField()

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """The same of ``jsonb``."""
        return self.as_sql(compiler, connection, function="jsonb_array_length", **context)


def json_entries(connection: BaseDatabaseWrapper, column: str) -> tuple[str, Callable[[str], str]]:
    """SQL for the entries of a JSON object of objects.

    Args:
        column: SQL of the column that holds the object.

    Returns:
        What to select from, and a function that gives the SQL of an entry's text by its name.
    """
    if is_postgresql(connection):
        return f"jsonb_each({column}) AS held(name, entry)", lambda name: f"held.entry->>'{name}'"
    return f"json_each({column}) AS held", lambda name: f"json_extract(held.value, '$.{name}')"
