"""Which program represents a structure, and what of it factors read: known, bounded row by row; by hand.

The base account holds $500,000. Programs are that of the house at a flat price and with some terms replaced.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from implementation.evidence.fees import FeeComponent, FeeSchedule, Tier
from implementation.rules.eligibility import BIT
from implementation.rules.measures import Structure, part_of, structure_of
from implementation.rules.programs import Program
from implementation.rules.shapes import Interval, interval_of
from implementation.rules.unknowns.box import feasible
from tests.rules.books import POLICY, SHELF, columns

HOUSE_SMA, HOUSE_UMA = SHELF.programs
UNSTATED: dict[str, Any] = {"custodians": None, "unknowns": frozenset({"custodians"})}
"""Whether the account passes cannot be told."""
# The account holds at least what is meant for direct indexing, and at most what the household has.
BETWEEN = {"account_value": None, "direct_index_value": 300_000, "household_value": 600_000}


def flat(bps: float) -> FeeSchedule:
    return FeeSchedule((FeeComponent("bundled", (Tier(np.inf, bps),)),))


def sma(bps: float | None, minimum: float = 250_000, **terms: Any) -> Program:
    """The house SMA; headroom is 500,000 over the minimum."""
    fees = None if bps is None else flat(bps)
    terms = {"initial_minimum": minimum, "maintenance_minimum": 0, **terms}
    return replace(HOUSE_SMA, fees=fees, **terms)


FAILS = {"minimum": 1_000_000}
TIERED = FeeSchedule((FeeComponent("manager", (Tier(250_000, 40.0), Tier(np.inf, 20.0))),))
"""$300,000 to $600,000 cost 1,100 to 1,700, and no dollar less than 20 bps or more than 40."""


def found(*programs: Program, rows: tuple[dict[str, Any], ...] = ({},)) -> Structure:
    facts = feasible(columns(*rows), POLICY.ranges)
    with np.errstate(divide="ignore", invalid="ignore"):
        return structure_of(programs[0].structure, programs, facts, len(rows), POLICY)


def ends(value: Any, row: int = 0) -> tuple[float, float]:
    span = interval_of(value)
    return float(span.low[row]), float(span.high[row])


def bounds(structure: Structure, row: int = 0) -> tuple[Any, Any]:
    """Bounds of the cost in bps and of the headroom over the initial minimum."""
    cost, room = (ends(structure.measures[name], row) for name in ("annual_cost_bps", "headroom_now"))
    return pytest.approx(cost), pytest.approx(room)


def test_some_rows_of_a_column_and_one_value_that_stands_for_all() -> None:
    assert part_of(np.array([1.0, 2.0]), slice(1, 2)).tolist() == [2]
    assert part_of(np.array([7.0]), slice(1, 2)).tolist() == [7]
    assert part_of(np.asarray(7.0), slice(1, 2)) == 7
    span = part_of(Interval(np.array([1.0, 2.0]), np.array([3.0])), slice(1, 2))
    assert (span.low.tolist(), span.high.tolist()) == ([2], [3])


def test_some_rows_of_a_structure_are_the_structure_of_those_rows() -> None:
    sizes = tuple({"account_value": v, "direct_index_value": v} for v in (500_000, 300_000, 100_000))
    some, alone = found(sma(30), rows=sizes).part(slice(1, 3)), found(sma(30), rows=sizes[1:])
    for name in ("can_pass", "can_fail", "program", "failed", "dollars"):
        assert getattr(some, name).tolist() == getattr(alone, name).tolist()
    assert {name: value.tolist() for name, value in some.measures.items()} == {
        name: value.tolist() for name, value in alone.measures.items()
    }


def test_a_structure_that_the_shelf_lacks_is_never_open_and_as_dear_as_programs_come() -> None:
    absent = structure_of("UMA", [HOUSE_SMA], feasible(columns({}, {}), POLICY.ranges), 2, POLICY)
    assert (absent.can_pass.tolist(), absent.can_fail.tolist()) == ([False, False], [True, True])
    assert (absent.program.tolist(), absent.failed.tolist()) == ([-1, -1], [0, 0])
    assert np.isnan(absent.dollars).tolist() == [True, True]
    assert absent.measures.pop("annual_cost_bps").tolist() == [250, 250]
    assert set(absent.measures) == {"headroom_now", "headroom_after", "headroom_sleeve", "overlay_reach"}
    assert all(value.tolist() == [0, 0] for value in absent.measures.values())


def test_the_only_program_represents_whoever_passes_and_whoever_fails() -> None:
    only = found(sma(30), rows=({}, {"account_value": 200_000, "direct_index_value": 200_000}, BETWEEN))
    assert only.can_pass.tolist() == [True, False, True]
    assert only.can_fail.tolist() == [False, True, False]
    assert only.failed.tolist() == [0, BIT["initial_minimum"], 0]
    assert only.program.tolist() == [0, 0, 0]
    assert only.dollars.tolist() == pytest.approx([1_500, 600, np.nan], nan_ok=True)


def test_headroom_is_counted_value_over_the_minimum() -> None:
    facts = {"planned_withdrawals": 100_000, "direct_index_value": 100_000}
    terms = {"maintenance_minimum": 200_000, "sleeve_minimum": 40_000}
    known = found(sma(30, **terms), rows=(facts,)).measures
    names = ("headroom_now", "headroom_after", "headroom_sleeve")
    assert [known[name].tolist() for name in names] == [[2], [2], [2.5]]
    none = found(sma(30, 0, sleeve_minimum=0), rows=(facts,)).measures
    assert [none[name].tolist() for name in names] == [[np.inf]] * 3
    a_dollar = found(sma(30, 1), rows=(facts,)).measures
    assert a_dollar["headroom_now"].tolist() == [500_000]
    # The policy's unknown minimum is nothing to $5m.
    unknown = found(sma(30, initial_minimum=None), rows=(facts,)).measures
    assert ends(unknown["headroom_now"]) == (0.1, np.inf)


REACHING = {"overlay_scope": "tax_unit", "overlay_custodians": None, "unknowns": frozenset()}


@pytest.mark.parametrize(
    ("terms", "facts", "reach"),
    [
        ({}, {}, (1, 1)),
        ({"overlay_scope": "household"}, {}, (1, 1)),
        ({"overlay_scope": "account"}, {}, (0, 0)),
        ({"overlay_scope": "none"}, {}, (0, 0)),
        ({"overlay_scope": "account", "unknowns": frozenset({"overlay_scope"})}, {}, (0, 1)),
        ({"unknowns": frozenset({"overlay_custodians"})}, {}, (0, 1)),
        ({"overlay_custodians": frozenset({"fidelity", "lpl"})}, {}, (1, 1)),
        ({"overlay_custodians": frozenset({"schwab"})}, {}, (0, 0)),
        ({"overlay_custodians": frozenset({"fidelity"})}, {"custodian": None}, (0, 1)),
        ({}, {"custodian": None}, (1, 1)),
        ({}, {"taxable_equity_accounts": 1}, (0, 0)),
        ({}, {"taxable_equity_accounts": None}, (0, 1)),
    ],
)
def test_an_overlay_reaches_where_scope_custodian_and_another_account_let_it(
    terms: dict[str, Any], facts: dict[str, Any], reach: tuple[float, float]
) -> None:
    row = {"household_accounts": 4, "taxable_equity_accounts": 2, **facts}
    uma = replace(HOUSE_UMA, **{**REACHING, **terms})
    # A row without anything to reach stands beside it: one column, known where both are.
    value = found(uma, rows=(row, {"taxable_equity_accounts": 1})).measures["overlay_reach"]
    assert (ends(value), ends(value, 1)) == (reach, (0, 0))
    assert isinstance(value, Interval) == (reach == (0, 1))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (sma(40), sma(30)),  # by price
        (sma(20, **FAILS), sma(30)),  # whoever passes before whoever fails
        (sma(None), sma(250)),  # a known price before an unknown one
        (sma(0, **UNSTATED), sma(None)),  # whoever passes before whoever perhaps does, whatever the price
        (sma(0, **FAILS), sma(None, **UNSTATED)),  # and perhaps before never
        (sma(None, **UNSTATED), sma(40, **UNSTATED)),
        (sma(20, **FAILS), sma(10, **FAILS)),
    ],
)
def test_which_program_represents_its_structure(first: Program, second: Program) -> None:
    other = replace(sma(5), structure="UMA")  # the shelf numbers all of its programs
    assert found(first, other, second).program.tolist() == [2]
    assert found(second, other, first).program.tolist() == [0]


def test_what_is_told_of_a_structure_is_told_of_the_program_that_represents_it() -> None:
    """Three sizes: both are open, the dearer one alone, none."""
    sizes = tuple({"account_value": v, "direct_index_value": v} for v in (500_000, 300_000, 100_000))
    two = found(sma(40), sma(20, 400_000), rows=sizes)
    assert two.program.tolist() == [1, 0, 1]
    assert (two.can_pass.tolist(), two.can_fail.tolist()) == ([True, True, False], [False, False, True])
    assert two.failed.tolist() == [0, 0, BIT["initial_minimum"]]
    assert two.dollars.tolist() == pytest.approx([1_000, 1_200, 200])
    assert two.measures["annual_cost_bps"].tolist() == pytest.approx([20, 40, 20])
    assert two.measures["headroom_now"].tolist() == pytest.approx([1.25, 1.2, 0.25])


def test_open_for_certain_needs_one_program_and_shut_for_certain_all() -> None:
    perhaps, fails = sma(20, **UNSTATED), sma(10, **FAILS)
    for programs, can_pass, can_fail in (
        ((sma(30), perhaps, fails), True, False),
        ((fails, sma(30)), True, False),
        ((perhaps, fails), True, True),
        ((fails, fails), False, True),
    ):
        structure = found(*programs)
        assert (structure.can_pass[0], structure.can_fail[0]) == (can_pass, can_fail)


# Headroom tells the programs apart: 2 of a minimum of 250,000, 4 of 125,000, 8, 10, 20.
CERTAIN, CHEAPER = sma(30), sma(20, 125_000, **UNSTATED)
AS_CHEAP, DEARER = sma(30, 62_500, **UNSTATED), sma(40, 50_000, **UNSTATED)
UNPRICED, SHUT = sma(None, 25_000), sma(10, **FAILS)


@pytest.mark.parametrize(
    ("programs", "cost", "room"),
    [
        # Who perhaps passes may represent where it costs no more than who passes for certain; nobody else.
        ((CERTAIN, CHEAPER), (20, 30), (2, 4)),
        ((CERTAIN, AS_CHEAP), (30, 30), (2, 8)),
        ((CERTAIN, CHEAPER, DEARER, SHUT), (20, 30), (2, 4)),
        ((CERTAIN, CHEAPER, UNPRICED), (20, 30), (2, 4)),
        ((CHEAPER, CERTAIN, sma(35, 50_000)), (20, 30), (2, 4)),
        ((CHEAPER, sma(35, 50_000), CERTAIN), (20, 30), (2, 4)),
        # Without a price that is certain there is nothing to be cheaper than.
        ((CHEAPER, UNPRICED), (0, 250), (4, 20)),
        # Without one that passes for certain any of them may turn out to represent, by price.
        ((CHEAPER, DEARER), (20, 40), (4, 10)),
        ((CHEAPER, SHUT), (10, 20), (0.5, 4)),
    ],
)
def test_what_is_not_settled_is_bounded_over_the_programs_that_may_represent(
    programs: tuple[Program, ...], cost: tuple[float, float], room: tuple[float, float]
) -> None:
    assert bounds(found(*programs)) == (cost, room)


def test_a_price_that_moves_with_the_value_may_be_cheaper_than_another() -> None:
    """$300,000 to $600,000 over 250,000 are 1.2 to 2.4, over 100,000 3 to 6."""
    moves = replace(sma(0), fees=TIERED)
    assert bounds(found(moves, sma(30, 100_000, **UNSTATED), rows=(BETWEEN,))) == ((20, 40), (1.2, 6))
    perhaps = replace(sma(0, 100_000, **UNSTATED), fees=TIERED)
    assert bounds(found(sma(30), perhaps, rows=(BETWEEN,))) == ((20, 40), (1.2, 6))


def test_what_one_row_lacks_widens_no_other() -> None:
    """$500,000 beside $300,000 to $600,000, which may miss the cheaper program's 400,000."""
    two = found(sma(30), sma(20, 400_000), rows=({}, BETWEEN))
    assert bounds(two, 0) == ((20, 20), (1.25, 1.25))
    assert bounds(two, 1) == ((20, 30), (0.75, 2.4))
    assert np.isnan(two.dollars).tolist() == [False, True]


def test_a_value_that_is_unknown_is_bounded_though_the_program_is_settled() -> None:
    settled = found(sma(30), sma(20, 200_000), rows=({}, BETWEEN))
    assert bounds(settled, 0) == ((20, 20), (2.5, 2.5))
    assert bounds(settled, 1) == ((20, 20), (1.5, 3))


def test_where_everything_is_known_nothing_is_bounded() -> None:
    measures = found(sma(40), sma(30)).measures
    assert not any(isinstance(value, Interval) for value in measures.values())
