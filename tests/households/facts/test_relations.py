"""What an account owes to the others; every expected value is worked by hand."""

import pytest

from households.models import Account, Household
from tests.firm import Firm
from tests.households.book import a_couple, a_household, a_position, an_account, cents, facts_of


@pytest.fixture
def household(firm: Firm) -> Household:
    return a_household(firm.advisor)


@pytest.fixture
def family(household: Household) -> tuple[Account, Account, Account]:
    """Joint account, $600,000 of funds in large caps; Ann's IRA, $300,000 of funds in the total market; an
    irrevocable trust of its own, $100,000 of stock in large caps."""
    ann, _, unit = a_couple(household)
    trust_unit = household.tax_units.create(name="Trust", kind="non_grantor_trust")
    joint = an_account(
        household, "joint", owner=ann, tax_unit=unit, strategy="us_large", platform="envestnet"
    )
    ira = an_account(household, "traditional_ira", owner=ann, strategy="us_total", custodian="fidelity")
    trust = an_account(
        household,
        "non_grantor_trust",
        tax_unit=trust_unit,
        strategy="us_large",
        current_structure="held_away",
    )
    a_position(joint, "VTI", "fund", 600_000)
    a_position(ira, "VTI", "fund", 300_000)
    a_position(trust, "KO", "stock", 100_000)
    return joint, ira, trust


def test_a_joint_account_an_ira_and_a_trust(family: tuple[Account, Account, Account]) -> None:
    joint, ira, trust = family
    of_joint, of_ira, of_trust = facts_of(joint), facts_of(ira), facts_of(trust)
    for facts in (of_joint, of_ira, of_trust):
        assert facts["household_value"] == cents(1_000_000)
        assert facts["household_accounts"] == 3
    # The trust is held away; of its own managed accounts it is one, for it is the one at hand.
    assert [f["household_managed_accounts"] for f in (of_joint, of_ira, of_trust)] == [2, 2, 3]
    # The IRA is not taxable, the trust is a tax unit of its own.
    assert [f["taxable_equity_accounts"] for f in (of_joint, of_ira, of_trust)] == [1, 0, 1]
    # Joint account and IRA can spoil each other's losses and buy the same large caps; the trust stands alone.
    assert [f["wash_group_overlap_share"] for f in (of_joint, of_ira, of_trust)] == [1, 1, 0]
    assert [of_joint["group_on_platform_share"], of_joint["group_movable_share"]] == [1, 1]
    assert [of_trust["group_on_platform_share"], of_trust["group_movable_share"]] == [0, 0]


def test_strategies_that_meet_nowhere_do_not_overlap(family: tuple[Account, Account, Account]) -> None:
    joint, ira, _ = family
    ira.intake.strategy = "emerging"
    ira.intake.save()
    assert facts_of(joint)["wash_group_overlap_share"] == 0


def test_an_overlap_with_an_unnamed_strategy_is_unknown(family: tuple[Account, Account, Account]) -> None:
    joint, ira, _ = family
    ira.intake.strategy = None
    ira.intake.save()
    assert facts_of(joint)["wash_group_overlap_share"] is None


def test_part_of_the_group_overlaps(household: Household) -> None:
    """Of $400,000 elsewhere, $100,000 buys in US large caps."""
    ann, ben, unit = a_couple(household)
    joint = an_account(household, "joint", owner=ann, tax_unit=unit, strategy="us_large")
    a_position(joint, "CASH", "cash", 200_000)
    for owner, strategy, value in ((ben, "global", 100_000), (ben, "us_small", 300_000)):
        a_position(an_account(household, "roth_ira", owner=owner, strategy=strategy), "VT", "fund", value)
    assert facts_of(joint)["wash_group_overlap_share"] == 0.25


def unit_of_three(household: Household, **third: str) -> list[Account]:
    """Three taxable accounts of one unit, $100,000, $100,000 and $200,000 of stock."""
    ann, _, unit = a_couple(household)
    accounts = []
    for value, values in ((100_000, {}), (100_000, {}), (200_000, third)):
        account = an_account(household, owner=ann, tax_unit=unit, strategy="us_large", **values)
        a_position(account, "KO", "stock", value)
        accounts.append(account)
    return accounts


def test_two_on_one_platform_share_it(household: Household) -> None:
    accounts = unit_of_three(household)
    for account in (accounts[0], accounts[2]):
        account.platform = "envestnet"
        account.save()
    facts = facts_of(accounts[1])
    assert facts["taxable_equity_accounts"] == 3
    assert facts["group_on_platform_share"] == 0.75
    assert facts["group_movable_share"] == 1  # all three are at one custodian


def test_one_alone_on_a_platform_coordinates_with_nothing(household: Household) -> None:
    accounts = unit_of_three(household, platform="envestnet", custodian="fidelity")
    facts = facts_of(accounts[0])
    assert facts["group_on_platform_share"] == 0
    assert facts["group_movable_share"] == 0.5  # the two at Schwab


def test_two_other_platforms_need_not_be_the_same(household: Household) -> None:
    accounts = unit_of_three(household, platform="other")
    accounts[0].platform = "other"
    accounts[0].save()
    assert facts_of(accounts[0])["group_on_platform_share"] == 0


def test_an_account_held_away_cannot_move(household: Household) -> None:
    accounts = unit_of_three(household, current_structure="held_away")
    assert facts_of(accounts[0])["group_movable_share"] == 0.5


def test_an_unknown_platform_or_value_is_no_zero(household: Household) -> None:
    accounts = unit_of_three(household, platform="")
    assert facts_of(accounts[0])["group_on_platform_share"] is None
    accounts[2].platform = "none"
    accounts[2].save()
    accounts[2].positions.all().delete()
    facts = facts_of(accounts[0])
    assert facts["group_on_platform_share"] is None
    assert facts["household_value"] is None
    assert facts["taxable_equity_accounts"] == 3  # its target is an equity strategy, whatever it holds


def test_an_account_without_a_tax_unit_could_be_in_any(household: Household) -> None:
    accounts = unit_of_three(household)
    loose = an_account(household, strategy="us_large")
    assert facts_of(accounts[0])["taxable_equity_accounts"] is None
    assert facts_of(loose)["taxable_equity_accounts"] is None
    loose.registration = "roth_ira"
    loose.save()
    assert facts_of(accounts[0])["taxable_equity_accounts"] == 3


def test_alone_in_the_household(household: Household) -> None:
    account = an_account(household, strategy="us_large")
    a_position(account, "CASH", "cash", 50_000)
    facts = facts_of(account)
    names = (
        "household_accounts",
        "household_managed_accounts",
        "taxable_equity_accounts",
        "wash_group_overlap_share",
    )
    assert [facts[name] for name in names] == [1, 1, 1, 0]
    assert [facts["group_on_platform_share"], facts["group_movable_share"]] == [0, 1]


def test_closed_accounts_count_nowhere(household: Household) -> None:
    accounts = unit_of_three(household)
    accounts[2].closed_on = "2026-10-01"
    accounts[2].save()
    facts = facts_of(accounts[0])
    assert facts["household_value"] == cents(200_000)
    assert facts["household_accounts"] == 2


def test_what_the_advisor_states_of_related_accounts_comes_first(household: Household) -> None:
    account = an_account(household, household_value=cents(3_000_000), taxable_equity_accounts=4)
    a_position(account, "CASH", "cash", 50_000)
    facts = facts_of(account)
    assert facts["household_value"] == cents(3_000_000)
    assert facts["taxable_equity_accounts"] == 4


def test_the_households_answers_and_the_one_sleeve(firm: Firm) -> None:
    household = a_household(
        firm.advisor, coordination_importance=3, single_report_wanted=True, sleeves_wanted=1
    )
    account = an_account(household)
    a_position(account, "CASH", "cash", 50_000)
    facts = facts_of(account)
    assert [facts["coordination_importance"], facts["single_report_wanted"]] == [3, True]
    assert facts["direct_index_value"] == cents(50_000)
    household.sleeves_wanted = 2
    household.save()
    assert facts_of(account)["direct_index_value"] is None


def test_an_account_of_unknown_tax_status_leaves_the_shares_open(household: Household) -> None:
    """Taxed or not, all of the unit's taxable equity is on one platform: half of it would be wrong."""
    accounts = unit_of_three(household)
    for account in accounts:
        account.platform = "envestnet"
        account.save()
    accounts[2].registration = ""
    accounts[2].save()
    facts = facts_of(accounts[0])
    assert facts["taxable_equity_accounts"] is None
    assert [facts["group_on_platform_share"], facts["group_movable_share"]] == [None, None]


def test_an_unknown_platform_leaves_open_what_could_move(household: Household) -> None:
    """At two custodians only a platform could bring them together, and nobody says whether one does."""
    accounts = unit_of_three(household, custodian="fidelity")
    for account in accounts:
        account.platform = ""
        account.save()
    assert facts_of(accounts[0])["group_movable_share"] is None
