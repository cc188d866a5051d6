"""Custodian files: staged first, committed whole or by their good rows, kept with their rows."""

from django.db import models

from households.foundation.appendonly import AppendOnly, AppendOnlyQuerySet
from households.foundation.ids import new_id
from households.models.accounts import Account, Household
from households.models.scope import ScopedQuerySet, scoped_by
from households.models.users import User


class Import(models.Model):
    """One upload of one or more files of a custodian."""

    class State(models.TextChoices):
        STAGED = "staged", "Ready to check"
        COMMITTED = "committed", "Committed"
        DISCARDED = "discarded", "Discarded"
        UNDONE = "undone", "Undone"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="imports")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="imports")
    state = models.CharField(max_length=12, choices=State.choices, default=State.STAGED)
    files = models.JSONField(
        default=list, help_text="Per file: name, sha256, bytes, format, as_of, taken, rejected."
    )
    content_sha256 = models.CharField(max_length=64, db_index=True)
    warnings = models.JSONField(default=list, help_text="Each: code, file, line, message.")
    account_map = models.JSONField(default=dict, help_text="Account label in the file -> account id.")
    as_of = models.DateField(null=True, blank=True)
    taken = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_revision = models.PositiveIntegerField(
        null=True, blank=True, help_text="The household's revision that undoing it made."
    )

    objects = scoped_by("household__").as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Import of {self.created_at:%Y-%m-%d}"


class ImportRow(models.Model):
    """One row of a file: taken with its parsed values, or rejected with field, value and remedy."""

    class Kind(models.TextChoices):
        POSITION = "position", "Position"
        LOT = "lot", "Tax lot"

    source_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    file = models.CharField(max_length=200)
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    label = models.CharField(max_length=120, blank=True, help_text="The file's name for the account.")
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    taken = models.BooleanField()
    values = models.JSONField(default=dict)
    field = models.CharField(max_length=64, blank=True)
    value = models.CharField(max_length=200, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    remedy = models.CharField(max_length=300, blank=True)

    objects = scoped_by("source_import__household__").as_manager()

    class Meta:
        ordering = ["file", "line"]

    def __str__(self) -> str:
        return f"{self.file} line {self.line}"


class _OfImport(ScopedQuerySet, AppendOnlyQuerySet):
    household_path = "source_import__household__"


class _KeptWithImport(AppendOnly):
    """What is kept beside an import for good. No database constraint: it outlives what it points to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source_import = models.ForeignKey(
        Import, on_delete=models.DO_NOTHING, db_constraint=False, related_name="%(class)ss"
    )
    at = models.DateTimeField(auto_now_add=True)

    objects = _OfImport.as_manager()

    class Meta:
        abstract = True


class ImportFile(_KeptWithImport):
    """A file as it was uploaded, byte for byte."""

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, help_text="Of the bytes as uploaded.")
    size = models.PositiveIntegerField(help_text="Bytes as uploaded.")
    packed = models.BinaryField(help_text="The bytes, compressed with zlib.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source_import", "name"], name="one_original_a_name_and_import")
        ]

    def __str__(self) -> str:
        return self.name


class ImportMend(_KeptWithImport):
    """Rejected rows that somebody mended and uploaded: cells that stand in for those of the file."""

    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    rows = models.JSONField(help_text="Each: file, line, cells, changed (column, before, after).")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{len(self.rows)} mended rows"


class ImportSnapshot(_KeptWithImport):
    """What the accounts of an import held just before its commit, so that the commit can be undone."""

    revision = models.PositiveIntegerField(help_text="The household's revision that the commit made.")
    packed = models.BinaryField(help_text="Account -> positions with their lots: JSON, compressed.")
    left_sha256 = models.CharField(max_length=64, help_text="Of what the accounts held after the commit.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source_import"], name="one_snapshot_an_import")]

    def __str__(self) -> str:
        return f"Before the commit of {self.at:%Y-%m-%d}"
