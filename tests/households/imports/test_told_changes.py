"""What an import would change and did change, told so that it is true and can be told apart."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.imports.presenting import plan_view
from households.imports.previews import beginning_of, preview
from households.imports.selectors import plans_of
from households.imports.undoing import differences
from households.models import Account, Change, Import, Position, Security, WaitingFile
from tests.firm import Firm
from tests.households.imports.files import APPLE, CASH, FUND, LATER, TITLE, Upload, positions_upload
from tests.households.imports.formats.acme import HEADER, acme, guessed
from tests.households.imports.formats.build import row
from tests.households.imports.formats.test_ofx import ofx
from tests.households.imports.steps import commit, stage
from tests.households.imports.test_mapping_pages import make

RENAMED = APPLE.replace("AAPL INC", "APPLE COMPUTER")
DEARER_TO_BUY = row("AAPL", "10", "$20.00", "$200.00", "$160.00", "$40.00")


@pytest.fixture
def show(firm: Firm, client: Client) -> Any:
    """The page of an import as the advisor sees it."""
    client.force_login(firm.advisor)

    def shown(import_: Import) -> str:
        return client.get(reverse("households:import_detail", args=[import_.pk])).content.decode()

    return shown


def into(firm: Firm, *endings: str) -> Import:
    """An apple each into accounts with these endings."""
    for ending in endings:
        Account.objects.create(household=firm.household, name=f"Account {ending}", number_ending=ending)
    files = [
        positions_upload(APPLE, title=TITLE.replace("4321", ending), name=f"{ending}.csv")
        for ending in endings
    ]
    return commit(firm, stage(firm, *files))


def test_changes_of_several_accounts_say_which(firm: Firm, show: Any) -> None:
    text = show(into(firm, "1111", "2222"))
    changes = text[text.index('id="changes"') : text.index('id="taken"')]
    assert "Account 1111</td>" in changes and "Account 2222</td>" in changes
    assert "Go to Account 1111" in text and "Go to Account 2222" in text


def test_changes_of_one_account_are_headed_by_it(firm: Firm, show: Any) -> None:
    text = show(commit(firm, stage(firm, positions_upload(APPLE))))
    assert "What changed in Joint brokerage" in text


def test_many_accounts_are_a_list_and_no_row_of_buttons(firm: Firm, show: Any) -> None:
    text = show(into(firm, "1111", "2222", "3333"))
    assert "Go to Account" not in text
    part = text[text.index('id="into"') :]
    for account in Account.objects.filter(name__startswith="Account "):
        assert f'href="{reverse("households:account", args=[account.pk])}"' in part


def test_a_name_alone_that_changes_is_told(firm: Firm, show: Any) -> None:
    commit(firm, stage(firm, positions_upload(APPLE, CASH)))
    later = stage(firm, positions_upload(RENAMED, CASH, title=LATER))
    (plan,) = plans_of(later)
    assert [line.notes for line in plan_view(plan).lines] == [["Name: AAPL INC → APPLE COMPUTER"]]
    assert "Name: AAPL INC → APPLE COMPUTER" in show(later)
    commit(firm, later)
    change = Change.objects.get(source=f"import {later.pk.hex}", entity="position")
    words = "stock, 10 units, $200.00, cost $150.00, named"
    assert (change.old, change.new) == (f"{words} AAPL INC", f"{words} APPLE COMPUTER")
    (found,) = differences(later)
    assert (found.now, found.then) == (f"{words} APPLE COMPUTER", f"{words} AAPL INC")


def test_a_cost_that_changes_is_told(firm: Firm) -> None:
    commit(firm, stage(firm, positions_upload(APPLE)))
    (plan,) = plans_of(stage(firm, positions_upload(DEARER_TO_BUY, title=LATER)))
    assert [line.notes for line in plan_view(plan).lines] == [["Cost: $150.00 → $160.00"]]


def test_what_is_equal_in_all_is_unchanged(firm: Firm) -> None:
    commit(firm, stage(firm, positions_upload(APPLE)))
    (plan,) = plans_of(stage(firm, positions_upload(APPLE, title=LATER)))
    assert plan_view(plan).summary == "0 new, 0 changed, 0 gone, 1 unchanged; 0 lots"


def test_holding_nothing_is_no_value_of_zero(firm: Firm, show: Any) -> None:
    import_ = stage(firm, positions_upload(APPLE, FUND))
    (plan,) = plans_of(import_)
    assert plan_view(plan).values == "Nothing held before, $1,200.00 after"
    text = show(import_)
    assert "Nothing held before, $1,200.00 after." in text
    assert "Value $0.00" not in text
    commit(firm, import_)
    (plan,) = plans_of(stage(firm, positions_upload(APPLE, title=LATER)))
    assert plan_view(plan).values == "Value $1,200.00 before, $200.00 after"
    empty = ofx(balance="").replace(b"01234567890", b"01234564321").replace(b"20260630", b"20260731")
    (plan,) = plans_of(stage(firm, Upload("x.ofx", empty)))
    assert plan_view(plan).values == "Value $1,200.00 before, nothing held after"


def test_a_file_that_a_remembered_mapping_read_was_not_chosen_by_hand(firm: Firm, show: Any) -> None:
    make(firm)
    text = show(
        stage(firm, Upload("acme-2026-06-30.csv", acme("1234-4321,VTI,Fund,ETF,10,250.00,2500,2000")))
    )
    assert "Format chosen by hand" not in text
    assert "Recognized by its columns, as they are remembered" in text


def test_a_format_that_somebody_chose_is_told(firm: Firm, show: Any) -> None:
    make(firm)
    list_ = Upload("acme-2026-06-30.csv", acme("1234-4321,VTI,Fund,ETF,10,250.00,2500,2000"))
    assert "Format chosen by hand" in show(stage(firm, list_, format="mapped"))


def master(symbol: str, kind: str) -> None:
    Security.objects.create(
        symbol=symbol, key=symbol, name="Of the list", kind=kind, source="Test", as_of="2026-06-30"
    )


def kinds(show: Any, import_: Import) -> str:
    text = show(import_)
    return text[text.index('id="taken"') :]


def test_the_list_says_a_kind_that_the_file_does_not(firm: Firm, show: Any) -> None:
    master("MSFT", "stock")
    rows = ("1234-4321,MSFT,M,,2,400,800,500", "1234-4321,ODDX,O,,2,400,800,500")
    make(firm)
    import_ = stage(firm, Upload("acme-2026-06-30.csv", acme(*rows, header=HEADER)))
    taken = kinds(show, import_)
    assert "Stock, by the list" in taken
    assert taken.count("Unknown") == 1
    commit(firm, import_)
    assert "Stock, by the list" in kinds(show, import_)


def test_the_first_rows_of_a_list_say_it_too(firm: Firm) -> None:
    master("MSFT", "stock")
    list_ = acme("1234-4321,MSFT,M,,2,400,800,500", "1234-4321,ODDX,O,,2,400,800,500", header=HEADER)
    waiting = WaitingFile(name="acme.csv", beginning=list_.decode(), encoding="utf-8")
    found = beginning_of(waiting)
    assert found is not None
    rows, refused = preview(waiting, found, guessed(), date(2026, 6, 30))
    assert (refused, [row.kind for row in rows]) == ("", ["Stock, by the list", "Unknown"])


def test_a_kind_that_is_known_of_what_is_held_comes_first(firm: Firm, show: Any) -> None:
    master("MSFT", "stock")
    Position.objects.create(
        account=firm.account, symbol="MSFT", asset_class="fund", market_value=1, as_of="2026-01-01"
    )
    make(firm)
    rows = acme("1234-4321,MSFT,M,,2,400,800,500", header=HEADER)
    taken = kinds(show, stage(firm, Upload("acme-2026-06-30.csv", rows)))
    assert "Fund or ETF, as the account has it" in taken
    assert "by the list" not in taken
