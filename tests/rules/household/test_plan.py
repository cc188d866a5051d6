"""The household plan: what it counts, and which program it takes."""

from __future__ import annotations

from typing import Any

import pytest

from implementation.rules.facts import FACTS
from implementation.rules.household.plan import Member, household_plan
from tests.rules.books import AS_OF, POLICY, SHELF, columns
from tests.rules.household.plans import (
    CASH,
    IRA,
    NOT_TAXED,
    SMALL,
    STOCK,
    places,
    plan,
)
from tests.rules.shelves import shelf_of, sma, uma

# --- what it counts -----------------------------------------------------------------------------------------


def test_two_of_a_tax_unit_are_coordinated_and_an_ira_is_not() -> None:
    found = plan([CASH, CASH, IRA], [Member(1), Member(1), NOT_TAXED])
    assert places(found)[:2] == ["house_uma", "house_uma"]
    assert [p.credit for p in found.placements] == [15, 15, 0]
    assert found.companies[0].accounts == (0, 1)
    assert [entry.code for entry in found.coverage] == ["covered", "covered", "not_taxable"]
    assert "can still disallow a loss" in found.coverage[2].text
    assert any("Nothing here watches for wash sales" in note for note in found.notes)


def test_accounts_of_two_returns_are_not_coordinated() -> None:
    found = plan([CASH, CASH], [Member(1), Member(2)])
    assert found.companies == ()
    assert [entry.code for entry in found.coverage] == ["alone", "alone"]


def test_accounts_at_two_custodians_are_not_coordinated_and_it_is_said() -> None:
    found = plan([CASH, CASH | {"custodian": "fidelity"}])
    assert found.companies == ()
    assert "Coordination across custodians is not available to either structure." in " ".join(found.notes)
    assert not any("custodians" in note for note in plan([CASH, CASH]).notes)


def test_on_one_platform_today_they_are_together_whatever_the_custodian() -> None:
    here = {"platform": "house_overlay", "current_structure": "uma"}
    found = plan([CASH | here, CASH | here | {"custodian": "fidelity"}])
    assert found.companies[0].accounts == (0, 1)


def test_two_custodians_that_nobody_has_named_are_two() -> None:
    assert plan([CASH | {"custodian": "other"}] * 2).companies == ()


@pytest.mark.parametrize(
    ("changes", "shelf", "code"),
    [
        ({"current_structure": "held_away"}, {}, "held_away"),
        ({}, {"overlay_scope": "account"}, "no_scope"),
        ({}, {"overlay_scope": None}, "unknown_scope"),
        ({}, {"overlay_custodians": ["pershing"]}, "custodian"),
        ({}, {"registrations": ["estate"]}, "not_open"),
        ({"custodian": None}, {}, "unknown"),
    ],
)
def test_why_no_overlay_covers_an_account(changes: dict[str, Any], shelf: dict[str, Any], code: str) -> None:
    found = plan([STOCK | changes, STOCK | changes], shelf=SHELF.with_changes({"UMA": shelf}))
    assert found.companies == ()
    assert [entry.code for entry in found.coverage] == [code, code]


@pytest.mark.parametrize("outside", ["no_equities", "no_return", "unknown"])
def test_no_credit_without_a_known_return(outside: str) -> None:
    found = plan([CASH, CASH], [Member(1), Member(None, outside)])
    assert found.companies == ()
    assert found.coverage[1].code == outside


def test_what_has_no_answer_of_its_own_stays_as_it_is() -> None:
    unneeded = IRA | {"client_requests_direct_indexing": False, "security_restrictions": 0}
    accounts = [
        unneeded,
        CASH | {"account_value": 40_000, "direct_index_value": 40_000},
        CASH | {"account_value": None, "direct_index_value": None},
    ]
    found = plan(accounts, [NOT_TAXED, Member(1), Member(1)])
    assert [p.own for p in found.placements] == ["NEITHER", "NEITHER", "INDETERMINATE"]
    assert [(p.program, p.structure, p.relation) for p in found.placements] == [(None, "", "fixed")] * 3
    for placement, part in zip(
        found.placements, ("Nothing here asks", "No program", "Facts are missing"), strict=True
    ):
        assert part in placement.why
    assert (found.plan.points, found.plan.dollars, found.plan.coordinated) == (0, 0, 0)


def test_an_account_with_nothing_in_it_is_not_placed() -> None:
    free = {"initial_minimum": 0, "maintenance_minimum": 0, "sleeve_minimum": 0}
    shelf = SHELF.with_changes({"SMA": free, "UMA": free})
    empty = CASH | {"account_value": 0, "direct_index_value": 0}
    found = plan([CASH, empty], shelf=shelf)
    assert found.placements[1].relation == "fixed"
    assert "nothing in it" in found.placements[1].why


def test_where_some_program_is_open_but_not_which_it_says_so() -> None:
    """Two SMAs, each at one custodian; where the account is held is not known."""
    shelf = shelf_of(
        sma("sma_schwab", 20, custodians=["schwab"]),
        sma("sma_elsewhere", 20, custodians=[code for code in FACTS["custodian"].codes if code != "schwab"]),
    )
    (placement,) = plan([STOCK | {"custodian": None}], shelf=shelf).placements
    assert (placement.relation, placement.own) == ("fixed", "SMA")
    assert placement.why == "Which of the programs is open to it is not known, so it stays as it is."


def test_nobody_and_one_account() -> None:
    nobody = household_plan({name: c[:0] for name, c in columns({}).items()}, [], [], SHELF, POLICY, AS_OF)
    assert (nobody.placements, nobody.companies, nobody.notes) == ((), (), ())
    one = plan([CASH])
    assert places(one) == ["house_uma"]
    assert [entry.code for entry in one.coverage] == ["alone"]
    assert one.notes == ()


def test_columns_members_and_names_go_together() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        household_plan(columns(CASH), [], ["one"], SHELF, POLICY, AS_OF)


# --- which program ------------------------------------------------------------------------------------------


TWO_UMAS = shelf_of(
    sma(),
    uma("cheap", 20, "sei", overlay_scope="account"),
    uma("dear", 40, "orion", overlay_custodians=["schwab"]),
)


def test_coordinated_accounts_meet_on_the_platform_that_reaches_them_others_take_the_cheapest() -> None:
    assert places(plan([CASH, CASH], shelf=TWO_UMAS), TWO_UMAS) == ["dear", "dear"]
    assert places(plan([CASH, CASH], [Member(1), Member(2)], shelf=TWO_UMAS), TWO_UMAS) == ["cheap", "cheap"]
    assert plan([CASH, CASH], shelf=TWO_UMAS).companies[0].platform == "orion"


def test_of_two_platforms_that_reach_both_the_cheaper_is_taken() -> None:
    shelf = shelf_of(sma(), uma("dear", 40, "orion"), uma("cheap", 20, "sei"))
    assert places(plan([CASH, CASH], shelf=shelf), shelf) == ["cheap", "cheap"]


def test_an_unknown_price_is_never_the_cheaper() -> None:
    shelf = shelf_of(sma(), uma("unpriced", None, "orion", fees="unknown"), uma("dear", 200, "sei"))
    assert places(plan([CASH, CASH], shelf=shelf), shelf) == ["dear", "dear"]


def test_what_it_costs_beside_own_answers_and_today() -> None:
    # 400,000 at 20 bps are $800, at 40 bps $1,600; today 10 bps, $400
    now = CASH | {"current_cost_bps": 10}
    found = plan([now, now], shelf=TWO_UMAS)
    assert [p.dollars for p in found.placements] == [1_600, 1_600]
    assert [p.dollars_today for p in found.placements] == [400, 400]
    assert (found.plan.dollars, found.own.dollars, found.today.dollars) == (3_200, 1_600, 800)
    assert found.own.points is not None
    assert found.plan.points == pytest.approx(found.own.points + 15)
    assert [way.coordinated for way in (found.plan, found.own, found.today)] == [800_000, 0, 0]
    unknown = now | {"current_cost_bps": None, "current_structure": "sma", "exit_cost": 0}
    assert plan([unknown | SMALL] * 2).today.dollars is None


def test_what_staying_is_worth() -> None:
    fit = plan([CASH]).placements[0].fit
    assert plan([CASH]).today.points == 0  # neither structure today
    assert plan([CASH | {"current_structure": "sma"}]).today.points == pytest.approx(fit)
    here = {"platform": "house_overlay", "current_structure": "uma"}
    together = plan([CASH | here, CASH | here]).today
    assert (together.points, together.coordinated) == (pytest.approx(15 - fit), 800_000)
    unknown = plan([CASH | {"current_structure": None}]).today
    assert (unknown.points, unknown.coordinated) == (None, None)
