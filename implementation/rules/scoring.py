"""Scoring of rows: need, eligibility, fits and the outcome by the feasible set. One pass, no row loops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from implementation.rules import eligibility, measures
from implementation.rules.answers import Answers
from implementation.rules.eligibility import Rows
from implementation.rules.factors import FACTORS, FITS, reads
from implementation.rules.measures import Structure, part_of, structure_of
from implementation.rules.need import need
from implementation.rules.parameters import Listener, ReasonMask
from implementation.rules.policy import Policy
from implementation.rules.shapes import Array, Interval, interval_of
from implementation.rules.shelf import Shelf

OUTCOMES = ("SMA", "UMA", "EITHER", "NEITHER", "INDETERMINATE")
DECIDED_BY = ("need", "eligibility", "net_fit", "missing_facts")
SMA, UMA, EITHER, NEITHER, INDETERMINATE = range(5)
STRUCTURES = ("SMA", "UMA")

_READS = {name: reads(fit) for name, fit in FITS.items()}
_NEED_READS = reads(need)
_SINGLE = {1 << SMA: SMA, 1 << UMA: UMA, 1 << EITHER: EITHER, 1 << NEITHER: NEITHER}
OUTCOME_OF_SET = np.array([_SINGLE.get(bits, INDETERMINATE) for bits in range(32)], dtype=np.int8)


@dataclass
class Scored:
    """What one pass finds for its rows; contributions and net fit in whole hundredths of a point.

    Where everything is known, the two ends of a bound are the same array.
    """

    need: Any
    structures: dict[str, Structure]
    fits: dict[str, tuple[Any, Any]]
    contributions: dict[str, tuple[Array, Array]]
    net: tuple[Array, Array]
    outcome_set: NDArray[np.uint8]
    outcome: NDArray[np.int8]

    def part(self, rows: slice) -> Scored:
        """The same of some rows."""
        return Scored(
            need=part_of(self.need, rows),
            structures={name: structure.part(rows) for name, structure in self.structures.items()},
            fits={name: (part_of(sma, rows), part_of(uma, rows)) for name, (sma, uma) in self.fits.items()},
            contributions={name: _part_of_both(ends, rows) for name, ends in self.contributions.items()},
            net=_part_of_both(self.net, rows),
            outcome_set=self.outcome_set[rows],
            outcome=self.outcome[rows],
        )

    @property
    def need_can_pass(self) -> Any:
        """Rows in which direct indexing may be warranted: the need is more than a half."""
        return interval_of(self.need).high > 0.5

    @property
    def need_can_fail(self) -> Any:
        """Rows in which it may not be."""
        return interval_of(self.need).low <= 0.5


def _part_of_both(ends: tuple[Array, Array], rows: slice) -> tuple[Array, Array]:
    """Some rows of two ends, which stay the same array where everything is known."""
    low = part_of(ends[0], rows)
    return low, low if ends[1] is ends[0] else part_of(ends[1], rows)


def score(
    rows: Rows,
    count: int,
    shelf: Shelf,
    policy: Policy,
    listener: Listener | None = None,
    base: Scored | None = None,
    changed: frozenset[str] = frozenset(),
    answers: Answers | None = None,
) -> Scored:
    """Score rows.

    Args:
        rows: value per fact, arrays or intervals of `count` rows.
        listener: hears every rule that acts.
        base, changed: a pass over the same rows before only these facts changed; the rest of it is kept.
        answers: keeps what shapes say about facts.
    """
    needed, structures = None, None
    if base is not None:
        needed = None if changed & set(_NEED_READS) else base.need
        structures = None if changed & measures.FACTS_READ else base.structures
    if needed is None:
        if listener is not None:
            listener.turns_to("need", "")
        needed = need(**{name: rows[name] for name in _NEED_READS}, p=policy.need.heard_by(listener, answers))
    touched = structures is None
    if structures is None:
        structures = {s: structure_of(s, shelf.programs, rows, count, policy) for s in STRUCTURES}
        costs = {s: structures[s].measures["annual_cost_bps"] for s in STRUCTURES}
        structures["SMA"].measures["cost_saving_bps"] = costs["UMA"] - costs["SMA"]
        structures["UMA"].measures["cost_saving_bps"] = costs["SMA"] - costs["UMA"]
    fits: dict[str, tuple[Any, Any]] = {}
    contributions: dict[str, tuple[Array, Array]] = {}
    for name in FACTORS:
        if base is not None and not _affected(name, changed, touched):
            fits[name], contributions[name] = base.fits[name], base.contributions[name]
            continue
        fits[name] = (
            fit_of(name, "SMA", rows, structures, policy, listener, answers),
            fit_of(name, "UMA", rows, structures, policy, listener, answers),
        )
        contributions[name] = _contribution(fits[name], policy.weights[name], count)
    net = _net(contributions)
    bits = _possible_outcomes(needed, structures, net, policy.tolerance)
    return Scored(needed, structures, fits, contributions, net, bits, OUTCOME_OF_SET[bits])


def _affected(factor: str, changed: frozenset[str], structures: bool) -> bool:
    names = _READS[factor]
    return any(name in changed or (structures and name in measures.NAMES) for name in names)


def fit_of(
    factor: str,
    structure: str,
    rows: Rows,
    structures: Mapping[str, Structure],
    policy: Policy,
    listener: Listener | None,
    answers: Answers | None = None,
) -> Any:
    """One factor's fit of one structure, from its facts and the measures of its program."""
    own = structures[structure].measures
    if listener is not None:
        listener.turns_to(factor, structure)
    p = policy.factors[factor][structure].heard_by(listener, answers)
    return FITS[factor](*(own[name] if name in own else rows[name] for name in _READS[factor]), p=p)


def _contribution(fits: tuple[Any, Any], weight: float, count: int) -> tuple[Array, Array]:
    """Weight times the difference of fits, in whole hundredths of a point."""
    sma, uma = fits
    if not isinstance(sma, Interval) and not isinstance(uma, Interval):
        known = np.broadcast_to(np.rint((sma - uma) * (weight * 100)) + 0.0, (count,))
        return known, known
    difference = interval_of(sma) - interval_of(uma)
    low = np.rint(difference.low * (weight * 100)) + 0.0
    high = np.rint(difference.high * (weight * 100)) + 0.0
    return np.broadcast_to(low, (count,)), np.broadcast_to(high, (count,))


def _net(contributions: Mapping[str, tuple[Array, Array]]) -> tuple[Array, Array]:
    lows, highs = zip(*(contributions[name] for name in FACTORS), strict=True)
    low = lows[0]
    for term in lows[1:]:
        low = low + term
    if all(a is b for a, b in zip(lows, highs, strict=True)):
        return low, low
    high = highs[0]
    for term in highs[1:]:
        high = high + term
    return low, high


def _possible_outcomes(
    needed: Any, structures: Mapping[str, Structure], net: tuple[Array, Array], tolerance: float
) -> NDArray[np.uint8]:
    """Bits of the outcomes that some feasible combination of the unknowns gives."""
    warranted = interval_of(needed).high > 0.5
    unwarranted = interval_of(needed).low <= 0.5
    sma, uma = structures["SMA"], structures["UMA"]
    both = warranted & sma.can_pass & uma.can_pass
    low, high = net
    may_sma = (warranted & sma.can_pass & uma.can_fail) | (both & (high > tolerance))
    may_uma = (warranted & uma.can_pass & sma.can_fail) | (both & (low < -tolerance))
    may_either = both & (low <= tolerance) & (high >= -tolerance)
    may_neither = unwarranted | (warranted & sma.can_fail & uma.can_fail)
    bits = may_sma * np.uint8(1 << SMA) | may_uma * np.uint8(1 << UMA)
    return bits | may_either * np.uint8(1 << EITHER) | may_neither * np.uint8(1 << NEITHER)


def add_eligibility_reasons(scored: Scored, mask: ReasonMask) -> None:
    """Reasons of the tests that decided: why a structure is not open, and that there is no need."""
    for name in STRUCTURES:
        structure = scored.structures[name]
        out = ~structure.can_pass
        mask.add("eligibility.no_program", out & (structure.program < 0))
        # Who is below the minimum today need not be told that withdrawals leave less.
        today = (structure.failed & eligibility.BIT["initial_minimum"]) != 0
        failed = structure.failed & ~(today * eligibility.BIT["maintenance_minimum"])
        for bits, code in _reason_bits(name):
            mask.add(code, out & ((failed & bits) != 0))
    mask.add("need.nothing_asks", np.broadcast_to(~np.asarray(scored.need_can_pass), mask.mask.shape))


@lru_cache(maxsize=4)
def _reason_bits(structure: str) -> tuple[tuple[np.uint16, str], ...]:
    codes: dict[str, int] = {}
    for test in eligibility.TESTS:
        code = f"eligibility.{structure.lower()}_{test.reason}"
        codes[code] = codes.get(code, 0) | int(eligibility.BIT[test.name])
    return tuple((np.uint16(bits), code) for code, bits in codes.items())
