"""The table of moves: every state is reached and left as the ledger's rules say, and docs show this table."""

from pathlib import Path

import pytest
from django.conf import settings

from advisory.runs.models import Run
from advisory.runs.states import ENDED, LIVE, RUN, WAITING
from households.foundation.errors import DomainError

PAGE = Path(settings.BASE_DIR) / "docs" / "runs.md"


def test_docs_show_the_table() -> None:
    assert f"```mermaid\n{RUN.mermaid()}\n```" in PAGE.read_text()


def test_every_state_is_in_one_group_and_can_be_reached() -> None:
    assert sorted([*WAITING, *LIVE, *ENDED]) == sorted(Run.State.values)
    assert {move.target for move in RUN.moves} | {RUN.start} == set(Run.State.values)


@pytest.mark.parametrize(
    ("state", "events"),
    [
        ("draft", {"previewed", "approved", "canceled"}),
        ("previewed", {"previewed", "approved", "canceled"}),
        ("approved", {"started", "canceled"}),
        ("running", {"paused", "canceled", "completed", "completed_with_failures", "failed"}),
        ("paused", {"resumed", "canceled"}),
        ("complete", {"sealed"}),
        ("partial", {"sealed"}),
        ("failed", {"sealed"}),
        ("cancelled", {"sealed"}),
        ("sealed", set()),
    ],
)
def test_what_may_happen_in_each_state(state: str, events: set[str]) -> None:
    allowed = {move.event for move in RUN.moves if state in move.sources}
    assert allowed == events
    for event in {move.event for move in RUN.moves} - events:
        with pytest.raises(DomainError) as error:
            RUN.after(state, event)
        assert error.value.status == 409
