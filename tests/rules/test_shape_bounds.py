"""Bounds of shapes over an interval are the least and the most that any value inside gives, and no wider."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from implementation.rules.contract import FACTS
from implementation.rules.shapes import Above, AtLeast, AtMost, Bands, Curve, Interval, Table

points = st.lists(
    st.tuples(st.integers(-20, 20).map(float), st.integers(-50, 50).map(float)),
    min_size=2,
    max_size=7,
    unique_by=lambda point: point[0],
).map(sorted)
ends = st.tuples(st.integers(-25, 25).map(float), st.integers(-25, 25).map(float)).map(sorted)


def bounds(shape: Any, low: float, high: float) -> tuple[float, float]:
    """Over one span, in a row beside a known value, which must not matter."""
    result = shape(Interval(np.array([low, 3.0]), np.array([high, 3.0])))
    assert result.low[1] == result.high[1] == shape(np.array([3.0]))[0]
    return float(result.low[0]), float(result.high[0])


@given(points, ends)
def test_a_curve_s_bounds_are_its_ends_and_the_points_between(pairs: Any, span: list[float]) -> None:
    low, high = span
    curve = Curve.through(pairs)
    inside = [y for x, y in pairs if low < x < high] + [float(curve(np.array([x]))[0]) for x in span]
    least, most = bounds(curve, low, high)
    assert least <= min(inside)
    assert max(inside) <= most
    assert least == pytest.approx(min(inside), abs=2e-9)
    assert most == pytest.approx(max(inside), abs=2e-9)


@given(points, ends)
def test_bands_bounds_are_those_of_the_bands_that_the_span_meets(pairs: Any, span: list[float]) -> None:
    low, high = span
    starts = [-np.inf, *(x for x, _ in pairs[1:])]
    stops = [*(x for x, _ in pairs[1:]), np.inf]
    met = [
        y for start, stop, (_, y) in zip(starts, stops, pairs, strict=True) if low < stop and start <= high
    ]
    assert bounds(Bands.of(pairs), low, high) == (min(met), max(met))


def test_a_level_curve_has_no_width() -> None:
    curve = Curve.through([(0.0, 4.0), (10.0, 4.0), (20.0, 9.0)])
    assert bounds(curve, 1, 8) == (4, 4)
    assert bounds(curve, -7, -1) == (4, 4)
    assert bounds(curve, 25, 40) == (9, 9)


def test_a_curve_s_bounds_leave_room_for_the_last_bits() -> None:
    """Points drawn between two corners may miss the line by a bit: bounds hold them all the same."""
    curve = Curve.through([(0.0, 0.0), (10.0, 20.0)])
    least, most = bounds(curve, 2, 7)
    assert 4 - 2e-9 < least < 4
    assert 14 < most < 14 + 2e-9


def test_a_table_s_bounds_are_all_of_its_rows() -> None:
    table = Table.of(FACTS["tax_status"].codes, {"taxable": 3.0, "tax_free": -2.0}, 1.0)
    result = table(Interval(np.array([0.0, 0.0, 2.0]), np.array([3.0, 0.0, 2.0])))
    assert result.low.tolist() == [-2, 3, -2]
    assert result.high.tolist() == [3, 3, -2]


class TestSegment:
    """The two points around a value: what an explanation shows."""

    CURVE = ((0.0, 0.0), (10.0, 20.0), (20.0, -10.0))

    @pytest.mark.parametrize(
        ("value", "first", "last"),
        [(-1, 0, 0), (0, 0, 1), (5, 0, 1), (10, 1, 2), (15, 1, 2), (20, 2, 2), (21, 2, 2)],
    )
    def test_it_begins_at_a_corner_and_is_one_point_beyond_the_ends(
        self, value: float, first: int, last: int
    ) -> None:
        curve = Curve.through(list(self.CURVE))
        assert curve.segment(value) == (self.CURVE[first], self.CURVE[last])


@pytest.mark.parametrize("results", [(0.1, 0.7), (1.0, 0.0), (-15.0, 0.0), (3.0, 0.1)])
def test_a_step_gives_its_results_to_the_last_bit(results: tuple[float, float]) -> None:
    """0.7 + (0.1 - 0.7) is not 0.1 in floating point."""
    then, otherwise = results
    values = np.array([4.0, 5.0, 6.0])
    assert AtLeast(5.0, then, otherwise)(values).tolist() == [otherwise, then, then]
    assert AtMost(5.0, then, otherwise)(values).tolist() == [then, then, otherwise]
    assert Above(5.0, then, otherwise)(values).tolist() == [otherwise, otherwise, then]


def test_results_of_a_step_stand_in_the_order_of_their_values() -> None:
    assert AtLeast(5.0, 1.0, 2.0).gives.tolist() == [2, 1]
    assert AtMost(5.0, 1.0, 2.0).gives.tolist() == [1, 2]
    assert Above(5.0, 1.0, 2.0).gives.tolist() == [2, 1]


def test_breakpoints_are_where_a_rule_changes() -> None:
    assert Curve.through([(0.0, 1.0), (2.0, 5.0)]).breakpoints.tolist() == [0, 2]
    assert Bands.of([(0.0, 1.0), (2.0, 5.0), (3.0, 4.0)]).breakpoints.tolist() == [2, 3]
    assert AtLeast(5.0, 1.0, 2.0).breakpoints.tolist() == [5]
    assert Table.of(FACTS["tax_status"].codes, {}, 1.0).breakpoints.tolist() == []


def test_one_unknown_code_leaves_the_others_known() -> None:
    table = Table.of(FACTS["tax_status"].codes, {"taxable": 3.0}, 1.0)
    assert table(np.array([0, -1, 1], dtype=np.int16)).tolist() == pytest.approx([3, np.nan, 1], nan_ok=True)
