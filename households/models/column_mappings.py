"""Lists whose columns are mapped by hand: what is remembered, its history, and files that wait."""

from django.db import models

from households.foundation.appendonly import AppendOnly
from households.foundation.ids import new_id
from households.models.accounts import Household
from households.models.imports import Import
from households.models.scope import scoped_by
from households.models.users import User


class ColumnMapping(models.Model):
    """What the columns under one header are, as somebody said; the firm's own, one a header.

    It holds names of columns and nothing of any client.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    signature = models.CharField(
        max_length=64, unique=True, editable=False, help_text="SHA-256 of the header's names."
    )
    name = models.CharField(max_length=80, unique=True)
    header = models.JSONField(default=list, help_text="The names of the columns, as they first stood.")
    columns = models.JSONField(default=dict, help_text="The template's column -> key of the file's.")
    rows = models.CharField(
        max_length=8, blank=True, help_text="What every row is: position, lot or held; empty: a column says."
    )
    revision = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ColumnMappingChange(AppendOnly):
    """One thing about one mapping, before and after; ``made`` and ``deleted`` stand for all of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mapping = models.ForeignKey(
        ColumnMapping, on_delete=models.DO_NOTHING, db_constraint=False, related_name="changes"
    )
    name = models.CharField(max_length=80, help_text="What it was called at the time.")
    field = models.CharField(max_length=32)
    old = models.TextField(null=True)
    new = models.TextField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["mapping", "at"])]

    def __str__(self) -> str:
        return f"{self.name}: {self.field}"


class WaitingUpload(models.Model):
    """An upload that waits for its columns to be mapped: its uploader's alone, and not for long."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    by_hand = models.BooleanField(
        default=False, help_text="Its uploader wants the columns mapped, whatever the files look like."
    )
    dated = models.DateField(null=True, blank=True, help_text="Date of the values, given beside the files.")
    staged = models.ForeignKey(Import, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = scoped_by("household__").as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Upload of {self.created_at:%Y-%m-%d}"


class WaitingFile(models.Model):
    """One file of a waiting upload: its bytes, and its first lines as text."""

    upload = models.ForeignKey(WaitingUpload, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=140)
    content = models.BinaryField(help_text="Compressed by zlib.")
    encoding = models.CharField(max_length=8, blank=True)
    beginning = models.TextField(blank=True, help_text="Empty: not text, or no list.")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
