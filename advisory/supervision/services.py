"""Opening reviews for new decisions, and acting on them. Nobody reviews their own decision."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from advisory.recommendations.chain import append, last_of
from advisory.recommendations.models import Decision
from advisory.supervision import selectors
from advisory.supervision.models import Review, ReviewEvent
from advisory.supervision.states import ACTIONS, NEEDS_REASON, REVIEW
from households.foundation.errors import DomainError
from households.foundation.roles import Role
from households.models import User

SHORTEST_REASON = 15


def open_reviews() -> int:
    """Ask for a look at every decision that has none yet; safe to call again and again.

    Returns:
        How many reviews were opened.
    """
    opened = 0
    for decision in selectors.decisions_without_review():
        try:
            with transaction.atomic():
                _open(decision)
            opened += 1
        except IntegrityError:  # somebody else opened it in the same moment
            continue
    return opened


def _open(decision: Decision) -> None:
    now = timezone.localdate(decision.recorded_at)
    risk = selectors.risk_of(decision)
    reviewers = selectors.reviewers_by_load()
    owner = next((user for user in reviewers if user.pk != decision.by_id), None)
    following = next(
        (user for user in reviewers if owner and user.pk not in (owner.pk, decision.by_id)), None
    )
    _close_outdated(decision)
    review = Review.objects.create(
        recommendation=decision.recommendation,
        decision=decision,
        risk=risk,
        owner=owner,
        next_owner=following or decision.by.supervisor,
        due=selectors.working_days_after(now, selectors.DAYS_TO_REVIEW[risk]),
        opened_at=decision.recorded_at,
    )
    _record(review, "opened", by=None, reason="")


def _close_outdated(decision: Decision) -> None:
    """A newer decision on the account answers what was returned and outdates what was still open."""
    active = selectors.active_reviews_of_account(decision.recommendation.account_id)
    # Held, and their states read with that: one that is being settled now must not be closed over it.
    for older in active.select_for_update(of=("self",)):
        _move(older, "closed", by=None, reason="A newer decision on this account takes its place.")


@transaction.atomic
def act(*, by: User, review: Review, action: str, reason: str = "") -> Review:
    """Take, approve, return, reject or escalate a review.

    Raises:
        DomainError: 422 for another action, or without the reason that it needs; 403 for one's own decision;
            409 when the review's state does not allow it.
    """
    # Of itself alone: the application's role may not lock the decision, which is written once.
    locked = Review.objects.select_for_update(of=("self",))
    review = locked.select_related("decision").get(pk=review.pk)
    reason = reason.strip()
    _refuse(by, review, action, reason)
    if action == "taken":
        review.owner = by
    if action == "escalated":
        review.owner, review.next_owner = review.next_owner, None
    return _move(review, action, by=by, reason=reason)


def _refuse(by: User, review: Review, action: str, reason: str) -> None:
    if action not in ACTIONS:
        raise DomainError("A review cannot be acted on like this.", value=action, remedy="Use its buttons.")
    if by.role != Role.COMPLIANCE:
        raise DomainError("Only compliance reviews decisions.", status=403)
    if review.decision.by_id == by.pk:
        raise DomainError("Nobody reviews their own decision.", remedy="Ask a colleague.", status=403)
    if action in NEEDS_REASON and len(reason) < SHORTEST_REASON:
        raise DomainError(
            "Say why, in a sentence the advisor can act on.",
            field="reason",
            value=reason,
            remedy=f"Write at least {SHORTEST_REASON} characters.",
        )
    if action == "escalated" and review.next_owner is None:
        raise DomainError(
            "There is nobody next in line.",
            status=409,
            remedy="Settle it, or ask a colleague to take it.",
        )


def _move(review: Review, action: str, *, by: User | None, reason: str) -> Review:
    review.state = REVIEW.after(review.state, action)
    review.save(update_fields=["state", "owner", "next_owner"])
    _record(review, action, by=by, reason=reason)
    return review


def _record(review: Review, kind: str, *, by: User | None, reason: str) -> ReviewEvent:
    event = ReviewEvent(
        review=review,
        kind=kind,
        reason=reason,
        by=by,
        by_name=str(by) if by else "",
        by_role=by.role if by else "",
        decision_hash=review.decision.row_hash,
    )
    return append(event, last_of(review.events.all()))


def rebuild_states(reviews: Iterable[Review]) -> int:
    """Derive each cached state again from its events; the number that had drifted."""
    drifted = 0
    for review in reviews:
        state = REVIEW.start
        for event in review.events.order_by("seq"):
            state = state if event.kind == ReviewEvent.Kind.OPENED else REVIEW.after(state, event.kind)
        if state != review.state:
            review.state = state
            review.save(update_fields=["state"])
            drifted += 1
    return drifted
