"""What must hold before the product serves clients' data."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.db import connection

from households.foundation.appendonly import append_only_models
from households.foundation.databases import can_rewrite


@register("database")
def check_application_role(app_configs: Any, databases: list[str] | None = None, **_: Any) -> list[Error]:
    """In production the connected role must not be able to rewrite the ledger."""
    if not settings.PRODUCTION or not databases:
        return []
    tables = can_rewrite(connection, [model._meta.db_table for model in append_only_models()])
    if not tables:
        return []
    return [
        Error(
            f"The database role could rewrite the ledger: {', '.join(tables)}.",
            hint="Serve with the application role; migrate with the owner (docs/deployment.md).",
            id="ledger.E002",
        )
    ]
