"""Readers: what a rule does with a value, and what it gave, for machines and in words.

What does not depend on the value that was read is made once for each rule of a policy.
"""

from __future__ import annotations

import itertools
import math
import operator
from abc import ABC, abstractmethod
from bisect import bisect_right
from functools import lru_cache
from typing import Any

from implementation.rules.parameters import Parameter
from implementation.rules.shapes import Above, AtLeast, AtMost, Bands, Curve, Table
from implementation.rules.wording import number_words, percent, plain, words, worth_telling

_EXACT = 6  # decimals of numbers that were worked out
_UNITS = {"points": " points", "bps": " bps"}
_WHOLE = {(1.0, 1.0): "counts in full", (0.0, 0.0): "does not count"}
Ends = tuple[float, float]
Fields = dict[str, Any]


def ends_shown(low: float, high: float) -> Any:
    """A number, or its least and most where it is not known, as JSON can carry it; None is without limit."""
    if low == high:
        return round(low, _EXACT) + 0.0 if math.isfinite(low) else None
    return [ends_shown(low, low), ends_shown(high, high)]


def said_of(gives: str, times: Ends | None, result: Ends, acts: bool) -> str:
    """What a rule gave, as the end of its line."""
    said = "" if times is None or times == (1.0, 1.0) else f", times {_span(times)}"
    if gives == "multiplier":
        return f"{said}: {_WHOLE.get(result) or f'counts {_span(result)} times'}"
    if gives == "share":
        return f"{said}: {percent(result[0])}"
    if gives == "note" and not acts and result[0] != result[1]:
        return f"{said}: whether it is noted hangs on that"
    if gives == "note":
        return f"{said}: {'noted' if acts else 'nothing to note'}"
    return f"{said}: {_span(result)}{_UNITS.get(gives, '')}"


def _span(ends: Ends) -> str:
    if ends[0] == ends[1]:
        return plain(ends[0])
    low, high = plain(ends[0]), plain(ends[1])
    return low if low == high else f"from {low} to {high}"


class Reader(ABC):
    """What a rule does with a value. All that does not depend on the value is made once."""

    def __init__(self, parameter: Parameter) -> None:
        self.kind = parameter.reads
        self.written = number_words(parameter.reads)

    @abstractmethod
    def read(self, low: float, high: float) -> tuple[Fields, str]:
        """The value and what held for it, as fields and in words."""


class _OfNumber(Reader):
    def read(self, low: float, high: float) -> tuple[Fields, str]:
        fields = {"value": ends_shown(low, high), **self.holds(low, high)}
        if low != high:
            span = f", from {self.written(low)} to {self.written(high)}"
            return fields, "not known" + (span if worth_telling(self.kind, low, high) else "")
        return fields, f"{self.written(low)} ({self.said(low)})"

    @abstractmethod
    def holds(self, low: float, high: float) -> Fields:
        """The segment, band or bound; nothing where an unknown value leaves it open."""

    @abstractmethod
    def said(self, value: float) -> str:
        """The same in words."""


class _OfCurve(_OfNumber):
    def __init__(self, parameter: Parameter, curve: Curve) -> None:
        super().__init__(parameter)
        points = list(zip(curve.at.tolist(), curve.gives.tolist(), strict=True))
        self.at = curve.at.tolist()
        self.segments = [*zip([points[0], *points], [*points, points[-1]], strict=True)]
        named = [f"{self.written(x)}, {plain(y)}" for x, y in points]
        between = [f"between {a}, and {b}" for a, b in itertools.pairwise(named)]
        self.words = [f"below {named[0]}", *between, f"above {named[-1]}"]
        self.last = f"at {named[-1]}"

    def holds(self, low: float, high: float) -> Fields:
        if low != high:
            return {}
        return {"segment": [list(point) for point in self.segments[bisect_right(self.at, low)]]}

    def said(self, value: float) -> str:
        return self.last if value == self.at[-1] else self.words[bisect_right(self.at, value)]


class _OfBands(_OfNumber):
    def __init__(self, parameter: Parameter, bands: Bands) -> None:
        super().__init__(parameter)
        at = bands.at.tolist()
        self.bounds = at[1:]
        self.bands = [*zip([None, *at[1:]], [*at[1:], None], strict=True)]
        named = [self.written(bound) for bound in at]
        self.words = [f"from {a} and below {b}" for a, b in itertools.pairwise(named)] + [f"from {named[-1]}"]

    def holds(self, low: float, high: float) -> Fields:
        band = bisect_right(self.bounds, low)
        return {"band": list(self.bands[band])} if band == bisect_right(self.bounds, high) else {}

    def said(self, value: float) -> str:
        return self.words[bisect_right(self.bounds, value)]


class _OfStep(_OfNumber):
    def __init__(self, parameter: Parameter, step: AtLeast | AtMost | Above) -> None:
        super().__init__(parameter)
        self.bound = step.bound
        self.test = {AtLeast: "at_least", AtMost: "at_most", Above: "above"}[type(step)]
        self.met = {AtLeast: operator.ge, AtMost: operator.le, Above: operator.gt}[type(step)]
        self.words = f"{step.words} {self.written(step.bound)}"

    def holds(self, low: float, high: float) -> Fields:
        met = self.met(low, self.bound)
        return {"bound": {self.test: self.bound, "met": met if met == self.met(high, self.bound) else None}}

    def said(self, value: float) -> str:
        return f"{self.words}: {'yes' if self.met(value, self.bound) else 'no'}"


class _OfTable(Reader):
    def __init__(self, parameter: Parameter, table: Table) -> None:
        super().__init__(parameter)
        self.codes = table.codes

    def read(self, low: float, high: float) -> tuple[Fields, str]:
        if low != high:
            return {"value": None}, "not known"
        code = self.codes[int(low)]
        return {"value": code, "row": code}, words("code", code)


@lru_cache(maxsize=4096)
def reader_of(parameter: Parameter) -> Reader:
    """The reader of a rule."""
    shape = parameter.shape
    if isinstance(shape, Curve):
        return _OfCurve(parameter, shape)
    if isinstance(shape, Bands):
        return _OfBands(parameter, shape)
    return _OfTable(parameter, shape) if isinstance(shape, Table) else _OfStep(parameter, shape)
