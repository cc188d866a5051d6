"""Interval arithmetic: exactly the least and the most of every choice of ends; by brute force."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from implementation.rules.interval import Interval, interval_of, larger, ratio, smaller, within_100

span = st.tuples(st.integers(-9, 9), st.integers(-9, 9)).map(sorted)
rows = st.lists(st.tuples(span, span), min_size=1, max_size=4)


def intervals(pairs: Any) -> tuple[Interval, Interval]:
    """Two intervals of several rows: what one row is must not change another."""
    made = np.array(pairs, dtype=np.float64)
    return Interval(made[:, 0, 0], made[:, 0, 1]), Interval(made[:, 1, 0], made[:, 1, 1])


OPERATIONS: dict[str, Any] = {
    "sum": lambda x, y: x + y,
    "difference": lambda x, y: x - y,
    "product": lambda x, y: x * y,
    "lesser": smaller,
    "greater": larger,
}


@pytest.mark.parametrize("name", OPERATIONS)
@given(pairs=rows)
def test_bounds_are_the_least_and_the_most_of_the_corners(name: str, pairs: Any) -> None:
    operation = OPERATIONS[name]
    found = operation(*intervals(pairs))
    for row, (a, b) in enumerate(pairs):
        corners = [operation(float(x), float(y)) for x, y in itertools.product(a, b)]
        assert (found.low[row], found.high[row]) == (min(corners), max(corners))


@pytest.mark.parametrize("name", OPERATIONS)
@given(pairs=rows, number=st.integers(-9, 9))
def test_a_known_value_is_an_interval_from_itself_to_itself(name: str, pairs: Any, number: int) -> None:
    operation, (a, _) = OPERATIONS[name], intervals(pairs)
    known = np.full(len(pairs), float(number))
    for left, right in (((a, known), (known, a)), ((a, float(number)), (float(number), a))):
        for given_, same in ((left, (a, interval_of(known))), (right, (interval_of(known), a))):
            one, other = operation(*given_), operation(*same)
            assert np.array_equal(one.low, other.low) and np.array_equal(one.high, other.high)


@given(pairs=rows)
def test_the_negative_turns_the_ends(pairs: Any) -> None:
    a, _ = intervals(pairs)
    assert ((-a).low == -a.high).all() and ((-a).high == -a.low).all()


def test_nothing_of_the_unlimited_is_nothing_and_only_that() -> None:
    unlimited = Interval(np.array([0.0, 2.0, 0.0]), np.array([np.inf, np.inf, np.inf]))
    none = Interval(np.array([0.0, 3.0, 0.0]), np.array([0.0, 4.0, 5.0]))
    product = unlimited * none
    assert product.low.tolist() == [0, 6, 0]
    assert product.high.tolist() == [0, np.inf, np.inf]


@given(pairs=rows)
def test_a_ratio_s_bounds_divide_the_ends_across_and_never_go_below_nothing(pairs: Any) -> None:
    pairs = [(part, [abs(end) for end in whole]) for part, whole in pairs]
    a, b = intervals([(part, sorted(whole)) for part, whole in pairs])
    with np.errstate(divide="ignore", invalid="ignore"):
        found = ratio(a, b)
    for row in range(len(pairs)):
        assert found.low[row] == _over(max(a.low[row], 0.0), b.high[row])
        assert found.high[row] == _over(max(a.high[row], 0.0), b.low[row])


def _over(part: float, whole: float) -> float:
    if part == 0:
        return 0.0
    return part / whole if whole else float("inf")


@pytest.mark.parametrize("whole", [[4.0, 0.5], [4.0, 0.0]], ids=["all above nothing", "one nothing"])
def test_a_known_ratio(whole: list[float]) -> None:
    with np.errstate(divide="ignore", invalid="ignore"):
        found = ratio(np.array([3.0, 2.0]), np.array(whole))
        nothing = ratio(np.array([0.0, 0.0]), np.array(whole))
    assert found.tolist() == [0.75, 4.0 if whole[1] else np.inf]
    assert nothing.tolist() == [0, 0]


def test_a_fit_is_kept_from_0_to_100_and_left_alone_between() -> None:
    known = within_100(np.array([-3.0, 0.0, 0.4, 99.6, 100.0, 103.0]))
    assert known.tolist() == [0, 0, 0.4, 99.6, 100, 100]
    bounds = within_100(Interval(np.array([-3.0, 0.4]), np.array([0.2, 130.0])))
    assert (bounds.low.tolist(), bounds.high.tolist()) == ([0, 0.4], [0.2, 100])


@pytest.mark.parametrize("operation", [np.divide, np.power, np.less])
def test_what_has_no_bounds_is_refused_and_not_guessed(operation: Any) -> None:
    with pytest.raises(TypeError):
        operation(Interval(np.array([1.0]), np.array([2.0])), np.array([2.0]))


def test_other_ways_of_calling_are_refused() -> None:
    interval = Interval(np.array([1.0]), np.array([2.0]))
    with pytest.raises(TypeError):
        np.add(interval, 1.0, where=np.array([True]))
    with pytest.raises(TypeError):
        np.add.reduce(interval)
