"""One account that fails is a result with its reason; the others of its chunk are evaluated all the same."""

import pytest
from django.db import OperationalError

from advisory.recommendations.models import Recommendation
from advisory.runs import drain as drain_module
from advisory.runs import scoring
from advisory.runs.models import Chunk, Run, RunResult
from households.models import Account
from tests.runs.conftest import worked_off

pytestmark = pytest.mark.django_db


def _failed(run: Run) -> dict:
    return dict(RunResult.objects.filter(run=run, kind="failed").values_list("account_id", "why"))


def test_an_account_whose_facts_cannot_be_scored(started: Run, house, monkeypatch) -> None:
    bad = house.accounts[5].pk
    evaluate = scoring.evaluate

    def evaluate_or_break(columns, *rest):
        if bad in reading:
            raise ZeroDivisionError("x")
        return evaluate(columns, *rest)

    reading: list = []
    read_facts = scoring.read_facts

    def remember(**chosen):
        reading[:] = chosen["account_ids"]
        return read_facts(**chosen)

    monkeypatch.setattr(scoring, "read_facts", remember)
    monkeypatch.setattr(scoring, "evaluate", evaluate_or_break)
    run = worked_off(started)
    assert run.state == Run.State.PARTIAL
    assert list(_failed(run)) == [bad]
    assert "ZeroDivisionError" in _failed(run)[bad]
    assert RunResult.objects.filter(run=run).count() == run.accounts
    assert not Recommendation.objects.filter(account=bad).exists()


def test_an_account_whose_recommendation_cannot_be_recorded(started: Run, house, monkeypatch) -> None:
    bad = house.accounts[3].pk
    publish = scoring.publish_evaluations

    def publish_or_break(*, facts, only, **rest):
        if bad in [facts.account_ids[position] for position in only]:
            raise ValueError("x")
        return publish(facts=facts, only=only, **rest)

    monkeypatch.setattr(scoring, "publish_evaluations", publish_or_break)
    run = worked_off(started)
    assert list(_failed(run)) == [bad]
    assert (run.state, run.failed, run.changed) == (Run.State.PARTIAL, 1, run.accounts - 1)


def test_a_stored_code_that_the_rules_do_not_know_is_told_as_such(started: Run, house) -> None:
    Account.objects.filter(pk=house.accounts[0].pk).update(custodian="nowhere")
    run = worked_off(started)
    (why,) = _failed(run).values()
    assert "custodian is not one the rules know" in why


def test_an_account_closed_or_removed_after_the_start(started: Run, house) -> None:
    closed, removed = house.accounts[1], house.accounts[2]
    Account.objects.filter(pk=closed.pk).update(closed_on="2026-01-01")
    closed.household.revision += 1
    closed.household.save()
    Account.objects.filter(pk=removed.pk).delete()
    run = worked_off(started)
    assert _failed(run) == {closed.pk: scoring.NO_FACTS, removed.pk: scoring.NO_FACTS}


def test_nobody_could_be_evaluated(started: Run, monkeypatch) -> None:
    monkeypatch.setattr(scoring, "evaluate", lambda *_: 1 / 0)
    assert worked_off(started).state == Run.State.FAILED


def test_a_database_that_goes_away_fails_no_account(started: Run, monkeypatch) -> None:
    """The chunk in hand is given back and done again; neither attempt nor reason sticks to an account."""
    calls = {"reads": 0}
    read_facts = scoring.read_facts

    def away_twice(**chosen):
        calls["reads"] += 1
        if calls["reads"] <= 2:
            raise OperationalError("server closed the connection unexpectedly")
        return read_facts(**chosen)

    monkeypatch.setattr(scoring, "read_facts", away_twice)
    monkeypatch.setattr(drain_module.connection, "close", lambda: None)  # the test's transaction lives in it
    monkeypatch.setattr(drain_module.time, "sleep", lambda seconds: None)
    run = worked_off(started)
    assert run.state == Run.State.COMPLETE
    assert run.changed == run.accounts
    assert Chunk.objects.filter(run=run).order_by("number").first().attempts == 3
