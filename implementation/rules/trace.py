"""The trace of a factor: the same function run once more with recording parameters, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from implementation.rules.parameters import Parameter, Recorder
from implementation.rules.policy import Policy
from implementation.rules.scoring import STRUCTURES, Scored, fit_of
from implementation.rules.shapes import Bands, Curve, Interval, Table, interval_of
from implementation.rules.wording import plain, words

_SIGN = {"SMA": 1.0, "UMA": -1.0}


@dataclass(frozen=True)
class Call:
    """One rule applied for one structure, to the single row that is explained."""

    factor: str
    structure: str
    parameter: Parameter
    value: tuple[float, float]
    times: tuple[float, float] | None
    result: tuple[float, float]
    effect: tuple[float, float]

    @property
    def acts(self) -> bool:
        """Whether the rule gives its reason."""
        ends = np.array([self.result[0]]), np.array([self.result[1]])
        return bool(self.parameter.says) and bool(self.parameter.acts(Interval(*ends))[0])

    def as_dict(self) -> dict[str, Any]:
        """The line as the answer carries it."""
        return {
            "structure": self.structure,
            "rule": self.parameter.key.rsplit(".", 1)[-1],
            "gives": self.parameter.gives,
            "result": _end(self.result),
            "text": line(self),
        }


def calls(scored: Scored, rows: Mapping[str, Any], policy: Policy) -> list[Call]:
    """Every rule that any factor applied to a single row, in order."""
    found = []
    for factor, weight in policy.weights.items():
        for structure in STRUCTURES:
            recorder = Recorder()
            fit_of(factor, structure, rows, scored.structures, policy, recorder)
            for parameter, value, times, result in recorder.calls:
                ends = _ends(result)
                effect = (0.0, 0.0)
                if parameter.gives == "points":
                    pair = sorted(_SIGN[structure] * weight * end for end in ends)
                    effect = pair[0], pair[1]
                scale = None if times is None else _ends(times)
                found.append(Call(factor, structure, parameter, _ends(value), scale, ends, effect))
    return found


def _ends(value: Any) -> tuple[float, float]:
    ends = interval_of(value)
    return float(np.ravel(ends.low)[0]), float(np.ravel(ends.high)[0])


def _end(ends: tuple[float, float]) -> Any:
    low, high = (round(end, 4) + 0.0 for end in ends)
    return low if low == high else [low, high]


def line(call: Call) -> str:
    """What a rule did, as one line for people."""
    parameter = call.parameter
    said = f"{parameter.label}: {_value(call)}"
    if call.times is not None and call.times != (1.0, 1.0):
        said += f", times {_span(call.times)}"
    if parameter.gives == "multiplier":
        whole = {(1.0, 1.0): "counts in full", (0.0, 0.0): "does not count"}
        return f"{said}: {whole.get(call.result, f'counts {_span(call.result)} times')}"
    unit = {"points": " points", "bps": " bps"}.get(parameter.gives, "")
    if parameter.gives == "share":
        return f"{said}: {words('share', call.result[0])}"
    if parameter.gives == "note":
        return f"{said}: {'noted' if call.acts else 'nothing to note'}"
    return f"{said}: {_span(call.result)}{unit}"


def _span(ends: tuple[float, float]) -> str:
    low, high = plain(round(ends[0], 2)), plain(round(ends[1], 2))
    return low if low == high else f"from {low} to {high}"


def _value(call: Call) -> str:
    parameter, (low, high) = call.parameter, call.value
    kind, shape = parameter.reads, parameter.shape
    if low != high:
        if isinstance(shape, Table):
            return "not known"
        return f"not known, from {words(kind, low)} to {words(kind, high)}"
    if isinstance(shape, Table):
        return words("code", shape.codes[int(low)])
    shown = words(kind, low)
    if isinstance(shape, Curve):
        (x0, y0), (x1, y1) = shape.segment(low)
        if x0 == x1:
            side = "above" if low > x0 else "below" if low < x0 else "at"
            return f"{shown} ({side} {words(kind, x0)}, {plain(y0)})"
        return f"{shown} (between {words(kind, x0)}, {plain(y0)}, and {words(kind, x1)}, {plain(y1)})"
    if isinstance(shape, Bands):
        band = int(shape.band(np.array([low]))[0])
        below = f" and below {words(kind, float(shape.at[band + 1]))}" if band + 1 < len(shape.at) else ""
        return f"{shown} (from {words(kind, float(shape.at[band]))}{below})"
    met = bool(shape.met(np.array([low]))[0])
    return f"{shown} ({shape.words} {words(kind, shape.bound)}: {'yes' if met else 'no'})"
