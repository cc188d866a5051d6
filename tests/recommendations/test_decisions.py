"""Deciding: an accept needs evidence as an override does, the newest alone is decided, once."""

from typing import Any

import pytest
from django.db import connection

from advisory.recommendations import selectors, services
from advisory.recommendations.hashing import row_hash
from advisory.recommendations.models import Decision, Recommendation, RecommendationStatus
from advisory.recommendations.reasons import ACCEPTED, REASONS, overriding
from advisory.recommendations.states import RECOMMENDATION, State
from households.foundation.errors import DomainError
from implementation.rules.engine import OUTCOMES

pytestmark = pytest.mark.django_db

RATIONALE = "Two thirds sit in one appreciated employer stock that must be sold down over three years."
GOOD = {
    "kind": "accepted",
    "chosen": "SMA",
    "reason_codes": ["reasons_apply"],
    "rationale": RATIONALE,
    "cost_acknowledged": True,
    "conflict_acknowledged": True,
    "alternatives_viewed": ["SMA", "UMA"],
}


@pytest.fixture
def recommendation(firm: Any, publish: Any) -> Recommendation:
    """Case 3, an SMA, presented."""
    (done,) = publish({firm.account: 3})
    found = Recommendation.objects.get(pk=done.recommendation_id)
    services.present(by=firm.advisor, recommendation=found)
    return found


def decide(firm: Any, recommendation: Recommendation, **changes: Any) -> Decision:
    return services.decide(by=firm.advisor, recommendation=recommendation, **(GOOD | changes))


def test_an_accept_is_recorded_with_its_evidence(firm: Any, recommendation: Recommendation) -> None:
    decide(firm, recommendation)
    decision = Decision.objects.get()
    assert (decision.kind, decision.chosen, decision.seq, decision.prev_hash) == ("accepted", "SMA", 1, "")
    assert decision.row_hash == row_hash(decision)
    assert decision.document_id == recommendation.documents.get().pk
    assert (decision.by_name, decision.by_role) == ("Advisor Tester", "advisor")
    assert decision.cost_shown["SMA"] == {
        "bps": recommendation.sma_cost_bps,
        "cents": recommendation.sma_cost,
    }
    status = RecommendationStatus.objects.get()
    assert (status.state, status.decision_id, status.changed_at) == (
        "accepted",
        decision.pk,
        decision.recorded_at,
    )


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"kind": "approved"}, "kind", "what you decide"),
        ({"kind": "overridden"}, "chosen", "another structure"),
        ({"chosen": "UMA"}, "chosen", "does not go with"),
        ({"kind": "overridden", "chosen": "none"}, "chosen", "does not go with"),
        ({"reason_codes": []}, "reason_codes", "at least one reason"),
        ({"reason_codes": ["because"]}, "reason_codes", "not a reason"),
        ({"reason_codes": ["sponsor_exception"]}, "reason_codes", "not a reason"),
        ({"rationale": "Fits."}, "rationale", "at least 40 characters"),
        ({"reason_codes": ["other"], "rationale": RATIONALE[:60]}, "rationale", "at least 80 characters"),
        ({"rationale": "good " * 10}, "rationale", "nothing about the client"),
        ({"rationale": "The reasons shown apply to this client. It costs this client less."}, "rationale",
         "nothing about the client"),
        ({"alternatives_viewed": ["SMA"]}, "alternatives_viewed", "at least one beside"),
        ({"alternatives_viewed": ["SMA", "gold"]}, "alternatives_viewed", "not an alternative"),
        ({"cost_acknowledged": False}, "cost_acknowledged", "what each alternative costs"),
        ({"conflict_acknowledged": False}, "conflict_acknowledged", "the firm and you earn"),
    ],
)  # fmt: skip
def test_what_is_not_enough_is_refused_at_its_field(
    firm: Any, recommendation: Recommendation, changes: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(DomainError, match=words) as refused:
        decide(firm, recommendation, **changes)
    assert (refused.value.field, refused.value.status) == (field, 422)
    assert not Decision.objects.exists()


def test_an_override_needs_the_same_evidence_and_another_structure(
    firm: Any, recommendation: Recommendation
) -> None:
    with pytest.raises(DomainError, match="what each alternative costs"):
        decide(firm, recommendation, kind="overridden", chosen="UMA", reason_codes=["client_preference"],
               cost_acknowledged=False)  # fmt: skip
    decision = decide(firm, recommendation, kind="overridden", chosen="UMA", reason_codes=["household_view"])
    assert (decision.kind, decision.chosen) == ("overridden", "UMA")


def test_the_same_words_do_not_serve_two_accounts(firm: Any, publish: Any, recommendation: Any) -> None:
    decide(firm, recommendation)
    firm.others_account.household.advisor = firm.advisor
    firm.others_account.household.save()
    (done,) = publish({firm.others_account: 3})
    other = Recommendation.objects.get(pk=done.recommendation_id)
    services.present(by=firm.advisor, recommendation=other)
    with pytest.raises(DomainError, match="exactly this for another account"):
        decide(firm, other, rationale=RATIONALE.upper())


def test_only_advisors_decide(firm: Any, recommendation: Recommendation) -> None:
    for role in ("supervisor", "compliance", "operations", "examiner", "administrator"):
        with pytest.raises(DomainError, match="Only advisors") as refused:
            services.decide(by=firm.user(role), recommendation=recommendation, **GOOD)
        assert refused.value.status == 403


def test_nothing_is_decided_unseen(firm: Any, publish: Any) -> None:
    (done,) = publish({firm.account: 3})
    with pytest.raises(DomainError, match="not been presented") as refused:
        decide(firm, Recommendation.objects.get(pk=done.recommendation_id))
    assert refused.value.status == 409


def test_only_the_newest_is_decided(firm: Any, publish: Any, recommendation: Recommendation) -> None:
    publish({firm.account: 1})
    with pytest.raises(DomainError, match="newer evaluation") as refused:
        decide(firm, recommendation)
    assert refused.value.status == 409


def test_the_second_of_two_is_told_who_was_first(firm: Any, recommendation: Recommendation) -> None:
    decide(firm, recommendation)
    with pytest.raises(DomainError, match="Advisor Tester has already recorded: accepted") as refused:
        decide(firm, recommendation, kind="overridden", chosen="UMA", reason_codes=["lower_cost"])
    assert refused.value.status == 409
    assert Decision.objects.count() == 1


def test_two_at_the_same_moment_make_one_decision(
    firm: Any, recommendation: Recommendation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have read that nothing is decided; the unique place in the chain lets one through."""
    shown = services._cost_shown

    def somebody_is_faster(row: Recommendation) -> dict[str, Any]:
        """Called between the look and the write."""
        monkeypatch.setattr(services, "_cost_shown", shown)
        decide(firm, recommendation)
        return shown(row)

    monkeypatch.setattr(services, "_cost_shown", somebody_is_faster)
    with pytest.raises(DomainError, match="already recorded") as refused:
        decide(firm, recommendation, kind="overridden", chosen="UMA", reason_codes=["lower_cost"])
    assert refused.value.status == 409


def test_a_deferred_one_can_be_decided_later(firm: Any, recommendation: Recommendation) -> None:
    decide(firm, recommendation, kind="deferred", chosen="none", reason_codes=["facts_awaited"],
           cost_acknowledged=False, conflict_acknowledged=False, alternatives_viewed=[])  # fmt: skip
    assert RecommendationStatus.objects.get().state == "deferred"
    later = decide(firm, recommendation, rationale=RATIONALE + " The client has now confirmed it.")
    assert later.seq == 2
    assert RecommendationStatus.objects.get().state == "accepted"


def test_a_correction_is_a_new_row_that_points_at_the_old(firm: Any, recommendation: Recommendation) -> None:
    first = decide(firm, recommendation)
    second = decide(firm, recommendation, kind="declined", chosen="stay", reason_codes=["client_keeps"],
                    corrects=first)  # fmt: skip
    assert (second.corrects_id, second.seq, second.prev_hash) == (first.pk, 2, first.row_hash)
    assert RecommendationStatus.objects.get().state == "declined"
    with pytest.raises(DomainError, match="already recorded: client declined"):
        decide(firm, recommendation, corrects=first)


def test_facts_that_are_missing_leave_nothing_to_accept(firm: Any, publish: Any) -> None:
    (done,) = publish({firm.account: 15})
    found = Recommendation.objects.get(pk=done.recommendation_id)
    services.present(by=firm.advisor, recommendation=found)
    with pytest.raises(DomainError, match="nothing to accept"):
        decide(firm, found)
    decision = decide(firm, found, kind="overridden", chosen="UMA", reason_codes=["fact_not_asked"])
    assert decision.chosen == "UMA"


def test_states_as_told(firm: Any, publish: Any, recommendation: Recommendation) -> None:
    """Superseded and expired follow from newer rows and the date; a decision stays what it is."""
    from datetime import timedelta

    row = Recommendation.objects.get()
    due = row.next_review_due
    assert due is not None
    assert selectors.state_of(row, newest=True, today=due) == "presented"
    assert selectors.state_of(row, newest=True, today=due + timedelta(days=1)) == "expired"
    assert selectors.state_of(row, newest=False, today=due) == "superseded"
    decide(firm, recommendation)
    publish({firm.account: 1})
    rows = selectors.with_state(Recommendation.objects.order_by("seq"))
    assert [(found.told_state, found.is_newest) for found in rows] == [
        ("accepted", False),
        ("generated", True),
    ]
    for found in rows:
        assert found.told_state == selectors.state_of(found, newest=found.is_newest)


def test_the_cached_state_is_rebuilt_from_the_ledger(firm: Any, recommendation: Recommendation) -> None:
    assert services.rebuild_status() == 0
    decide(firm, recommendation)
    assert services.rebuild_status() == 0
    RecommendationStatus.objects.update(state="presented", decision=None)
    assert services.rebuild_status() == 1
    assert RecommendationStatus.objects.get().state == "accepted"
    RecommendationStatus.objects.all().delete()
    assert services.rebuild_status() == 1
    assert RecommendationStatus.objects.get().decision == Decision.objects.get()


def test_every_state_can_be_reached_and_every_event_is_a_decision_or_a_query() -> None:
    reached = {move.target for move in RECOMMENDATION.moves} | {RECOMMENDATION.start}
    assert reached == set(State)
    sources = {source for move in RECOMMENDATION.moves for source in move.sources}
    assert sources <= set(State)


def test_accepting_and_overriding_share_out_every_choice() -> None:
    for outcome in OUTCOMES:
        assert set(ACCEPTED[outcome]) | set(overriding(outcome)) == {"SMA", "UMA", "stay"}
        assert not set(ACCEPTED[outcome]) & set(overriding(outcome))
    assert len({reason.code for reason in REASONS}) == len(REASONS)
    for kind in Decision.Kind.values:
        assert sum(kind in reason.kinds for reason in REASONS) >= 3


def test_decisions_are_written_with_the_databases_clock(firm: Any, recommendation: Recommendation) -> None:
    from households.foundation.databases import database_now

    before = database_now(connection)
    decision = decide(firm, recommendation)
    assert before <= decision.recorded_at <= database_now(connection)
