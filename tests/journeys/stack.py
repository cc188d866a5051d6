"""The product as people run it, in real processes: embedded from one command, and the full deployment."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings

from tests.services import private_database, require_postgres, require_redis

START_SECONDS = 120
STOP_SECONDS = 30


@dataclass
class Stack:
    """A running product and how to reach it."""

    name: str
    url: str
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command beside the running product."""
        return _manage(self.environment, *arguments)


def _manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(var: Path, **extra: str) -> dict[str, str]:
    inherited = {
        k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL")
    }
    return inherited | {"SLEEVEWISE_VAR": str(var), "PYTHONUNBUFFERED": "1"} | extra


@contextmanager
def _process(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{url} does not answer:\n{log.read_text()[-3000:]}")


@contextmanager
def embedded_stack(var: Path) -> Iterator[Stack]:
    """What ``make run`` starts: SQLite, web server and worker in one process tree, with the demo firm."""
    port, log = free_port(), var / "stack.log"
    environment = _environment(var)
    command = [sys.executable, "manage.py", "launch", "--port", str(port)]
    with _process(command, environment, log) as process:
        stack = Stack("embedded", f"http://127.0.0.1:{port}", environment, [process])
        _wait_until_up(stack.url, process, log)
        yield stack


@contextmanager
def _application_role(database: str) -> Iterator[str]:
    """The database as the deployment's application sees it: by a role of its own, which owns nothing."""
    role, password = f"app_{uuid.uuid4().hex[:12]}", secrets.token_hex(16)
    parts = urlsplit(database)
    admin = psycopg2.connect(database)
    admin.autocommit = True
    cursor = admin.cursor()
    cursor.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
    try:
        yield urlunsplit(parts._replace(netloc=f"{role}:{password}@{parts.netloc.rpartition('@')[2]}"))
    finally:
        cursor.execute(f"DROP OWNED BY {role}")
        cursor.execute(f"DROP ROLE {role}")
        admin.close()


@contextmanager
def full_stack(var: Path) -> Iterator[Stack]:
    """The deployment of docker-compose.yml as plain processes, with the demo firm.

    PostgreSQL by the application's own role, Redis, web server, Celery worker and beat, production settings.
    """
    require_postgres()
    redis_url = require_redis()
    port, log = free_port(), var / "stack.log"
    url = f"http://127.0.0.1:{port}"
    with ExitStack() as opened:
        database = opened.enter_context(private_database())
        role = opened.enter_context(_application_role(database))
        common = _environment(var, REDIS_URL=redis_url, CELERY_KEY_PREFIX=f"journeys-{port}:")
        environment = common | {
            "SLEEVEWISE_ENV": "production",
            "DJANGO_SECRET_KEY": secrets.token_urlsafe(64),
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECURE_SSL_REDIRECT": "0",  # no proxy in front; Chromium keeps secure cookies on this host
        }
        application = urlsplit(role).username or ""
        for settled, *step in (
            (environment, "migrate", "--verbosity", "0"),
            (common, "demo"),  # which production refuses
            (environment, "grant_application_role", application),
            (environment, "collectstatic", "--noinput", "--verbosity", "0"),
        ):
            done = _manage(settled | {"DATABASE_URL": database}, *step)
            assert done.returncode == 0, done.stderr[-3000:]
        stack = Stack("full", url, environment | {"DATABASE_URL": role})
        celery = [sys.executable, "-m", "celery", "-A", "advisory.conf"]
        commands = [
            [*celery, "worker", "--concurrency", "2", "--loglevel", "warning"],
            [*celery, "beat", "--schedule", str(var / "beat"), "--loglevel", "warning"],
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "2",
             "--blocking-threads", "1", "--log-level", "warning", "advisory.conf.wsgi:application"],
        ]  # fmt: skip
        stack.processes = [opened.enter_context(_process(c, stack.environment, log)) for c in commands]
        _wait_until_up(url, stack.processes[-1], log)
        yield stack
