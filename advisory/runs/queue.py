"""The queue that is the database: freeze, claim, publish, close; see docs/runs.md for why it is made so.

Nothing here asks who may: services do. Nothing here scores: :mod:`advisory.runs.scoring` does, between
:func:`claim` and :func:`publish`, outside any transaction.
"""

import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest

from advisory.runs.chunks import Members
from advisory.runs.models import Chunk, Run, RunResult
from households.foundation.databases import database_now, insert_rows, lock_for_claim
from implementation.rules.engine import ENGINE

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3
CHUNKS_AT_ONCE = 50
CHUNK_FIELDS = ["run", "number", "members", "households", "accounts", "state", "attempts", "token", "owner",
                "changed", "unchanged", "failed", "flipped", "directions"]  # fmt: skip
RESULT_FIELDS = ["run", "account", "kind", "recommendation_id", "previous_id", "outcome_before",
                 "outcome_after", "flipped", "why", "recorded_at"]  # fmt: skip
QUARANTINED = "The evaluation stopped the worker several times; this household was set aside."


@dataclass(frozen=True)
class Claim:
    """A chunk in hand, until the lease ends or somebody newer holds it."""

    chunk_id: int
    run_id: UUID
    number: int
    token: int
    members: Members


@dataclass(frozen=True)
class Found:
    """What was found for one account."""

    account_id: UUID
    kind: str
    recommendation_id: UUID | None = None
    previous_id: UUID | None = None
    outcome_before: str = ""
    outcome_after: str = ""
    why: str = ""

    @property
    def flipped(self) -> bool:
        """Whether the outcome is another one; a first evaluation is not a flip."""
        return bool(self.outcome_before and self.outcome_after and self.outcome_before != self.outcome_after)


@dataclass
class Tally:
    """Counts of one chunk or run; ``directions`` counts every pair of outcomes, equal ones included."""

    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    flipped: int = 0
    directions: dict[str, int] = field(default_factory=dict)

    def add(self, found: Found) -> None:
        """Count one account."""
        setattr(self, found.kind, getattr(self, found.kind) + 1)
        self.flipped += found.flipped
        if found.kind != RunResult.Kind.FAILED:
            direction = f"{found.outcome_before}>{found.outcome_after}"
            self.directions[direction] = self.directions.get(direction, 0) + 1

    def merge(self, other: "Tally | Any") -> None:
        """Add another's counts (a tally, a chunk or a run)."""
        for name in ("changed", "unchanged", "failed", "flipped"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for direction, count in other.directions.items():
            self.directions[direction] = self.directions.get(direction, 0) + count

    @property
    def accounts(self) -> int:
        """Every account has exactly one of three kinds."""
        return self.changed + self.unchanged + self.failed


@cache
def _owner_of(pid: int) -> str:
    return f"{socket.gethostname()}:{pid}:{uuid4().hex[:8]}"


def owner() -> str:
    """This process, told apart from a later one with the same number."""
    return _owner_of(os.getpid())


# --- freezing ----------------------------------------------------------------------------------------------


def freeze(run_id: UUID, chunks: Iterable[Members], *, first: int = 1, attempts: int = 0) -> tuple[int, int]:
    """Write the chunks of a run; how many households and accounts they hold.

    Args:
        run_id: a run whose row the caller holds.
        chunks: its members.
        first: the number of the first chunk.
        attempts: claims that the chunks count as having had.
    """
    households = accounts = 0
    numbered = enumerate(chunks, start=first)
    # Whole batches: the members may still be read from the connection that the rows are written to.
    while batch := list(islice(numbered, CHUNKS_AT_ONCE)):
        households += sum(len(members.households) for _, members in batch)
        accounts += sum(members.accounts for _, members in batch)
        insert_rows(connection, Chunk, (_row(run_id, *item, attempts) for item in batch), CHUNK_FIELDS)
    return households, accounts


def _row(run_id: UUID, number: int, members: Members, attempts: int) -> tuple[Any, ...]:
    # A household alone gets all its tries: one unlucky death must not set it aside.
    tried = attempts if len(members.households) > 1 else 0
    return (run_id, number, members.as_json(), len(members.households), members.accounts, Chunk.State.OPEN,
            tried, 0, "", 0, 0, 0, 0, {})  # fmt: skip


# --- claiming ----------------------------------------------------------------------------------------------


def claim(run_id: UUID) -> Claim | None:
    """Take the next chunk that nobody holds, or None.

    None also where the run is not running, or belongs to another engine: a worker of a newer release leaves
    runs of an older one alone. A chunk that was claimed too often without being published is split, at the
    size of one household set aside with failed results.
    """
    with transaction.atomic():
        now = database_now(connection)
        # The run's row is taken before any chunk, by everybody: claims and pauses never wait in a circle.
        if not Run.objects.filter(pk=run_id, state=Run.State.RUNNING, engine=ENGINE).update(heartbeat_at=now):
            return None
        while chunk := lock_for_claim(_claimable(run_id, now)).first():
            if chunk.attempts < MOST_ATTEMPTS:
                return _take(chunk, now)
            _set_aside(chunk)
        return None


def _claimable(run_id: UUID, now: Any) -> Any:
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return Chunk.objects.filter(free, run=run_id, state=Chunk.State.OPEN).order_by("number")


def _take(chunk: Chunk, now: Any) -> Claim:
    chunk.token += 1
    chunk.attempts += 1
    chunk.owner = owner()
    chunk.lease_until = now + LEASE
    chunk.save(update_fields=["token", "attempts", "owner", "lease_until"])
    return Claim(chunk.pk, chunk.run_id, chunk.number, chunk.token, Members.from_json(chunk.members))


def _set_aside(chunk: Chunk) -> None:
    """A chunk that keeps ending its workers: halve it, or fail its only household. Inside the claim."""
    members = Members.from_json(chunk.members)
    if len(members.households) > 1:
        Chunk.objects.filter(pk=chunk.pk).update(state=Chunk.State.SPLIT, lease_until=None, owner="")
        numbers = Chunk.objects.filter(run=chunk.run_id).order_by("-number").values_list("number", flat=True)
        # One more try a half is enough to come nearer to the household that does it.
        freeze(chunk.run_id, members.halves(), first=numbers[0] + 1, attempts=MOST_ATTEMPTS - 1)
        return
    found = [Found(account, RunResult.Kind.FAILED, why=QUARANTINED) for account in members.account_ids]
    _finish(chunk.pk, chunk.run_id, found)


def give_back(held: Claim, *, tried: bool = True) -> None:
    """Let others have a chunk whose work was broken off; nothing happens if it was published after all.

    Args:
        tried: whether the claim counts among those after which a chunk is set aside.
    """
    ours = Chunk.objects.filter(pk=held.chunk_id, state=Chunk.State.OPEN, token=held.token)
    ours.update(lease_until=None, owner="", attempts=F("attempts") - (0 if tried else 1))


def free_dead_leases() -> int:
    """Free chunks held by processes of this host that are gone; how many. Others wait for the lease's end."""
    host = f"{socket.gethostname()}:"
    leased = Chunk.objects.filter(
        run__state=Run.State.RUNNING,
        state=Chunk.State.OPEN,
        lease_until__isnull=False,
        owner__startswith=host,
    )
    dead = [name for name in leased.values_list("owner", flat=True).distinct() if not _alive(name)]
    if not dead:
        return 0
    with transaction.atomic():
        # Without the runs' rows in hand this must never wait for a chunk: a pause holds several of them.
        theirs = lock_for_claim(leased.filter(owner__in=dead).order_by("pk"), of=("self",))
        chunks = Chunk.objects.filter(pk__in=list(theirs.values_list("pk", flat=True)))
        return chunks.update(token=F("token") + 1, lease_until=None, owner="")


def _alive(name: str) -> bool:
    pid = int(name.split(":")[-2])
    if pid == os.getpid():
        return name == owner()
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def fence(run_id: UUID) -> int:
    """Take every chunk in hand away from its worker, so that counts stand still; how many were in hand.

    The caller holds the run's row and moves it out of *running*. What a worker then publishes is refused.
    """
    held = Chunk.objects.filter(run=run_id, state=Chunk.State.OPEN, lease_until__isnull=False)
    return held.update(
        token=F("token") + 1, lease_until=None, owner="", attempts=Greatest(F("attempts") - 1, 0)
    )


# --- publishing --------------------------------------------------------------------------------------------


class Fenced(Exception):
    """The chunk is not ours any more, such as after a pause or once given back: the work is thrown away."""


def begin_publishing(held: Claim) -> None:
    """Mark the chunk done if it is still ours; inside the publishing transaction, before anything else.

    Raises:
        Fenced: it is not; the transaction must not go on.
    """
    ours = Chunk.objects.filter(pk=held.chunk_id, state=Chunk.State.OPEN, token=held.token)
    if not ours.update(state=Chunk.State.DONE):
        raise Fenced


def finish_publishing(held: Claim, found: list[Found]) -> None:
    """Write the results and counts; inside the transaction that :func:`begin_publishing` opened.

    Raises:
        ValueError: not exactly one result for each of the chunk's accounts.
    """
    if sorted(item.account_id for item in found) != sorted(held.members.account_ids):
        raise ValueError(f"chunk {held.number}: results and members differ")
    _finish(held.chunk_id, held.run_id, found)


def _finish(chunk_id: int, run_id: UUID, found: list[Found]) -> None:
    now = database_now(connection)
    tally = Tally()
    for item in found:
        tally.add(item)
    rows = (
        (run_id, item.account_id, item.kind, item.recommendation_id, item.previous_id, item.outcome_before,
         item.outcome_after, item.flipped, item.why[:300], now)
        for item in found
    )  # fmt: skip
    insert_rows(connection, RunResult, rows, RESULT_FIELDS)
    Chunk.objects.filter(pk=chunk_id).update(
        state=Chunk.State.DONE, lease_until=None, owner="", changed=tally.changed, unchanged=tally.unchanged,
        failed=tally.failed, flipped=tally.flipped, directions=tally.directions,
    )  # fmt: skip
