"""Stocks whose issuer nobody named: the largest issuer is then bounded, and a bound is no value."""

import pytest

from households.models import Account
from tests.firm import Firm
from tests.households.book import a_household, a_position, an_account, facts_of

FACT = "largest_position_share"


@pytest.fixture
def account(firm: Firm) -> Account:
    return an_account(a_household(firm.advisor))


def holds(account: Account, named: dict[str, float], unnamed: list[float]) -> None:
    """Stocks for dollars, and cash to make $100,000."""
    for issuer, value in named.items():
        a_position(account, issuer[:4], "stock", value, issuer=issuer)
    for number, value in enumerate(unnamed):
        a_position(account, f"X{number}", "stock", value)
    a_position(account, "CASH", "cash", 100_000 - sum(named.values()) - sum(unnamed))


@pytest.mark.parametrize(
    ("named", "unnamed", "expected"),
    [
        # All of the unnamed may be of the largest: $40,000 to $40,500 is 40% within half a percent.
        ({"Acme": 40_000, "Beta": 20_000}, [200, 200, 100], 0.4),
        ({"Acme": 40_000, "Beta": 20_000}, [200, 200, 101], None),
        # Many small ones add up: each alone would not matter.
        ({"Acme": 40_000}, [450] * 10, None),
        # However far the others are behind, they may be of the largest itself.
        ({"Acme": 70_000}, [5_000], None),
        # The largest is unnamed, and a named one may be its issuer: 30% or 31%; 30% or 30.4%.
        ({"Acme": 1_000}, [30_000], None),
        ({"Acme": 400}, [30_000], 0.3),
        # Two unnamed ones of one issuer or of two: 30% or 50%.
        ({}, [30_000, 20_000], None),
        ({}, [30_000], 0.3),
        # Nothing is unnamed.
        ({"Acme": 40_000, "Beta": 20_000}, [], 0.4),
    ],
)
def test_a_bound_is_no_value(
    account: Account, named: dict[str, float], unnamed: list[float], expected: float | None
) -> None:
    holds(account, named, unnamed)
    assert facts_of(account)[FACT] == expected


def test_naming_them_settles_it(account: Account) -> None:
    holds(account, {"Acme": 40_000}, [5_000])
    assert facts_of(account)[FACT] is None
    account.positions.filter(symbol="X0").update(issuer="Beta")
    assert facts_of(account)[FACT] == 0.4
    account.positions.filter(symbol="X0").update(issuer="ACME")
    assert facts_of(account)[FACT] == 0.45
