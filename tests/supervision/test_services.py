"""Reviews open by themselves, move by the table, and are recorded step by step."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from advisory.recommendations.models import Decision
from advisory.supervision.models import Review, ReviewEvent
from advisory.supervision.selectors import working_days_after
from advisory.supervision.services import act, open_reviews, rebuild_states
from households.foundation.errors import DomainError
from households.models import User

pytestmark = pytest.mark.django_db
WHY = "Please name the client's own reason."


def test_every_binding_decision_is_asked_about_once(decided: Callable[..., Decision], firm: Any) -> None:
    decision = decided()
    assert open_reviews() == 1
    assert open_reviews() == 0
    review = Review.objects.get()
    assert (review.decision, review.state, review.owner) == (decision, "pending", firm.compliance)
    assert review.next_owner == firm.supervisor
    assert review.due == working_days_after(timezone.localdate(decision.recorded_at), 5)


def test_a_deferral_waits_for_a_real_decision(decided: Callable[..., Decision]) -> None:
    decided(kind="deferred", chosen="none", reason_codes=["facts_awaited"])
    assert open_reviews() == 0


def test_an_override_toward_the_dearer_structure_is_high_risk(decided: Callable[..., Decision]) -> None:
    # Case 4 is $600,000: the house SMA costs more than the house UMA plus nothing at that size, or less; the
    # risk follows the recorded costs either way.
    decision = decided(kind="overridden", chosen="SMA", reason_codes=["existing_relationship"])
    open_reviews()
    row = decision.recommendation
    dearer = row.sma_cost > min(c for c in (row.uma_cost, row.stay_cost) if c)
    assert Review.objects.get().risk == ("high" if dearer or (row.firm_revenue_change or 0) > 0 else "normal")


def test_other_as_reason_is_high_risk_and_due_sooner(decided: Callable[..., Decision]) -> None:
    decision = decided(
        reason_codes=["other"],
        rationale="Her brother runs the other manager, and she wants no appearance of favor toward him.",
    )
    open_reviews()
    review = Review.objects.get()
    assert review.risk == "high"
    assert review.due == working_days_after(timezone.localdate(decision.recorded_at), 2)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # a Friday
        (date(2026, 11, 20), 5, date(2026, 11, 27)),
        (date(2026, 11, 22), 2, date(2026, 11, 24)),  # a Sunday
    ],
)
def test_working_days(day: date, count: int, expected: date) -> None:
    assert working_days_after(day, count) == expected


def test_marked_reviewed(review: Review, firm: Any) -> None:
    act(by=firm.compliance, review=review, action="approved")
    review.refresh_from_db()
    assert review.state == "approved"
    steps = list(review.events.order_by("seq").values_list("seq", "kind", "by_name"))
    assert steps == [(1, "opened", ""), (2, "approved", str(firm.compliance))]


def test_steps_are_chained_and_name_what_was_looked_at(review: Review, firm: Any) -> None:
    act(by=firm.compliance, review=review, action="taken")
    act(by=firm.compliance, review=review, action="returned", reason=WHY)
    first, second, third = review.events.order_by("seq")
    assert first.prev_hash == ""
    assert (second.prev_hash, third.prev_hash) == (first.row_hash, second.row_hash)
    assert {e.decision_hash for e in (first, second, third)} == {review.decision.row_hash}


@pytest.mark.parametrize("action", ["returned", "rejected", "escalated"])
def test_saying_no_needs_a_reason(review: Review, firm: Any, action: str) -> None:
    with pytest.raises(DomainError) as refused:
        act(by=firm.compliance, review=review, action=action, reason="no.")
    assert refused.value.field == "reason"
    assert ReviewEvent.objects.count() == 1


def test_a_settled_review_stays_settled(review: Review, firm: Any) -> None:
    act(by=firm.compliance, review=review, action="approved")
    with pytest.raises(DomainError) as refused:
        act(by=firm.compliance, review=review, action="returned", reason=WHY)
    assert refused.value.status == 409


def test_nobody_reviews_their_own_decision(review: Review, firm: Any) -> None:
    User.objects.filter(pk=firm.advisor.pk).update(role="compliance")
    firm.advisor.refresh_from_db()
    with pytest.raises(DomainError) as refused:
        act(by=firm.advisor, review=review, action="approved")
    assert refused.value.status == 403


def test_only_compliance_reviews(review: Review, firm: Any) -> None:
    for user in (firm.advisor, firm.operations, firm.supervisor):
        with pytest.raises(DomainError):
            act(by=user, review=review, action="approved")


def test_escalation_moves_to_the_next_owner(review: Review, firm: Any) -> None:
    act(by=firm.compliance, review=review, action="escalated", reason=WHY)
    review.refresh_from_db()
    assert (review.state, review.owner, review.next_owner) == ("escalated", firm.supervisor, None)


def test_a_correction_answers_what_was_returned(
    review: Review, firm: Any, decided: Callable[..., Decision]
) -> None:
    act(by=firm.compliance, review=review, action="returned", reason=WHY)
    decided(
        corrects=review.decision,
        rationale="Her three accounts are on one return; the overlay that covers them is already in place.",
    )
    assert open_reviews() == 1
    review.refresh_from_db()
    assert review.state == "closed"
    assert Review.objects.exclude(pk=review.pk).get().state == "pending"


def test_states_follow_from_the_events(review: Review, firm: Any) -> None:
    act(by=firm.compliance, review=review, action="returned", reason=WHY)
    Review.objects.update(state="approved")
    assert rebuild_states(Review.objects.all()) == 1
    assert Review.objects.get().state == "returned"
    assert rebuild_states(Review.objects.all()) == 0


def test_overdue_reviews_are_found(review: Review, firm: Any, client: Any) -> None:
    client.force_login(firm.compliance)
    assert b"Example household" not in client.get("/reviews/", {"state": "overdue"}).content
    Review.objects.update(due=timezone.localdate() - timedelta(days=1))
    assert b"Example household" in client.get("/reviews/", {"state": "overdue"}).content
