"""Compliance's look at decisions: an open item has an owner, a due date and a next owner."""

from django.db import models

from advisory.recommendations.models import Decision, LedgerRow, Recommendation, ScopedLedgerQuerySet
from households.foundation.ids import new_id
from households.models import User
from households.models.scope import scoped_by


class ReviewEventQuerySet(ScopedLedgerQuerySet):
    household_path = "review__recommendation__account__household__"


class Review(models.Model):
    """One decision to look at. ``state`` is cached; the events say how it came about."""

    class State(models.TextChoices):
        PENDING = "pending", "Waiting"
        IN_REVIEW = "in_review", "In review"
        APPROVED = "approved", "Reviewed"
        RETURNED = "returned", "Returned"
        REJECTED = "rejected", "Rejected"
        ESCALATED = "escalated", "Escalated"
        CLOSED = "closed", "Closed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.DO_NOTHING, db_constraint=False, related_name="reviews"
    )
    decision = models.OneToOneField(
        Decision, on_delete=models.DO_NOTHING, db_constraint=False, related_name="review"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    risk = models.CharField(
        max_length=8, default="normal", help_text="high: override toward higher cost or revenue."
    )
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="reviews")
    next_owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due = models.DateField()
    opened_at = models.DateTimeField()

    objects = scoped_by("recommendation__account__household__").as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "due"])]

    def __str__(self) -> str:
        return f"{self.state} (due {self.due})"

    @property
    def tone(self) -> str:
        """The tone of the state's badge."""
        return {
            "approved": "ok",
            "in_review": "info",
            "rejected": "bad",
            "returned": "warn",
            "escalated": "warn",
        }.get(self.state, "plain")


class ReviewEvent(LedgerRow):
    """One step of a review, written once."""

    class Kind(models.TextChoices):
        OPENED = "opened", "Opened"
        TAKEN = "taken", "Taken"
        APPROVED = "approved", "Marked reviewed"
        RETURNED = "returned", "Returned"
        REJECTED = "rejected", "Rejected"
        ESCALATED = "escalated", "Escalated"
        ANSWERED = "answered", "Answered"
        CLOSED = "closed", "Closed"

    review = models.ForeignKey(
        Review, on_delete=models.DO_NOTHING, db_constraint=False, related_name="events"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    by_name = models.CharField(max_length=160, blank=True)
    by_role = models.CharField(max_length=16, blank=True)
    decision_hash = models.CharField(
        max_length=64, help_text="What was looked at; another hash makes it stale."
    )

    objects = ReviewEventQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "seq"], name="one_review_event_a_seq")]

    def __str__(self) -> str:
        return self.kind
