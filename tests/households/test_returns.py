"""Which return is proposed for an account, and what speaks against the one that is recorded."""

import pytest

from households.models import Household, Person, TaxUnit
from households.returns import doubt_about_return, lands_on_none, proposed_return
from tests.firm import Firm
from tests.households.book import a_couple, a_household, an_account


@pytest.fixture
def household(firm: Firm) -> Household:
    return a_household(firm.advisor)


@pytest.fixture
def people(household: Household) -> dict[str, Person]:
    """Ann and Ben file jointly; Dan, a child, files on his own; Eve's return nobody has named."""
    ann, ben, _ = a_couple(household)
    dans = household.tax_units.create(name="Dan's return", kind="single")
    dan = household.people.create(name="Dan", relation="child", tax_unit=dans)
    return {"ann": ann, "ben": ben, "dan": dan, "eve": household.people.create(name="Eve", relation="child")}


@pytest.mark.parametrize(
    ("registration", "owner", "name", "why"),
    [
        ("individual", "ben", "Joint return", "the return of its owner, Ben Adler"),
        ("joint", "ann", "Joint return", "the return of its owner, Ann Adler"),
        ("grantor_trust", "ann", "Joint return", "the return of its grantor, Ann Adler"),
        ("custodial_minor", "dan", "Dan's return", "the return of its child, Dan"),
    ],
)
def test_the_owner_s_return_is_proposed(
    household: Household, people: dict[str, Person], registration: str, owner: str, name: str, why: str
) -> None:
    found = proposed_return(registration, people[owner], household.tax_units.all())
    assert found is not None
    assert (found.unit.name, found.why) == (name, why)
    assert found.words == f"Proposed: {name}, {why}. It counts once you choose it."


@pytest.mark.parametrize(
    ("registration", "owner"),
    [
        ("custodial_minor", "ann"),  # who signs for a child is not the child
        ("individual", "eve"),
        ("individual", ""),
        ("traditional_ira", "ann"),
        ("roth_ira", "ann"),
        ("employer_plan", "ann"),
        ("donor_advised", "ann"),
        ("non_grantor_trust", "ann"),
        ("", "ann"),
        (None, "ann"),
    ],
)
def test_nothing_is_proposed_where_nothing_speaks_for_one(
    household: Household, people: dict[str, Person], registration: str | None, owner: str
) -> None:
    assert proposed_return(registration, people.get(owner), household.tax_units.all()) is None


def test_a_trust_s_own_return_is_proposed_where_there_is_just_one(
    household: Household, people: dict[str, Person]
) -> None:
    trust = household.tax_units.create(name="Trust", kind="non_grantor_trust")
    units = household.tax_units
    found = proposed_return("non_grantor_trust", None, units.all())
    assert found is not None and found.unit == trust
    assert proposed_return("estate", None, units.all()) is None
    units.create(name="Second trust", kind="non_grantor_trust")
    assert proposed_return("non_grantor_trust", None, units.all()) is None


@pytest.mark.parametrize(
    ("registration", "status", "none"),
    [
        ("traditional_ira", None, True),
        ("traditional_ira", "taxable", False),
        ("individual", None, False),
        ("individual", "tax_exempt", True),
        (None, None, False),
        ("public_charity", "tax_exempt", True),
    ],
)
def test_whether_gains_land_on_no_return(registration: str | None, status: str | None, none: bool) -> None:
    assert lands_on_none(registration, status) is none


@pytest.mark.parametrize(
    ("registration", "owner", "unit", "doubt"),
    [
        ("individual", "ann", "Joint return", ""),
        ("joint", "ann", "Joint return", ""),
        ("individual", "dan", "Joint return", "Its owner, Dan, files on another return."),
        ("grantor_trust", "dan", "Joint return", "Its grantor, Dan, files on another return."),
        (
            "non_grantor_trust",
            "",
            "Joint return",
            "It is a taxpayer of its own, but Joint return is a person's",
        ),
        ("custodial_minor", "dan", "Joint return", "the child's, but Joint return is the parents' return"),
        ("custodial_minor", "ann", "Dan's return", ""),
        ("individual", "eve", "Joint return", ""),
        ("individual", "ann", "", ""),
        ("traditional_ira", "dan", "Joint return", ""),
    ],
)
def test_what_speaks_against_the_recorded_return(
    household: Household, people: dict[str, Person], registration: str, owner: str, unit: str, doubt: str
) -> None:
    joint = household.tax_units.get(name="Joint return")
    chosen = TaxUnit.objects.filter(household=household, name=unit).first()
    account = an_account(household, registration, owner=people.get(owner), tax_unit=chosen)
    found = doubt_about_return(account, {joint.pk})
    assert doubt in found if doubt else found == ""


def test_a_joint_account_of_spouses_who_file_apart_may_land_on_either(household: Household) -> None:
    anns, bens = (household.tax_units.create(name=name) for name in ("Ann's return", "Ben's return"))
    ann = household.people.create(name="Ann", relation="primary", tax_unit=anns)
    account = an_account(household, "joint", owner=ann, tax_unit=bens)
    assert doubt_about_return(account, {anns.pk, bens.pk}) == ""
