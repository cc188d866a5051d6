"""What a plan is measured against: the lean of either-fits, the program of an own answer, today; by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from implementation.rules.household import plan as module
from implementation.rules.household.assignment import UNKNOWN_COST, Choice
from tests.rules.household.test_plan import CASH, plan

STRUCTURES = {0: "SMA", 1: "UMA", 2: "SMA", 3: "UMA"}
SMA_FIRST = (Choice(0, 0, cost=UNKNOWN_COST), Choice(1, 0, cost=10), Choice(2, 0, cost=5))


def terms(
    low: float = 0, high: float = 0, now: str | None = None, choices: Any = SMA_FIRST, **found: Any
) -> Any:
    """One account: bounds of its net fit, what it is in today, and what it can take."""
    evaluation = SimpleNamespace(low=np.array([low]), high=np.array([high]), **found)
    return SimpleNamespace(
        found=evaluation,
        structure=[now],
        choices=[choices],
        structure_of=lambda choice: STRUCTURES[choice.program],
    )


@pytest.mark.parametrize(
    ("given", "leans"),
    [
        (terms(5, 5), "SMA"),
        (terms(-5, -5), "UMA"),
        (terms(-2, 6), "SMA"),  # by the middle of what is possible
        (terms(-6, 2), "UMA"),
        (terms(0.2, 0.2), "SMA"),
        (terms(5, 5, "uma"), "SMA"),  # the lean before what it has
        (terms(now="sma"), "SMA"),
        (terms(now="uma"), "UMA"),
        (terms(), "SMA"),  # the cheaper, 5 against 10
        (terms(now="fund"), "SMA"),
        (terms(choices=SMA_FIRST[:2]), "UMA"),  # an unknown cost is never the cheaper
    ],
)
def test_either_fits_leans_by_fit_then_to_what_it_has_then_to_the_cheaper(given: Any, leans: str) -> None:
    assert module._leaning(given, 0) == leans


@pytest.mark.parametrize(
    ("outcome", "sma", "uma", "choices", "program"),
    [
        (0, 2, 1, SMA_FIRST, 2),
        (1, 2, 1, SMA_FIRST, 1),
        # Where its program cannot be taken, the first of its structure; without one the first of all.
        (0, 9, 9, SMA_FIRST[1:], 2),
        (1, 9, 9, SMA_FIRST, 1),
        (1, 9, 9, SMA_FIRST[:1], 0),
    ],
)
def test_an_own_answer_takes_its_own_program(
    outcome: int, sma: int, uma: int, choices: Any, program: int
) -> None:
    given = terms(
        choices=choices,
        outcome=np.array([outcome]),
        program={"SMA": np.array([sma]), "UMA": np.array([uma])},
    )
    assert module._own_choice(given, 0).program == program


def test_what_one_account_is_in_today_is_needed_for_the_worth_of_today() -> None:
    known, half = CASH | {"current_structure": "uma"}, CASH | {"current_structure": None}
    assert plan([known, known]).today.points is not None
    assert plan([known, half]).today.points is None
    assert [placement.value for placement in plan([known, half]).placements] == [400_000, 400_000]


def test_a_plan_is_provisional_as_soon_as_the_fit_of_one_account_is_not_known() -> None:
    unknown = CASH | {"sector_tilts": None}
    known, unsure = plan([CASH, CASH]), plan([CASH, unknown])
    assert (known.provisional, known.stands) == (False, True)
    assert (unsure.provisional, unsure.stands) == (True, True)


@pytest.mark.parametrize(
    ("fits", "chosen", "stands"),
    [
        # Two accounts' least and most own fit; what each is put in; each has an SMA and a UMA to choose from.
        ([(10, 10), (10, 10)], ("SMA", "SMA"), True),
        (
            [(10, 10), (-5, 10)],
            ("SMA", "SMA"),
            False,
        ),  # the second may belong in the UMA, though the first may not
        ([(10, 10), (1, 10)], ("SMA", "SMA"), True),
        ([(-5, 10), (-5, 10)], ("SMA", "SMA"), False),
        ([(-10, 5), (10, 10)], ("UMA", "SMA"), False),  # held against the UMA by its greatest fit
        ([(-10, -1), (10, 10)], ("UMA", "SMA"), True),
    ],
)
def test_a_plan_stands_where_the_fits_that_speak_against_it_leave_nothing_better(
    fits: list[tuple[int, int]], chosen: tuple[str, str], stands: bool
) -> None:
    given = SimpleNamespace(
        low=[low for low, _ in fits],
        high=[high for _, high in fits],
        structure_of=lambda choice: STRUCTURES[choice.program],
        choices_at=lambda row, fit: (Choice(0, fit), Choice(1, -fit)),
    )
    taken = {row: Choice(0 if structure == "SMA" else 1, 0) for row, structure in enumerate(chosen)}
    assert module._stands(given, taken) is stands
