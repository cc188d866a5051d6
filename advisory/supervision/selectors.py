"""What there is to review, and what has come of it."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from advisory.recommendations.models import Decision
from advisory.recommendations.reasons import ACCEPTED, CHOICES, OTHER
from advisory.supervision.models import Review, ReviewEvent
from advisory.supervision.states import ACTIVE, OPEN
from households.foundation.roles import Role
from households.models import User

HIGH, NORMAL = "high", "normal"
DAYS_TO_REVIEW = {HIGH: 2, NORMAL: 5}
"""Working days; the firm's written procedures may ask for fewer."""


def working_days_after(day: date, count: int) -> date:
    """The date ``count`` weekdays later (holidays are not known here)."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def decisions_without_review() -> QuerySet[Decision]:
    """Decisions that bind (not deferrals) and that nobody has been asked to look at yet, oldest first."""
    return (
        Decision.objects.exclude(kind=Decision.Kind.DEFER)
        .filter(review=None)
        .select_related("recommendation", "document")
        .order_by("recorded_at", "id")
    )


def risk_of(decision: Decision) -> str:
    """High: *other* as reason, or an override toward higher cost for the client or revenue for the firm."""
    return HIGH if risks_of(decision) else NORMAL


def risks_of(decision: Decision) -> list[str]:
    """What makes a decision one of high risk, a sentence each; empty where nothing does."""
    found = []
    if OTHER in decision.reason_codes:
        found.append("“Other” is given as a reason.")
    if decision.kind == Decision.Kind.OVERRIDE:
        found += _beside(_costs(decision), "it costs the client", decision)
        found += _beside(_revenues(decision), "the firm earns", decision)
    return found


def _instead_of(decision: Decision) -> list[str]:
    """What accepting would have meant; everything else where nothing was recommended."""
    accepted = ACCEPTED[decision.recommendation.outcome] or CHOICES
    return [choice for choice in accepted if choice != decision.chosen]


def _beside(amounts: Mapping[str, Any], what: str, decision: Decision) -> list[str]:
    """Whether an amount is more with the choice than with what it was chosen instead of.

    Args:
        amounts: choice -> dollars a year; None is unknown and counts as more.
    """
    chosen, others = amounts[decision.chosen], [amounts[choice] for choice in _instead_of(decision)]
    if chosen is not None and any(other is not None and chosen > other for other in others):
        return [f"With this choice {what} more than with what it was chosen instead of."]
    if chosen is None or None in others:
        return [f"What {what} with this choice and with the others is not all known, which counts as more."]
    return []


def _costs(decision: Decision) -> dict[str, Any]:
    row = decision.recommendation
    return {"SMA": row.sma_cost, "UMA": row.uma_cost, "stay": row.stay_cost}


def _revenues(decision: Decision) -> dict[str, Decimal | None]:
    """What the firm earns, by the document that the advisor had before them.

    What it earns where things stay as they are is not recorded and counts as nothing.
    """
    structures = json.loads(decision.document.document)["conflict_of_interest"]["structures"]
    earned = {name: structures[name]["firm_revenue"] for name in ("SMA", "UMA")}
    known = {name: None if amount is None else Decimal(amount) for name, amount in earned.items()}
    return {**known, "stay": Decimal(0)}


def reviewers_by_load() -> list[User]:
    """Compliance users, the least loaded first."""
    users = User.objects.filter(role=Role.COMPLIANCE, is_active=True)
    open_items = Count("reviews", filter=Q(reviews__state__in=OPEN))
    return list(users.annotate(load=open_items).order_by("load", "email"))


def reviews_visible_to(user: User) -> QuerySet[Review]:
    """The queue as this user may see it, with what a row shows."""
    return (
        Review.objects.visible_to(user)
        .select_related("decision", "owner", "recommendation", "recommendation__account__household")
        .order_by("due", "opened_at", "id")
    )


def neighbours(review: Review, user: User) -> tuple[Review | None, Review | None]:
    """The reviews before and after this one in the open queue."""
    ids = list(
        reviews_visible_to(user).filter(Q(state__in=OPEN) | Q(pk=review.pk)).values_list("pk", flat=True)
    )
    here = ids.index(review.pk)
    before = ids[here - 1] if here else None
    after = ids[here + 1] if here + 1 < len(ids) else None
    found = Review.objects.in_bulk([pk for pk in (before, after) if pk])
    return found.get(before), found.get(after)


def events_of(review: Review) -> QuerySet[ReviewEvent]:
    """The steps of a review, oldest first."""
    return review.events.order_by("seq")


def active_reviews_of_account(account_id: object) -> QuerySet[Review]:
    """Reviews of any decision on an account that are not settled."""
    return Review.objects.filter(recommendation__account_id=account_id, state__in=ACTIVE)
