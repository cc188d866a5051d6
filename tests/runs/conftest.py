"""A firm with rules in force, a book and somebody of operations."""

from typing import Any
from uuid import uuid4

import pytest

from advisory.runs import scoring, services
from advisory.runs.models import Run
from tests.runs.book import build_book, publish_rules


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
