"""Reviews open by themselves, move by the table, and are recorded step by step."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from advisory.recommendations.models import Decision, Recommendation, SealedDocument
from advisory.supervision.models import Review, ReviewEvent
from advisory.supervision.selectors import risk_of, working_days_after
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


@pytest.mark.parametrize(
    ("outcome", "chosen", "cost", "revenue", "risk"),
    [
        # cost: SMA, UMA, stay in cents a year; revenue of the firm: SMA, UMA
        ("UMA", "SMA", (300, 200, None), ("5", "12"), "high"),  # dearer for the client
        ("UMA", "SMA", (200, 200, None), ("5", "12"), "normal"),
        ("SMA", "UMA", (300, 200, None), ("5.00", "12.00"), "high"),  # the firm earns more
        ("SMA", "UMA", (300, 200, None), ("12.00", "5.00"), "normal"),
        ("NEITHER", "UMA", (300, 200, 0), ("0", "0"), "high"),  # from nothing to something
        ("NEITHER", "UMA", (300, 200, 400), ("0", "0"), "normal"),
        ("UMA", "stay", (300, 200, 100), ("5", "12"), "normal"),
        ("UMA", "stay", (300, 200, None), ("5", "12"), "high"),  # nobody knows what it costs
        ("SMA", "UMA", (300, 200, 100), ("5", None), "high"),
        ("EITHER", "stay", (300, 200, 250), ("5", "12"), "high"),  # the UMA would have been cheaper
        ("INDETERMINATE", "SMA", (100, 200, 300), ("0", "0"), "normal"),
        ("INDETERMINATE", "SMA", (100, 200, 50), ("0", "0"), "high"),
    ],
)
def test_the_risk_of_an_override_follows_what_it_is_chosen_instead_of(
    outcome: str, chosen: str, cost: tuple[Any, ...], revenue: tuple[Any, ...], risk: str
) -> None:
    row = Recommendation(
        outcome=outcome, **dict(zip(("sma_cost", "uma_cost", "stay_cost"), cost, strict=True))
    )
    earned = {name: {"firm_revenue": value} for name, value in zip(("SMA", "UMA"), revenue, strict=True)}
    document = SealedDocument(document=json.dumps({"conflict_of_interest": {"structures": earned}}))
    decision = Decision(
        recommendation=row, document=document, kind="overridden", chosen=chosen, reason_codes=["tax_work"]
    )
    assert risk_of(decision) == risk


def test_the_risk_is_read_from_the_sealed_document(decided: Callable[..., Decision]) -> None:
    # Worked case 4, $600,000: the firm keeps 12 bps of the house UMA and 5 of the house SMA.
    decision = decided(kind="overridden", chosen="SMA", reason_codes=["existing_relationship"])
    structures = json.loads(decision.document.document)["conflict_of_interest"]["structures"]
    assert (structures["UMA"]["firm_revenue"], structures["SMA"]["firm_revenue"]) == ("720.00", "300.00")
    open_reviews()
    row = decision.recommendation
    assert Review.objects.get().risk == ("high" if row.sma_cost > row.uma_cost else "normal")


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


@pytest.mark.parametrize("action", ["closed", "opened", "answered", "shredded"])
def test_only_a_reviewers_own_actions_are_carried_out(
    review: Review, firm: Any, client: Any, action: str
) -> None:
    with pytest.raises(DomainError, match="cannot be acted on like this"):
        act(by=firm.compliance, review=review, action=action, reason=WHY)
    client.force_login(firm.compliance)
    answer = client.post(f"/reviews/{review.pk}/act/", {"action": action, "reason": WHY})
    assert answer.status_code == 422
    review.refresh_from_db()
    assert (review.state, review.events.count()) == ("pending", 1)


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


def test_an_open_review_never_loses_its_owner(review: Review, firm: Any) -> None:
    act(by=firm.compliance, review=review, action="escalated", reason=WHY)
    act(by=firm.compliance, review=review, action="taken")
    with pytest.raises(DomainError, match="nobody next in line"):
        act(by=firm.compliance, review=review, action="escalated", reason=WHY)
    review.refresh_from_db()
    assert (review.state, review.owner) == ("in_review", firm.compliance)


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
