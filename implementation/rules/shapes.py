"""Shapes: the only holders of numbers in the rules, and the values that flow through them.

A shape is a vectorised function of one value. It accepts an array, or an `Interval` where the value is
unknown, and answers with the same kind; the bounds it gives for an interval hold for every value inside. Each
shape can say which segment, band or row applied to a value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# A line drawn between two points may overshoot them by the last bit; bounds are widened by more than that.
_LAST_BITS = 1e-9


class Interval:
    """An unknown value per row: everything from `low` to `high`, both included and never NaN.

    Arithmetic gives bounds that hold for every choice of values inside; a fact that occurs twice in an
    expression may widen them, never narrow them.
    """

    __slots__ = ("high", "low")

    def __init__(self, low: Array, high: Array) -> None:
        self.low, self.high = low, high

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        rule = _RULES.get(ufunc)
        if rule is None or method != "__call__" or kwargs:
            return NotImplemented
        return rule(*(interval_of(value) for value in inputs))

    def __add__(self, other: Operand) -> Interval:
        return _add(self, interval_of(other))

    def __radd__(self, other: Operand) -> Interval:
        return _add(interval_of(other), self)

    def __sub__(self, other: Operand) -> Interval:
        return _subtract(self, interval_of(other))

    def __rsub__(self, other: Operand) -> Interval:
        return _subtract(interval_of(other), self)

    def __mul__(self, other: Operand) -> Interval:
        return _multiply(self, interval_of(other))

    def __rmul__(self, other: Operand) -> Interval:
        return _multiply(interval_of(other), self)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)


Operand = Interval | Array | float
Values = Any
"""What flows through the rules: an array where a value is known in every row, else an interval."""


def interval_of(value: Operand) -> Interval:
    """The value itself, or a known value as the interval from it to it."""
    if isinstance(value, Interval):
        return value
    known = cast(Array, np.asarray(value, dtype=np.float64))
    return Interval(known, known)


def _add(a: Interval, b: Interval) -> Interval:
    return Interval(a.low + b.low, a.high + b.high)


def _subtract(a: Interval, b: Interval) -> Interval:
    return Interval(a.low - b.high, a.high - b.low)


def _multiply(a: Interval, b: Interval) -> Interval:
    if np.min(a.low, initial=0.0) >= 0 and np.min(b.low, initial=0.0) >= 0:
        return Interval(_times(a.low, b.low), _times(a.high, b.high))
    corners = [_times(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
    low = np.minimum(np.minimum(corners[0], corners[1]), np.minimum(corners[2], corners[3]))
    high = np.maximum(np.maximum(corners[0], corners[1]), np.maximum(corners[2], corners[3]))
    return Interval(low, high)


def _times(x: Array, y: Array) -> Array:
    """A product in which nothing of an unlimited value is nothing."""
    with np.errstate(invalid="ignore"):
        product: Array = x * y
    unlimited = np.isnan(product)
    return np.where(unlimited, 0.0, product) if unlimited.any() else product


def _smaller(a: Interval, b: Interval) -> Interval:
    return Interval(np.minimum(a.low, b.low), np.minimum(a.high, b.high))


def _larger(a: Interval, b: Interval) -> Interval:
    return Interval(np.maximum(a.low, b.low), np.maximum(a.high, b.high))


_RULES: dict[Any, Callable[[Interval, Interval], Interval]] = {
    np.add: _add,
    np.subtract: _subtract,
    np.multiply: _multiply,
    np.minimum: _smaller,
    np.maximum: _larger,
}


def smaller(a: Any, b: Any) -> Any:
    """The lesser of two values, row by row."""
    return np.minimum(a, b)


def larger(a: Any, b: Any) -> Any:
    """The greater of two values, row by row."""
    return np.maximum(a, b)


def within_100(value: Any) -> Any:
    """A fit kept from 0 to 100."""
    return np.minimum(np.maximum(value, 0.0), 100.0)


def ratio(part: Any, whole: Any) -> Any:
    """Part over whole, neither negative; nothing of nothing is 0, something of nothing is infinite."""
    if isinstance(part, Interval) or isinstance(whole, Interval):
        a, b = interval_of(part), interval_of(whole)
        return Interval(_divide(np.maximum(a.low, 0.0), b.high), _divide(np.maximum(a.high, 0.0), b.low))
    return _divide(part, whole)


def _divide(part: Array, whole: Array) -> Array:
    # Callers silence numpy about x / 0 once per chunk: saying so here costs more than the division.
    quotient: Array = np.divide(
        part, whole, out=np.zeros(np.broadcast_shapes(np.shape(part), np.shape(whole))), where=part != 0.0
    )
    return quotient


def _unknown_stays(value: Any, result: Any) -> Any:
    """NaN where the value is NaN: a comparison would turn the unknown into a no."""
    unknown = np.isnan(value)
    return np.where(unknown, np.nan, result) if unknown.any() else result


def _where_unsure(
    value: Interval,
    known: Callable[[Array], Array],
    bounds: Callable[[Array, Array], tuple[Array, Array]],
) -> Interval:
    """Apply a shape to each row as to a known value, and bound it only in rows in which it is not."""
    result = known(value.low)
    unsure = np.flatnonzero(value.low != value.high)
    if not len(unsure):
        return Interval(result, result)
    low, high = result.copy(), result.copy()
    low[unsure], high[unsure] = bounds(value.low[unsure], value.high[unsure])
    return Interval(low, high)


def _extremes(values: Array) -> tuple[Array, Array]:
    """Least and greatest of `values[i..j]` for every i and j; neutral where the range is empty.

    One row and one column more than values: a span beyond either end is an empty range too.
    """
    size = len(values)
    least, greatest = np.full((size + 1, size + 1), np.inf), np.full((size + 1, size + 1), -np.inf)
    for i in range(size):
        for j in range(i, size):
            least[i, j], greatest[i, j] = values[i : j + 1].min(), values[i : j + 1].max()
    return least, greatest


@dataclass(frozen=True, eq=False, slots=True)
class Curve:
    """Piecewise linear through points, level beyond the first and the last."""

    at: Array
    gives: Array
    extremes: tuple[Array, Array]

    @classmethod
    def through(cls, points: list[tuple[float, float]]) -> Curve:
        """A curve through (value, result) points, values increasing."""
        gives = np.array([y for _, y in points], dtype=np.float64)
        return cls(np.array([x for x, _ in points], dtype=np.float64), gives, _extremes(gives))

    def __call__(self, value: Any) -> Any:
        if not isinstance(value, Interval):
            return np.interp(value, self.at, self.gives)
        return _where_unsure(value, self, self._bounds)

    def _bounds(self, low: Array, high: Array) -> tuple[Array, Array]:
        """Bounds over spans: the ends, and every point of the curve between them."""
        ends = np.interp(low, self.at, self.gives), np.interp(high, self.at, self.gives)
        first = np.searchsorted(self.at, low, side="left")
        last = np.searchsorted(self.at, high, side="right") - 1
        # A span without a point inside reads an empty range, whose extremes are neutral.
        least, most = self.extremes[0][first, last], self.extremes[1][first, last]
        least, most = np.minimum(np.minimum(*ends), least), np.maximum(np.maximum(*ends), most)
        level = least == most
        return np.where(level, least, least - _LAST_BITS), np.where(level, most, most + _LAST_BITS)

    @property
    def breakpoints(self) -> Array:
        """Values at which the rule changes its slope."""
        return self.at

    def segment(self, value: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """The two (value, result) points around a value; the same point twice beyond the ends."""
        right = int(np.searchsorted(self.at, value, side="right"))
        a, b = max(right - 1, 0), min(right, len(self.at) - 1)
        return (float(self.at[a]), float(self.gives[a])), (float(self.at[b]), float(self.gives[b]))


@dataclass(frozen=True, eq=False, slots=True)
class Bands:
    """Steps: each band holds from its bound, included, up to the next; the first reaches down as well."""

    at: Array
    gives: Array
    extremes: tuple[Array, Array]

    @classmethod
    def of(cls, bands: list[tuple[float, float]]) -> Bands:
        """Bands of (from, result), bounds increasing; the first bound only names its band."""
        gives = np.array([y for _, y in bands], dtype=np.float64)
        return cls(np.array([x for x, _ in bands], dtype=np.float64), gives, _extremes(gives))

    def band(self, value: Any) -> Any:
        """Index of the band a value falls in."""
        index = np.zeros(np.shape(value), dtype=np.int8)
        for bound in self.at[1:]:
            index += value >= bound
        return index

    def __call__(self, value: Any) -> Any:
        if not isinstance(value, Interval):
            return _unknown_stays(value, self.gives.take(self.band(value)))
        return _where_unsure(value, self, self._bounds)

    def _bounds(self, low: Array, high: Array) -> tuple[Array, Array]:
        i, j = self.band(low), self.band(high)
        return self.extremes[0][i, j], self.extremes[1][i, j]

    @property
    def breakpoints(self) -> Array:
        """Values at which the rule changes."""
        return self.at[1:]


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """One result per code, in the order of the fact's closed list. A code column is its index, -1 unknown."""

    codes: tuple[str, ...]
    gives: Array

    @classmethod
    def of(cls, codes: tuple[str, ...], rows: dict[str, float], otherwise: float) -> Table:
        """A table with a result for some codes and one for all others."""
        return cls(codes, np.array([rows.get(code, otherwise) for code in codes], dtype=np.float64))

    def __call__(self, value: Any) -> Any:
        if not isinstance(value, Interval):
            index = np.asarray(value).astype(np.intp)
            result = self.gives.take(index, mode="wrap")
            unknown = index < 0
            return np.where(unknown, np.nan, result) if unknown.any() else result
        low, high = value.low.astype(np.int16), value.high.astype(np.int16)
        unsure = low != high
        return Interval(
            np.where(unsure, self.gives.min(), self.gives[low]),
            np.where(unsure, self.gives.max(), self.gives[low]),
        )

    @property
    def breakpoints(self) -> Array:
        """None: a code has no neighbours."""
        return np.empty(0)


@dataclass(frozen=True, eq=False, slots=True)
class _Step:
    bound: float
    then: float
    otherwise: float

    def met(self, value: Any) -> Any:
        """Whether the condition holds, row by row."""
        raise NotImplementedError

    def __call__(self, value: Any) -> Any:
        if isinstance(value, Interval):
            ends = self(value.low), self(value.high)
            return Interval(np.minimum(*ends), np.maximum(*ends))
        return _unknown_stays(value, np.where(self.met(value), self.then, self.otherwise))

    @property
    def breakpoints(self) -> Array:
        """The bound."""
        return np.array([self.bound])


class AtLeast(_Step):
    """One result at the bound and above it, another below."""

    __slots__ = ()
    words = "at least"

    def met(self, value: Any) -> Any:
        """Value at the bound or above it."""
        return np.greater_equal(value, self.bound)


class AtMost(_Step):
    """One result at the bound and below it, another above."""

    __slots__ = ()
    words = "at most"

    def met(self, value: Any) -> Any:
        """Value at the bound or below it."""
        return np.less_equal(value, self.bound)


class Above(_Step):
    """One result above the bound, another at it and below."""

    __slots__ = ()
    words = "above"

    def met(self, value: Any) -> Any:
        """Value above the bound."""
        return np.greater(value, self.bound)


Shape = Curve | Bands | Table | AtLeast | AtMost | Above
