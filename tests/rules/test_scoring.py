"""One pass over rows: what adds up, what is asked again after a change, which outcomes remain; by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from implementation.rules import scoring
from implementation.rules.factors import FACTORS
from implementation.rules.measures import Structure
from implementation.rules.parameters import ReasonMask, Recorder
from implementation.rules.scoring import OUTCOMES, Scored, add_eligibility_reasons, score
from implementation.rules.shapes import Interval
from implementation.rules.shelf import Shelf
from implementation.rules.unknowns.box import feasible
from tests.rules.books import POLICY, SHELF, columns

PASSES, FAILS, OPEN = (True, False), (False, True), (True, True)
TOLERANCE = 1_200.0  # hundredths of a point


def passed(*rows: dict[str, Any], shelf: Shelf = SHELF, **given: Any) -> Scored:
    with np.errstate(divide="ignore", invalid="ignore"):
        return score(feasible(columns(*rows), POLICY.ranges), len(rows), shelf, POLICY, **given)


def structure(passing: list[tuple[bool, bool]], **changes: Any) -> Structure:
    """A structure of which only is known whether it can pass and can fail."""
    none = np.zeros(len(passing))
    can_pass, can_fail = (np.array(column) for column in zip(*passing, strict=True))
    blank = Structure(
        can_pass, can_fail, none.astype(np.int16), none.astype(np.uint16), {}, np.full(len(none), np.nan)
    )
    return replace(blank, **changes)


# --- outcomes ----------------------------------------------------------------------------------------------

NEEDS = {"warranted": (1.0, 1.0), "not": (0.0, 0.0), "unknown": (0.0, 1.0), "half": (0.5, 0.5)}
NETS = [
    (1_201.0, 1_201.0), (1_200.0, 1_200.0), (0.0, 0.0), (-1_200.0, -1_200.0), (-1_201.0, -1_201.0),
    (1_200.0, 1_201.0), (-1_201.0, -1_200.0), (-1_201.0, 1_201.0), (0.0, 1_300.0), (-1_300.0, 0.0),
]  # fmt: skip
ROWS = list(itertools.product(NEEDS.values(), (PASSES, FAILS, OPEN), (PASSES, FAILS, OPEN), NETS))


def possible(
    need: tuple[float, float], sma: tuple[bool, bool], uma: tuple[bool, bool], net: tuple[float, float]
) -> set[str]:
    """The outcomes over everything that the unknown may turn out to be, one after the other."""
    low, high = net
    between = {low, high} | {x for x in (-1_200.0, 0.0, 1_200.0) if low <= x <= high}
    found = set()
    for asked, in_sma, in_uma, fit in itertools.product(set(need), (True, False), (True, False), between):
        if not sma[0 if in_sma else 1] or not uma[0 if in_uma else 1]:
            continue
        if asked <= 0.5 or not (in_sma or in_uma):  # a half is not more than a half
            found.add("NEITHER")
        elif in_sma and in_uma:
            found.add("SMA" if fit > 1_200 else "UMA" if fit < -1_200 else "EITHER")
        else:
            found.add("SMA" if in_sma else "UMA")
    return found


def test_an_outcome_is_possible_where_some_completion_gives_it() -> None:
    needs, smas, umas, nets = (list(column) for column in zip(*ROWS, strict=True))
    low, high = (np.array(column) for column in zip(*needs, strict=True))
    net_low, net_high = (np.array(column) for column in zip(*nets, strict=True))
    bits = scoring._possible_outcomes(
        Interval(low, high), {"SMA": structure(smas), "UMA": structure(umas)}, (net_low, net_high), TOLERANCE
    )
    for row, mask in zip(ROWS, bits.tolist(), strict=True):
        assert {name for bit, name in enumerate(OUTCOMES) if mask >> bit & 1} == possible(*row), row


def test_need_passes_or_fails_as_far_as_it_is_known() -> None:
    needed = Interval(np.array([0.0, 1.0, 0.0, 0.5, 0.51]), np.array([0.0, 1.0, 1.0, 0.5, 0.51]))
    found = replace(passed({}, {}, {}, {}, {}), need=needed)
    assert found.need_can_pass.tolist() == [False, True, True, False, True]
    assert found.need_can_fail.tolist() == [True, False, True, True, False]


# --- points ------------------------------------------------------------------------------------------------


def both(ends: tuple[Any, Any]) -> tuple[list[float], list[float]]:
    return ends[0].tolist(), ends[1].tolist()


def test_a_contribution_is_the_weighted_difference_in_whole_hundredths() -> None:
    sma, uma = np.array([62.0, 50.0, 50.06]), np.array([50.0, 70.0, 50.0])
    known = scoring._contribution((sma, uma), 0.25, 3)
    # 12, -20 and 0.06 points at a quarter: 300, -500 and 1.5 hundredths, the half to the even side
    assert both(known) == ([300, -500, 2], [300, -500, 2])
    assert known[0] is known[1]
    span = Interval(np.array([50.0, 60.0]), np.array([54.0, 60.0]))
    other = Interval(np.array([40.0, 58.0]), np.array([50.0, 58.0]))
    # 0 to 14 points at a half, and 2; and the other way around
    assert both(scoring._contribution((span, other), 0.5, 2)) == ([0, 100], [700, 100])
    assert both(scoring._contribution((other, span), 0.5, 2)) == ([-700, -100], [0, -100])
    assert both(scoring._contribution((span, other.low), 0.5, 2)) == ([500, 100], [700, 100])
    assert both(scoring._contribution((span.low, other), 0.5, 2)) == ([0, 100], [500, 100])


def test_one_fit_for_all_rows_is_a_contribution_in_each() -> None:
    one, span = np.asarray(50.0), Interval(np.asarray(50.0), np.asarray(51.0))
    assert both(scoring._contribution((one, one), 0.1, 2)) == ([0, 0], [0, 0])
    assert both(scoring._contribution((one, span), 0.1, 2)) == ([-10, -10], [0, 0])


def test_nothing_is_never_less_than_nothing() -> None:
    """A thousandth of a point less rounds to zero, and zero has no sign."""
    less = np.array([50.001])
    below, above = (Interval(np.array([low]), np.array([low + 1])) for low in (49.0, 50.0))
    nothing = [
        scoring._contribution((np.array([50.0]), less), 0.1, 1)[0],
        scoring._contribution((above, less), 0.1, 1)[0],
        scoring._contribution((below, less), 0.1, 1)[1],
    ]
    assert [value.tolist() for value in nothing] == [[0], [0], [0]]
    assert not np.signbit(nothing).any()


def test_the_net_fit_is_the_sum_of_the_contributions_end_by_end() -> None:
    parts = {name: np.array([10.0**place]) for place, name in enumerate(FACTORS)}
    low, high = scoring._net({name: (part, part) for name, part in parts.items()})
    assert low.tolist() == [111_111]
    assert high is low
    spans = {name: (part, part) for name, part in parts.items()} | {
        "minimums": (np.array([1.0]), np.array([2.0])),
        "cost": (np.array([100_000.0]), np.array([300_000.0])),
    }
    assert [end.tolist() for end in scoring._net(spans)] == [[111_111], [311_112]]


def test_some_rows_of_a_pass_are_the_pass_of_those_rows() -> None:
    rows: list[dict[str, Any]] = [{}, {"account_value": 400_000, "direct_index_value": 400_000}, {}]
    rows[2] = {"security_restrictions": None, "household_managed_accounts": None, "household_accounts": 4}
    for given in (rows, rows[:2] * 2):
        some, alone = passed(*given).part(slice(1, 3)), passed(*given[1:3])
        assert some.outcome.tolist() == alone.outcome.tolist()
        assert some.outcome_set.tolist() == alone.outcome_set.tolist()
        assert some.need_can_pass.tolist() == alone.need_can_pass.tolist()
        assert both(some.net) == both(alone.net)
        for name in FACTORS:
            assert both(some.contributions[name]) == both(alone.contributions[name])
        assert (some.net[0] is some.net[1]) == (given is not rows)
        assert some.structures["UMA"].program.tolist() == [1, 1]


# --- a pass after a change ---------------------------------------------------------------------------------

BEFORE: dict[str, Any] = {"household_accounts": 4, "household_managed_accounts": 4, "sleeves_wanted": 2}


@pytest.mark.parametrize(
    ("change", "asked_again"),
    [
        ({"standalone_mandate": True}, {"context"}),
        # The need test reads tilts as well.
        ({"sector_tilts": 3}, {"need", "customization"}),
        # Programs are chosen by it: every factor that reads a measure of theirs is asked again.
        ({"household_value": 900_000}, {"structures", "minimums", "tax", "context", "cost"}),
        ({"planned_withdrawals": 300_000}, {"structures", "minimums", "tax", "cost"}),
    ],
)
def test_what_a_change_does_not_touch_is_kept_and_the_rest_is_as_if_scored_anew(
    change: dict[str, Any], asked_again: set[str]
) -> None:
    first = passed(BEFORE)
    again = passed({**BEFORE, **change}, base=first, changed=frozenset(change))
    anew = passed({**BEFORE, **change})
    kept = {name for name in FACTORS if again.fits[name] is first.fits[name]}
    kept |= {"need"} if again.need is first.need else set()
    kept |= {"structures"} if again.structures is first.structures else set()
    assert kept == {"need", "structures", *FACTORS} - asked_again
    assert again.outcome.tolist() == anew.outcome.tolist()
    for name in FACTORS:
        assert both(again.contributions[name]) == both(anew.contributions[name])
        assert [fit.tolist() for fit in again.fits[name]] == [fit.tolist() for fit in anew.fits[name]]


class Turns(Recorder):
    """Keeps whose rules it hears from now on."""

    def __init__(self) -> None:
        super().__init__()
        self.turns: list[tuple[str, str]] = []

    def turns_to(self, factor: str, structure: str) -> None:
        """Whose rules are heard."""
        self.turns.append((factor, structure))


def test_a_listener_is_told_whose_rules_it_hears() -> None:
    turns = Turns()
    passed({}, listener=turns)
    assert turns.turns == [
        ("need", ""),
        *((factor, structure) for factor in FACTORS for structure in ("SMA", "UMA")),
    ]


def test_each_structure_saves_what_the_other_costs_more() -> None:
    # Of $500,000 the SMA costs 36 bps; the UMA 250,000 at 25 and at 20, and 15: 37.5 bps
    found = passed({}).structures
    assert found["SMA"].measures["cost_saving_bps"].tolist() == pytest.approx([1.5])
    assert found["UMA"].measures["cost_saving_bps"].tolist() == pytest.approx([-1.5])


# --- reasons of eligibility and need -----------------------------------------------------------------------


def said(found: Scored) -> list[list[str]]:
    """Reasons of eligibility and need, row by row."""
    mask = ReasonMask(len(found.outcome), POLICY.bits)
    add_eligibility_reasons(found, mask)
    return [POLICY.reason_codes(int(row)) for row in mask.mask]


def of_size(value: float, **changes: Any) -> dict[str, Any]:
    return {"account_value": value, "direct_index_value": value, "household_value": value, **changes}


def test_who_is_below_the_minimum_today_is_not_told_that_withdrawals_leave_less() -> None:
    small, drawn = of_size(200_000), of_size(260_000, planned_withdrawals=20_000)
    asked = of_size(500_000, needs_alternatives=True)
    both_out = of_size(200_000, needs_alternatives=True)
    assert said(passed(small, drawn, asked, both_out, {})) == [
        ["eligibility.sma_initial_minimum"],
        ["eligibility.sma_maintenance_minimum"],
        ["eligibility.sma_abilities", "eligibility.uma_abilities"],
        ["eligibility.sma_initial_minimum", "eligibility.sma_abilities", "eligibility.uma_abilities"],
        [],
    ]


def test_reasons_of_a_structure_are_told_where_no_program_of_it_can_pass() -> None:
    one_sma = Shelf.parse(SHELF.text)
    only = replace(one_sma, programs=one_sma.programs[:1])
    assert said(passed({}, of_size(200_000), shelf=only)) == [
        ["eligibility.no_program"],
        ["eligibility.sma_initial_minimum", "eligibility.no_program"],
    ]


def test_nothing_asks_is_said_where_need_cannot_pass() -> None:
    nothing = {"security_restrictions": 0, "usable_gains": 0}
    unknown = {"security_restrictions": None, "usable_gains": 0}
    assert said(passed({}, nothing, unknown)) == [[], ["need.nothing_asks"], []]
    of_all = replace(passed({}, {}), need=np.asarray(0.0))
    assert said(of_all) == [["need.nothing_asks"]] * 2
