"""A decided recommendation to review."""

from collections.abc import Callable
from typing import Any

import pytest

from advisory.recommendations.models import Decision, Recommendation
from advisory.recommendations.services import decide, present
from advisory.supervision.models import Review
from advisory.supervision.services import open_reviews
from tests.recommendations.conftest import publish, rules  # noqa: F401 - fixtures


@pytest.fixture
def decided(firm: Any, publish: Callable[..., Any]) -> Callable[..., Decision]:  # noqa: F811
    """Decide on the newest recommendation of the firm's account (worked case 4: UMA), publishing it first."""

    def act(kind: str = "accepted", chosen: str = "UMA", **extra: Any) -> Decision:
        if not Recommendation.objects.exists():
            publish({firm.account: 4})
        recommendation = Recommendation.objects.get()
        present(by=firm.advisor, recommendation=recommendation)
        given = {
            "reason_codes": ["lower_cost"],
            "rationale": "Three taxable accounts share one return and the overlay already sees all of them.",
            "cost_acknowledged": True,
            "conflict_acknowledged": True,
            "alternatives_viewed": ["SMA", "UMA", "stay"],
        }
        return decide(
            by=firm.advisor, recommendation=recommendation, kind=kind, chosen=chosen, **given | extra
        )

    return act


@pytest.fixture
def review(decided: Callable[..., Decision]) -> Review:
    decided()
    open_reviews()
    return Review.objects.get()
