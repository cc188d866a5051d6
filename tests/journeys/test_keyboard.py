"""Intake and decision by somebody who has no mouse: Tab, Space, Enter, and the arrows within a group."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from households.intake.sections import SECTIONS
from tests.journeys import steps
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
MOST_STOPS = 160
FOCUSED = "element => element === document.activeElement"
RATIONALE = "Below every minimum of the shelf for now: the client stays in the fund held today."


class Keys:
    """A keyboard and nothing else."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page

    def reach(self, place: Locator) -> None:
        """Tab until the place has the focus; what cannot be reached so is a fault."""
        expect(place).to_be_visible()
        for _ in range(MOST_STOPS):
            if place.evaluate(FOCUSED):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{place} is not reached by {MOST_STOPS} tabs")

    def type(self, place: Locator, text: str) -> None:
        self.reach(place)
        self.page.keyboard.type(text)

    def press(self, place: Locator, key: str = "Enter") -> None:
        self.reach(place)
        self.page.keyboard.press(key)

    def choose(self, group: Locator, name: str) -> None:
        """One of a group of choices: Tab into the group, arrows within it."""
        wanted = group.get_by_role("radio", name=name)
        choices = group.get_by_role("radio")
        for _ in range(MOST_STOPS):
            if any(choice.evaluate(FOCUSED) for choice in choices.all()):
                break
            self.page.keyboard.press("Tab")
        self.page.keyboard.press("Space")
        for _ in range(choices.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{name} is not reached by the arrows")


def test_intake_and_decision_by_keys_alone(visit: Callable[..., Visitor]) -> None:
    visitor = visit("keyboard")
    page, keys = visitor.page, Keys(visitor)
    visitor.log_in("advisor3@demo.example")
    steps.add_household(visitor, "The Lindqvist household")
    steps.add_return(visitor)
    steps.add_account(visitor, "Brokerage")
    keys.press(page.get_by_role("link", name=SECTIONS[0].title))
    for section in SECTIONS:
        visitor.heading(section.title)
        if section.slug == "funding":
            keys.type(steps.question(visitor, "account_value"), "40k")
            keys.type(steps.question(visitor, "direct_index_value"), "40k")
        if section.slug == "mandate":
            keys.choose(steps.question(visitor, "client_requests_direct_indexing"), "Yes")
        last = section is SECTIONS[-1]
        keys.press(page.get_by_role("button", name="Save and check answers" if last else "Save and continue"))
    visitor.heading("Check answers")
    keys.press(page.get_by_role("button", name="Intake complete"))
    visitor.heading("Brokerage")
    keys.press(page.get_by_role("button", name="Evaluate"))
    visitor.heading("Recommendation")
    expect(page.get_by_role("region", name="Outcome")).to_contain_text("Neither")
    a_decision_is_made(visitor, keys)
    visitor.nothing_went_wrong()


def a_decision_is_made(visitor: Visitor, keys: Keys) -> None:
    page, panel = visitor.page, visitor.panel("Decision")
    keys.press(page.get_by_role("link", name="Decide", exact=True))
    keys.choose(panel.get_by_role("group", name="Your decision"), "Accept: Stay as is")
    keys.press(panel.get_by_role("checkbox", name="It costs this client less"), "Space")
    keys.type(panel.get_by_role("textbox", name="Why this is right for this client"), RATIONALE)
    with visitor.refused():
        keys.press(panel.get_by_role("button", name="Record decision"))
        summary = page.get_by_role("alert", name="There is a problem")
        expect(summary).to_be_focused()
    keys.press(summary.get_by_role("link").first)
    for name in ("Manager-traded SMA", "I have seen what each alternative", "I have seen what the firm"):
        keys.press(panel.get_by_role("checkbox", name=name), "Space")
    keys.press(panel.get_by_role("button", name="Record decision"))
    expect(page.get_by_text("Your decision is recorded")).to_be_visible()
