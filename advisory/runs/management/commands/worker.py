"""``manage.py worker``: carries out bulk reviews where there is no broker; several may run at once."""

import logging
import os
import signal
import time
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from advisory.runs.drain import SLICE_SECONDS, drain
from advisory.runs.scoring import DATABASE_AWAY
from advisory.runs.selectors import running_runs

logger = logging.getLogger(__name__)
POLL_SECONDS = 0.5
AWAY_SECONDS = 2.0


class Command(BaseCommand):
    help = "Carry out bulk reviews as they are started, until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--nice", type=int, default=5, help="give way to the web server by this much (0 to 19)"
        )
        parser.add_argument("--poll", type=_seconds, default=POLL_SECONDS, help="seconds between two looks")

    def handle(self, *args: Any, nice: int, poll: float, **options: Any) -> None:
        self.stopping = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        os.nice(nice)
        while not self.stopping:
            if not self._work():
                self._sleep(poll)

    def _stop(self, *_: object) -> None:
        """The chunk in hand is finished first; it takes about a second."""
        self.stopping = True

    def _work(self) -> bool:
        """One slice on every running run in turn; whether there was anything to do."""
        try:
            found = running_runs()
        except DATABASE_AWAY as error:
            logger.warning("the database is away (%s); looking again", type(error).__name__)
            connection.close()
            self._sleep(AWAY_SECONDS)
            return False
        done = [drain(run_id, seconds=SLICE_SECONDS, stop=lambda: self.stopping) for run_id in found]
        return any(slice_.chunks for slice_ in done)

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.stopping and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.05 <= seconds <= 60:
        raise ArgumentTypeError("between 0.05 and 60 seconds")
    return seconds
