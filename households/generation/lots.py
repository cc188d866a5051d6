"""Tax lots: how many, how old, at what cost. Gains follow the household's, and old lots carry the most."""

from __future__ import annotations

import numpy as np

from households.generation.plan import Plan
from households.generation.securities import BOND, CASH, FUND, OTHER, STOCK, TENTH, securities
from households.generation.tables import REGISTRATIONS, STRUCTURES, Accounts, Lots, Positions

LOST = 0.4  # of the positions of an account that knows only some of its lots; house judgment
LARGEST_LOSS, LARGEST_GAIN = -0.6, 0.95  # of a position; of one lot a little more
DAYS = 365.25
THURSDAY = 3  # weekday of 1970-01-01, Monday being 0


def draw_lots(
    rng: np.random.Generator,
    plan: Plan,
    accounts: Accounts,
    positions: Positions,
    lead: np.ndarray,
    owner_age: np.ndarray,
    as_of: int,
) -> Lots:
    """Draw the lots of every position that has them, and set the positions' cost in place.

    Args:
        lead: by position, whether it is the household's concentrated stock.
        owner_age: by account, in years; nobody bought before coming of age, minors not before birth.
        as_of: days since 1970-01-01; no lot is younger than a day.

    Returns: lots sorted by position, oldest first as drawn.
    """
    known = _known(rng, plan, accounts, positions)
    gain = _gains(rng, plan, accounts, positions, lead)
    oldest = _oldest_years(rng, plan, accounts, positions, lead, gain, owner_age)
    listed = securities()
    step = listed.step[positions.security]
    steps = positions.quantity // step
    count = np.where(known, np.minimum(_counts(rng, accounts, positions, lead), steps), 0)

    position = np.repeat(np.arange(len(count)), count)
    part = 0.3 + rng.random(len(position))
    lot_steps = _shared_out(part, position, count, steps)
    # What was held long was not bought lately: its lots lie in the older half.
    held_long = lead & plan.legacy[accounts.household[positions.account]]
    since = np.where(held_long, 0.5, 0.0)[position]
    age = oldest[position] * (since + (1 - since) * rng.random(len(position)))
    tilt = rng.random(len(position)) - 0.5
    kept = lot_steps > 0
    position, lot_steps, age, tilt = position[kept], lot_steps[kept], age[kept], tilt[kept]

    step_value = listed.price * listed.step // 100
    value = lot_steps * step_value[positions.security[position]]
    share = _lot_gains(gain, positions.value, position, value, age, tilt)
    cost = np.maximum(1, np.round(value * (1 - share))).astype(np.int64)
    total = np.zeros(len(count), dtype=np.int64)
    np.add.at(total, position, cost)
    positions.cost = np.where(known, total, -1)
    is_cash = listed.asset_class[positions.security] == CASH
    positions.cost = np.where(is_cash, positions.value, positions.cost)
    return Lots(position, _weekday(as_of - age * DAYS), lot_steps * step[position], value, cost)


def _known(rng: np.random.Generator, plan: Plan, accounts: Accounts, positions: Positions) -> np.ndarray:
    """Whether a position has lots: cash never, some accounts not or only partly."""
    uniform = rng.random(len(accounts.value))
    waiting = plan.waiting[accounts.household]
    none, some = uniform < 0.5 * waiting, uniform < waiting
    lost = none[positions.account] | (some[positions.account] & (rng.random(len(positions.value)) < LOST))
    return ~lost & (securities().asset_class[positions.security] != CASH)


def _gains(
    rng: np.random.Generator, plan: Plan, accounts: Accounts, positions: Positions, lead: np.ndarray
) -> np.ndarray:
    """Unrealized gain of each position as a share of its value, around the household's."""
    kind = securities().asset_class[positions.security]
    center = plan.gain[accounts.household[positions.account]]
    # One dollar's gain lies anywhere from loss to nearly all, funds nearer together than stocks.
    around = np.select([kind == STOCK, kind == FUND], [0.5, 0.2], 0.1)
    center = np.where(kind == BOND, 0.0, np.where(kind == OTHER, 0.1, center))
    gain = center + around * (rng.random(len(center)) - 0.5)
    held_long = lead & plan.legacy[accounts.household[positions.account]]
    gain = np.where(held_long, 0.7 + 0.25 * rng.random(len(gain)), gain)
    gain = np.where(lead & ~held_long, np.maximum(gain, 0.25 + 0.4 * rng.random(len(gain))), gain)
    return np.clip(gain, LARGEST_LOSS, LARGEST_GAIN)


def _oldest_years(
    rng: np.random.Generator,
    plan: Plan,
    accounts: Accounts,
    positions: Positions,
    lead: np.ndarray,
    gain: np.ndarray,
    owner_age: np.ndarray,
) -> np.ndarray:
    """How long ago a position may have been begun: the larger the gain, the longer."""
    uniform = rng.random(len(gain))
    years = 0.8 + 16 * np.maximum(gain, 0) + 5 * uniform
    held_long = lead & plan.legacy[accounts.household[positions.account]]
    years = np.where(held_long, 18 + 22 * uniform, years)
    minor = accounts.registration == REGISTRATIONS.index("custodial_minor")
    most = np.where(minor, owner_age, owner_age - 20)[positions.account]
    return np.minimum(years, np.maximum(1.0, most))


def _counts(
    rng: np.random.Generator, accounts: Accounts, positions: Positions, lead: np.ndarray
) -> np.ndarray:
    """Lots of a position: reinvesting funds have many, managed accounts few, an old stock one to four."""
    listed = securities()
    kind = listed.asset_class[positions.security]
    uniform = rng.random(len(kind))
    managed = np.isin(accounts.structure, [STRUCTURES.index("sma"), STRUCTURES.index("uma")])
    reinvests = (kind == FUND) & (listed.step[positions.security] == TENTH)
    most = np.select(
        [reinvests, lead, kind == FUND, kind == STOCK, kind == BOND],
        [20.0, 4.0, 5.0, np.where(managed[positions.account], 3.0, 6.0), 2.0],
        1.0,
    )
    least = np.where(reinvests, 4, 1)
    return least + np.floor(most * uniform * uniform).astype(np.int64)


def _shared_out(part: np.ndarray, position: np.ndarray, count: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Whole steps of each lot: the position's, cut where the running parts fall, so that they add up."""
    running = np.cumsum(part)
    last = np.cumsum(count)[position] - 1
    first = last - count[position] + 1
    before = running[first] - part[first]
    reached = (running - before) / (running[last] - before)
    cut = np.floor(reached * steps[position]).astype(np.int64)
    cut = np.where(np.arange(len(part)) == last, steps[position], cut)
    previous = np.where(np.arange(len(part)) == first, 0, np.concatenate([[0], cut[:-1]]))
    return cut - previous


def _lot_gains(
    gain: np.ndarray,
    position_value: np.ndarray,
    position: np.ndarray,
    value: np.ndarray,
    age: np.ndarray,
    tilt: np.ndarray,
) -> np.ndarray:
    """Gain share of each lot: older lots carry more of it, and together they carry the position's."""
    growth = age / (age + 3.0)
    mean = np.bincount(position, weights=growth * value, minlength=len(gain)) / position_value
    share = gain[position] * growth / np.maximum(mean[position], 0.02) + 0.1 * tilt
    return np.clip(share, LARGEST_LOSS - 0.1, LARGEST_GAIN + 0.02)


def _weekday(day: np.ndarray | float) -> np.ndarray:
    """Whole days, weekends moved back to Friday; never later than yesterday."""
    whole = np.floor(day).astype(np.int64) - 1
    weekday = (whole + THURSDAY) % 7
    return whole - np.maximum(weekday - 4, 0)
