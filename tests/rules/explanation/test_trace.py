"""Trace lines: what was applied to which value and what it gave, as numbers and in words."""

from __future__ import annotations

from typing import Any

import pytest

from implementation.rules.explain import explain
from implementation.rules.explanation.trace import TRACE_VERSION
from implementation.rules.factors import FACTORS
from implementation.rules.facts import columns_of
from tests.rules.books import AS_OF, POLICY, SHELF, columns
from tests.rules.goldens import worked

FIELDS = {
    "rule", "structure", "fact", "kind", "value", "times", "gives", "result", "points", "says", "counts",
    "text",
}  # fmt: skip
APPLIED = {"segment", "band", "row", "bound"}


def told(**changes: Any) -> dict[str, Any]:
    return explain(columns(changes), 0, SHELF, POLICY, AS_OF)


def line(entry: dict[str, Any], factor: str, rule: str, structure: str | None = None) -> dict[str, Any]:
    lines = (
        next(one["trace"] for one in entry["factors"] if one["factor"] == factor)
        if factor
        else entry["need_trace"]
    )
    (found,) = (one for one in lines if (one["rule"], one["structure"]) == (rule, structure))
    return found


def test_every_rule_of_the_policy_has_a_line_for_every_structure() -> None:
    entry = told()
    asked = {name for name, _ in POLICY.need}
    assert {one["rule"] for one in entry["need_trace"]} == asked
    for factor in entry["factors"]:
        for structure in ("SMA", "UMA"):
            rules = {name for name, _ in POLICY.factors[factor["factor"]][structure]}
            assert {one["rule"] for one in factor["trace"] if one["structure"] == structure} == rules


@pytest.mark.parametrize("number", list(worked()))
def test_lines_have_the_same_fields(number: int) -> None:
    entry = worked()[number].answered()
    assert entry["trace_version"] == TRACE_VERSION == 1
    lines = [one for factor in entry["factors"] for one in factor["trace"]] + entry["need_trace"]
    for one in lines:
        assert set(one) - APPLIED == FIELDS
        known = not isinstance(one["value"], list) and (one["kind"] != "code" or one["value"] is not None)
        assert len(set(one) & APPLIED) == 1 if known else len(set(one) & APPLIED) <= 1


class TestSegments:
    def test_between_two_points(self) -> None:
        stock = {
            "cash_share": 0.3,
            "stock_share": 0.7,
            "stock_gain_share": 0.5,
            "largest_position_share": 0.7,
        }
        found = line(told(**stock, saleable_largest_share=0.7), "funding", "concentrated", "SMA")
        assert (found["fact"], found["kind"], found["value"]) == ("saleable_largest_share", "share", 0.7)
        assert found["segment"] == [[0.6, 37], [0.8, 42]]
        # Half way: 39.5 points, at a weight of 0.30; the tax burden and the gain count in full.
        assert (found["times"], found["result"], found["points"]) == (1, 39.5, 11.85)
        assert found["says"] == "funding.concentrated_to_sell_down"
        assert found["text"] == (
            "Largest position to be sold down: 70% (between 60%, 37, and 80%, 42): 39.5 points"
        )

    @pytest.mark.parametrize(
        ("value", "segment", "said"),
        [
            (30, [[50, 8], [50, 8]], "below 50 bps, 8"),
            (50, [[50, 8], [125, 0]], "between 50 bps, 8, and 125 bps, 0"),
            (125, [[125, 0], [125, 0]], "at 125 bps, 0"),
            (126, [[125, 0], [125, 0]], "above 125 bps, 0"),
        ],
    )
    def test_at_and_beyond_the_ends(self, value: float, segment: Any, said: str) -> None:
        found = line(told(tracking_tolerance_bps=value), "customization", "tight_tracking", "SMA")
        assert found["segment"] == segment
        assert said in found["text"]

    def test_what_is_worked_out_has_no_fact(self) -> None:
        # 12,000 of 500,000 are 2.4%, more than the 1.5% of fifteen years; 0.015 x 0.2425 are 36.375 bps.
        found = line(told(), "tax", "own_harvest", "SMA")
        assert (found["fact"], found["value"]) == (None, 36.375)
        assert found["segment"] == [[5, 0], [40, 12]]


class TestBandsRowsAndBounds:
    @pytest.mark.parametrize(
        ("value", "band", "gives"),
        [(0, [None, 1], 0.4), (1, [1, 2], 0.7), (3, [3, 4], 1.15), (4, [4, None], 1.3)],
    )
    def test_bands(self, value: int, band: Any, gives: float) -> None:
        found = line(told(tax_sensitivity=value), "tax", "care", "UMA")
        assert (found["band"], found["result"], found["points"]) == (band, gives, None)

    def test_rows(self) -> None:
        found = line(told(platform="envestnet"), "context", "on_platform", "UMA")
        assert (found["value"], found["row"], found["result"]) == ("envestnet", "envestnet", 8)
        # Toward the UMA: 8 points of fit at a weight of 0.15.
        assert found["points"] == -1.2

    @pytest.mark.parametrize(("value", "met", "gives"), [(2, False, 0), (3, True, 1), (4, True, 1)])
    def test_bounds_of_the_need_test(self, value: int, met: bool, gives: float) -> None:
        found = line(told(security_restrictions=value), "", "restrictions")
        assert found["bound"] == {"at_least": 3, "met": met}
        assert (found["structure"], found["result"], found["points"]) == (None, gives, None)
        assert found["says"] == ("need.customization" if met else None)
        assert found["counts"] is met

    def test_a_minimum_that_is_not_there_has_no_end(self) -> None:
        found = line(told(), "minimums", "sleeve", "SMA")
        assert (found["fact"], found["value"]) == ("headroom_sleeve", None)
        assert "no limit" in found["text"]


class TestUnknown:
    def test_a_value_that_is_not_known_is_two_ends(self) -> None:
        entry = told(saleable_largest_share=None, cash_share=0.5, stock_share=0.5, largest_position_share=0.4)
        found = line(entry, "funding", "concentrated", "SMA")
        assert found["value"] == [0, 0.4]
        assert not set(found) & APPLIED
        low, high = found["points"]
        assert (low, high > 0) == (0, True)

    def test_a_code_that_is_not_known_has_no_row(self) -> None:
        found = line(told(platform=None), "context", "on_platform", "UMA")
        assert found["value"] is None
        assert "row" not in found
        assert found["result"] == [0, 8]

    def test_a_bound_that_is_met_either_way_says_so(self) -> None:
        found = line(told(esg_screens=None), "", "screens")
        assert found["bound"] == {"at_least": 1, "met": None}

    def test_an_account_of_which_nothing_is_known_has_a_line_for_everything_too(self) -> None:
        entry = explain(columns_of([{}]), 0, SHELF, POLICY, AS_OF)
        assert len(entry["factors"]) == len(FACTORS)
        assert all(factor["trace"] for factor in entry["factors"])


def test_whoever_writes_to_a_line_writes_to_no_other() -> None:
    first = told()
    for factor in first["factors"]:
        for one in factor["trace"]:
            for field in ("segment", "band"):
                if field in one:
                    one[field][0] = "changed"
            if "bound" in one:
                one["bound"]["met"] = "changed"
            if "segment" in one:
                one["segment"][1][0] = "changed"
    assert "changed" not in str(told())


def test_points_add_up_to_the_contribution_where_nothing_ends() -> None:
    entry = told(sleeves_wanted=3, esg_screens=2, tracking_tolerance_bps=60, annual_gifting=10_000)
    for factor in entry["factors"]:
        if factor["factor"] != "minimums" and all(0 < factor[fit] < 100 for fit in ("fit_sma", "fit_uma")):
            points = sum(one["points"] or 0 for one in factor["trace"])
            assert points == pytest.approx(factor["contribution"], abs=0.006), factor["factor"]
