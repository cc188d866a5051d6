"""What may be read about runs. Runs are the firm's own records; their results are scoped by household."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now
from django.forms import Field, ModelChoiceField
from django.http import QueryDict
from django.utils import timezone

from advisory.runs.closing import counted, missing_accounts
from advisory.runs.decisions import flips_of_standing_decisions
from advisory.runs.models import Chunk, Run, RunEvent, RunResult
from advisory.runs.queue import Tally
from advisory.runs.states import ENDED, LIVE
from households.filters import BookFilter
from households.foundation.databases import among
from households.foundation.roles import Role
from households.models import Account, Household, User
from implementation.rules.engine import ENGINE, OUTCOMES

STALLED = timedelta(seconds=60)


def runs() -> QuerySet[Run]:
    """Every run, the newest first; who may ask is in the permission matrix."""
    return Run.objects.select_related("requested_by", "approved_by").order_by("-created_at")


def running_runs() -> list[UUID]:
    """Runs that workers of this engine may work on, the oldest first."""
    found = Run.objects.filter(state=Run.State.RUNNING, engine=ENGINE).order_by("created_at")
    return list(found.values_list("pk", flat=True))


def claimable_chunks() -> dict[UUID, int]:
    """Running runs with the number of chunks that nobody holds; zero where all are in hand or done."""
    free = Q(chunks__state=Chunk.State.OPEN) & (
        Q(chunks__lease_until=None) | Q(chunks__lease_until__lt=Now())
    )
    found = Run.objects.filter(state=Run.State.RUNNING, engine=ENGINE).annotate(
        free=Count("chunks", filter=free)
    )
    return dict(found.order_by("created_at").values_list("pk", "free"))


@dataclass(frozen=True)
class Direction:
    """Accounts that went from one outcome to another; ``before`` is empty for a first evaluation."""

    before: str
    after: str
    accounts: int


@dataclass(frozen=True)
class Progress:
    """Where a run stands.

    Attributes:
        done: accounts with a result. total: accounts of the run.
        in_hand, open: chunks being worked on, chunks not finished (those in hand included).
        rate: accounts a second since the start, None before the first result.
        left: seconds that the rest will take at that rate.
        stalled: running, with open chunks, and no worker has taken one for a minute.
        foreign: it was started under another engine, which no worker of this release touches.
    """

    run: Run
    tally: Tally
    done: int
    total: int
    in_hand: int
    open: int
    rate: float | None
    left: float | None
    stalled: bool
    foreign: bool

    @property
    def live(self) -> bool:
        """Whether the page should ask again."""
        return self.run.state == Run.State.RUNNING

    @property
    def share(self) -> float:
        """Done, 0 to 1."""
        return self.done / self.total if self.total else 0.0

    @property
    def flips(self) -> list[Direction]:
        """Outcomes that became others, in the order of the outcomes."""
        return flips(self.tally.directions)

    @property
    def first(self) -> list[Direction]:
        """Accounts evaluated for the first time, by outcome."""
        return [d for d in directions(self.tally.directions) if not d.before]


def directions(counts: dict[str, int]) -> list[Direction]:
    """``{"SMA>UMA": 3}`` as a list in the order of the outcomes; first evaluations come first."""
    order = {"": -1} | {name: number for number, name in enumerate(OUTCOMES)}
    found = [Direction(*direction.split(">"), count) for direction, count in counts.items() if count]
    return sorted(found, key=lambda d: (order[d.before], order[d.after]))


def flips(counts: dict[str, int]) -> list[Direction]:
    """Those that went to another outcome."""
    return [d for d in directions(counts) if d.before and d.before != d.after]


def outcome_counts(counts: dict[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Accounts by outcome before and after, of those that were evaluated both times."""
    before: dict[str, int] = {}
    after: dict[str, int] = {}
    for direction in directions(counts):
        if direction.before:
            before[direction.before] = before.get(direction.before, 0) + direction.accounts
            after[direction.after] = after.get(direction.after, 0) + direction.accounts
    return before, after


def progress(run: Run, *, now: datetime | None = None) -> Progress:
    """Where a run stands now: two queries, whatever its size."""
    now = now or timezone.now()
    tally, _ = counted(run.pk) if run.state in LIVE or not run.finished_at else (_closed(run), 0)
    chunks = Chunk.objects.filter(run=run.pk, state=Chunk.State.OPEN).aggregate(
        open=Count("pk"), in_hand=Count("pk", filter=Q(lease_until__gte=now))
    )
    seconds = _seconds(run, now)
    rate = tally.accounts / seconds if seconds and tally.accounts else None
    running = run.state == Run.State.RUNNING
    heard = run.heartbeat_at or run.started_at
    return Progress(
        run=run, tally=tally, done=tally.accounts, total=run.accounts, in_hand=chunks["in_hand"],
        open=chunks["open"], rate=rate, left=(run.accounts - tally.accounts) / rate if rate else None,
        stalled=bool(running and chunks["open"] and heard and now - heard > STALLED),
        foreign=run.state not in ENDED and run.engine != ENGINE,
    )  # fmt: skip


def _closed(run: Run) -> Tally:
    return Tally(run.changed, run.unchanged, run.failed, run.flipped, dict(run.directions))


def _seconds(run: Run, now: datetime) -> float:
    if run.started_at is None:
        return 0.0
    last = run.finished_at or (now if run.state == Run.State.RUNNING else run.heartbeat_at) or now
    return max((last - run.started_at).total_seconds(), 0.0)


def results(user: User, run: Run) -> QuerySet[RunResult]:
    """A run's results for accounts that this user may see, in account order."""
    found = RunResult.objects.visible_to(user).filter(run=run.pk)
    return found.select_related("account__household").order_by("account_id")


def changes(user: User, run: Run) -> QuerySet[RunResult]:
    """Those whose outcome became another one."""
    return results(user, run).filter(flipped=True)


def failures(user: User, run: Run) -> QuerySet[RunResult]:
    """Those that could not be evaluated."""
    return results(user, run).filter(kind=RunResult.Kind.FAILED)


def flipped_standing(run: Run) -> int:
    """Accounts whose outcome changed while a decision on them is in force; the decisions stand."""
    return flips_of_standing_decisions(RunResult.objects.filter(run=run.pk)).count()


def unreached(user: User, run: Run) -> list[Account]:
    """Accounts of an ended run that have no result, because it was canceled before them."""
    if run.state not in ENDED or run.changed + run.unchanged + run.failed == run.accounts:
        return []
    accounts = Account.objects.visible_to(user).select_related("household__advisor")
    return list(among(accounts, "pk", list(missing_accounts(run.pk))).order_by("pk"))


def events(run: Run) -> QuerySet[RunEvent]:
    """What happened to a run, the newest first."""
    return RunEvent.objects.filter(run=run.pk).select_related("by").order_by("-pk")


def covered(user: User, run: Run) -> str:
    """What a run is about, in words; supervisors read no search words, which may name others' clients."""
    if run.retry_of:
        return f"Accounts that failed in: {run.retry_of.title}"
    if not run.filter:
        return "The whole book"
    if user.role == Role.SUPERVISOR:
        return "Part of the book"
    form = BookFilter(QueryDict(run.filter), queryset=Household.objects.none(), user=user).form
    form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    return "Part of the book: " + "; ".join(
        f"{form[name].label.lower()} {_shown(form.fields[name], value)}" for name, value in chosen.items()
    )


def _shown(field: Field, value: Any) -> str:
    choices = {} if isinstance(field, ModelChoiceField) else dict(getattr(field, "choices", ()))
    return str(choices.get(value, value))


def extent(user: User, chosen: BookFilter) -> dict[str, int]:
    """How many households and open accounts a filter of the book chooses; two queries."""
    if not chosen.is_valid():
        return {"households": 0, "accounts": 0}
    accounts = Account.objects.visible_to(user).filter(
        closed_on=None, household__in=chosen.qs.order_by().values("pk")
    )
    counts = accounts.aggregate(households=Count("household_id", distinct=True), accounts=Count("pk"))
    return {"households": counts["households"], "accounts": counts["accounts"]}


def examples(user: User, preview: dict[str, Any]) -> list[dict[str, Any]]:
    """The flips a preview shows as examples, with the accounts that this user may see; one query."""
    found = {UUID(example["account"]): example for example in preview.get("examples", [])}
    accounts = Account.objects.visible_to(user).filter(pk__in=found).select_related("household")
    shown = [{**found[account.pk], "account": account} for account in accounts]
    return sorted(shown, key=lambda example: -(example["value"] or 0))
