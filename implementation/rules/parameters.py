"""Parameters of the policy: a shape, the reason it gives when it acts, and what it stands on.

A rule receives its parameters as `p` and calls them by name. Whoever listens hears each call: reasons are
kept as bits of a mask, an explanation keeps the lines.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from implementation.rules.answers import Answers
from implementation.rules.programs import Source
from implementation.rules.shapes import Interval, Shape

READS = ("share", "money", "rate", "bps", "count", "level", "years", "flag", "ratio", "code")
GIVES = ("points", "multiplier", "note", "share", "bps")
MONOTONE = ("rising", "falling")


@dataclass(frozen=True, eq=False)
class Basis:
    """What a number stands on.

    Attributes:
        unit: of a rule, what it reads and what it gives: "lots, to points of fit".
        review_by: the day, ISO, by which to look at it again.
        low, high: the range it may move in without a new discussion; of a rule, the range of its results.
    """

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
        monotone: "rising" or "falling" where the policy declares that results never turn back, else empty.
        bound_range: the range that the bound of a step may move in without a new discussion.
        same_as: path in the document that this rule, or its bound, is taken from; empty if from none.
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
    monotone: str = ""
    bound_range: tuple[float, float] | None = None
    same_as: str = ""

    def __call__(self, value: Any, times: Any = None, answers: Answers | None = None) -> Any:
        """Apply the shape, or take its answer; `times` scales the result, and with it the reason."""
        result = self.shape(value) if answers is None else answers.of(self.shape, value)
        return result if times is None else result * times

    @property
    def unit(self) -> tuple[str, str]:
        """Unit of what it reads, and of what it gives."""
        reads, _, gives = self.basis.unit.partition(", to ")
        return reads, gives

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

    def turns_to(self, factor: str, structure: str) -> None:
        """Whose rules are heard from now on; the structure is empty for the need test."""

    def heard(self, parameter: Parameter, value: Any, times: Any, result: Any) -> None:
        """One call of one parameter."""


class ReasonMask:
    """Keeps the reasons of many rows as bits."""

    def __init__(self, rows: int, bits: Mapping[str, int]) -> None:
        self.mask: NDArray[np.uint64] = np.zeros(rows, dtype=np.uint64)
        self._bits = {code: np.uint64(1 << bit) for code, bit in bits.items()}

    def turns_to(self, factor: str, structure: str) -> None:
        """A reason is the same whichever factor and structure gives it."""

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

    def __init__(
        self,
        rules: Mapping[str, Parameter],
        listener: Listener | None = None,
        answers: Answers | None = None,
    ) -> None:
        self._rules = rules
        vars(self).update((name, _voiced(rule, listener, answers)) for name, rule in rules.items())

    def heard_by(self, listener: Listener | None, answers: Answers | None = None) -> Parameters:
        """The same parameters, heard by a listener, looking up what was answered before."""
        if listener is None and answers is None:
            return self
        return Parameters(self._rules, listener, answers)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)  # copying and pickling look for names that no policy states
        return _nothing

    def __iter__(self) -> Any:
        return iter(self._rules.items())


def _voiced(rule: Parameter, listener: Listener | None, answers: Answers | None) -> Callable[..., Any]:
    """A rule as it is called: heard where somebody listens, and asked once where answers are kept."""
    if listener is not None and (rule.says or isinstance(listener, EveryCall)):
        return partial(_spoken, rule, listener, answers)
    return rule if answers is None else partial(rule, answers=answers)


def _spoken(
    rule: Parameter, listener: Listener, answers: Answers | None, value: Any, times: Any = None
) -> Any:
    result = rule(value, times, answers)
    listener.heard(rule, value, times, result)
    return result


class EveryCall:
    """Marks a listener that wants to hear parameters without a reason as well."""


class Recorder(EveryCall):
    """Keeps every call, in order.

    Attributes:
        calls: parameter, value, times, result.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[Parameter, Any, Any, Any]] = []

    def turns_to(self, factor: str, structure: str) -> None:
        """Whoever keeps calls of one rule knows whose they are."""

    def heard(self, parameter: Parameter, value: Any, times: Any, result: Any) -> None:
        """Keeps the call."""
        self.calls.append((parameter, value, times, result))
