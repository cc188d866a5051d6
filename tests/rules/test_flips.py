"""Flip points flip, one step nearer does not, and known thresholds are found to the dollar."""

from __future__ import annotations

from typing import Any

import pytest

from implementation.rules.contract import FACTS, FUNDING_SHARES
from implementation.rules.engine import OUTCOMES, evaluate
from implementation.rules.facts import Columns
from implementation.rules.flips import STEP, Flip, flip_points
from implementation.rules.moves import block_of, move
from implementation.rules.shelf import Shelf
from tests.rules.books import AS_OF, POLICY, PUBLISHED, SHELF, account, book, columns, forget

FREE = set(FACTS) - set(FUNDING_SHARES)


def outcome(made: Columns, shelf: Shelf = SHELF) -> str:
    return OUTCOMES[evaluate(made, shelf, POLICY, AS_OF).outcome[0]]


def moved(made: Columns, flip: Flip, value: Any) -> Columns:
    block = block_of(made, 1)
    fact = FACTS[flip.fact]
    move(block, slice(0, 1), flip.fact, fact.codes.index(value) if fact.kind == "code" else float(value))
    return block


def check(made: Columns, shelf: Shelf) -> int:
    now = outcome(made, shelf)
    flips = flip_points(made, shelf, POLICY)
    for flip in flips:
        assert flip.outcome != now, flip
        assert outcome(moved(made, flip, flip.after), shelf) == flip.outcome, flip
        fact = FACTS[flip.fact]
        if fact.kind in ("code", "flag"):
            continue
        step = STEP[fact.kind]
        nearer = round(flip.after + (step if flip.after < flip.before else -step), 6)
        if min(flip.before, flip.after) < nearer < max(flip.before, flip.after):
            assert outcome(moved(made, flip, nearer), shelf) == now, (flip, nearer)
    return len(flips)


@pytest.mark.parametrize("seed", range(6))
def test_flip_points_flip_and_one_step_nearer_does_not(seed: int) -> None:
    made = book(seed, 8)
    found = sum(
        check({name: column[row : row + 1] for name, column in made.items()}, SHELF) for row in range(8)
    )
    assert found > 8


def test_flip_points_of_provisional_accounts_and_other_shelves() -> None:
    made = forget(book(31, 10), 31, most=3)
    for row in range(10):
        single = {name: column[row : row + 1] for name, column in made.items()}
        check(single, SHELF)
        check(single, PUBLISHED)


def flips_of(**changes: Any) -> dict[tuple[str, str], Any]:
    return {(flip.fact, flip.outcome): flip.after for flip in flip_points(columns(changes), SHELF, POLICY)}


def size(value: float) -> dict[str, float]:
    return {"account_value": value, "direct_index_value": value, "household_value": value}


def test_minimums_are_found_to_the_dollar() -> None:
    assert flips_of(**size(80_000))["account_value", "EITHER"] == 250_000
    assert flips_of(**size(80_000))["account_value", "NEITHER"] == 49_999
    assert flips_of(**size(260_000), planned_withdrawals=20_000)["account_value", "EITHER"] == 270_000
    assert flips_of(**size(260_000), planned_withdrawals=20_000)["planned_withdrawals", "EITHER"] == 10_000


def test_counts_flags_and_codes() -> None:
    roth = {
        "registration": "roth_ira",
        "tax_status": "tax_free",
        "security_restrictions": 0,
        "usable_gains": 0,
    }
    found = flips_of(**roth)
    assert found["security_restrictions", "EITHER"] == 3
    assert found["esg_screens", "EITHER"] == 1
    assert found["client_requests_direct_indexing", "EITHER"] is True


def test_an_undetermined_account_has_questions_instead() -> None:
    assert flip_points(columns({"account_value": None, "direct_index_value": None}), SHELF, POLICY) == []


def test_what_is_not_changeable_is_not_offered() -> None:
    facts = {flip.fact for row in range(20) for flip in flip_points(columns({}), SHELF, POLICY)}
    assert not facts & {name for name, fact in FACTS.items() if not fact.changeable}


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


def test_the_facts_of_a_flip_are_facts_that_can_be_read() -> None:
    for flip in flip_points(columns({}), SHELF, POLICY):
        if flip.fact in FREE and not flip.linked:
            linked = {"household_accounts": 9} if flip.fact.endswith("accounts") else {}
            account(**linked, **{flip.fact: flip.after})
