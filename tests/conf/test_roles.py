"""On PostgreSQL the application's role cannot rewrite the ledger, as the deployment sets it up."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.conf import settings

from tests.services import private_database, require_postgres

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("roles")]
LEDGER = "households_exportrecord"


def _manage(url: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _as(url: str, role: str, password: str) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{password}@{place}"))


@pytest.fixture(scope="module")
def roles() -> Iterator[tuple[str, str]]:
    """URLs of a migrated database: as its owner, and as the application's role."""
    require_postgres()
    suffix, password = uuid.uuid4().hex[:8], "only-in-this-test"
    owner, app = f"owner_{suffix}", f"app_{suffix}"
    with private_database() as url:
        admin = psycopg2.connect(url)
        admin.autocommit = True
        cursor = admin.cursor()
        for role in (owner, app):
            cursor.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
        cursor.execute(f"ALTER DATABASE {urlsplit(url).path[1:]} OWNER TO {owner}")
        cursor.execute(f"ALTER SCHEMA public OWNER TO {owner}")
        try:
            done = _manage(_as(url, owner, password), "migrate", "--verbosity", "0")
            assert done.returncode == 0, done.stderr
            granted = _manage(_as(url, owner, password), "grant_application_role", app)
            assert granted.returncode == 0, granted.stderr
            yield _as(url, owner, password), _as(url, app, password)
        finally:
            cursor.execute(f"DROP OWNED BY {owner}, {app} CASCADE")
            cursor.execute(f"ALTER DATABASE {urlsplit(url).path[1:]} OWNER TO CURRENT_USER")
            for role in (app, owner):
                cursor.execute(f"DROP ROLE {role}")
            admin.close()


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {LEDGER} SET rows = 1",
        f"DELETE FROM {LEDGER}",
        f"TRUNCATE {LEDGER}",
        f"ALTER TABLE {LEDGER} DISABLE TRIGGER append_only",
        f"DROP TRIGGER append_only ON {LEDGER}",
        f"DROP TABLE {LEDGER}",
        "SET session_replication_role = replica",
        "CREATE TABLE public.elsewhere (id int)",
    ],
)
def test_the_application_role_is_refused(roles: tuple[str, str], statement: str) -> None:
    connection = psycopg2.connect(roles[1])
    try:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            connection.cursor().execute(statement)
    finally:
        connection.close()


def test_the_application_role_reads_and_writes_what_it_must(roles: tuple[str, str]) -> None:
    connection = psycopg2.connect(roles[1])
    cursor = connection.cursor()
    cursor.execute("INSERT INTO households_office (name) VALUES ('East') RETURNING id")
    cursor.execute(f"SELECT count(*) FROM {LEDGER}")
    assert cursor.fetchone() == (0,)
    connection.close()


LOCKING = """
from advisory.supervision.models import Review
from advisory.supervision.services import act
from households.models import User

try:
    act(by=User(role="compliance"), review=Review(), action="taken")
except Review.DoesNotExist:
    print("looked for the review")
"""


def test_a_review_is_held_without_locking_what_is_written_once(roles: tuple[str, str]) -> None:
    """To lock a row PostgreSQL demands the right to update it, which this role lacks on decisions."""
    answer = _manage(roles[1], "shell", "--command", LOCKING)
    assert "looked for the review" in answer.stdout, answer.stderr


PRODUCTION = {
    "SLEEVEWISE_ENV": "production",
    "DJANGO_SECRET_KEY": "x7" * 40,
    "ALLOWED_HOSTS": "sleevewise.example",
}


def test_production_refuses_a_role_that_could_rewrite(roles: tuple[str, str]) -> None:
    owner, app = roles
    refused = _manage(owner, "check", "--database", "default", **PRODUCTION)
    assert refused.returncode == 1
    assert "ledger.E002" in refused.stderr
    allowed = _manage(app, "check", "--database", "default", **PRODUCTION)
    assert allowed.returncode == 0, allowed.stderr


@pytest.mark.parametrize("key", ["", "changeme"])
def test_production_refuses_a_missing_or_weak_secret(key: str) -> None:
    answer = _manage("sqlite:///:memory:", "check", **PRODUCTION | {"DJANGO_SECRET_KEY": key})
    assert answer.returncode == 1
    assert "DJANGO_SECRET_KEY" in answer.stderr
