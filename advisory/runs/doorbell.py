"""The one seam between starting work and whoever does it: a doorbell that may be lost without harm."""

import logging
from uuid import UUID

from django.conf import settings

logger = logging.getLogger(__name__)
BELLS = 4
"""Doorbells a ring: more than one worker may come; one that finds nothing to do leaves at once."""
EXPIRES_SECONDS = 15


def ring(run_id: UUID, *, bells: int = BELLS) -> bool:
    """Tell Celery's workers that a run has work; whether the broker took it.

    Without a broker nothing is sent: the worker process looks by itself. A broker that is down is no error
    for the caller, since the next ring (every five seconds, by beat) finds the same rows.
    """
    if not settings.CELERY_BROKER_URL:
        return False
    from advisory.runs.tasks import drain_run

    try:
        for _ in range(bells):
            drain_run.apply_async((str(run_id),), expires=EXPIRES_SECONDS, retry=False)
    except Exception as error:  # the broker's client raises its own, kombu's and the socket's errors
        logger.warning(
            "run %s: the broker is away (%s); workers will be told later", run_id, type(error).__name__
        )
        return False
    return True
