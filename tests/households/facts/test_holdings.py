"""Facts from positions and lots; every expected value is worked by hand."""

from datetime import date
from typing import Any

import pytest

from households.facts.holdings import long_term_from, short_term_since
from households.models import Account
from households.provenance import decode
from tests.firm import Firm
from tests.households.book import a_household, a_position, an_account, cents, facts_of


@pytest.fixture
def account(firm: Firm) -> Account:
    return an_account(a_household(firm.advisor))


def picked(facts: dict[str, Any], *names: str) -> list[Any]:
    return [facts[name] for name in names]


def test_two_lots_one_short_one_long(account: Account) -> None:
    """$60,000 of stock in two lots, $40,000 of cash.

    Lot 1: bought 2026-02-02, $25,000 for $20,000: short-term gain $5,000.
    Lot 2: bought 2019-05-06, $35,000 for $50,000: loss $15,000. Net -$10,000 of $100,000 = -10%.
    """
    a_position(account, "CASH", "cash", 40_000)
    a_position(account, "KO", "stock", 60_000, ("2026-02-02", 25_000, 20_000), ("2019-05-06", 35_000, 50_000))
    facts = facts_of(account)
    assert facts["account_value"] == cents(100_000)
    shares = picked(facts, "cash_share", "fund_share", "stock_share", "bond_share", "other_share")
    assert shares == [0.4, 0, 0.6, 0, 0]
    gains = picked(facts, "unrealized_gain", "unrealized_loss", "short_term_gain")
    assert gains == [cents(5_000), cents(15_000), cents(5_000)]
    assert picked(facts, "unrealized_gain_share", "stock_gain_share") == [-0.1, -0.1]
    assert picked(facts, "lot_count", "lots_known_share") == [2, 1]
    assert facts["largest_position_share"] == 0.6


def test_a_lot_turns_long_term_the_day_after_its_anniversary(account: Account) -> None:
    a_position(account, "KO", "stock", 25_000, ("2025-11-20", 25_000, 20_000))
    assert facts_of(account, date(2026, 11, 20))["short_term_gain"] == cents(5_000)
    assert facts_of(account, date(2026, 11, 21))["short_term_gain"] == 0


@pytest.mark.parametrize(
    ("acquired", "long_from"),
    [
        ("2025-11-20", "2026-11-21"),
        ("2024-02-29", "2025-03-01"),
        ("2023-02-28", "2024-03-01"),  # the last day of a month: Rev. Rul. 66-7
        ("2024-02-28", "2025-03-01"),
        ("2024-12-31", "2026-01-01"),
    ],
)
def test_holding_period(acquired: str, long_from: str) -> None:
    day, first = date.fromisoformat(acquired), date.fromisoformat(long_from)
    assert long_term_from(day) == first
    assert short_term_since(first) > day
    assert short_term_since(date.fromordinal(first.toordinal() - 1)) <= day


def test_concentration_counts_issuers_not_symbols_and_no_funds(account: Account) -> None:
    """Two classes of one issuer are one concentration of $50,000 in $200,000; the larger fund is none."""
    a_position(account, "VTI", "fund", 100_000)
    a_position(account, "GOOG", "stock", 20_000, issuer="Alphabet Inc.")
    a_position(account, "GOOGL", "stock", 30_000, issuer="ALPHABET INC.")
    a_position(account, "T 4.25 30", "bond", 40_000, issuer="AT&T Inc.")
    a_position(account, "CASH", "cash", 10_000)
    facts = facts_of(account)
    assert facts["largest_position_share"] == 0.25
    assert picked(facts, "fund_share", "stock_share", "bond_share", "cash_share") == [0.5, 0.25, 0.2, 0.05]


def test_restricted_and_retained_parts_are_not_for_sale(account: Account) -> None:
    """Of $70,000 in one issuer, $30,000 is restricted, $10,000 kept: $30,000 of $100,000 may be sold."""
    a_position(account, "ACME", "stock", 30_000, issuer="Acme", restricted="insider")
    a_position(account, "ACMEB", "stock", 30_000, issuer="Acme")
    a_position(account, "ACMEC", "stock", 10_000, issuer="Acme", retained=True)
    a_position(account, "KO", "stock", 5_000, issuer="Coca-Cola", restricted="pledged")
    a_position(account, "CASH", "cash", 25_000)
    facts = facts_of(account)
    assert facts["largest_position_share"] == 0.7
    assert facts["saleable_largest_share"] == 0.3
    assert facts["restricted_share"] == 0.35
    assert facts["restriction_reason"] == "insider"
    assert facts["legacy_retention_share"] == 0.1


def test_no_mark_is_not_an_answer(account: Account) -> None:
    """A custodian's file cannot say that nothing is restricted; somebody has to."""
    a_position(account, "ACME", "stock", 70_000)
    a_position(account, "CASH", "cash", 30_000)
    facts = facts_of(account)
    names = ("restricted_share", "restriction_reason", "legacy_retention_share", "saleable_largest_share")
    assert picked(facts, *names) == [None] * 4
    account.intake.restricted_share = account.intake.legacy_retention_share = 0
    account.intake.save()
    assert picked(facts_of(account), *names) == [0, "none", 0, 0.7]


def test_an_unknown_class_hides_only_what_it_touches(account: Account) -> None:
    """$10,000 of something of another issuer: no share of a class is known, the value is.

    The largest issuer is still known at $60,000, for the unknown one cannot exceed it.
    """
    a_position(account, "KO", "stock", 60_000, ("2019-05-06", 60_000, 40_000), issuer="Coca-Cola")
    a_position(account, "CASH", "cash", 30_000)
    a_position(account, "X19", "unknown", 10_000, ("2019-05-06", 10_000, 9_000), issuer="Nineteen LP")
    facts = facts_of(account)
    shares = picked(facts, "cash_share", "fund_share", "stock_share", "bond_share", "other_share")
    assert shares == [None] * 5
    assert facts["account_value"] == cents(100_000)
    assert facts["largest_position_share"] == 0.6
    assert facts["unrealized_gain_share"] == 0.21
    assert facts["stock_gain_share"] is None


def test_an_unknown_class_that_may_be_the_largest(account: Account) -> None:
    a_position(account, "KO", "stock", 10_000)
    a_position(account, "X19", "unknown", 60_000)
    assert facts_of(account)["largest_position_share"] is None


def test_a_hidden_gain_hides_the_sum(account: Account) -> None:
    """One stock with lots, one with a basis only, one with neither: what is known stays known."""
    a_position(account, "KO", "stock", 50_000, ("2019-05-06", 50_000, 40_000))
    a_position(account, "PG", "stock", 50_000, cost_basis=cents(45_000))
    facts = facts_of(account)
    assert facts["unrealized_gain_share"] == 0.15
    assert picked(facts, "unrealized_gain", "unrealized_loss", "short_term_gain") == [None] * 3
    assert picked(facts, "lot_count", "lots_known_share") == [1, 0.5]
    a_position(account, "T", "stock", 25_000)
    facts = facts_of(account)
    assert facts["unrealized_gain_share"] is None
    assert facts["lots_known_share"] == 0.4


def test_lots_that_contradict_their_position_are_not_trusted(account: Account) -> None:
    """Lots of $80,000 under a position of $50,000 prove nothing about it."""
    a_position(account, "KO", "stock", 50_000, ("2019-05-06", 80_000, 40_000), cost_basis=cents(30_000))
    facts = facts_of(account)
    assert facts["lots_known_share"] == 0
    assert facts["unrealized_gain"] is None
    assert facts["unrealized_gain_share"] == 0.4  # from the position's own basis


def test_lots_are_counted_by_quantity_where_it_is_known(account: Account) -> None:
    """Three of four shares have lots; the lots' older prices do not matter."""
    lots = [("2019-05-06", 9_000, 8_000)] * 3
    a_position(account, "KO", "stock", 40_000, *lots, quantity=4)
    assert facts_of(account)["lots_known_share"] == 0.75


def test_an_undated_gain_may_be_short_or_long(account: Account) -> None:
    a_position(account, "KO", "stock", 50_000, (None, 20_000, 10_000), ("2026-02-02", 30_000, 29_000))
    facts = facts_of(account)
    assert facts["unrealized_gain"] == cents(11_000)
    assert facts["short_term_gain"] is None


def test_all_cash_needs_no_lots(account: Account) -> None:
    a_position(account, "CASH", "cash", 500_000)
    facts = facts_of(account)
    assert picked(facts, "lot_count", "lots_known_share", "unrealized_gain", "largest_position_share") == [
        0,
        1,
        0,
        0,
    ]
    assert picked(facts, "restricted_share", "saleable_largest_share") == [0, 0]


def test_holdings_win_over_what_was_stated_and_statements_fill_the_rest(account: Account) -> None:
    a_position(account, "KO", "stock", 50_000)
    intake = account.intake
    intake.account_value, intake.stock_share = cents(90_000), 0.5
    intake.unrealized_gain, intake.lot_count = cents(7_000), 12
    intake.save()
    facts = facts_of(account)
    assert facts["account_value"] == cents(50_000)
    assert facts["stock_share"] == 1
    assert facts["unrealized_gain"] == cents(7_000)
    assert facts["lot_count"] == 12


def test_a_short_position_leaves_the_shares_unknown(account: Account) -> None:
    a_position(account, "CASH", "cash", 50_000)
    a_position(account, "KO", "stock", -10_000)
    facts = facts_of(account)
    assert facts["account_value"] == cents(40_000)
    assert facts["cash_share"] is None
    assert facts["unrealized_gain_share"] is None


def test_without_positions_and_statements_everything_held_is_unknown(account: Account) -> None:
    facts = facts_of(account)
    assert facts["account_value"] is None
    assert facts["cash_share"] is None
    assert facts["lot_count"] is None


def test_a_statement_that_holdings_contradict_becomes_unknown(account: Account) -> None:
    """Stated before the file came: $80,000 to index, $70,000 short-term gains, a $10,000 household."""
    intake = account.intake
    intake.direct_index_value, intake.short_term_gain = cents(80_000), cents(70_000)
    intake.household_value = cents(10_000)
    intake.save()
    a_position(account, "KO", "stock", 50_000, (None, 50_000, 40_000))
    facts = facts_of(account)
    assert facts["direct_index_value"] is None
    assert facts["unrealized_gain"] == cents(10_000)
    assert facts["short_term_gain"] is None
    assert facts["household_value"] == cents(50_000)
    assert "direct_index_value" not in decode(facts["provenance"])


def test_stated_shares_give_way_to_a_larger_position(account: Account) -> None:
    """Half the value is of a class nobody knows; the stated 30% of stocks cannot hold a position of 40%."""
    intake = account.intake
    intake.stock_share, intake.bond_share, intake.cash_share = 0.3, 0.0, 0.7
    intake.save()
    a_position(account, "KO", "stock", 40_000, issuer="Coca-Cola")
    a_position(account, "X1", "unknown", 30_000, issuer="One LP")
    a_position(account, "X2", "unknown", 30_000, issuer="Two LP")
    facts = facts_of(account)
    assert facts["largest_position_share"] == 0.4
    assert [facts["stock_share"], facts["bond_share"]] == [None, None]


def test_shares_that_leave_one_open_or_nothing_over(account: Account) -> None:
    """Stated 30, 50 and 20%: the other two are none. Stated 30 and 50 of four: the last is 20%."""
    intake = account.intake
    intake.cash_share, intake.fund_share, intake.stock_share = 0.3, 0.5, 0.2
    intake.save()
    assert [facts_of(account)[name] for name in ("bond_share", "other_share")] == [0, 0]
    intake.stock_share, intake.bond_share, intake.other_share = None, 0.0, 0.0
    intake.save()
    assert facts_of(account)["stock_share"] == 0.2
    intake.other_share = None
    intake.save()
    assert facts_of(account)["stock_share"] is None
