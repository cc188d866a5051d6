"""Each shape at its boundaries, on arrays and on intervals; every expected value by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from implementation.rules.contract import FACTS
from implementation.rules.shapes import Above, AtLeast, AtMost, Bands, Curve, Interval, Shape, Table, ratio

CURVE = Curve.through([(0.0, 0.0), (10.0, 20.0), (20.0, -10.0)])
BANDS = Bands.of([(0.0, 1.0), (2.0, 5.0), (4.0, 3.0)])
TABLE = Table.of(FACTS["tax_status"].codes, {"taxable": 1.0, "tax_free": 0.25}, 0.5)


def values(shape: Shape, *given: float) -> list[float]:
    result = shape(np.array(given))
    return [float(value) for value in result]


def bounds(shape: Any, low: float, high: float) -> tuple[float, float]:
    result = shape(Interval(np.array([low]), np.array([high])))
    return float(result.low[0]), float(result.high[0])


def test_a_curve_is_level_beyond_its_ends_and_straight_between_its_points() -> None:
    assert values(CURVE, -5, 0, 2.5, 10, 15, 20, 99) == [0, 0, 5, 20, 5, -10, -10]


def test_a_curve_over_an_interval_sees_the_peak_inside() -> None:
    low, high = bounds(CURVE, 5, 15)
    assert (low, high) == (pytest.approx(5), pytest.approx(20))
    assert low <= 5
    assert high >= 20


def test_a_curve_over_an_interval_beyond_its_ends() -> None:
    assert bounds(CURVE, -9, -1) == (0, 0)
    assert bounds(CURVE, 25, 99) == (-10, -10)
    low, high = bounds(CURVE, -9, 99)
    assert (low, high) == (pytest.approx(-10), pytest.approx(20))


def test_a_known_value_keeps_its_exact_result_in_an_interval() -> None:
    assert bounds(CURVE, 3.3, 3.3) == (values(CURVE, 3.3)[0],) * 2


def test_a_band_holds_from_its_bound_included() -> None:
    assert values(BANDS, -1, 0, 1.999, 2, 3.999, 4, 100) == [1, 1, 1, 5, 5, 3, 3]


def test_bands_over_an_interval_see_the_middle_band() -> None:
    assert bounds(BANDS, 1, 5) == (1, 5)
    assert bounds(BANDS, 4, 9) == (3, 3)
    assert bounds(BANDS, 2, 4) == (3, 5)


def test_a_table_reads_codes_by_their_place() -> None:
    codes = np.arange(4, dtype=np.int16)  # taxable, tax_deferred, tax_free, tax_exempt
    assert [float(value) for value in TABLE(codes)] == [1, 0.5, 0.25, 0.5]


def test_an_unknown_code_may_be_any_row() -> None:
    assert bounds(TABLE, 0, 3) == (0.25, 1)
    assert bounds(TABLE, 2, 2) == (0.25, 0.25)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [(AtLeast(5, 1, 0), [0, 1, 1]), (AtMost(5, 1, 0), [1, 1, 0]), (Above(5, 1, 0), [0, 0, 1])],
    ids=["at least", "at most", "above"],
)
def test_steps_below_at_and_above_their_bound(shape: Shape, expected: list[float]) -> None:
    assert values(shape, np.nextafter(5, 0), 5, np.nextafter(5, 9)) == expected


def test_a_step_over_an_interval() -> None:
    assert bounds(AtLeast(5, 8, 2), 4, 5) == (2, 8)
    assert bounds(AtMost(5, 8, 2), 5, 6) == (2, 8)
    assert bounds(Above(5, 8, 2), 4, 5) == (2, 2)


@pytest.mark.parametrize("shape", [CURVE, BANDS, AtLeast(5, 1, 0), AtMost(5, 1, 0), Above(5, 1, 0)])
def test_an_unknown_value_stays_unknown(shape: Shape) -> None:
    result = shape(np.array([np.nan, 5.0]))
    assert np.isnan(result[0])
    assert not np.isnan(result[1])


def test_an_unknown_code_stays_unknown() -> None:
    assert np.isnan(TABLE(np.array([-1], dtype=np.int16))[0])


@pytest.mark.filterwarnings("ignore:invalid value")  # the engine silences it once per chunk
def test_ratio_of_nothing() -> None:
    with np.errstate(divide="ignore"):
        assert [float(x) for x in ratio(np.array([0.0, 3.0, 6.0]), np.array([0.0, 0.0, 4.0]))] == [
            0,
            np.inf,
            1.5,
        ]


def test_ratio_of_intervals_never_goes_below_nothing() -> None:
    result = ratio(Interval(np.array([-1.0]), np.array([4.0])), Interval(np.array([2.0]), np.array([8.0])))
    assert (result.low[0], result.high[0]) == (0, 2)


def test_nothing_of_an_unlimited_value_is_nothing() -> None:
    result = Interval(np.array([0.0]), np.array([1.0])) * Interval(np.array([0.0]), np.array([np.inf]))
    assert (result.low[0], result.high[0]) == (0, np.inf)


def test_interval_arithmetic_with_arrays_and_numbers() -> None:
    x = Interval(np.array([1.0]), np.array([3.0]))
    y = np.array([2.0])
    pairs = {
        "sum": (x + y, 3, 5),
        "array first": (y + x, 3, 5),
        "difference": (y - x, -1, 1),
        "negative": (-x, -3, -1),
        "product": (x * -2.0, -6, -2),
        "lesser": (np.minimum(x, y), 1, 2),
        "greater": (np.maximum(2.5, x), 2.5, 3),
        "of two": (x * Interval(np.array([-1.0]), np.array([2.0])), -3, 6),
    }
    for name, (result, low, high) in pairs.items():
        assert (result.low[0], result.high[0]) == (low, high), name


points = st.lists(
    st.tuples(st.floats(-1e3, 1e3), st.floats(-100, 100)), min_size=2, max_size=6, unique_by=lambda p: p[0]
)


@given(points, st.floats(-2e3, 2e3), st.floats(-2e3, 2e3), st.floats(0, 1))
def test_bounds_of_a_curve_hold_for_every_value_inside(
    pairs: list[tuple[float, float]], a: float, b: float, part: float
) -> None:
    curve = Curve.through(sorted(pairs))
    low, high = min(a, b), max(a, b)
    inside = min(max(low + part * (high - low), low), high)
    least, most = bounds(curve, low, high)
    assert least <= values(curve, inside)[0] <= most


@given(points, st.floats(-2e3, 2e3), st.floats(-2e3, 2e3), st.floats(0, 1))
def test_bounds_of_bands_hold_for_every_value_inside(
    pairs: list[tuple[float, float]], a: float, b: float, part: float
) -> None:
    bands = Bands.of(sorted(pairs))
    low, high = min(a, b), max(a, b)
    inside = min(max(low + part * (high - low), low), high)
    least, most = bounds(bands, low, high)
    assert least <= values(bands, inside)[0] <= most


def test_many_values_fall_into_the_same_bands_as_few() -> None:
    bands = Bands.of([(0.0, 1.0), (10.0, 2.0), (20.0, 3.0)])
    few = np.array([-1.0, 0.0, 9.9, 10.0, 19.9, 20.0, 1e9])
    assert bands.band(few).tolist() == [0, 0, 0, 1, 1, 2, 2]
    many = np.tile(few, 1_000)
    assert bands.band(many).tolist() == [0, 0, 0, 1, 1, 2, 2] * 1_000
    assert bands(many).tolist() == [1.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0] * 1_000
