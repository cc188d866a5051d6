"""Which program represents a structure for each row, and the measures of it that factors read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from implementation.rules import costs
from implementation.rules.contract import FACTS
from implementation.rules.eligibility import FACTS_READ as ELIGIBILITY_FACTS
from implementation.rules.eligibility import Flags, Rows, Standing, standing
from implementation.rules.policy import Policy
from implementation.rules.programs import Program
from implementation.rules.shapes import Array, Interval, interval_of, ratio

FACTS_READ = ELIGIBILITY_FACTS | costs.FACTS_READ | {"custodian", "taxable_equity_accounts"}
NAMES = frozenset(
    {
        "headroom_now",
        "headroom_after",
        "headroom_sleeve",
        "overlay_reach",
        "annual_cost_bps",
        "cost_saving_bps",
    }
)
_REACHING = ("tax_unit", "household")
_CLASS = 1e9  # above any cost in bps: keeps eligible programs before others
_NO_PROGRAM = -1


@dataclass
class Structure:
    """One structure over rows, by the program that represents it.

    The cheapest eligible program does; without one the cheapest. A price that is unknown is never cheapest:
    such a program represents only where no other passes.

    Attributes:
        can_pass, can_fail: whether some program may pass, and whether all of them may fail.
        program: index into the shelf, -1 where the shelf has none.
        failed: bits of the tests that the representing program fails for certain.
        measures: name of `factors.MEASURES` -> values.
        dollars: all-in cost a year, NaN unknown.
    """

    can_pass: Flags
    can_fail: Flags
    program: NDArray[np.int16]
    failed: NDArray[np.uint16]
    measures: dict[str, Any]
    dollars: Array

    def part(self, rows: slice) -> Structure:
        """The same of some rows."""
        return Structure(
            can_pass=part_of(self.can_pass, rows),
            can_fail=part_of(self.can_fail, rows),
            program=part_of(self.program, rows),
            failed=part_of(self.failed, rows),
            measures={name: part_of(value, rows) for name, value in self.measures.items()},
            dollars=part_of(self.dollars, rows),
        )


def part_of(value: Any, rows: slice) -> Any:
    """Some rows of a column; one value that stands for all rows stays."""
    if isinstance(value, Interval):
        return Interval(part_of(value.low, rows), part_of(value.high, rows))
    return value if np.ndim(value) == 0 or len(value) == 1 else value[rows]


@dataclass
class _Candidate:
    index: int
    program: Program
    standing: Standing
    measures: dict[str, Any]
    dollars: Any


def structure_of(
    structure: str, programs: Sequence[Program], rows: Rows, count: int, policy: Policy
) -> Structure:
    """Score every program of a structure and choose the one that represents it, row by row."""
    candidates = [
        _candidate(index, program, rows, count, policy)
        for index, program in enumerate(programs)
        if program.structure == structure
    ]
    if not candidates:
        return _absent(count, policy)
    can_pass, can_fail = candidates[0].standing.can_pass, candidates[0].standing.can_fail
    for other in candidates[1:]:
        can_pass, can_fail = can_pass | other.standing.can_pass, can_fail & other.standing.can_fail
    if len(candidates) == 1:
        only = candidates[0]
        chosen: Any = np.full(count, only.index, dtype=np.int16)
        failed, measures, known = only.standing.failed, only.measures, _known(only.dollars)
    else:
        choice = _choose(candidates)
        chosen = np.array([c.index for c in candidates], dtype=np.int16)[choice]
        failed = np.choose(choice, [c.standing.failed for c in candidates])
        known = np.choose(choice, [_known(c.dollars) for c in candidates])
        measures = _gather(candidates, choice)
    return Structure(can_pass, can_fail, chosen, failed, measures, known)


def _candidate(index: int, program: Program, rows: Rows, count: int, policy: Policy) -> _Candidate:
    stand = standing(program, rows, count, policy.numbers["lots_known_enough"])
    fee_range, minimum_range = policy.ranges["fee_bps"], policy.ranges["minimum"]
    dollars = costs.annual_cost(program, rows["account_value"], rows["household_value"], fee_range)
    measures = {
        "headroom_now": _headroom(stand.counted_now, program.initial_minimum, minimum_range),
        "headroom_after": _headroom(stand.counted_after, program.maintenance_minimum, minimum_range),
        "headroom_sleeve": _headroom(rows["direct_index_value"], program.sleeve_minimum, minimum_range),
        "overlay_reach": _reach(program, rows["custodian"], rows["taxable_equity_accounts"]),
        "annual_cost_bps": costs.cost_bps(program, dollars, rows["account_value"], fee_range),
    }
    return _Candidate(index, program, stand, measures, dollars)


def _headroom(counted: Any, minimum: float | None, unknown: tuple[float, float]) -> Any:
    if minimum is None:
        return ratio(counted, Interval(np.asarray(unknown[0]), np.asarray(unknown[1])))
    if minimum == 0:
        return _unlimited(counted)
    return ratio(counted, np.asarray(minimum))


def _unlimited(counted: Any) -> Any:
    return np.full(np.shape(interval_of(counted).low), np.inf)


def _reach(program: Program, custodian: Any, accounts: Any) -> Any:
    """1 where the program's overlay acts on other accounts at this custodian, as far as the shelf says.

    Where the tax unit has no other taxable equity account there is nothing to reach, whatever the overlay
    could do: an overlap with IRAs alone is covered by nobody.
    """
    shape = np.shape(interval_of(custodian).low)
    unstated_scope = "overlay_scope" in program.unknowns
    if program.overlay_scope not in _REACHING and not unstated_scope:
        return np.zeros(shape)
    low: Any = 0.0 if unstated_scope or "overlay_custodians" in program.unknowns else 1.0
    reach = Interval(np.full(shape, low), np.ones(shape))
    if program.overlay_custodians is not None:
        covered = np.array([float(code in program.overlay_custodians) for code in FACTS["custodian"].codes])
        held = interval_of(custodian)
        unsure, index = held.low != held.high, held.low.astype(np.intp)
        reach = reach * Interval(
            np.where(unsure, covered.min(), covered[index]), np.where(unsure, covered.max(), covered[index])
        )
    count = interval_of(accounts)
    reach = reach * Interval((count.low > 1).astype(np.float64), (count.high > 1).astype(np.float64))
    return reach.low if np.array_equal(reach.low, reach.high) else reach


def _known(value: Any) -> Array:
    if not isinstance(value, Interval):
        return np.asarray(value, dtype=np.float64)
    return np.where(value.low == value.high, value.low, np.nan)


def _choose(candidates: Sequence[_Candidate]) -> NDArray[np.intp]:
    """Eligible with a known price by price; then eligible; then perhaps eligible; then the rest by price."""
    keys = []
    for candidate in candidates:
        bps = _known(candidate.measures["annual_cost_bps"])
        unpriced = np.isnan(bps)
        stand = candidate.standing
        rank = np.where(stand.can_fail, np.where(stand.can_pass, 2.0, 4.0), 0.0) + unpriced
        keys.append(rank * _CLASS + np.where(unpriced, 0.0, bps))
    return np.asarray(np.argmin(np.stack(keys), axis=0))


def _gather(candidates: Sequence[_Candidate], choice: NDArray[np.intp]) -> dict[str, Any]:
    """The measures of the chosen program, or bounds over all programs that may turn out to be the one.

    Row by row: what one row lacks widens no other.
    """
    sure = np.ones(choice.shape, dtype=bool)
    for candidate in candidates:
        sure &= candidate.standing.unknown == 0
        for value in candidate.measures.values():
            if isinstance(value, Interval):
                sure &= value.low == value.high
    names = candidates[0].measures
    chosen = {
        name: np.choose(choice, [interval_of(c.measures[name]).low for c in candidates]) for name in names
    }
    if sure.all():
        return chosen
    possible = _possible(candidates)
    gathered: dict[str, Any] = {}
    for name in names:
        low = np.full(choice.shape, np.inf)
        high = np.full(choice.shape, -np.inf)
        for candidate, may in zip(candidates, possible, strict=True):
            value = interval_of(candidate.measures[name])
            low = np.where(may, np.minimum(low, value.low), low)
            high = np.where(may, np.maximum(high, value.high), high)
        gathered[name] = Interval(np.where(sure, chosen[name], low), np.where(sure, chosen[name], high))
    return gathered


def _possible(candidates: Sequence[_Candidate]) -> list[Flags]:
    """Programs that may represent the structure once everything is known."""
    priced = [costs.is_priced(candidate.program) for candidate in candidates]
    ceiling = np.full(candidates[0].standing.failed.shape, np.inf)
    for candidate, known in zip(candidates, priced, strict=True):
        if known:
            most = interval_of(candidate.measures["annual_cost_bps"]).high
            ceiling = np.where(candidate.standing.can_fail, ceiling, np.minimum(ceiling, most))
    sure = np.zeros(ceiling.shape, dtype=bool)
    for candidate in candidates:
        sure |= ~candidate.standing.can_fail
    settled = np.isfinite(ceiling)
    possible = []
    for candidate, known in zip(candidates, priced, strict=True):
        least = interval_of(candidate.measures["annual_cost_bps"]).low
        cheap_enough = (least <= ceiling) & (known | ~settled)
        # Without a program that passes for certain, any of them may turn out to represent the structure.
        possible.append(np.where(sure, candidate.standing.can_pass & cheap_enough, True))
    return possible


def _absent(count: int, policy: Policy) -> Structure:
    """A structure that the shelf does not offer: never eligible, and as dear as programs come."""
    zeros = np.zeros(count)
    measures: dict[str, Any] = {
        "headroom_now": zeros,
        "headroom_after": zeros,
        "headroom_sleeve": zeros,
        "overlay_reach": zeros,
        "annual_cost_bps": np.full(count, policy.ranges["fee_bps"][1]),
    }
    return Structure(
        can_pass=np.zeros(count, dtype=bool),
        can_fail=np.ones(count, dtype=bool),
        program=np.full(count, _NO_PROGRAM, dtype=np.int16),
        failed=np.zeros(count, dtype=np.uint16),
        measures=measures,
        dollars=np.full(count, np.nan),
    )
