"""What was changed, by whom and why; and what left the system. Written with the act, once."""

from django.db import models

from households.foundation.appendonly import AppendOnly, AppendOnlyQuerySet
from households.foundation.ids import new_id
from households.models.accounts import Household
from households.models.scope import ScopedQuerySet
from households.models.users import User


class _ScopedAppendOnly(ScopedQuerySet, AppendOnlyQuerySet):
    household_path = "household__"


class Change(AppendOnly):
    """One field of one record, before and after."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(
        Household, on_delete=models.DO_NOTHING, db_constraint=False, related_name="changes"
    )
    entity = models.CharField(max_length=32, help_text="Such as account, tax_unit, intake, position.")
    entity_id = models.CharField(max_length=40)
    field = models.CharField(max_length=64)
    old = models.TextField(null=True)
    new = models.TextField(null=True)
    source = models.CharField(max_length=40, help_text="typed, or import <id>.")
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = _ScopedAppendOnly.as_manager()

    class Meta:
        indexes = [models.Index(fields=["household", "at"])]

    def __str__(self) -> str:
        return f"{self.entity} {self.field}"


class ExportRecord(AppendOnly):
    """A file that left the system: who took which rows, by which filter, and what for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=64)
    filter = models.TextField(blank=True)
    rows = models.PositiveIntegerField()
    purpose = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.what} ({self.rows} rows)"
