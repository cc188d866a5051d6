"""Books of made-up accounts that contradict nothing, for whatever has to hold of any account."""

from __future__ import annotations

import numpy as np

from implementation.rules.facts import FACTS, UNKNOWN_CODE, Columns


def book(seed: int, count: int) -> Columns:
    """Random accounts, complete and free of contradictions."""
    rng = np.random.default_rng(seed)
    made: Columns = {}
    for name, fact in FACTS.items():
        if fact.kind == "code":
            made[name] = rng.integers(0, len(fact.codes), count).astype(np.int16)
        elif fact.kind == "flag":
            made[name] = (rng.random(count) < 0.2).astype(np.float64)
        elif fact.kind == "level":
            made[name] = rng.integers(0, 5, count).astype(np.float64)
        elif fact.kind in ("share", "signed_share"):
            made[name] = rng.random(count)
    made |= _money(rng, count) | _counts(rng, count)
    _funding(made, rng, count)
    made["short_term_rate"] = rng.uniform(0, 0.55, count)
    made["long_term_rate"] = rng.uniform(0, 0.40, count)
    made["tracking_tolerance_bps"] = rng.uniform(0, 400, count).round()
    made["current_cost_bps"] = rng.uniform(0, 200, count).round(1)
    made["holding_horizon_years"] = rng.uniform(0, 40, count).round(1)
    return {name: made[name] for name in FACTS}


def _money(rng: np.random.Generator, count: int) -> Columns:
    value = np.minimum(rng.lognormal(12.7, 1.2, count), 4e7).round(2) + 1_000
    gain = (value * rng.uniform(0, 0.9, count)).round(2)
    return {
        "account_value": value,
        "direct_index_value": (value * rng.choice([1.0, 0.5, 0.2], count)).round(2),
        "household_value": (value * rng.uniform(1, 6, count)).round(2),
        "planned_withdrawals": (value * rng.choice([0, 0, 0.05, 0.2], count)).round(2),
        "planned_contributions": (value * rng.choice([0, 0, 0.1], count)).round(2),
        "exit_cost": rng.choice([0.0, 0.0, 500.0, 4_000.0], count),
        "unrealized_gain": gain,
        "unrealized_loss": (value * rng.uniform(0, 0.1, count)).round(2),
        "short_term_gain": (gain * rng.uniform(0, 0.3, count)).round(2),
        "gain_budget": (value * rng.uniform(0, 0.1, count)).round(2),
        "usable_gains": (value * rng.choice([0, 0.01, 0.05], count)).round(2),
        "loss_carryforward": (value * rng.choice([0, 0, 0.2], count)).round(2),
        "annual_gifting": (value * rng.choice([0, 0, 0.03], count)).round(2),
    }


def _counts(rng: np.random.Generator, count: int) -> Columns:
    accounts = rng.integers(1, 8, count).astype(np.float64)
    return {
        "household_accounts": accounts,
        "household_managed_accounts": np.floor(accounts * rng.random(count)),
        "taxable_equity_accounts": np.floor(accounts * rng.random(count) + 0.5),
        "lot_count": rng.integers(0, 600, count).astype(np.float64),
        "security_restrictions": rng.choice([0.0, 2.0, 4.0, 12.0, 60.0], count),
        "sector_tilts": rng.choice([0.0, 0.0, 1.0, 3.0], count),
        "esg_screens": rng.choice([0.0, 0.0, 1.0, 4.0], count),
        "sleeves_wanted": rng.integers(1, 6, count).astype(np.float64),
    }


def _funding(made: Columns, rng: np.random.Generator, count: int) -> None:
    parts = rng.dirichlet([0.6, 0.6, 0.8, 0.2, 0.05], count)
    names = ("cash_share", "fund_share", "stock_share", "bond_share", "other_share")
    for place, name in enumerate(names):
        made[name] = parts[:, place]
    stock, bond = made["stock_share"], made["bond_share"]
    made["largest_position_share"] = (stock + bond) * rng.random(count)
    made["saleable_largest_share"] = made["largest_position_share"] * rng.choice([0, 0.5, 1], count)
    made["stock_gain_share"] = stock * rng.uniform(-0.5, 0.9, count)
    made["unrealized_gain_share"] = made["stock_gain_share"] + made["fund_share"] * rng.uniform(0, 0.3, count)
    kept = rng.random(count) < 0.2
    made["restricted_share"] = np.where(kept, made["largest_position_share"] * rng.random(count), 0.0)
    made["restriction_reason"] = np.where(kept, rng.integers(1, 6, count), 0).astype(np.int16)
    legacy = rng.random(count) < 0.2
    made["legacy_retention_share"] = np.where(legacy, (1 - made["restricted_share"]) * stock * 0.5, 0.0)
    made["lots_known_share"] = rng.choice([1.0, 1.0, 0.97, 0.4], count)


def with_unknowns(complete: Columns, seed: int, share: float, most: int = 6) -> Columns:
    """The same accounts with 1 to `most` facts forgotten in a share of the rows."""
    rng = np.random.default_rng(seed)
    count = len(complete["account_value"])
    rows = np.flatnonzero(rng.random(count) < share)
    # The places of the smallest of as many random numbers as there are facts: each fact at most once.
    places = np.argsort(rng.random((len(rows), len(FACTS))), axis=1)[:, :most]
    forgotten = np.arange(most) < rng.integers(1, most + 1, len(rows))[:, np.newaxis]
    partial = {name: column.copy() for name, column in complete.items()}
    for place, (name, fact) in enumerate(FACTS.items()):
        here = rows[((places == place) & forgotten).any(axis=1)]
        partial[name][here] = UNKNOWN_CODE if fact.kind == "code" else np.nan
    return partial
