"""Rows that are written once. The ORM refuses first; triggers in both databases refuse the rest."""

from typing import Any, NoReturn

from django.apps import AppConfig, apps
from django.core.checks import Error, register
from django.db import connections, models

from households.foundation import databases


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a row that is written once."""


class AppendOnlyQuerySet(models.QuerySet):
    """Reads and inserts; nothing else."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are written once; record a new one instead.")

    update = delete = bulk_update = update_or_create = _refuse  # type: ignore[assignment]


class AppendOnly(models.Model):
    """Base of every ledger table."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} {self.pk} is written once.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{type(self).__name__} {self.pk} is never deleted.")


def append_only_models() -> list[type[models.Model]]:
    """Every concrete model written once, by table name."""
    found = [m for m in apps.get_models() if issubclass(m, AppendOnly) and not m._meta.proxy]
    return sorted(found, key=lambda m: m._meta.db_table)


def unique_sets(model: type[models.Model]) -> list[list[str]]:
    """Column sets that identify a row: the key, unique fields and unconditional unique constraints."""
    sets = [[f.column] for f in model._meta.local_concrete_fields if f.unique]
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition is None:
            sets.append([model._meta.get_field(name).column for name in constraint.fields])
    return sets


def install_triggers(*, using: str, **_: Any) -> None:
    """Install (again) the refusing triggers; Django's table rebuilds on SQLite drop them."""
    connection = connections[using]
    present = set(connection.introspection.table_names())
    for model in append_only_models():
        if model._meta.db_table in present:
            databases.install_append_only(connection, model._meta.db_table, unique_sets(model))


def missing_triggers(using: str = "default") -> list[str]:
    """Ledger tables that exist without their triggers."""
    connection = connections[using]
    present = set(connection.introspection.table_names())
    held = databases.append_only_tables(connection)
    return [m._meta.db_table for m in append_only_models() if m._meta.db_table in present - held]


@register("database")
def check_triggers(
    app_configs: list[AppConfig] | None, databases: list[str] | None = None, **_: Any
) -> list[Error]:
    """``check --database default`` names every ledger table that could be rewritten."""
    return [
        Error(
            f"The ledger table {table} has no append-only triggers.",
            hint="Run manage.py migrate, which installs them.",
            id="ledger.E001",
        )
        for using in databases or []
        for table in missing_triggers(using)
    ]
