"""What a policy states beside its rules: reasons, small changes, what the household plan counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from implementation.rules.parameters import Basis

Stated = tuple[str, float, float]
"""Unit of a single number, and the least and the most that it can be in any policy."""
_POINTS: Stated = ("points of net fit", 0, 100)
_BPS: Stated = ("bps a year", 0, 2_000)
NUMBERS: Mapping[str, Stated] = {
    "either_within": _POINTS,
    "material_contribution": _POINTS,
    "etf_baseline_bps": _BPS,
    "lots_known_enough": ("share of value", 0, 1),
    "coordination_low_bps": _BPS,
    "coordination_high_bps": _BPS,
    "harvesting_low_bps": _BPS,
    "harvesting_high_bps": _BPS,
    "harvest_fades_years": ("years", 0.1, 100),
    "ordinary_income_offset": ("USD a year", 0, 1_000_000),
}
"""Single numbers that every policy states."""
WEIGHT: Stated = ("share of net fit", 0, 1)
COORDINATION_POINTS = _POINTS
FAVOURS = ("SMA", "UMA", "either", "neither")
PROGRAM_RANGES = ("minimum", "fee_bps")
"""Ranges for unknown fields of programs, beside those for unknown facts."""
MAX_BIT = 62
"""The mask of reasons is stored in signed 64-bit columns."""


@dataclass(frozen=True)
class Reason:
    """One entry of the reason catalog.

    Attributes:
        bit: its place in the mask of a row; never reused.
        favours: SMA, UMA, either (suits both) or neither (a note).
        first: said before all others, whatever its effect.
        text: for the advisor; names in braces are filled with the account's own numbers.
        unknown: the same without the numbers, said where one of them is not known; empty for none.
    """

    code: str
    bit: int
    favours: str
    first: bool
    text: str
    unknown: str = ""


@dataclass(frozen=True)
class Perturbation:
    """A small change of facts that a robust outcome should survive.

    Attributes:
        text: what changes, in words, its size written out.
        changes: fact -> (times, plus).
        basis: what the size of the change stands on.
    """

    name: str
    text: str
    changes: Mapping[str, tuple[float, float]]
    basis: Basis


@dataclass(frozen=True)
class PlanTerms:
    """What the household plan counts.

    Attributes:
        coordination_points: points of net fit credited to a coordinated account.
        leaves_out: factor -> rules that own fit leaves out, because they look at other accounts.
        left_out_because: why, in words.
    """

    coordination_points: float
    leaves_out: Mapping[str, frozenset[str]]
    left_out_because: str
