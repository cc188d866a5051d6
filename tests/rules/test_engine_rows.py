"""What the engine writes for a row from what one pass found, and which small changes it tries; by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from implementation.rules import engine
from implementation.rules.engine import FACTORS, Evaluation, evaluate, nudged
from implementation.rules.evaluation import UNKNOWN
from implementation.rules.parameters import ReasonMask
from implementation.rules.scoring import Scored
from implementation.rules.shapes import Interval
from tests.rules.books import AS_OF, POLICY, SHELF, book, columns, forget
from tests.rules.test_scoring import FAILS, OPEN, PASSES, of_size, passed, structure

SMA, UMA, EITHER, NEITHER, INDETERMINATE = range(5)
STATES = (PASSES, FAILS, OPEN)
WARRANTED, UNWARRANTED, PERHAPS = (1.0, 1.0), (0.0, 0.0), (0.0, 1.0)


def room(count: int) -> Evaluation:
    return Evaluation.empty(columns(*[{}] * count), SHELF, POLICY)


def array(*values: Any) -> Any:
    return np.array(values, dtype=np.float64)


# --- what is written ---------------------------------------------------------------------------------------


def test_a_conflict_is_two_factors_that_pull_for_certain_and_far_enough() -> None:
    """Five points are material. What is not certain of a contribution pulls by its weaker end."""
    rows = [
        ((500, 500), (-500, -500), True),
        ((499, 499), (-500, -500), False),
        ((500, 500), (-499, -499), False),
        ((500, 500), (500, 500), False),
        ((-500, -500), (-500, -500), False),
        ((500, 900), (-900, -500), True),
        ((499, 900), (-900, -500), False),
        ((500, 900), (-900, -499), False),
    ]
    first, second, conflicts = zip(*rows, strict=True)
    nothing = np.zeros(len(rows))
    contributions = dict.fromkeys(FACTORS, (nothing, nothing))
    contributions["tax"] = tuple(array(*end) for end in zip(*first, strict=True))  # type: ignore[assignment]
    contributions["cost"] = tuple(array(*end) for end in zip(*second, strict=True))  # type: ignore[assignment]
    found, scored = room(len(rows)), passed(*[{}] * len(rows))
    engine._write_fit(found, slice(None), replace(scored, contributions=contributions), POLICY)
    assert found.conflict.tolist() == list(conflicts)
    sure = [low if low == high else UNKNOWN for low, high in first]
    assert found.whole_contributions["tax"].tolist() == sure
    assert found.whole_contributions["context"].tolist() == [0] * len(rows)


def test_fits_are_kept_in_millionths_where_they_are_known() -> None:
    found, scored = room(2), passed({}, {})
    span = Interval(array(50.0, 62.5), array(51.0, 62.5))
    fits = {**scored.fits, "tax": (array(1.5, 0.000_000_6), span)}
    engine._write_fit(found, slice(None), replace(scored, fits=fits), POLICY)
    assert [fit.tolist() for fit in found.whole_fits["tax"]] == [[1_500_000, 1], [UNKNOWN, 62_500_000]]


def written(rows: list[tuple[Any, ...]], unknown: bool) -> Evaluation:
    """Rows of an outcome, what is known of need, of both structures and of the net fit."""
    outcome, need, sma, uma, net = (list(column) for column in zip(*rows, strict=True))
    needs, nets = (tuple(array(*end) for end in zip(*ends, strict=True)) for ends in (need, net))
    scored: Scored = replace(
        passed(*[{}] * len(rows)),
        need=Interval(*needs),
        structures={"SMA": structure(sma), "UMA": structure(uma)},
        net=nets,
        outcome=np.array(outcome, dtype=np.int8),
    )
    found = room(len(rows))
    engine._write_outcome(found, slice(None), scored, unknown)
    engine._write_programs(found, slice(None), scored)
    return found


NEED, SETTLED, FIT, MISSING = range(4)


@pytest.mark.parametrize(
    ("outcome", "need", "sma", "uma", "by"),
    [
        (SMA, WARRANTED, PASSES, PASSES, FIT),
        (SMA, WARRANTED, PASSES, OPEN, FIT),
        (SMA, WARRANTED, PASSES, FAILS, SETTLED),
        (UMA, WARRANTED, PASSES, PASSES, FIT),
        (UMA, WARRANTED, OPEN, PASSES, FIT),
        (UMA, WARRANTED, FAILS, PASSES, SETTLED),
        (EITHER, WARRANTED, PASSES, PASSES, FIT),
        (NEITHER, WARRANTED, FAILS, FAILS, SETTLED),
        (NEITHER, PERHAPS, FAILS, FAILS, SETTLED),
        (NEITHER, UNWARRANTED, PASSES, PASSES, NEED),
        (NEITHER, UNWARRANTED, FAILS, FAILS, NEED),
        (INDETERMINATE, PERHAPS, PASSES, FAILS, MISSING),
        (INDETERMINATE, WARRANTED, OPEN, FAILS, MISSING),
        (INDETERMINATE, WARRANTED, FAILS, OPEN, MISSING),
    ],
)
def test_what_decides_an_outcome(outcome: int, need: Any, sma: Any, uma: Any, by: int) -> None:
    assert written([(outcome, need, sma, uma, (0.0, 0.0))], False).decided_by.tolist() == [by]


def test_provisional_is_one_outcome_though_something_is_open() -> None:
    nets = ((5.0, 5.0), (4.0, 5.0))
    rows = list(
        itertools.product(
            (SMA, EITHER, NEITHER, INDETERMINATE), (WARRANTED, UNWARRANTED, PERHAPS), STATES, STATES, nets
        )
    )
    is_open = [OPEN in row[2:4] or row[1] == PERHAPS or row[4][0] != row[4][1] for row in rows]
    for unknown in (False, True):
        expected = [
            row[0] != INDETERMINATE and (unknown or open_) for row, open_ in zip(rows, is_open, strict=True)
        ]
        assert written(rows, unknown).provisional.tolist() == expected


def test_need_and_eligibility_are_yes_no_or_not_known() -> None:
    needs = [WARRANTED, UNWARRANTED, PERHAPS]
    rows = [(EITHER, need, state, PASSES, (0.0, 0.0)) for need, state in zip(needs, STATES, strict=True)]
    found = written(rows, False)
    assert found.need.tolist() == [1, 0, -1]
    assert found.eligible["SMA"].tolist() == [1, 0, -1]
    assert found.eligible["UMA"].tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("sma", "sma_dollars", "uma", "uma_dollars", "cheapest"),
    [
        (PASSES, 10, PASSES, 20, 1),
        (PASSES, 20, PASSES, 10, -1),
        (PASSES, 10, PASSES, 10, 0),
        (PASSES, 10, FAILS, 5, 1),
        (PASSES, 10, FAILS, np.nan, 1),
        (FAILS, 5, PASSES, 10, -1),
        (FAILS, np.nan, PASSES, 10, -1),
        (FAILS, 5, FAILS, 10, 0),
        # An unknown price, or a structure that is open perhaps, is no rival to be sure of.
        (PASSES, 10, PASSES, np.nan, 0),
        (PASSES, np.nan, PASSES, 10, 0),
        (PASSES, np.nan, FAILS, 10, 0),
        (FAILS, 10, PASSES, np.nan, 0),
        (PASSES, 10, OPEN, 20, 0),
        (PASSES, 10, OPEN, 5, 0),
        (OPEN, 20, PASSES, 10, 0),
        (OPEN, 5, PASSES, 10, 0),
        (OPEN, 10, OPEN, 20, 0),
        (OPEN, 10, FAILS, 20, 0),
        (FAILS, 20, OPEN, 10, 0),
    ],
)
def test_which_structure_is_cheapest(
    sma: Any, sma_dollars: float, uma: Any, uma_dollars: float, cheapest: int
) -> None:
    found = room(1)
    structures = {
        "SMA": structure([sma], dollars=array(sma_dollars)),
        "UMA": structure([uma], dollars=array(uma_dollars)),
    }
    engine._write_programs(found, slice(None), replace(passed({}), structures=structures))
    assert found.cheapest.tolist() == [cheapest]


def test_everything_is_written_in_the_row_that_it_is_about(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of complete rows, of incomplete ones, and of both."""
    monkeypatch.setattr(engine, "CHUNK", 2)
    small, open_ = of_size(40_000), {"lots_known_share": None}
    found = evaluate(columns({}, small, open_, open_, small, open_, small), SHELF, POLICY, AS_OF)
    assert found.outcome.tolist() == [EITHER, NEITHER, EITHER, EITHER, NEITHER, EITHER, NEITHER]
    assert found.provisional.tolist() == [False, False, True, True, False, True, False]
    too_small = ["eligibility.sma_initial_minimum", "eligibility.uma_initial_minimum"]
    for row in range(7):
        said = [code for code in POLICY.reason_codes(int(found.reasons[row])) if "initial_minimum" in code]
        assert said == (too_small if found.outcome[row] == NEITHER else [])
        assert found.low_hundredths[row] == sum(part[row] for part in found.whole_contributions.values()) != 0
    assert (found.program["SMA"].tolist(), found.program["UMA"].tolist()) == ([0] * 7, [1] * 7)


def test_what_was_scored_elsewhere_is_written_as_the_engine_writes_it() -> None:
    """Need, eligibility and net fit of one row, with a verdict about small changes that is not its own."""
    facts = columns(of_size(40_000))
    mask = ReasonMask(1, POLICY.bits)
    given = passed(of_size(40_000), listener=mask)
    found = engine.evaluation_of(given, mask, np.array([True]), facts, False, SHELF, POLICY)
    assert (found.outcome.tolist(), found.eligible["UMA"].tolist()) == ([NEITHER], [0])
    assert (found.decided_by.tolist(), found.fragile.tolist()) == ([SETTLED], [True])


def test_rows_that_lack_nothing_are_not_provisional_alone_or_beside_others() -> None:
    lacks = {"lots_known_share": None}
    assert evaluate(columns({}, {}), SHELF, POLICY, AS_OF).provisional.tolist() == [False, False]
    beside = evaluate(columns({}, lacks, {}), SHELF, POLICY, AS_OF)
    assert beside.provisional.tolist() == [False, True, False]


# --- small changes -----------------------------------------------------------------------------------------


def test_a_small_change_moves_what_is_known_within_what_can_be_true() -> None:
    assert nudged(array(200.0), "account_value", 0.95, 10.0).tolist() == [200]
    assert nudged(array(0.02, 0.5, 0.97), "cash_share", 1.0, 0.05).tolist() == pytest.approx([0.07, 0.55, 1])
    assert nudged(array(0.02, 0.5), "cash_share", 1.0, -0.05).tolist() == pytest.approx([0, 0.45])
    assert nudged(array(1.0, 4.0), "household_accounts", 0.5, 0.0).tolist() == [1, 2]
    span = Interval(array(0.02, 0.5, 0.97, 0.2), array(0.02, 0.5, 0.97, 0.9))
    up, down = nudged(span, "cash_share", 1.0, 0.05), nudged(span, "cash_share", 1.0, -0.05)
    assert up.low.tolist() == pytest.approx([0.07, 0.55, 1, 0.2])
    assert up.high.tolist() == pytest.approx([0.07, 0.55, 1, 0.9])
    assert (down.low[0], down.high[0]) == (0, 0)
    grown = nudged(Interval(array(2.0), array(2.0)), "household_accounts", 3.0, 1.0)
    assert (grown.low.tolist(), grown.high.tolist()) == ([7], [7])


ALONE = {"standalone_mandate": True, "client_requests_direct_indexing": True, "cash_share": 0.0,
         "stock_share": 1.0, "largest_position_share": 0.7, "saleable_largest_share": 0.7,
         "stock_gain_share": 0.6, "unrealized_gain_share": 0.6, "tax_sensitivity": 4,
         "lot_count": 180}  # fmt: skip
"""Fits the SMA whatever the UMA turns out to be."""
UMA_OPEN = {"security_restrictions": None}
"""The UMA takes 50 restrictions, and there may be 0 to 500."""
NEED_OPEN = {"client_requests_direct_indexing": None, "security_restrictions": 0, "usable_gains": 0}


def fragile_rows() -> tuple[Any, list[int], list[bool]]:
    """Rows with their outcome and whether 5% less or any other small change turns it."""
    rows = [
        (of_size(262_000, **ALONE, **UMA_OPEN), SMA, True),  # 248,900: perhaps neither is open
        (of_size(262_000, **ALONE), SMA, True),
        (of_size(300_000, **ALONE, **UMA_OPEN), SMA, False),
        (of_size(300_000, **ALONE), SMA, False),
        (of_size(52_000), UMA, True),  # 49,400 are below the UMA's minimum
        (of_size(53_000), UMA, False),
        # Need is open, and 5% less closes the UMA: neither for certain, but there was no outcome to turn.
        (of_size(51_000, **NEED_OPEN), INDETERMINATE, False),
        (of_size(262_000, **ALONE, **UMA_OPEN), SMA, True),
    ]
    facts, outcomes, fragile = zip(*rows, strict=True)
    return columns(*facts), list(outcomes), list(fragile)


@pytest.mark.parametrize("few", [1, 3, 100])
def test_an_outcome_is_fragile_that_a_small_change_turns_or_leaves_open(
    monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """However many go through side by side."""
    monkeypatch.setattr(engine, "_FEW", few)
    rows, outcomes, fragile = fragile_rows()
    found = evaluate(rows, SHELF, POLICY, AS_OF)
    assert found.outcome.tolist() == outcomes
    assert found.fragile.tolist() == fragile


@pytest.mark.parametrize("few", [1, 100])
def test_a_change_of_which_intervals_cannot_tell_is_looked_at_closely(
    monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """5% less alone: there the pass over all rows knows nothing of the first."""
    monkeypatch.setattr(engine, "_FEW", few)
    rows, _, fragile = fragile_rows()
    down = tuple(change for change in POLICY.perturbations if change.name == "value_down")
    found = evaluate(rows, SHELF, replace(POLICY, perturbations=down), AS_OF)
    assert found.fragile.tolist() == fragile


@pytest.mark.parametrize("few", [2, 1_024])
def test_what_is_settled_closely_is_settled_so_after_a_small_change(
    monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Rows that intervals alone leave open, before and after every small change."""
    monkeypatch.setattr(engine, "_FEW", few)
    made = forget(book(205, 3_000), seed=5, most=5)
    rows = {name: column[[170, 340, 1_508, 2_365, 2_668]] for name, column in made.items()}
    found = evaluate(rows, SHELF, POLICY, AS_OF)
    assert (found.outcome != INDETERMINATE).all()
    assert not found.fragile.any()


def test_small_changes_side_by_side_are_the_changed_accounts() -> None:
    """Each change of each row, the unknown left as it is."""
    rows = columns(of_size(262_000, **ALONE), of_size(52_000), of_size(262_000, **ALONE, **UMA_OPEN))
    facts = engine.feasible(rows, POLICY.ranges)
    with np.errstate(divide="ignore", invalid="ignore"):
        again = engine.under_small_changes(np.array([SMA, UMA, SMA]), facts, SHELF, POLICY)
    by_name = dict(zip((change.name for change in POLICY.perturbations), again.tolist(), strict=True))
    assert by_name.pop("value_down") == [UMA, NEITHER, INDETERMINATE]
    assert list(by_name.values()) == [[SMA, UMA, SMA]] * 5


def test_a_search_asks_for_outcomes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def refine(rows: Any, scored: Scored, *_: Any, bounds: bool = True, **__: Any) -> Scored:
        asked.append(bounds)
        return scored

    monkeypatch.setattr(engine, "refine", refine)
    rows, outcomes, _ = fragile_rows()
    engine.outcomes(rows, SHELF, POLICY)
    with np.errstate(divide="ignore", invalid="ignore"):
        engine.under_small_changes(np.array(outcomes), engine.feasible(rows, POLICY.ranges), SHELF, POLICY)
    assert asked == [False, False]


def test_outcomes_of_rows_some_of_which_lack_something() -> None:
    rows, outcomes, _ = fragile_rows()
    assert engine.outcomes(rows, SHELF, POLICY).outcome.tolist() == outcomes
