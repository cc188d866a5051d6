"""An advisor looks whose return gains land on and who can cause a wash sale, and adds a second trust."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from households.generation.cast import CAST
from households.generation.draw import DEMO_SEED
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


def test_returns_and_wash_sales_of_a_couple_who_file_apart(visit: Callable[..., Visitor]) -> None:
    visitor = visit("advisor-relations")
    page = visitor.page
    visitor.log_in("advisor6@demo.example")
    role = next(n for n, role in enumerate(CAST) if role.shows.startswith("a couple who file apart"))
    page.get_by_label("Search").fill(f"CRM-{DEMO_SEED}-0000-{role:04d}")
    visitor.press("Apply")
    rows = page.get_by_role("region", name="Households").get_by_role("row")
    expect(rows).to_have_count(2)
    rows.nth(1).get_by_role("link").click()
    picture = visitor.panel("Returns and wash sales")
    expect(picture.get_by_role("img", name="Returns, accounts and wash sales")).to_be_visible()
    expect(picture).to_contain_text("Which overlay reaches which account")
    visitor.look("household")
    picture.get_by_text("The numbers").click()
    expect(picture.get_by_role("region", name="Numbers of: The household")).to_be_visible()

    trust = picture.get_by_role("link", name="Revocable Living Trust")
    trust.click()
    listed = visitor.panel("Who can cause a wash sale here")
    expect(listed.get_by_role("row").filter(has_text="Own IRA").first).to_contain_text("Lost for good")
    expect(listed.get_by_role("row").filter(has_text="IRS Publication 550").first).to_contain_text(
        "Either way"
    )
    expect(listed).to_contain_text("Nothing here watches for wash sales")
    visitor.look("account")

    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link").nth(1).click()
    visitor.follow("Add account")
    page.get_by_label("Account name").fill("Second living trust")
    page.get_by_label("Registration").select_option(label="Grantor (revocable) trust")
    owner = page.get_by_label("Owner")
    owner.select_option(index=2)
    expect(page.get_by_text("Proposed: the return of its grantor")).to_be_visible()
    chosen = page.get_by_label("Gains land on").locator("option:checked")
    expect(chosen).to_contain_text("Return of")
    visitor.look("proposal")
    visitor.press("Add account")
    visitor.heading("Intake")
    visitor.nothing_went_wrong()
