"""Runs that are paused, canceled, ended, tried again: what is exact about each."""

from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import F

from advisory.recommendations.models import Decision, Recommendation
from advisory.runs import services
from advisory.runs.drain import drain
from advisory.runs.models import Chunk, Run, RunResult
from advisory.runs.queue import Fenced, claim
from advisory.runs.scoring import carry_out
from households.foundation.errors import DomainError
from households.models import Account, Household
from tests.runs.conftest import start, worked_off

pytestmark = pytest.mark.django_db


# --- pause, resume, cancel -------------------------------------------------------------------------------


def test_pausing_is_exact(house, started: Run) -> None:
    first, in_hand = claim(started.pk), claim(started.pk)
    carry_out(first)
    services.pause_run(by=house.operations, run=started)
    done = RunResult.objects.count()
    assert done == first.members.accounts
    assert claim(started.pk) is None
    with pytest.raises(Fenced), transaction.atomic():
        carry_out(in_hand)
    assert RunResult.objects.count() == done
    assert drain(started.pk).chunks == 0
    services.resume_run(by=house.operations, run=started)
    assert worked_off(started).state == Run.State.COMPLETE
    assert started.changed == started.accounts


def test_pausing_again_and_again_splits_no_chunk(house, started: Run) -> None:
    for _ in range(5):
        claim(started.pk)
        services.pause_run(by=house.operations, run=started)
        services.resume_run(by=house.operations, run=started)
    assert worked_off(started).state == Run.State.COMPLETE
    assert not Chunk.objects.filter(state=Chunk.State.SPLIT).exists()


def test_canceling_is_exact_and_keeps_what_was_published(house, started: Run) -> None:
    first, in_hand = claim(started.pk), claim(started.pk)
    carry_out(first)
    run = services.cancel_run(by=house.operations, run=started)
    assert run.state == Run.State.CANCELLED
    assert run.changed == first.members.accounts == RunResult.objects.count()
    with pytest.raises(Fenced), transaction.atomic():
        carry_out(in_hand)
    assert claim(started.pk) is None
    assert set(Chunk.objects.values_list("state", flat=True)) == {"done", "cancelled"}


@pytest.mark.parametrize("action", ["pause_run", "resume_run", "cancel_run", "start_run"])
def test_what_has_ended_stays_ended(house, started: Run, action: str) -> None:
    from tests.firm import _user

    worked_off(started)
    second = _user("second@test.example", house.operations.role, house.operations.office)
    with pytest.raises(DomainError) as error:
        getattr(services, action)(by=second, run=started)
    assert error.value.status == 409


# --- after the end ---------------------------------------------------------------------------------------


def test_failed_accounts_are_tried_again_in_another_run(house, started: Run) -> None:
    account = house.accounts[0]
    Account.objects.filter(pk=account.pk).update(custodian="nowhere")
    worked_off(started)
    assert started.failed == 1
    Account.objects.filter(pk=account.pk).update(custodian="schwab")
    Household.objects.filter(pk=account.household_id).update(revision=F("revision") + 1)
    again = services.retry_failed(by=house.operations, run=started, idempotency_key="r1")
    assert services.retry_failed(by=house.operations, run=started, idempotency_key="r1") == again
    assert (again.accounts, again.retry_of) == (1, started)
    worked_off(services.start_run(by=house.operations, run=again))
    assert RunResult.objects.get(run=again).account_id == account.pk
    assert RunResult.objects.get(run=again).kind == "changed"


def test_there_is_nothing_to_try_again(house, started: Run) -> None:
    worked_off(started)
    with pytest.raises(DomainError) as error:
        services.retry_failed(by=house.operations, run=started, idempotency_key="r1")
    assert error.value.status == 409


def test_sealing_keeps_the_fingerprint_of_the_results(house, started: Run) -> None:
    with pytest.raises(DomainError):
        services.seal_run(by=house.operations, run=started)
    worked_off(started)
    run = services.seal_run(by=house.operations, run=started)
    assert run.state == Run.State.SEALED
    assert len(run.sealed_sha256) == 64
    from advisory.runs.closing import results_sha256

    assert results_sha256(run.pk) == run.sealed_sha256
    second = worked_off(start(house.operations))
    assert results_sha256(second.pk) != run.sealed_sha256


def test_a_changed_outcome_leaves_the_decision_alone_and_is_counted(house, started: Run) -> None:
    from advisory.recommendations.services import decide, present
    from advisory.runs.selectors import flipped_standing

    worked_off(started)
    account = house.accounts[0]
    recommendation = Recommendation.objects.get(account=account)
    present(by=house.advisor, recommendation=recommendation)
    decide(
        by=house.advisor, recommendation=recommendation, kind="overridden", chosen="stay",
        reason_codes=["existing_relationship"], cost_acknowledged=True, conflict_acknowledged=True,
        alternatives_viewed=["SMA", "UMA", "stay"],
        rationale="The client keeps the present manager of many years; we look again next spring.",
    )  # fmt: skip
    before = list(Decision.objects.values())
    account.intake.account_value = account.intake.direct_index_value = 3_000_000
    account.intake.save()
    Household.objects.filter(pk=account.household_id).update(revision=F("revision") + 1)
    created = services.create_run(by=house.operations, idempotency_key=uuid4().hex)
    run = services.preview_run(by=house.operations, run=created)
    assert (run.preview["flipped"], run.preview["standing"]) == (1, 1)
    run = worked_off(services.start_run(by=house.operations, run=run))
    assert flipped_standing(run) == 1
    assert list(Decision.objects.values()) == before
