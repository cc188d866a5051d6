"""Bounds and open outcomes of rows with unknown facts: valid, tight, and open only where it matters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from implementation.rules.contract import FACTS, FUNDING_SHARES
from implementation.rules.engine import OUTCOMES, Evaluation, evaluate, outcomes
from implementation.rules.facts import Columns
from implementation.rules.shapes import Interval, interval_of
from implementation.rules.unknowns import refine as refining
from implementation.rules.unknowns.box import feasible
from implementation.rules.unknowns.completions import WHOLE_KINDS, Boxes, complete, completed_shelves
from tests.rules.books import AS_OF, POLICY, PUBLISHED, SHELF, book, columns, forget

ROWS = 24
INDETERMINATE = OUTCOMES.index("INDETERMINATE")
FULL = book(31, ROWS)


def without(name: str) -> Columns:
    part = {fact: column.copy() for fact, column in FULL.items()}
    part[name][:] = -1 if FACTS[name].kind == "code" else np.nan
    return part


def values_of(name: str, low: float, high: float) -> Any:
    """Values of a fact over what it may be: all of few, many of many."""
    if FACTS[name].kind in WHOLE_KINDS and high - low <= 300:
        return np.arange(low, high + 1)
    values = np.linspace(low, high, 400)
    if FACTS[name].kind == "money":
        values = np.concatenate([values, np.geomspace(max(low, 1.0), high, 400).clip(low, high)])
    return np.unique(np.rint(values) if FACTS[name].kind in WHOLE_KINDS else values)


def every_completion(name: str, row: int) -> tuple[Any, Any]:
    """Net fits, in points, and outcomes of one account for every value that a forgotten fact may have."""
    box = interval_of(feasible(without(name), POLICY.ranges)[name])
    values = values_of(name, float(box.low[row]), float(box.high[row]))
    rows = {fact: np.repeat(column[row : row + 1], len(values)) for fact, column in FULL.items()}
    rows[name] = values.astype(FULL[name].dtype)
    found = outcomes(rows, SHELF, POLICY)
    return found.net[0] / 100, found.outcome


@pytest.mark.parametrize("name", list(FACTS))
def test_one_unknown_fact(name: str) -> None:
    """Its bounds hold every completion, and the outcome is open only where completions differ."""
    found = evaluate(without(name), SHELF, POLICY, AS_OF)
    for row in range(ROWS):
        nets, given = every_completion(name, row)
        assert found.low[row] <= nets.min() and nets.max() <= found.high[row], row
        possible = {int(outcome) for outcome in given}
        assert possible <= {bit for bit in range(4) if int(found.outcome_set[row]) >> bit & 1}, row
        assert (found.outcome[row] == INDETERMINATE) == (len(possible) > 1), row


# Facts on which the net fit of the house policy hangs in one direction at a time; amounts that reach several
# measures at once, whose bounds are cut only so finely, have a test of their own.
MONOTONE = [
    "largest_position_share", "saleable_largest_share", "stock_gain_share", "unrealized_gain_share",
    "tax_status", "tax_sensitivity", "security_restrictions", "sector_tilts", "tracking_tolerance_bps",
    "usable_gains", "loss_carryforward", "holding_horizon_years", "taxable_equity_accounts",
    "wash_group_overlap_share", "group_movable_share", "coordination_importance", "standalone_mandate",
    "flexibility_need", "sleeves_wanted", "household_value", "household_managed_accounts",
    "current_cost_bps", "gain_budget", "short_term_gain",
]  # fmt: skip


def fit_decides(found: Evaluation, row: int) -> bool:
    return bool(found.need[row] != 0 and found.eligible["SMA"][row] != 0 and found.eligible["UMA"][row] != 0)


@pytest.mark.parametrize("name", MONOTONE)
def test_bounds_are_tight_where_the_policy_is_monotone(name: str) -> None:
    found = evaluate(without(name), SHELF, POLICY, AS_OF)
    seen = 0
    for row in range(ROWS):
        if fit_decides(found, row):
            nets, _ = every_completion(name, row)
            assert found.low[row] >= nets.min() - 0.11, row
            assert found.high[row] <= nets.max() + 0.11, row
            seen += 1
    assert seen


@pytest.mark.parametrize("name", ["account_value", "planned_withdrawals", "exit_cost", "long_term_rate"])
def test_refining_narrows_what_the_intervals_leave_wide(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    part = without(name)
    close = evaluate(part, SHELF, POLICY, AS_OF)
    monkeypatch.setattr(refining, "_ROUNDS", 0)
    wide = evaluate(part, SHELF, POLICY, AS_OF)
    rows = [row for row in range(ROWS) if fit_decides(wide, row)]
    assert np.all((close.low >= wide.low) & (close.high <= wide.high))
    assert np.mean((close.high - close.low)[rows]) < 0.9 * np.mean((wide.high - wide.low)[rows])


def test_several_unknown_facts_settle_or_two_completions_differ() -> None:
    part = forget(book(32, 300), seed=4, most=4)
    found = evaluate(part, SHELF, POLICY, AS_OF)
    open_rows = np.flatnonzero(found.outcome == INDETERMINATE)
    assert len(open_rows) > 20
    rng = np.random.default_rng(7)
    differ = 0
    for row in open_rows:
        single = {name: np.repeat(column[row : row + 1], 4_000) for name, column in part.items()}
        box = feasible(single, POLICY.ranges)
        names = tuple(name for name, value in box.items() if isinstance(value, Interval))
        low, high = np.stack([box[n].low for n in names]), np.stack([box[n].high for n in names])
        known = {n: v.low if isinstance(v, Interval) else v for n, v in box.items()}
        at = np.where(rng.random(low.shape) < 0.5, rng.random(low.shape), rng.integers(0, 2, low.shape))
        amounts = np.array([[FACTS[n].kind == "money"] for n in names])
        bottom, top = np.log1p(np.maximum(low, 0)), np.log1p(np.maximum(high, 0))
        spread = np.expm1(bottom + at * (top - bottom))
        values = np.where(amounts, spread, low + at * (high - low)).clip(low, high)
        rows, possible = complete(Boxes(known, names, np.arange(low.shape[1]), low, high), values)
        given = outcomes(rows, SHELF, POLICY)
        seen = set(given.outcome[possible].tolist())
        nets = given.net[0][possible] / 100
        assert found.low[row] <= nets.min() and nets.max() <= found.high[row]
        differ += len(seen) > 1
    assert differ >= 0.97 * len(open_rows)  # chance does not find every corner


def test_what_is_found_hangs_on_the_row_alone() -> None:
    """More rows than go through side by side, against one at a time."""
    part = forget(book(33, 1_400), seed=5, most=5)
    together = evaluate(part, SHELF, POLICY, AS_OF)
    for row in range(0, 1_400, 12):
        alone = evaluate({n: c[row : row + 1] for n, c in part.items()}, SHELF, POLICY, AS_OF)
        for column in ("low", "high", "outcome", "outcome_set", "margin", "fragile"):
            one, all_of_them = getattr(alone, column)[0], getattr(together, column)[row]
            assert one == all_of_them or (one != one and all_of_them != all_of_them), (row, column)


def test_completions_contradict_nothing() -> None:
    part = forget(book(34, 400), seed=6, most=12)
    box = feasible(part, POLICY.ranges)
    names = tuple(name for name, value in box.items() if isinstance(value, Interval))
    low, high = np.stack([box[n].low for n in names]), np.stack([box[n].high for n in names])
    known = {n: v.low if isinstance(v, Interval) else v for n, v in box.items()}
    middle = low + 0.37 * (high - low)
    rows, possible = complete(Boxes(known, names, np.arange(low.shape[1]), low, high), middle)
    assert possible.mean() > 0.95
    rows = {name: column[possible] for name, column in rows.items()}
    total = sum(rows[name] for name in FUNDING_SHARES)
    assert np.abs(total - 1).max() <= 0.001 + 1e-9
    assert np.all(rows["largest_position_share"] <= rows["stock_share"] + rows["bond_share"] + 0.001)
    assert np.all(rows["saleable_largest_share"] <= rows["largest_position_share"] + 1e-9)
    assert np.all(rows["direct_index_value"] <= rows["account_value"] + 1e-9)
    for name, fact in FACTS.items():
        if fact.kind in WHOLE_KINDS:
            assert np.all(rows[name] == np.rint(rows[name])), name


def test_a_shelf_that_states_everything_is_its_own_completion() -> None:
    assert completed_shelves(SHELF, POLICY) == (SHELF,)


def test_a_shelf_with_unstated_fields_is_stated_both_ways() -> None:
    shelves = completed_shelves(PUBLISHED, POLICY)
    assert len(shelves) == 4
    full = columns({})
    for shelf in shelves:
        assert not any(program.unknowns for program in shelf.programs)
        assert outcomes(full, shelf, POLICY).outcome[0] != INDETERMINATE
