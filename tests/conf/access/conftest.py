"""A firm with one of everything, for every address of the project."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.conf.access.objects import Objects, build_objects
from tests.firm import build_firm


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Any, Objects]]:
    """The firm and its objects, built once for a file of tests; each rolls its own changes back."""
    with django_db_blocker.unblock(), transaction.atomic():
        firm = build_firm()
        yield firm, build_objects(firm)
        transaction.set_rollback(True)


@pytest.fixture
def firm(world: tuple[Any, Objects], db: None) -> Any:
    return world[0]


@pytest.fixture
def objects(world: tuple[Any, Objects], db: None) -> Objects:
    return world[1]
