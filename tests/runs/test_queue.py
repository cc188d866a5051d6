"""Nothing lost, nothing twice: claims, leases, fences, splits and the end of a run, step by step."""

from datetime import timedelta

import pytest
from django.db.models import F

from advisory.recommendations.models import Recommendation
from advisory.recommendations.services import evaluate_account
from advisory.runs import queue
from advisory.runs.chunks import Members, chunk_size, cut, grouped
from advisory.runs.closing import close_if_done, missing_accounts
from advisory.runs.drain import drain
from advisory.runs.models import Chunk, Run, RunResult
from advisory.runs.queue import Fenced, Found, claim
from advisory.runs.scoring import carry_out, publish, score, terms_of
from households.foundation.ids import new_id
from households.models import Account, Household
from tests.runs.conftest import start, worked_off

pytestmark = pytest.mark.django_db


def _expire(held: queue.Claim) -> None:
    Chunk.objects.filter(pk=held.chunk_id).update(lease_until=F("lease_until") - timedelta(minutes=5))


def _results(run: Run) -> list:
    return sorted(RunResult.objects.filter(run=run).values_list("account_id", flat=True))


def _open_accounts() -> list:
    return sorted(Account.objects.values_list("pk", flat=True))


# --- cutting ---------------------------------------------------------------------------------------------


def test_households_are_never_cut_in_two() -> None:
    ids = [new_id() for _ in range(9)]
    pairs = [(ids[0], ids[1]), (ids[0], ids[2]), (ids[3], ids[4]), (ids[5], ids[6]), (ids[5], ids[7])]
    chunks = list(cut(grouped(pairs), 3))
    assert [chunk.household_ids for chunk in chunks] == [[ids[0], ids[3]], [ids[5]]]
    assert [chunk.accounts for chunk in chunks] == [3, 2]
    assert Members.from_json(chunks[0].as_json()) == chunks[0]


@pytest.mark.parametrize(("accounts", "size"), [(1, 500), (20_000, 625), (64_000, 2_000), (10**6, 4_000)])
def test_chunks_hold_500_to_4000_accounts(accounts: int, size: int) -> None:
    assert chunk_size(accounts) == size


def test_parts_narrow_down_to_single_accounts() -> None:
    one, two, a, b, c = (new_id() for _ in range(5))
    members = Members(((one, (a, b)), (two, (c,))))
    first, second = members.parts()
    assert (first.account_ids, second.account_ids) == ([a, b], [c])
    assert [part.account_ids for part in first.parts()] == [[a], [b]]
    assert second.parts() == []


# --- claiming --------------------------------------------------------------------------------------------


def test_a_chunk_in_hand_is_not_handed_out_again(started: Run) -> None:
    first, second = claim(started.pk), claim(started.pk)
    assert first and second
    assert first.chunk_id != second.chunk_id
    assert (first.token, second.token) == (1, 1)


def test_an_expired_lease_is_claimed_by_somebody_newer(started: Run) -> None:
    late = claim(started.pk)
    _expire(late)
    newer = claim(started.pk)
    assert (newer.chunk_id, newer.token) == (late.chunk_id, late.token + 1)


def test_a_late_publication_is_refused_and_leaves_nothing(started: Run) -> None:
    late = claim(started.pk)
    work = score(late.members, terms_of(started.pk))
    _expire(late)
    newer = claim(started.pk)
    carry_out(newer)
    rows = Recommendation.objects.count()
    with pytest.raises(Fenced):
        publish(late, work, terms_of(started.pk))
    assert Recommendation.objects.count() == rows
    assert _results(started) == sorted(newer.members.account_ids)


def test_a_late_publication_is_refused_before_the_newer_one_has_published(started: Run) -> None:
    late = claim(started.pk)
    _expire(late)
    newer = claim(started.pk)
    with pytest.raises(Fenced):
        carry_out(late)
    assert carry_out(newer) == newer.members.accounts


def test_a_chunk_is_published_once(started: Run) -> None:
    held = claim(started.pk)
    carry_out(held)
    with pytest.raises(Fenced):
        carry_out(held)


def test_a_worker_of_another_engine_leaves_the_run_alone(started: Run) -> None:
    Run.objects.update(engine=F("engine") + 1)
    assert claim(started.pk) is None


def test_a_chunk_given_back_is_free_at_once(started: Run) -> None:
    held = claim(started.pk)
    queue.give_back(held)
    again = claim(started.pk)
    assert again.chunk_id == held.chunk_id


def test_leases_of_dead_processes_of_this_host_are_freed(started: Run, monkeypatch) -> None:
    mine, dead, elsewhere = (claim(started.pk) for _ in range(3))
    host = queue.owner().split(":")[0]
    Chunk.objects.filter(pk=dead.chunk_id).update(owner=f"{host}:999999999:abcdef12")
    Chunk.objects.filter(pk=elsewhere.chunk_id).update(owner="another-host:999999999:abcdef12")
    assert queue.free_dead_leases() == 1
    leased = Chunk.objects.filter(lease_until__isnull=False).values_list("pk", flat=True)
    assert set(leased) == {mine.chunk_id, elsewhere.chunk_id}
    with pytest.raises(Fenced):
        queue.begin_publishing(dead)


def test_an_earlier_process_with_the_same_number_counts_as_dead(started: Run) -> None:
    held = claim(started.pk)
    host, pid, _ = queue.owner().split(":")
    Chunk.objects.filter(pk=held.chunk_id).update(owner=f"{host}:{pid}:00000000")
    assert queue.free_dead_leases() == 1


# --- chunks that end their workers -------------------------------------------------------------------------


def _die(run: Run, times: int) -> None:
    for _ in range(times):
        held = claim(run.pk)
        assert held is not None
        _expire(held)


def test_a_chunk_that_was_claimed_three_times_in_vain_is_split(started: Run) -> None:
    victim = Chunk.objects.filter(run=started).order_by("number").first()
    chunks = Chunk.objects.filter(run=started).count()
    _die(started, 3)
    held = claim(started.pk)
    victim.refresh_from_db()
    assert victim.state == Chunk.State.SPLIT
    assert held.chunk_id != victim.pk
    halves = Chunk.objects.filter(run=started, number__gt=chunks).order_by("number")
    members = [account for half in halves for account in Members.from_json(half.members).account_ids]
    assert members == Members.from_json(victim.members).account_ids
    assert len(halves) == 2


def test_a_household_alone_is_set_aside_and_the_run_still_ends(house) -> None:
    run = start(house.operations, size=1)
    poison = Chunk.objects.filter(run=run).order_by("number").first()
    _die(run, 3)
    worked_off(run)
    assert run.state == Run.State.PARTIAL
    assert _results(run) == _open_accounts()
    failed = RunResult.objects.filter(run=run, kind="failed")
    assert sorted(failed.values_list("account_id", flat=True)) == sorted(
        Members.from_json(poison.members).account_ids
    )
    assert {row.why for row in failed} == {queue.QUARANTINED}
    assert run.failed == poison.accounts


# --- the end ---------------------------------------------------------------------------------------------


def test_every_account_exactly_once(started: Run) -> None:
    worked_off(started)
    assert started.state == Run.State.COMPLETE
    assert _results(started) == _open_accounts()
    assert (started.changed, started.unchanged, started.failed) == (started.accounts, 0, 0)
    assert Recommendation.objects.filter(run_id=started.pk).count() == started.accounts
    assert started.finished_at is not None


def test_a_second_run_confirms_and_appends_no_recommendation(started: Run, house) -> None:
    drain(started.pk)
    rows = Recommendation.objects.count()
    second = start(house.operations)
    drain(second.pk)
    second.refresh_from_db()
    assert (second.state, second.changed, second.unchanged) == ("complete", 0, second.accounts)
    assert Recommendation.objects.count() == rows
    newest = RunResult.objects.filter(run=second).first()
    assert (
        newest.recommendation_id
        == RunResult.objects.get(run=started, account=newest.account_id).recommendation_id
    )


def test_facts_read_for_a_run_never_replace_an_evaluation_of_later_facts(started: Run, house) -> None:
    """An advisor changes an answer and evaluates while the chunk is being scored."""
    drain(started.pk)
    run = start(house.operations)
    held = claim(run.pk)
    account = next(a for a in house.accounts if a.pk in held.members.account_ids)
    account.intake.account_value = account.intake.direct_index_value = 9_000_000_00
    account.intake.save()
    Household.objects.filter(pk=account.household_id).update(revision=F("revision") + 1)
    work = score(held.members, terms_of(run.pk))
    account.intake.account_value = account.intake.direct_index_value = 30_000_00
    account.intake.save()
    Household.objects.filter(pk=account.household_id).update(revision=F("revision") + 1)
    newest = evaluate_account(by=house.advisor, account=account)
    publish(held, work, terms_of(run.pk))
    assert Recommendation.objects.filter(account=account).latest("seq").pk == newest.recommendation_id
    result = RunResult.objects.get(run=run, account=account)
    assert (result.kind, result.recommendation_id) == ("unchanged", newest.recommendation_id)
    assert result.why == "A later evaluation was recorded meanwhile; it stands."


def test_an_open_chunk_keeps_the_run_open(started: Run) -> None:
    held = claim(started.pk)
    drain(started.pk)
    assert close_if_done(started.pk) is False
    carry_out(held)
    assert close_if_done(started.pk) is True
    assert close_if_done(started.pk) is False


def test_sums_that_differ_are_a_failure_with_the_missing_counted(started: Run) -> None:
    """A chunk that says done without its results must never end as a complete review."""
    lost = Chunk.objects.filter(run=started).order_by("number").first()
    Chunk.objects.filter(pk=lost.pk).update(state=Chunk.State.DONE)
    drain(started.pk)
    started.refresh_from_db()
    assert started.state == Run.State.FAILED
    assert sorted(missing_accounts(started.pk)) == sorted(Members.from_json(lost.members).account_ids)
    assert f"{lost.accounts:,} have no result" in started.events.last().note


def test_results_and_members_must_agree(started: Run) -> None:
    held = claim(started.pk)
    queue.begin_publishing(held)
    found = [Found(account, "unchanged") for account in held.members.account_ids[1:]]
    with pytest.raises(ValueError, match="members"):
        queue.finish_publishing(held, found)
