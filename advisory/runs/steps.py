"""A step of a run: its new state and the event row that says who and why, written together."""

from typing import Any
from uuid import UUID

from django.db import connection, transaction

from advisory.runs.models import Run, RunEvent
from advisory.runs.states import RUN
from households.foundation.databases import database_now
from households.models import User


def hold(run_id: UUID) -> Run:
    """The run with its row locked until the transaction ends; everybody takes it before any chunk.

    The key stays free: a publication that has its chunk already lets PostgreSQL look whether the run is there
    when it commits, and a pause that waits for that chunk must not keep it from looking.
    """
    return Run.objects.select_for_update(no_key=True).get(pk=run_id)


def step(run: Run, event: str, *, by: User | None = None, note: str = "", **changes: Any) -> Run:
    """Move a held run on, with other columns that change at the same time.

    Args:
        run: held by :func:`hold` in the same transaction.
        event: an event of the table in :mod:`advisory.runs.states`.
        by: who; None where the workers did it.
        note: one plain sentence for the run's history.
        changes: further columns of the run.

    Raises:
        DomainError: 409, the event may not happen in this state.
    """
    with transaction.atomic():
        run.state = RUN.after(run.state, event)
        for name, value in changes.items():
            setattr(run, name, value)
        run.save(update_fields=["state", *changes])
        now = database_now(connection)
        RunEvent.objects.create(run=run, event=event, state=run.state, by=by, note=note[:300], at=now)
    return run
