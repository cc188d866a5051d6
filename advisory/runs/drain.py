"""One slice of work on a run: the same for a Celery task, the worker process and a waiting terminal."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from advisory.runs.closing import close_if_done
from advisory.runs.queue import Claim, Fenced, claim, free_dead_leases, give_back
from advisory.runs.scoring import DATABASE_AWAY, carry_out

logger = logging.getLogger(__name__)
SLICE_SECONDS = 8.0
PAUSES = (0.1, 0.3, 1.0, 2.0)


@dataclass
class Drained:
    """What a slice did. ``left``: it ended because time was over, not for want of chunks."""

    chunks: int = 0
    accounts: int = 0
    left: bool = False


def drain(
    run_id: UUID, *, seconds: float = SLICE_SECONDS, stop: Callable[[], bool] = lambda: False
) -> Drained:
    """Claim, score and publish until nothing is left to claim, the slice is over, or ``stop`` says so.

    A lost database is waited for, a refused publication is dropped; any number of drains may run at once.
    """
    done = Drained()
    held: Claim | None = None
    trouble = 0
    fresh = True
    until = time.monotonic() + seconds
    while not stop() and time.monotonic() < until:
        try:
            if fresh:
                free_dead_leases()
                fresh = False
            if held is not None:
                give_back(held)
            held = claim(run_id)
            if held is None:
                close_if_done(run_id)
                return done
            done.accounts += carry_out(held)
            done.chunks += 1
            held, trouble = None, 0
        except Fenced:
            held = None
        except DATABASE_AWAY as error:
            logger.warning("run %s: the database is away (%s); trying again", run_id, type(error).__name__)
            connection.close()
            time.sleep(min(PAUSES[min(trouble, len(PAUSES) - 1)], max(0.0, until - time.monotonic())))
            trouble += 1
    done.left = True
    return done
