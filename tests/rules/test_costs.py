"""What programs cost at a size, which is cheapest, and what the difference would have to earn; by hand.

House SMA: 35 bps to $500,000, 30 to $2m, 25 above, and 1 bps for trades placed away.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from implementation.evidence.fees import FeeComponent, FeeSchedule, Tier
from implementation.rules.costs import annual_cost, cost_bps
from implementation.rules.explain import explain
from implementation.rules.programs import Program
from implementation.rules.shapes import Interval
from tests.rules.books import AS_OF, POLICY, SHELF, columns
from tests.rules.scored import scored

MILLION = {"account_value": 1_000_000, "direct_index_value": 1_000_000, "household_value": 1_000_000}


def priced(sma: float | None, uma: float | None) -> Any:
    """The house shelf at flat prices."""

    def fees(bps: float | None) -> Any:
        if bps is None:
            return None
        return {"components": [{"kind": "bundled", "unit": "bps a year", "tiers": [{"bps": bps}]}]}

    return SHELF.with_changes({"SMA": {"fees": fees(sma)}, "UMA": {"fees": fees(uma)}})


def test_tiers_at_a_million() -> None:
    # 500,000 at 35 and 500,000 at 30 bps are 1,750 + 1,500; 1 bps of the whole is 100
    found = scored(**MILLION)
    assert found.cost_dollars["SMA"][0] == pytest.approx(3_350)
    assert found.cost_bps["SMA"][0] == pytest.approx(33.5)


ORION_TIERS = [
    {"up_to_usd": 100_000, "bps": 35},
    {"up_to_usd": 250_000, "bps": 30},
    {"up_to_usd": 1_000_000, "bps": 20},
    {"bps": 10},
]


def wrap(**part: Any) -> Any:
    """The house shelf with the UMA at the published Orion wrap, plus a sleeve of 15 bps."""
    platform = {"kind": "platform", "unit": "bps a year", "tiers": ORION_TIERS, **part}
    sleeve = {"kind": "manager", "unit": "bps a year", "tiers": [{"bps": 15}]}
    return SHELF.with_changes({"UMA": {"fees": {"components": [platform, sleeve]}}})


@pytest.mark.parametrize(
    ("household", "part", "dollars"),
    [
        # 350 + 450 + 100 by account, and 450 for the sleeve
        (1_000_000, {}, 1_350),
        # A household of $1m pays 2,300 on the wrap, of which 300,000 is three tenths
        (1_000_000, {"basis": "household"}, 690 + 450),
        # Of $5m 6,300: six hundredths are 378, below a floor of 500
        (5_000_000, {"basis": "household", "minimum": {"value": 500, "unit": "USD a year"}}, 500 + 450),
    ],
)
def test_bands_breakpoints_and_floors_reach_the_cost_of_a_program(
    household: float, part: dict[str, Any], dollars: float
) -> None:
    facts = {"account_value": 300_000, "direct_index_value": 300_000, "household_value": household}
    shelf = wrap(**part)
    found = scored(shelf, **facts)
    assert found.cost_dollars["UMA"][0] == pytest.approx(dollars)
    assert found.cost_bps["UMA"][0] == pytest.approx(dollars / 30)
    told = {entry["program"]: entry for entry in explain(columns(facts), 0, shelf, POLICY, AS_OF)["cost"]}
    assert told["house_uma"]["dollars"] == pytest.approx(dollars)
    # The SMA at 300,000: 36 bps are $1,080
    assert told["house_sma"]["dollars"] == 1_080
    assert [told[code]["cheapest"] for code in ("house_sma", "house_uma")] == [
        dollars > 1_080,
        dollars < 1_080,
    ]


def test_staying_and_the_plain_etf_stand_beside() -> None:
    found = scored(**MILLION, current_cost_bps=80)
    assert (found.cost_bps["STAY"][0], found.cost_dollars["STAY"][0]) == (80, 8_000)
    assert (found.cost_bps["ETF"][0], found.cost_dollars["ETF"][0]) == (5, 500)


@pytest.mark.parametrize(
    ("sma", "uma", "cheapest"), [(30, 40, 1), (40, 30, -1), (30, 30, 0), (None, 30, 0), (30, None, 0)]
)
def test_cheapest(sma: Any, uma: Any, cheapest: int) -> None:
    assert scored(priced(sma, uma)).cheapest[0] == cheapest


@pytest.mark.parametrize(
    ("sma", "uma", "marked"),
    [
        (30, 40, ["house_sma"]),
        (30, 30, ["house_sma", "house_uma"]),
        (40, 30, ["house_uma"]),
        (None, 30, []),
    ],
)
def test_equal_prices_are_marked_alike(sma: Any, uma: Any, marked: list[str]) -> None:
    costs = explain(columns(MILLION), 0, priced(sma, uma), POLICY, AS_OF)["cost"]
    assert [entry["program"] for entry in costs if entry["cheapest"]] == marked


def test_the_only_eligible_of_known_price_is_cheapest() -> None:
    small = {"account_value": 80_000, "direct_index_value": 80_000, "household_value": 80_000}
    assert scored(priced(10, 30), **small).cheapest[0] == -1
    assert scored(priced(10, None), **small).cheapest[0] == 0


def test_a_cheaper_structure_earns_a_point_a_basis_point() -> None:
    # 20 bps: 20 points of fit, at a weight of a tenth
    assert scored(priced(30, 50)).contributions["cost"][0] == pytest.approx(2)
    assert scored(priced(50, 30)).contributions["cost"][0] == pytest.approx(-2)


def test_an_unknown_price_is_a_span_not_a_zero() -> None:
    found = scored(priced(30, None))
    assert np.isnan(found.contributions["cost"][0])
    assert np.isnan(found.cost_bps["UMA"][0])
    # The UMA may cost anything from 0 to 250 bps: from 30 cheaper (3 points toward it) to more than 50 dearer
    # (the whole half scale, 5 points, toward the SMA).
    assert found.high[0] - found.low[0] == pytest.approx(8, abs=0.02)


def test_break_even_is_the_difference_over_the_direct_index() -> None:
    # 10 bps of 1,000,000 are $1,000, which is 20 bps of the 500,000 meant for direct indexing
    found = scored(priced(30, 40), **{**MILLION, "direct_index_value": 500_000})
    assert found.break_even_bps[0] == pytest.approx(20)


def test_no_break_even_where_nothing_is_meant_for_direct_indexing() -> None:
    assert np.isnan(scored(priced(30, 40), direct_index_value=0).break_even_bps[0])


def test_revenue_and_pay_of_the_program_are_carried() -> None:
    found = scored()
    assert found.firm_revenue_bps["SMA"][0] == SHELF.programs[0].firm_revenue_bps
    assert found.advisor_pay_bps["UMA"][0] == SHELF.programs[1].advisor_pay_bps


def _program(schedule: FeeSchedule | None) -> Program:
    return replace(
        SHELF.programs[0], fees=schedule, unknowns=frozenset() if schedule else frozenset({"fees"})
    )


FALLING = FeeComponent("manager", (Tier(500_000, 40.0), Tier(np.inf, 20.0)), basis="household", minimum=300.0)
RISING_AND_FALLING = FeeComponent(
    "platform", (Tier(100_000, 10.0), Tier(1_000_000, 50.0), Tier(np.inf, 5.0)), basis="household"
)
ACCOUNT = FeeComponent("bundled", (Tier(250_000, 30.0), Tier(np.inf, 10.0)), minimum=500.0)
UNPRICED = FeeComponent("trading_away", None, between=(2.0, 9.0))


@pytest.mark.parametrize("parts", [(FALLING,), (RISING_AND_FALLING,), (ACCOUNT,), (ACCOUNT, FALLING)])
def test_bounds_of_a_cost_hold_for_every_value_and_household(parts: tuple[FeeComponent, ...]) -> None:
    program = _program(FeeSchedule(parts))
    rng = np.random.default_rng(7)
    low, high = np.sort(rng.lognormal(12.5, 1.0, (2, 4_000)), axis=0)
    least, most = np.sort(rng.lognormal(13.5, 1.0, (2, 4_000)), axis=0)
    account, household = Interval(low, high), Interval(least, most)
    dollars = annual_cost(program, account, household, (0.0, 250.0))
    bps = cost_bps(program, dollars, account, (0.0, 250.0))
    for _ in range(8):
        value, whole = (low + (high - low) * rng.random(4_000)), (least + (most - least) * rng.random(4_000))
        known = annual_cost(program, value, whole, (0.0, 250.0))
        assert (dollars.low <= known).all()
        assert (known <= dollars.high).all()
        assert (bps.low <= known / value * 1e4).all()
        assert (known / value * 1e4 <= bps.high).all()


def test_rates_that_fall_and_rise_with_the_household_are_cheapest_between() -> None:
    """$100,000 of a household of $400,000 to $10m.

    Falling: 40 bps to $500,000, then 20. Rising: 10 bps to $1m, then 50. At $400,000 40 + 10 are $500, at
    $10m 21 + 46 are $670, and at $1m 30 + 10 are $400, less than at either end.
    """
    falling = FeeComponent("manager", (Tier(500_000, 40.0), Tier(np.inf, 20.0)), basis="household")
    rising = FeeComponent("platform", (Tier(1_000_000, 10.0), Tier(np.inf, 50.0)), basis="household")
    value = np.array([100_000.0])
    dollars = annual_cost(
        _program(FeeSchedule((falling, rising))),
        value,
        Interval(np.array([400_000.0]), np.array([10_000_000.0])),
        (0.0, 250.0),
    )
    assert dollars.low[0] <= 400
    assert dollars.high[0] >= 670


RISING = FeeComponent("platform", (Tier(1_000_000, 10.0), Tier(np.inf, 50.0)), basis="household")


@pytest.mark.parametrize(
    ("part", "dollars"),
    [
        (RISING_AND_FALLING, 460),  # of $1m 10 bps on the first $100,000 and 50 on the rest are 46 bps
        (FALLING, 300),  # the average of 40 and 20 bps
        (RISING, 100),
    ],
)
def test_a_known_account_costs_the_same_beside_an_unknown_one(part: FeeComponent, dollars: float) -> None:
    """$100,000 of $1m."""
    program = _program(FeeSchedule((part,)))
    beside = annual_cost(
        program,
        Interval(np.array([100_000.0, 0.0]), np.array([100_000.0, 5e6])),
        Interval(np.array([1_000_000.0, 0.0]), np.array([1_000_000.0, 5e6])),
        (0.0, 250.0),
    )
    assert (beside.low[0], beside.high[0]) == (pytest.approx(dollars), pytest.approx(dollars))
    assert beside.low[0] == beside.high[0]


def test_a_part_without_a_price_is_bounded_by_what_is_known_of_it() -> None:
    dollars = annual_cost(
        _program(FeeSchedule((UNPRICED,))), np.array([1_000_000.0]), np.array([1_000_000.0]), (0.0, 250.0)
    )
    assert (dollars.low[0], dollars.high[0]) == (pytest.approx(200), pytest.approx(900))


def spans(*ends: tuple[float, float]) -> Interval:
    return Interval(np.array([low for low, _ in ends]), np.array([high for _, high in ends]))


def exactly(found: Interval) -> list[tuple[float, float]]:
    return list(zip(found.low.tolist(), found.high.tolist(), strict=True))


def test_of_unstated_parts_as_much_is_known_as_is_said_of_them_or_as_the_policy_says() -> None:
    """$1m, where fees are 0 to 250 bps: beyond that only what is said to be dearer at the least."""
    million = np.array([1_000_000.0])
    for between, dollars in {
        None: (0, 25_000),
        (2.0, 9.0): (200, 900),
        (2.0, 400.0): (200, 25_000),
        (300.0, 400.0): (30_000, 30_000),
    }.items():
        schedule = FeeSchedule((FeeComponent("manager", None, between=between),))
        found = annual_cost(_program(schedule), million, million, (0.0, 250.0))
        assert exactly(found) == [pytest.approx(dollars)]


def test_a_stated_part_stands_beside_one_that_is_not() -> None:
    # 750 and 750 of the first, 200 to 900 of the second
    million = np.array([1_000_000.0])
    found = annual_cost(_program(FeeSchedule((ACCOUNT, UNPRICED))), million, million, (0.0, 250.0))
    assert exactly(found) == [pytest.approx((1_700, 2_400))]


@pytest.mark.parametrize(
    ("part", "least", "most"),
    [
        # Falling: of $1m 2,000 + 1,000, of $10m 21 bps; rising: of $1m 1,000, of $10m 46 bps
        (FALLING, 2_100, 3_000),
        (RISING, 1_000, 4_600),
    ],
)
def test_rates_that_go_one_way_are_bounded_by_the_ends_of_the_household(
    part: FeeComponent, least: float, most: float
) -> None:
    known = np.array([1_000_000.0])
    found = annual_cost(_program(FeeSchedule((part,))), known, spans((1e6, 1e7)), (0.0, 250.0))
    assert exactly(found) == [pytest.approx((least, most), rel=1e-9)]
    assert found.low[0] < least
    assert most < found.high[0]


def test_rates_that_go_both_ways_are_bounded_by_each_of_them_and_the_floor() -> None:
    """5 bps of the least, 50 bps and $40 of the most, whichever of the two values is unknown."""
    part = replace(RISING_AND_FALLING, minimum=40.0)
    account = spans((1e5, 1e5), (1e5, 2e5), (1e5, 2e5))
    household = spans((1e6, 5e6), (1e6, 1e6), (1e6, 5e6))
    found = annual_cost(_program(FeeSchedule((part,))), account, household, (0.0, 250.0))
    assert exactly(found) == [(50, 540), (50, 1_040), (50, 1_040)]


def test_in_bps_no_dollar_pays_less_or_more_than_the_rates() -> None:
    """$100,000 to $200,000 at 2 to 9 bps are $20 to $180, which is 1 to 18 bps only on paper."""
    account = spans((1e5, 2e5), (1e5, 1e5), (0.0, 0.0))
    program = _program(FeeSchedule((UNPRICED,)))
    dollars = annual_cost(program, account, account, (0.0, 250.0))
    assert exactly(dollars) == [pytest.approx((20, 180)), pytest.approx((20, 90)), (0, 0)]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = cost_bps(program, dollars, account, (0.0, 250.0))
    assert exactly(found) == [pytest.approx((2, 9), rel=1e-9), pytest.approx((2, 9)), (0, 0)]
    assert found.low[0] < 2
    assert found.high[0] > 9


def test_in_bps_a_floor_weighs_most_on_the_smallest_account() -> None:
    """20 bps, $300 at least: on $100,000 to $1m 20 bps and up to 30 more; on nothing without end."""
    program = _program(FeeSchedule((FeeComponent("manager", (Tier(np.inf, 20.0),), minimum=300.0),)))
    account = spans((1e5, 1e6), (0.0, 1e5))
    dollars = annual_cost(program, account, account, (0.0, 250.0))
    assert exactly(dollars) == [(300, 2_000), (300, 300)]
    with np.errstate(divide="ignore"):
        found = cost_bps(program, dollars, account, (0.0, 250.0))
    assert exactly(found) == [pytest.approx((20, 50), rel=1e-9), (pytest.approx(30), np.inf)]
