"""A real browser on a real stack; what it must never see is collected and asserted."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

from advisory.conf.demo import DEMO_PASSWORD
from tests.journeys.stack import Stack, embedded_stack, full_stack
from tests.services import require_chromium

ARTEFACTS = Path(settings.BASE_DIR) / "test-artefacts"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = require_chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="session", params=["embedded", "full"])
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    require_chromium()
    start = {"embedded": embedded_stack, "full": full_stack}[request.param]
    with start(tmp_path_factory.mktemp(request.param)) as running:
        yield running


class Visitor:
    """Somebody at a browser: logs in, looks at pages in both themes, and keeps what went wrong."""

    def __init__(self, page: Page, stack: Stack, journey: str) -> None:
        self.page, self.stack, self.journey = page, stack, journey
        self.faults: list[str] = []
        self.count = 0
        page.on("console", lambda m: self.faults.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda e: self.faults.append(f"script: {e}"))
        page.on("response", lambda r: self.faults.append(f"{r.status} {r.url}") if r.status >= 500 else None)
        page.on("request", self._stays_home)

    def _stays_home(self, request: object) -> None:
        url = request.url  # type: ignore[attr-defined]
        if not url.startswith((self.stack.url, "about:", "blob:")):
            self.faults.append(f"left the site: {url}")

    def log_in(self, email: str) -> None:
        self.page.goto(f"{self.stack.url}/login/")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
        self.page.get_by_role("button", name="Log in").click()

    def look(self, name: str) -> None:
        """Screenshot and axe of the page as it stands, light and dark."""
        self.count += 1
        for theme in ("light", "dark"):
            self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
            folder = ARTEFACTS / self.stack.name / self.journey
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{self.count:02d}-{slug}-{theme}.png", full_page=True)
            found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}})
            for finding in found.response["violations"]:
                nodes = "; ".join(node["html"][:160] for node in finding["nodes"][:3])
                self.faults.append(f"axe {theme} on {name}: {finding['id']} ({finding['help']}): {nodes}")
        self.page.emulate_media(color_scheme="light")

    def nothing_went_wrong(self) -> None:
        assert self.faults == []


@pytest.fixture
def visit(browser: Browser, stack: Stack) -> Iterator[Callable[[str], Visitor]]:
    """Open a fresh browser window for a named journey."""
    windows = []

    def opened(journey: str) -> Visitor:
        window = browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
        windows.append(window)
        return Visitor(window.new_page(), stack, journey)

    yield opened
    for window in windows:
        window.close()
