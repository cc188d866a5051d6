"""Bulk reviews as rows: the database is the queue. See ``docs/runs.md``."""

from django.db import models
from django.db.models import Q

from households.foundation.appendonly import AppendOnly, AppendOnlyQuerySet
from households.foundation.ids import new_id
from households.models import Account, User
from households.models.scope import ScopedQuerySet
from implementation.models import PolicyVersion, ShelfVersion


class Run(models.Model):
    """One bulk re-evaluation. Membership, policy, shelf, engine and as_of are frozen at the start."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PREVIEWED = "previewed", "Previewed"
        APPROVED = "approved", "Approved"
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        COMPLETE = "complete", "Complete"
        PARTIAL = "partial", "Complete, with failures"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Canceled"
        SEALED = "sealed", "Sealed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=120)
    filter = models.TextField(blank=True, help_text="The book's querystring; empty: the whole book.")
    retry_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="retries",
        help_text="Its members are the accounts that failed in that run.",
    )  # fmt: skip
    as_of = models.DateField()
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    shelf = models.ForeignKey(ShelfVersion, on_delete=models.PROTECT, related_name="+")
    engine = models.PositiveIntegerField()
    households = models.PositiveIntegerField(default=0)
    accounts = models.PositiveIntegerField(default=0)
    preview = models.JSONField(default=dict, help_text="Counts and outcome flips found by the preview.")
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    flipped = models.PositiveIntegerField(default=0, help_text="Changed, and to another outcome.")
    directions = models.JSONField(
        default=dict, help_text='Accounts by outcome before and after: {"SMA>UMA": 3}.'
    )
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="runs")
    approved_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_because = models.CharField(max_length=200, blank=True)
    idempotency_key = models.CharField(max_length=64, unique=True)
    sealed_sha256 = models.CharField(max_length=64, blank=True, help_text="Of its results, in account order.")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True, help_text="When a worker last took a chunk.")

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["created_at"]),
            models.Index(fields=["created_at"], condition=Q(state="running"), name="running_runs"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def tone(self) -> str:
        """How its state is colored."""
        return _TONES.get(self.state, "plain")


_TONES = {
    Run.State.RUNNING: "info", Run.State.PAUSED: "warn", Run.State.COMPLETE: "ok", Run.State.SEALED: "ok",
    Run.State.PARTIAL: "warn", Run.State.FAILED: "bad",
}  # fmt: skip


class RunEvent(AppendOnly):
    """One step of a run, written with it: what happened, by whom (nobody: the workers), and a note."""

    run = models.ForeignKey(Run, on_delete=models.DO_NOTHING, related_name="events")
    event = models.CharField(max_length=32)
    state = models.CharField(max_length=12, choices=Run.State.choices, help_text="The state it led to.")
    by = models.ForeignKey(User, null=True, on_delete=models.DO_NOTHING, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.event


class Chunk(models.Model):
    """Whole households of a run, claimed by lease and fencing token."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        SPLIT = "split", "Split"
        CANCELLED = "cancelled", "Canceled"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    number = models.PositiveIntegerField()
    members = models.JSONField(help_text="[[household, [account, ...]], ...] as 32 hex digits each.")
    households = models.PositiveIntegerField()
    accounts = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Claims that have not published.")
    token = models.PositiveIntegerField(
        default=0, help_text="Raised by every claim; only the newest publishes."
    )
    owner = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    flipped = models.PositiveIntegerField(default=0)
    directions = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_chunk_a_number")]
        indexes = [models.Index(fields=["run", "number"], condition=Q(state="open"), name="open_chunks")]

    def __str__(self) -> str:
        return f"chunk {self.number}"


class RunResultQuerySet(ScopedQuerySet, AppendOnlyQuerySet):
    household_path = "account__household__"


class RunResult(AppendOnly):
    """What a run found for one account: exactly one row, whatever happens."""

    class Kind(models.TextChoices):
        CHANGED = "changed", "Changed"
        UNCHANGED = "unchanged", "Confirmed unchanged"
        FAILED = "failed", "Could not be evaluated"

    run = models.ForeignKey(
        Run, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="results"
    )
    account = models.ForeignKey(
        Account, on_delete=models.DO_NOTHING, db_constraint=False, related_name="run_results"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    recommendation_id = models.UUIDField(null=True, help_text="The newest recommendation after the run.")
    previous_id = models.UUIDField(null=True, help_text="The newest one before it.")
    outcome_before = models.CharField(max_length=16, blank=True)
    outcome_after = models.CharField(max_length=16, blank=True)
    flipped = models.BooleanField(default=False)
    why = models.CharField(max_length=300, blank=True, help_text="What moved the outcome, or why it failed.")
    recorded_at = models.DateTimeField()

    POINTS_TO = dict.fromkeys(("recommendation_id", "previous_id"), "recommendations.Recommendation")

    objects = RunResultQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "account"], name="one_result_an_account_and_run")
        ]
        indexes = [
            # Partial: the thousands of accounts confirmed unchanged cost these indexes nothing.
            models.Index(fields=["run", "account"], condition=Q(flipped=True), name="flipped_results"),
            models.Index(fields=["run", "account"], condition=Q(kind="failed"), name="failed_results"),
        ]

    def __str__(self) -> str:
        return self.kind
