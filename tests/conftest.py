"""What every test may use: users of each role, a household, and a flush that respects the ledger."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import expect

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
expect.set_options(timeout=20_000)  # milliseconds a page may take on a busy machine
# A busy machine is no failure of a property.
hypothesis_settings.register_profile(
    "sleevewise", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("sleevewise")
REAL_DATA = Path(settings.BASE_DIR).parent / "shared" / "data"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The suite runs once on each database: a test of one of them is no test of the other, skipped or not."""
    vendor = connections["default"].vendor
    elsewhere = [
        item for item in items if (mark := item.get_closest_marker("only_on")) and mark.args[0] != vendor
    ]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


@pytest.fixture(scope="session", autouse=True)
def _ledger_survives_everything_but_the_test_flush() -> Iterator[None]:
    """Django flushes after a transactional test; the triggers refuse that, so they are lifted around it."""
    from households.foundation.appendonly import append_only_models, install_triggers
    from households.foundation.databases import rewriting_allowed

    flush = TransactionTestCase._fixture_teardown

    def flush_with_triggers_lifted(self: Any) -> None:
        tables = [model._meta.db_table for model in append_only_models()]
        with rewriting_allowed(connections["default"], tables):
            flush(self)
        install_triggers(using="default")

    TransactionTestCase._fixture_teardown = flush_with_triggers_lifted  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = flush  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real custodian and household files; tests skip, by name, where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip("real files absent: ../shared/data")
    return REAL_DATA


@pytest.fixture
def firm(db: None) -> Any:
    """Two offices, a user of every role, a household of one advisor and one of a stranger."""
    from tests.firm import build_firm

    return build_firm()
