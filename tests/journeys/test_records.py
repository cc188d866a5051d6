"""Two at the form of one return: changes apart are kept, of changes to one field one is chosen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
HOUSEHOLD = "The Ostrander household"


def test_two_at_one_return(visit: Callable[..., Visitor]) -> None:
    advisor, assistant = visit("records-advisor"), visit("records-no-script", java_script_enabled=False)
    advisor.log_in("advisor2@demo.example")
    steps.add_household(advisor, HOUSEHOLD)
    steps.add_return(advisor)
    assistant.log_in("assistant@demo.example")
    assistant.page.goto(advisor.page.url)
    for visitor in (advisor, assistant):
        visitor.page.get_by_role("link", name=f"Edit {steps.RETURN}").click()
        visitor.heading(f"Edit {steps.RETURN}")
    the_associate_is_first(assistant)
    the_advisor_is_asked(advisor)
    the_associate_is_asked_too(advisor, assistant)
    advisor.nothing_went_wrong()
    assistant.nothing_went_wrong()


def the_associate_is_first(assistant: Visitor) -> None:
    assistant.page.get_by_label("Loss carryforward").fill("7,000")
    assistant.page.get_by_label("Rate on long-term gains").fill("20")
    assistant.press("Save")
    assistant.heading(HOUSEHOLD)


def the_advisor_is_asked(advisor: Visitor) -> None:
    page = advisor.page
    page.get_by_label("Loss carryforward").fill("5,000")
    page.get_by_label("Name", exact=True).fill("Our joint return")
    with advisor.refused():
        advisor.press("Save")
        summary = page.get_by_role("alert", name="There is a problem")
        expect(summary).to_be_focused()
    expect(summary).to_contain_text(
        "Loss carryforward: you entered “$5,000”, and Juniper Castellane changed it to “$7,000” since you "
        "opened this page. Choose which one stands."
    )
    expect(page.get_by_label("Rate on long-term gains")).to_have_value("20")
    advisor.look("asked")
    page.get_by_role("group", name="Loss carryforward").get_by_label("$5,000").check()
    advisor.press("Save this choice")
    advisor.heading(HOUSEHOLD)
    expect(page.get_by_text("Our joint return was saved for all its accounts.")).to_be_visible()


def the_associate_is_asked_too(advisor: Visitor, assistant: Visitor) -> None:
    page = assistant.page
    for visitor in (advisor, assistant):
        visitor.page.reload()
        visitor.page.get_by_role("link", name="Edit Our joint return").click()
    advisor.page.get_by_label("Loss carryforward").fill("6,000")
    advisor.press("Save")
    page.get_by_label("Loss carryforward").fill("8,000")
    with assistant.refused():
        assistant.press("Save")
        choices = page.get_by_role("group", name="Loss carryforward")
        expect(choices).to_contain_text("$6,000")
    assistant.glance("asked")
    choices.get_by_label("$6,000").check()
    assistant.press("Save")  # the form's own button carries the choice out as well
    assistant.heading(HOUSEHOLD)
    page.get_by_role("link", name="Edit Our joint return").click()
    expect(page.get_by_label("Loss carryforward")).to_have_value("6,000")
