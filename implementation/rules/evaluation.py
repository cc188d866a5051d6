"""What an evaluation gives: columns, one row per account."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from implementation.rules.factors import FACTORS
from implementation.rules.scoring import STRUCTURES
from implementation.rules.shapes import Array

ALTERNATIVES = ("SMA", "UMA", "STAY", "ETF")


def _floats(count: int) -> Array:
    return np.full(count, np.nan)


@dataclass
class Evaluation:
    """One row per account.

    Attributes:
        outcome: index into `OUTCOMES`.
        outcome_set: bit i set where OUTCOMES[i] is possible.
        decided_by: index into `DECIDED_BY`.
        net_fit: -100 (UMA) to 100 (SMA), NaN where an unknown fact moves it.
        low, high: bounds of the net fit.
        margin: points of net fit to the nearest change of outcome; NaN where fit does not decide.
        lean: 1 toward SMA, -1 toward UMA, 0 none or not certain.
        fragile: a small change of facts that the policy states changes the outcome.
        provisional: one outcome, though something is unknown.
        conflict: two factors of material contribution oppose each other.
        need: 1 warranted, 0 not, -1 unknown.
        eligible: structure -> 1 some program passes, 0 none, -1 unknown.
        fits: factor -> fit of SMA and of UMA, 0 to 100, NaN where an unknown fact moves it.
        contributions: factor -> points of net fit, NaN where an unknown fact moves them.
        reasons: mask of reason bits; `Policy.reason_codes` reads it.
        cost_bps, cost_dollars: SMA, UMA, STAY, ETF -> all-in a year, NaN unknown.
        program: structure -> index into the shelf's programs, -1 none.
        cheapest: 1 SMA, -1 UMA among eligible structures of known cost; 0 tie, none or not known.
        firm_revenue_bps, advisor_pay_bps: structure -> bps a year, NaN unknown.
        break_even_bps: cost difference over the direct index, bps a year.
    """

    outcome: NDArray[np.int8]
    outcome_set: NDArray[np.uint8]
    decided_by: NDArray[np.int8]
    net_fit: Array
    low: Array
    high: Array
    margin: Array
    lean: NDArray[np.int8]
    fragile: NDArray[np.bool_]
    provisional: NDArray[np.bool_]
    conflict: NDArray[np.bool_]
    need: NDArray[np.int8]
    reasons: NDArray[np.uint64]
    cheapest: NDArray[np.int8]
    break_even_bps: Array
    eligible: dict[str, NDArray[np.int8]] = field(default_factory=dict)
    fits: dict[str, tuple[Array, Array]] = field(default_factory=dict)
    contributions: dict[str, Array] = field(default_factory=dict)
    cost_bps: dict[str, Array] = field(default_factory=dict)
    cost_dollars: dict[str, Array] = field(default_factory=dict)
    program: dict[str, NDArray[np.int16]] = field(default_factory=dict)
    firm_revenue_bps: dict[str, Array] = field(default_factory=dict)
    advisor_pay_bps: dict[str, Array] = field(default_factory=dict)

    @classmethod
    def empty(cls, count: int) -> Evaluation:
        """Room for `count` rows."""
        return cls(
            outcome=np.zeros(count, dtype=np.int8),
            outcome_set=np.zeros(count, dtype=np.uint8),
            decided_by=np.zeros(count, dtype=np.int8),
            net_fit=_floats(count),
            low=_floats(count),
            high=_floats(count),
            margin=_floats(count),
            lean=np.zeros(count, dtype=np.int8),
            fragile=np.zeros(count, dtype=bool),
            provisional=np.zeros(count, dtype=bool),
            conflict=np.zeros(count, dtype=bool),
            need=np.zeros(count, dtype=np.int8),
            reasons=np.zeros(count, dtype=np.uint64),
            cheapest=np.zeros(count, dtype=np.int8),
            break_even_bps=_floats(count),
            eligible={name: np.zeros(count, dtype=np.int8) for name in STRUCTURES},
            fits={name: (_floats(count), _floats(count)) for name in FACTORS},
            contributions={name: _floats(count) for name in FACTORS},
            cost_bps={name: _floats(count) for name in ALTERNATIVES},
            cost_dollars={name: _floats(count) for name in ALTERNATIVES},
            program={name: np.full(count, -1, dtype=np.int16) for name in STRUCTURES},
            firm_revenue_bps={name: _floats(count) for name in STRUCTURES},
            advisor_pay_bps={name: _floats(count) for name in STRUCTURES},
        )

    def __len__(self) -> int:
        return len(self.outcome)
