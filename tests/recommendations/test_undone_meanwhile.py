"""An import is undone while an account of its household is evaluated: no record rests on what was undone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from advisory.recommendations import services
from advisory.recommendations.models import Recommendation
from advisory.recommendations.services import evaluate_account
from households.foundation.errors import DomainError
from households.imports.taken_back import TakenBack
from households.models import Import, ImportSnapshot
from households.services import mark_position
from implementation.services import publish_shipped
from tests.firm import Firm
from tests.households.imports.files import APPLE, CASH, FUND, LATER, positions_upload
from tests.households.imports.steps import commit, stage
from tests.households.imports.test_undoing import DEARER, undo
from tests.recommendations.test_races import at_once


def imported(firm: Firm) -> Import:
    """The account holds what a first import brought, and a second one, which is the answer, stands."""
    publish_shipped(as_of=timezone.localdate())
    commit(firm, stage(firm, positions_upload(APPLE, CASH)))
    return commit(firm, stage(firm, positions_upload(DEARER, FUND, title=LATER)))


def while_scoring(monkeypatch: pytest.MonkeyPatch, *acts: Callable[[], Any]) -> None:
    """Let somebody act whenever facts were read and not recorded upon yet."""
    evaluate, waiting = services.evaluate, [*acts]

    def acting(*args: Any) -> Any:
        if waiting:
            waiting.pop(0)()
        return evaluate(*args)

    monkeypatch.setattr(services, "evaluate", acting)


def rest_on_it(import_: Import) -> bool:
    """Whether a record is of the revision that an import made."""
    made = ImportSnapshot.objects.get(source_import=import_).revision
    return Recommendation.objects.filter(facts_revision=made).exists()


@pytest.mark.django_db
def test_facts_read_before_an_undo_are_read_again(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """$300.00 and $1,000.00 were read; after the undo the account holds $200.00 and $100.00 in cash."""
    import_ = imported(firm)
    while_scoring(monkeypatch, lambda: undo(firm, import_))
    evaluate_account(by=firm.advisor, account=firm.account)
    firm.household.refresh_from_db()
    row = Recommendation.objects.get()
    assert (row.facts_revision, row.account_value) == (firm.household.revision, 30_000)
    assert not rest_on_it(import_)


@pytest.mark.django_db
def test_one_import_undone_after_the_other(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    second = imported(firm)
    first = Import.objects.exclude(pk=second.pk).get()
    while_scoring(monkeypatch, lambda: undo(firm, second), lambda: undo(firm, first))
    with pytest.raises(TakenBack) as told:
        evaluate_account(by=firm.advisor, account=firm.account)
    assert (told.value.status, Recommendation.objects.count()) == (409, 0)
    evaluate_account(by=firm.advisor, account=firm.account)
    assert Recommendation.objects.count() == 1


@pytest.mark.django_db
def test_other_changes_meanwhile_leave_the_record_as_it_was_read(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told as out of date, as ever; and an import undone before it was read is none of its business."""
    import_ = imported(firm)
    undo(firm, import_)
    apple = firm.account.positions.get(symbol="AAPL")
    while_scoring(monkeypatch, lambda: mark_position(by=firm.advisor, position=apple, retained=True))
    firm.household.refresh_from_db()
    evaluate_account(by=firm.advisor, account=firm.account)
    assert Recommendation.objects.get().facts_revision == firm.household.revision


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql")  # writers in parallel
@pytest.mark.parametrize("time", range(4))
def test_either_the_undo_comes_first_or_it_is_refused(firm: Firm, time: int) -> None:
    import_ = imported(firm)
    found = at_once(
        [
            lambda: evaluate_account(by=firm.advisor, account=firm.account),
            lambda: undo(firm, import_),
        ]
    )
    errors = [item for item in found if isinstance(item, Exception)]
    assert all(isinstance(error, DomainError) for error in errors), errors
    import_.refresh_from_db()
    assert rest_on_it(import_) == (import_.state == "committed") == bool(errors)
    assert Recommendation.objects.count() == 1
