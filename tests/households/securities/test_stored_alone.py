"""A store that another writer undid is told so; other failures of the database are not called that."""

import sqlite3

import psycopg2.errors
import pytest
from django.db import IntegrityError, OperationalError

from households.foundation.errors import DomainError
from households.securities.loading import stored_alone

pytestmark = pytest.mark.django_db


def busy(name: str) -> Exception:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorname = name
    return error


class Deadlock(psycopg2.errors.DeadlockDetected):
    pgcode = "40P01"


@pytest.mark.parametrize(
    "cause", [Deadlock(), busy("SQLITE_BUSY"), busy("SQLITE_BUSY_SNAPSHOT"), busy("SQLITE_LOCKED")]
)
def test_whoever_was_undone_for_another_is_told_to_do_it_again(cause: Exception) -> None:
    with pytest.raises(DomainError) as refused, stored_alone():
        raise OperationalError from cause
    assert (refused.value.status, refused.value.remedy) == (409, "Do it again.")


def test_the_same_added_at_the_same_moment_is_a_conflict() -> None:
    with pytest.raises(DomainError) as refused, stored_alone():
        raise IntegrityError
    assert refused.value.status == 409


@pytest.mark.parametrize(
    "cause", [psycopg2.OperationalError("server closed the connection"), busy("SQLITE_FULL")]
)
def test_a_database_that_fails_is_no_conflict(cause: Exception) -> None:
    with pytest.raises(OperationalError), stored_alone():
        raise OperationalError from cause
