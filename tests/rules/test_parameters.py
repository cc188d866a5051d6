"""When a rule says its reason: from where on, up to where, and for certain where the value is not known."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from implementation.rules.answers import Answers
from implementation.rules.parameters import Parameter, Parameters, ReasonMask, Recorder
from implementation.rules.shapes import Interval
from tests.rules.small import line, rules

((_, LINE),) = rules(line=line(100.0, at=100.0))
"""Gives what it reads."""


def saying(says_from: float, says_to: float) -> Parameter:
    return replace(LINE, says="a.reason", says_from=says_from, says_to=says_to)


@pytest.mark.parametrize(
    ("says_from", "says_to", "acts"),
    [
        (5.0, math.inf, [False, False, False, True, True, True, True]),
        (5.0, 8.0, [False, False, False, True, True, True, False]),
        (0.0, math.inf, [False, True, True, True, True, True, True]),
        (-1.0, -math.inf, [True, False, False, False, False, False, False]),
        (-0.5, -1.0, [True, False, False, False, False, False, False]),
    ],
)
def test_a_reason_is_said_between_its_ends_both_included(
    says_from: float, says_to: float, acts: list[bool]
) -> None:
    results = np.array([-1.0, 0.0, 4.9, 5.0, 6.0, 8.0, 8.1])
    assert saying(says_from, says_to).acts(results).tolist() == acts


def test_below_zero_acting_begins_at_the_first_end_and_goes_down_to_the_other() -> None:
    results = np.array([-29.0, -30.0, -40.0, -55.0, -56.0])
    assert saying(-30.0, -55.0).acts(results).tolist() == [False, True, True, True, False]
    assert saying(-30.0, -math.inf).acts(results).tolist() == [False, True, True, True, True]


def test_an_unknown_result_says_only_what_all_of_it_says() -> None:
    spans = Interval(np.array([4.0, 5.0, 5.0, 6.0]), np.array([6.0, 8.0, 9.0, 7.0]))
    assert saying(5.0, 8.0).acts(spans).tolist() == [False, True, False, True]
    assert saying(5.0, math.inf).acts(spans).tolist() == [False, True, True, True]
    below = Interval(-spans.high, -spans.low)
    assert saying(-5.0, -8.0).acts(below).tolist() == [False, True, False, True]
    assert saying(-5.0, -math.inf).acts(below).tolist() == [False, True, True, True]


def test_times_scales_the_result_and_with_it_the_reason() -> None:
    values, half = np.array([8.0, 12.0]), np.array([0.5, 0.5])
    assert LINE(values).tolist() == [8, 12]
    assert LINE(values, half).tolist() == [4, 6]
    mask = ReasonMask(2, {"a.reason": 3})
    p = Parameters({"line": saying(5.0, math.inf)}).heard_by(mask)
    p.line(values, times=half)
    assert mask.mask.tolist() == [0, 1 << 3]


def test_a_rule_without_a_reason_is_heard_by_a_recorder_alone() -> None:
    mask, recorder = ReasonMask(1, {}), Recorder()
    for listener in (mask, recorder):
        Parameters({"line": LINE}).heard_by(listener).line(np.array([3.0]))
    assert mask.mask.tolist() == [0]
    ((parameter, value, times, result),) = recorder.calls
    assert (parameter, value.tolist(), times, result.tolist()) == (LINE, [3], None, [3])


@pytest.mark.parametrize("listener", [None, ReasonMask(1, {"a.reason": 0}), Recorder()])
@pytest.mark.parametrize("says", ["", "a.reason"])
def test_kept_answers_are_asked_once_whoever_listens(listener: Any, says: str) -> None:
    asked = []

    def doubling(value: Any) -> Any:
        asked.append(value)
        return value * 2

    rule, fact = replace(LINE, shape=doubling, says=says), np.array([3.0])  # type: ignore[arg-type]
    p = Parameters({"line": rule}).heard_by(listener, Answers([fact]))
    assert [p.line(fact).tolist(), p.line(fact, times=0.5).tolist()] == [[6], [3]]
    assert len(asked) == 1


@pytest.mark.parametrize("says", ["", "a.reason"])
def test_without_a_listener_or_answers_parameters_stay_as_they_are(says: str) -> None:
    p = Parameters({"line": replace(LINE, says=says)})
    assert p.heard_by(None) is p
    assert p.line(np.array([3.0])).tolist() == [3]


def test_what_the_policy_does_not_state_gives_nothing() -> None:
    assert Parameters({}).line(np.array([3.0]), times=2.0) == 0
