"""What client and advisor stated: the intake of each account, and the household's own answers.

All of this is house judgment: no survey asks it. Facts an incomplete household has not stated are NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from households.generation.accounts import is_taxable
from households.generation.plan import FAMILY, Plan
from households.generation.securities import BOND, STOCK, securities
from households.generation.slots import NUMBER
from households.generation.tables import DEFERRED, REGISTRATIONS, STRUCTURES, Accounts, Positions
from households.generation.taxes import required_distribution

STRATEGIES = (
    "us_large", "us_total", "us_small", "developed_ex_us", "global", "us_dividend", "municipal_bond",
)  # fmt: skip
STRATEGY_MASS = np.array([0.5, 0.7, 0.77, 0.86, 0.94, 1.0])
TAX_WISHES = ("tax_sensitivity", "gain_budget", "step_up_expected", "annual_gifting")
TOLERANCES = np.array([50.0, 100.0, 150.0, 200.0, 300.0])
FOUNDATION_PAYOUT = 0.05  # of assets a year: IRC section 4942
CONCENTRATED_FROM = 0.3  # of an account in one stock
LONGEST_LIFE = 92  # years, for the horizon of a family account


def draw_stated(
    rng: np.random.Generator,
    plan: Plan,
    accounts: Accounts,
    positions: Positions,
    classes: np.ndarray,
    owner_age: np.ndarray,
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The intake of every account.

    What follows from elsewhere is not asked: tax wishes where nothing is taxed, how much is restricted or
    retained where positions are marked so.

    Args:
        classes: cents by account and asset class.
        owner_age: years, by account.

    Returns: fact name -> float64 by account, money in dollars, flags 0 or 1, `strategy` an index into
        STRATEGIES, NaN where not asked or not answered; and by account how many answers are open.
    """
    count = len(accounts.value)
    uniform = rng.random((24, count))
    value = accounts.value / 100
    taxable = is_taxable(accounts.registration)
    share = classes / accounts.value[:, None]
    household = accounts.household
    led = taxable & (_largest_stock(accounts, positions) > CONCENTRATED_FROM)
    sma = accounts.structure == STRUCTURES.index("sma")
    stated = {
        "direct_index_value": _direct_index_value(value, accounts, uniform[0], uniform[1]),
        **_flows(accounts, value, owner_age, uniform[2:6]),
        "strategy": _strategy(share, uniform[6]),
        **_wishes(plan, accounts, uniform[7:13]),
        "needs_options_overlay": (uniform[13] < np.where(led, 0.1, 0.01)) * 1.0,
        "needs_alternatives": (uniform[14] < 0.02) * (value > 250_000),
        "needs_fixed_income_discretion": ((share[:, BOND] > 0.3) & (uniform[15] < 0.6)) * 1.0,
        "tracking_tolerance_bps": TOLERANCES[np.floor(5 * uniform[16]).astype(np.int64)],
        **_tax_wishes(plan, accounts, value, share[:, STOCK], owner_age, uniform[17:21]),
        "standalone_mandate": np.where(plan.standalone[household], 1.0, 0.0),
        "flexibility_need": np.floor(5 * uniform[21] * uniform[21]) + (plan.screens[household] > 1),
        "client_requests_direct_indexing": (uniform[22] < np.where(sma, 0.5, np.where(led, 0.3, 0.12))) * 1.0,
    }
    stated["flexibility_need"] = np.minimum(stated["flexibility_need"], 4.0)
    stated |= {"restricted_share": np.zeros(count), "legacy_retention_share": np.zeros(count)}
    not_asked = dict.fromkeys(TAX_WISHES, ~taxable) | {
        "restricted_share": np.bincount(positions.account, positions.restricted > 0, count) > 0,
        "legacy_retention_share": np.bincount(positions.account, positions.retained, count) > 0,
    }
    return _forget(rng, plan.missing[household], stated, not_asked)


def _largest_stock(accounts: Accounts, positions: Positions) -> np.ndarray:
    stock = securities().asset_class[positions.security] == STOCK
    largest = np.zeros(len(accounts.value))
    np.maximum.at(largest, positions.account, np.where(stock, positions.value, 0))
    return largest / accounts.value


def _direct_index_value(
    value: np.ndarray, accounts: Accounts, several: np.ndarray, part: np.ndarray
) -> np.ndarray:
    """All of the account where one sleeve is wanted; of a UMA or a large account sometimes a part."""
    uma = accounts.structure == STRUCTURES.index("uma")
    partly = several < np.where(uma, 0.6, np.where(value > 1_000_000, 0.3, 0.1))
    return np.where(partly, np.floor(value * (0.3 + 0.4 * part) / 1_000) * 1_000, value)


def _flows(
    accounts: Accounts, value: np.ndarray, owner_age: np.ndarray, uniform: np.ndarray
) -> dict[str, np.ndarray]:
    """Withdrawals and contributions of the next year: required distributions, payouts, spending, saving."""
    deferred = np.isin(accounts.registration, [REGISTRATIONS.index(name) for name in sorted(DEFERRED)])
    distribution = np.where(deferred, required_distribution(value, owner_age), 0.0)
    foundation = accounts.slot == NUMBER["foundation"]
    payout = np.where(foundation, np.round(FOUNDATION_PAYOUT * value, -2), 0.0)
    spends = ~deferred & ~foundation & (uniform[0] < np.where(owner_age >= 65, 0.25, 0.1))
    spending = np.where(spends, np.round(value * (0.02 + 0.06 * uniform[1]), -3), 0.0)
    saves = (owner_age < 65) & (uniform[2] < 0.25) & ~foundation
    saved = np.minimum(2_000 + 60_000 * uniform[3] ** 2, 0.2 * value)
    return {
        "planned_withdrawals": distribution + payout + spending,
        "planned_contributions": np.where(saves, np.round(saved, -2), 0.0),
    }


def _strategy(share: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    chosen = np.searchsorted(STRATEGY_MASS, uniform, side="right")
    return np.where(share[:, BOND] > 0.6, STRATEGIES.index("municipal_bond"), np.minimum(chosen, 5))


def _wishes(plan: Plan, accounts: Accounts, uniform: np.ndarray) -> dict[str, np.ndarray]:
    """Restrictions, tilts and screens: mostly none or a few, once in a while a long list."""
    screens = np.where(uniform[0] < 0.85, plan.screens[accounts.household], 0)
    few = np.where(uniform[1] < 0.35, 1 + np.floor(4 * uniform[2]), 0.0)
    many = np.where((screens > 0) & (uniform[3] < 0.3), 10 + np.floor(40 * uniform[2]), few)
    return {
        "security_restrictions": many,
        "sector_tilts": np.where(uniform[4] < 0.2, 1 + np.floor(3 * uniform[5]), 0.0),
        "esg_screens": screens.astype(np.float64),
    }


def _tax_wishes(
    plan: Plan,
    accounts: Accounts,
    value: np.ndarray,
    stock: np.ndarray,
    owner_age: np.ndarray,
    uniform: np.ndarray,
) -> dict[str, np.ndarray]:
    """Tax sensitivity, gain budget, step-up and gifting, which only matter where gains are taxed; horizon."""
    household = accounts.household
    keen = 1 + np.floor(3 * uniform[0] + 1.2 * (plan.income[household] > 400_000))
    budget = np.round(value * np.where(stock > 0.3, 0.02 + 0.08 * uniform[1], 0.03 * uniform[1]), -3)
    family = plan.kind[household] == FAMILY
    horizon = np.where(family, np.clip(LONGEST_LIFE - owner_age, 3, 40), 40.0)
    gives = plan.giving[household] & (stock > 0.2)
    return {
        "tax_sensitivity": np.minimum(keen, 4.0),
        "gain_budget": np.where(uniform[2] < 0.7, budget, 0.0),
        "holding_horizon_years": np.round(horizon * (0.5 + 0.5 * uniform[3])),
        "step_up_expected": np.where(plan.step_up[household], 1.0, 0.0),
        "annual_gifting": np.where(gives, np.round(5_000 + 0.02 * value * stock, -3), 0.0),
    }


def _forget(
    rng: np.random.Generator,
    chance: np.ndarray,
    stated: Mapping[str, np.ndarray],
    not_asked: Mapping[str, np.ndarray],
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    kept: dict[str, np.ndarray] = {}
    open_answers = np.zeros(len(chance), dtype=np.int64)
    for name, values in stated.items():
        asked = ~not_asked.get(name, np.zeros(len(chance), dtype=bool))
        answered = rng.random(len(chance)) >= chance
        kept[name] = np.where(asked & answered, values, np.nan)
        open_answers += asked & ~answered
    return kept, open_answers


def draw_household_answers(
    rng: np.random.Generator, plan: Plan, accounts: Accounts
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How important coordination is (0 to 4), whether one report is wanted, how many sleeves; NaN unknown."""
    count = len(plan)
    taxable = np.bincount(accounts.household[is_taxable(accounts.registration)], minlength=count)
    uniform = rng.random((3, count))
    several = taxable > 1
    importance = np.where(several, 1 + np.floor(4 * uniform[0]), np.floor(2 * uniform[0]))
    importance = np.where(plan.standalone, 0.0, importance)
    report = (uniform[1] < np.where(plan.platform > 0, 0.7, np.where(several, 0.35, 0.1))) * 1.0
    report = np.where(plan.standalone, 0.0, report)
    sleeves = np.where(plan.platform > 0, 2 + np.floor(3 * uniform[2]), 1 + np.floor(1.6 * uniform[2]))
    unknown = rng.random((3, count)) < plan.missing
    answers = (importance, report, sleeves)
    first, second, third = (np.where(u, np.nan, a) for u, a in zip(unknown, answers, strict=True))
    return first, second, third
