"""The services some tests need: found at their usual places or by environment, demanded when CI=true.

A newcomer has none of them, and the tests that need one are skipped with its name.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
import redis

POSTGRES_URL = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/5")
CHROMIUM = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")
DEMANDED = os.environ.get("CI") == "true"


def _absent(what: str) -> None:
    if DEMANDED:
        pytest.fail(f"{what}, and CI demands it")
    pytest.skip(what)


def require_postgres() -> str:
    """URL of a PostgreSQL server where databases may be made."""
    try:
        psycopg2.connect(POSTGRES_URL, connect_timeout=2).close()
    except psycopg2.Error:
        _absent(f"no PostgreSQL at {urlsplit(POSTGRES_URL).netloc} (TEST_DATABASE_URL)")
    return POSTGRES_URL


def require_redis() -> str:
    """URL of a Redis database that tests may use."""
    try:
        redis.Redis.from_url(REDIS_URL, socket_connect_timeout=2).ping()
    except redis.RedisError:
        _absent(f"no Redis at {REDIS_URL} (TEST_REDIS_URL)")
    return REDIS_URL


def require_chromium() -> str:
    """Path of a Chromium."""
    if not Path(CHROMIUM).exists():
        _absent(f"no Chromium at {CHROMIUM} (CHROMIUM_PATH)")
    return CHROMIUM


def _execute(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()


@contextmanager
def private_database(template: str = "") -> Iterator[str]:
    """A PostgreSQL database of the test's own (optionally a copy of another); its URL. Dropped afterwards."""
    url = require_postgres()
    name = f"sleevewise_{uuid.uuid4().hex[:12]}"
    _execute(url, f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
    parts = urlsplit(url)
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        _execute(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
