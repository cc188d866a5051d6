"""An advisor tries what would follow, by slider, typing, keys alone, without script; keeps it, compares."""

import math
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys import steps
from tests.journeys.cases import answers_of
from tests.journeys.test_keyboard import Keys
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 375, "height": 812}}


def an_ordinary_account(visitor: Visitor, advisor: str, household: str) -> None:
    """Case 6: $400,000 in cash, which fits both; below $250,000 only the UMA is open."""
    visitor.log_in(advisor)
    steps.add_household(visitor, household)
    steps.add_return(visitor)
    steps.add_account(visitor, "Brokerage", custodian="Fidelity")
    steps.fill_intake(visitor, answers_of(6))
    expect(steps.evaluate(visitor)).to_contain_text("Either")


def slider(visitor: Visitor, fact: str) -> Locator:
    return visitor.page.get_by_role("slider", name=fact, exact=True)


def slide(visitor: Visitor, fact: str, dollars: int) -> None:
    """Drag the slider of an amount, which goes by magnitude, to about so much."""
    place = slider(visitor, fact)
    low, high = (float(place.get_attribute(f"data-{end}") or 0) for end in ("low", "high"))
    most = int(place.get_attribute("max") or 0)
    place.fill(str(round(most * math.log(dollars / low) / math.log(high / low))))


def box(visitor: Visitor, fact: str) -> Locator:
    return visitor.page.locator("#what-if").get_by_role("textbox", name=fact, exact=True)


def now(visitor: Visitor) -> Locator:
    """The line that says what the what-if comes to."""
    return visitor.page.locator("#what-if-now")


def keep(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_label("Keep this what-if as a scenario").fill(name)
    visitor.press("Keep scenario")
    expect(visitor.page.get_by_text(f"Scenario {name} is kept.")).to_be_visible()


def test_trying_keeping_and_comparing(visit: Callable[..., Visitor]) -> None:
    visitor = visit("what-if")
    page = visitor.page
    an_ordinary_account(visitor, "advisor4@demo.example", "The Okafor household")
    expect(now(visitor)).to_contain_text("As recorded")
    visitor.look("as recorded")

    slide(visitor, "Account value", 180_000)
    expect(now(visitor)).to_contain_text("What if")
    expect(now(visitor)).to_contain_text("UMA")
    expect(page.locator("#what-if-result")).to_contain_text("The outcome would be")
    expect(page.locator("#what-if-result")).to_contain_text("Household value")  # moved along
    assert float(box(visitor, "Account value").input_value().replace(",", "")) < 250_000
    expect(page.get_by_role("region", name="Outcome")).to_contain_text("Either")  # the record stands
    visitor.look("by slider")

    with visitor.refused():
        box(visitor, "Account value").fill("240k-")
        expect(page.locator("#what-if")).to_contain_text("ends with a minus sign")
        expect(box(visitor, "Account value")).to_have_attribute("aria-invalid", "true")
        expect(box(visitor, "Account value")).to_be_focused()
        visitor.look("a value refused")
    box(visitor, "Account value").fill("240k")
    expect(now(visitor)).to_contain_text("UMA")
    expect(box(visitor, "Account value")).to_have_value("240k")  # nobody types over what is being typed
    keep(visitor, "A little smaller")

    expect(now(visitor)).to_contain_text("As recorded")  # a fresh page starts from the record
    page.get_by_label("Another fact").select_option(label="Alternatives needed")
    visitor.press("Add it")
    group = page.get_by_role("group", name="Alternatives needed")
    group.get_by_role("radio", name="Yes").check()
    expect(now(visitor)).to_contain_text("Neither")
    keep(visitor, "With alternatives")

    for name in ("A little smaller", "With alternatives"):
        page.get_by_role("checkbox", name=name).check()
    visitor.look("scenarios kept")
    visitor.press("Compare with the record")
    visitor.heading("Scenarios compared")
    table = page.get_by_role("region", name="The record and the scenarios side by side")
    expect(table.get_by_role("row", name=re.compile("^Outcome"))).to_contain_text(
        re.compile("Either.*UMA.*Neither", re.DOTALL)
    )
    expect(table.get_by_role("row", name=re.compile("^Account value"))).to_contain_text("$240,000")
    visitor.look("compared")
    visitor.follow("To the record")

    page.get_by_text("Rename With alternatives").click()
    page.get_by_label("New name of With alternatives").fill("Hedge funds too")
    visitor.press("Rename")
    expect(page.get_by_text("The scenario is named Hedge funds too.")).to_be_visible()
    page.get_by_role("button", name="Delete Hedge funds too").click()
    visitor.confirm("Delete")
    expect(page.get_by_text("Scenario Hedge funds too is deleted.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Hedge funds too")).to_have_count(0)
    visitor.nothing_went_wrong()


def test_a_what_if_by_keys_alone(visit: Callable[..., Visitor]) -> None:
    visitor = visit("what-if-keyboard")
    page, keys = visitor.page, Keys(visitor)
    an_ordinary_account(visitor, "advisor5@demo.example", "The Nakamura household")
    place = slider(visitor, "Account value")
    keys.reach(place)
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    expect(now(visitor)).to_contain_text("UMA")
    expect(page.get_by_role("status")).to_contain_text("The outcome would be UMA, not Either.")
    expect(place).to_be_focused()
    expect(place).to_have_attribute("aria-valuetext", re.compile(r"^\$\d"))
    keys.reach(box(visitor, "Account value"))
    page.keyboard.press("Control+a")
    page.keyboard.type("45000")
    page.keyboard.press("Enter")
    expect(now(visitor)).to_contain_text("Neither")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recommendation")  # still here
    keys.type(page.get_by_label("Keep this what-if as a scenario"), "Far too small")
    keys.press(page.get_by_role("button", name="Keep scenario"))
    expect(page.get_by_text("Scenario Far too small is kept.")).to_be_visible()
    keys.press(page.get_by_role("checkbox", name="Far too small"), "Space")
    keys.press(page.get_by_role("button", name="Compare with the record"))
    visitor.heading("Scenarios compared")
    visitor.nothing_went_wrong()


def test_a_what_if_without_script(visit: Callable[..., Visitor]) -> None:
    visitor = visit("what-if-no-script", java_script_enabled=False)
    page = visitor.page
    an_ordinary_account(visitor, "advisor4@demo.example", "The Delacroix household")
    expect(page.get_by_role("slider")).to_have_count(0)  # boxes do the same
    box(visitor, "Account value").fill("240,000")
    visitor.press("Work it out")
    visitor.heading("What if")
    expect(now(visitor)).to_contain_text("UMA")
    box(visitor, "Planned withdrawals, next 12 months").fill("200,000")
    visitor.press("Work it out")
    expect(now(visitor)).to_contain_text("Neither")
    with visitor.refused():
        box(visitor, "Account value").fill("240,000-")
        visitor.press("Work it out")
        expect(page.get_by_role("alert", name="There is a problem")).to_contain_text("ends with a minus sign")
    visitor.glance("refused")
    visitor.follow("To the record")
    visitor.heading("Recommendation")
    expect(now(visitor)).to_contain_text("As recorded")
    visitor.nothing_went_wrong()


def test_the_first_screen_of_a_phone(visit: Callable[..., Visitor]) -> None:
    """Outcome, how sure, the reasons and what would change it are there before anybody scrolls."""
    visitor = visit("what-if-phone", **PHONE)
    page = visitor.page
    an_ordinary_account(visitor, "advisor5@demo.example", "The Lindgren household")
    outcome = page.get_by_role("region", name="Outcome")
    for text in ("Both structures fit this account", "Steady", "Why"):
        expect(outcome.get_by_text(text, exact=False).first).to_be_in_viewport(ratio=1)
    for item in outcome.locator("ol.reason-list > li").all()[:3]:
        expect(item).to_be_in_viewport(ratio=1)
    expect(outcome.get_by_role("heading", name="What would change it")).to_be_in_viewport(ratio=1)
    expect(outcome.locator("ul.reason-list > li").first).to_be_in_viewport(ratio=1)
    visitor.look("recommendation on a phone")
    slide(visitor, "Account value", 180_000)
    expect(now(visitor)).to_contain_text("UMA")
    visitor.look("what if on a phone")
    visitor.nothing_went_wrong()
