"""The overlap fact follows the same parties as the page: children, corporations, what nobody has said."""

import pytest

from households.facts.links import OPEN, Basis, circle_of
from households.facts.parties import wash_group
from households.models import Account, Household, Person
from tests.firm import Firm
from tests.households.book import a_couple, a_household, a_position, an_account, facts_of

FACT = "wash_group_overlap_share"


@pytest.fixture
def household(firm: Firm) -> Household:
    return a_household(firm.advisor)


@pytest.fixture
def joint(household: Household) -> Account:
    """The couple's account, which aims at US large caps, beside an IRA of $300,000 that aims elsewhere."""
    ann, ben, unit = a_couple(household)
    joint = an_account(household, "joint", name="Joint", owner=ann, tax_unit=unit, strategy="us_large")
    a_position(joint, "KO", "stock", 200_000)
    ira = an_account(household, "traditional_ira", name="IRA", owner=ben, strategy="emerging")
    a_position(ira, "VWO", "fund", 300_000)
    return joint


def a_company(household: Household, controlled: bool | None) -> Account:
    """$100,000 in US large caps in a family company."""
    unit = household.tax_units.create(name="Company", kind="entity")
    company = an_account(
        household,
        "entity",
        name="Company",
        tax_unit=unit,
        strategy="us_large",
        controlled_corporation=controlled,
    )
    a_position(company, "KO", "stock", 100_000)
    return company


@pytest.mark.parametrize(("controlled", "expected"), [(True, 0.25), (False, 0.0), (None, None)])
def test_a_company_counts_where_it_is_a_corporation_they_control(
    joint: Account, controlled: bool | None, expected: float | None
) -> None:
    """$100,000 of the $400,000 elsewhere; without it none of $300,000; and nobody guesses which."""
    a_company(joint.household, controlled)
    assert facts_of(joint)[FACT] == expected


def test_a_company_without_equity_leaves_nothing_open(joint: Account) -> None:
    company = a_company(joint.household, None)
    company.positions.all().delete()
    company.intake.strategy = "municipal_bond"
    company.intake.save()
    a_position(company, "CASH", "cash", 100_000)
    assert facts_of(joint)[FACT] == 0


def test_what_nobody_says_of_a_company_leaves_its_own_share_open_but_no_trust_s(
    joint: Account,
) -> None:
    company = a_company(joint.household, None)
    unit = joint.household.tax_units.create(name="Trust", kind="non_grantor_trust")
    trust = an_account(joint.household, "non_grantor_trust", tax_unit=unit, strategy="us_large")
    a_position(trust, "KO", "stock", 100_000)
    assert facts_of(company)[FACT] is None
    assert facts_of(trust)[FACT] == 0


def test_a_child_s_custodial_account_is_the_child_s(joint: Account) -> None:
    """In US large caps: were it the couple's, it would be a quarter of what they have elsewhere."""
    dan = Person.objects.create(household=joint.household, name="Dan", relation="child")
    minor = an_account(
        joint.household, "custodial_minor", owner=dan, tax_unit=joint.tax_unit, strategy="us_large"
    )
    a_position(minor, "KO", "stock", 100_000)
    assert facts_of(joint)[FACT] == 0
    assert facts_of(minor)[FACT] == 0
    minor.owner = joint.owner  # who signs for it
    minor.save()
    assert facts_of(joint)[FACT] == 0


def test_an_owner_without_a_return_is_a_taxpayer_all_the_same(joint: Account) -> None:
    cleo = Person.objects.create(household=joint.household, name="Cleo", relation="child")
    hers = an_account(joint.household, "individual", owner=cleo, strategy="us_large")
    roth = an_account(joint.household, "roth_ira", owner=cleo, strategy="us_total")
    a_position(hers, "KO", "stock", 100_000)
    a_position(roth, "VTI", "fund", 50_000)
    assert facts_of(hers)[FACT] == 1
    assert facts_of(joint)[FACT] == 0


def test_facts_and_page_put_the_same_accounts_together(joint: Account) -> None:
    """Whatever is settled between two accounts puts them into one group of the fact."""
    household = joint.household
    a_company(household, True)
    dan = Person.objects.create(household=household, name="Dan", relation="child")
    for registration, owner in (
        ("grantor_trust", joint.owner), ("individual", dan), ("custodial_minor", dan),
        ("roth_ira", joint.owner),
        ("donor_advised", joint.owner), ("employer_plan", joint.owner), ("non_grantor_trust", None),
    ):  # fmt: skip
        an_account(household, registration, owner=owner)
    facts_of(joint)
    accounts = list(household.accounts.select_related("owner", "facts"))
    circle = circle_of(accounts, household.people.all())
    counted = {*Basis} - OPEN - {Basis.PLAN, Basis.RELATED}
    groups = [wash_group(standing, circle.couple) for standing in circle.standings]
    for loss in range(len(accounts)):
        for purchase in range(len(accounts)):
            if circle.basis(loss, purchase) in counted:
                assert groups[loss] == groups[purchase]
    assert sum(group == ("couple", household.pk) for group in groups) == 5  # joint, IRA, company, trust, Roth
