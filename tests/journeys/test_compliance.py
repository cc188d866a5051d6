"""Compliance's way: the history narrowed, a record as it stood, what changed since, the queue, a reply."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Locator, expect

from households.intake.sections import BY_SLUG
from tests.journeys import steps
from tests.journeys.cases import answers_of
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
ADVISOR, NAME = "advisor4@demo.example", "Rufus Venkatarama"
HOUSEHOLD = "The Pemberton-Vale household"
ACCEPTED = "With $80,000 in cash only the UMA is open, and the client wants one simple account."
OVERRIDDEN = "The sponsor has granted an exception for the year in which $40,000 goes to the new house."
REASON = "Please attach the sponsor's written exception before this goes ahead."


def test_decisions_are_reviewed_and_the_record_read(visit: Callable[..., Visitor]) -> None:
    advisor, visitor = visit("compliance-advisor"), visit("compliance")
    a_decision_is_accepted(advisor)
    visitor.log_in("compliance@demo.example")
    visitor.heading("Reviews")
    visitor.look("queue")
    it_is_marked_as_reviewed(visitor)
    another_is_overridden(advisor)
    the_history_is_narrowed(visitor)
    the_record_is_read_as_it_stood(visitor)
    it_is_returned_with_a_reason(visitor)
    the_advisor_reads_the_reason(advisor)
    visitor.nothing_went_wrong()
    advisor.nothing_went_wrong()


def a_decision_is_accepted(visitor: Visitor) -> None:
    """$80,000 in cash: a UMA by eligibility."""
    visitor.log_in(ADVISOR)
    steps.add_household(visitor, HOUSEHOLD)
    steps.add_return(visitor)
    steps.add_account(visitor, "Brokerage")
    steps.fill_intake(visitor, answers_of(1))
    expect(steps.evaluate(visitor)).to_contain_text("UMA")
    steps.decide(
        visitor, choice="Accept: Model-delivered sleeve in a UMA", reason="The reasons shown apply",
        rationale=ACCEPTED, viewed="Stay as is",
    )  # fmt: skip


def another_is_overridden(visitor: Visitor) -> None:
    """Now $40,000 is to go out: below the minimum of both structures."""
    steps.open_account(visitor, HOUSEHOLD, "Brokerage")
    steps.change(visitor, BY_SLUG["funding"], planned_withdrawals=40_000)
    expect(steps.evaluate(visitor)).to_contain_text("Neither")
    expect(visitor.page.get_by_text("The outcome has changed.")).to_be_visible()
    steps.decide(
        visitor, choice="Override: Model-delivered sleeve in a UMA", reason="An exception granted",
        rationale=OVERRIDDEN, viewed="Stay as is",
    )  # fmt: skip


def its_reviews(visitor: Visitor) -> Locator:
    """Rows of the queue, whatever their state, of the household; the first is the header."""
    visitor.go("/reviews/")
    visitor.page.get_by_label("Household or account").fill(HOUSEHOLD)
    visitor.page.get_by_label("State").select_option(label="All")
    visitor.press("Apply")
    return visitor.page.get_by_role("region", name="Decisions to review").get_by_role("row")


def it_is_marked_as_reviewed(visitor: Visitor) -> None:
    page = visitor.page
    rows = its_reviews(visitor)
    expect(rows).to_have_count(2)
    visitor.look("queue of one household")
    rows.filter(has_text="Accepted").get_by_role("link").click()
    expect(visitor.panel("What was decided")).to_contain_text(ACCEPTED)
    visitor.look("review")
    visitor.press("Mark as reviewed")
    expect(page.get_by_text("Marked as reviewed.")).to_be_visible()


def the_history_is_narrowed(visitor: Visitor) -> None:
    page = visitor.page
    visitor.follow("Recommendations")
    visitor.heading("Recommendations")
    visitor.look("history")
    rows = page.get_by_role("region", name="Recommendations").get_by_role("row")
    page.get_by_label("Advisor").select_option(label=NAME)
    page.get_by_label("Recorded from").fill(date.today().isoformat())
    page.get_by_label("Decision").select_option(label="Overridden")
    visitor.press("Apply")
    for row in rows.all()[1:]:
        expect(row).to_contain_text(NAME)
        expect(row).to_contain_text("Overridden")
    page.get_by_label("Outcome").select_option(label="Neither")
    visitor.press("Apply")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("Neither")
    visitor.look("history filtered")
    page.get_by_label("Recorded from").fill("")
    page.get_by_label("Recorded to").fill("2020-01-01")
    visitor.press("Apply")
    expect(page.get_by_text("No recommendation matches")).to_be_visible()
    page.go_back()
    expect(rows).to_have_count(2)
    rows.nth(1).get_by_role("link").first.click()


def the_record_is_read_as_it_stood(visitor: Visitor) -> None:
    """The newer one says what changed; the older one still says what was true on its day."""
    page = visitor.page
    visitor.heading("Recommendation")
    expect(page.get_by_text("Everything below is shown as it stood then")).to_be_visible()
    difference = visitor.panel("What changed since the one before")
    changed = difference.get_by_role("row", name="withdrawals")
    expect(changed).to_contain_text("$0")
    expect(changed).to_contain_text("$40,000")
    visitor.look("record")
    difference.get_by_role("link", name="Open it").click()
    expect(page.get_by_text("A newer recommendation has taken this one's place")).to_be_visible()
    outcome = page.get_by_role("region", name="Outcome")
    expect(outcome).to_contain_text("UMA")
    tests = page.get_by_role("region", name="Eligibility tests of House UMA with direct index sleeve")
    expect(tests.get_by_role("row", name="Minimum after withdrawals")).to_contain_text("$80,000")
    expect(visitor.panel("Decision")).to_contain_text(ACCEPTED)
    expect(page.get_by_role("button", name="Record decision")).to_have_count(0)
    visitor.look("older record")
    visitor.press("Compute it again")
    expect(page.get_by_role("status").first).to_contain_text("agree")


def it_is_returned_with_a_reason(visitor: Visitor) -> None:
    page = visitor.page
    rows = its_reviews(visitor)
    expect(rows).to_have_count(3)
    rows.filter(has_text="Overridden").get_by_role("link").click()
    expect(visitor.panel("What was decided")).to_contain_text(OVERRIDDEN)
    expect(visitor.panel("What changed since the one before")).to_contain_text("$40,000")
    with visitor.refused():
        visitor.press("Return to the advisor")
        expect(page.get_by_role("alert", name="There is a problem")).to_be_focused()
        visitor.look("review without a reason")
    page.get_by_label("Reason or note").fill(REASON)
    visitor.press("Return to the advisor")
    expect(page.get_by_text("Returned to the advisor with your reason.")).to_be_visible()


def the_advisor_reads_the_reason(visitor: Visitor) -> None:
    steps.open_account(visitor, HOUSEHOLD, "Brokerage")
    visitor.page.get_by_role("link", name="Recommendation of").click()
    reply = visitor.panel("Compliance review")
    expect(reply).to_contain_text("Returned")
    expect(reply).to_contain_text(REASON)
    visitor.look("recommendation with compliance's reply")
