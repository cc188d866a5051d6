"""What operations may do with runs, in which state, and what is recorded of it."""

import math
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from advisory.recommendations.models import Decision, Recommendation
from advisory.runs import services
from advisory.runs.drain import drain
from advisory.runs.models import Chunk, Run, RunEvent, RunResult
from advisory.runs.queue import Fenced, claim
from advisory.runs.scoring import carry_out
from households.foundation.errors import DomainError
from households.models import Account, Household
from tests.runs.conftest import start

pytestmark = pytest.mark.django_db


def _create(house, **wish) -> Run:
    return services.create_run(by=wish.pop("by", house.operations), idempotency_key=uuid4().hex, **wish)


def _status(error: pytest.ExceptionInfo[DomainError]) -> int:
    return error.value.status


def _end(run: Run) -> Run:
    while drain(run.pk).left:
        pass
    run.refresh_from_db()
    return run


# --- the wish --------------------------------------------------------------------------------------------


def test_a_run_counts_what_it_would_take(house) -> None:
    run = _create(house)
    assert (run.accounts, run.households) == (Account.objects.count(), Household.objects.count())
    assert run.state == Run.State.DRAFT
    assert run.as_of == timezone.localdate()


def test_a_filter_takes_part_of_the_book(house) -> None:
    run = _create(house, filter="q=Household+00003")
    assert run.households == 1
    assert run.accounts == Account.objects.filter(household__name="Household 00003").count()


@pytest.mark.parametrize("filter", ["colour=red", "advisor=nobody", "q=nothing-like-this"])
def test_a_filter_that_means_nothing_never_takes_the_whole_book(house, filter: str) -> None:
    with pytest.raises(DomainError) as error:
        _create(house, filter=filter)
    assert error.value.field == "filter"
    assert not Run.objects.exists()


def test_closed_accounts_are_not_reviewed(house) -> None:
    Account.objects.filter(pk=house.accounts[0].pk).update(closed_on=timezone.localdate())
    assert _create(house).accounts == Account.objects.count() - 1


def test_the_same_wish_twice_is_one_run(house) -> None:
    first = services.create_run(by=house.operations, idempotency_key="k1")
    assert services.create_run(by=house.operations, idempotency_key="k1") == first
    assert Run.objects.count() == 1


def test_one_key_for_two_wishes_is_refused(house) -> None:
    services.create_run(by=house.operations, idempotency_key="k1")
    with pytest.raises(DomainError) as error:
        services.create_run(by=house.operations, idempotency_key="k1", filter="q=Household")
    assert _status(error) == 409


@pytest.mark.parametrize("role", ["advisor", "supervisor", "compliance", "administrator", "examiner"])
def test_only_operations_works_with_runs(house, started: Run, role: str) -> None:
    by = house.user(role)
    calls = [
        lambda: _create(house, by=by),
        lambda: services.preview_run(by=by, run=started),
        lambda: services.start_run(by=by, run=started),
        lambda: services.pause_run(by=by, run=started),
        lambda: services.resume_run(by=by, run=started),
        lambda: services.cancel_run(by=by, run=started),
        lambda: services.seal_run(by=by, run=started),
    ]
    for call in calls:
        with pytest.raises(DomainError) as error:
            call()
        assert _status(error) == 403


# --- the preview -----------------------------------------------------------------------------------------


def test_a_preview_finds_what_the_run_will_find_and_records_nothing(house) -> None:
    _end(start(house.operations))
    changed = house.accounts[:3]
    for account in changed:
        intake = account.intake
        intake.account_value = intake.direct_index_value = 3_000_000  # $30,000: below every minimum
        intake.save()
        Household.objects.filter(pk=account.household_id).update(revision=F("revision") + 1)
    rows, results = Recommendation.objects.count(), RunResult.objects.count()
    run = services.preview_run(by=house.operations, run=_create(house))
    assert (Recommendation.objects.count(), RunResult.objects.count()) == (rows, results)
    preview = run.preview
    assert run.state == Run.State.PREVIEWED
    assert preview["looked_at"] == run.accounts
    # Accounts of a changed household change with it: its value and number of accounts are facts of theirs.
    moved = Account.objects.filter(household__in=[account.household_id for account in changed]).count()
    assert preview["changed"] == moved
    run = _end(services.start_run(by=house.operations, run=run))
    for name in ("changed", "unchanged", "failed", "flipped", "directions"):
        assert getattr(run, name) == preview[name], name
    assert run.flipped == len(preview["examples"]) == 3


def test_examples_are_the_largest_flips(house) -> None:
    _end(start(house.operations))
    for number, account in enumerate(house.accounts[:3], start=1):
        account.intake.account_value = account.intake.direct_index_value = number * 1_000_000
        account.intake.save()
        Household.objects.filter(pk=account.household_id).update(revision=F("revision") + 1)
    run = services.preview_run(by=house.operations, run=_create(house))
    values = [example["value"] for example in run.preview["examples"]]
    assert values[:1] == [3_000_000]
    assert values == sorted(values, reverse=True)


def test_a_large_book_is_estimated_and_says_so(house, monkeypatch) -> None:
    from advisory.runs import impact

    run = _create(house)
    monkeypatch.setattr(impact, "MOST_ACCOUNTS", 10)
    assert 20 < run.accounts <= 40  # so that every third or fourth household is looked at
    preview = services.preview_run(by=house.operations, run=run).preview
    assert preview["every"] == math.ceil(run.accounts / 10)
    assert 0 < preview["looked_at"] < run.accounts


# --- approval and start ----------------------------------------------------------------------------------


def test_below_the_threshold_the_policy_approves_and_says_so(house, settings) -> None:
    settings.RUN_APPROVAL_ACCOUNTS = 1_000
    run = services.start_run(by=house.operations, run=_create(house))
    assert run.state == Run.State.RUNNING
    assert run.approved_by is None
    assert run.approved_because == "Within the limit of 1,000 accounts: approved by policy."
    assert list(run.events.values_list("event", "by")) == [
        ("approved", None), ("started", house.operations.pk),
    ]  # fmt: skip


def test_above_it_a_second_person_approves_a_preview(house, settings) -> None:
    settings.RUN_APPROVAL_ACCOUNTS = 5
    run = _create(house)
    for attempt in (
        lambda: services.start_run(by=house.operations, run=run),
        lambda: services.approve_run(by=house.operations, run=run),
        lambda: services.approve_run(by=house.supervisor, run=run),
    ):
        with pytest.raises(DomainError) as error:
            attempt()
        assert _status(error) == 403
    with pytest.raises(DomainError) as error:
        services.approve_run(by=house.compliance, run=run)
    assert _status(error) == 409  # not previewed
    assert not Chunk.objects.exists()
    services.preview_run(by=house.operations, run=run)
    run = services.approve_run(by=house.compliance, run=run)
    assert run.approved_by == house.compliance
    assert "agreed" in run.approved_because
    assert services.start_run(by=house.operations, run=run).state == Run.State.RUNNING


def test_more_accounts_than_were_agreed_to_are_not_started(house, settings) -> None:
    settings.RUN_APPROVAL_ACCOUNTS = 5
    run = services.preview_run(by=house.operations, run=_create(house))
    services.approve_run(by=house.compliance, run=run)
    Account.objects.create(household=house.household, name="Opened since", registration="individual")
    with pytest.raises(DomainError, match="has grown") as error:
        services.start_run(by=house.operations, run=run)
    assert _status(error) == 409
    assert not Chunk.objects.exists()


def test_a_preview_that_is_out_of_date_is_not_started(house) -> None:
    run = services.preview_run(by=house.operations, run=_create(house))
    Run.objects.filter(pk=run.pk).update(as_of=timezone.localdate() - timedelta(days=1))
    with pytest.raises(DomainError, match="out of date") as error:
        services.start_run(by=house.operations, run=run)
    assert _status(error) == 409
    services.preview_run(by=house.operations, run=run)
    assert services.start_run(by=house.operations, run=run).state == Run.State.RUNNING


def test_starting_twice_is_one_start(house) -> None:
    run = _create(house)
    services.start_run(by=house.operations, run=run)
    chunks = Chunk.objects.count()
    assert services.start_run(by=house.operations, run=run).state == Run.State.RUNNING
    assert Chunk.objects.count() == chunks


def test_two_operators_start_the_same_run(house) -> None:
    from tests.firm import _user

    second = _user("second@test.example", house.operations.role, house.operations.office)
    run = _create(house)
    services.start_run(by=house.operations, run=run)
    chunks = Chunk.objects.count()
    with pytest.raises(DomainError) as error:
        services.start_run(by=second, run=run)
    assert _status(error) == 409
    assert Chunk.objects.count() == chunks
    assert RunEvent.objects.filter(event="started").count() == 1


def test_members_are_frozen_at_the_start(house, started: Run) -> None:
    late = Account.objects.create(household=house.household, name="Opened later")
    run = _end(started)
    assert run.state == Run.State.COMPLETE
    assert not RunResult.objects.filter(account=late).exists()


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
    assert _end(started).state == Run.State.COMPLETE
    assert started.changed == started.accounts


def test_pausing_again_and_again_splits_no_chunk(house, started: Run) -> None:
    for _ in range(5):
        claim(started.pk)
        services.pause_run(by=house.operations, run=started)
        services.resume_run(by=house.operations, run=started)
    assert _end(started).state == Run.State.COMPLETE
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

    _end(started)
    second = _user("second@test.example", house.operations.role, house.operations.office)
    with pytest.raises(DomainError) as error:
        getattr(services, action)(by=second, run=started)
    assert _status(error) == 409


# --- after the end ---------------------------------------------------------------------------------------


def test_failed_accounts_are_tried_again_in_another_run(house, started: Run) -> None:
    account = house.accounts[0]
    Account.objects.filter(pk=account.pk).update(custodian="nowhere")
    _end(started)
    assert started.failed == 1
    Account.objects.filter(pk=account.pk).update(custodian="schwab")
    Household.objects.filter(pk=account.household_id).update(revision=F("revision") + 1)
    again = services.retry_failed(by=house.operations, run=started, idempotency_key="r1")
    assert services.retry_failed(by=house.operations, run=started, idempotency_key="r1") == again
    assert (again.accounts, again.retry_of) == (1, started)
    _end(services.start_run(by=house.operations, run=again))
    assert RunResult.objects.get(run=again).account_id == account.pk
    assert RunResult.objects.get(run=again).kind == "changed"


def test_there_is_nothing_to_try_again(house, started: Run) -> None:
    _end(started)
    with pytest.raises(DomainError) as error:
        services.retry_failed(by=house.operations, run=started, idempotency_key="r1")
    assert _status(error) == 409


def test_sealing_keeps_the_fingerprint_of_the_results(house, started: Run) -> None:
    with pytest.raises(DomainError):
        services.seal_run(by=house.operations, run=started)
    _end(started)
    run = services.seal_run(by=house.operations, run=started)
    assert run.state == Run.State.SEALED
    assert len(run.sealed_sha256) == 64
    from advisory.runs.closing import results_sha256

    assert results_sha256(run.pk) == run.sealed_sha256
    second = _end(start(house.operations))
    assert results_sha256(second.pk) != run.sealed_sha256


def test_a_changed_outcome_leaves_the_decision_alone_and_is_counted(house, started: Run) -> None:
    from advisory.recommendations.services import decide, present
    from advisory.runs.selectors import flipped_standing

    _end(started)
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
    run = services.preview_run(by=house.operations, run=_create(house))
    assert (run.preview["flipped"], run.preview["standing"]) == (1, 1)
    run = _end(services.start_run(by=house.operations, run=run))
    assert flipped_standing(run) == 1
    assert list(Decision.objects.values()) == before
