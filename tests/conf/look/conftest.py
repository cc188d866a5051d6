"""The gallery of components in a real browser under the real policy."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.conf.gallery.stage import stage
from tests.services import require_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = require_chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The gallery on a server of its own; it reads no database."""
    require_chromium()
    with override_settings(**stage()):
        server = LiveServer("localhost")
        yield server.url
        server.stop()


class Watched:
    """A page, and everything that went wrong on it."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.page.on(
            "console", lambda m: self.faults.append(m.text) if m.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda e: self.faults.append(str(e)))
        self.page.on(
            "request", lambda r: None if r.url.startswith(address) else self.faults.append(f"left: {r.url}")
        )
        self.page.goto(address + "/")
        self.page.wait_for_load_state("networkidle")


@pytest.fixture
def opened(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Watched]:
    given = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"} | getattr(
        request, "param", {}
    )
    context = browser.new_context(**given)
    watched = Watched(context, address)
    yield watched
    context.close()
