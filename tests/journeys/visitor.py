"""Somebody at a browser: what they may never see is collected, and every page they look at is kept."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import ConsoleMessage, Dialog, Locator, Page, Request, Response, expect

from advisory.conf.demo import DEMO_PASSWORD
from tests.journeys.stack import Stack

ARTEFACTS = Path(settings.BASE_DIR) / "test-artefacts"
AXE_RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
AXE_RUN = "rules => axe.run(document, rules).then(found => found.violations)"
REFUSAL = re.compile(r"^Failed to load resource: the server responded with a status of (409|422)\b|"
                     r"^Response Status Error Code (409|422)\b")  # fmt: skip
RAW = re.compile(r"\{[{%]|\bnan\b|\bundefined\b|<[A-Z]\w+ object|\bTrue\b|\bFalse\b|Decimal\(")
"""What a person must never read on a page: the inside of a template or of a program."""
UNSAVED = "[data-autosave][data-saved=typing], [data-autosave][data-saved=saving]"
SIDEWAYS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"


class Visitor:
    """One browser window.

    Attributes:
        page: the window's page.
        faults: what went wrong so far, in words.
    """

    def __init__(self, page: Page, stack: Stack, journey: str) -> None:
        self.page, self.stack, self.journey = page, stack, journey
        self.faults: list[str] = []
        self._refusals: list[str] | None = None
        self._count = 0
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("dialog", self._asked)
        page.on("request", self._sent)
        page.on("response", self._answered)

    # --- what goes wrong ---

    def _heard(self, message: ConsoleMessage) -> None:
        if REFUSAL.match(message.text):
            if self._refusals is None:
                self.faults.append(f"refused on {self.page.url}")
            else:
                self._refusals.append(message.text)
        else:
            self.faults.append(f"console on {self.page.url}: {message.type}: {message.text}")

    def _asked(self, dialog: Dialog) -> None:
        """The product asks by its own dialog; one of the browser's is in somebody's way."""
        self.faults.append(f"{dialog.type} on {self.page.url}: {dialog.message}")
        dialog.accept()

    def _sent(self, request: Request) -> None:
        if not request.url.startswith(self.stack.url + "/"):
            self.faults.append(f"left the site: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")
        if response.request.resource_type == "document":
            policy = response.headers.get("content-security-policy", "")
            if "default-src 'none'" not in policy:
                self.faults.append(f"no strict policy on {response.url}: {policy!r}")

    @contextmanager
    def refused(self) -> Iterator[None]:
        """What happens inside is refused (422, 409), once at least; anywhere else that is a fault."""
        self._refusals = []
        yield
        self.page.wait_for_load_state("networkidle")
        assert self._refusals, f"nothing was refused on {self.page.url}"
        self._refusals = None

    def nothing_went_wrong(self) -> None:
        """To be said at the end of every journey."""
        assert not self.faults, "\n".join(self.faults)

    # --- what a person does ---

    def go(self, path: str) -> None:
        """Open an address of the site."""
        self.page.goto(f"{self.stack.url}{path}")

    def log_in(self, email: str) -> None:
        """Through the door, as anybody."""
        self.go("/login/")
        self.page.get_by_label("Email address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        expect(self.page.get_by_label("Your account")).to_be_visible()

    def follow(self, name: str) -> None:
        """Click the link of that name."""
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def press(self, name: str, within: Locator | None = None) -> None:
        """Click the button of that name."""
        (within or self.page).get_by_role("button", name=name, exact=True).click()

    def confirm(self, name: str) -> None:
        """Answer the product's own question."""
        self.press(name, self.page.get_by_role("dialog"))

    def heading(self, name: str | re.Pattern[str]) -> None:
        """Wait for the page of that heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)

    def panel(self, title: str) -> Locator:
        """The part of the page under a heading."""
        heading = self.page.get_by_role("heading", name=title, exact=True)
        return heading.locator("xpath=ancestor::*[self::section or self::form][1]")

    def look(self, name: str) -> None:
        """Keep the page as it stands, light and dark; find what keeps somebody from using it."""
        expect(self.page.locator(UNSAVED)).to_have_count(0)
        self.page.wait_for_load_state("networkidle")
        self._count += 1
        for theme in ("light", "dark"):
            self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            # From the top: axe takes what the sticky bar happens to cover half for too small a target.
            self.page.evaluate("window.scrollTo(0, 0)")
            self._keep(f"{name}-{theme}")
            self.page.evaluate(AXE_SCRIPT)
            for finding in self.page.evaluate(AXE_RUN, AXE_RULES):
                nodes = "; ".join(node["html"][:160] for node in finding["nodes"][:3])
                self.faults.append(f"axe {theme} on {name}: {finding['id']} ({finding['help']}): {nodes}")
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        self._fits(name)

    def glance(self, name: str) -> None:
        """Keep the page as it stands, in one theme; nothing of it sticks out."""
        self.page.wait_for_load_state("networkidle")
        self._count += 1
        self._keep(name)
        self._fits(name)

    def _keep(self, name: str) -> None:
        folder = ARTEFACTS / self.stack.name / self.journey
        folder.mkdir(parents=True, exist_ok=True)
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        # With the caret as it is: hiding it puts styles on inputs, which htmx then copies.
        self.page.screenshot(path=folder / f"{self._count:02d}-{slug}.png", full_page=True, caret="initial")

    def _fits(self, name: str) -> None:
        """The page does not scroll sideways and shows nothing that is meant for programs."""
        width, room = self.page.evaluate(SIDEWAYS)
        if width > room:
            self.faults.append(f"{name} is {width} wide in {room}")
        if raw := RAW.search(self.page.inner_text("body")):
            self.faults.append(f"raw text on {name}: {raw[0]}")
