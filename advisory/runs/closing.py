"""The end of a run: complete only when the sums agree, and sealed so that nobody can say otherwise later."""

import hashlib
from collections.abc import Iterator
from uuid import UUID

from django.db import connection, transaction

from advisory.runs.chunks import Members
from advisory.runs.models import Chunk, Run, RunResult
from advisory.runs.queue import Tally
from advisory.runs.steps import hold, step
from households.foundation.databases import database_now

SEALED_FIELDS = (
    "account_id",
    "kind",
    "recommendation_id",
    "previous_id",
    "outcome_before",
    "outcome_after",
    "why",
)


def close_if_done(run_id: UUID) -> bool:
    """Close a running run that has no open chunk left; whether this call did it.

    Complete: the accounts of its finished chunks, the results counted in them, the result rows and the run's
    frozen number of accounts are one and the same, and none failed.
    """
    if Chunk.objects.filter(run=run_id, state=Chunk.State.OPEN).exists():
        return False
    with transaction.atomic():
        run = hold(run_id)
        open_left = Chunk.objects.filter(run=run_id, state=Chunk.State.OPEN).exists()
        if run.state != Run.State.RUNNING or open_left:
            return False
        event, note, tally = _verdict(run)
        step(run, event, note=note, finished_at=database_now(connection), changed=tally.changed,
             unchanged=tally.unchanged, failed=tally.failed, flipped=tally.flipped,
             directions=tally.directions)  # fmt: skip
    return True


def _verdict(run: Run) -> tuple[str, str, Tally]:
    tally, accounts = counted(run.pk)
    rows = RunResult.objects.filter(run=run.pk).count()
    if not accounts == tally.accounts == rows == run.accounts:
        missing = sum(1 for _ in missing_accounts(run.pk))
        note = (
            f"The sums differ: {run.accounts:,} accounts belong to the review, {accounts:,} were worked on, "
            f"{tally.accounts:,} counted, {rows:,} recorded; {missing:,} have no result."
        )
        return "failed", note, tally
    if tally.failed == run.accounts:
        return "failed", "No account could be evaluated.", tally
    if tally.failed:
        return "completed_with_failures", f"{tally.failed:,} could not be evaluated.", tally
    return "completed", "", tally


def counted(run_id: UUID) -> tuple[Tally, int]:
    """Counts over the finished chunks of a run, and the accounts that those chunks hold."""
    done = Chunk.objects.filter(run=run_id, state=Chunk.State.DONE)
    tally, accounts = Tally(), 0
    for chunk in done.only("accounts", "changed", "unchanged", "failed", "flipped", "directions").iterator():
        tally.merge(chunk)
        accounts += chunk.accounts
    return tally, accounts


def abandon(run_id: UUID) -> Tally:
    """Give up the open chunks of a held run; the counts of what was finished."""
    Chunk.objects.filter(run=run_id, state=Chunk.State.OPEN).update(state=Chunk.State.CANCELLED)
    tally, _ = counted(run_id)
    return tally


def missing_accounts(run_id: UUID) -> Iterator[UUID]:
    """Members of a run that have no result: those of chunks that never finished."""
    unfinished = Chunk.objects.filter(run=run_id).exclude(state=Chunk.State.SPLIT).order_by("number")
    for chunk in unfinished.iterator(chunk_size=20):
        members = Members.from_json(chunk.members).account_ids
        there = set(
            RunResult.objects.filter(run=run_id, account__in=members).values_list("account_id", flat=True)
        )
        yield from (account for account in members if account not in there)


def results_sha256(run_id: UUID) -> str:
    """Hash of a run's results: one line an account in account order, fields parted by a tab."""
    digest = hashlib.sha256()
    rows = RunResult.objects.filter(run=run_id).order_by("account_id").values_list(*SEALED_FIELDS)
    for row in rows.iterator(chunk_size=5_000):
        line = "\t".join("" if value is None else str(value).replace("\t", " ") for value in row)
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()
