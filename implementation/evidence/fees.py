"""What a program costs a year: marginal tiers, floors, and breakpoints by account or by household.

Amounts are US dollars, rates basis points a year. Unknown is NaN and stays NaN: a part whose price is not
known makes the whole cost unknown, never smaller.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

KINDS: Final = ("manager", "platform", "bundled", "trading_away", "advisor")
"""What a part pays for: the manager (of the account or of the sleeve), the platform with its overlay, several
of these in one price, an estimate of trades placed away from the sponsor's broker, and the advisor."""
BASES: Final = ("account", "household")
SERVICES: Final = ("advice", "manager", "overlay", "trading", "custody", "reporting")
_PER_BPS: Final = 10_000.0


@dataclass(frozen=True)
class Tier:
    """The rate on the dollars of one band: from the tier before to `up_to` (infinite in the last)."""

    up_to: float
    bps: float


@dataclass(frozen=True)
class FeeComponent:
    """One part of the price.

    Attributes:
        kind: one of `KINDS`.
        tiers: marginal tiers in rising order, the last without end; None where the price is unknown.
        basis: whose value moves through the tiers. By household, an account pays
            the average rate of its household.
        minimum: the least that is charged for this part, USD a year; 0 for none.
        between: what is known of an unknown price, as the lowest and the highest rate in bps a year.
        at_most: the tiers are the most that is charged, not the exact price.
        note: what a reader must know beside the numbers.
    """

    kind: str
    tiers: tuple[Tier, ...] | None
    basis: str = "account"
    minimum: float = 0.0
    between: tuple[float, float] | None = None
    at_most: bool = False
    note: str = ""


@dataclass(frozen=True)
class FeeSchedule:
    """All parts of a program's price, and the services that it covers (of `SERVICES`)."""

    components: tuple[FeeComponent, ...]
    includes: tuple[str, ...] = ()
    note: str = ""


def annual_fee(
    schedule: FeeSchedule | None, account_value: npt.ArrayLike, household_value: npt.ArrayLike
) -> Array:
    """The all-in fee of each account.

    Args:
        schedule: None when nothing is known of the price.
        account_value: USD, any shape.
        household_value: USD, the same shape or one that broadcasts; read only by household breakpoints.

    Returns:
        USD a year; NaN where a value that is read is unknown or negative, or a part of the price is unknown.
    """
    account, household = _values(account_value, household_value)
    if schedule is None:
        return np.full(account.shape, np.nan)
    total = np.zeros(account.shape)
    for component in schedule.components:
        total = total + _component_fee(component, account, household)
    return total


def fee_components(
    schedule: FeeSchedule | None, account_value: npt.ArrayLike, household_value: npt.ArrayLike
) -> dict[str, Array]:
    """The same fee by kind, in the order of the schedule; parts of one kind are added. Empty when unknown.

    The parts add up to `annual_fee` (to the last bit where no kind stands twice).
    """
    account, household = _values(account_value, household_value)
    parts: dict[str, Array] = {}
    for component in schedule.components if schedule else ():
        fee = _component_fee(component, account, household)
        parts[component.kind] = parts[component.kind] + fee if component.kind in parts else fee
    return parts


def _values(account_value: npt.ArrayLike, household_value: npt.ArrayLike) -> tuple[Array, Array]:
    account, household = np.broadcast_arrays(
        np.asarray(account_value, dtype=np.float64), np.asarray(household_value, dtype=np.float64)
    )
    return np.where(account >= 0, account, np.nan), household


def _component_fee(component: FeeComponent, account: Array, household: Array) -> Array:
    if component.tiers is None:
        return np.full(account.shape, np.nan)
    if component.basis == "account":
        fee = _tiered(component.tiers, account)
    else:
        # A household is worth at least each of its accounts, whatever an older household total says.
        breakpoints = np.maximum(household, account)
        whole = _tiered(component.tiers, breakpoints)
        share = np.divide(account, breakpoints, out=np.zeros_like(account), where=breakpoints != 0)
        fee = whole * share
    return np.maximum(fee, component.minimum) if component.minimum else fee


def _tiered(tiers: tuple[Tier, ...], value: Array) -> Array:
    fee = np.zeros(value.shape)
    start = 0.0
    for tier in tiers:
        band = np.maximum(value - start, 0.0)
        if not math.isinf(tier.up_to):
            band = np.minimum(band, tier.up_to - start)
        fee = fee + band * tier.bps / _PER_BPS
        start = tier.up_to
    return fee
