"""A row of the master that is another now: whoever leaves to it what changed follows, with its history."""

import pytest

from households.models import Account, AccountFacts, Change, Household, Security
from tests.firm import Firm
from tests.households.book import a_household, a_position, an_account, facts_of
from tests.households.securities.files import APPLE, FUND, load
from tests.households.securities.test_universes import FACT, ira_of, joint, lines, put

__all__ = ["joint"]
BND = FUND.replace("VTI", "BND").replace(",equity,", ",,")
BY_SYMBOL = "GB0002634946,,,Filed under its number,,fund,,,Test,2026-11-01"
BY_ISIN = "BAESY,,GB0002634946,BAE Systems plc,BAE Systems,stock,equity,,Test,2026-11-02"


@pytest.fixture
def account(firm: Firm) -> Account:
    return an_account(a_household(firm.advisor))


def stored(account: Account, name: str) -> float | None:
    """A fact as it is stored, not rebuilt."""
    value: float | None = AccountFacts.objects.values_list(name, flat=True).get(account=account)
    return value


def last_told(account: Account) -> list[tuple[str, str | None, str | None]]:
    """What the household's history says of the master's last change."""
    rows = Change.objects.filter(household=account.household_id, entity="security")
    newest = rows.latest("at").at
    return sorted(rows.filter(at=newest).values_list("field", "old", "new"))


def test_what_a_fund_invests_in_is_followed_where_lists_say_what_is_bought(
    firm: Firm, joint: Account
) -> None:
    """BND beside $300,000 in and $100,000 out of the list: nobody can tell; of bonds it holds none."""
    a_position(ira_of(joint), "BND", "fund", 400_000)
    load(firm.operations, BND)
    put(firm, *lines("KO"))
    assert stored(joint, FACT) is None
    bonds = BND.replace(",fund,,,", ",fund,fixed_income,,").replace("11-01", "11-02")
    assert load(firm.operations, bonds).households == 1
    assert stored(joint, FACT) == 0.375
    assert last_told(joint) == [("BND: what it is", "fund", "fund (fixed income)")]


def test_without_lists_what_a_fund_invests_in_moves_nothing(firm: Firm, joint: Account) -> None:
    a_position(ira_of(joint), "BND", "fund", 400_000)
    facts_of(joint)
    load(firm.operations, BND)
    bonds = BND.replace(",fund,,,", ",fund,fixed_income,,").replace("11-01", "11-02")
    assert load(firm.operations, bonds).households == 0


def test_the_issuer_of_a_row_of_another_kind_is_followed(firm: Firm, account: Account) -> None:
    """The custodian calls both stocks, the master says whose: of one issuer they are 100%, of two 50%."""
    a_position(account, "AAA", "stock", 50_000)
    a_position(account, "BBB", "stock", 50_000)
    rows = [f"{symbol},,,{symbol} Units,Same Co,other,,,Test,2026-11-01" for symbol in ("AAA", "BBB")]
    load(firm.operations, *rows)
    assert stored(account, "largest_position_share") == 1
    loaded = load(firm.operations, rows[1].replace("Same Co", "Other Co").replace("11-01", "11-02"))
    assert loaded.households == 1
    assert stored(account, "largest_position_share") == 0.5
    assert last_told(account) == [("BBB: what it is", "other of Same Co", "other of Other Co")]


def test_a_number_that_is_taken_away_is_told_where_it_was_held_by(firm: Firm, account: Account) -> None:
    a_position(account, "037833100", "unknown", 50_000)
    a_position(account, "AAPL", "unknown", 50_000)
    load(firm.operations, APPLE)
    assert load(firm.operations, APPLE.replace("037833100,US0378331005", ",")).households == 1
    assert stored(account, "stock_share") is None
    assert last_told(account) == [("037833100: what it is", "stock of Apple Inc.", None)]


def test_whoever_says_all_of_a_position_is_told_nothing(firm: Firm, account: Account) -> None:
    a_position(account, "037833100", "stock", 50_000, issuer="Apple")
    load(firm.operations, APPLE)
    load(firm.operations, APPLE.replace("037833100,US0378331005", ","))
    assert Household.objects.get(pk=account.household_id).revision == 1
    assert not Change.objects.filter(entity="security").exists()


@pytest.mark.parametrize(
    "files", [(BY_SYMBOL, BY_ISIN), (BY_ISIN, BY_SYMBOL)], ids=["symbol first", "isin first"]
)
def test_a_number_finds_the_row_that_has_it_in_whatever_order_rows_come(
    firm: Firm, account: Account, files: tuple[str, str]
) -> None:
    position = a_position(account, "GB0002634946", "unknown", 100)
    for row in files:
        load(firm.operations, row)
    position.refresh_from_db()
    assert position.security.symbol == "BAESY"
    assert stored(account, "stock_share") == 1


def test_a_us_isin_goes_to_the_row_of_its_cusip(firm: Firm, account: Account) -> None:
    position = a_position(account, "US0378331005", "unknown", 100)
    load(firm.operations, "US0378331005,,,Filed under its number,,fund,,,Test,2026-11-01")
    load(firm.operations, APPLE.replace("037833100,US0378331005", "037833100,"))
    position.refresh_from_db()
    assert position.security == Security.objects.get(key="AAPL")
    told = ("US0378331005: what it is", "fund", "stock of Apple Inc.")
    assert last_told(account) == [told]
