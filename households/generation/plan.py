"""The plan of a household, one row each: how wealthy, how old, how invested, and what is special about it.

Everything later follows from the plan's columns. Draws are uniform numbers read through tables, never
transcendental functions, so that every platform draws the same book.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from households.generation.shapes import (
    AGE_EDGES,
    GAIN_EDGES,
    WEALTH_EDGES,
    WEALTH_LEVELS,
    Owned,
    Shapes,
    at_level,
    band_of,
)
from households.generation.taxes import STATES

FAMILY, CHARITY, FOUNDATION = 0, 1, 2
CODES_OF_RESTRICTION = ("", "insider", "rule_144", "plan_10b5_1", "pledged", "never_sell")
CUSTODIANS = ("schwab", "fidelity", "pershing", "vanguard", "raymond_james", "bank_trust")
PLATFORMS = ("none", "house_overlay", "envestnet", "orion")

# House judgment, not from the survey: how often a household of the book has something special.
INSTITUTIONS, SEPARATE_RETURNS, CONCENTRATED, RESTRICTED, LEGACY = 0.015, 0.05, 0.14, 0.3, 0.18
RETAINED, SCREENED, ON_PLATFORM, SPREAD, INCOMPLETE, MOSTLY_OPEN = 0.3, 0.16, 0.3, 0.2, 0.25, 0.08
GIVING, STANDALONE, WAITING = 0.12, 0.1, 0.1
LARGEST_REALIZED = 0.15  # of wealth a year: more is the sale of a business, not of securities


@dataclass
class Plan:
    """Household columns of equal length. Shares are fractions, money is dollars, ages are years.

    Attributes:
        kind: FAMILY, CHARITY or FOUNDATION.
        retirement, managed: shares of wealth, and of what retirement leaves.
        personal: share of retirement in IRAs, the rest in employer plans.
        trust: whether managed assets sit in a trust.
        cash, stock, bond: shares of taxable investments; funds are the rest, split by `fund_mix` (n, kinds).
        gain: unrealized gain as a share of stock and fund value.
        top: share of the largest stock in its account, 0 where it falls as it may.
        restriction: index into CODES_OF_RESTRICTION for the largest stock.
        missing: chance that a stated fact is unknown.
        waiting: chance that an account waits for some or all of its lots.
        spread: chance that an account is not with the main custodian.
        stocks_in: number of the slot that holds the household's stocks while the others hold cash and funds;
            -1 where each account leans as it may.
    """

    kind: np.ndarray
    wealth: np.ndarray
    age: np.ndarray
    married: np.ndarray
    joint_return: np.ndarray
    spouse_age: np.ndarray
    children: np.ndarray
    state: np.ndarray
    income: np.ndarray
    retirement: np.ndarray
    personal: np.ndarray
    managed: np.ndarray
    trust: np.ndarray
    cash: np.ndarray
    stock: np.ndarray
    bond: np.ndarray
    fund_mix: np.ndarray
    stock_names: np.ndarray
    gain: np.ndarray
    realized_gain: np.ndarray
    realized_loss: np.ndarray
    top: np.ndarray
    restriction: np.ndarray
    legacy: np.ndarray
    retained: np.ndarray
    screens: np.ndarray
    step_up: np.ndarray
    giving: np.ndarray
    platform: np.ndarray
    custodian: np.ndarray
    spread: np.ndarray
    standalone: np.ndarray
    missing: np.ndarray
    waiting: np.ndarray
    stocks_in: np.ndarray

    def __len__(self) -> int:
        return len(self.wealth)

    def take(self, rows: np.ndarray) -> Plan:
        """The plan of some households only."""
        return Plan(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def draw_plan(rng: np.random.Generator, count: int, shapes: Shapes) -> Plan:
    """Draw household plans from the fitted shapes.

    Args:
        rng: the slice's generator; only its uniform numbers are used.
        count: households.
    """
    draw = rng.random
    wealth = np.round(np.interp(draw(count), WEALTH_LEVELS, shapes.wealth), -2)
    band = band_of(wealth, WEALTH_EDGES)
    age = np.floor(at_level(shapes.age, band, draw(count))).astype(np.int64)
    married = draw(count) < shapes.married[band_of(age, AGE_EDGES)]
    children = _children(shapes, age, draw(count))
    stock = _part(shapes.stock, band, draw(count), draw(count))
    top = np.where(draw(count) < CONCENTRATED, 0.35 + 0.5 * draw(count), 0.0)
    restricted = (top > 0) & (draw(count) < RESTRICTED)
    kind = np.where(draw(count) < INSTITUTIONS, np.where(draw(count) < 0.5, CHARITY, FOUNDATION), FAMILY)
    family = kind == FAMILY
    gain = _gain(shapes, wealth, stock, draw(count))
    open_facts = draw(count)
    return Plan(
        kind=kind,
        wealth=wealth,
        age=age,
        married=married & family,
        joint_return=draw(count) >= SEPARATE_RETURNS,
        spouse_age=np.maximum(21, age + np.floor(9 * draw(count)).astype(np.int64) - 5),
        children=np.where(family, children, 0),
        state=np.floor(draw(count) * len(STATES)).astype(np.int64),
        income=np.round(wealth * at_level(shapes.income_to_wealth, band, draw(count)), -2),
        retirement=np.where(family, _part(shapes.retirement, band, draw(count), draw(count)), 0.0),
        personal=_part(shapes.personal_retirement, band, draw(count), draw(count)),
        managed=np.where(family, _part(shapes.managed, band, draw(count), draw(count)), 0.0),
        trust=draw(count) < shapes.trust.owners[band],
        cash=at_level(shapes.cash.share, band, draw(count)),
        stock=np.where(top > 0, np.maximum(stock, 0.5), stock),
        bond=_part(shapes.bond, band, draw(count), draw(count)),
        fund_mix=_fund_mix(rng, shapes, count),
        stock_names=np.round(at_level(shapes.stock_names, band, draw(count))).astype(np.int64),
        gain=gain,
        realized_gain=_realized(shapes.realized_gain, wealth, band, rng),
        realized_loss=_realized(shapes.realized_loss, wealth, band, rng),
        top=top,
        restriction=np.where(restricted, 1 + np.floor(5 * draw(count)), 0).astype(np.int64),
        legacy=draw(count) < LEGACY,
        retained=draw(count) < RETAINED,
        screens=np.where(draw(count) < SCREENED, 1 + np.floor(3 * draw(count)), 0).astype(np.int64),
        step_up=(age >= 77) & (draw(count) < 0.6),
        giving=draw(count) < GIVING,
        platform=np.where(draw(count) < ON_PLATFORM, 1 + np.floor(3 * draw(count)), 0).astype(np.int64),
        custodian=np.floor(len(CUSTODIANS) * draw(count) ** 2).astype(np.int64),
        spread=np.where(draw(count) < SPREAD, 0.6, 0.08),
        standalone=draw(count) < STANDALONE,
        missing=np.where(open_facts < MOSTLY_OPEN, 0.5, np.where(open_facts < INCOMPLETE, 0.12, 0.0)),
        waiting=np.where(open_facts < INCOMPLETE, 3 * WAITING, WAITING),
        stocks_in=np.full(count, -1),
    )


def _part(owned: Owned, band: np.ndarray, owns: np.ndarray, level: np.ndarray) -> np.ndarray:
    return np.where(owns < owned.owners[band], at_level(owned.share, band, level), 0.0)


def _children(shapes: Shapes, age: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    mass = np.cumsum(shapes.children, axis=1)[band_of(age, AGE_EDGES)]
    return np.minimum((uniform[:, None] >= mass).sum(axis=1), shapes.children.shape[1] - 1)


def _fund_mix(rng: np.random.Generator, shapes: Shapes, count: int) -> np.ndarray:
    kinds = len(shapes.fund_owners)
    row = np.broadcast_to(np.arange(kinds), (count, kinds))
    owns = rng.random((count, kinds)) < shapes.fund_owners
    mix = np.where(owns, at_level(shapes.fund_share, row, rng.random((count, kinds))), 0.0)
    mix[mix.sum(axis=1) == 0, 0] = 1.0
    return mix / mix.sum(axis=1, keepdims=True)


def _gain(shapes: Shapes, wealth: np.ndarray, stock: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    row = band_of(wealth, GAIN_EDGES)
    by_stock = at_level(shapes.gain_stock, row, uniform)
    return np.where(stock > 0.5, by_stock, at_level(shapes.gain_funds, row, uniform))


def _realized(owned: Owned, wealth: np.ndarray, band: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    share = _part(owned, band, rng.random(len(wealth)), rng.random(len(wealth)))
    return np.round(wealth * np.minimum(share, LARGEST_REALIZED), -2)
