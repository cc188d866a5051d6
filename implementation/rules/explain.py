"""The full explanation of one account: the same engine and the same functions, once more and in words."""

from __future__ import annotations

import itertools
import math
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from implementation.rules.contract import FACTS
from implementation.rules.engine import Evaluation, evaluate_closely
from implementation.rules.factors import FACTORS, LABELS, MEASURES
from implementation.rules.facts import Columns, Facts, account_of
from implementation.rules.flips import Flip, flip_points
from implementation.rules.policy import Policy
from implementation.rules.presenting import Entry, cost_entries, eligibility_entries, remedies
from implementation.rules.questions import program_questions, questions
from implementation.rules.reasons import principal, spoken
from implementation.rules.scoring import DECIDED_BY, EITHER, OUTCOMES, SMA, STRUCTURES, UMA, Scored
from implementation.rules.shapes import Array, interval_of
from implementation.rules.shelf import Shelf
from implementation.rules.trace import Call, calls
from implementation.rules.verdict import break_even, split_remedy, why_not
from implementation.rules.wording import words

_TRI = {1: "pass", 0: "fail", -1: "unknown"}


def explain(columns: Columns, row: int, shelf: Shelf, policy: Policy, as_of: date) -> dict[str, Any]:
    """One entry of the answer of `evaluate`, made of plain values.

    Args:
        columns: as for `engine.evaluate`.
        row: which account.
        shelf, policy, as_of: as for `engine.evaluate`.
    """
    single = {name: columns[name][row : row + 1] for name in FACTS}
    found, rows, scored = evaluate_closely(single, shelf, policy)
    facts = account_of(single, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        heard = calls(scored, rows, policy)
        entries = eligibility_entries(shelf, rows, facts, policy)
        costs = cost_entries(shelf, rows, facts, policy, as_of, entries)
    outcome = OUTCOMES[int(found.outcome[0])]
    eligible = {name: _TRI[int(found.eligible[name][0])] for name in STRUCTURES}
    values = _values(facts, scored, found, shelf, policy)
    reasons = principal(policy, int(found.reasons[0]), heard, values, MEASURE_KINDS, outcome, _lean(found))
    split = split_remedy(bool(found.conflict[0]), facts, found, shelf)
    return {
        "outcome": outcome,
        "decided_by": DECIDED_BY[int(found.decided_by[0])],
        "net_fit": _number(found.net_fit[0]),
        "bounds": [_number(found.low[0]), _number(found.high[0])],
        "lean": _lean(found),
        "margin": _number(found.margin[0]),
        "fragile": bool(found.fragile[0]),
        "provisional": bool(found.provisional[0]),
        "conflict": bool(found.conflict[0]),
        "possible": [name for bit, name in enumerate(OUTCOMES) if int(found.outcome_set[0]) >> bit & 1],
        "need": _TRI[int(found.need[0])],
        "eligible": eligible,
        "programs": {name: _code(shelf, int(found.program[name][0])) for name in STRUCTURES},
        "factors": _factors(found, scored, heard, policy),
        "eligibility": entries,
        "reasons": reasons,
        "why_not": why_not(outcome, found, entries, reasons, policy, values),
        "split": split,
        "remedies": remedies(shelf, entries, eligible),
        "flip_points": [_flip_entry(flip) for flip in flip_points(single, shelf, policy)],
        "questions": _question_entries(single, shelf, policy),
        "program_questions": program_questions(shelf, entries),
        "stability": _stability(scored, found, policy),
        "cost": costs,
        "break_even": break_even(facts, found, scored, policy),
    }


MEASURE_KINDS = {
    **MEASURES,
    "kept_share": "share",
    "ready_share": "share",
    "own_share": "share",
    "reached_share": "share",
    "etf_cost_bps": "bps",
    "harvested_losses": "money",
    **{
        f"{structure}_{name}": kind
        for structure in ("sma", "uma")
        for name, kind in (
            ("initial_minimum", "money"),
            ("maintenance_minimum", "money"),
            ("sleeve_minimum", "money"),
            ("headroom", "ratio"),
            ("cost_bps", "bps"),
            ("program", "text"),
        )
    },
}
"""Kinds of the names, beside facts, that texts of reasons may use."""


def _number(value: Any) -> float | None:
    number = float(value)
    return None if np.isnan(number) else round(number, 2) + 0.0


def _lean(found: Evaluation) -> str | None:
    return {1: "SMA", -1: "UMA"}.get(int(found.lean[0]))


def _code(shelf: Shelf, index: int) -> str | None:
    return shelf.programs[index].code if index >= 0 else None


def _single(value: Any) -> float | None:
    ends = interval_of(value)
    low, high = float(np.ravel(ends.low)[0]), float(np.ravel(ends.high)[0])
    return low if low == high else None


def _sum(*parts: float | None) -> float | None:
    known = [part for part in parts if part is not None]
    return math.fsum(known) if len(known) == len(parts) else None


def _values(facts: Facts, scored: Scored, found: Evaluation, shelf: Shelf, policy: Policy) -> dict[str, Any]:
    """Everything that a text of the catalog may name."""
    values: dict[str, Any] = dict(facts)
    values["kept_share"] = _sum(facts["restricted_share"], facts["legacy_retention_share"])
    values["ready_share"] = _sum(facts["cash_share"], facts["fund_share"])
    value, household = facts["account_value"], facts["household_value"]
    values["own_share"] = value / household if value is not None and household else None
    shares = [facts["group_on_platform_share"], facts["group_movable_share"]]
    values["reached_share"] = None if None in shares else max(shares)
    values["harvested_losses"] = _harvested(facts, policy)
    values["etf_cost_bps"] = policy.numbers["etf_baseline_bps"]
    for name in STRUCTURES:
        prefix, index = name.lower(), int(found.program[name][0])
        values[f"{prefix}_headroom"] = _single(scored.structures[name].measures["headroom_now"])
        values[f"{prefix}_cost_bps"] = float(found.cost_bps[name][0])
        values[f"{prefix}_program"] = f"the {name}"
        if index >= 0:
            program = shelf.programs[index]
            values[f"{prefix}_program"] = program.name
            values[f"{prefix}_initial_minimum"] = program.initial_minimum
            values[f"{prefix}_maintenance_minimum"] = program.maintenance_minimum
            values[f"{prefix}_sleeve_minimum"] = program.sleeve_minimum
    return values


def _harvested(facts: Facts, policy: Policy) -> float | None:
    """Losses a year that harvesting may find and use, as the need test counts them."""
    usable, direct, years = (
        facts[name] for name in ("usable_gains", "direct_index_value", "holding_horizon_years")
    )
    if usable is None or direct is None or years is None:
        return None
    return float(round(min(usable, direct * float(policy.need.depth(years)))))


def _factors(found: Evaluation, scored: Scored, heard: list[Call], policy: Policy) -> list[Entry]:
    entries = []
    for name in FACTORS:
        fits = [_number(column[0]) for column in found.fits[name]]
        low, high = (float(end[0]) / 100 for end in scored.contributions[name])
        own = [call for call in heard if call.factor == name]
        acted = {call.parameter.says for call in own if call.acts}
        entries.append(
            {
                "factor": name,
                "label": LABELS[name],
                "fit_sma": fits[0],
                "fit_uma": fits[1],
                "weight": policy.weights[name],
                "contribution": _number(found.contributions[name][0]),
                "bounds": [round(low, 2) + 0.0, round(high, 2) + 0.0],
                "reasons": [code for code in policy.reasons if code in acted],
                "trace": [call.as_dict() for call in own if spoken(call)],
            }
        )
    return entries


def _flip_entry(flip: Flip) -> Entry:
    kind = FACTS[flip.fact].kind
    text = (
        f"{FACTS[flip.fact].description}: {words(kind, flip.after)} instead of "
        f"{words(kind, flip.before)} gives {flip.outcome}."
    )
    return {
        "fact": flip.fact,
        "from": flip.before,
        "to": flip.after,
        "outcome": flip.outcome,
        "linked": flip.linked,
        "text": text,
    }


def _question_entries(columns: Columns, shelf: Shelf, policy: Policy) -> list[Entry]:
    return [
        {
            "fact": question.fact,
            "swing": question.swing,
            "outcomes": question.outcomes,
            "text": f"{FACTS[question.fact].description}?",
        }
        for question in questions(columns, shelf, policy)
    ]


@lru_cache(maxsize=64)
def _weightings(ranges: tuple[tuple[float, float, float], ...]) -> Array:
    """The fixed grid: each weight at its lowest, its own and its highest, scaled to sum to 1."""
    grid = np.array(list(itertools.product(*ranges)), dtype=np.float64)
    return np.asarray(grid / grid.sum(axis=1, keepdims=True))


def _stability(scored: Scored, found: Evaluation, policy: Policy) -> float | None:
    """Share of the weightings within the policy's allowed ranges that keep the outcome.

    1 where weights decide nothing; None while the outcome is not determined.
    """
    outcome = int(found.outcome[0])
    if outcome == OUTCOMES.index("INDETERMINATE"):
        return None
    if int(found.decided_by[0]) != DECIDED_BY.index("net_fit"):
        return 1.0
    bases = [policy.bases[f"weights.{name}"] for name in FACTORS]
    steps = [(b.low, policy.weights[n], b.high) for n, b in zip(FACTORS, bases, strict=True)]
    grid = _weightings(tuple(steps))
    low: Any = np.zeros(len(grid))
    high: Any = np.zeros(len(grid))
    for place, name in enumerate(FACTORS):
        sma, uma = (interval_of(fit) for fit in scored.fits[name])
        low = low + grid[:, place] * float(np.ravel(sma.low - uma.high)[0])
        high = high + grid[:, place] * float(np.ravel(sma.high - uma.low)[0])
    tolerance = policy.numbers["either_within"]
    keeps = {
        SMA: low > tolerance,
        UMA: high < -tolerance,
        EITHER: (low >= -tolerance) & (high <= tolerance),
    }[outcome]
    return round(float(np.mean(keeps)), 3)
