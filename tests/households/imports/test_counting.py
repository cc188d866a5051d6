"""What the page of an import counts: rows stored, rows left out, realized gains."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.imports.counting import counts_of
from households.imports.staging import map_accounts
from households.models import Account, Change, Import
from tests.firm import Firm
from tests.households.imports.files import APPLE, BAD, CASH, FUND, TITLE, Upload, positions_upload
from tests.households.imports.formats.test_schwab_realized import LONG, WASHED, realized
from tests.households.imports.steps import commit, stage

OTHER = TITLE.replace("4321", "7777")


@pytest.fixture
def show(firm: Firm, client: Client) -> Any:
    """The page of an import as the advisor sees it."""
    client.force_login(firm.advisor)

    def shown(import_: Import) -> str:
        return client.get(reverse("households:import_detail", args=[import_.pk])).content.decode()

    return shown


def stage_two(firm: Firm, *others: str) -> Import:
    """Two rows of the account at hand, and others of an account that is left out."""
    import_ = stage(
        firm, positions_upload(APPLE, CASH), positions_upload(*others, title=OTHER, name="other.csv")
    )
    label = next(label for label, account in import_.account_map.items() if not account)
    return map_accounts(by=firm.advisor, import_=import_, account_map={label: "skip"})


def test_rows_left_out_are_not_promised_and_not_counted_as_stored(firm: Firm, show: Any) -> None:
    """Two rows and one: three are taken, two stored, one left out."""
    import_ = stage_two(firm, FUND)
    assert (import_.taken, counts_of(import_).stored, counts_of(import_).left_out) == (3, 2, 1)
    text = show(import_)
    assert "Commit 2 rows<" in text
    assert "1 row of Joint, ending 7777 is left out" in text
    assert "2 to be stored, 1 left out" in text
    text = show(commit(firm, import_))
    assert "2 stored, 1 left out" in text
    row = text[text.index('<th scope="row">VTI</th>') - 200 : text.index('<th scope="row">VTI</th>')]
    assert "left out" in row
    (state,) = Change.objects.filter(entity="import")
    assert state.new == "committed: 2 rows into 1 account"


def test_one_row_is_told_as_one(firm: Firm, show: Any) -> None:
    import_ = stage(firm, positions_upload(APPLE))
    assert "Commit 1 row<" in show(import_)
    commit(firm, import_)
    assert Change.objects.get(entity="import").new == "committed: 1 row into 1 account"


def test_rejected_rows_are_told_by_their_number(firm: Firm, show: Any) -> None:
    text = show(stage(firm, positions_upload(APPLE, BAD)))
    assert "1 of 2 rows was rejected and is not stored." in text


def test_realized_gains_are_headed_and_counted_as_such(firm: Firm, show: Any) -> None:
    import_ = stage(firm, Upload("gains.csv", realized(LONG, WASHED)))
    for text in (show(import_), show(commit(firm, import_))):
        assert "Realized gains as of Jun 30, 2026" in text
        assert "Holdings as of" not in text
        assert "No row could be taken" not in text
    assert "No holding: the files hold realized gains only." in text


def test_the_commit_of_realized_gains_says_what_it_does(firm: Firm, show: Any, client: Client) -> None:
    import_ = stage(firm, Upload("gains.csv", realized(LONG, WASHED)))
    text = show(import_)
    assert "2 rows of realized gains are kept with the import and change no holding." in text
    assert "Commit all 2 rows" in text
    url = reverse("households:import_commit", args=[import_.pk])
    answer = client.post(url, {"rows": "all"}, follow=True).content.decode()
    assert "no holding was changed" in answer
    assert "tax lots are up to date" not in answer


def test_gains_beside_positions_are_no_heading(firm: Firm, show: Any) -> None:
    text = show(stage(firm, positions_upload(APPLE), Upload("gains.csv", realized(LONG))))
    assert "Holdings as of Jun 30, 2026" in text
    assert "1 row of realized gains is kept with the import and changes no holding." in text


def test_gains_of_an_account_left_out_are_left_out(firm: Firm) -> None:
    Account.objects.filter(pk=firm.account.pk).update(number_ending="9999")
    import_ = stage(firm, Upload("gains.csv", realized(LONG, WASHED)))
    import_ = map_accounts(
        by=firm.advisor, import_=import_, account_map=dict.fromkeys(import_.account_map, "skip")
    )
    counts = counts_of(import_)
    assert (counts.stored, counts.realized, counts.left_out) == (0, 0, 2)
