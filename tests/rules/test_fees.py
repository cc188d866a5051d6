"""Fees: tiers, floors and household breakpoints, worked by hand or printed in the sponsors' brochures."""

import math

import numpy as np
import pytest

from implementation.evidence.fees import FeeComponent, FeeSchedule, Tier, annual_fee, fee_components


def tiers(*steps: tuple[float, float]) -> tuple[Tier, ...]:
    return tuple(Tier(up_to, bps) for up_to, bps in steps)


ORION_WRAP = tiers((100_000, 35), (250_000, 30), (1_000_000, 20), (math.inf, 10))
SEI_WRAP = tiers(
    (500_000, 105),
    (1_000_000, 100),
    (3_000_000, 95),
    (5_000_000, 90),
    (10_000_000, 85),
    (15_000_000, 75),
    (25_000_000, 65),
    (math.inf, 55),
)


def of(*components: FeeComponent) -> FeeSchedule:
    return FeeSchedule(components=components)


def fee(schedule: FeeSchedule | None, account: float, household: float = math.nan) -> float:
    return float(annual_fee(schedule, np.array([account]), np.array([household]))[0])


@pytest.mark.parametrize(
    ("value", "dollars"),
    [
        (50_000, 175),  # 50,000 x 0.35%
        (100_000, 350),
        (300_000, 900),  # 350 + 450 + 100
        (1_000_000, 2_300),  # 350 + 450 + 1,500
        (5_000_000, 6_300),  # printed with the brochure, as the next
        (10_000_000, 11_300),
    ],
)
def test_orion_wrap_tiers_are_marginal(value: float, dollars: float) -> None:
    assert fee(of(FeeComponent("platform", ORION_WRAP)), value) == pytest.approx(dollars, abs=1e-9)


def test_orion_wrap_with_a_15_bps_sleeve_costs_45_bps_on_300_000() -> None:
    schedule = of(FeeComponent("platform", ORION_WRAP), FeeComponent("manager", tiers((math.inf, 15))))
    assert fee(schedule, 300_000) == pytest.approx(1_350, abs=1e-9)
    assert fee(schedule, 300_000) / 300_000 * 10_000 == pytest.approx(45, abs=1e-9)


@pytest.mark.parametrize(
    ("value", "dollars"),
    [
        (500_000, 5_250),
        (1_000_000, 10_250),  # + 5,000
        (3_000_000, 29_250),  # + 19,000
        (5_000_000, 47_250),  # + 18,000
        (10_000_000, 89_750),  # + 42,500
        (15_000_000, 127_250),  # + 37,500
        (25_000_000, 192_250),  # + 65,000
        (30_000_000, 219_750),  # + 27,500
        (50_000_000, 329_750),  # printed with the brochure
    ],
)
def test_sei_wrap_tiers(value: float, dollars: float) -> None:
    assert fee(of(FeeComponent("bundled", SEI_WRAP)), value) == pytest.approx(dollars, abs=1e-6)


def test_the_floor_is_charged_below_it_and_forgotten_above() -> None:
    schedule = of(FeeComponent("platform", tiers((math.inf, 30)), minimum=250))
    assert fee(schedule, 50_000) == 250  # 150 by rate
    assert fee(schedule, 100_000) == 300


def test_a_flat_fee_is_a_floor_without_a_rate_beside_the_other_parts() -> None:
    flat = FeeComponent("platform", tiers((math.inf, 0)), minimum=120)
    schedule = of(flat, FeeComponent("manager", tiers((math.inf, 15))))
    assert fee(schedule, 100_000) == 270  # 120 and 100,000 x 0.15%
    assert fee(schedule, 1_000_000) == 1_620


def test_the_floor_holds_for_each_account_of_a_household_with_breakpoints() -> None:
    schedule = of(FeeComponent("platform", ORION_WRAP, basis="household", minimum=250))
    assert fee(schedule, 50_000, 1_000_000) == 250  # a twentieth of 2,300 is 115
    assert fee(schedule, 200_000, 1_000_000) == pytest.approx(460, abs=1e-9)


def test_household_breakpoints_charge_the_households_average_rate() -> None:
    schedule = of(FeeComponent("platform", ORION_WRAP, basis="household"))
    # The household of 1,000,000 pays 2,300, the account is three tenths of it.
    assert fee(schedule, 300_000, 1_000_000) == pytest.approx(690, abs=1e-9)
    assert fee(schedule, 1_000_000, 1_000_000) == pytest.approx(2_300, abs=1e-9)


def test_a_household_total_below_the_account_counts_as_the_account() -> None:
    schedule = of(FeeComponent("platform", ORION_WRAP, basis="household"))
    assert fee(schedule, 300_000, 100_000) == pytest.approx(900, abs=1e-9)


def test_unknown_stays_unknown_and_only_where_it_is_read() -> None:
    by_account = of(FeeComponent("manager", tiers((math.inf, 35))))
    by_household = of(FeeComponent("manager", tiers((math.inf, 35)), basis="household"))
    assert math.isnan(fee(by_account, math.nan, 1_000_000))
    assert math.isnan(fee(by_household, 100_000, math.nan))
    assert fee(by_account, 100_000, math.nan) == 350


def test_a_part_without_a_price_makes_the_whole_unknown_and_leaves_the_other_readable() -> None:
    schedule = of(FeeComponent("platform", ORION_WRAP), FeeComponent("manager", None))
    assert math.isnan(fee(schedule, 300_000))
    parts = fee_components(schedule, np.array([300_000.0]), np.array([math.nan]))
    assert parts["platform"][0] == pytest.approx(900, abs=1e-9)
    assert math.isnan(parts["manager"][0])


def test_no_schedule_is_unknown_and_never_free() -> None:
    assert math.isnan(fee(None, 300_000))
    assert fee_components(None, np.array([1.0]), np.array([1.0])) == {}


def test_a_negative_value_has_no_fee_rather_than_a_rebate() -> None:
    assert math.isnan(fee(of(FeeComponent("manager", tiers((math.inf, 35)))), -100_000))


def test_an_empty_account_costs_nothing_or_the_floor() -> None:
    assert fee(of(FeeComponent("manager", ORION_WRAP, basis="household")), 0, 0) == 0
    assert fee(of(FeeComponent("manager", ORION_WRAP, minimum=100)), 0) == 100


def test_one_million_accounts_cost_what_each_costs_alone() -> None:
    values = np.random.default_rng(7).uniform(0, 30_000_000, 1_000_000)
    households = values * 2
    schedule = of(
        FeeComponent("platform", SEI_WRAP, basis="household", minimum=100),
        FeeComponent("manager", ORION_WRAP),
    )
    together = annual_fee(schedule, values, households)
    for row in (0, 17, 499_999, 999_999):
        assert together[row] == fee(schedule, values[row], households[row])
    parts = fee_components(schedule, values, households)
    assert list(parts) == ["platform", "manager"]
    assert np.array_equal(parts["platform"] + parts["manager"], together)


def test_parts_of_one_kind_are_added() -> None:
    schedule = of(
        FeeComponent("manager", tiers((math.inf, 10))), FeeComponent("manager", tiers((math.inf, 5)))
    )
    parts = fee_components(schedule, np.array([100_000.0]), np.array([math.nan]))
    assert parts["manager"][0] == pytest.approx(150)
