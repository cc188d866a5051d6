"""The page of a review: why a decision is one of high risk, and reasons without their codes in the way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from advisory.recommendations.models import Decision
from advisory.supervision.models import Review
from advisory.supervision.selectors import risks_of
from advisory.supervision.services import open_reviews
from tests.recommendations.reading import client_of, words_of

pytestmark = pytest.mark.django_db


def page(firm: Any) -> str:
    open_reviews()
    answer = client_of(firm.compliance).get(reverse("supervision:review", args=[Review.objects.get().pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_high_risk_says_why(firm: Any, decided: Callable[..., Decision]) -> None:
    decided(reason_codes=["other"])
    said = words_of(page(firm))
    assert "Why high risk “Other” is given as a reason." in said


def test_a_decision_of_no_high_risk_explains_none(firm: Any, decided: Callable[..., Decision]) -> None:
    decided()
    said = words_of(page(firm))
    assert "High risk" not in said
    assert "Why high risk" not in said


MORE = "With this choice it costs the client more than with what it was chosen instead of."
OPEN = "What it costs the client with this choice and with the others is not all known, which counts as more."


@pytest.mark.parametrize(
    ("costs", "risks"),
    [((2_000_00, 1_000_00), [MORE]), ((1_000_00, 1_000_00), []), ((1_000_00, None), [OPEN])],
)
def test_each_risk_is_a_sentence(
    decided: Callable[..., Decision], costs: tuple[int, int | None], risks: list[str]
) -> None:
    decision = decided(kind="overridden", chosen="SMA")
    decision.recommendation.sma_cost, decision.recommendation.uma_cost = costs
    assert [risk for risk in risks_of(decision) if "client" in risk] == risks


def test_codes_stand_in_a_detail_of_their_own(firm: Any, decided: Callable[..., Decision]) -> None:
    decided()
    html = page(firm)
    before, _, listed = html.partition("Codes of these reasons")
    assert listed
    assert "reason-code" not in before
    assert "reason-code" in listed.partition("</details>")[0]
