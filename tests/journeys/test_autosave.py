"""Typing and sending at once: one's own save on its way is no other person's change."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from households.intake.sections import SECTIONS
from tests.journeys import steps
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SLOW_SECONDS = 1.5


def test_a_form_sent_while_it_is_being_saved_does_not_meet_its_own_save(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit("autosave")
    page = visitor.page
    visitor.log_in("advisor3@demo.example")
    steps.add_household(visitor, "The Tarnowski household")
    steps.add_return(visitor)
    steps.add_account(visitor, "Brokerage")
    visitor.follow(SECTIONS[1].title)
    visitor.heading(SECTIONS[1].title)

    def answers_late(route: Route) -> None:
        """The server has stored it; the page hears of it only later."""
        if route.request.headers.get("hx-request"):
            answer = route.fetch()
            time.sleep(SLOW_SECONDS)
            route.fulfill(response=answer)
        else:
            route.continue_()

    page.route("**/intake/funding/", answers_late)
    with page.expect_request(lambda request: bool(request.headers.get("hx-request"))):
        steps.answer(visitor, "account_value", 40_000)
    steps.answer(visitor, "direct_index_value", 30_000)
    visitor.press("Save and continue")
    visitor.heading(SECTIONS[2].title)
    page.unroute("**/intake/funding/")
    visitor.follow(SECTIONS[1].title)
    expect(steps.question(visitor, "account_value")).to_have_value("40,000")
    expect(steps.question(visitor, "direct_index_value")).to_have_value("30,000")
    visitor.nothing_went_wrong()
