"""Two who undo, mark, mend, map or commit at once, in real threads on PostgreSQL."""

from typing import Any

import pytest

from households.foundation.errors import DomainError
from households.imports.staging import map_accounts
from households.models import Account, Import, ImportMend, Position
from households.services import mark_position
from tests.firm import Firm
from tests.households.imports.files import APPLE, BAD, CASH, lots_upload, positions_upload
from tests.households.imports.mending import downloaded, mend, with_cells
from tests.households.imports.steps import commit, stage
from tests.households.imports.test_undoing import undo
from tests.threads import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql"),  # writers in parallel
]


def refused(found: list[Any]) -> list[int]:
    """The statuses of those who were refused; nothing else may have gone wrong."""
    errors = [item for item in found if isinstance(item, Exception)]
    assert all(isinstance(error, DomainError) for error in errors), errors
    return [error.status for error in errors]


def test_of_two_who_undo_at_once_one_is_told(firm: Firm) -> None:
    import_ = commit(firm, stage(firm, positions_upload(APPLE, CASH)))
    found = at_once([lambda: undo(firm, import_) for _ in range(2)])
    assert refused(found) == [409]
    assert not Position.objects.exists()
    firm.household.refresh_from_db()
    assert firm.household.revision == 3


def test_a_mark_set_while_somebody_undoes_is_not_lost_in_silence(firm: Firm) -> None:
    """Either the mark comes first and nothing is undone, or the position is gone and the mark is refused."""
    import_ = commit(firm, stage(firm, positions_upload(APPLE, CASH)))
    apple = Position.objects.get(symbol="AAPL")
    found = at_once(
        [
            lambda: undo(firm, import_),
            lambda: mark_position(by=firm.advisor, position=apple, retained=True),
        ]
    )
    assert refused(found) == [409]
    undone = Import.objects.get().state == "undone"
    assert undone != Position.objects.filter(symbol="AAPL", retained=True).exists()


def test_accounts_chosen_while_somebody_commits(firm: Firm) -> None:
    other = Account.objects.create(household=firm.household, name="IRA", number_ending="7777")
    import_ = stage(firm, positions_upload(APPLE, CASH), lots_upload())
    chosen = dict.fromkeys(import_.account_map, str(other.pk))
    found = at_once(
        [
            lambda: map_accounts(by=firm.advisor, import_=import_, account_map=chosen),
            lambda: commit(firm, import_),
        ]
    )
    (account,) = set(Position.objects.values_list("account", flat=True))
    assert (account, refused(found)) in ((other.pk, []), (firm.account.pk, [409]))


def test_what_is_mended_while_somebody_commits_is_committed_or_refused(firm: Firm) -> None:
    import_ = stage(firm, positions_upload(APPLE, BAD))
    lines = with_cells(downloaded(import_), 5, Market_Value="$5.00")
    found = at_once([lambda: mend(firm, import_, lines), lambda: commit(firm, import_, only_good=True)])
    mended = ImportMend.objects.exists()
    assert refused(found) == ([] if mended else [409])
    assert Position.objects.filter(symbol="MSFT").exists() == mended
