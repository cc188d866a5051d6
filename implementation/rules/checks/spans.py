"""What the value of each rule can be, and what the rule can give, over everything that facts can be.

The rules themselves tell: they run once on intervals that span the domains of the contract. Bounds may be
wider than the truth, never narrower, so whatever lies outside them can never happen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from implementation.rules.contract import DOMAINS, FACTS, Kind
from implementation.rules.factors import FACTORS, FITS, MEASURES, Fit, reads
from implementation.rules.need import need
from implementation.rules.parameters import Parameters, Recorder
from implementation.rules.programs import STRUCTURES
from implementation.rules.shapes import Interval, interval_of

if TYPE_CHECKING:
    from implementation.rules.policy import Policy

Bounds = tuple[float, float]
_NATURAL: dict[str, Kind] = {"rate": "rate", "level": "level", "flag": "flag", "years": "years"}
"""Kinds of values that stay within the domain of the kind however they are worked out."""
_PLACES = 6  # curves widen their bounds in the last bits, which nobody states
_MEASURES: Mapping[str, Bounds] = {
    **dict.fromkeys(MEASURES, (0.0, np.inf)),
    "overlay_reach": (0.0, 1.0),
    "cost_saving_bps": (-np.inf, np.inf),
}


@dataclass(frozen=True)
class Span:
    """Least and greatest value that a rule can read, and result that it can give, its scale included."""

    value: Bounds
    result: Bounds

    def joined(self, other: Span) -> Span:
        """What either can be."""
        return Span(_either(self.value, other.value), _either(self.result, other.result))


def _either(a: Bounds, b: Bounds) -> Bounds:
    return min(a[0], b[0]), max(a[1], b[1])


def domain(name: str) -> Bounds:
    """What a fact or a measure can be; a code by its index."""
    return (FACTS[name].low, FACTS[name].high) if name in FACTS else _MEASURES[name]


def spans(policy: Policy) -> dict[str, Span]:
    """Key of every rule that is asked for -> what it can read and give."""
    found: dict[str, Span] = {}
    _listen(need, policy.need, found)
    for factor in FACTORS:
        for structure in STRUCTURES:
            _listen(FITS[factor], policy.factors[factor][structure], found)
    return found


def _natural(value: Bounds, kind: str) -> Bounds:
    """Bounds held to what a kind can be: a rate that is worked out of rates is still a rate."""
    if kind not in _NATURAL:
        return value
    low, high = DOMAINS[_NATURAL[kind]]
    return max(value[0], low), min(value[1], high)


def _listen(rule: Fit, parameters: Parameters, found: dict[str, Span]) -> None:
    recorder = Recorder()
    box = {name: Interval(*(np.array([end]) for end in domain(name))) for name in reads(rule)}
    with np.errstate(all="ignore"):
        rule(**box, p=parameters.heard_by(recorder))
    for parameter, value, _, result in recorder.calls:
        span = Span(_natural(_ends(value), parameter.reads), _ends(result))
        before = found.get(parameter.key)
        found[parameter.key] = span if before is None else span.joined(before)


def _ends(value: Any) -> Bounds:
    ends = interval_of(value)
    low, high = (round(float(np.ravel(end)[0]), _PLACES) + 0.0 for end in (ends.low, ends.high))
    return low, high
