"""An advisor finds clients: the book searched, filtered and sorted."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


def amounts(page: Page, column: str) -> list[int]:
    """The dollars of one column of the table, from the top."""
    table = page.get_by_role("table").first
    headers = table.get_by_role("columnheader").all_inner_texts()
    number = next(i for i, text in enumerate(headers) if text.strip() == column)
    cells = [row.get_by_role("cell").nth(number).inner_text() for row in table.get_by_role("row").all()[1:]]
    return [int(cell.split("\n")[0].strip("$").replace(",", "")) for cell in cells if cell.startswith("$")]


def test_the_book_is_searched_filtered_and_sorted(visit: Callable[..., Visitor]) -> None:
    visitor = visit("advisor-book")
    page = visitor.page
    visitor.go("/login/")
    visitor.look("log in")
    visitor.log_in("advisor@demo.example")
    visitor.heading("Book")
    visitor.look("book")
    rows = page.get_by_role("region", name="Households").get_by_role("row")
    everyone = rows.count() - 1
    name = rows.nth(3).get_by_role("link").inner_text()
    page.get_by_label("Search").fill(name)
    visitor.press("Apply")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text(name)
    visitor.follow("Clear all")
    expect(rows).to_have_count(everyone + 1)
    for _ in range(2):
        visitor.follow("Value")
        page.wait_for_load_state()
    expect(page.get_by_role("columnheader", name="Value")).to_have_attribute("aria-sort", "descending")
    values = amounts(page, "Value")
    assert len(values) > 5
    assert values == sorted(values, reverse=True)
    page.get_by_label("Household value").select_option(label="$1m to $5m")
    visitor.press("Apply")
    expect(page.get_by_role("list", name="Filters that are set")).to_contain_text("$1m to $5m")
    narrowed = amounts(page, "Value")
    assert 0 < len(narrowed) < everyone
    assert all(1_000_000 <= value < 5_000_000 for value in narrowed)
    page.get_by_label("Search").fill("nobody of this name")
    visitor.press("Apply")
    expect(page.get_by_text("No household fits")).to_be_visible()
    visitor.look("book without a match")
    visitor.nothing_went_wrong()
