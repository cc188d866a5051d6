"""What rests on an import keeps it from being undone; the reason says what to do instead."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from advisory.recommendations.services import evaluate_account
from households.foundation.errors import DomainError
from households.imports import snapshots
from households.imports.commits import discard_import
from households.imports.undoing import undo_import
from households.models import Account, Import, ImportSnapshot, Intake, Position
from households.services import close_account, mark_position, save_intake
from implementation.services import publish_shipped
from tests.firm import Firm
from tests.households.imports.files import APPLE, CASH, FUND, LATER, lots_upload, positions_upload
from tests.households.imports.steps import commit, stage
from tests.households.imports.test_undoing import DEARER, stored, undo


@pytest.fixture
def import_(firm: Firm) -> Import:
    return commit(firm, stage(firm, positions_upload(APPLE, FUND, CASH), lots_upload()))


def refused(firm: Firm, import_: Import) -> str:
    """The reason; nothing was changed."""
    was = stored()
    with pytest.raises(DomainError) as caught:
        undo(firm, import_)
    assert stored() == was
    assert caught.value.status == 409
    assert caught.value.remedy
    return str(caught.value)


def test_a_later_import_into_the_same_account(firm: Firm, import_: Import) -> None:
    later = commit(firm, stage(firm, positions_upload(DEARER, title=LATER)))
    told = refused(firm, import_)
    assert "Another import into the same account was committed" in told
    assert "Undo that one first." in told
    undo(firm, later)
    assert undo(firm, import_).state == "undone"


def test_an_import_into_another_account_is_no_hindrance(firm: Firm, import_: Import) -> None:
    Account.objects.create(household=firm.household, name="IRA", number_ending="7777")
    commit(firm, stage(firm, positions_upload(FUND, title=LATER.replace("4321", "7777"))))
    assert undo(firm, import_).state == "undone"


@pytest.mark.parametrize(
    "marks", [{"restricted": "insider"}, {"retained": True}, {"issuer": "Apple"}, {"asset_class": "other"}]
)
def test_a_mark_set_by_hand_since(firm: Firm, import_: Import, marks: dict[str, Any]) -> None:
    apple = Position.objects.get(symbol="AAPL")
    old = {name: getattr(apple, name) for name in marks}
    mark_position(by=firm.advisor, position=apple, **marks)
    told = refused(firm, import_)
    assert "Positions, lots or marks were changed since the commit, last AAPL" in told
    assert "by Advisor Tester" in told
    mark_position(by=firm.advisor, position=Position.objects.get(symbol="AAPL"), **old)
    assert undo(firm, import_).state == "undone"


def test_positions_or_lots_changed_in_any_other_way(firm: Firm, import_: Import) -> None:
    """Even where no history tells of it."""
    Position.objects.get(symbol="AAPL").lots.all()[0].delete()
    assert "Positions, lots or marks were changed since the commit." in refused(firm, import_)


def test_an_account_closed_since(firm: Firm, import_: Import) -> None:
    close_account(by=firm.advisor, account=firm.account, on=date(2026, 7, 2))
    assert "Joint brokerage was closed on Jul 2, 2026." in refused(firm, import_)


def test_an_account_that_moved_to_another_household(firm: Firm, import_: Import) -> None:
    Account.objects.filter(pk=firm.account.pk).update(household=firm.others_household)
    assert "does not belong to the household any more" in refused(firm, import_)


@pytest.mark.parametrize("which", ["the account itself", "another account of the household"])
def test_an_evaluation_recorded_since(firm: Firm, import_: Import, which: str) -> None:
    """Facts of the household rest on each of its accounts."""
    publish_shipped(as_of=timezone.localdate())
    account = firm.account
    if which != "the account itself":
        account = Account.objects.create(household=firm.household, name="IRA", registration="traditional_ira")
        Intake.objects.create(account=account)
    evaluate_account(by=firm.advisor, account=account)
    told = refused(firm, import_)
    assert f"{account.name} was evaluated on" in told
    assert "evaluate again" in told


def test_an_evaluation_from_before_is_no_hindrance(firm: Firm) -> None:
    publish_shipped(as_of=timezone.localdate())
    evaluate_account(by=firm.advisor, account=firm.account)
    import_ = commit(firm, stage(firm, positions_upload(APPLE)))
    assert undo(firm, import_).state == "undone"


def test_an_answer_given_since_stays_and_is_no_hindrance(firm: Firm, import_: Import) -> None:
    intake = Intake.objects.get(account=firm.account)
    save_intake(by=firm.advisor, account=firm.account, answers={"sector_tilts": 2}, version=intake.version)
    undo(firm, import_)
    assert Intake.objects.get(account=firm.account).sector_tilts == 2


def test_an_import_whose_accounts_were_not_kept(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too large to be kept, or from before anything was."""
    monkeypatch.setattr(snapshots, "MAX_ROWS", 1)
    import_ = commit(firm, stage(firm, positions_upload(APPLE, FUND)))
    assert not ImportSnapshot.objects.exists()
    assert "What the accounts held before this import was not kept." in refused(firm, import_)


def test_only_what_is_committed_is_undone(firm: Firm) -> None:
    import_ = stage(firm, positions_upload(APPLE))
    assert "it cannot be undone now" in refused(firm, import_)
    discard_import(by=firm.advisor, import_=import_)
    assert "it cannot be undone now" in refused(firm, import_)


def test_twice(firm: Firm, import_: Import) -> None:
    undo(firm, import_)
    assert "This import is undone" in refused(firm, import_)


def test_the_page_says_why_and_offers_no_button(firm: Firm, import_: Import, client: Client) -> None:
    client.force_login(firm.advisor)
    page = reverse("households:import_undo", args=[import_.pk])
    close_account(by=firm.advisor, account=firm.account, on=date(2026, 7, 2))
    for answer, status in ((client.get(page), 200), (client.post(page), 409)):
        text = answer.content.decode()
        assert answer.status_code == status
        assert "This import cannot be undone" in text
        assert "was closed on Jul 2, 2026" in text
        assert 'method="post"' not in text.split("<main")[1]


def test_who_may_not_import_may_not_undo(firm: Firm, import_: Import, client: Client) -> None:
    page = reverse("households:import_undo", args=[import_.pk])
    detail = reverse("households:import_detail", args=[import_.pk])
    for user, status in ((firm.compliance, 403), (firm.stranger, 404), (firm.operations, 302)):
        client.force_login(user)
        if user != firm.stranger:
            assert (page in client.get(detail).content.decode()) == (status == 302)
        assert client.post(page).status_code == status


def test_a_failure_half_way_leaves_all_as_it_was(
    firm: Firm, import_: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    was = stored()

    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("half way")

    monkeypatch.setattr("households.imports.undoing.rebuild_facts", fails)
    with pytest.raises(RuntimeError, match="half way"):
        undo_import(by=firm.advisor, import_=import_)
    assert stored() == was
    assert Import.objects.get().state == "committed"
