"""The table of moves: what compliance may do in each state, and the docs show this table."""

from pathlib import Path

import pytest
from django.conf import settings

from advisory.supervision.models import Review
from advisory.supervision.states import REVIEW

PAGE = Path(settings.BASE_DIR) / "docs" / "supervision.md"


def test_docs_show_the_table() -> None:
    assert f"```mermaid\n{REVIEW.mermaid()}\n```" in PAGE.read_text()


def test_every_state_can_be_reached() -> None:
    assert {move.target for move in REVIEW.moves} | {REVIEW.start} == set(Review.State.values)


@pytest.mark.parametrize(
    ("state", "events"),
    [
        ("pending", {"taken", "approved", "returned", "rejected", "escalated", "closed"}),
        ("in_review", {"approved", "returned", "rejected", "escalated", "closed"}),
        ("escalated", {"taken", "approved", "returned", "rejected", "closed"}),
        ("returned", {"closed"}),
        ("approved", set()),
        ("rejected", set()),
        ("closed", set()),
    ],
)
def test_what_may_happen_in_each_state(state: str, events: set[str]) -> None:
    assert {move.event for move in REVIEW.moves if state in move.sources} == events
