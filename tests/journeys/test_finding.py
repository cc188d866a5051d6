"""Finding by keys: the finder, the sheet of keys, and a view that is kept and opened again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
VIEW = "One to five million"


def test_a_household_is_found_and_opened_by_keys(visit: Callable[..., Visitor]) -> None:
    visitor = visit("finder")
    page = visitor.page
    visitor.log_in("advisor6@demo.example")
    name = page.get_by_role("region", name="Households").get_by_role("row").nth(2).get_by_role("link")
    wanted = name.inner_text()
    finder = page.get_by_role("dialog", name="Find anything")
    page.keyboard.press("Control+k")
    expect(finder).to_be_visible()
    page.keyboard.type("zzzz")
    expect(finder).to_contain_text("Nothing fits “zzzz” among what you may see.")
    visitor.look("finder without a match")
    page.keyboard.press("Escape")
    expect(finder).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type(wanted)
    expect(finder.get_by_role("link", name=wanted).first).to_be_visible()
    visitor.look("finder")
    page.keyboard.press("ArrowDown")
    expect(finder.get_by_role("link", name=wanted).first).to_be_focused()
    page.keyboard.press("Enter")
    visitor.heading(wanted)
    the_sheet_of_keys(visitor)
    visitor.nothing_went_wrong()


def the_sheet_of_keys(visitor: Visitor) -> None:
    page = visitor.page
    sheet = page.get_by_role("dialog", name="Keys")
    page.keyboard.press("?")
    expect(sheet).to_be_visible()
    visitor.look("keys")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("r")
    visitor.heading("Recommendations")
    page.keyboard.press("?")
    sheet.get_by_role("checkbox", name="Use single keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(sheet).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Find anything")).to_be_visible()


def test_a_view_is_kept_opened_and_begun_with(visit: Callable[..., Visitor]) -> None:
    visitor = visit("saved-view")
    page = visitor.page
    chips = page.get_by_role("list", name="Filters that are set")
    menu = page.locator("details.saved-views")
    visitor.log_in("advisor6@demo.example")
    page.get_by_label("Household value").select_option(label="$1m to $5m")
    visitor.press("Apply")
    expect(chips).to_contain_text("$1m to $5m")
    rows = page.get_by_role("region", name="Households").get_by_role("row")
    found = rows.all_inner_texts()
    menu.locator("summary").click()
    visitor.look("view to save")
    page.get_by_label("Save this view as").fill(VIEW)
    visitor.press("Save view")
    expect(page.get_by_text(f"The view “{VIEW}” is saved.")).to_be_visible()
    visitor.go("/book/?view=all")
    expect(chips).to_have_count(0)
    menu.locator("summary").click()
    menu.get_by_role("link", name=VIEW).click()
    expect(chips).to_contain_text("$1m to $5m")
    assert rows.all_inner_texts() == found
    menu.locator("summary").click()
    visitor.look("view opened")
    visitor.press("Start with this view")
    expect(page.get_by_text(f"The page starts with “{VIEW}” from now on.")).to_be_visible()
    visitor.go("/book/")
    expect(chips).to_contain_text("$1m to $5m")
    menu.locator("summary").click()
    visitor.press("Delete", menu)
    visitor.confirm("Delete view")
    expect(page.get_by_text(f"The view “{VIEW}” is deleted.")).to_be_visible()
    visitor.go("/book/")
    expect(chips).to_have_count(0)
    visitor.nothing_went_wrong()
