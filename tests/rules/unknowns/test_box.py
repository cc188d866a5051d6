"""The feasible box: what the known facts leave of the unknown ones; by hand."""

from __future__ import annotations

from typing import Any

import pytest

from implementation.rules.shapes import interval_of
from implementation.rules.unknowns.box import feasible, incomplete_rows
from tests.rules.books import POLICY, columns


def span(fact: str, **changes: Any) -> tuple[float, float]:
    found = interval_of(feasible(columns(changes), POLICY.ranges)[fact])
    return float(found.low[0]), float(found.high[0])


def about(low: float, high: float) -> Any:
    """Shares may miss their sum by rounding, a tenth of a percent."""
    return pytest.approx((low, high), abs=0.0011)


def test_what_is_known_is_left_alone() -> None:
    assert span("cash_share", stock_share=None) == (1, 1)


def test_a_row_in_which_any_fact_is_unknown_is_incomplete() -> None:
    rows = columns({}, {"esg_screens": None}, {"tax_status": None})
    assert incomplete_rows(rows).tolist() == [False, True, True]


def test_a_known_value_beside_an_unknown_one_is_a_span_of_its_own() -> None:
    found = feasible(columns({"sector_tilts": 3}, {"sector_tilts": None}), POLICY.ranges)["sector_tilts"]
    assert (found.low[0], found.high[0]) == (3, 3)
    assert (found.low[1], found.high[1]) == POLICY.ranges["sector_tilts"]


def test_shares_sum_to_one() -> None:
    assert span("cash_share", cash_share=None) == about(1, 1)
    assert span("stock_share", cash_share=0.4, stock_share=None) == about(0.6, 0.6)
    two = {"cash_share": 0.4, "stock_share": None, "fund_share": None}
    assert span("stock_share", **two) == about(0, 0.6)
    assert span("fund_share", **two) == about(0, 0.6)


def test_shares_may_miss_their_sum_by_a_thousandth_either_way() -> None:
    one = {"cash_share": None, "stock_share": 0.4}
    assert span("cash_share", **one) == pytest.approx((0.599, 0.601), abs=1e-9)


def test_an_unknown_share_leaves_room_for_the_others_not_for_itself() -> None:
    # Stocks are half at least and cash two fifths: stocks are 1.001 - 0.4 at most.
    ranges = {**POLICY.ranges, "stock_share": (0.5, 0.9), "cash_share": (0.4, 1.0)}
    found = feasible(columns({"cash_share": None, "stock_share": None}), ranges)["stock_share"]
    assert (found.low[0], found.high[0]) == pytest.approx((0.5, 0.601), abs=1e-9)


def test_a_single_issuer_is_stock_or_bond() -> None:
    funded = {"cash_share": 0.5, "stock_share": 0.3, "bond_share": 0.2}
    assert span("largest_position_share", **funded, largest_position_share=None) == (0, 0.5)


def test_of_a_largest_position_rounded_up_no_more_is_to_be_sold_than_there_is() -> None:
    rounded = {"cash_share": 0.5, "stock_share": 0.5, "largest_position_share": 0.500_001}
    assert span("saleable_largest_share", **rounded, saleable_largest_share=None) == (0, 0.5)


def test_a_large_position_says_there_are_stocks() -> None:
    unknown = {"cash_share": None, "stock_share": None, "largest_position_share": 0.7}
    assert span("stock_share", **unknown) == about(0.7, 1)


def test_a_part_is_at_most_its_whole_and_a_whole_at_least_its_part() -> None:
    stocks = {"cash_share": 0.0, "stock_share": 1.0, "largest_position_share": 0.4}
    assert span("saleable_largest_share", **stocks, saleable_largest_share=None) == (0, 0.4)
    assert span("direct_index_value", direct_index_value=None) == (0, 500_000)
    assert span("account_value", account_value=None, household_value=900_000) == (500_000, 900_000)
    assert span("household_managed_accounts", household_accounts=3, household_managed_accounts=None) == (0, 3)


def test_an_unknown_code_may_be_any() -> None:
    assert span("tax_status", tax_status=None) == (0, 3)


def test_what_bounds_nothing_has_the_range_of_the_policy() -> None:
    assert span("current_cost_bps", current_cost_bps=None) == (0, 300)


def test_nothing_is_restricted_without_a_reason() -> None:
    assert span("restricted_share", restricted_share=None) == (0, 0)
    assert span("restricted_share", restricted_share=None, restriction_reason="insider") == (0, 1)
    assert span("restriction_reason", restriction_reason=None) == (0, 5)
    assert span("restriction_reason", restriction_reason=None, restricted_share=0.2) == (1, 5)


def test_what_is_restricted_is_not_retained_as_well() -> None:
    kept = {"restriction_reason": "pledged", "restricted_share": 0.3, "legacy_retention_share": None}
    assert span("legacy_retention_share", **kept) == (0, 0.7)
    retained = {"restriction_reason": "pledged", "restricted_share": None, "legacy_retention_share": 0.4}
    assert span("restricted_share", **retained) == (0, 0.6)


def test_a_large_position_that_the_stocks_cannot_hold_is_held_by_bonds() -> None:
    held = {"cash_share": None, "largest_position_share": 0.7}
    assert span("bond_share", **held, stock_share=0.3, bond_share=None) == about(0.4, 0.7)
    assert span("stock_share", **held, stock_share=None, bond_share=0.3) == about(0.4, 0.7)
