"""The base account of the worked cases with some facts changed, scored by the house policy."""

from __future__ import annotations

from typing import Any

from implementation.rules.engine import Evaluation, evaluate
from implementation.rules.policy import Policy
from implementation.rules.shelf import Shelf
from tests.rules.books import AS_OF, POLICY, SHELF, columns


def scored(shelf: Shelf = SHELF, policy: Policy = POLICY, **changes: Any) -> Evaluation:
    """One row, evaluated."""
    return evaluate(columns(changes), shelf, policy, AS_OF)


def contribution(factor: str, shelf: Shelf = SHELF, **changes: Any) -> float:
    """Points of net fit that a factor adds."""
    return float(scored(shelf, **changes).contributions[factor][0])


def fits(factor: str, shelf: Shelf = SHELF, **changes: Any) -> tuple[float, float]:
    """Fit of the SMA and of the UMA."""
    sma, uma = scored(shelf, **changes).fits[factor]
    return round(float(sma[0]), 9), round(float(uma[0]), 9)


def reasons(shelf: Shelf = SHELF, **changes: Any) -> list[str]:
    """Reason codes of the row."""
    return POLICY.reason_codes(int(scored(shelf, **changes).reasons[0]))
