"""A firm with rules in force and a book; the three configurations with a book of their own."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from advisory.runs import scoring, services
from advisory.runs.drain import drain
from advisory.runs.models import Run
from tests.runs import stack as stacks
from tests.runs.book import build_book, publish_rules
from tests.runs.stack import Stack

FAULTS = int(os.environ.get("FAULTS", "5"))
ACCOUNTS = int(os.environ.get("ACCOUNTS", 250 * FAULTS))
"""Of the generated book that whole configurations work on: more where more is to go wrong."""


@pytest.fixture(autouse=True)
def _no_terms_of_another_test() -> None:
    scoring.terms_of.cache_clear()


@pytest.fixture
def house(firm: Any) -> Any:
    """The firm of every test, with the shipped rules in force and twelve households more."""
    publish_rules()
    firm.accounts = build_book(firm.advisor, 12)
    return firm


@pytest.fixture
def started(house: Any) -> Run:
    """A running run over the whole book, not worked on yet, cut into small chunks."""
    return start(house.operations)


def start(by: Any, *, size: int = 8, **wish: Any) -> Run:
    """Create and start a run cut into chunks of about ``size`` accounts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services, "chunk_size", lambda accounts: size)
        run = services.create_run(by=by, idempotency_key=uuid4().hex, **wish)
        return services.start_run(by=by, run=run)


def worked_off(run: Run) -> Run:
    """The run after all of its work was done in this process."""
    while drain(run.pk).left:
        pass
    run.refresh_from_db()
    return run


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled SQLite database to copy."""
    return stacks.filled_sqlite(ACCOUNTS, tmp_path_factory.mktemp("filled"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A filled PostgreSQL database to copy."""
    with stacks.filled_template(ACCOUNTS, tmp_path_factory.mktemp("template")) as name:
        yield name


@pytest.fixture
def embedded(filled: Path, tmp_path: Path) -> Iterator[Stack]:
    with stacks.embedded(filled, tmp_path) as stack:
        yield stack


@pytest.fixture
def on_postgres(template: str, tmp_path: Path) -> Iterator[Stack]:
    with stacks.postgresql(template, tmp_path) as stack:
        yield stack


@pytest.fixture
def on_celery(template: str, tmp_path: Path) -> Iterator[Stack]:
    with stacks.postgresql(template, tmp_path, broker=True) as stack:
        yield stack
