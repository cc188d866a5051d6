"""The plan on the household page: who goes where, beside its own answer, and what is said of the rest."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from households.facts.reading import OF_ACCOUNT, OF_HOUSEHOLD, OF_TAX_UNIT
from households.models import Account, Household, Intake, Person, TaxUnit
from households.models.facts import FACT_NAMES
from implementation.rules.contract import FACTS
from tests.recommendations.conftest import case_facts
from tests.recommendations.reading import words_of

pytestmark = pytest.mark.django_db

RELATED = (
    "household_value", "household_accounts", "household_managed_accounts", "taxable_equity_accounts",
    "wash_group_overlap_share", "group_on_platform_share", "group_movable_share",
)  # fmt: skip
STATED = [name for name in FACT_NAMES if name not in (*OF_ACCOUNT, *OF_TAX_UNIT, *OF_HOUSEHOLD, *RELATED)]


def an_account(household: Household, name: str, unit: TaxUnit | None = None, **changes: Any) -> Account:
    """$400,000 in cash, as in case 6, stated in the intake; facts about other accounts follow."""
    facts = case_facts(6, custodian="schwab") | changes
    kept = {field: facts[field] for field in OF_ACCOUNT if field != "tax_status"}
    owner = Person.objects.filter(household=household).first()
    account = Account.objects.create(
        household=household, name=name, tax_unit=unit, owner=owner, **(kept | {"exit_cost": 0})
    )
    stated = {field: facts[field] for field in [*STATED, *(set(RELATED) & set(changes))]}
    stated = {field: value for field, value in stated.items() if value is not None}
    cents = {field: round(value * 100) for field, value in stated.items() if FACTS[field].kind == "money"}
    Intake.objects.create(account=account, **(stated | cents))
    return account


@pytest.fixture
def household(firm: Any, rules: None) -> Household:
    household: Household = firm.household
    household.accounts.all().delete()
    Household.objects.filter(pk=household.pk).update(
        coordination_importance=4, single_report_wanted=False, sleeves_wanted=1
    )
    return household


@pytest.fixture
def unit(household: Household) -> TaxUnit:
    return household.tax_units.get()


def panel(firm: Any, household: Household) -> str:
    client = Client()
    client.force_login(firm.advisor)
    answer = client.get(reverse("recommendations:household_plan", args=[household.pk]))
    assert answer.status_code == 200
    return words_of(answer.content.decode())


def test_accounts_stand_where_they_go_with_their_own_answer_and_why(
    firm: Any, household: Household, unit: TaxUnit
) -> None:
    an_account(household, "Joint brokerage", unit)
    an_account(household, "Ben's brokerage", unit)
    an_account(household, "Away", unit, custodian="fidelity")
    an_account(household, "Ann's IRA", registration="traditional_ira", security_restrictions=0)
    said = panel(firm, household)
    assert "2 accounts go where one overlay coordinates them." in said
    assert "1 account stays as it is." in said
    assert "House UMA with direct index sleeve $800k, coordinated by its overlay" in said
    assert "House UMA with direct index sleeve $400k Away" in said
    assert "Together with Joint brokerage on one platform, coordination adds 15 points." in said
    assert "Stays as it is $400k" in said
    assert "Nothing here asks for direct indexing" in said
    # $400,000 at the house UMA: 25 bps of 250,000, 20 of 150,000, 15 of all: 625 + 300 + 600
    assert "$1,525" in said
    assert "This plan" in said and "$4,575" in said  # three of them
    assert "Ann's IRA Gains here are not taxed" in said
    assert "Away No second account of its return can join it where an overlay reaches both." in said
    assert "Coordination across custodians is not available to either structure." in said
    assert "Nothing here watches for wash sales." in said
    assert "Exact: every assignment of these accounts" in said
    assert "house policy 2026.13 and house shelf 1" in said


def test_the_chart_shows_where_the_money_is(firm: Any, household: Household, unit: TaxUnit) -> None:
    an_account(household, "One", unit)
    an_account(household, "Two", unit)
    said = panel(firm, household)
    assert "By the plan: UMA $800,000, $800,000 of it coordinated." in said
    assert "Today: In no structure $800,000." in said


def test_what_stays_as_it_is_stays_so_in_text_chart_and_table(
    firm: Any, household: Household, unit: TaxUnit
) -> None:
    """The IRA, in a UMA today, has the own answer of neither; nothing takes it out of the UMA."""
    an_account(household, "One", unit)
    an_account(
        household, "Ann's IRA", registration="traditional_ira", security_restrictions=0,
        current_structure="uma",
    )  # fmt: skip
    said = panel(firm, household)
    assert "1 account stays as it is." in said
    assert "Each by its own answer: Either $400,000, Neither $400,000." in said
    assert "By the plan: UMA $400,000, Stays as it is $400,000." in said
    assert "Stays as it is $400k" in said


def test_a_sum_of_values_nobody_knows_is_not_zero(firm: Any, household: Household, unit: TaxUnit) -> None:
    unknown = {"account_value": None, "direct_index_value": None}
    an_account(household, "New", unit, **unknown)
    said = panel(firm, household)
    assert "Stays as it is Value not known" in said and "$0" not in said
    an_account(household, "Small", unit, account_value=30_000, direct_index_value=30_000)
    assert "Stays as it is $30k and more" in panel(firm, household)


def test_a_place_against_the_own_answer_is_marked(firm: Any, household: Household, unit: TaxUnit) -> None:
    # Its own answer counts accounts on one platform; the only other account of the household is elsewhere.
    counted = {
        "cash_share": 0, "stock_share": 1, "largest_position_share": 0.1, "saleable_largest_share": 0.1,
        "unrealized_gain_share": 0.1, "stock_gain_share": 0.1, "unrealized_gain": 40_000, "lot_count": 40,
        "tax_sensitivity": 4, "group_on_platform_share": 1, "wash_group_overlap_share": 0.6,
        "taxable_equity_accounts": 3, "household_managed_accounts": 6, "household_accounts": 6,
        "household_value": 4_000_000, "flexibility_need": 4, "sector_tilts": 3, "security_restrictions": 20,
    }  # fmt: skip
    Household.objects.filter(pk=household.pk).update(single_report_wanted=True)
    an_account(household, "Stocks", unit, **counted)
    an_account(household, "Away", unit, custodian="fidelity")
    said = panel(firm, household)
    assert "1 account would go elsewhere alone." in said
    assert "Stocks Differs Its own answer, the UMA, counts the accounts around it." in said
    assert "House direct index SMA $400k" in said


def test_the_page_of_the_household_asks_for_its_plan(firm: Any, household: Household, unit: TaxUnit) -> None:
    client = Client()
    client.force_login(firm.advisor)
    page = reverse("households:household", args=[household.pk])
    plan = reverse("recommendations:household_plan", args=[household.pk])
    assert plan not in client.get(page).content.decode()  # no accounts yet
    an_account(household, "One", unit)
    assert f'hx-get="{plan}"' in client.get(page).content.decode()


def test_without_accounts(firm: Any, household: Household) -> None:
    assert panel(firm, household).strip() == "This household has no open account."


def test_one_account_is_its_own_plan(firm: Any, household: Household, unit: TaxUnit) -> None:
    an_account(household, "Only", unit)
    said = panel(firm, household)
    assert "With one account there is nothing to place together: its own fit is the plan." in said
    assert "House UMA with direct index sleeve" in said
    assert "wash sales" not in said


def test_nobody_can_be_placed(firm: Any, household: Household, unit: TaxUnit) -> None:
    an_account(household, "New", unit, account_value=None, direct_index_value=None)
    an_account(household, "Small", unit, account_value=30_000, direct_index_value=30_000)
    said = panel(firm, household)
    assert "No account can be placed yet" in said
    assert "Facts are missing" in said and "Answer what is missing for New" in said
    assert "Where the money is" not in said


def test_without_rules_in_force_it_says_so(firm: Any) -> None:
    assert "is in force" in panel(firm, firm.household)


def test_a_stranger_finds_nothing(firm: Any, rules: None) -> None:
    client = Client()
    client.force_login(firm.stranger)
    assert client.get(reverse("recommendations:household_plan", args=[firm.household.pk])).status_code == 404


def test_names_are_text(firm: Any, household: Household, unit: TaxUnit) -> None:
    an_account(household, "<b>One</b>", unit)
    an_account(household, "Two", unit)
    client = Client()
    client.force_login(firm.advisor)
    page = client.get(reverse("recommendations:household_plan", args=[household.pk])).content.decode()
    assert "<b>One" not in page
    assert "Together with &lt;b&gt;One&lt;/b&gt; on one platform" in page


def test_the_number_of_queries_does_not_depend_on_the_accounts(
    firm: Any, household: Household, unit: TaxUnit
) -> None:
    client = Client()
    client.force_login(firm.advisor)
    address = reverse("recommendations:household_plan", args=[household.pk])
    counts = []
    for name in ("One", "Two", "Three", "Four", "Five", "Six"):
        an_account(household, name, unit)
        if name in ("Two", "Six"):
            client.get(address)  # builds the facts
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.append(len(queries))
    assert counts[0] == counts[1] <= 10
