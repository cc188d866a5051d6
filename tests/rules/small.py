"""Small parameters for testing a rule by hand, without the numbers of any firm."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from implementation.rules.contract import FACTS
from implementation.rules.parameters import Basis, Parameter, Parameters
from implementation.rules.programs import Source
from implementation.rules.shapes import Curve, Shape, Table

BASIS = Basis("points", "for a test", Source("a test", "undated", "house judgment"), "2030-01-01", -100, 100)


def line(most: float, at: float = 1.0) -> Curve:
    """From nothing at 0 to `most` at `at`."""
    return Curve.through([(0.0, 0.0), (at, most)])


def same(value: float) -> Curve:
    """The same whatever is read."""
    return Curve.through([(0.0, value), (1.0, value)])


def table(fact: str, rows: dict[str, float], otherwise: float = 0.0) -> Table:
    """A table over the codes of a fact."""
    return Table.of(FACTS[fact].codes, rows, otherwise)


def code(fact: str, word: str) -> Any:
    """A code as a column of one row."""
    return np.array([FACTS[fact].codes.index(word)], dtype=np.int16)


def one(value: float) -> Any:
    """A number as a column of one row."""
    return np.array([value], dtype=np.float64)


def rules(**shapes: Shape) -> Parameters:
    """Parameters by name; what is left out gives nothing."""
    return Parameters(
        {
            name: Parameter(name, name, shape, "ratio", "points", "", 0.0, math.inf, BASIS)
            for name, shape in shapes.items()
        }
    )


def call(fit: Any, p: Parameters, zero: tuple[str, ...], **given: Any) -> float:
    """A rule for one row; the arguments named in `zero` that are not given are 0."""
    values = {name: one(0.0) for name in zero} | {
        name: value if isinstance(value, np.ndarray) else one(value) for name, value in given.items()
    }
    with np.errstate(divide="ignore", invalid="ignore"):  # as the engine does
        return float(np.ravel(fit(**values, p=p))[0])
