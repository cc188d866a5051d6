"""A bulk review scores a chunk while an import into one of its accounts is undone."""

import pytest
from django.utils import timezone

from advisory.recommendations.models import Recommendation
from advisory.runs import scoring
from advisory.runs.models import Run, RunResult
from households.models import ImportSnapshot
from implementation.services import publish_shipped
from tests.households.imports.files import APPLE, FUND, positions_upload
from tests.households.imports.steps import commit, stage
from tests.households.imports.test_undoing import undo
from tests.runs.conftest import start, worked_off

pytestmark = pytest.mark.django_db


def test_the_chunk_is_scored_once_more(firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every account has its result, and none rests on what was undone."""
    publish_shipped(as_of=timezone.localdate())
    import_ = commit(firm, stage(firm, positions_upload(APPLE, FUND)))
    run = start(firm.operations)
    score, scored = scoring.score, []

    def score_while_somebody_undoes(*args):
        work = score(*args)
        if not scored:
            undo(firm, import_)
        scored.append(work)
        return work

    monkeypatch.setattr(scoring, "score", score_while_somebody_undoes)
    run = worked_off(run)
    assert (run.state, run.failed, len(scored)) == (Run.State.COMPLETE, 0, 2)
    assert RunResult.objects.filter(run=run).count() == run.accounts
    made = ImportSnapshot.objects.get(source_import=import_).revision
    firm.household.refresh_from_db()
    row = Recommendation.objects.get(account=firm.account)
    assert made < row.facts_revision == firm.household.revision
