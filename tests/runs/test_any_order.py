"""Claims, expiries, deaths, pauses and publications in any order that hypothesis can think of."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from advisory.recommendations.models import Recommendation
from advisory.runs import queue, services
from advisory.runs.chunks import Members
from advisory.runs.drain import drain
from advisory.runs.models import Chunk, Run, RunResult
from advisory.runs.queue import Claim, Fenced, claim
from advisory.runs.scoring import carry_out
from households.models import Household, Intake
from tests.runs.conftest import start

pytestmark = pytest.mark.django_db


class Workers(RuleBasedStateMachine):
    """Any number of workers on one run, played by one process.

    The oracle is small: a claim may publish as long as nobody has claimed, freed or fenced its chunk since.
    """

    house: Any

    def __init__(self) -> None:
        super().__init__()
        self.run_id = start(self.house.operations, size=6).pk
        self.held: list[Claim] = []
        self.newest: dict[int, int] = {}
        self.published: set[Any] = set()
        self.paused = False

    def _take(self, number: int) -> Claim:
        return self.held[number % len(self.held)]

    def _void(self, chunk_id: int) -> None:
        self.newest.pop(chunk_id, None)

    @rule()
    def somebody_claims(self) -> None:
        held = claim(self.run_id)
        assert held is None or not self.paused
        if held is not None:
            assert not self.published & set(held.members.account_ids), "handed out after it was done"
            self.held.append(held)
            self.newest[held.chunk_id] = held.token

    @precondition(lambda self: self.held)
    @rule(number=st.integers(0, 9))
    def somebody_publishes(self, number: int) -> None:
        held = self._take(number)
        self.held.remove(held)
        if self.newest.get(held.chunk_id) == held.token:
            assert carry_out(held) == held.members.accounts
            self.published |= set(held.members.account_ids)
            self._void(held.chunk_id)
        else:
            with pytest.raises(Fenced):
                carry_out(held)

    @precondition(lambda self: self.held)
    @rule(number=st.integers(0, 9))
    def a_lease_runs_out_while_its_worker_goes_on(self, number: int) -> None:
        Chunk.objects.filter(pk=self._take(number).chunk_id, lease_until__isnull=False).update(
            lease_until=F("lease_until") - timedelta(minutes=5)
        )

    @precondition(lambda self: self.held)
    @rule(number=st.integers(0, 9))
    def a_worker_dies(self, number: int) -> None:
        held = self._take(number)
        host = queue.owner().split(":")[0]
        mine = Chunk.objects.filter(pk=held.chunk_id, token=held.token, lease_until__isnull=False)
        if mine.update(owner=f"{host}:999999999:abcdef12"):
            assert queue.free_dead_leases() == 1
            self._void(held.chunk_id)

    @precondition(lambda self: self.held)
    @rule(number=st.integers(0, 9))
    def a_worker_gives_up(self, number: int) -> None:
        held = self._take(number)
        self.held.remove(held)
        queue.give_back(held)

    @precondition(lambda self: not self.paused)
    @rule()
    def operations_pauses(self) -> None:
        services.pause_run(by=self.house.operations, run=Run(pk=self.run_id))
        self.newest.clear()
        self.paused = True

    @precondition(lambda self: self.paused)
    @rule()
    def operations_resumes(self) -> None:
        services.resume_run(by=self.house.operations, run=Run(pk=self.run_id))
        self.paused = False

    @rule(number=st.integers(0, 9), value=st.integers(1, 300))
    def an_advisor_changes_a_value(self, number: int, value: int) -> None:
        account = self.house.accounts[number]
        Intake.objects.filter(account=account).update(
            account_value=value * 1_000_000, direct_index_value=value * 1_000_000
        )
        Household.objects.filter(pk=account.household_id).update(revision=F("revision") + 1)

    @invariant()
    def nothing_is_there_that_nobody_published(self) -> None:
        found = RunResult.objects.filter(run=self.run_id).exclude(why=queue.QUARANTINED)
        assert sorted(found.values_list("account_id", flat=True)) == sorted(self.published)

    def teardown(self) -> None:
        """Whatever happened: let a worker finish, and count."""
        if self.paused:
            self.operations_resumes()
        Chunk.objects.filter(run=self.run_id).update(lease_until=None)
        while drain(self.run_id).left:
            pass
        run = Run.objects.get(pk=self.run_id)
        chunks = Chunk.objects.filter(run=run, state=Chunk.State.DONE)
        members = [account for chunk in chunks for account in Members.from_json(chunk.members).account_ids]
        results = RunResult.objects.filter(run=run)
        assert sorted(results.values_list("account_id", flat=True)) == sorted(members)
        assert len(members) == len(set(members)) == run.accounts
        assert run.state in ("complete", "partial")
        set_aside = results.filter(kind="failed")
        assert set(set_aside.values_list("why", flat=True)) <= {queue.QUARANTINED}
        assert run.failed == set_aside.count()
        assert Recommendation.objects.filter(run_id=run.pk).count() == run.changed


def test_any_order_of_events_ends_with_every_account_once(house: Any) -> None:
    Workers.house = house
    run_state_machine_as_test(
        Workers,
        settings=settings(
            max_examples=15, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
