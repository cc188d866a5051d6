"""What operations may do with runs, in which state, and what is recorded of it."""

import math
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F
from django.utils import timezone

from advisory.recommendations.models import Recommendation
from advisory.runs import services
from advisory.runs.models import Chunk, Run, RunEvent, RunResult
from households.foundation.errors import DomainError
from households.models import Account, Household
from tests.runs.conftest import start, worked_off

pytestmark = pytest.mark.django_db


def _create(house, **wish) -> Run:
    return services.create_run(by=wish.pop("by", house.operations), idempotency_key=uuid4().hex, **wish)


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
    assert error.value.status == 409


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
        assert error.value.status == 403


# --- the preview -----------------------------------------------------------------------------------------


def test_a_preview_finds_what_the_run_will_find_and_records_nothing(house) -> None:
    worked_off(start(house.operations))
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
    run = worked_off(services.start_run(by=house.operations, run=run))
    for name in ("changed", "unchanged", "failed", "flipped", "directions"):
        assert getattr(run, name) == preview[name], name
    assert run.flipped == len(preview["examples"]) == 3


def test_examples_are_the_largest_flips(house) -> None:
    worked_off(start(house.operations))
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
        assert error.value.status == 403
    with pytest.raises(DomainError) as error:
        services.approve_run(by=house.compliance, run=run)
    assert error.value.status == 409  # not previewed
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
    assert error.value.status == 409
    assert not Chunk.objects.exists()


def test_a_preview_that_is_out_of_date_is_not_started(house) -> None:
    run = services.preview_run(by=house.operations, run=_create(house))
    Run.objects.filter(pk=run.pk).update(as_of=timezone.localdate() - timedelta(days=1))
    with pytest.raises(DomainError, match="out of date") as error:
        services.start_run(by=house.operations, run=run)
    assert error.value.status == 409
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
    assert error.value.status == 409
    assert Chunk.objects.count() == chunks
    assert RunEvent.objects.filter(event="started").count() == 1


def test_members_are_frozen_at_the_start(house, started: Run) -> None:
    late = Account.objects.create(household=house.household, name="Opened later")
    run = worked_off(started)
    assert run.state == Run.State.COMPLETE
    assert not RunResult.objects.filter(account=late).exists()
