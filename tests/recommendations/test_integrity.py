"""Replay and verification: what was written is what stands there, and a single changed byte is named."""

import uuid
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from advisory.recommendations import services
from advisory.recommendations.hashing import row_hash
from advisory.recommendations.models import Decision, Recommendation, RecommendationStatus, SealedDocument
from advisory.recommendations.replays import replay
from advisory.recommendations.verification import broken_rows, chain_key, ledger_models
from advisory.runs.models import RunResult
from advisory.supervision.models import ReviewEvent
from households.foundation.appendonly import install_triggers
from households.foundation.databases import rewriting_allowed
from tests.recommendations.test_decisions import GOOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(firm: Any, publish: Any) -> Recommendation:
    """Two accounts, one with a chain of three rows of which the last is presented and decided."""
    publish({firm.account: 1, firm.others_account: 11})
    publish({firm.account: 6})
    (done,) = publish({firm.account: 3})
    newest = Recommendation.objects.get(pk=done.recommendation_id)
    services.present(by=firm.advisor, recommendation=newest)
    services.decide(by=firm.advisor, recommendation=newest, **GOOD)
    return newest


def tamper(sql: str, *values: Any) -> None:
    """What somebody with the owner's rights could do."""
    tables = [model._meta.db_table for model in ledger_models()]
    with rewriting_allowed(connection, tables), connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount > 0
    install_triggers(using="default")


def verified() -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_ledger", stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def key(row: Any) -> Any:
    return row.pk if connection.vendor == "postgresql" else row.pk.hex


def test_chained_tables_are_found_whichever_app_they_belong_to() -> None:
    found = {model: chain_key(model) for model in ledger_models()}
    assert found == {
        Recommendation: "account_id",
        SealedDocument: "recommendation_id",
        Decision: "recommendation_id",
        ReviewEvent: "review_id",
    }


def test_an_untouched_ledger_is_whole(ledger: Recommendation) -> None:
    code, out, err = verified()
    assert (code, err) == (0, "")
    assert "recommendations_recommendation: 4 rows walked" in out
    assert out.endswith("The ledger is whole.\n")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("outcome", "UMA"),
        ("sma_cost", 1),
        ("cash_share", 0.000001),
        ("advisor_name", "Advisor Tester "),
        ("seq", 9),
        ("legal_hold", True),
        ("as_of", "2026-11-19"),
    ],
)
def test_one_changed_value_is_named(ledger: Recommendation, column: str, value: Any) -> None:
    tamper(f"UPDATE recommendations_recommendation SET {column} = %s WHERE id = %s", value, key(ledger))
    code, _, err = verified()
    assert code == 1
    assert f"recommendations_recommendation {ledger.pk}: was altered" in err.splitlines()[0]


def test_a_row_rewritten_with_its_hash_breaks_the_chain_after_it(firm: Any, ledger: Recommendation) -> None:
    first = Recommendation.objects.get(account=firm.account, seq=1)
    first.outcome = "NEITHER"
    tamper(
        "UPDATE recommendations_recommendation SET outcome = %s, row_hash = %s WHERE id = %s",
        "NEITHER", row_hash(first), key(first),
    )  # fmt: skip
    second = Recommendation.objects.get(account=firm.account, seq=2)
    (broken,) = broken_rows()
    assert broken.row == str(second.pk)
    assert broken.problem == "does not follow the row before it"


def test_a_removed_row_leaves_a_gap(firm: Any, ledger: Recommendation) -> None:
    second = Recommendation.objects.get(account=firm.account, seq=2)
    tamper("DELETE FROM recommendations_recommendation WHERE id = %s", key(second))
    problems = [(found.row, found.problem) for found in broken_rows()]
    assert problems[0] == (
        str(ledger.pk),
        "is number 3 of its chain where 2 was expected: a row is missing",
    )
    assert problems[1][1].startswith(f"points to recommendation {second.pk}, which is not there")


def test_a_removed_last_row_leaves_what_points_to_it(ledger: Recommendation) -> None:
    tamper("DELETE FROM recommendations_recommendation WHERE id = %s", key(ledger))
    tables = {found.table for found in broken_rows()}
    assert tables == {"recommendations_sealeddocument", "recommendations_decision"}


def test_a_changed_document_is_named_twice(ledger: Recommendation) -> None:
    document = SealedDocument.objects.get()
    tamper(
        "UPDATE recommendations_sealeddocument SET document = %s WHERE id = %s",
        document.document.replace('"SMA"', '"UMA"', 1), key(document),
    )  # fmt: skip
    assert [found.problem.split(":")[0] for found in broken_rows()] == [
        "was altered",
        "does not hold the text it was sealed with",
    ]


def test_a_changed_rationale_is_named(ledger: Recommendation) -> None:
    tamper("UPDATE recommendations_decision SET rationale = 'x' || rationale")
    (broken,) = broken_rows()
    assert broken.table == "recommendations_decision"


def test_missing_triggers_are_named(ledger: Recommendation) -> None:
    with rewriting_allowed(connection, ["recommendations_decision"]):
        (broken,) = broken_rows()
        assert str(broken) == "recommendations_decision (table): carries no append-only triggers"
    install_triggers(using="default")


def test_a_run_result_that_points_nowhere_is_named(firm: Any, ledger: Recommendation) -> None:
    result = RunResult.objects.create(
        run_id=uuid.uuid4(), account=firm.account, kind="changed", recommendation_id=uuid.uuid4(),
        previous_id=ledger.pk, recorded_at=ledger.recorded_at,
    )  # fmt: skip
    problems = [found.problem for found in broken_rows() if found.row == str(result.pk)]
    assert problems == [
        f"points to run {result.run_id}, which is not there",
        f"points to recommendation {result.recommendation_id}, which is not there",
    ]


def test_every_record_replays_to_itself(ledger: Recommendation) -> None:
    rows = list(Recommendation.objects.all())
    assert len(rows) == 4
    assert {replay(row).verdict for row in rows} == {"MATCH"}


def test_a_replay_names_what_differs(ledger: Recommendation) -> None:
    tamper("UPDATE recommendations_recommendation SET outcome = 'UMA' WHERE id = %s", key(ledger))
    found = replay(Recommendation.objects.get(pk=ledger.pk))
    assert found.verdict == "MISMATCH"
    assert [(item.column, item.recorded, item.replayed) for item in found.differing] == [
        ("outcome", "UMA", "SMA")
    ]


def test_a_record_of_an_older_engine_that_differs_is_not_replayable(ledger: Recommendation) -> None:
    ledger.engine, ledger.net_fit = 0, 99.0
    found = replay(ledger)
    assert (found.verdict, found.reason) == ("NOT_REPLAYABLE", "made by engine 0; this is engine 2")


def test_a_record_whose_rules_are_not_stored_is_not_replayable(ledger: Recommendation) -> None:
    ledger.policy_sha256 = "0" * 64
    assert replay(ledger).verdict == "NOT_REPLAYABLE"


def test_rebuilding_states_on_the_terminal(ledger: Recommendation) -> None:
    out = StringIO()
    RecommendationStatus.objects.update(state="presented")
    call_command("rebuild_status", stdout=out)
    assert out.getvalue() == "1 cached states had drifted and are mended.\n"
    assert RecommendationStatus.objects.get().state == "accepted"


def test_replay_on_the_terminal(ledger: Recommendation) -> None:
    out = StringIO()
    call_command("replay", str(ledger.pk), stdout=out)
    assert out.getvalue() == "MATCH\n"
    tamper("UPDATE recommendations_recommendation SET margin = 0 WHERE id = %s", key(ledger))
    with pytest.raises(SystemExit) as end:
        call_command("replay", str(ledger.pk), stdout=out)
    assert end.value.code == 1
    assert "MISMATCH\n  margin: recorded 0.0, replayed" in out.getvalue()
