"""Answers are kept for the facts they are about, asked once, and never for what is worked out on the way."""

from __future__ import annotations

from typing import Any

import numpy as np

from implementation.rules.answers import Answers
from implementation.rules.parameters import Parameters
from tests.rules.books import POLICY


class Doubling:
    """A shape that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, value: Any) -> Any:
        self.asked += 1
        return value * 2


def test_a_fact_is_asked_about_once_and_anything_else_each_time() -> None:
    shape, fact = Doubling(), np.array([1.0, 2.0])
    answers = Answers([fact])
    assert answers.of(shape, fact) is answers.of(shape, fact)
    assert shape.asked == 1
    other = fact.copy()
    assert answers.of(shape, other).tolist() == [2.0, 4.0]
    assert answers.of(shape, other) is not answers.of(shape, other)
    assert shape.asked == 4


def test_two_shapes_of_one_fact_are_two_answers() -> None:
    first, second, fact = Doubling(), np.negative, np.array([1.0])
    answers = Answers([fact])
    assert answers.of(first, fact).tolist() == [2.0]
    assert answers.of(second, fact).tolist() == [-1.0]


def test_what_has_not_changed_is_asked_of_the_pass_before() -> None:
    shape, same, moved = Doubling(), np.array([1.0]), np.array([5.0])
    before = Answers([same])
    kept = before.of(shape, same)
    after = Answers([moved], before=before)
    assert after.of(shape, same) is kept
    assert after.of(shape, moved).tolist() == [10.0]
    assert after.of(shape, moved) is after.of(shape, moved)
    assert shape.asked == 2


def test_rules_say_the_same_with_and_without_answers() -> None:
    rules = POLICY.factors["tax"]["SMA"]
    years = np.array([0.0, 2.5, 40.0])
    remembering: Parameters = rules.heard_by(None, Answers([years]))
    for times in (None, np.array([1.0, 0.5, 0.0])):
        assert remembering.depth(years, times=times).tolist() == rules.depth(years, times=times).tolist()
