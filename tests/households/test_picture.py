"""How a household is laid out: boxes by return, lines by wash-sale group, marks by basis."""

import pytest

from households.foundation.svg import Chart
from households.models import Household
from households.picture import household_chart
from households.selectors import accounts_of
from tests.firm import Firm
from tests.households.book import a_couple, a_household, a_position, an_account, facts_of


@pytest.fixture
def household(firm: Firm) -> Household:
    """Ann's and Ben's, a plan, a company, a trust, Cleo's with a Roth, Dan's alone, a charity."""
    household = a_household(firm.advisor)
    ann, ben, joint = a_couple(household)
    trust, company = (
        household.tax_units.create(name=name, kind=kind)
        for name, kind in (("Trust", "non_grantor_trust"), ("Company", "entity"))
    )
    cleos = household.tax_units.create(name="Cleo's return")
    cleo = household.people.create(name="Cleo", relation="child", tax_unit=cleos)
    dan = household.people.create(name="Dan", relation="child")
    for name, registration, owner, unit, value in (
        ("ann", "individual", ann, joint, 100_000),
        ("ben", "grantor_trust", ben, joint, 200_000),
        ("ira", "traditional_ira", ben, joint, 50_000),
        ("plan", "employer_plan", ann, None, 60_000),
        ("company", "entity", None, company, 10_000),
        ("trust", "non_grantor_trust", None, trust, 20_000),
        ("cleo", "individual", cleo, cleos, 5_000),
        ("roth", "roth_ira", cleo, None, 6_000),
        ("dan", "individual", dan, None, 4_000),
        ("charity", "donor_advised", ann, None, 3_000),
    ):
        account = an_account(household, registration, name=name, owner=owner, tax_unit=unit)
        a_position(account, "CASH", "cash", value)
    facts_of(account)
    return household


def chart(household: Household) -> Chart:
    found = household_chart(
        list(accounts_of(household)), list(household.people.all()), list(household.tax_units.all())
    )
    assert found is not None
    return found


def column(household: Household, place: int) -> dict[str, str]:
    return {row[0]: row[place] for row in chart(household).rows}


def test_each_account_stands_in_the_box_of_its_return(household: Household) -> None:
    """An IRA lands on no return, though one is recorded; the fullest return comes first."""
    assert column(household, 2) == {
        "ann": "Joint return", "ben": "Joint return", "ira": "Retirement accounts",
        "plan": "Retirement accounts", "company": "Company", "trust": "Trust", "cleo": "Cleo's return",
        "roth": "Retirement accounts", "dan": "Return not known yet", "charity": "Exempt from tax",
    }  # fmt: skip
    boxes = list(dict.fromkeys(row[2] for row in chart(household).rows))
    assert boxes == [
        "Joint return", "Trust", "Company", "Cleo's return", "Retirement accounts", "Exempt from tax",
        "Return not known yet",
    ]  # fmt: skip


def test_lines_and_marks(household: Household) -> None:
    """Two groups have a loss to lose: the couple's, and Cleo's with her Roth. Dan's account is alone."""
    assert column(household, 6) == {
        "ann": "A: Purchases count", "ben": "A: Purchases count", "ira": "A: IRA: the loss is lost",
        "plan": "A: Judgment: no source", "trust": "A: Judgment: no source", "company": "A: Not known yet",
        "cleo": "B: Purchases count", "roth": "B: IRA: the loss is lost", "dan": "None", "charity": "None",
    }  # fmt: skip
    assert "line of Ann Adler and Ben Adler" in chart(household).description
    assert "2 accounts on the wash-sale line of Cleo." in chart(household).description


def test_a_company_that_they_control_or_do_not(household: Household) -> None:
    household.accounts.filter(name="company").update(controlled_corporation=True)
    assert column(household, 6)["company"] == "A: Purchases count"
    household.accounts.filter(name="company").update(controlled_corporation=False)
    assert column(household, 6)["company"] == "A: Judgment: no source"


def test_an_account_that_nobody_owns_may_be_on_every_person_s_line(household: Household) -> None:
    account = an_account(household, "individual", name="whose")
    facts_of(account)
    assert column(household, 6)["whose"] == "A: Not known yet; B: Not known yet; C: Not known yet"
    assert column(household, 6)["dan"] == "C: Purchases count"


def test_only_iras_have_no_line(firm: Firm) -> None:
    household = a_household(firm.advisor)
    ann, ben, _ = a_couple(household)
    for owner in (ann, ben):
        account = an_account(household, "roth_ira", name=owner.name, owner=owner)
    facts_of(account)
    assert column(household, 6) == {"Ann Adler": "None", "Ben Adler": "None"}


def test_registrations_lose_their_brackets(household: Household) -> None:
    assert column(household, 3)["ben"] == "Grantor trust"
    assert column(household, 3)["trust"] == "Non-grantor trust"
    assert column(household, 4)["ann"] == "Charles Schwab, No overlay platform"


def test_no_accounts_no_picture(firm: Firm) -> None:
    assert household_chart([], [], []) is None
