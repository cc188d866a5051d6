"""Trials are the engine's own answer for the changed account; what is linked moves, nothing else does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from implementation.rules.changes.moves import block_of, move, moves_too, room
from implementation.rules.changes.trials import Trials
from implementation.rules.contract import FACTS, FUNDING_SHARES
from implementation.rules.engine import evaluate, outcomes
from implementation.rules.facts import Columns
from tests.rules.books import AS_OF, POLICY, PUBLISHED, SHELF, book, columns, forget

CHANGEABLE = [name for name, fact in FACTS.items() if fact.changeable]


def some_values(made: Columns, name: str, count: int = 5) -> Any:
    fact = FACTS[name]
    if fact.kind == "code":
        return np.arange(min(count, len(fact.codes)), dtype=np.float64)
    if fact.kind == "flag":
        return np.array([0.0, 1.0])
    low, high = room(made, name, dict(POLICY.ranges))
    values = np.linspace(low, high, count)
    return np.unique(values.round() if fact.kind in ("count", "level") else values)


def row_of(made: Columns, row: int) -> Columns:
    return {name: column[row : row + 1] for name, column in made.items()}


@pytest.mark.parametrize("shelf", [SHELF, PUBLISHED], ids=["house", "published"])
@pytest.mark.parametrize("with_base", [True, False])
def test_single_trials_equal_the_bulk(shelf: Any, with_base: bool) -> None:
    made = book(41, 3)
    for row in range(3):
        one = row_of(made, row)
        trials = Trials(one, True, shelf, POLICY)
        if with_base:
            trials.base = outcomes(one, shelf, POLICY)
        for names in (CHANGEABLE, ["planned_withdrawals"], ["usable_gains", "esg_screens"], ["platform"]):
            moves = [(name, some_values(one, name)) for name in names]
            found = trials.single(moves)
            start = 0
            for name, values in moves:
                block = block_of(one, len(values))
                move(block, slice(0, len(values)), name, values)
                bulk = evaluate(block, shelf, POLICY, AS_OF)
                rows = slice(start, start + len(values))
                assert found.outcome[rows].tolist() == bulk.outcome.tolist(), name
                assert (found.net[0][rows] / 100).tolist() == bulk.low.tolist(), name
                start = rows.stop


def test_joint_trials_change_one_fact_after_the_other() -> None:
    one = columns({})
    found = Trials(one, True, SHELF, POLICY).joint(
        [
            [("account_value", np.array([90_000.0, 600_000.0])), ("sleeves_wanted", np.array([5.0, 5.0]))],
            [("esg_screens", np.array([3.0]))],
        ]
    )
    changed: list[dict[str, Any]] = [
        dict.fromkeys(("account_value", "direct_index_value", "household_value"), value)
        for value in (90_000, 600_000)
    ]
    changed = [{**change, "sleeves_wanted": 5} for change in changed] + [{"esg_screens": 3}]
    bulk = evaluate(columns(*changed), SHELF, POLICY, AS_OF)
    assert found.outcome.tolist() == bulk.outcome.tolist()
    assert (found.net[0] / 100).tolist() == bulk.net_fit.tolist()


def test_trials_of_an_incomplete_account_are_those_of_the_engine() -> None:
    made = forget(book(43, 4), 43, most=3)
    for row in range(4):
        one = row_of(made, row)
        found = Trials(one, False, SHELF, POLICY).single([("planned_withdrawals", np.array([0.0, 90_000.0]))])
        block = block_of(one, 2)
        move(block, slice(0, 2), "planned_withdrawals", [0.0, 90_000.0])
        assert found.outcome.tolist() == evaluate(block, SHELF, POLICY, AS_OF).outcome.tolist()


@pytest.mark.parametrize("name", CHANGEABLE)
def test_only_what_is_linked_moves(name: str) -> None:
    made = book(47, 10)
    for row in range(10):
        one = row_of(made, row)
        values = some_values(one, name)
        block = block_of(one, len(values))
        move(block, slice(0, len(values)), name, values)
        changed = {other for other in FACTS if (block[other] != one[other]).any()}
        assert changed <= moves_too(name)
        assert block[name].tolist() == values.tolist()


class TestLinkedFacts:
    def test_the_sleeve_and_the_household_follow_the_account(self) -> None:
        block = block_of(columns({"household_value": 900_000}), 1)
        move(block, slice(0, 1), "account_value", 600_000.0)
        assert (block["direct_index_value"][0], block["household_value"][0]) == (600_000, 1_000_000)

    def test_a_smaller_sleeve_stays_as_far_as_there_is_room(self) -> None:
        block = block_of(columns({"direct_index_value": 200_000}), 2)
        move(block, slice(0, 2), "account_value", [600_000.0, 150_000.0])
        assert block["direct_index_value"].tolist() == [200_000, 150_000]

    def test_funding_keeps_its_sum_and_positions_fit_in(self) -> None:
        stocks = {"cash_share": 0.25, "stock_share": 0.75, "largest_position_share": 0.6}
        block = block_of(columns({**stocks, "saleable_largest_share": 0.6, "stock_gain_share": 0.5}), 1)
        move(block, slice(0, 1), "cash_share", 0.5)
        assert block["stock_share"][0] == 0.5
        assert block["largest_position_share"][0] == 0.5
        assert block["saleable_largest_share"][0] == 0.5
        assert sum(block[name][0] for name in FUNDING_SHARES) == 1

    def test_more_managed_accounts_are_more_accounts(self) -> None:
        block = block_of(columns({}), 1)
        move(block, slice(0, 1), "household_managed_accounts", 4.0)
        assert block["household_accounts"][0] == 4
