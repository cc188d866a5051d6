"""Every import of a household is found again: on its list, from the timeline, from what stands in its way."""

import pytest
from django.test import Client
from django.urls import reverse

from households.imports.commits import discard_import
from households.models import Account, Import
from tests.firm import Firm
from tests.households.imports.files import APPLE, CASH, FUND, LATER, Upload, positions_upload
from tests.households.imports.steps import commit, stage


def listing(firm: Firm) -> str:
    return reverse("households:import_list", args=[firm.household.pk])


def detail(import_: Import) -> str:
    return reverse("households:import_detail", args=[import_.pk])


def read(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def numbered(number: int, name: str = "") -> Upload:
    """A file of its own content."""
    return positions_upload(
        APPLE, title=LATER.replace("4:00", f"4:{number:02}"), name=name or f"{number}.csv"
    )


@pytest.fixture
def page(firm: Firm, client: Client) -> Client:
    """The advisor's browser."""
    client.force_login(firm.advisor)
    return client


def test_what_six_later_imports_pushed_away_is_still_found(page: Client, firm: Firm) -> None:
    first = commit(firm, stage(firm, positions_upload(APPLE, name="january.csv")))
    for number in range(6):
        discard_import(by=firm.advisor, import_=stage(firm, numbered(number)))
    upload = read(page, reverse("households:import_create", args=[firm.household.pk]))
    assert "january.csv" not in upload
    assert "5.csv" in upload and "Joint brokerage" in upload
    assert f'href="{listing(firm)}"' in upload
    household = read(page, reverse("households:household", args=[firm.household.pk]))
    assert f'href="{listing(firm)}"' in household
    text = read(page, listing(firm))
    for words in (
        detail(first),
        "january.csv",
        "Joint brokerage",
        "Committed",
        "Discarded",
        "Advisor Tester",
    ):
        assert words in text


def test_the_list_is_paged_by_25(page: Client, firm: Firm) -> None:
    for number in range(26):
        Import.objects.create(
            household=firm.household, by=firm.advisor, files=[{"name": f"{number}.csv", "accounts": []}]
        )
    text = read(page, listing(firm))
    assert "26 in all" in text
    assert (">25.csv<" in text, ">0.csv<" in text) == (True, False)
    text = read(page, listing(firm) + "?page=2")
    assert (">25.csv<" in text, ">0.csv<" in text) == (False, True)


def test_the_list_costs_the_same_whatever_its_length(
    page: Client, firm: Firm, django_assert_max_num_queries: object
) -> None:
    account = str(firm.account.pk)
    for number in range(25):
        files = [{"name": f"{number}.csv", "accounts": []}]
        Import.objects.create(
            household=firm.household, by=firm.advisor, files=files, account_map={"one": account}
        )
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        page.get(listing(firm))


def test_who_sees_the_list(client: Client, firm: Firm) -> None:
    for user, status, door in ((firm.compliance, 200, False), (firm.operations, 200, True)):
        client.force_login(user)
        answer = client.get(listing(firm))
        assert answer.status_code == status
        assert ("Import holdings" in answer.content.decode()) == door
        assert "Nothing imported yet" in answer.content.decode()
    client.force_login(firm.stranger)
    assert client.get(listing(firm)).status_code == 404


def test_the_timeline_leads_to_the_import(page: Client, firm: Firm) -> None:
    import_ = commit(firm, stage(firm, positions_upload(APPLE)))
    text = read(page, reverse("households:household", args=[firm.household.pk]))
    assert f'<a href="{detail(import_)}">Holdings imported</a>' in text


def test_an_import_in_the_way_of_undoing_is_named_and_linked(page: Client, firm: Firm) -> None:
    import_ = commit(firm, stage(firm, positions_upload(APPLE)))
    later = commit(firm, stage(firm, positions_upload(FUND, title=LATER, name="july.csv")))
    undo = reverse("households:import_undo", args=[import_.pk])
    for answer in (page.get(undo), page.post(undo)):
        text = answer.content.decode()
        assert "july.csv into Joint brokerage. Undo that one first." in text
        assert f'href="{detail(later)}"' in text


def test_few_waiting_imports_are_named_many_are_counted(page: Client, firm: Firm) -> None:
    household = reverse("households:household", args=[firm.household.pk])
    stage(firm, positions_upload(APPLE, name="a.csv"))
    stage(firm, positions_upload(CASH, name="b.csv"))
    text = read(page, household)
    assert text.count("An import is waiting to be checked") == 2
    assert "a.csv" in text and "b.csv" in text
    stage(firm, positions_upload(FUND, name="c.csv"))
    text = read(page, household)
    assert "An import is waiting" not in text
    assert "3 imports are waiting to be checked" in text
    assert "See the imports of this household" in text


def test_accounts_of_the_import_only(page: Client, firm: Firm) -> None:
    """An account of the household that the file does not concern is not named."""
    Account.objects.create(household=firm.household, name="Unconcerned IRA", number_ending="7777")
    stage(firm, positions_upload(APPLE))
    assert "Unconcerned IRA" not in read(page, listing(firm))
