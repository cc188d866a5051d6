"""Mutants of the house policy: one number a little larger, everything else as it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from implementation.rules.parameters import Parameter
from implementation.rules.shapes import Bands, Curve, Table
from tests.rules.books import POLICY
from tests.rules.goldens import Case

FILE = "implementation/data/house_policy.yaml"
_MORE = 1.02
_WHOLE = ("count", "level", "flag")


@dataclass(frozen=True)
class PolicyMutant:
    """One number of the policy.

    Attributes:
        file: the document.
        function: path of the number in the document.
        change: from what to what.
        put: puts the new number into the policy that the tests use, for good.
    """

    function: str
    change: str
    put: Callable[[], None]
    file: str = FILE
    line: int = 0
    source: str = ""

    def stand_in(self) -> None:
        """Put the number in its place: meant for a process of its own."""
        self.put()

    def far(self, case: Case) -> int:
        """How far a golden case is from the number: 0 where it holds the rule that the number is part of."""
        path = self.function.split(".")
        rules = {(f"need.{path[1]}", None), (f"{path[0]}.{path[-2]}", path[1])}
        if rules & {(rule.key, rule.structure) for rule in case.rules}:
            return 0
        themes = ("reasons",) if "says" in path[-1] else ("fragile", "outcomes", "whole_accounts")
        return 1 if case.file in themes else 2


def policy_mutants() -> Iterator[PolicyMutant]:
    """Weights, single numbers, small changes, and every number of every rule."""
    data: Any = POLICY
    for name, value in POLICY.weights.items():
        yield _mutant(f"weights.{name}", data.weights, name, value, value + 0.01)
    for name, value in POLICY.numbers.items():
        yield _mutant(f"numbers.{name}", data.numbers, name, value, value * _MORE)
    for small in POLICY.perturbations:
        changes: Any = small.changes
        for fact, (times, plus) in small.changes.items():
            more = (1 + (times - 1) * 2, plus * 2)
            yield _mutant(f"changes.{small.name}.{fact}", changes, fact, (times, plus), more)
    for factor, structures in POLICY.factors.items():
        for structure, rules in structures.items():
            for name, parameter in rules:
                yield from _of_rule(f"{factor}.{structure}.{name}", parameter)
    for name, parameter in POLICY.need:
        yield from _of_rule(f"need.{name}", parameter)


def _mutant(path: str, place: Any, key: Any, value: Any, more: Any) -> PolicyMutant:
    def put() -> None:
        place[key] = more

    return PolicyMutant(path, f"{value} to {more}", put)


def _of_rule(path: str, parameter: Parameter) -> Iterator[PolicyMutant]:
    shape: Any = parameter.shape
    if isinstance(shape, Curve | Bands | Table):
        for place, value in enumerate(shape.gives):
            yield _mutant(f"{path}.gives[{place}]", shape.gives, place, float(value), _more(float(value)))
    if isinstance(shape, Curve | Bands):
        for place, value in enumerate(shape.at):
            if place or isinstance(shape, Curve):  # the first bound only names its band
                more = _further(parameter, float(value), float(shape.at[-1]))
                yield _mutant(f"{path}.at[{place}]", shape.at, place, float(value), more)
    elif not isinstance(shape, Table):
        yield _set(f"{path}.bound", shape, "bound", _further(parameter, shape.bound, 1.0))
        for name in ("then", "otherwise"):
            yield _set(f"{path}.{name}", shape, name, _more(getattr(shape, name)))
    finite = [name for name in ("says_from", "says_to") if math.isfinite(getattr(parameter, name))]
    for name in finite if parameter.says else ():
        yield _set(f"{path}.{name}", parameter, name, _more(getattr(parameter, name)))


def _more(result: float) -> float:
    return result * _MORE if result else 0.1


def _further(parameter: Parameter, bound: float, span: float) -> float:
    """A bound further on: the next whole number where people count, else a little."""
    if parameter.reads in _WHOLE:
        return bound + 1
    return bound * _MORE if bound else span * (_MORE - 1)


def _set(path: str, place: Any, name: str, more: float) -> PolicyMutant:
    def put() -> None:
        object.__setattr__(place, name, more)

    return PolicyMutant(path, f"{float(getattr(place, name))} to {more}", put)
