"""Tax status, rates and usable gains; every expected value is worked by hand."""

import pytest

from households.models import Account, Household, TaxUnit
from tests.firm import Firm
from tests.households.book import a_couple, a_household, a_position, an_account, cents, facts_of


@pytest.fixture
def household(firm: Firm) -> Household:
    return a_household(firm.advisor)


def taxed(household: Household, *, budget: float | None, **unit: object) -> Account:
    ann, _, joint = a_couple(household, **unit)
    stated = {} if budget is None else {"gain_budget": cents(budget)}
    return an_account(household, "individual", owner=ann, tax_unit=joint, **stated)


def test_usable_gains_are_those_elsewhere_and_the_accounts_own_transition(household: Household) -> None:
    """$20,000 elsewhere + the lesser of budget $15,000 and gains $40,000 - $5,000 carried = $30,000."""
    account = taxed(household, budget=15_000, loss_carryforward=cents(5_000))
    a_position(account, "KO", "stock", 90_000, ("2019-05-06", 90_000, 50_000))
    assert facts_of(account)["usable_gains"] == cents(30_000)


def test_gains_in_what_may_not_be_sold_are_no_transition_gains(household: Household) -> None:
    """Of $40,000 gains $34,000 are in restricted stock: $20,000 + $6,000."""
    account = taxed(household, budget=15_000)
    a_position(account, "ACME", "stock", 80_000, ("2019-05-06", 80_000, 46_000), restricted="insider")
    a_position(account, "KO", "stock", 10_000, ("2019-05-06", 10_000, 4_000))
    assert facts_of(account)["usable_gains"] == cents(26_000)


def test_carryforwards_come_first_and_nothing_is_below_zero(household: Household) -> None:
    account = taxed(household, budget=0, loss_carryforward=cents(25_000))
    assert facts_of(account)["usable_gains"] == 0


def test_a_budget_of_zero_needs_no_known_gains(household: Household) -> None:
    assert facts_of(taxed(household, budget=0))["usable_gains"] == cents(20_000)


def test_an_unknown_part_leaves_usable_gains_unknown(household: Household) -> None:
    account = taxed(household, budget=None)
    a_position(account, "KO", "stock", 90_000, ("2019-05-06", 90_000, 50_000))
    assert facts_of(account)["usable_gains"] is None
    TaxUnit.objects.update(gains_elsewhere=None)
    account.intake.gain_budget = 0
    account.intake.save()
    assert facts_of(account)["usable_gains"] is None


def test_rates_come_from_the_tax_unit(household: Household) -> None:
    facts = facts_of(taxed(household, budget=0))
    assert [facts["short_term_rate"], facts["long_term_rate"]] == [0.408, 0.238]
    assert [facts["short_term_gain_fraction"], facts["loss_carryforward"]] == [0.25, 0]


@pytest.mark.parametrize(
    ("registration", "status"),
    [
        ("individual", "taxable"),
        ("grantor_trust", "taxable"),
        ("estate", "taxable"),
        ("custodial_minor", "taxable"),
        ("traditional_ira", "tax_deferred"),
        ("employer_plan", "tax_deferred"),
        ("roth_ira", "tax_free"),
        ("public_charity", "tax_exempt"),
        ("donor_advised", "tax_exempt"),
    ],
)
def test_tax_status_follows_the_registration(household: Household, registration: str, status: str) -> None:
    assert facts_of(an_account(household, registration))["tax_status"] == status


def test_an_override_of_the_tax_status_stands(household: Household) -> None:
    account = an_account(household, "employer_plan", tax_status="tax_free", tax_status_reason="Roth 401(k)")
    assert facts_of(account)["tax_status"] == "tax_free"


def test_an_ira_has_no_rates_and_nothing_to_offset(household: Household) -> None:
    ann, _, joint = a_couple(household)
    account = an_account(household, "traditional_ira", owner=ann, tax_unit=joint, tax_sensitivity=4)
    facts = facts_of(account)
    for name in ("short_term_rate", "long_term_rate", "usable_gains", "gain_budget", "tax_sensitivity"):
        assert facts[name] == 0, name
    assert facts["step_up_expected"] is False


def test_a_private_foundation_pays_its_excise_only(household: Household) -> None:
    facts = facts_of(an_account(household, "private_foundation"))
    assert facts["long_term_rate"] == 0.0139
    assert facts["usable_gains"] == 0


def test_an_unknown_registration_leaves_all_of_it_unknown(household: Household) -> None:
    facts = facts_of(an_account(household, ""))
    assert [facts[name] for name in ("tax_status", "short_term_rate", "usable_gains")] == [None] * 3
