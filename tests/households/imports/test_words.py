"""What the import page says, in the words and numbers it says it."""

import pytest
from django.test import Client
from django.urls import reverse

from households.imports.formats.securities import told_by_name
from households.imports.presenting import next_step, plan_view
from households.imports.selectors import plans_of
from households.imports.staging import map_accounts, stage_import
from households.models import Import
from tests.firm import Firm
from tests.households.imports.files import APPLE, TITLE, Upload, positions_upload
from tests.households.imports.formats.build import row

pytestmark = pytest.mark.django_db


def stage(firm: Firm, *uploads: Upload) -> Import:
    return stage_import(by=firm.advisor, household=firm.household, uploads=uploads)


@pytest.mark.parametrize(
    ("endings", "words"),
    [
        (("1111",), "which account Joint, ending 1111 belongs to, or leave it out."),
        (
            ("1111", "2222"),
            "which accounts Joint, ending 1111 and Joint, ending 2222 belong to, or leave them",
        ),
    ],
)
def test_which_accounts_are_to_be_chosen(firm: Firm, endings: tuple[str, ...], words: str) -> None:
    titles = [TITLE.replace("4321", ending) for ending in endings]
    import_ = stage(
        firm, *(positions_upload(APPLE, title=title, name=f"{n}.csv") for n, title in enumerate(titles))
    )
    assert words in next_step(import_)


def test_negative_numbers_have_one_sign(firm: Firm, client: Client) -> None:
    short = row("AAPL", "-1", "$3.68", "-$3.68", "-$3.00", "-$0.68")
    import_ = stage(firm, positions_upload(short))
    (plan,) = plans_of(import_)
    assert plan_view(plan).lines[0].quantity_after == "−1"
    client.force_login(firm.advisor)
    page = client.get(reverse("households:import_detail", args=[import_.pk])).content.decode()
    assert page.count("−$3.68") >= 2
    assert ">-1<" not in page


def test_how_the_kind_of_securities_is_told() -> None:
    assert told_by_name(1).startswith(
        "The kind of 1 security is taken from its name or ticker, by words such as"
    )
    assert told_by_name(6).endswith("look at them before committing.")
    assert "6 securities is taken from their name or ticker" in told_by_name(6)


def test_dates_are_written_in_one_way(firm: Firm, client: Client) -> None:
    account = str(firm.account.pk)
    old = positions_upload(APPLE, title=TITLE.replace("06/30/2026", "11/15/2020"))
    import_ = stage(firm, old)
    map_accounts(by=firm.advisor, import_=import_, account_map=dict.fromkeys(import_.account_map, account))
    client.force_login(firm.advisor)
    page = client.get(reverse("households:import_detail", args=[import_.pk])).content.decode()
    assert "11/15/2020" not in page
    assert "The file is of Nov 15, 2020" in page
