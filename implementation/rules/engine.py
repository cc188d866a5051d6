"""The engine: columns of facts in, columns of outcomes out. One account and a million take the same way.

Rows go through in chunks that stay in the processor's cache. Rows with unknown facts go through the same
rules with intervals in place of arrays; they do not slow down the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from implementation.rules.answers import Answers
from implementation.rules.contract import FACTS
from implementation.rules.evaluation import MILLIONTHS, UNKNOWN, Evaluation
from implementation.rules.factors import FACTORS
from implementation.rules.facts import Columns
from implementation.rules.parameters import ReasonMask
from implementation.rules.policy import Perturbation, Policy
from implementation.rules.scoring import (
    DECIDED_BY,
    INDETERMINATE,
    NEITHER,
    OUTCOMES,
    SMA,
    UMA,
    Scored,
    add_eligibility_reasons,
    score,
)
from implementation.rules.shapes import Array, Interval
from implementation.rules.shelf import Shelf
from implementation.rules.unknowns.box import feasible, incomplete_rows
from implementation.rules.unknowns.refine import refine

__all__ = ["DECIDED_BY", "ENGINE", "FACTORS", "OUTCOMES", "Evaluation", "evaluate", "outcomes"]

ENGINE = 2
"""Raised whenever results can change for the same facts, shelf and policy."""
CHUNK = 16_384
_LARGE = 31 * 2**20  # bytes; beyond 32 MiB the C library does not take it for a habit
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
    if count > CHUNK:
        _let_freed_memory_be_kept()
    result = Evaluation.empty(columns, shelf, policy)
    with np.errstate(divide="ignore", invalid="ignore"):
        for start in range(0, count, CHUNK):
            chunk = {name: columns[name][start : start + CHUNK] for name in FACTS}
            _evaluate_chunk(result, start, chunk, shelf, policy)
    return result


def _let_freed_memory_be_kept() -> None:
    """Have the C library keep what one chunk frees for the next.

    GNU's gives freed memory back to the system, and asks for it again, unless it has seen a block freed that
    was larger; that costs a fifth of the time of a large evaluation. The block is never touched.
    """
    np.empty(_LARGE, dtype=np.uint8)


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


def evaluation_of(
    scored: Scored,
    reasons: ReasonMask,
    fragile: Any,
    columns: Columns,
    unknown: bool,
    shelf: Shelf,
    policy: Policy,
) -> Evaluation:
    """The evaluation of rows that have been scored.

    Args:
        scored: the pass over them, refined where facts are unknown.
        reasons: what it heard; the reasons of eligibility and need are added.
        fragile: rows whose outcome a small change turns.
        columns: the rows, all of them complete or all incomplete.
        unknown: which of the two.
        shelf, policy: the documents in force.
    """
    result = Evaluation.empty(columns, shelf, policy)
    with np.errstate(divide="ignore", invalid="ignore"):
        _write(result, slice(None), scored, reasons, unknown)
    result.fragile[:] = fragile
    return result


def outcomes(columns: Columns, shelf: Shelf, policy: Policy) -> Scored:
    """Need, eligibility, fits and outcome alone, in one piece: what a search over changed facts needs."""
    count = _checked(columns)
    rows = feasible(columns, policy.ranges) if incomplete_rows(columns).any() else columns
    with np.errstate(divide="ignore", invalid="ignore"):
        return refine(rows, score(rows, count, shelf, policy), shelf, policy, bounds=False)


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
) -> None:
    rows: Mapping[str, Any] = feasible(columns, policy.ranges) if unknown else columns
    count = len(columns["account_value"])
    mask = ReasonMask(count, policy.bits)
    answers = Answers(rows.values())
    plain = score(rows, count, shelf, policy, mask, answers=answers)
    scored = refine(rows, plain, shelf, policy) if unknown else plain
    _write(result, at, scored, mask, unknown)
    result.fragile[at] = _fragile(scored.outcome, plain, rows, answers, shelf, policy)


def _write(result: Evaluation, at: Any, scored: Scored, mask: ReasonMask, unknown: bool) -> None:
    add_eligibility_reasons(scored, mask)
    result.reasons[at] = mask.mask
    _write_fit(result, at, scored, result.policy)
    _write_outcome(result, at, scored, unknown)
    _write_programs(result, at, scored)


def _write_fit(result: Evaluation, at: Any, scored: Scored, policy: Policy) -> None:
    result.low_hundredths[at], result.high_hundredths[at] = scored.net
    material = policy.material
    pulls_sma: Any = False
    pulls_uma: Any = False
    for name in FACTORS:
        least, most = scored.contributions[name]
        pulls_sma, pulls_uma = pulls_sma | (least >= material), pulls_uma | (most <= -material)
        known = least if least is most else np.where(least == most, least, UNKNOWN)
        result.whole_contributions[name][at] = known
        for column, fit in zip(result.whole_fits[name], scored.fits[name], strict=True):
            column[at] = _millionths(fit)
    result.conflict[at] = pulls_sma & pulls_uma


def _millionths(fit: Any) -> Any:
    if isinstance(fit, Interval):
        return np.where(fit.low == fit.high, np.rint(fit.low * MILLIONTHS), UNKNOWN)
    return np.rint(fit * MILLIONTHS)


def _write_outcome(result: Evaluation, at: Any, scored: Scored, unknown: bool) -> None:
    low, high = scored.net
    sma, uma = scored.structures["SMA"], scored.structures["UMA"]
    outcome = scored.outcome
    result.outcome[at], result.outcome_set[at] = outcome, scored.outcome_set
    result.need[at] = _three(scored.need_can_pass, scored.need_can_fail)
    one_sided = ((outcome == SMA) & ~uma.can_pass) | ((outcome == UMA) & ~sma.can_pass)
    decided: Any = np.where(outcome == INDETERMINATE, 3, np.where(one_sided, 1, 2))
    neither = outcome == NEITHER
    result.decided_by[at] = np.where(neither, np.where(scored.need_can_pass, 1, 0), decided)
    sure = (low == high) & (scored.need_can_pass != scored.need_can_fail)
    sure &= (sma.can_pass != sma.can_fail) & (uma.can_pass != uma.can_fail)
    result.provisional[at] = (outcome != INDETERMINATE) & (unknown | ~sure)


def _three(can_pass: Any, can_fail: Any) -> Any:
    return np.where(can_fail, np.where(can_pass, -1, 0), 1)


def _write_programs(result: Evaluation, at: Any, scored: Scored) -> None:
    for name, structure in scored.structures.items():
        result.eligible[name][at] = _three(structure.can_pass, structure.can_fail)
        result.program[name][at], result.dollars[name][at] = structure.program, structure.dollars
    sma, uma = scored.structures["SMA"], scored.structures["UMA"]
    result.cheapest[at] = _cheapest(sma.dollars, uma.dollars, ~sma.can_fail, ~uma.can_fail, sma, uma)


def _cheapest(sma: Array, uma: Array, sma_in: Any, uma_in: Any, s: Any, u: Any) -> Any:
    """1 where the SMA is the cheapest eligible, -1 where the UMA is; 0 where something is unknown."""
    sma_known, uma_known = sma_in & ~np.isnan(sma), uma_in & ~np.isnan(uma)
    sma_wins = sma_known & (~u.can_pass | (uma_known & (sma < uma)))
    uma_wins = uma_known & (~s.can_pass | (sma_known & (uma < sma)))
    return sma_wins.astype(np.int8) - uma_wins.astype(np.int8)


def _fragile(
    outcome: Any, plain: Scored, rows: Mapping[str, Any], answers: Answers, shelf: Shelf, policy: Policy
) -> Any:
    """Rows whose outcome changes under one of the small changes that the policy states.

    Args:
        outcome: what was found, row by row.
        plain: the pass over all rows before it was refined.
    """
    count, settled = len(outcome), outcome != INDETERMINATE
    if count <= _FEW:
        return _fragile_few(outcome, rows, shelf, policy) & settled
    fragile = np.zeros(count, dtype=bool)
    unsure = np.zeros(count, dtype=bool)
    for perturbation in policy.perturbations:
        facts = _perturbed(rows, perturbation)
        moved, new = {**rows, **facts}, Answers(facts.values(), before=answers)
        again = score(moved, count, shelf, policy, base=plain, changed=frozenset(facts), answers=new)
        known = again.outcome != INDETERMINATE
        fragile |= known & (again.outcome != outcome)
        unsure |= ~known
    at = np.flatnonzero(unsure & settled & ~fragile)
    for start in range(0, len(at), _FEW):
        some = at[start : start + _FEW]
        few = {name: value[some] for name, value in rows.items()}
        fragile[some] = _fragile_few(outcome[some], few, shelf, policy)
    return fragile & settled


def _fragile_few(outcome: Any, rows: Mapping[str, Any], shelf: Shelf, policy: Policy) -> Any:
    """The same for few rows: one pass over all changes side by side is cheaper than one for each."""
    return (under_small_changes(outcome, rows, shelf, policy) != outcome).any(axis=0)


def under_small_changes(outcome: Any, rows: Mapping[str, Any], shelf: Shelf, policy: Policy) -> Any:
    """The outcome of few rows under each of the small changes that the policy states, changes by rows.

    Args:
        outcome: what was found, row by row; of rows where it is open nothing is found out.
    """
    times, count = len(policy.perturbations), len(outcome)
    side_by_side = _perturbed_side_by_side(rows, policy)
    again = score(side_by_side, count * times, shelf, policy, answers=Answers(side_by_side.values()))
    among = np.tile(outcome != INDETERMINATE, times)
    again = refine(side_by_side, again, shelf, policy, bounds=False, among=among)
    return again.outcome.reshape(times, count)


def _perturbed(rows: Mapping[str, Any], perturbation: Perturbation) -> dict[str, Any]:
    return {
        name: nudged(rows[name], name, times, plus) for name, (times, plus) in perturbation.changes.items()
    }


def _perturbed_side_by_side(rows: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    """All perturbations as further rows."""
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


def nudged(value: Any, name: str, times: float, plus: float) -> Any:
    """A value under a small change: a known one moved and kept in its domain, an unknown one as it was."""
    fact = FACTS[name]
    if not isinstance(value, Interval):
        return np.minimum(np.maximum(value * times + plus, fact.low), fact.high)
    known = value.low == value.high
    moved = np.minimum(np.maximum(value.low * times + plus, fact.low), fact.high)
    return Interval(np.where(known, moved, value.low), np.where(known, moved, value.high))
