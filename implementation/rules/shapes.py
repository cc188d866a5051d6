"""Shapes: the only holders of numbers in the rules.

A shape is a vectorised function of one value. It accepts an array, or an `Interval` where the value is
unknown, and answers with the same kind; the bounds it gives for an interval hold for every value inside. Each
shape can say which segment, band or row applied to a value.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from implementation.rules.interval import (
    Array,
    Interval,
    Values,
    interval_of,
    larger,
    ratio,
    smaller,
    within_100,
)

__all__ = [
    "Above",
    "Array",
    "AtLeast",
    "AtMost",
    "Bands",
    "Curve",
    "Interval",
    "Shape",
    "Table",
    "Values",
    "interval_of",
    "larger",
    "ratio",
    "smaller",
    "within_100",
]

_FEW = 2_048
"""Values up to which looking each one up is faster than comparing all of them with every bound."""

# A line drawn between two points may overshoot them by the last bit; bounds are widened by more than that.
_LAST_BITS = 1e-9


def _unknown_stays(value: Any, result: Any) -> Any:
    """NaN where the value is NaN: a comparison would turn the unknown into a no."""
    unknown = np.isnan(value)
    return np.where(unknown, np.nan, result) if np.count_nonzero(unknown) else result


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
        if np.size(value) <= _FEW:
            return self.at[1:].searchsorted(value, "right")
        index = np.zeros(np.shape(value), dtype=np.int8)
        for bound in self.at[1:]:
            index += value >= bound
        return index

    def __call__(self, value: Any) -> Any:
        if not isinstance(value, Interval):
            return _unknown_stays(value, self.gives[self.band(value)])
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
            index = np.asarray(value)
            index = index if index.dtype.kind == "i" else index.astype(np.intp)
            result = self.gives[index]  # where unknown, -1: some result, replaced below
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
class _Step(ABC):
    bound: float
    then: float
    otherwise: float
    rise: float = field(init=False)
    exact: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rise", self.then - self.otherwise)
        object.__setattr__(self, "exact", self.otherwise + self.rise == self.then)

    @abstractmethod
    def met(self, value: Any) -> Any:
        """Whether the condition holds, row by row."""

    def __call__(self, value: Any) -> Any:
        if isinstance(value, Interval):
            ends = self(value.low), self(value.high)
            return Interval(np.minimum(*ends), np.maximum(*ends))
        met = self.met(value)
        # By arithmetic where that is exact: choosing row by row takes several times as long.
        result = met * self.rise + self.otherwise if self.exact else np.where(met, self.then, self.otherwise)
        return _unknown_stays(value, result)

    @property
    def breakpoints(self) -> Array:
        """The bound."""
        return np.array([self.bound])

    @property
    def gives(self) -> Array:
        """Both results, the one of the lower values first."""
        return np.array([self.otherwise, self.then])


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

    @property
    def gives(self) -> Array:
        """Both results, the one of the lower values first."""
        return np.array([self.then, self.otherwise])


class Above(_Step):
    """One result above the bound, another at it and below."""

    __slots__ = ()
    words = "above"

    def met(self, value: Any) -> Any:
        """Value above the bound."""
        return np.greater(value, self.bound)


Shape = Curve | Bands | Table | AtLeast | AtMost | Above
