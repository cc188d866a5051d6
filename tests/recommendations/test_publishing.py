"""Appending to the ledger: chained, confirmed when nothing changed, linked again when two publishers meet."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from advisory.recommendations import publishing
from advisory.recommendations.hashing import row_hash
from advisory.recommendations.models import Recommendation
from households.foundation.databases import database_now
from implementation.rules.factors import FACTORS
from tests.recommendations.conftest import AS_OF, case_facts

pytestmark = pytest.mark.django_db


def test_a_first_evaluation_starts_the_chain(firm: Any, publish: Any) -> None:
    before = database_now(connection)
    (done,) = publish({firm.account: 3})
    row = Recommendation.objects.get()
    assert (done.kind, done.recommendation_id, done.previous_id) == ("changed", row.pk, None)
    assert (done.outcome_before, done.outcome_after, done.flipped) == ("", "SMA", False)
    assert (row.seq, row.prev_hash, row.supersedes_id) == (1, "", None)
    assert (row.outcome, row.decided_by, row.fragile) == ("SMA", "net_fit", False)
    assert row.account_value == 200_000_000
    assert (row.advisor_name, row.office_name) == ("Advisor Tester", "East")
    assert row.supervisor_name == "Supervisor Tester"
    assert row.requested_by_id == firm.advisor.pk
    assert before <= row.recorded_at <= database_now(connection)
    assert row.next_review_due == AS_OF.replace(year=2027)


def test_what_is_shown_adds_up(firm: Any, publish: Any) -> None:
    publish({firm.account: 3})
    row = Recommendation.objects.get()
    parts = [getattr(row, f"{name}_contribution") for name in FACTORS]
    assert round(sum(parts), 2) == row.net_fit
    assert row.net_fit_low == row.net_fit == row.net_fit_high


def test_the_hash_is_the_same_in_memory_and_from_the_database(firm: Any, publish: Any) -> None:
    publish({firm.account: 3, firm.others_account: 11})
    for row in Recommendation.objects.all():
        assert row_hash(row) == row.row_hash
        assert len(row.row_hash) == 64


def test_unknown_facts_are_recorded_as_unknown(firm: Any, publish: Any) -> None:
    publish({firm.account: 15})
    row = Recommendation.objects.get()
    assert (row.account_value, row.outcome, row.decided_by) == (None, "INDETERMINATE", "missing_facts")
    assert row.stay_cost is None


def test_the_same_facts_again_are_confirmed_and_add_no_row(firm: Any, publish: Any) -> None:
    (first,) = publish({firm.account: 3})
    (again,) = publish({firm.account: 3})
    assert (again.kind, again.recommendation_id, again.previous_id) == (
        "unchanged",
        first.recommendation_id,
        first.recommendation_id,
    )
    assert Recommendation.objects.count() == 1


def test_a_change_follows_the_row_before_it(firm: Any, publish: Any) -> None:
    """Case 3 is SMA; the same household holding cash only leaves the SMA's reasons behind."""
    (first,) = publish({firm.account: 3})
    changed = case_facts(1)
    (second,) = publish({firm.account: changed})
    rows = {row.pk: row for row in Recommendation.objects.all()}
    old, new = rows[first.recommendation_id], rows[second.recommendation_id]
    assert (new.seq, new.prev_hash, new.supersedes_id) == (2, old.row_hash, old.pk)
    assert (second.outcome_before, second.outcome_after, second.flipped) == ("SMA", "UMA", True)
    assert second.why.startswith(
        "The SMA is not open to the account now (Account value: $2,000,000 before, $80,000 now; "
    )


def test_a_change_that_keeps_the_outcome_says_so(firm: Any, publish: Any) -> None:
    publish({firm.account: 3})
    (again,) = publish({firm.account: case_facts(3, lot_count=181)})
    assert (again.kind, again.flipped, again.why) == ("changed", False, "The outcome stays; facts changed.")


def test_chains_of_accounts_are_apart_and_results_keep_their_order(firm: Any, publish: Any) -> None:
    done = publish({firm.others_account: 1, firm.account: 3})
    assert [entry.account_id for entry in done] == [firm.others_account.pk, firm.account.pk]
    assert [entry.outcome_after for entry in done] == ["UMA", "SMA"]
    assert set(Recommendation.objects.values_list("seq", flat=True)) == {1}


def test_only_the_positions_asked_for_are_published(firm: Any, publish: Any) -> None:
    (done,) = publish({firm.account: 3, firm.others_account: 1}, only=[1])
    assert done.account_id == firm.others_account.pk
    assert Recommendation.objects.get().account_id == firm.others_account.pk


def test_publishing_asks_the_same_number_of_queries_for_one_and_for_many(firm: Any, publish: Any) -> None:
    publish({firm.account: 3, firm.others_account: 1})
    with CaptureQueriesContext(connection) as one:
        publish({firm.account: 1})
    with CaptureQueriesContext(connection) as two:
        publish({firm.account: 3, firm.others_account: 3})
    assert len(one) == len(two)


def test_a_publisher_that_meets_another_links_again_and_scores_nothing_again(
    firm: Any, publish: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The heads are read, then somebody else publishes, then ours is appended: it must follow theirs."""
    publish({firm.account: 3})
    read, evaluations = publishing.chain_heads, []
    seen: list[Any] = []

    def heads_before_somebody_else(accounts: Any) -> Any:
        heads = read(accounts)
        seen.append(heads)
        if len(seen) == 1:
            publish({firm.account: 6})
        return heads

    monkeypatch.setattr(publishing, "chain_heads", heads_before_somebody_else)
    monkeypatch.setattr(publishing, "evaluated_columns", _counted(publishing.evaluated_columns, evaluations))
    (mine,) = publish({firm.account: 1})
    rows = list(Recommendation.objects.order_by("seq"))
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.outcome for row in rows] == ["SMA", "EITHER", "UMA"]
    assert rows[2].pk == mine.recommendation_id
    assert rows[2].prev_hash == rows[1].row_hash
    assert mine.previous_id == rows[1].pk
    assert mine.outcome_before == "EITHER"
    assert len(evaluations) == 2  # theirs and ours, once each
    assert len(seen) == 3  # ours, theirs, ours again


def _counted(function: Any, calls: list[Any]) -> Any:
    def wrapper(*args: Any) -> Any:
        calls.append(args)
        return function(*args)

    return wrapper


def test_a_publisher_that_never_gets_through_says_so(
    firm: Any, publish: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish({firm.account: 3})
    monkeypatch.setattr(publishing, "chain_heads", lambda accounts: {})
    with pytest.raises(IntegrityError), transaction.atomic():
        publish({firm.account: 1})
    assert Recommendation.objects.count() == 1


def test_a_change_of_policy_alone_is_a_new_row(firm: Any, publish: Any, monkeypatch: Any) -> None:
    publish({firm.account: 3})
    monkeypatch.setattr(publishing, "ENGINE", 3)
    (done,) = publish({firm.account: 3})
    assert done.kind == "changed"
