"""The trace: every rule that was applied to an account, heard while the pass over it went on.

A line says which rule was applied for which structure, to which value, which segment, band, row or bound held
there, and what it gave, as numbers and in words; `docs/reference/answer.md` says what each field means. The
need test is traced like a factor, eligibility tests carry the same in their own entries (`presenting`).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np

from implementation.rules.explanation.readers import Ends, Reader, ends_shown, reader_of, said_of
from implementation.rules.factors import FACTORS, FITS
from implementation.rules.need import need
from implementation.rules.parameters import EveryCall, Parameter
from implementation.rules.policy import Policy
from implementation.rules.rule_syntax import given
from implementation.rules.shapes import Interval

TRACE_VERSION = 1
"""Raised whenever the fields of a trace line change their names or meaning."""

NEED = "need"
Line = dict[str, Any]
_Call = tuple[Parameter, Ends, Ends | None, Ends]
_NOTHING = (0.0, 0.0)
_SIGN = {"SMA": 1.0, "UMA": -1.0, "": 0.0}


class Tracer(EveryCall):
    """Hears every rule that is applied to the first row of a pass, and makes a line of each afterwards."""

    def __init__(self, policy: Policy) -> None:
        self._weights = policy.weights
        self._turns: list[tuple[str, str, list[_Call]]] = []

    def turns_to(self, factor: str, structure: str) -> None:
        """Whose rules are applied from now on."""
        self._calls: list[_Call] = []
        self._turns.append((factor, structure, self._calls))

    def heard(self, parameter: Parameter, value: Any, times: Any, result: Any) -> None:
        """Keeps what one rule read and gave in the first row."""
        scaled = None if times is None else _ends(times)
        self._calls.append((parameter, _ends(value), scaled, _ends(result)))

    def lines(self) -> dict[str, list[Line]]:
        """The lines of the need test and of each factor, in the order in which the rules were applied."""
        found: dict[str, list[Line]] = {name: [] for name in (NEED, *FACTORS)}
        for factor, structure, calls in self._turns:
            scale = _SIGN[structure] * self._weights.get(factor, 0.0)
            found[factor] += [_own(*_line(factor, structure, scale, *call)) for call in calls]
        return found


def _own(line: Line, containers: tuple[str, ...]) -> Line:
    """A line that may be written to."""
    own = line.copy()
    for field in containers:
        held = own[field]
        own[field] = [*map(list, held)] if field == "segment" else held.copy()
    return own


@lru_cache(maxsize=4096)
def _line(
    factor: str,
    structure: str,
    scale: float,
    parameter: Parameter,
    value: Ends,
    times: Ends | None,
    result: Ends,
) -> tuple[Line, tuple[str, ...]]:
    """A line, and those of its fields that hold others. Most rules read the same few values everywhere."""
    rule, fact, reader = _known(factor, parameter)
    gives, acts, points = parameter.gives, _acts(parameter, result), None
    if gives == "points":
        first, last = scale * result[0], scale * result[1]
        points = ends_shown(first, last) if first <= last else ends_shown(last, first)
    fields, said = reader.read(*value)
    line = {
        "rule": rule,
        "structure": structure or None,
        "fact": fact,
        "kind": parameter.reads,
        **fields,
        "times": None if times is None else ends_shown(*times),
        "gives": gives,
        "result": ends_shown(*result),
        "points": points,
        "says": parameter.says if acts else None,
        "counts": acts if gives == "note" else gives != "points" or result != _NOTHING,
        "text": f"{parameter.label}: {said}{said_of(gives, times, result, acts)}",
    }
    return line, tuple(field for field, held in line.items() if isinstance(held, list | dict))


def effects(lines: Iterable[Line]) -> dict[str, float]:
    """Points of net fit that each reason's rules moved for certain: above 0 toward SMA, below toward UMA."""
    found: dict[str, float] = {}
    for line in lines:
        code, points = line["says"], line["points"]
        if code is not None:
            low, high = points if isinstance(points, list) else (points or 0.0, points or 0.0)
            certain = low if low > 0 else high if high < 0 else 0.0
            found[code] = found.get(code, 0.0) + certain
    return found


@lru_cache(maxsize=4096)
def _known(factor: str, parameter: Parameter) -> tuple[str, str | None, Reader]:
    """The name of a rule, the fact or measure that it reads as it is, and how it reads."""
    rule = parameter.key.rsplit(".", 1)[-1]
    return rule, given(FITS.get(factor, need))[rule].fact, reader_of(parameter)


def _acts(parameter: Parameter, result: Ends) -> bool:
    """Whether a rule gives its reason for certain."""
    if not parameter.says:
        return False
    (least, most), first, last = result, parameter.says_from, parameter.says_to
    return most <= first and least >= last if first < 0 else least >= first and most <= last


def _ends(value: Any) -> Ends:
    """Least and most of the first row."""
    if isinstance(value, np.ndarray):
        known: float = value.item(0)
        return known, known
    if isinstance(value, Interval):
        return value.low.item(0), value.high.item(0)
    return float(value), float(value)
