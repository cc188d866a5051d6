"""What was stated and the holdings exclude, though they settle nothing themselves, is unknown again."""

from typing import Any

import pytest

from households.models import Account
from tests.firm import Firm
from tests.households.book import a_household, a_position, an_account, facts_of

pytestmark = pytest.mark.django_db
SHARES = {"cash_share": 0.6, "stock_share": 0.4, "fund_share": 0.0, "bond_share": 0.0, "other_share": 0.0}


def held(firm: Firm, **stated: Any) -> Account:
    """MSFT is 30% of $100,000, cash 0.8%, and of what class the other 69.2% are nobody says."""
    account = an_account(a_household(firm.advisor), **stated)
    a_position(account, "MSFT", "stock", 30_000, issuer="Microsoft")
    a_position(account, "CASH", "cash", 800)
    a_position(account, "XXYY", "unknown", 69_200)
    return account


@pytest.mark.parametrize(
    ("stated", "in_force"),
    [(0.05, None), (0.29, None), (0.295, 0.295), (0.3, 0.3), (0.9, 0.9), (0.992, 0.992), (0.998, None)],
)
def test_the_largest_issuer_is_at_least_what_is_seen(
    firm: Firm, stated: float, in_force: float | None
) -> None:
    """At least 30%, at most the 99.2% that are stock or unknown; half a percent is no contradiction."""
    facts = facts_of(held(firm, largest_position_share=stated))
    assert facts["largest_position_share"] == in_force


def test_one_wrong_share_makes_all_five_unknown(firm: Firm) -> None:
    """Cash is at most 0.8% and the 69.2% that nobody named: 70%, not 80%."""
    facts = facts_of(held(firm, **(SHARES | {"cash_share": 0.8, "stock_share": 0.2})))
    assert [facts[name] for name in SHARES] == [None] * 5


def test_shares_that_may_be_true_stay(firm: Firm) -> None:
    stated = SHARES | {"cash_share": 0.6, "stock_share": 0.4}
    facts = facts_of(held(firm, **stated))
    assert {name: facts[name] for name in SHARES} == stated


def test_a_short_position_leaves_everything_possible(firm: Firm) -> None:
    account = held(firm, largest_position_share=0.05)
    a_position(account, "SHRT", "unknown", -20_000)
    assert facts_of(account)["largest_position_share"] == 0.05


def test_without_positions_what_is_stated_stands(firm: Firm) -> None:
    account = an_account(a_household(firm.advisor), largest_position_share=0.05, **SHARES)
    facts = facts_of(account)
    assert (facts["largest_position_share"], facts["cash_share"]) == (0.05, 0.6)
