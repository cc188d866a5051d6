"""Tax: depth in one account, breadth where an overlay reaches, nothing where gains are not taxed."""

import pytest

from implementation.rules.factors import reads
from implementation.rules.factors.tax import fit
from implementation.rules.shapes import Bands
from tests.rules.books import SHELF
from tests.rules.scored import contribution, reasons
from tests.rules.small import call, code, line, rules, same, table

ALL = reads(fit)
SHARED = {
    "applies": table("tax_status", {"taxable": 1.0}),
    "care": Bands.of([(0.0, 0.5), (2.0, 1.0), (4.0, 1.5)]),
    "depth": same(0.02),
    "after_carryforward": line(-1.0).through([(0.0, 1.0), (1.0, 0.0)]),
    "alone": Bands.of([(0.0, 1.0), (2.0, 0.5)]),
    "movable": line(0.5),
    "importance": same(1.0),
}
TAXABLE = {"tax_status": code("tax_status", "taxable"), "tax_sensitivity": 2.0}
BREADTH = rules(**SHARED, across_accounts=Bands.of([(0.0, 0.0), (2.0, 20.0)]), overlap=line(10.0))
DEPTH = rules(**SHARED, own_harvest=line(20.0, at=100.0))
# 0.20 + 0.25 * (0.40 - 0.20) = 0.25 on losses of 0.02 of the direct index: 50 bps, half of 20 points
HARVEST = TAXABLE | {
    "short_term_rate": 0.40,
    "long_term_rate": 0.20,
    "short_term_gain_fraction": 0.25,
    "usable_gains": 12_000.0,
    "direct_index_value": 400_000.0,
    "account_value": 400_000.0,
}


def test_own_harvest_is_capped_by_what_the_index_can_lose() -> None:
    assert call(fit, DEPTH, ALL, **HARVEST) == pytest.approx(60)


def test_own_harvest_is_capped_by_the_gains_it_can_offset() -> None:
    assert call(fit, DEPTH, ALL, **(HARVEST | {"usable_gains": 4_000.0})) == pytest.approx(55)


def test_a_carryforward_comes_first() -> None:
    assert call(fit, DEPTH, ALL, **HARVEST, loss_carryforward=200_000.0) == pytest.approx(55)


def test_with_a_second_account_half_of_the_work_lies_elsewhere() -> None:
    assert call(fit, DEPTH, ALL, **HARVEST, taxable_equity_accounts=2.0) == pytest.approx(55)


def test_sensitivity_scales() -> None:
    assert call(fit, DEPTH, ALL, **(HARVEST | {"tax_sensitivity": 4.0})) == pytest.approx(65)


def test_nothing_counts_where_gains_are_not_taxed() -> None:
    free = HARVEST | {"tax_status": code("tax_status", "tax_free"), "taxable_equity_accounts": 3.0}
    free |= {"overlay_reach": 1.0, "group_on_platform_share": 1.0, "wash_group_overlap_share": 1.0}
    assert call(fit, DEPTH, ALL, **free) == 50
    assert call(fit, BREADTH, ALL, **free) == 50


def test_credit_for_other_accounts_needs_an_overlay_that_reaches() -> None:
    two = TAXABLE | {"taxable_equity_accounts": 2.0, "group_movable_share": 1.0}
    assert call(fit, BREADTH, ALL, **two) == 50
    assert call(fit, BREADTH, ALL, **two, overlay_reach=1.0) == 60  # what could move counts half
    assert call(fit, BREADTH, ALL, **two, overlay_reach=1.0, group_on_platform_share=0.8) == 66
    assert call(fit, BREADTH, ALL, **(two | {"group_movable_share": 0.0}), overlay_reach=1.0) == 50


def test_overlap_counts_as_far_as_it_is_covered() -> None:
    facts = TAXABLE | {"overlay_reach": 1.0, "group_on_platform_share": 0.5, "wash_group_overlap_share": 0.4}
    assert call(fit, BREADTH, ALL, **facts) == 52


THREE = {
    "household_accounts": 3,
    "taxable_equity_accounts": 3,
    "coordination_importance": 4,
    "group_on_platform_share": 1.0,
    "wash_group_overlap_share": 0.4,
    "household_value": 900_000,
}


def test_house_policy_gives_no_credit_across_accounts_without_reach() -> None:
    alone = SHELF.with_changes({"UMA": {"overlay_scope": "account"}})
    elsewhere = SHELF.with_changes({"UMA": {"overlay_custodians": ["schwab"]}})
    assert contribution("tax", **THREE) < -5
    for shelf in (alone, elsewhere):
        assert contribution("tax", shelf=shelf, **THREE) > 0
        said = reasons(shelf=shelf, **THREE)
        assert {"tax.no_overlay_reaches", "tax.overlap_uncovered"} <= set(said)
        assert not {"tax.accounts_coordinated", "tax.overlap_coordinated"} & set(said)


def test_an_overlap_with_an_ira_alone_is_covered_by_no_overlay() -> None:
    """One taxable account: that all of the unit's taxable equity could move says nothing of the IRA."""
    alone = {"household_accounts": 2, "household_value": 900_000, "group_movable_share": 1.0}
    overlap = alone | {"wash_group_overlap_share": 0.6}
    assert contribution("tax", **overlap) == contribution("tax", **alone)
    said = reasons(**overlap)
    assert "tax.overlap_uncovered" in said
    assert "tax.overlap_coordinated" not in said
    open_ = reasons(**(overlap | {"taxable_equity_accounts": None}))
    assert not {"tax.overlap_uncovered", "tax.overlap_coordinated"} & set(open_)


def test_house_policy_counts_sleeves_of_one_account_without_any_reach() -> None:
    alone = SHELF.with_changes({"UMA": {"overlay_scope": "account"}})
    assert "tax.sleeves_in_account" in reasons(shelf=alone, sleeves_wanted=3)


def test_the_weight_of_tax_is_not_given_to_others() -> None:
    exempt = {"tax_status": "tax_exempt", "registration": "public_charity"}
    assert contribution("tax", **exempt) == 0
    assert contribution("context", **exempt) == contribution("context")
