"""Sweeps say what the engine says: at the ends of every stretch, inside it, and one step beyond."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from implementation.rules.changes.flips import flip_points
from implementation.rules.changes.moves import block_of, move
from implementation.rules.changes.steps import STEP
from implementation.rules.changes.sweep import Span, Stretch, room_of, sweep
from implementation.rules.contract import FACTS
from implementation.rules.engine import OUTCOMES, evaluate
from implementation.rules.facts import Columns
from tests.rules.books import AS_OF, POLICY, SHELF, book, columns, forget


def outcome_at(made: Columns, name: str, value: float) -> str:
    block = block_of(made, 1)
    move(block, slice(0, 1), name, value)
    return OUTCOMES[evaluate(block, SHELF, POLICY, AS_OF).outcome[0]]


def swept(made: Columns, name: str, *ends: float) -> list[Stretch]:
    low, high = ends or room_of(made, name, POLICY)
    return sweep({name: Span(made, low, high)}, SHELF, POLICY)[name]


def size(value: float) -> dict[str, Any]:
    return {"account_value": value, "direct_index_value": value, "household_value": value}


def test_minimums_of_the_house_shelf_by_hand() -> None:
    """UMA from $50,000, SMA from $250,000, and an ordinary account of either size fits both."""
    found = swept(columns(size(400_000)), "account_value", 1_000, 1_000_000)
    assert found[:2] == [Stretch(1_000, 49_999, "NEITHER"), Stretch(50_000, 249_999, "UMA")]
    assert found[2].low == 250_000


def test_a_stretch_that_lies_between_two_points_of_the_grid() -> None:
    """Of $2,000,000 the SMA must keep $250,000; 1,990,001 and more leaves less than the UMA's $50,000."""
    made = columns(size(2_000_000))
    found = swept(made, "planned_withdrawals", 0, 5_000_000)
    assert [stretch.outcome for stretch in found][-2:] == ["UMA", "NEITHER"]
    assert (found[-2].low, found[-2].high) == (1_750_001, 1_950_000)
    wide = swept(made, "planned_withdrawals", 0, 50_000_000)  # half a million from point to point
    assert wide[-2] == found[-2]


def test_flags_and_codes_are_tried_one_by_one() -> None:
    made = columns(size(400_000))
    found = sweep({"needs_alternatives": Span(made, 0, 1), "custodian": Span(made, 0, 0)}, SHELF, POLICY)
    assert [stretch.low for stretch in found["needs_alternatives"]] == [0, 1]
    assert found["needs_alternatives"][1].outcome == "NEITHER"  # no program of the house shelf offers them
    assert len(found["custodian"]) == len(FACTS["custodian"].codes)


def test_nothing_to_sweep() -> None:
    assert sweep({}, SHELF, POLICY) == {}


@pytest.mark.parametrize("seed", range(4))
def test_what_a_sweep_says_is_what_the_engine_says(seed: int) -> None:
    accounts = book(seed, 3) if seed % 2 else forget(book(seed, 3), seed, most=3)
    spread = np.random.default_rng(seed)
    for row in range(3):
        made = {name: column[row : row + 1] for name, column in accounts.items()}
        names = [
            name for name, fact in FACTS.items() if fact.changeable and fact.kind not in ("code", "flag")
        ]
        spans = {}
        for name in names:
            low, high = room_of(made, name, POLICY)
            spans[name] = Span(made, low, min(high, low + 10_000_000))
        for name, stretches in sweep(spans, SHELF, POLICY).items():
            assert (stretches[0].low, stretches[-1].high) == (spans[name].low, spans[name].high)
            for stretch in stretches:
                inside = np.round(spread.uniform(stretch.low, stretch.high) / STEP[FACTS[name].kind])
                middle = float(np.clip(inside * STEP[FACTS[name].kind], stretch.low, stretch.high))
                for value in (stretch.low, middle, stretch.high):
                    assert outcome_at(made, name, value) == stretch.outcome, (name, value, stretch)
            for left, right in itertools.pairwise(stretches):
                assert left.outcome != right.outcome
                assert right.low - left.high < 1.5 * STEP[FACTS[name].kind], (name, left, right)


@pytest.mark.parametrize("value", [80_000, 260_000, 400_000, 2_000_000])
def test_the_nearest_change_is_the_flip_point(value: float) -> None:
    made = columns(size(value))
    for flip in flip_points(made, SHELF, POLICY):
        if FACTS[flip.fact].kind in ("code", "flag"):
            continue
        now, (low, high) = float(flip.before), room_of(made, flip.fact, POLICY)
        span = Span(made, low, high, also=(float(flip.after),))
        found = sweep({flip.fact: span}, SHELF, POLICY)[flip.fact]
        here = next(stretch for stretch in found if stretch.low <= now <= stretch.high)
        beyond = found[found.index(here) + (1 if flip.after > now else -1)]
        assert beyond.outcome == flip.outcome, flip
        assert (beyond.low if flip.after > now else beyond.high) == flip.after, flip
