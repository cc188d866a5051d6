"""What may be read of the ledger. Every query begins from what the user may see."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from advisory.recommendations.differences import Difference, difference
from advisory.recommendations.documents import explanation_of, newest_document
from advisory.recommendations.models import Decision, Recommendation
from advisory.recommendations.states import DECIDED, State
from households.foundation.databases import newest_rows
from households.models import Account, Household, User

__all__ = [
    "Difference",
    "decisions_of",
    "difference",
    "explanation_of",
    "history_of",
    "newest_document",
    "newest_of",
    "newest_of_household",
    "previous_of",
    "recommendations_visible_to",
    "recorded_state",
    "state_of",
    "with_state",
]


def recommendations_visible_to(user: User) -> QuerySet[Recommendation]:
    """Recommendations as a page or a list shows them, newest first."""
    return (
        Recommendation.objects.visible_to(user)
        .select_related("account", "household", "status", "status__decision")
        .order_by("-recorded_at", "-id")
    )


def newest_of(account_id: UUID) -> Recommendation | None:
    """The recommendation in force for an account."""
    return Recommendation.objects.filter(account_id=account_id).order_by("-seq").first()


def newest_of_household(user: User, household: Household) -> dict[UUID, Recommendation]:
    """Account id -> the recommendation in force, for every account of a household that has one; one query."""
    rows = Recommendation.objects.visible_to(user).filter(household=household)
    newest = with_state(newest_rows(rows.select_related("status", "status__decision"), "account_id"))
    return {row.account_id: row for row in newest}


def previous_of(recommendation: Recommendation) -> Recommendation | None:
    """The one before it in the account's chain."""
    if recommendation.seq == 1:
        return None
    return Recommendation.objects.filter(
        account_id=recommendation.account_id, seq=recommendation.seq - 1
    ).first()


def history_of(user: User, account: Account) -> QuerySet[Recommendation]:
    """All recommendations of an account, newest first, with their states."""
    rows = Recommendation.objects.visible_to(user).filter(account=account)
    return with_state(rows.select_related("status", "status__decision")).order_by("-seq")


def decisions_of(recommendation: Recommendation) -> QuerySet[Decision]:
    """Decisions on a recommendation, oldest first."""
    return recommendation.decisions.order_by("seq")


# --- states ---------------------------------------------------------------------------------------------


def recorded_state(recommendation: Recommendation) -> str:
    """What the ledger itself says, newer rows and dates apart."""
    status = getattr(recommendation, "status", None)
    return status.state if status else State.GENERATED


def state_of(recommendation: Recommendation, *, newest: bool, today: date | None = None) -> str:
    """The state that a reader is told: superseded and expired follow from newer rows and from the date."""
    state = recorded_state(recommendation)
    if state in DECIDED:
        return state
    if not newest:
        return State.SUPERSEDED
    due = recommendation.next_review_due
    return State.EXPIRED if due and due < (today or timezone.localdate()) else state


def with_state(rows: QuerySet[Any], today: date | None = None) -> QuerySet[Any]:
    """Annotates ``told_state``, the same as :func:`state_of`, and ``is_newest``."""
    newer = Recommendation.objects.filter(account_id=OuterRef("account_id"), seq__gt=OuterRef("seq"))
    return rows.annotate(is_newest=~Exists(newer)).annotate(
        told_state=Case(
            When(Q(status__state__in=DECIDED), then=F("status__state")),
            When(is_newest=False, then=Value(State.SUPERSEDED.value)),
            When(next_review_due__lt=today or timezone.localdate(), then=Value(State.EXPIRED.value)),
            When(status__state__isnull=False, then=F("status__state")),
            default=Value(State.GENERATED.value),
            output_field=CharField(),
        )
    )
