"""Intervals: what flows through the rules where a value is unknown, and the arithmetic of both kinds.

A known value is an array, an unknown one everything between two arrays; rules mix them freely and answer with
bounds wherever something was unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


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

    def __getitem__(self, at: Any) -> Interval:
        return Interval(self.low[at], self.high[at])

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
    quotient = cast(Array, np.divide(part, whole))
    if np.greater(whole, 0.0).all():  # unknown is not
        return quotient
    return np.where(part != 0.0, quotient, 0.0)
