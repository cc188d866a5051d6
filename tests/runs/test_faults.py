"""Processes killed, frozen and cut off at random: every account still exactly once, every score right.

The short set runs with the suite; ``FAULTS=50 pytest tests/runs/test_faults.py`` is a long one.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

from tests.runs.conftest import FAULTS
from tests.runs.stack import CALL, Stack
from tests.runs.test_configurations import check

ACCOUNTS_A_CHUNK = 6
EXPIRE = "UPDATE runs_chunk SET lease_until = '2000-01-01 00:00:00' WHERE lease_until IS NOT NULL"
pytestmark = pytest.mark.xdist_group("runs")


class Trouble:
    """Faults on one running configuration, the same in their order for a seed."""

    def __init__(self, stack: Stack, run: str, seed: int) -> None:
        self.stack, self.run, self.draw = stack, run, random.Random(seed)
        self.met: dict[str, int] = {}

    def done(self) -> int:
        """Chunks finished so far."""
        return self.stack.query("SELECT count(*) FROM runs_chunk WHERE state = 'done'")[0][0]

    def ended(self) -> bool:
        return self.stack.state(self.run) not in ("running", "paused")

    def wait_for_work(self, seconds: float = 30) -> None:
        """Until somebody has finished another chunk; then a random moment later."""
        before, until = self.done(), time.monotonic() + seconds
        while self.done() == before and not self.ended() and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(self.draw.random() * 0.15)

    def suffer(self, kinds: list[Callable[[], None]], faults: int) -> None:
        """That many faults while the run goes on, every kind at least once where there are enough."""
        order = [*kinds, *self.draw.choices(kinds, k=max(0, faults - len(kinds)))]
        self.draw.shuffle(order)
        for fault in order:
            self.wait_for_work()
            if self.ended():
                break
            fault()
            self.met[fault.__name__] = self.met.get(fault.__name__, 0) + 1

    # --- the faults ------------------------------------------------------------------------------------

    def kill_a_worker(self) -> None:
        self.stack.kill("one")
        self.stack.start_worker("one")

    def stop_a_worker_politely(self) -> None:
        self.stack.kill("two", signal.SIGTERM)
        self.stack.start_worker("two")

    def freeze_a_worker_past_its_lease(self) -> None:
        """Its chunk goes to somebody else; what it publishes when it wakes up must be refused."""
        group = os.getpgid(self.stack.processes["one"].pid)
        for _ in range(20):
            os.killpg(group, signal.SIGSTOP)
            try:
                self.stack.query(EXPIRE)
            except (sqlite3.OperationalError, psycopg2.errors.LockNotAvailable):
                # Frozen in the middle of a transaction, it holds a lock; that is not the fault meant here.
                os.killpg(group, signal.SIGCONT)
                time.sleep(self.draw.random() * 0.1)
                continue
            self.wait_for_work(seconds=3)
            break
        os.killpg(group, signal.SIGCONT)

    def kill_a_child_of_celery(self) -> None:
        parent = self.stack.processes["one"].pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        if children:
            os.kill(int(self.draw.choice(children)), signal.SIGKILL)

    def lose_the_queue(self) -> None:
        self.stack.flush_broker()

    def ring_like_mad(self) -> None:
        assert self.stack.call("tests.runs.fill:ring_again", self.run, 5)

    def cut_the_database_connections(self) -> None:
        self.stack.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    def pause_and_resume(self) -> None:
        if self.stack.call("tests.runs.fill:act", self.run, "pause_run") == "paused":
            before = self.done()
            time.sleep(0.5)
            assert self.done() == before, "a paused run moved"
            self.stack.call("tests.runs.fill:act", self.run, "resume_run")


def _begin(stack: Stack, seed: int) -> Trouble:
    """Two operators start the same run at the same moment, with two workers waiting for it."""
    run = stack.call("tests.runs.fill:draft")
    stack.start_beat()
    for name in ("one", "two"):
        stack.start_worker(name)
    starts = [_start_as(stack, run, email) for email in ("operations@test.example", "second@test.example")]
    answers = sorted(process.communicate(timeout=60)[0].split()[-1].strip('"') for process in starts)
    assert answers == ["409", "running"]
    return Trouble(stack, run, seed)


def _start_as(stack: Stack, run: str, email: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CALL, "tests.runs.fill:start"]
    command.append(json.dumps([run, email, ACCOUNTS_A_CHUNK]))
    return subprocess.Popen(command, env=stack.env, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)


def _survived(trouble: Trouble) -> None:
    found = trouble.stack.wait_for(trouble.run, seconds=120)
    check(found, trouble.run)
    told = found["runs"][trouble.run]
    print(f"\n{trouble.met}; {told['claims']} claims and fences for {told['chunks']} chunks")
    assert sum(trouble.met.values()) > 0, "the run was over before the first fault"
    starts = trouble.stack.query("SELECT count(*) FROM runs_runevent WHERE event = 'started'")
    assert starts == [(1,)]


def test_embedded_faults(embedded: Stack) -> None:
    trouble = _begin(embedded, seed=1)
    kinds = [
        trouble.kill_a_worker, trouble.stop_a_worker_politely, trouble.freeze_a_worker_past_its_lease,
        trouble.pause_and_resume,
    ]  # fmt: skip
    trouble.suffer(kinds, FAULTS)
    _survived(trouble)


@pytest.mark.postgres
def test_a_pause_and_a_publication_never_wait_in_a_circle(on_postgres: Stack) -> None:
    """PostgreSQL checks the chunk's reference to its run at commit, while the pause has the run in hand."""
    assert on_postgres.call("tests.runs.fill:pause_while_publishing") == "paused"


@pytest.mark.postgres
def test_postgresql_faults(on_postgres: Stack) -> None:
    trouble = _begin(on_postgres, seed=2)
    kinds = [
        trouble.kill_a_worker, trouble.stop_a_worker_politely, trouble.freeze_a_worker_past_its_lease,
        trouble.cut_the_database_connections, trouble.pause_and_resume,
    ]  # fmt: skip
    trouble.suffer(kinds, FAULTS)
    _survived(trouble)


@pytest.mark.postgres
@pytest.mark.redis
def test_celery_faults(on_celery: Stack) -> None:
    trouble = _begin(on_celery, seed=3)
    kinds = [
        trouble.kill_a_worker, trouble.kill_a_child_of_celery, trouble.lose_the_queue, trouble.ring_like_mad,
        trouble.cut_the_database_connections, trouble.freeze_a_worker_past_its_lease,
    ]  # fmt: skip
    trouble.suffer(kinds, FAULTS)
    _survived(trouble)
