"""One bulk review in each configuration, with real processes: every account exactly one result.

``make bench-runs`` does it with 10,000 accounts and prints what it took; see docs/runs.md.
"""

from typing import Any

import pytest

from tests.runs.stack import Stack

pytestmark = pytest.mark.xdist_group("runs")


def check(found: dict[str, Any], run: str, *, unchanged: bool = False) -> None:
    """Every account exactly once, the sums agree, and every score computed again is the same."""
    told = found["runs"][run]
    assert (told["state"], told["missing"], told["twice"], told["strangers"]) == ("complete", 0, 0, 0)
    assert told["results"] == told["counted"] == told["accounts"] == found["accounts"] > 300
    assert told["failed"] == 0
    assert told["unchanged"] == (told["accounts"] if unchanged else 0)
    assert found["recommendations"] == found["accounts"]
    assert found["broken"] == []
    assert found["recomputed_otherwise"] == 0


def _twice(stack: Stack) -> None:
    first = _reviewed(stack, "first")
    check(stack.recount(), first)
    second = _reviewed(stack, "second")
    check(stack.recount(), second, unchanged=True)


def _reviewed(stack: Stack, which: str) -> str:
    before, _ = stack.usage()
    run, done = stack.review("--all", "--wait")
    assert done.returncode == 0, done.stderr
    assert "this terminal carries the bulk review out itself" not in done.stdout
    seconds, peaks = stack.usage()
    evaluated = next(line for line in done.stdout.splitlines() if line.startswith("Evaluated"))
    print(
        f"\n{which}: {evaluated}; {seconds - before:.1f} processor seconds of the workers, peaks {peaks} MB"
    )
    return run


def test_embedded_with_the_worker_process(embedded: Stack) -> None:
    embedded.start_worker()
    _twice(embedded)


def test_embedded_with_nobody_but_the_waiting_terminal(embedded: Stack) -> None:
    run, done = embedded.review("--all", "--wait")
    assert done.returncode == 0, done.stderr
    assert "No worker is running: this terminal carries the bulk review out itself." in done.stdout
    check(embedded.recount(), run)


@pytest.mark.postgres
def test_postgresql_with_two_worker_processes(on_postgres: Stack) -> None:
    on_postgres.start_worker("one")
    on_postgres.start_worker("two")
    _twice(on_postgres)


@pytest.mark.postgres
@pytest.mark.redis
def test_postgresql_redis_and_celery(on_celery: Stack) -> None:
    on_celery.start_worker()
    on_celery.start_beat()
    _twice(on_celery)


@pytest.mark.postgres
@pytest.mark.redis
def test_a_broker_that_is_down_is_no_error_for_the_one_who_starts(on_celery: Stack) -> None:
    """The run is there; the waiting terminal does it, since no doorbell ever rings."""
    on_celery.env["CELERY_BROKER_URL"] = "redis://127.0.0.1:1/0"
    run, done = on_celery.review("--all", "--wait")
    assert done.returncode == 0, done.stderr
    check(on_celery.recount(), run)
