"""What the master brings about: positions matched, facts known, what rests on them stale; nothing else."""

from typing import Any

import pytest

from households.facts import rebuild_facts, stale_households
from households.imports.commits import commit_import
from households.imports.staging import stage_import
from households.models import Account, Change, Household, Position
from tests.firm import Firm
from tests.households.book import AS_OF, a_household, a_position, an_account, facts_of
from tests.households.imports.files import positions_upload
from tests.households.imports.formats.build import row
from tests.households.securities.files import APPLE, FUND, GOOG, GOOGL, KO, load


@pytest.fixture
def account(firm: Firm) -> Account:
    return an_account(a_household(firm.advisor))


def shares(facts: dict[str, Any]) -> list[Any]:
    return [facts[name] for name in ("fund_share", "stock_share", "largest_position_share")]


def revision(account: Account) -> int:
    return Household.objects.get(pk=account.household_id).revision


def test_two_share_classes_of_one_issuer_add_up(firm: Firm, account: Account) -> None:
    """$20,000 of GOOG and $30,000 of GOOGL in $100,000 are one concentration of 50%, above KO's 40%."""
    a_position(account, "GOOG", "stock", 20_000)
    a_position(account, "GOOGL", "stock", 30_000)
    a_position(account, "KO", "stock", 40_000)
    a_position(account, "CASH", "cash", 10_000)
    assert shares(facts_of(account)) == [0, 0.9, None]
    load(firm.operations, GOOG, GOOGL, KO)
    assert shares(facts_of(account)) == [0, 0.9, 0.5]


def test_an_unknown_symbol_is_unknown_and_no_stock(firm: Firm, account: Account) -> None:
    """The custodian does not say what VTI is. The master does: a fund, half of the account."""
    a_position(account, "VTI", "unknown", 50_000)
    a_position(account, "KO", "stock", 50_000, issuer="Coca-Cola")
    assert shares(facts_of(account)) == [None, None, None]
    load(firm.operations, FUND)
    assert shares(facts_of(account)) == [0.5, 0.5, 0.5]


def test_no_look_through_a_fund_is_no_position_in_its_stocks(firm: Firm, account: Account) -> None:
    a_position(account, "VTI", "unknown", 90_000)
    a_position(account, "AAPL", "unknown", 10_000)
    load(firm.operations, FUND, APPLE)
    assert shares(facts_of(account)) == [0.9, 0.1, 0.1]


def test_one_unnamed_stock_beside_named_ones_hides_the_largest_issuer(account: Account) -> None:
    """XYZ could be another class of the named one: 60% or 70%. Two tenths of a percent decide nothing."""
    a_position(account, "ABC", "stock", 60_000, issuer="Abc Corp")
    unnamed = a_position(account, "XYZ", "stock", 10_000)
    a_position(account, "CASH", "cash", 30_000)
    assert facts_of(account)["largest_position_share"] is None
    Position.objects.filter(pk=unnamed.pk).update(market_value=200_00)
    Position.objects.filter(symbol="CASH").update(market_value=39_800_00)
    assert facts_of(account)["largest_position_share"] == 0.6


def test_a_single_unnamed_stock_is_the_largest_whoever_issued_it(account: Account) -> None:
    a_position(account, "XYZ", "stock", 70_000)
    a_position(account, "CASH", "cash", 30_000)
    assert facts_of(account)["largest_position_share"] == 0.7


def test_what_somebody_here_says_comes_before_the_master(firm: Firm, account: Account) -> None:
    load(firm.operations, GOOG, GOOGL)
    a_position(account, "GOOG", "stock", 40_000, issuer="Somebody else")
    a_position(account, "GOOGL", "fund", 30_000)
    a_position(account, "CASH", "cash", 30_000)
    assert shares(facts_of(account)) == [0.3, 0.4, 0.4]


def test_revisions_are_raised_where_facts_moved_and_nowhere_else(firm: Firm, account: Account) -> None:
    told = an_account(a_household(firm.advisor, "Told"))
    a_position(account, "VTI", "unknown", 50_000)
    a_position(told, "VTI", "fund", 50_000)
    rebuild_facts([account.household_id, told.household_id])
    loaded = load(firm.operations, FUND)
    assert (loaded.matched, loaded.households) == (1, 1)
    assert (revision(account), revision(told)) == (2, 1)
    assert not stale_households().filter(pk__in=[account.household_id, told.household_id]).exists()
    change = Change.objects.get(entity="security")
    assert (change.household_id, change.field, change.old, change.new, change.by) == (
        account.household_id, "VTI: what it is", None, "fund (equity)", firm.operations,
    )  # fmt: skip


def test_a_changed_issuer_reaches_those_who_hold_it(firm: Firm, account: Account) -> None:
    """Two issuers of 50% become one of 100%."""
    a_position(account, "GOOG", "stock", 50_000)
    a_position(account, "KO", "stock", 50_000)
    load(firm.operations, GOOG, KO)
    assert facts_of(account)["largest_position_share"] == 0.5
    before = revision(account)
    load(firm.operations, GOOG.replace("Alphabet Inc.,stock", "The Coca-Cola Company,stock"))
    assert revision(account) == before + 1
    assert facts_of(account)["largest_position_share"] == 1
    change = Change.objects.get(entity="security", old="stock of Alphabet Inc.")
    assert change.new == "stock of The Coca-Cola Company"


def test_a_position_held_by_its_cusip_finds_its_row_and_loses_it_again(firm: Firm, account: Account) -> None:
    a_position(account, "037833100", "unknown", 50_000)
    a_position(account, "CASH", "cash", 50_000)
    load(firm.operations, APPLE)
    assert facts_of(account)["stock_share"] == 0.5
    before = revision(account)
    load(firm.operations, APPLE.replace("037833100,US0378331005", "38259P508,"))
    assert revision(account) == before + 1
    assert facts_of(account)["stock_share"] is None


def test_cash_is_no_banks_stock(firm: Firm, account: Account) -> None:
    position = a_position(account, "CASH", "cash", 50_000)
    load(firm.operations, KO.replace("KO,", "CASH,", 1))
    position.refresh_from_db()
    assert position.security_id is None


def test_an_import_matches_what_it_brings(firm: Firm) -> None:
    """$1,000 of VTI, of which the file says nothing, and $200 of Apple: five sixths are in a fund."""
    load(firm.operations, FUND, APPLE)
    unsaid = row("VTI", "4", "$250.00", "$1,000.00", "$900.00", "$100.00", kind="--")
    upload = positions_upload(row("AAPL", "10", "$20.00", "$200.00", "$150.00", "$50.00"), unsaid)
    import_ = stage_import(by=firm.advisor, household=firm.household, uploads=[upload], as_of=AS_OF)
    commit_import(by=firm.advisor, import_=import_, as_of=AS_OF)
    assert dict(firm.account.positions.values_list("symbol", "security__key")) == {
        "VTI": "VTI",
        "AAPL": "AAPL",
    }
    facts = facts_of(firm.account)
    assert shares(facts) == [round(1000 / 1200, 6), round(200 / 1200, 6), round(200 / 1200, 6)]


def test_closed_accounts_are_left_alone(firm: Firm, account: Account) -> None:
    a_position(account, "VTI", "unknown", 50_000)
    Account.objects.filter(pk=account.pk).update(closed_on="2026-11-01")
    assert load(firm.operations, FUND).households == 0
    assert revision(account) == 1


def test_a_position_that_came_unmatched_is_matched_by_any_later_load(firm: Firm, account: Account) -> None:
    load(firm.operations, FUND)
    a_position(account, "VTI", "unknown", 50_000)
    loaded = load(firm.operations, FUND)
    assert (loaded.added, loaded.matched, loaded.households) == ([], 1, 1)
    assert facts_of(account)["fund_share"] == 1
