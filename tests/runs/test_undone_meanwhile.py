"""A bulk review scores a chunk while imports into one of its accounts are undone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from advisory.recommendations.models import Recommendation
from advisory.runs import scoring
from advisory.runs.models import Chunk, Run, RunResult
from households.models import Import, ImportSnapshot
from implementation.services import publish_shipped
from tests.firm import Firm
from tests.households.imports.files import APPLE, CASH, FUND, LATER, positions_upload
from tests.households.imports.steps import commit, stage
from tests.households.imports.test_undoing import DEARER, FEWER, undo
from tests.runs.conftest import start, worked_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def imports(firm: Firm) -> list[Import]:
    """Three committed into the firm's account, the newest first: so they can be undone."""
    publish_shipped(as_of=timezone.localdate())
    uploads = [
        positions_upload(APPLE, FUND),
        positions_upload(DEARER, CASH, title=LATER),
        positions_upload(FEWER, title=LATER),
    ]
    return [commit(firm, stage(firm, upload)) for upload in uploads][::-1]


@pytest.fixture
def scored(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """Lets somebody act each time facts were read and not recorded upon yet; answers what was scored."""

    def while_scoring(*acts: Callable[[], Any]) -> list[Any]:
        score, waiting, done = scoring.score, [*acts], []

        def acting(*args: Any) -> Any:
            work = score(*args)
            if waiting:
                waiting.pop(0)()
            done.append(work)
            return work

        monkeypatch.setattr(scoring, "score", acting)
        return done

    return while_scoring


def rests_on_what_stands(firm: Firm, run: Run, imports: list[Import]) -> None:
    """Every account has its result, none failed, and the account's record is of the facts after the undo."""
    assert (run.state, run.failed) == (Run.State.COMPLETE, 0)
    assert RunResult.objects.filter(run=run).count() == run.accounts
    firm.household.refresh_from_db()
    row = Recommendation.objects.get(account=firm.account)
    made = ImportSnapshot.objects.filter(source_import__in=imports).values_list("revision", flat=True)
    assert max(made) < row.facts_revision == firm.household.revision


@pytest.mark.parametrize("undone", [1, 2])
def test_the_chunk_is_scored_again(
    firm: Firm, imports: list[Import], scored: Callable[..., list[Any]], undone: int
) -> None:
    """Once for each undo, by whoever holds it."""
    taken_back = imports[:undone]
    run = start(firm.operations)
    works = scored(*(lambda import_=import_: undo(firm, import_) for import_ in taken_back))
    rests_on_what_stands(firm, worked_off(run), taken_back)
    assert len(works) == undone + 1
    assert Chunk.objects.get(run=run).token == 1


def test_a_chunk_that_is_overtaken_again_and_again_is_claimed_anew(
    firm: Firm, imports: list[Import], scored: Callable[..., list[Any]]
) -> None:
    """Nobody's failure, and no attempt that would set it aside: it publishes with the second claim."""
    run = start(firm.operations)
    works = scored(*(lambda import_=import_: undo(firm, import_) for import_ in imports))
    rests_on_what_stands(firm, worked_off(run), imports)
    assert len(works) == 4
    chunk = Chunk.objects.get(run=run)
    assert (chunk.token, chunk.attempts, chunk.state) == (2, 1, Chunk.State.DONE)


def test_an_import_is_undone_while_a_failure_is_narrowed_down(
    firm: Firm, imports: list[Import], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start(firm.operations)
    publish, ways = scoring.publish, []

    def broken_then_overtaken(*args: Any, carefully: bool = False) -> None:
        ways.append(carefully)
        if ways == [False]:
            raise ValueError("x")
        if ways == [False, True]:
            undo(firm, imports[0])
        publish(*args, carefully=carefully)

    monkeypatch.setattr(scoring, "publish", broken_then_overtaken)
    rests_on_what_stands(firm, worked_off(run), imports[:1])
    assert ways == [False, True, False]
