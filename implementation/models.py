"""Policy and shelf as the firm published them: immutable, hashed, effective-dated."""

from django.db import models

from households.foundation.appendonly import AppendOnly
from households.foundation.ids import new_id
from households.models import User


class DocumentVersion(AppendOnly):
    """One published version of a document, with its text as it was approved."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    effective_from = models.DateField()
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True
        ordering = ["-effective_from", "-published_at"]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class PolicyVersion(DocumentVersion):
    """Weights, shapes, tolerances and texts of reasons in force from a date."""

    class Meta(DocumentVersion.Meta):
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="one_policy_a_version")]


class ShelfVersion(DocumentVersion):
    """The programs in force from a date."""

    class Meta(DocumentVersion.Meta):
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="one_shelf_a_version")]
