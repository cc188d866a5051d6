"""The household plan: what it says of each account, and where facts are missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from implementation.rules.engine import evaluate
from implementation.rules.household.assignment import UNKNOWN_COST, assign
from implementation.rules.household.choices import own_fit_policy, terms_of
from implementation.rules.household.plan import Member
from implementation.rules.household.words import why
from tests.rules.books import AS_OF, POLICY, PUBLISHED, SHELF, columns
from tests.rules.household.plans import (
    CASH,
    SMALL,
    STOCK,
    credited,
    places,
    plan,
)
from tests.rules.shelves import shelf_of, sma, uma

# --- what it says -------------------------------------------------------------------------------------------


def test_an_account_that_fits_the_sma_alone_joins_where_coordination_is_worth_more() -> None:
    """Apart the two are worth twice their fit, together twice the credit less twice their fit."""
    alone = plan([STOCK]).placements[0]
    assert (alone.structure, alone.own, alone.relation) == ("SMA", "SMA", "same")
    joined = plan([STOCK, STOCK], policy=credited(2 * alone.fit + 0.02))
    assert [(p.structure, p.relation) for p in joined.placements] == [("UMA", "differs")] * 2
    assert joined.placements[0].why == (
        f"On its own the SMA fits by {alone.fit} points; "
        "together with Ben's on one platform, coordination is worth more."
    )
    apart = plan([STOCK, STOCK], policy=credited(2 * alone.fit - 0.02))
    assert [(p.structure, p.relation) for p in apart.placements] == [("SMA", "same")] * 2
    assert [entry.code for entry in apart.coverage] == ["not_worth_it", "not_worth_it"]


def test_one_joins_for_the_sake_of_the_others() -> None:
    """Stock fits the SMA by s, cash the UMA by c. At a credit of p they are worth p - s + p + c, else s + c.

    So the stock joins from p = s on, though it loses 2s - p by it.
    """
    fit = plan([STOCK]).placements[0].fit
    joined = plan([STOCK, CASH], policy=credited(fit + 0.02))
    assert [p.structure for p in joined.placements] == ["UMA", "UMA"]
    assert "more than coordination is worth to it" in joined.placements[0].why
    assert "but without it Ben's would stand alone, and over the household" in joined.placements[0].why
    apart = plan([STOCK, CASH], policy=credited(fit - 0.02))
    assert [p.structure for p in apart.placements] == ["SMA", "UMA"]


def test_an_own_answer_that_counts_others_who_do_not_join_is_not_followed() -> None:
    """Its own answer counts five others that are on one platform; in this household nobody can join it."""
    counted = CASH | {
        "cash_share": 0, "stock_share": 1, "largest_position_share": 0.1, "saleable_largest_share": 0.1,
        "unrealized_gain_share": 0.1, "stock_gain_share": 0.1, "unrealized_gain": 40_000, "lot_count": 40,
        "coordination_importance": 4, "tax_sensitivity": 4, "group_on_platform_share": 1.0,
        "wash_group_overlap_share": 0.6, "household_managed_accounts": 6, "household_accounts": 6,
        "household_value": 4_000_000, "single_report_wanted": True, "flexibility_need": 4, "sector_tilts": 3,
        "security_restrictions": 20,
    }  # fmt: skip
    placement = plan([counted, CASH | {"custodian": "fidelity"}]).placements[0]
    assert (placement.own, placement.structure, placement.relation) == ("UMA", "SMA", "differs")
    assert placement.why.startswith("Its own answer, the UMA, counts the accounts around it. Other accounts")
    assert placement.why.endswith("and no second account can join it where an overlay reaches both.")
    # With somebody to join, at a credit that is too small to draw it over, that is what is said.
    beside = plan([counted, CASH], policy=credited(0.01)).placements[0]
    assert beside.why.endswith("and coordination with others would be worth less.")


def test_either_is_settled() -> None:
    found = plan(
        [CASH | {"household_accounts": 1, "household_managed_accounts": 1, "taxable_equity_accounts": 1}]
    )
    assert found.placements[0].own == "EITHER"
    assert found.placements[0].relation == "settled"
    assert found.placements[0].why.startswith(
        "Either structure fits it. Other accounts left aside, the UMA fits by"
    )


def test_one_open_structure_is_said_to_be_the_only_one() -> None:
    assert plan([CASH | SMALL]).placements[0].why == "Only the UMA is open to it."


@pytest.mark.parametrize(
    ("today", "uma_bps", "said"),
    [
        ("sma", 10, "Other accounts left aside neither is ahead; it keeps the structure it has"),
        ("brokerage", 40, "Other accounts left aside neither is ahead; the SMA costs less"),
        ("brokerage", 30, "Other accounts left aside neither is ahead; the SMA comes first on the shelf"),
    ],
)
def test_what_decides_a_tie(today: str, uma_bps: float, said: str) -> None:
    shelf = shelf_of(sma(), uma("uma", uma_bps))
    even = terms_of(columns(CASH | {"current_structure": today}), [Member(1)], shelf, POLICY, AS_OF)
    even = replace(even, low=(0,), high=(0,))
    choices = even.choices_at(0, 0)
    (picked,) = assign([choices]).chosen
    assert said in why(even, 0, {0: choices[picked]}, [])[1]


def test_a_price_that_is_not_known_is_not_said_to_be_more() -> None:
    even = terms_of(columns(CASH | {"current_structure": "brokerage"}), [Member(1)], SHELF, POLICY, AS_OF)
    first, second = even.choices[0]
    even = replace(even, low=(0,), high=(0,), choices=((first, second._replace(cost=UNKNOWN_COST)),))
    said = why(even, 0, {0: even.choices[0][0]}, [])[1]
    assert "neither is ahead; of the prices that are known the SMA's is the lowest" in said


def test_coordination_decides_where_neither_is_ahead() -> None:
    even = terms_of(columns(CASH), [Member(1)], SHELF, POLICY, AS_OF)
    even = replace(even, low=(0,), high=(0,))
    _, said = why(even, 0, {0: even.choices[0][1]}, ["Ben's"])
    assert said.endswith("neither is ahead. Together with Ben's on one platform, coordination decides.")


# --- what is not known --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "structure", "stands"), [(29, "SMA", True), (32, "SMA", False), (36, "UMA", True)]
)
def test_a_plan_stands_when_no_completion_changes_it(points: float, structure: str, stands: bool) -> None:
    """Without the flexibility the client needs, own fit is 15.1 to 17.3 and joins from 30.2 to 34.6 on."""
    unsure = STOCK | {"flexibility_need": None}
    own = evaluate(columns(unsure), SHELF, own_fit_policy(POLICY), AS_OF)
    assert (own.low[0], own.high[0]) == (pytest.approx(15.1), pytest.approx(17.3))
    found = plan([unsure, unsure], policy=credited(points))
    assert [p.structure for p in found.placements] == [structure] * 2
    assert (found.provisional, found.stands) == (True, stands)
    assert any(("stands whatever" if stands else "could change this plan") in note for note in found.notes)
    assert not plan([STOCK, STOCK]).provisional


def test_a_program_that_cannot_be_judged_is_left_out_and_it_is_said() -> None:
    shelf = shelf_of(sma(), uma("stated", 30), uma("vague", 10, "sei", initial_minimum="unknown"))
    found = plan([CASH | SMALL], shelf=shelf)
    assert places(found, shelf) == ["stated"]
    assert "Programs whose tests cannot be told for an account are left out for it." in found.notes
    assert not any("left out" in note for note in plan([CASH]).notes)


def test_on_the_published_shelf_nobody_is_said_to_be_covered() -> None:
    found = plan([CASH, CASH], shelf=PUBLISHED)
    assert found.companies == ()
    assert {entry.code for entry in found.coverage} == {"unknown_scope"}
