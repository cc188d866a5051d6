"""What programs cost for rows of accounts, with bounds where a value or a part of the price is unknown."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from implementation.evidence.fees import FeeComponent, FeeSchedule, Tier, annual_fee
from implementation.rules.programs import Program
from implementation.rules.shapes import Array, Interval, interval_of, ratio

PER_BPS = 10_000.0
# Household breakpoints multiply a share of a fee, which is exact to the last bits only.
_LAST_BITS = 1e-12

FACTS_READ = frozenset({"account_value", "household_value"})


@lru_cache(maxsize=512)
def schedules(fees: FeeSchedule | None, low: float, high: float) -> tuple[FeeSchedule, FeeSchedule]:
    """The cheapest and the dearest that a schedule can be, unknown parts within what is known of them."""
    if fees is None:
        fees = FeeSchedule((FeeComponent("bundled", None, between=(low, high)),))
    ends = []
    for end in (0, 1):
        parts = []
        for part in fees.components:
            if part.tiers is None:
                between = part.between or (low, high)
                rate = min(between[end], max(high, between[0]))
                part = replace(part, tiers=(Tier(np.inf, rate),))
            parts.append(part)
        ends.append(replace(fees, components=tuple(parts)))
    return ends[0], ends[1]


def is_priced(program: Program) -> bool:
    """Whether every part of the program's price is stated."""
    return program.fees is not None and all(part.tiers is not None for part in program.fees.components)


def annual_cost(program: Program, account: Any, household: Any, fee_range: tuple[float, float]) -> Any:
    """All-in dollars a year of each row: an array where everything is known, else an interval."""
    low, high = schedules(program.fees, *fee_range)
    if is_priced(program) and not isinstance(account, Interval) and not isinstance(household, Interval):
        return annual_fee(low, account, household)
    a, h = interval_of(account), interval_of(household)
    least: Any = 0.0
    most: Any = 0.0
    # Part by part: where one rate falls with the household and another rises, their sum does neither.
    for cheap, dear in zip(low.components, high.components, strict=True):
        part_least, part_most = _part_bounds(cheap, dear, a, h)
        least, most = least + part_least, most + part_most
    return Interval(least, most)


def _part_bounds(
    cheap: FeeComponent, dear: FeeComponent, account: Interval, household: Interval
) -> tuple[Array, Array]:
    """The least and the most that one part can cost.

    A fee rises with the account, and with the household it goes one way where its rates do: the corners bound
    it. Where rates go both ways, each of them is possible.
    """
    corners = [
        (value, whole) for value in (account.low, account.high) for whole in (household.low, household.high)
    ]
    least = np.minimum.reduce([annual_fee(FeeSchedule((cheap,)), *corner) for corner in corners])
    most = np.maximum.reduce([annual_fee(FeeSchedule((dear,)), *corner) for corner in corners])
    if cheap.basis == "account":
        return least, most
    if _steady(cheap):
        unsure = least < most
        low, high = least * (1 - _LAST_BITS), most * (1 + _LAST_BITS)
    else:
        unsure = (account.low < account.high) | (household.low < household.high)
        rates = [tier.bps for tier in cheap.tiers or ()]
        low, high = account.low * min(rates) / PER_BPS, account.high * max(rates) / PER_BPS + cheap.minimum
    return np.where(unsure, low, least), np.where(unsure, high, most)


def _steady(part: FeeComponent) -> bool:
    rates = [tier.bps for tier in part.tiers or ()]
    return rates == sorted(rates) or rates == sorted(rates, reverse=True)


def rate_bounds(schedule: FeeSchedule) -> tuple[float, float]:
    """The lowest and the highest rate that any dollar can pay, floors apart, in bps."""
    tiers = [[tier.bps for tier in part.tiers or ()] for part in schedule.components]
    return math.fsum(min(rates) for rates in tiers), math.fsum(max(rates) for rates in tiers)


def cost_bps(program: Program, dollars: Any, account: Any, fee_range: tuple[float, float]) -> Any:
    """Dollars as bps a year of the account; bounds never wider than the rates of the schedule."""
    bps = ratio(dollars, account) * PER_BPS
    if not isinstance(account, Interval):
        return bps
    low, high = schedules(program.fees, *fee_range)
    floors = math.fsum(part.minimum for part in high.components)
    above = floors / account.low * PER_BPS if floors else 0.0
    least, most = rate_bounds(low)[0], rate_bounds(high)[1] + above
    tight = Interval(
        np.maximum(bps.low, least * (1 - _LAST_BITS)), np.minimum(bps.high, most * (1 + _LAST_BITS))
    )
    known = account.low == account.high
    return Interval(np.where(known, bps.low, tight.low), np.where(known, bps.high, tight.high))
