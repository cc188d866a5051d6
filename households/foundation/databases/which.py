"""Which database a connection or a query speaks to."""

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper


def is_postgresql(connection: BaseDatabaseWrapper) -> bool:
    """Whether this connection speaks to PostgreSQL."""
    return connection.vendor == "postgresql"


def connection_of(queryset: models.QuerySet) -> BaseDatabaseWrapper:
    """The connection that a query would go through."""
    return connections[queryset.db]
