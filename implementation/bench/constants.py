"""The numbers of a policy as plain arrays, read once, for those who write the rules by hand.

Nothing of the core's shapes is used: what is compared with the core must not lean on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from implementation.rules.contract import FACTS
from implementation.rules.policy import Policy

Array = NDArray[np.float64]
_WEIGHS_NOTHING = "note"


class NotCompared(Exception):
    """The documents say something that the rules by hand do not know. Says what."""


@dataclass(frozen=True)
class Step:
    """One result on one side of a bound, another on the other. `kind` is at_least, at_most or above."""

    kind: str
    bound: float
    then: float
    otherwise: float


class Constants:
    """Numbers of a policy by the path of their rule, such as `tax.sma.own_harvest` or `need.depth`.

    Each reader checks that the rule has the shape that the reader expects; `finish` refuses a policy with a
    rule that nobody asked for, so that a comparison never silently leaves one out.
    """

    def __init__(self, policy: Policy) -> None:
        data = policy.data
        self.weights = {name: float(row["value"]) for name, row in data["weights"].items() if _states(row)}
        self.numbers = {name: float(row["value"]) for name, row in data["numbers"].items() if _states(row)}
        self.perturbations = [dict(change.changes) for change in policy.perturbations]
        self._rules = {f"need.{name}": rule for name, rule in data["need"]["rules"].items()}
        for factor, parts in data["factors"].items():
            for part in ("both", "sma", "uma"):
                for name, rule in parts.get(part, {}).items():
                    self._rules[f"{factor}.{part}.{name}"] = rule
        self._asked: set[str] = set()

    def curve(self, path: str) -> tuple[Array, Array]:
        """Values and results of the points of a piecewise linear rule, as `numpy.interp` takes them."""
        return _pairs(self._rule(path, "curve")["points"])

    def bands(self, path: str) -> tuple[Array, Array]:
        """Bounds between the bands (one fewer than results) and the results."""
        bounds, results = _pairs(self._rule(path, "bands")["bands"])
        return bounds[1:], results

    def table(self, path: str) -> Array:
        """One result per code of the fact, in the order of its closed list."""
        rule = self._rule(path, "table")
        codes = FACTS[rule["of"]].codes
        return np.array([rule["rows"].get(code, rule["otherwise"]) for code in codes], dtype=np.float64)

    def step(self, path: str) -> Step:
        """A rule with one bound."""
        rule = self._rule(path, "at_least", "at_most", "above")
        return Step(rule["shape"], float(rule["bound"]), float(rule["then"]), float(rule["otherwise"]))

    def shape(self, path: str) -> Mapping[str, Any]:
        """A rule as the document states it."""
        return self._rule(path)

    def finish(self) -> None:
        """Refuse what nobody asked for, notes of factors apart: they weigh nothing.

        Raises:
            NotCompared: names the rules.
        """
        left = sorted(
            path
            for path, rule in self._rules.items()
            if path not in self._asked and (rule["gives"] != _WEIGHS_NOTHING or path.startswith("need."))
        )
        if left:
            raise NotCompared(f"the policy states rules that are not written by hand: {', '.join(left)}")

    def _rule(self, path: str, *shapes: str) -> Mapping[str, Any]:
        rule: Mapping[str, Any] | None = self._rules.get(path)
        if rule is None:
            raise NotCompared(f"the policy has no rule {path}, which the rules by hand use")
        if shapes and rule["shape"] not in shapes:
            raise NotCompared(f"{path} is of shape {rule['shape']}; by hand it is {' or '.join(shapes)}")
        self._asked.add(path)
        return rule


def _states(row: Any) -> bool:
    return isinstance(row, dict)


def _pairs(rows: list[list[float]]) -> tuple[Array, Array]:
    pairs = np.array(rows, dtype=np.float64)
    return np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
