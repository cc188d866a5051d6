"""``review_accounts`` and ``worker`` as they are called: what they print and how they end."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from advisory.runs import queue
from advisory.runs.doorbell import ring
from advisory.runs.management.commands import review_accounts
from advisory.runs.models import Run, RunResult
from advisory.runs.tasks import drain_run, ring_open_runs
from households.models import Account, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_accounts, "LISTEN_SECONDS", 0.0)
    monkeypatch.setattr(review_accounts.time, "sleep", lambda seconds: None)


def _review(*args: str) -> str:
    out = StringIO()
    call_command("review_accounts", *args, stdout=out, stderr=StringIO())
    return out.getvalue()


def _refused(*args: str) -> CommandError:
    with pytest.raises(CommandError) as error:
        _review(*args)
    return error.value


def test_waiting_to_the_end(house: Any) -> None:
    said = _review("--all", "--wait")
    accounts = Account.objects.count()
    assert f"of {accounts} accounts in 14 households started." in said
    assert "No worker is running: this terminal carries the bulk review out itself." in said
    assert f"Evaluated    {accounts} of {accounts} accounts" in said
    assert f"Changed      {accounts} (first evaluated {accounts}, another outcome 0)" in said
    assert "Failed       0" in said
    assert Run.objects.get().state == "complete"


def test_without_waiting_it_is_left_to_the_workers(house: Any) -> None:
    assert "Workers carry it out" in _review("--filter", "q=Household+00003")
    run = Run.objects.get()
    assert (run.state, run.households) == ("running", 1)


def test_an_account_that_fails_is_told_and_the_command_ends_with_1(house: Any) -> None:
    Account.objects.filter(pk=house.accounts[0].pk).update(custodian="nowhere")
    error = _refused("--all", "--wait")
    assert error.returncode == 1
    assert "Complete, with failures" in str(error)
    assert RunResult.objects.get(kind="failed").account_id == house.accounts[0].pk


@pytest.mark.parametrize(
    "args",
    [
        ("--filter", "colour=red"),
        ("--filter", "q=nothing-like-this"),
        ("--filter", " "),
        ("--all", "--by", "nobody@test.example"),
        ("--all", "--by", "advisor@test.example"),
    ],
)
def test_wrong_use_ends_with_2_and_starts_nothing(house: Any, args: tuple[str, ...]) -> None:
    assert _refused(*args).returncode == 2
    assert not Run.objects.exists()


def test_who_asks_must_be_said_where_several_could(house: Any) -> None:
    User.objects.filter(pk=house.stranger.pk).update(role="operations")
    assert _refused("--all").returncode == 2
    assert "started." in _review("--all", "--by", "OPERATIONS@test.example")


def test_too_large_a_run_is_left_previewed_for_a_second_person(house: Any, settings: Any) -> None:
    settings.RUN_APPROVAL_ACCOUNTS = 5
    error = _refused("--all", "--wait")
    assert error.returncode == 1
    assert "second person" in str(error)
    assert Run.objects.get().state == "previewed"


# --- doorbells ---------------------------------------------------------------------------------------------


def test_without_a_broker_nobody_is_called(started: Run, settings: Any) -> None:
    settings.CELERY_BROKER_URL = ""
    assert ring(started.pk) is False


def test_a_task_works_a_slice_and_rings_again_only_while_work_is_left(started: Run, monkeypatch: Any) -> None:
    rung: list[Any] = []
    monkeypatch.setattr("advisory.runs.tasks.ring", lambda run_id, bells: rung.append((run_id, bells)))
    drain_run(str(started.pk))
    started.refresh_from_db()
    assert started.state == "complete"
    assert rung == []
    drain_run(str(started.pk))  # the same message twice
    assert RunResult.objects.filter(run=started).count() == started.accounts


def test_the_ring_calls_for_running_runs_only(house: Any, started: Run, monkeypatch: Any) -> None:
    from tests.runs.conftest import start

    paused = start(house.operations)
    Run.objects.filter(pk=paused.pk).update(state="paused")
    rung: list[Any] = []
    monkeypatch.setattr("advisory.runs.tasks.ring", lambda run_id, bells: rung.append((run_id, bells)))
    ring_open_runs()
    assert rung == [(started.pk, 4)]
    while queue.claim(started.pk):
        pass
    rung.clear()
    ring_open_runs()  # all in hand: one bell, for whoever closes the run
    assert rung == [(started.pk, 1)]
