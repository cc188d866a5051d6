"""The three configurations as real processes, each with data of its own."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import redis
from django.conf import settings

from tests.services import private_database, require_postgres, require_redis

CELERY = ("-m", "celery", "-A", "advisory.conf")
CALL = """
import importlib, json, os, sys
import django
django.setup()
module, name = sys.argv[1].split(":")
print(json.dumps(getattr(importlib.import_module(module), name)(*json.loads(sys.argv[2]))))
"""
REVIEW = re.compile(r"Bulk review ([0-9a-f-]{36})")


@dataclass
class Stack:
    """One configuration: its environment and the processes it runs.

    Attributes:
        env: what every process of it gets.
        var: where SQLite and the logs lie.
        broker: URL of the Redis database, where all its keys have a prefix; empty without a broker.
    """

    env: dict[str, str]
    var: Path
    broker: str = ""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def python(self, *args: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
        """A Python process of this configuration, waited for."""
        command = [sys.executable, *args]
        return subprocess.run(
            command, env=self.env, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=timeout
        )

    def manage(self, *args: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
        """A management command, waited for."""
        return self.python("manage.py", *args, timeout=timeout)

    def start(self, name: str, *args: str) -> None:
        """A process that stays; its output goes to a file named for it."""
        log = (self.var / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(
            [sys.executable, *args], env=self.env, cwd=settings.BASE_DIR, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip

    def start_worker(self, name: str = "worker") -> None:
        """One that does the work: Celery's where there is a broker, else the loop."""
        if self.broker:
            own = f"{name}-{uuid.uuid4().hex[:6]}@%h"
            self.start(
                name, *CELERY, "worker", "--concurrency", "2", "--loglevel", "warning", "--hostname", own
            )
        else:
            self.start(name, "manage.py", "worker", "--nice", "0", "--poll", "0.1")

    def start_beat(self) -> None:
        """The ring; without a broker there is none."""
        if self.broker:
            schedule = str(self.var / "beat")
            self.start("beat", *CELERY, "beat", "--schedule", schedule, "--loglevel", "warning")

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """End a process and, when it is killed, all its children at once."""
        process = self.processes.pop(name)
        if number == signal.SIGKILL:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        process.wait(timeout=30)

    def stop(self) -> None:
        """End everything."""
        for name in list(self.processes):
            self.kill(name)

    def review(self, *args: str, timeout: float = 600) -> tuple[str, subprocess.CompletedProcess[str]]:
        """``review_accounts``: the run's id and how the command went."""
        done = self.manage("review_accounts", *args, "--by", "operations@test.example", timeout=timeout)
        found = REVIEW.search(done.stdout)
        assert found, done.stdout + done.stderr
        return found[1], done

    def call(self, function: str, *args: Any) -> Any:
        """``module:function`` in a process of this configuration; arguments and answer are JSON."""
        done = self.python("-c", CALL, function, json.dumps(args), timeout=300)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def recount(self) -> dict[str, Any]:
        """What the database really holds; see tests/runs/recount.py."""
        return self.call("tests.runs.recount:recount")

    def wait_for(self, run: str, *, seconds: float = 90) -> dict[str, Any]:
        """Until the run has ended; what was recounted then."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.state(run) not in ("running", "paused"):
                return self.recount()
            time.sleep(0.3)
        logs = "\n".join(path.read_text()[-2_000:] for path in self.var.glob("*.log"))
        raise AssertionError(f"run {run} did not end in {seconds:g} s\n{logs}")

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows straight from the database, past all our code."""
        if "DATABASE_URL" in self.env:
            connection = psycopg2.connect(self.env["DATABASE_URL"], options="-c lock_timeout=2s")
            connection.autocommit = True
        else:
            file = self.var / "sleevewise.sqlite3"
            connection = sqlite3.connect(file, timeout=2, isolation_level=None)
        try:
            cursor = connection.cursor()
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def state(self, run: str) -> str:
        """A run's state."""
        key = run if "DATABASE_URL" in self.env else run.replace("-", "")
        return self.query(f"SELECT state FROM runs_run WHERE id = '{key}'")[0][0]

    def usage(self) -> tuple[float, list[int]]:
        """Processor seconds of all processes so far, and the peak memory of each in MB; Linux only."""
        groups = {process.pid for process in self.processes.values()}
        seconds, peaks = 0.0, []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                stat = (folder / "stat").read_text().rpartition(")")[2].split()
                peak = re.search(r"VmHWM:\s+(\d+)", (folder / "status").read_text())
            except OSError:  # ended meanwhile
                continue
            if int(stat[2]) in groups and peak:
                seconds += (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
                peaks.append(int(peak[1]) // 1024)
        return seconds, sorted(peaks)

    def flush_broker(self) -> None:
        """Everything the broker knows of this configuration is gone; whatever else is kept there stays."""
        server = redis.Redis.from_url(self.broker)
        for key in server.scan_iter(f"{self.env['CELERY_KEY_PREFIX']}*"):
            server.delete(key)


def environment(var: Path, **more: str) -> dict[str, str]:
    plain = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    plain.pop("CELERY_BROKER_URL", None)
    return plain | {
        "SLEEVEWISE_VAR": str(var), "DJANGO_SECRET_KEY": "x" * 60, "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "advisory.conf.settings",
    } | more  # fmt: skip


@contextmanager
def embedded(filled: Path, var: Path) -> Iterator[Stack]:
    """SQLite, a copy of a filled one, and no broker."""
    shutil.copy(filled, var / "sleevewise.sqlite3")
    stack = Stack(environment(var), var)
    try:
        yield stack
    finally:
        stack.stop()


@contextmanager
def postgresql(template: str, var: Path, *, broker: bool = False) -> Iterator[Stack]:
    """A private PostgreSQL database made from a template; with Redis and Celery or without."""
    with private_database(template) as url:
        more = {"DATABASE_URL": url}
        redis_url = ""
        if broker:
            redis_url = require_redis()
            more |= {"CELERY_BROKER_URL": redis_url, "CELERY_KEY_PREFIX": f"t{uuid.uuid4().hex[:8]}:"}
        stack = Stack(environment(var, **more), var, broker=redis_url)
        try:
            yield stack
        finally:
            stack.stop()
            if broker:
                stack.flush_broker()


def filled_sqlite(accounts: int, var: Path) -> Path:
    """A filled SQLite database to copy from."""
    Stack(environment(var), var).call("tests.runs.fill:fill", accounts)
    return var / "sleevewise.sqlite3"


@contextmanager
def filled_template(accounts: int, var: Path) -> Iterator[str]:
    """The name of a filled PostgreSQL database to copy from."""
    require_postgres()
    with private_database() as url:
        Stack(environment(var, DATABASE_URL=url), var).call("tests.runs.fill:fill", accounts)
        yield urlsplit(url).path.lstrip("/")
