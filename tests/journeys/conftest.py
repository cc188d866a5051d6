"""A real browser on a real stack; each stack is started once, on one worker."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.stack import Stack, embedded_stack, full_stack
from tests.journeys.visitor import Visitor
from tests.services import require_chromium

START = {"embedded": embedded_stack, "full": full_stack}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
WINDOW = {"viewport": {"width": 1440, "height": 1000}, "reduced_motion": "reduce", "accept_downloads": True}


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Closed as soon as the worker leaves this package: Playwright's loops do not live side by side."""
    path = require_chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(
    scope="session",
    params=[pytest.param(name, marks=pytest.mark.xdist_group(f"journeys-{name}")) for name in START],
)
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The running product, with the demo firm."""
    require_chromium()
    with START[request.param](tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture
def visit(browser: Browser, stack: Stack) -> Iterator[Callable[..., Visitor]]:
    """Open a fresh browser window for a named journey; options are those of a Playwright context."""
    windows = []

    def opened(journey: str, **options: Any) -> Visitor:
        window = browser.new_context(**WINDOW | options)
        windows.append(window)
        return Visitor(window.new_page(), stack, journey)

    yield opened
    for window in windows:
        window.close()
