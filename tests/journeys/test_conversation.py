"""The intake as a conversation: five guiding questions fill the same facts that the sections hold."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from households.intake.conversation import TURNS
from households.intake.sections import BY_SLUG
from tests.journeys import steps
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SAID = {
    "account_value": 500_000, "direct_index_value": 400_000, "planned_withdrawals": 0,
    "tax_sensitivity": 3, "short_term_rate": 0.37, "long_term_rate": 0.238,
    "cash_share": 0.8, "stock_share": 0.2, "gain_budget": 25_000,
    "standalone_mandate": False, "client_requests_direct_indexing": True,
    "flexibility_need": 2, "security_restrictions": 12,
}  # fmt: skip
"""At least one answer to each guiding question, by fact."""
LOOKED_AT = ("talk-size", "talk-legacy")
SHOWN = {
    "funding": {"account_value": "500,000", "cash_share": "80"},
    "taxes": {"gain_budget": "25,000", "long_term_rate": "23.8"},
    "mandate": {"security_restrictions": "12"},
}
"""Where some of it stands: section, fact, and what its box shows."""


def test_what_is_said_stands_in_the_sections(visit: Callable[..., Visitor]) -> None:
    visitor = visit("conversation")
    page = visitor.page
    visitor.log_in("advisor4@demo.example")
    steps.add_household(visitor, "The Ottesen household")
    steps.add_return(visitor)
    steps.add_account(visitor, "Brokerage")
    known = page.get_by_role("progressbar", name="Facts known")
    before = int(known.get_attribute("value") or 0)
    visitor.follow("As a conversation")
    for turn in TURNS:
        steps.fill_section(visitor, turn, SAID)
        expect(page.locator("[data-save-state]")).to_have_text(re.compile("^Saved"))
        if turn.slug in LOOKED_AT:
            visitor.look(turn.slug)
        last = turn is TURNS[-1]
        visitor.press("Save and see what matters next" if last else "Save and continue")
    visitor.heading("Intake")
    expect(visitor.panel("What matters next")).not_to_contain_text("Working out")
    assert int(known.get_attribute("value") or 0) >= before + len(SAID)
    visitor.look("hub after a conversation")
    the_sections_hold_it(visitor)
    visitor.nothing_went_wrong()


def the_sections_hold_it(visitor: Visitor) -> None:
    for slug, shown in SHOWN.items():
        visitor.page.get_by_role("link", name=BY_SLUG[slug].title, exact=True).click()
        visitor.heading(BY_SLUG[slug].title)
        for fact, text in shown.items():
            expect(steps.question(visitor, fact)).to_have_value(text)
        visitor.follow("All sections")
    visitor.follow("Check answers")
    expect(visitor.page.get_by_role("main")).to_contain_text("$500,000")
