"""The engine: columns of facts in, columns of outcomes out. One account and a million take the same way.

Rows go through in chunks that stay in the processor's cache. Rows with unknown facts go through the same
rules with intervals in place of arrays; they do not slow down the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from implementation.rules.box import feasible, incomplete_rows
from implementation.rules.contract import FACTS
from implementation.rules.evaluation import Evaluation
from implementation.rules.factors import FACTORS
from implementation.rules.facts import Columns
from implementation.rules.parameters import ReasonMask
from implementation.rules.policy import Perturbation, Policy
from implementation.rules.scoring import (
    DECIDED_BY,
    EITHER,
    INDETERMINATE,
    NEITHER,
    OUTCOMES,
    SMA,
    STRUCTURES,
    UMA,
    Scored,
    add_eligibility_reasons,
    score,
)
from implementation.rules.shapes import Array, Interval
from implementation.rules.shelf import Shelf

__all__ = ["DECIDED_BY", "ENGINE", "FACTORS", "OUTCOMES", "Evaluation", "evaluate", "outcomes"]

ENGINE = 1
"""Raised whenever results can change for the same facts, shelf and policy."""
CHUNK = 32_768
_PER_BPS = 10_000.0
_FEW = 1_024  # rows up to which perturbations go through side by side


def evaluate(columns: Columns, shelf: Shelf, policy: Policy, as_of: date) -> Evaluation:
    """Evaluate every row.

    Args:
        columns: one array per fact of the contract, of equal length.
        shelf, policy: the documents in force.
        as_of: the day of the evaluation. Same inputs, same output: nothing else tells the time.

    Raises:
        ValueError: a column is missing or of another length.
    """
    count = _checked(columns)
    result = Evaluation.empty(count)
    with np.errstate(divide="ignore", invalid="ignore"):
        for start in range(0, count, CHUNK):
            chunk = {name: columns[name][start : start + CHUNK] for name in FACTS}
            _evaluate_chunk(result, start, chunk, shelf, policy)
    return result


def _evaluate_chunk(result: Evaluation, start: int, chunk: Columns, shelf: Shelf, policy: Policy) -> None:
    incomplete = incomplete_rows(chunk)
    if not incomplete.any():
        _evaluate_into(result, slice(start, start + len(incomplete)), chunk, False, shelf, policy)
        return
    for some, unknown in ((~incomplete, False), (incomplete, True)):
        at = np.flatnonzero(some)
        if len(at):
            rows = {name: column[at] for name, column in chunk.items()}
            _evaluate_into(result, at + start, rows, unknown, shelf, policy)


def evaluate_closely(
    columns: Columns, shelf: Shelf, policy: Policy
) -> tuple[Evaluation, Mapping[str, Any], Scored]:
    """`evaluate` for few rows that are all complete or all incomplete, with what an explanation builds on.

    Returns:
        The evaluation, the rows as the rules saw them, and what the pass over them found.
    """
    result = Evaluation.empty(_checked(columns))
    with np.errstate(divide="ignore", invalid="ignore"):
        unknown = bool(incomplete_rows(columns).any())
        rows, scored = _evaluate_into(result, slice(None), columns, unknown, shelf, policy)
    return result, rows, scored


def outcomes(columns: Columns, shelf: Shelf, policy: Policy) -> Scored:
    """Need, eligibility, fits and outcome alone, in one piece: what a search over changed facts needs."""
    count = _checked(columns)
    rows = feasible(columns, policy.ranges) if incomplete_rows(columns).any() else columns
    with np.errstate(divide="ignore", invalid="ignore"):
        return score(rows, count, shelf, policy)


def _checked(columns: Columns) -> int:
    missing = [name for name in FACTS if name not in columns]
    if missing:
        raise ValueError(f"columns lack {', '.join(missing)}")
    lengths = {len(columns[name]) for name in FACTS}
    if len(lengths) != 1:
        raise ValueError("columns differ in length")
    return lengths.pop()


def _evaluate_into(
    result: Evaluation, at: Any, columns: Columns, unknown: bool, shelf: Shelf, policy: Policy
) -> tuple[Mapping[str, Any], Scored]:
    rows: Mapping[str, Any] = feasible(columns, policy.ranges) if unknown else columns
    count = len(columns["account_value"])
    mask = ReasonMask(count, policy.bits)
    scored = score(rows, count, shelf, policy, mask)
    add_eligibility_reasons(scored, mask)
    result.reasons[at] = mask.mask
    _write_fit(result, at, scored, policy)
    _write_outcome(result, at, scored, unknown, policy)
    _write_cost(result, at, scored, columns, shelf, policy)
    result.fragile[at] = _fragile(scored, rows, count, shelf, policy)
    return rows, scored


def _write_fit(result: Evaluation, at: Any, scored: Scored, policy: Policy) -> None:
    low, high = scored.net
    result.low[at], result.high[at] = low / 100, high / 100
    result.net_fit[at] = np.where(low == high, low / 100, np.nan)
    result.lean[at] = (low > 0).astype(np.int8) - (high < 0).astype(np.int8)
    material = policy.numbers["material_contribution"] * 100
    pulls_sma: Any = False
    pulls_uma: Any = False
    for name in FACTORS:
        least, most = scored.contributions[name]
        pulls_sma, pulls_uma = pulls_sma | (least >= material), pulls_uma | (most <= -material)
        result.contributions[name][at] = np.where(least == most, least / 100, np.nan)
        for column, fit in zip(result.fits[name], scored.fits[name], strict=True):
            column[at] = np.where(fit.low == fit.high, fit.low, np.nan) if isinstance(fit, Interval) else fit
    result.conflict[at] = pulls_sma & pulls_uma


def _write_outcome(result: Evaluation, at: Any, scored: Scored, unknown: bool, policy: Policy) -> None:
    low, high = scored.net
    sma, uma = scored.structures["SMA"], scored.structures["UMA"]
    tolerance = policy.numbers["either_within"] * 100
    outcome = scored.outcome
    result.outcome[at], result.outcome_set[at] = outcome, scored.outcome_set
    result.need[at] = _three(scored.need_can_pass, scored.need_can_fail)
    for name in STRUCTURES:
        structure = scored.structures[name]
        result.eligible[name][at] = _three(structure.can_pass, structure.can_fail)
    one_sided = ((outcome == SMA) & ~uma.can_pass) | ((outcome == UMA) & ~sma.can_pass)
    decided: Any = np.where(outcome == INDETERMINATE, 3, np.where(one_sided, 1, 2))
    neither = outcome == NEITHER
    decided = np.where(neither, np.where(scored.need_can_pass, 1, 0), decided)
    result.decided_by[at] = decided
    sure = (low == high) & (scored.need_can_pass != scored.need_can_fail)
    sure &= (sma.can_pass != sma.can_fail) & (uma.can_pass != uma.can_fail)
    result.provisional[at] = (outcome != INDETERMINATE) & (unknown | ~sure)
    either = tolerance - np.maximum(np.abs(low), np.abs(high))
    margin = np.where(outcome == EITHER, either, np.where(outcome == SMA, low - tolerance, -high - tolerance))
    result.margin[at] = np.where(decided == 2, margin / 100, np.nan)


def _three(can_pass: Any, can_fail: Any) -> Any:
    return np.where(can_fail, np.where(can_pass, -1, 0), 1)


def _write_cost(
    result: Evaluation, at: Any, scored: Scored, columns: Columns, shelf: Shelf, policy: Policy
) -> None:
    value = columns["account_value"]
    for name in STRUCTURES:
        structure = scored.structures[name]
        result.program[name][at] = structure.program
        result.cost_bps[name][at], result.cost_dollars[name][at] = structure.bps, structure.dollars
        for field_name, column in (
            ("firm_revenue_bps", result.firm_revenue_bps[name]),
            ("advisor_pay_bps", result.advisor_pay_bps[name]),
        ):
            # The last entry stands for index -1, no program.
            paid = [getattr(program, field_name) for program in shelf.programs]
            paid_bps = np.array([np.nan if bps is None else bps for bps in paid] + [np.nan])
            column[at] = paid_bps[structure.program]
    baseline = policy.numbers["etf_baseline_bps"]
    result.cost_bps["STAY"][at] = columns["current_cost_bps"]
    result.cost_dollars["STAY"][at] = columns["current_cost_bps"] * value / _PER_BPS
    result.cost_bps["ETF"][at] = baseline
    result.cost_dollars["ETF"][at] = baseline * value / _PER_BPS
    sma, uma = scored.structures["SMA"], scored.structures["UMA"]
    result.cheapest[at] = _cheapest(sma.dollars, uma.dollars, ~sma.can_fail, ~uma.can_fail, sma, uma)
    direct = columns["direct_index_value"]
    gap = np.abs(sma.dollars - uma.dollars) / direct * _PER_BPS
    result.break_even_bps[at] = np.where(direct > 0, gap, np.nan)


def _cheapest(sma: Array, uma: Array, sma_in: Any, uma_in: Any, s: Any, u: Any) -> Any:
    """1 where the SMA is the cheapest eligible, -1 where the UMA is; 0 where something is unknown."""
    sma_known, uma_known = sma_in & ~np.isnan(sma), uma_in & ~np.isnan(uma)
    sma_wins = sma_known & (~u.can_pass | (uma_known & (sma < uma)))
    uma_wins = uma_known & (~s.can_pass | (sma_known & (uma < sma)))
    return sma_wins.astype(np.int8) - uma_wins.astype(np.int8)


def _fragile(scored: Scored, rows: Mapping[str, Any], count: int, shelf: Shelf, policy: Policy) -> Any:
    """Rows whose outcome changes under one of the small changes that the policy states."""
    fragile = np.zeros(count, dtype=bool)
    if count <= _FEW:
        side_by_side = _perturbed_side_by_side(rows, policy)
        times = len(policy.perturbations)
        found = score(side_by_side, count * times, shelf, policy).outcome.reshape(times, count)
        fragile = (found != scored.outcome).any(axis=0)
    else:
        for perturbation in policy.perturbations:
            moved = {**rows, **_perturbed(rows, perturbation)}
            changed = frozenset(perturbation.changes)
            again = score(moved, count, shelf, policy, base=scored, changed=changed)
            fragile |= again.outcome != scored.outcome
    return fragile & (scored.outcome != INDETERMINATE)


def _perturbed(rows: Mapping[str, Any], perturbation: Perturbation) -> dict[str, Any]:
    return {
        name: _moved(rows[name], name, times, plus) for name, (times, plus) in perturbation.changes.items()
    }


def _perturbed_side_by_side(rows: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    """All perturbations as further rows: for few rows one pass is cheaper than several that keep more."""
    moved = [_perturbed(rows, perturbation) for perturbation in policy.perturbations]
    joined: dict[str, Any] = {}
    for name, value in rows.items():
        versions = [facts.get(name, value) for facts in moved]
        if isinstance(value, Interval):
            joined[name] = Interval(
                np.concatenate([version.low for version in versions]),
                np.concatenate([version.high for version in versions]),
            )
        else:
            joined[name] = np.concatenate(versions)
    return joined


def _moved(value: Any, name: str, times: float, plus: float) -> Any:
    """A known value moved and kept in its domain; an unknown one stays as unknown as it was."""
    fact = FACTS[name]
    if not isinstance(value, Interval):
        return np.minimum(np.maximum(value * times + plus, fact.low), fact.high)
    known = value.low == value.high
    moved = np.minimum(np.maximum(value.low * times + plus, fact.low), fact.high)
    return Interval(np.where(known, moved, value.low), np.where(known, moved, value.high))
