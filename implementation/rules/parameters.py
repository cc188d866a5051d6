"""Parameters of the policy: a shape, the reason it gives when it acts, and what it stands on.

A rule receives its parameters as `p` and calls them by name. Whoever listens hears each call: reasons are
kept as bits of a mask, an explanation keeps the lines.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from implementation.rules.contract import FACTS
from implementation.rules.documents import DocumentError, Section
from implementation.rules.programs import Source
from implementation.rules.shapes import (
    Above,
    AtLeast,
    AtMost,
    Bands,
    Curve,
    Interval,
    Shape,
    Table,
)

READS = ("share", "money", "rate", "bps", "count", "level", "years", "flag", "ratio", "code")
GIVES = ("points", "multiplier", "note", "share", "bps")
_STEPS: dict[str, type[AtLeast] | type[AtMost] | type[Above]] = {
    "at_least": AtLeast,
    "at_most": AtMost,
    "above": Above,
}


@dataclass(frozen=True, eq=False)
class Basis:
    """What a number stands on."""

    unit: str
    rationale: str
    source: Source
    review_by: str
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Parameter:
    """One named rule of the policy.

    Attributes:
        key: full path in the document.
        label: what the value is, for people.
        reads: kind of the value, one of `READS`.
        gives: what the result is, one of `GIVES`: points of fit, a multiplier of other points, a note (which
            weighs nothing), a share or bps.
        says: code of the reason given when the rule acts; empty for none.
        says_from, says_to: results between which it acts, both included; `says_to` is infinite where it does
            not end. Below zero, acting begins at `says_from` and goes down.
    """

    key: str
    label: str
    shape: Shape
    reads: str
    gives: str
    says: str
    says_from: float
    says_to: float
    basis: Basis

    def __call__(self, value: Any, times: Any = None) -> Any:
        """Apply the shape; `times` scales the result, and with it the reason."""
        result = self.shape(value)
        return result if times is None else result * times

    def acts(self, result: Any) -> Any:
        """Where the rule acts for certain, row by row."""
        low, high = (result.low, result.high) if isinstance(result, Interval) else (result, result)
        if self.says_from < 0:
            acts = high <= self.says_from
            return acts if self.says_to == -math.inf else acts & (low >= self.says_to)
        acts = low >= self.says_from
        return acts if self.says_to == math.inf else acts & (high <= self.says_to)


class Listener(Protocol):
    """Hears what each parameter was given and what it answered."""

    def heard(self, parameter: Parameter, value: Any, times: Any, result: Any) -> None:
        """One call of one parameter."""


class ReasonMask:
    """Keeps the reasons of many rows as bits."""

    def __init__(self, rows: int, bits: Mapping[str, int]) -> None:
        self.mask: NDArray[np.uint64] = np.zeros(rows, dtype=np.uint64)
        self._bits = {code: np.uint64(1 << bit) for code, bit in bits.items()}

    def heard(self, parameter: Parameter, value: Any, times: Any, result: Any) -> None:
        """Sets the bit of the parameter's reason where it acts."""
        if parameter.says:
            self.add(parameter.says, parameter.acts(result))

    def add(self, code: str, where: Any) -> None:
        """Sets the bit of a reason where a rule says so."""
        self.mask |= where * self._bits[code]


def _nothing(value: Any, times: Any = None) -> float:
    """What a parameter gives that the policy does not state for this structure."""
    return 0.0


class Parameters:
    """The parameters of one rule for one structure, called by name: `p.concentrated(share)`."""

    def __init__(self, rules: Mapping[str, Parameter], listener: Listener | None = None) -> None:
        self._rules, self._listener = rules, listener

    def heard_by(self, listener: Listener | None) -> Parameters:
        """The same parameters, heard by a listener."""
        return self if listener is None else Parameters(self._rules, listener)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)  # copying and pickling look for names that no policy states
        parameter = self._rules.get(name)
        if parameter is None:
            return _nothing
        listener = self._listener
        if listener is None or not (parameter.says or isinstance(listener, _EveryCall)):
            return parameter

        def speak(value: Any, times: Any = None) -> Any:
            result = parameter(value, times)
            listener.heard(parameter, value, times, result)
            return result

        return speak

    def __iter__(self) -> Any:
        return iter(self._rules.items())


class _EveryCall:
    """Marks a listener that wants to hear parameters without a reason as well."""


class Recorder(_EveryCall):
    """Keeps every call, in order, for an explanation."""

    def __init__(self) -> None:
        self.calls: list[tuple[Parameter, Any, Any, Any]] = []

    def heard(self, parameter: Parameter, value: Any, times: Any, result: Any) -> None:
        """Keeps the call."""
        self.calls.append((parameter, value, times, result))


@dataclass(frozen=True)
class Grounds:
    """What the numbers of one part of the policy stand on where they do not name their own source."""

    sources: Mapping[str, Source]
    source: str
    review_by: str


def read_grounds(part: Section, sources: Mapping[str, Source]) -> Grounds:
    """`source` and `review_by` of a part of the policy, which its numbers may override one by one."""
    return Grounds(sources, part.choice("source", sources), part.iso_date("review_by"))


def read_basis(row: Section, grounds: Grounds) -> Basis:
    """Unit, rationale, source, review date and allowed range of a number."""
    low, high = _pair(row, "range")
    return Basis(
        unit=row.text("unit"),
        rationale=row.text("rationale"),
        source=grounds.sources[row.choice("source", grounds.sources, default=grounds.source)],
        review_by=row.iso_date("review_by", default=grounds.review_by),
        low=low,
        high=high,
    )


def read_number(row: Section, grounds: Grounds) -> tuple[float, Basis]:
    """A single number of the policy, `{value, unit, range, rationale}` and, where they differ, its grounds.

    Raises:
        DocumentError: names the file, the key, the value and what was expected.
    """
    basis = read_basis(row, grounds)
    value: float = row.number("value", basis.low, basis.high)
    row.finish()
    return value, basis


def read_parameter(row: Section, grounds: Grounds, codes: frozenset[str]) -> Parameter:
    """One parameter of a rule.

    Args:
        codes: reason codes that exist.

    Raises:
        DocumentError: names the file, the key, the value and what was expected.
    """
    basis = read_basis(row, grounds)
    says: str = row.choice("says", sorted(codes), default="")
    says_from: float = row.number("says_from") if says else 0.0
    parameter = Parameter(
        key=row.path,
        label=row.text("label"),
        shape=_shape(row),
        reads=row.choice("reads", READS),
        gives=row.choice("gives", GIVES),
        says=says,
        says_from=says_from,
        says_to=row.number("says_to", default=math.copysign(math.inf, says_from)),
        basis=basis,
    )
    row.finish()
    results = getattr(parameter.shape, "gives", None)
    if results is None:
        results = np.array([parameter.shape.then, parameter.shape.otherwise])  # type: ignore[union-attr]
    if results.min() < basis.low or results.max() > basis.high:
        raise row.error("range", f"a range that holds the results {results.min():g} to {results.max():g}")
    return parameter


def _shape(row: Section) -> Shape:
    kind = row.choice("shape", ("curve", "bands", "table", *_STEPS))
    if kind == "curve":
        return Curve.through(_points(row, "points", at_least=2))
    if kind == "bands":
        return Bands.of(_points(row, "bands", at_least=1))
    if kind == "table":
        names = [name for name, fact in FACTS.items() if fact.kind == "code"]
        codes = FACTS[row.choice("of", names)].codes
        rows = row.section("rows")
        given = {key: rows.number(key) for key in rows}
        if not set(given) <= set(codes):
            raise row.error("rows", f"results for codes among {', '.join(codes)}")
        return Table.of(codes, given, row.number("otherwise"))
    return _STEPS[kind](row.number("bound"), row.number("then"), row.number("otherwise"))


def _points(row: Section, key: str, at_least: int) -> list[tuple[float, float]]:
    expected = f"a list of at least {at_least} pairs [value, result], values rising"
    pairs = row.raw(key, expected)
    if not isinstance(pairs, list) or len(pairs) < at_least:
        raise row.error(key, expected)
    points = []
    for pair in pairs:
        if not isinstance(pair, list) or len(pair) != 2 or not all(_is_number(value) for value in pair):
            raise row.error(key, expected)
        points.append((float(pair[0]), float(pair[1])))
    if any(a[0] >= b[0] for a, b in itertools.pairwise(points)):
        raise row.error(key, expected)
    return points


def _pair(row: Section, key: str) -> tuple[float, float]:
    pair = row.raw(key, "[low, high]")
    if not isinstance(pair, list) or len(pair) != 2 or not all(_is_number(value) for value in pair):
        raise row.error(key, "[low, high], two numbers")
    low, high = float(pair[0]), float(pair[1])
    if low > high:
        raise DocumentError(row.file, row.key(key), pair, "[low, high], the lower one first")
    return low, high


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
