"""A committed import is undone: what was held before is held again, exactly, and facts follow."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.facts import read_facts, rebuild_facts
from households.imports.commits import commit_import
from households.imports.mapping import SKIP
from households.imports.staging import map_accounts
from households.imports.undoing import undo_import
from households.models import Account, AccountFacts, Change, Import, Position, Security, TaxLot
from households.timeline import events
from tests.firm import Firm
from tests.households.imports.files import (
    APPLE,
    CASH,
    FUND,
    LATER,
    lots_upload,
    positions_upload,
)
from tests.households.imports.formats.build import row
from tests.households.imports.steps import AS_OF, commit, held, stage

DEARER = row("AAPL", "10", "$30.00", "$300.00", "$150.00", "$150.00")
FEWER = row("AAPL", "9", "$30.00", "$270.00", "$135.00", "$135.00")
_LEFT_OUT = {"revision", "built_at"}


def undo(firm: Firm, import_: Import, **options: Any) -> Import:
    return undo_import(by=firm.advisor, import_=import_, as_of=AS_OF, **options)


def stored() -> dict[str, list[dict[str, Any]]]:
    """Every column of every position and lot."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in (Position, TaxLot)}


def facts() -> list[dict[str, Any]]:
    """Every column of every row of facts, but which revision it is of and when it was built."""
    rows = AccountFacts.objects.order_by("account_id").values()
    return [{name: value for name, value in row.items() if name not in _LEFT_OUT} for row in rows]


@pytest.fixture
def before(firm: Firm) -> Import:
    """The account holds AAPL with two lots, a fund and cash, and one of them is marked."""
    first = commit(firm, stage(firm, positions_upload(APPLE, FUND, CASH), lots_upload()))
    marks = {"restricted": "insider", "retained": True, "issuer": "Vanguard"}
    Position.objects.filter(symbol="VTI").update(**marks)
    Position.objects.filter(symbol="AAPL").update(retained=True)
    rebuild_facts([firm.household.pk], as_of=AS_OF)
    return first


@pytest.mark.parametrize("lines", [(DEARER, CASH), (FEWER, CASH), (APPLE, FUND, CASH), (FUND,)])
def test_everything_is_as_it_was(firm: Firm, before: Import, lines: tuple[str, ...]) -> None:
    """Lots repriced, lots dropped, nothing but dates changed, positions gone with their marks."""
    was, known = stored(), facts()
    revision = Account.objects.get(pk=firm.account.pk).household.revision
    later = commit(firm, stage(firm, positions_upload(*lines, title=LATER)))
    assert stored() != was
    undone = undo(firm, later)
    assert stored() == was
    assert facts() == known
    assert undone.state == "undone"
    assert undone.undone_at is not None
    firm.household.refresh_from_db()
    assert firm.household.revision == revision + 2
    assert set(AccountFacts.objects.values_list("revision", flat=True)) == {revision + 2}


def test_the_first_import_of_an_account_leaves_nothing(firm: Firm) -> None:
    rebuild_facts([firm.household.pk], as_of=AS_OF)
    known = facts()
    import_ = commit(firm, stage(firm, positions_upload(APPLE, CASH), lots_upload()))
    undo(firm, import_)
    assert stored() == {"Position": [], "TaxLot": []}
    assert facts() == known


def test_accounts_that_the_import_did_not_touch_stay(firm: Firm, before: Import) -> None:
    other = Account.objects.create(household=firm.household, name="IRA", number_ending="7777")
    import_ = commit(firm, stage(firm, positions_upload(FUND, title=LATER.replace("4321", "7777"))))
    first, _ = stored()["Position"][0], None
    undo(firm, import_)
    assert held(other) == {}
    assert stored()["Position"][0] == first
    assert len(held(firm.account)) == 3


def test_what_a_security_is_follows_the_master_of_today(firm: Firm, before: Import) -> None:
    """The master learned the symbol after the first import; the position that is put back knows it."""
    import_ = commit(firm, stage(firm, positions_upload(CASH, title=LATER)))
    vti = Security.objects.create(
        symbol="VTI", key="VTI", name="A fund", kind="fund", source="Test", as_of=AS_OF
    )
    undo(firm, import_)
    assert Position.objects.get(symbol="VTI").security == vti


def test_history_says_what_was_put_back(firm: Firm, before: Import) -> None:
    later = commit(firm, stage(firm, positions_upload(FEWER, CASH, title=LATER)))
    undo(firm, later)
    rows = Change.objects.filter(source=f"undo {later.pk.hex}")
    assert {(c.entity, c.field, c.old, c.new) for c in rows} == {
        (
            "position",
            "AAPL",
            "stock, 9 units, $270.00, cost $135.00",
            "stock, 10 units, $200.00, cost $150.00",
        ),
        ("lots", "AAPL", None, "2 lots, $200.00"),
        ("position", "VTI", None, "fund, 4 units, $1,000.00, cost $900.00"),
        ("import", "state", "committed", "undone"),
    }
    assert {c.by for c in rows} == {firm.advisor}
    told = events(Change.objects.order_by("-at", "-id").select_related("by"), {})
    assert [event["title"] for event in told[:2]] == ["Import undone", "Holdings imported"]


def test_an_undone_file_can_be_imported_again(firm: Firm, before: Import) -> None:
    later = commit(firm, stage(firm, positions_upload(DEARER, title=LATER)))
    after = {key: value[1] for key, value in held(firm.account).items()}
    undo(firm, later)
    again = stage(firm, positions_upload(DEARER, title=LATER))
    assert again != later
    assert again.state == "staged"
    commit(firm, again)
    assert {key: value[1] for key, value in held(firm.account).items()} == after


def test_the_import_before_counts_as_the_last_again(firm: Firm, before: Import) -> None:
    later = commit(firm, stage(firm, positions_upload(DEARER, title=LATER)))
    undo(firm, later)
    same = stage(firm, positions_upload(APPLE, FUND, CASH), lots_upload())
    assert same == before


def test_imports_are_undone_one_after_the_other(firm: Firm, before: Import) -> None:
    was = stored()
    one = commit(firm, stage(firm, positions_upload(DEARER, title=LATER)))
    two = commit(firm, stage(firm, positions_upload(FEWER, title=LATER)))
    undo(firm, two)
    undo(firm, one)
    assert stored() == was


def test_several_accounts_and_one_left_out(firm: Firm, before: Import) -> None:
    ira = Account.objects.create(household=firm.household, name="IRA", number_ending="7777")
    import_ = stage(
        firm,
        positions_upload(DEARER, title=LATER),
        positions_upload(FUND, title=LATER.replace("4321", "7777"), name="ira.csv"),
        positions_upload(CASH, title=LATER.replace("4321", "8888"), name="other.csv"),
    )
    left_out = next(label for label, account in import_.account_map.items() if not account)
    import_ = map_accounts(by=firm.advisor, import_=import_, account_map={left_out: SKIP})
    was = stored()
    commit(firm, import_)
    assert (len(held(firm.account)), len(held(ira))) == (1, 1)
    undo(firm, import_)
    assert stored() == was


def test_numbers_come_back_to_the_last_digit(firm: Firm, before: Import) -> None:
    Position.objects.filter(symbol="VTI").update(
        quantity=Decimal("4.12345678"), price=Decimal("242.512345"), cost_basis=None
    )
    TaxLot.objects.update(disallowed_loss=123, acquired=None, quantity=Decimal("0.00000001"))
    was = stored()
    undo(firm, commit(firm, stage(firm, positions_upload(CASH, title=LATER))))
    assert stored() == was


def test_read_facts_agrees(firm: Firm, before: Import) -> None:
    """As the rules read them, too."""
    was = read_facts(account_ids=[firm.account.pk])
    undo(firm, commit(firm, stage(firm, positions_upload(FEWER, title=LATER))))
    now = read_facts(account_ids=[firm.account.pk])
    assert {k: v for k, v in now.items() if k not in _LEFT_OUT} == {
        k: v for k, v in was.items() if k not in _LEFT_OUT
    }


def test_the_page_asks_and_then_does_it(firm: Firm, before: Import, client: Client) -> None:
    client.force_login(firm.operations)
    later = commit_import(by=firm.operations, import_=stage(firm, positions_upload(FEWER, title=LATER)))
    detail, page = (reverse(f"households:import_{name}", args=[later.pk]) for name in ("detail", "undo"))
    assert f'href="{page}"' in client.get(detail).content.decode()
    text = client.get(page).content.decode()
    assert "What is put back in Joint brokerage" in text
    assert "stock, 9 units, $270.00, cost $135.00</td><td>stock, 10 units, $200.00, cost $150.00" in text
    assert client.get(page).status_code == 200
    assert Import.objects.get(pk=later.pk).state == "committed"
    assert client.post(page).headers["Location"] == detail
    text = client.get(detail).content.decode()
    assert "The import is undone" in text
    assert "And was put back when the import was undone" in text
    assert f'href="{page}"' not in text
    assert (
        "Undone" in client.get(reverse("households:import_create", args=[firm.household.pk])).content.decode()
    )
    assert client.post(page).status_code == 409


def test_the_page_says_when_only_dates_go_back(firm: Firm, before: Import, client: Client) -> None:
    client.force_login(firm.advisor)
    later = commit(firm, stage(firm, positions_upload(APPLE, FUND, CASH, title=LATER)))
    text = client.get(reverse("households:import_undo", args=[later.pk])).content.decode()
    assert "Only their date and source go back." in text
