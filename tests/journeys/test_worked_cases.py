"""Three of the worked cases, typed in by an advisor as the form asks for them: the outcome of the file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from playwright.sync_api import expect

from tests.journeys.steps import add_account, add_household, add_return, evaluate, fill_intake
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
CASES = yaml.safe_load((Path(settings.BASE_DIR) / "tests/rules/golden/cases.yaml").read_text())
BY_ID = {case["id"]: case for case in CASES["cases"]}
WORDS = {"need": "need", "eligibility": "eligibility", "net_fit": "how well each structure fits"}


def answers_of(case: dict[str, Any]) -> dict[str, Any]:
    """The facts of a case as the intake asks for them.

    Usable gains are worked out, not asked: without gains in the account and without a carryforward they are
    the gains from elsewhere.
    """
    facts = CASES["base"] | case["set"]
    assert not facts["unrealized_gain"] and not facts["loss_carryforward"]
    return facts | {"gains_elsewhere": facts["usable_gains"]}


@pytest.mark.parametrize("number", [1, 4, 6], ids=lambda n: f"case-{n}")
def test_a_worked_case_through_the_browser(visit: Callable[..., Visitor], number: int) -> None:
    case = BY_ID[number]
    household = f"The household of case {number}"
    visitor = visit(f"case-{number}")
    visitor.log_in("advisor6@demo.example")
    add_household(visitor, household)
    add_return(visitor)
    add_account(visitor, "Brokerage", custodian="Fidelity")
    fill_intake(visitor, answers_of(case))
    outcome = evaluate(visitor)
    (expected,) = case["expect"]
    expect(outcome).to_contain_text({"EITHER": "Either", "NEITHER": "Neither"}.get(expected, expected))
    visitor.look("recommendation")
    visitor.nothing_went_wrong()
