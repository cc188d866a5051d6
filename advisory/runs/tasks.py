"""Celery tasks: doorbells that carry an id. Losing, doubling or delaying one costs time and nothing else."""

from uuid import UUID

from celery import shared_task

from advisory.runs.doorbell import BELLS, ring
from advisory.runs.drain import drain
from advisory.runs.selectors import claimable_chunks


@shared_task(name="runs.drain", acks_late=True, ignore_result=True)
def drain_run(run_id: str) -> None:
    """Work on a run for one slice; ring again where the slice ended before the work."""
    if drain(UUID(run_id)).left:
        ring(UUID(run_id), bells=1)


@shared_task(name="runs.ring", ignore_result=True, expires=5)
def ring_open_runs() -> None:
    """Ring for every running run. Beat calls it every few seconds, so a lost doorbell costs only those."""
    for run_id, chunks in claimable_chunks().items():
        ring(run_id, bells=max(1, min(BELLS, chunks)))
