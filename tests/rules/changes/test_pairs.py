"""Pairs: said only where no single fact flips, evaluated by the engine, and cut down as far as they go."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from implementation.rules.answer import answer
from implementation.rules.changes.flips import STEP, Change, Search
from implementation.rules.changes.moves import block_of, move, moves_too
from implementation.rules.changes.pairs import SHOWN, Pair, flip_pairs
from implementation.rules.contract import FACTS
from implementation.rules.engine import OUTCOMES, evaluate, outcomes
from implementation.rules.explain import explain
from implementation.rules.facts import Columns
from implementation.rules.unknowns.box import incomplete_rows
from tests.rules.books import AS_OF, BASE, POLICY, SHELF, book, columns

PLAIN = SHELF.with_changes({"SMA": {"options_overlay": False, "fixed_income_discretion": False}})
"""Neither program does options, alternatives or a bond manager's discretion."""
NOTHING = "Nothing single or paired flips this."


def moved(one: Columns, changes: list[dict[str, Any]]) -> str:
    block = block_of(one, 1)
    for change in changes:
        fact = FACTS[change["fact"]]
        value = fact.codes.index(change["to"]) if fact.codes else float(change["to"])
        move(block, slice(0, 1), fact.name, np.array([value]))
    return OUTCOMES[int(outcomes(block, SHELF, POLICY).outcome[0])]


def test_two_needs_that_no_program_meets() -> None:
    """Giving up one of them opens nothing, both do."""
    asked = {**BASE, "needs_options_overlay": True, "needs_alternatives": True}
    (result,) = answer([asked], PLAIN, POLICY, AS_OF)["results"]
    assert (result["outcome"], result["flip_points"]) == ("NEITHER", [])
    assert result["flip_note"] == "No single fact flips this; two together do."
    nearest = result["flip_pairs"][0]
    assert {change["fact"] for change in nearest["facts"]} == {"needs_options_overlay", "needs_alternatives"}
    assert [change["to"] for change in nearest["facts"]] == [False, False]
    assert nearest["outcome"] == "EITHER"  # case 6 by fit


def test_three_needs_that_no_program_meets() -> None:
    needs = ("needs_options_overlay", "needs_alternatives", "needs_fixed_income_discretion")
    (result,) = answer([{**BASE, **dict.fromkeys(needs, True)}], PLAIN, POLICY, AS_OF)["results"]
    assert result["outcome"] == "NEITHER"
    assert (result["flip_points"], result["flip_pairs"], result["flip_note"]) == ([], [], NOTHING)


@pytest.mark.parametrize("row", [2865, 514])
def test_the_value_that_meets_a_minimum_is_tried_beside_the_one_that_meets_them_all(row: int) -> None:
    """$250,000 opens nothing where withdrawals follow; more does, together with a need given up."""
    made = book(5, 3_000)
    one = {name: column[row : row + 1] for name, column in made.items()}
    result = explain(made, row, SHELF, POLICY, AS_OF)
    assert result["flip_points"] == []
    assert result["flip_pairs"]
    for pair in result["flip_pairs"]:
        assert moved(one, pair["facts"]) == pair["outcome"] != result["outcome"]


def test_pairs_flip_and_neither_of_the_two_does_alone() -> None:
    made, seen = book(71, 1_500), 0
    for row in range(1_500):
        result = explain(made, row, SHELF, POLICY, AS_OF) if row % 6 == 0 else None
        if result is None or not result["flip_pairs"]:
            continue
        one = {name: column[row : row + 1] for name, column in made.items()}
        for pair in result["flip_pairs"]:
            assert moved(one, pair["facts"]) == pair["outcome"] != result["outcome"], row
            assert all(moved(one, [change]) == result["outcome"] for change in pair["facts"]), row
            seen += 1
    assert seen >= 5


def size(value: float) -> dict[str, float]:
    return dict.fromkeys(("account_value", "direct_index_value", "household_value"), value)


def told(**changes: Any) -> dict[str, Any]:
    return explain(columns(changes), 0, SHELF, POLICY, AS_OF)


def search(made: Columns) -> Search:
    begun = Search(made, not incomplete_rows(made).any(), SHELF, POLICY)
    begun.begin(outcomes(made, SHELF, POLICY))
    return begun


def with_changes(made: Columns, changes: tuple[Change, ...]) -> str:
    block = block_of(made, 1)
    for one in changes:
        fact = FACTS[one.fact]
        value = fact.codes.index(one.after) if fact.kind == "code" else float(one.after)
        move(block, slice(0, 1), one.fact, value)
    return OUTCOMES[evaluate(block, SHELF, POLICY, AS_OF).outcome[0]]


class TestByHand:
    # No program offers alternatives; the UMA asks for $50,000, the SMA for $250,000.
    def test_two_obstacles_are_two_facts(self) -> None:
        found = told(**size(40_000), needs_alternatives=True)
        assert (found["outcome"], found["flip_points"]) == ("NEITHER", [])
        assert found["flip_note"] == "No single fact flips this; two together do."
        assert found["flip_pairs"][0]["facts"] == [
            {"fact": "account_value", "from": 40_000, "to": 50_000},
            {"fact": "needs_alternatives", "from": True, "to": False},
        ]
        assert found["flip_pairs"][0]["outcome"] == "UMA"
        assert found["flip_pairs"][0]["text"].endswith(
            "Both together, the answer becomes: a sleeve in a UMA."
        )

    def test_three_obstacles_are_said_to_be_too_many(self) -> None:
        terms = {"SMA": {"custodians": ["schwab"]}, "UMA": {"custodians": ["schwab"]}}
        shelf = SHELF.with_changes(terms)
        changes = {**size(40_000), "needs_alternatives": True, "custodian": "other"}
        closed = explain(columns(changes), 0, shelf, POLICY, AS_OF)
        assert (closed["flip_points"], closed["flip_pairs"]) == ([], [])
        assert closed["flip_note"] == "Nothing single or paired flips this."

    def test_where_single_facts_flip_nothing_is_said_of_pairs(self) -> None:
        found = told()
        assert found["flip_points"]
        assert (found["flip_pairs"], found["flip_note"]) == ([], None)

    def test_questions_come_first(self) -> None:
        found = told(account_value=None, direct_index_value=None)
        assert (found["flip_points"], found["flip_pairs"], found["flip_note"]) == ([], [], None)


def hopeless(seed: int, count: int) -> Columns:
    """Small accounts that need what no program offers."""
    made = book(seed, count)
    made["needs_alternatives"][:] = 1
    made["account_value"] = np.minimum(made["account_value"], 40_000)
    made["direct_index_value"] = np.minimum(made["direct_index_value"], made["account_value"])
    return made


def all_pairs() -> list[tuple[Columns, Pair]]:
    found = []
    for seed in range(3):
        made = hopeless(seed, 12)
        for row in range(12):
            one = {name: column[row : row + 1] for name, column in made.items()}
            begun = search(one)
            if not begun.flips():
                found += [(one, pair) for pair in flip_pairs(begun)]
    return found


PAIRS = all_pairs()


def test_there_are_pairs_to_test() -> None:
    assert len(PAIRS) > 20


def test_every_pair_flips_together_and_neither_of_it_alone() -> None:
    for made, pair in PAIRS:
        now = OUTCOMES[outcomes(made, SHELF, POLICY).outcome[0]]
        assert with_changes(made, pair.changes) == pair.outcome != now
        for one in pair.changes:
            assert with_changes(made, (one,)) == now


def test_neither_fact_of_a_pair_moves_the_other() -> None:
    for _, pair in PAIRS:
        a, b = pair.changes
        assert a.fact not in moves_too(b.fact)
        assert b.fact not in moves_too(a.fact)


def test_pairs_are_cut_down_to_the_step() -> None:
    """Both facts one step less of their way keep the outcome."""
    for made, pair in PAIRS:
        now = OUTCOMES[outcomes(made, SHELF, POLICY).outcome[0]]
        less = []
        for one in pair.changes:
            kind = FACTS[one.fact].kind
            if kind in ("code", "flag"):
                less.append(one)
            else:
                back = STEP[kind] if one.after < one.before else -STEP[kind]
                less.append(Change(one.fact, one.before, round(one.after + back, 6)))
        assert with_changes(made, tuple(less)) == now, pair


def test_the_same_account_has_the_same_pairs_and_not_too_many() -> None:
    made = {name: column[:1] for name, column in hopeless(0, 1).items()}
    first, again = flip_pairs(search(made)), flip_pairs(search(made))
    assert first == again
    assert 0 < len(first) <= SHOWN


@pytest.mark.parametrize("seed", range(2))
def test_pairs_come_nearest_first(seed: int) -> None:
    made = hopeless(seed, 12)
    for row in range(12):
        one = {name: column[row : row + 1] for name, column in made.items()}
        pairs = flip_pairs(search(one))
        sizes = [
            sum(
                abs(change.after - change.before) / max(float(one["account_value"][0]), 1.0)
                for change in pair.changes
                if FACTS[change.fact].kind == "money"
            )
            for pair in pairs
            if all(FACTS[change.fact].kind in ("money", "flag") for change in pair.changes)
        ]
        assert sizes == sorted(sizes)
