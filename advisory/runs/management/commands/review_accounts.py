"""``manage.py review_accounts``: a bulk review from the terminal."""

import time
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from advisory.runs import services
from advisory.runs.drain import drain
from advisory.runs.models import Run, RunResult
from advisory.runs.selectors import Direction, Progress, progress
from advisory.runs.states import ENDED
from households.foundation.errors import DomainError
from households.foundation.roles import Role
from households.management.asking import user_who_asks
from households.models import User

LISTEN_SECONDS = 4.0
"""Without a sign of a worker for so long, the waiting terminal does the work itself."""
LOST_SECONDS = 20.0
LOOK_SECONDS = 0.5
LINE_SECONDS = 5.0
REASONS_SHOWN = 5


class Command(BaseCommand):
    help = "Evaluate all or a filtered part of the book again, in the background or waiting for the end."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--all", action="store_true", help="the whole book")
        which.add_argument("--filter", metavar="Q", help="the part of the book that a querystring chooses")
        parser.add_argument("--wait", action="store_true", help="stay until it has ended, showing progress")
        parser.add_argument("--by", metavar="EMAIL", help="who asks; the only user of operations by default")

    def handle(self, *args: Any, filter: str | None, wait: bool, by: str | None, **options: Any) -> None:
        user = user_who_asks(by, [Role.OPERATIONS])
        if filter is not None and not filter.strip("? "):
            raise CommandError("An empty filter is the whole book: say --all.", returncode=2)
        try:
            run = services.create_run(
                by=user, filter=(filter or "").lstrip("?"), idempotency_key=uuid4().hex,
                title="From the terminal",
            )  # fmt: skip
        except DomainError as error:
            raise CommandError(str(error), returncode=2 if error.field == "filter" else 1) from error
        self._start(run, user)
        self.stdout.write(
            f"Bulk review {run.pk} of {run.accounts:,} accounts in {run.households:,} households started."
        )
        if wait:
            self._wait(run)
        else:
            self.stdout.write("Workers carry it out; its page shows the progress.")

    def _start(self, run: Run, user: User) -> None:
        """Too large for one person: leave it previewed, for somebody else to approve on its page."""
        if services.needs_second_person(run):
            services.preview_run(by=user, run=run)
            most = services.approval_threshold()
            raise CommandError(
                f"Bulk review {run.pk} has {run.accounts:,} accounts: more than {most:,} need a second "
                "person. Somebody else of operations or compliance can approve its preview on its page."
            )
        try:
            services.start_run(by=user, run=run)
            run.refresh_from_db()
        except DomainError as error:
            raise CommandError(str(error)) from error

    # --- waiting -------------------------------------------------------------------------------------------

    def _wait(self, run: Run) -> None:
        try:
            with _Meter(self, run.accounts) as meter:
                self._follow(run, meter)
        except KeyboardInterrupt:
            raise CommandError(
                f"Left waiting. Bulk review {run.pk} goes on where a worker runs; its page can cancel it."
            ) from None
        self._summarize(run)
        if run.state != Run.State.COMPLETE:
            raise CommandError(f"The bulk review ended as: {run.get_state_display()}.")

    def _follow(self, run: Run, meter: "_Meter") -> None:
        alone = False
        while True:
            run.refresh_from_db()
            meter.show(progress(run), run)
            if run.state in ENDED:
                return
            if not alone and run.state == Run.State.RUNNING and _nobody_works(run):
                alone = True
                meter.say("No worker is running: this terminal carries the bulk review out itself.")
            if alone and run.state == Run.State.RUNNING:
                drain(run.pk, seconds=LOOK_SECONDS)
            else:
                time.sleep(LOOK_SECONDS)

    def _summarize(self, run: Run) -> None:
        now = progress(run)
        tally = now.tally
        first = sum(direction.accounts for direction in now.first)
        rate = f", {now.rate:,.0f} a second" if now.rate else ""
        lines = [
            f"Evaluated    {now.done:,} of {now.total:,} accounts{rate}",
            f"Changed      {tally.changed:,} (first evaluated {first:,}, another outcome {tally.flipped:,})",
            f"Unchanged    {tally.unchanged:,}",
            f"Failed       {tally.failed:,}",
        ]
        lines += [
            f"  {_words(direction):<32} {direction.accounts:,}" for direction in [*now.flips, *now.first]
        ]
        for line in lines:
            self.stdout.write(line)
        failed = RunResult.objects.filter(run=run.pk, kind=RunResult.Kind.FAILED).order_by("account_id")
        for account, why in failed.values_list("account_id", "why")[:REASONS_SHOWN]:
            self.stdout.write(f"  failed: account {account}: {why}")


def _words(direction: Direction) -> str:
    return f"{direction.before or 'not evaluated'} to {direction.after}"


def _nobody_works(run: Run) -> bool:
    """No worker has shown up, or the last one has been silent for long while chunks are open."""
    heard = run.heartbeat_at
    silent = (timezone.now() - (heard or run.started_at or timezone.now())).total_seconds()
    return silent > (LOST_SECONDS if heard else LISTEN_SECONDS)


class _Meter:
    """A progress bar on a terminal, plain lines anywhere else."""

    def __init__(self, command: BaseCommand, total: int) -> None:
        self.command = command
        terminal = command.stderr.isatty()
        self.bar = tqdm(total=total, unit=" accounts", disable=not terminal, leave=True)
        self.said = 0.0
        self.state = ""

    def __enter__(self) -> "_Meter":
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def say(self, text: str) -> None:
        """A line of its own, above the bar."""
        if self.bar.disable:
            self.command.stdout.write(text)
        else:
            self.bar.write(text)

    def show(self, now: Progress, run: Run) -> None:
        """Where it stands; lines come every few seconds and when the state changes."""
        self.bar.n = now.done
        self.bar.set_description(run.get_state_display(), refresh=False)
        self.bar.refresh()
        if self.bar.disable and (time.monotonic() - self.said > LINE_SECONDS or run.state != self.state):
            state = run.get_state_display()
            self.command.stdout.write(f"{state}: {now.done:,} of {now.total:,} accounts ({now.share:.0%})")
            self.said, self.state = time.monotonic(), run.state
