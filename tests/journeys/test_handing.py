"""An intake goes to the client associate and back, and both write in it at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from households.intake.sections import BY_SLUG
from tests.journeys import steps
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
HOUSEHOLD, NOTE = "The Ravnsborg household", "Please ask for the horizon and the gain budget."
SAVED = re.compile("^Saved")


def test_an_intake_is_handed_over_and_back(visit: Callable[..., Visitor]) -> None:
    advisor, assistant = visit("handing-advisor"), visit("handing-associate")
    it_is_handed_over(advisor)
    assistant.log_in("assistant@demo.example")
    assistant.page.get_by_role("link", name=re.compile("^With you")).click()
    assistant.look("with you")
    assistant.page.get_by_role("row").filter(has_text=HOUSEHOLD).get_by_role("link").click()
    assistant.look("hub of the receiver")
    both_write_at_once(advisor, assistant)
    it_is_handed_back(advisor, assistant)
    advisor.nothing_went_wrong()
    assistant.nothing_went_wrong()


def it_is_handed_over(visitor: Visitor) -> None:
    visitor.log_in("advisor2@demo.example")
    steps.add_household(visitor, HOUSEHOLD)
    steps.add_account(visitor, "Brokerage")
    panel = visitor.panel("Hand over")
    panel.get_by_text("Hand over to a person of the team").click()
    with visitor.refused():
        visitor.press("Hand over", panel)
        expect(visitor.page.get_by_role("alert", name="There is a problem")).to_be_focused()
    visitor.look("hand over refused")
    panel.get_by_label("Hand over to").select_option(label="Juniper Castellane, client associate")
    panel.get_by_label("What is needed").fill(NOTE)
    visitor.press("Hand over", panel)
    expect(visitor.panel("With Juniper Castellane")).to_contain_text(NOTE)
    visitor.look("handed over")


def both_write_at_once(advisor: Visitor, assistant: Visitor) -> None:
    for visitor in (advisor, assistant):
        visitor.page.get_by_role("link", name=BY_SLUG["taxes"].title, exact=True).click()
        visitor.heading(BY_SLUG["taxes"].title)
    steps.answer(assistant, "gain_budget", 70_000)
    steps.answer(assistant, "holding_horizon_years", 21)
    expect(assistant.page.locator("[data-save-state]")).to_have_text(SAVED)
    with advisor.refused():
        steps.answer(advisor, "gain_budget", 50_000)
        conflict = advisor.page.locator("#intake-conflict")
        expect(conflict.get_by_role("group", name="Gains the client accepts to realize")).to_be_visible()
    expect(conflict).to_contain_text("Holding horizon is now: 21 years")
    advisor.look("both answered")
    with advisor.refused():
        advisor.press("Save this choice")
        expect(advisor.page.get_by_role("alert", name="There is a problem")).to_be_focused()
    advisor.look("nothing chosen")
    advisor.page.get_by_role("link", name=re.compile("choose which value stands")).click()
    expect(conflict.get_by_role("radio", name="$50,000 Yours")).to_be_focused()
    conflict.get_by_role("radio", name="$50,000 Yours").check()
    advisor.press("Save this choice")
    expect(steps.question(advisor, "gain_budget")).to_have_value("50,000")
    expect(steps.question(advisor, "holding_horizon_years")).to_have_value("21")
    advisor.look("settled")


def it_is_handed_back(advisor: Visitor, assistant: Visitor) -> None:
    assistant.follow("All sections")
    assistant.page.get_by_label("What you did, or could not do").fill("Both are in.")
    assistant.press("Hand back")
    expect(assistant.page.get_by_text(re.compile("^The intake is back with"))).to_be_visible()
    advisor.follow("All sections")
    expect(advisor.panel("Hand over")).to_contain_text("Both are in.")
    advisor.look("handed back")
    advisor.page.get_by_role("link", name="Book", exact=True).first.click()
    advisor.page.get_by_role("link", name=re.compile("^With you 1$")).click()
    advisor.look("handed back, not seen")
    advisor.press("Mark as seen for Brokerage of " + HOUSEHOLD, advisor.panel("Handed back to you"))
    expect(advisor.panel("Handed back and seen")).to_contain_text("Both are in.")
    advisor.look("handed back and seen")
