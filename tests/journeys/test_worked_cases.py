"""Three of the worked cases, typed in by an advisor as the form asks for them: the outcome of the file."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.cases import BY_ID, answers_of
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SHOWN = {"SMA": "SMA", "UMA": "UMA", "EITHER": "Either", "NEITHER": "Neither"}
DECIDED_BY = {
    "eligibility": "Decided by eligibility alone",
    "net_fit": "Decided by how well each structure fits",
}


@pytest.mark.parametrize("number", [1, 4, 6], ids=lambda n: f"case-{n}")
def test_a_worked_case_through_the_browser(visit: Callable[..., Visitor], number: int) -> None:
    case = BY_ID[number]
    visitor = visit(f"case-{number}")
    visitor.log_in("advisor6@demo.example")
    steps.add_household(visitor, f"The household of case {number}")
    steps.add_return(visitor)
    steps.add_account(visitor, "Brokerage", custodian="Fidelity")
    steps.fill_intake(visitor, answers_of(number))
    outcome = steps.evaluate(visitor)
    (expected,) = case["expect"]["outcome"]
    expect(outcome).to_contain_text(SHOWN[expected])
    expect(outcome).to_contain_text(DECIDED_BY[case["expect"]["decided_by"]])
    expect(visitor.page.get_by_role("heading", name="What is missing")).to_have_count(0)
    steps.the_points_add_up(visitor)
    visitor.look("recommendation")
    visitor.nothing_went_wrong()
