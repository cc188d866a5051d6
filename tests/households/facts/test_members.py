"""Whose taxable equity each account is; what they count up to is the fact of the same name."""

from typing import Any

import pytest

from households.facts import TaxMember, read_facts, rebuild_facts, tax_members
from households.models import Household, TaxUnit
from tests.firm import Firm
from tests.households.book import AS_OF, a_couple, a_household, an_account, cents


@pytest.fixture
def household(firm: Firm) -> Household:
    return a_household(firm.advisor)


FUNDED = {
    "account_value": cents(500_000), "strategy": "us_large",
    "cash_share": 0.0, "fund_share": 1.0, "stock_share": 0.0, "bond_share": 0.0, "other_share": 0.0,
}  # fmt: skip


def members_of(household: Household) -> dict[str, TaxMember]:
    rebuild_facts([household.pk], as_of=AS_OF)
    facts = read_facts(household_ids=[household.pk])
    accounts = household.accounts.in_bulk()
    units = [accounts[key].tax_unit_id for key in facts["account_id"]]
    found = tax_members(facts, units)
    return {accounts[key].name: member for key, member in zip(facts["account_id"], found, strict=True)}


def test_accounts_of_one_return_share_its_number(household: Household) -> None:
    _, _, joint = a_couple(household)
    trust = TaxUnit.objects.create(household=household, name="Trust", kind="non_grantor_trust")
    for name, unit in (("A", joint), ("B", trust), ("C", joint)):
        an_account(household, "individual", name=name, tax_unit=unit, **FUNDED)
    found = members_of(household)
    assert found["A"].unit == found["C"].unit != found["B"].unit
    assert {member.outside for member in found.values()} == {""}
    facts = read_facts(household_ids=[household.pk])
    units = [member.unit for member in members_of(household).values()]
    assert sorted(facts["taxable_equity_accounts"]) == sorted(units.count(unit) for unit in units)


@pytest.mark.parametrize(
    ("registration", "changes", "outside"),
    [
        ("traditional_ira", {}, "not_taxable"),
        ("individual", {"strategy": "municipal_bond", "fund_share": 0.0, "bond_share": 1.0}, "no_equities"),
        ("individual", {"tax_unit": None}, "no_return"),
        ("", {}, "unknown"),
        ("individual", {"strategy": "", "fund_share": None, "cash_share": None}, "unknown"),
        # Cash that is meant for an equity strategy is equity to come.
        ("individual", {"fund_share": 0.0, "cash_share": 1.0}, ""),
    ],
)
def test_why_an_account_is_no_member(
    household: Household, registration: str, changes: dict[str, Any], outside: str
) -> None:
    _, _, joint = a_couple(household)
    an_account(household, registration, name="A", **({"tax_unit": joint} | FUNDED | changes))
    found = members_of(household)["A"]
    assert found.outside == outside
    assert (found.unit is None) == bool(outside)


def test_a_household_without_accounts_has_none(household: Household) -> None:
    assert members_of(household) == {}
