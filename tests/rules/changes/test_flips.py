"""Flip points flip, nothing nearer does, and known thresholds are found to the dollar."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from implementation.rules.changes.flips import STEP, Flip, flip_points
from implementation.rules.changes.moves import block_of, move, room
from implementation.rules.contract import FACTS, FUNDING_SHARES, Fact
from implementation.rules.engine import OUTCOMES, evaluate, outcomes
from implementation.rules.facts import Columns
from implementation.rules.policy import Policy
from implementation.rules.scoring import INDETERMINATE
from implementation.rules.shelf import Shelf
from tests.rules.books import AS_OF, POLICY, PUBLISHED, SHELF, account, book, columns, forget
from tests.rules.changed import document, parsed
from tests.rules.goldens import worked

FREE = set(FACTS) - set(FUNDING_SHARES)
Found = dict[tuple[str, int], tuple[float, int]]


def outcome(made: Columns, shelf: Shelf = SHELF) -> str:
    return OUTCOMES[evaluate(made, shelf, POLICY, AS_OF).outcome[0]]


def moved(made: Columns, flip: Flip, value: Any) -> Columns:
    block = block_of(made, 1)
    fact = FACTS[flip.fact]
    move(block, slice(0, 1), flip.fact, fact.codes.index(value) if fact.kind == "code" else float(value))
    return block


def row_of(made: Columns, row: int) -> Columns:
    return {name: column[row : row + 1] for name, column in made.items()}


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
    assert sum(check(row_of(made, row), SHELF) for row in range(8)) > 8


def test_flip_points_of_provisional_accounts_and_other_shelves() -> None:
    made = forget(book(31, 10), 31, most=3)
    for row in range(10):
        check(row_of(made, row), SHELF)
        check(row_of(made, row), PUBLISHED)


def undecided(seed: int, count: int) -> Columns:
    """Accounts that are open to both structures, so that it takes the facts to decide."""
    made = book(seed, count)
    rng = np.random.default_rng(seed)
    for name in ("needs_options_overlay", "needs_alternatives", "needs_fixed_income_discretion"):
        made[name][:] = 0
    made["security_restrictions"] = np.minimum(made["security_restrictions"], 40)
    made["tax_status"][rng.random(count) < 0.8] = 0
    made["standalone_mandate"] = (rng.random(count) < 0.5).astype(np.float64)
    for name, fact in FACTS.items():
        if fact.kind == "money" and fact.changeable:
            made[name] = made[name] * 2
    most = np.minimum(made["account_value"], 120_000)
    made["direct_index_value"] = np.maximum(made["direct_index_value"], most)
    return made


def every_step(fact: Fact, low: float, high: float) -> Any:
    step = STEP[fact.kind]
    values = np.round(np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) * step, 6)
    return values[(values >= low) & (values <= high)]


def by_brute_force(made: Columns, shelf: Shelf, policy: Policy) -> Found:
    """The nearest flip of every fact with few steps, up (1) and down (-1), by trying each of them."""
    found: Found = {}
    before = outcomes(made, shelf, policy).outcome[0]
    for name, fact in FACTS.items():
        now = float(made[name][0])
        if not fact.changeable or fact.kind in ("money", "code", "flag") or np.isnan(now):
            continue
        values = every_step(fact, *room(made, name, dict(policy.ranges)))
        for sign, side in ((1, values[values > now]), (-1, values[values < now][::-1])):
            block = block_of(made, len(side))
            move(block, slice(0, len(side)), name, side)
            after = outcomes(block, shelf, policy).outcome if len(side) else np.empty(0)
            other = np.flatnonzero(after != before)
            if len(other):
                found[name, sign] = float(side[other[0]]), int(after[other[0]])
    return found


def by_search(made: Columns, shelf: Shelf, policy: Policy) -> Found:
    found: Found = {}
    for flip in flip_points(made, shelf, policy):
        if FACTS[flip.fact].kind not in ("money", "code", "flag"):
            sign = 1 if flip.after > made[flip.fact][0] else -1
            found[flip.fact, sign] = float(flip.after), OUTCOMES.index(flip.outcome)
    return found


class TestNothingNearerIsMissed:
    @pytest.mark.parametrize("seed", range(4))
    def test_of_random_accounts(self, seed: int) -> None:
        made = undecided(seed, 15)
        some = [row_of(made, row) for row in range(15)]
        found = [by_brute_force(one, SHELF, POLICY) for one in some]
        assert [by_search(one, SHELF, POLICY) for one in some] == found
        assert sum(len(one) for one in found) > 40

    def test_of_the_worked_cases(self) -> None:
        for case in worked().values():
            made = columns({name: value for name, value in case.facts.items() if name in FACTS})
            if outcomes(made, case.shelf, POLICY).outcome[0] != INDETERMINATE:
                assert by_search(made, case.shelf, POLICY) == by_brute_force(made, case.shelf, POLICY)

    def test_of_a_policy_with_a_narrow_rise_and_fall(self) -> None:
        # Points for the SMA between 61.9% and 62.3% alone: a coarse grid sees nothing of it.
        spike = [[0.10, 0], [0.50, 4], [0.619, 4], [0.621, 40], [0.623, 4]]
        data = document()
        bonds = data["factors"]["funding"]["sma"]["individual_bonds"]
        del bonds["monotone"]
        bonds |= {"points": spike, "range": [0, 40]}
        policy = parsed(data)
        made = columns({"cash_share": 0.9, "bond_share": 0.1})
        found = by_brute_force(made, SHELF, policy)
        assert 0.619 < found["bond_share", 1][0] < 0.623
        assert by_search(made, SHELF, policy) == found

    def test_of_provisional_accounts(self) -> None:
        made = undecided(9, 12)
        made["lot_count"][:] = np.nan
        made["esg_screens"][::2] = np.nan
        for row in range(0, 12, 3):
            one = row_of(made, row)
            if outcomes(one, SHELF, POLICY).outcome[0] != INDETERMINATE:
                assert by_search(one, SHELF, POLICY) == by_brute_force(one, SHELF, POLICY)

    @pytest.mark.parametrize("seed", range(2))
    def test_of_amounts_by_a_close_grid(self, seed: int) -> None:
        made = undecided(seed, 6)
        for row in range(6):
            one = row_of(made, row)
            before = outcomes(one, SHELF, POLICY).outcome[0]
            nearest = {
                (flip.fact, flip.after > flip.before): abs(flip.after - flip.before)
                for flip in flip_points(one, SHELF, POLICY)
                if FACTS[flip.fact].kind == "money"
            }
            for name in (name for name, fact in FACTS.items() if fact.kind == "money" and fact.changeable):
                now = float(one[name][0])
                low, high = room(one, name, dict(POLICY.ranges))
                values = np.unique(np.concatenate([np.geomspace(1, 5e7, 1500), np.linspace(0, 3 * now, 500)]))
                values = values[(values >= low) & (values <= high)].round()
                block = block_of(one, len(values))
                move(block, slice(0, len(values)), name, values)
                changed = values[outcomes(block, SHELF, POLICY).outcome != before]
                for up, side in ((True, changed[changed > now]), (False, changed[changed < now])):
                    if len(side):
                        assert nearest[name, up] <= np.abs(side - now).min(), name


def flips_of(**changes: Any) -> dict[tuple[str, str], Any]:
    return {(flip.fact, flip.outcome): flip.after for flip in flip_points(columns(changes), SHELF, POLICY)}


def size(value: float) -> dict[str, float]:
    return {"account_value": value, "direct_index_value": value, "household_value": value}


def test_minimums_are_found_to_the_dollar() -> None:
    assert flips_of(**size(80_000))["account_value", "EITHER"] == 250_000
    assert flips_of(**size(80_000))["account_value", "NEITHER"] == 49_999
    assert flips_of(**size(260_000), planned_withdrawals=20_000)["account_value", "EITHER"] == 270_000
    assert flips_of(**size(260_000), planned_withdrawals=20_000)["planned_withdrawals", "EITHER"] == 10_000


def test_a_need_that_ends_is_found_to_the_dollar() -> None:
    # 5 bps a year of 400,000 are 200 of tax value; at 0.20 + 0.25 x 0.17 = 0.2425 that takes 824.74 of gains.
    found = flips_of(**size(400_000))
    assert found["usable_gains", "NEITHER"] == 824
    # 12,000 of gains are worth 2,910: 5 bps a year of 5,820,000.
    assert found["account_value", "NEITHER"] == 5_820_000


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
    made = undecided(3, 10)
    facts = {flip.fact for row in range(10) for flip in flip_points(row_of(made, row), SHELF, POLICY)}
    assert facts
    assert not facts & {name for name, fact in FACTS.items() if not fact.changeable}


def test_the_facts_of_a_flip_are_facts_that_can_be_read() -> None:
    for flip in flip_points(columns({}), SHELF, POLICY):
        if flip.fact in FREE and not flip.linked:
            linked = {"household_accounts": 9} if flip.fact.endswith("accounts") else {}
            account(**linked, **{flip.fact: flip.after})
