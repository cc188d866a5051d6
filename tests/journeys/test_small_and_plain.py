"""Pages on a small screen, with large letters, and in a browser that runs no script."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from households.intake.sections import BY_SLUG
from tests.journeys import steps
from tests.journeys.conftest import QUIET
from tests.journeys.stack import Stack
from tests.journeys.visitor import Visitor
from tests.services import require_chromium

pytestmark = pytest.mark.browser
SMALL = {"viewport": {"width": 320, "height": 700}}
LARGE_LETTERS = "--blink-settings=defaultFontSize=32"  # as set in the browser: twice the usual 16


def first(visitor: Visitor, part: str) -> str:
    """The address behind the first link of the page's content that holds the part."""
    link = visitor.page.locator(f"main a[href*='{part}']").first
    return (link.get_attribute("href") or "").split("#")[0].split("?")[0]


def the_advisors_pages(visitor: Visitor) -> Iterator[str]:
    """Opens one after another; yields its name."""
    visitor.log_in("advisor@demo.example")
    yield "book"
    visitor.go(household := first(visitor, "/households/01"))
    yield "household"
    visitor.page.get_by_role("region", name="Accounts of").get_by_role("link").first.click()
    account = visitor.page.url.removeprefix(visitor.stack.url)
    yield "account"
    for path in ("intake/", "intake/funding/", "intake/mandate/", "intake/check/"):
        visitor.go(account + path)
        yield path.replace("/", " ").strip()
    visitor.go(household + "imports/new/")
    yield "import"
    visitor.go("/recommendations/")
    yield "history"
    visitor.go(first(visitor, "/recommendations/01"))
    yield "recommendation"
    for path in ("/shelf/", "/policy/"):
        visitor.go(path)
        yield path.strip("/")


def the_others_pages(visitor: Visitor) -> Iterator[str]:
    """Compliance's, then operations'."""
    visitor.log_in("compliance@demo.example")
    yield "queue"
    visitor.go(first(visitor, "/reviews/01"))
    yield "review"
    visitor.page.context.clear_cookies()
    visitor.log_in("operations@demo.example")
    yield "bulk reviews"
    visitor.go(first(visitor, "/runs/01"))
    yield "bulk review"
    visitor.go(visitor.page.url.removeprefix(visitor.stack.url) + "results/")
    yield "results"
    visitor.go("/runs/new/")
    yield "new bulk review"


@pytest.mark.parametrize("pages", [the_advisors_pages, the_others_pages], ids=["advisor", "others"])
def test_nothing_scrolls_sideways_at_320_pixels(
    visit: Callable[..., Visitor], pages: Callable[[Visitor], Iterator[str]]
) -> None:
    visitor = visit("small", **SMALL)
    for name in pages(visitor):
        visitor.glance(name)
    visitor.nothing_went_wrong()


@pytest.mark.parametrize("pages", [the_advisors_pages, the_others_pages], ids=["advisor", "others"])
def test_letters_twice_as_large(
    browser: Browser, stack: Stack, pages: Callable[[Visitor], Iterator[str]]
) -> None:
    large = browser.browser_type.launch(executable_path=require_chromium(), args=[*QUIET, LARGE_LETTERS])
    visitor = Visitor(large.new_page(viewport={"width": 1280, "height": 900}), stack, "large-letters")
    for name in pages(visitor):
        visitor.glance(name)
    size = visitor.page.evaluate("getComputedStyle(document.body).fontSize")
    large.close()
    assert float(size.removesuffix("px")) >= 30
    visitor.nothing_went_wrong()


def test_intake_and_decision_without_script(visit: Callable[..., Visitor]) -> None:
    visitor = visit("no-script", java_script_enabled=False)
    page = visitor.page
    visitor.log_in("advisor2@demo.example")
    steps.add_household(visitor, "The Abernathy household")
    steps.add_return(visitor)
    steps.add_account(visitor, "Brokerage")
    visitor.follow(BY_SLUG["funding"].title)
    steps.answer(visitor, "account_value", "40,000-")
    with visitor.refused():
        visitor.press("Save and continue")
        expect(page.get_by_role("alert", name="There is a problem")).to_contain_text("ends with a minus sign")
    steps.fill_section(visitor, BY_SLUG["funding"], {"account_value": 40_000, "direct_index_value": 40_000})
    visitor.press("Save and continue")
    visitor.heading(BY_SLUG["holdings"].title)
    visitor.follow("All sections")
    visitor.follow(BY_SLUG["mandate"].title)
    steps.fill_section(visitor, BY_SLUG["mandate"], {"client_requests_direct_indexing": True})
    visitor.press("Save and return to the sections")
    visitor.follow("Check answers")
    visitor.press("Intake complete")
    visitor.heading("Brokerage")
    expect(steps.evaluate(visitor)).to_contain_text("Neither")
    visitor.glance("recommendation")
    steps.decide(
        visitor, choice="Accept: Stay as is", reason="It costs this client less",
        rationale="Far below the minimum of every program on the shelf; the fund held today serves well.",
        viewed="Manager-traded SMA",
    )  # fmt: skip
    expect(visitor.panel("Decision")).to_contain_text("Far below the minimum")
    visitor.nothing_went_wrong()
