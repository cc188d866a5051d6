"""The full explanation of one account: the same engine and the same functions, once more and in words."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from implementation.rules.changes.flips import Change, Flip
from implementation.rules.changes.pairs import Pair, flip_pairs
from implementation.rules.contract import FACTS
from implementation.rules.engine import Evaluation
from implementation.rules.explanation.break_even import break_even
from implementation.rules.explanation.closely import fragile_by, look_closely
from implementation.rules.explanation.contrast import contrast
from implementation.rules.explanation.presenting import Entry, cost_entries, eligibility_entries, remedies
from implementation.rules.explanation.questions import program_questions, questions
from implementation.rules.explanation.reasons import principal
from implementation.rules.explanation.stability import weighed
from implementation.rules.explanation.text_names import TEXT_KINDS, with_withdrawals
from implementation.rules.explanation.trace import NEED, TRACE_VERSION, Line, effects
from implementation.rules.explanation.verdict import split_remedy, why_not
from implementation.rules.factors import FACTORS, LABELS
from implementation.rules.facts import Columns, Facts
from implementation.rules.labels import FACT_LABELS
from implementation.rules.policy import Policy
from implementation.rules.scoring import DECIDED_BY, OUTCOMES, STRUCTURES, Scored
from implementation.rules.shapes import interval_of
from implementation.rules.shelf import Shelf
from implementation.rules.wording import becomes, money_apart, words

_TRI = {1: "pass", 0: "fail", -1: "unknown"}


def explain(columns: Columns, row: int, shelf: Shelf, policy: Policy, as_of: date) -> dict[str, Any]:
    """One entry of the answer of `evaluate`, made of plain values.

    Args:
        columns: as for `engine.evaluate`.
        row: which account.
        shelf, policy, as_of: as for `engine.evaluate`.
    """
    single = {name: columns[name][row : row + 1] for name in FACTS}
    close = look_closely(single, shelf, policy)
    found, rows, scored, search = close.found, close.rows, close.scored, close.search
    facts = close.facts
    with np.errstate(divide="ignore", invalid="ignore"):
        entries = eligibility_entries(shelf, rows, facts, policy)
        costs = cost_entries(shelf, rows, facts, policy, as_of, entries)
    outcome = OUTCOMES[int(found.outcome[0])]
    eligible = {name: _TRI[int(found.eligible[name][0])] for name in STRUCTURES}
    values = _values(facts, scored, found, shelf, policy)
    flips = [_flip_entry(flip) for flip in search.flips()]
    pairs = [] if flips else flip_pairs(search)
    moved = effects(itertools.chain(*close.lines.values()))
    reasons = principal(policy, int(found.reasons[0]), moved, values, TEXT_KINDS, outcome, _lean(found))
    split = split_remedy(bool(found.conflict[0]), facts, found, shelf)
    stability, weight_flips = weighed(scored, found, policy)
    entry = {
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
        "trace_version": TRACE_VERSION,
        "need_trace": close.lines[NEED],
        "factors": _factors(scored, close.lines, policy),
        "eligibility": entries,
        "reasons": reasons,
        "why_not": why_not(outcome, found, entries, reasons, policy, values),
        "split": split,
        "remedies": remedies(shelf, entries, eligible, facts),
        "flip_points": flips,
        "flip_pairs": [_pair_entry(pair) for pair in pairs],
        "flip_note": _flip_note(outcome, flips, pairs),
        "questions": _question_entries(single, shelf, policy) if None in facts.values() else [],
        "program_questions": program_questions(shelf, entries),
        "stability": stability,
        "weight_flips": weight_flips,
        "fragile_by": fragile_by(close, policy),
        "cost": costs,
        "break_even": break_even(facts, found, scored, policy),
    }
    return {**entry, "contrast": contrast(entry, policy)}


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
    values["with_withdrawals"] = with_withdrawals(facts["planned_withdrawals"])
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


def _factors(scored: Scored, lines: Mapping[str, list[Line]], policy: Policy) -> list[Entry]:
    entries = []
    for name in FACTORS:
        fits = [_single(fit) for fit in scored.fits[name]]
        low, high = (float(end[0]) / 100 for end in scored.contributions[name])
        acted = {line["says"] for line in lines[name]}
        entries.append(
            {
                "factor": name,
                "label": LABELS[name],
                "fit_sma": None if fits[0] is None else round(fits[0], 2) + 0.0,
                "fit_uma": None if fits[1] is None else round(fits[1], 2) + 0.0,
                "weight": policy.weights[name],
                "contribution": round(low, 2) + 0.0 if low == high else None,
                "bounds": [round(low, 2) + 0.0, round(high, 2) + 0.0],
                "reasons": [code for code in policy.reasons if code in acted],
                "trace": lines[name],
            }
        )
    return entries


def _flip_entry(flip: Flip) -> Entry:
    return {
        "fact": flip.fact,
        "from": flip.before,
        "to": flip.after,
        "outcome": flip.outcome,
        "linked": flip.linked,
        "text": f"{_move_words(flip)}; {becomes(flip.outcome)}.",
    }


def _move_words(change: Change) -> str:
    """Account value: $50,000 instead of $40,000."""
    fact = FACTS[change.fact]
    if fact.kind == "money":
        now, then = money_apart([change.before, change.after])
    else:
        now, then = words(fact.kind, change.before), words(fact.kind, change.after)
    return f"{fact.description}: {then} instead of {now}"


def _pair_entry(pair: Pair) -> Entry:
    facts = [{"fact": one.fact, "from": one.before, "to": one.after} for one in pair.changes]
    moves = " ".join(f"{_move_words(one)}." for one in pair.changes)
    text = f"{moves} Both together, {becomes(pair.outcome)}."
    return {"facts": facts, "outcome": pair.outcome, "text": text}


def _flip_note(outcome: str, flips: list[Entry], pairs: list[Pair]) -> str | None:
    """What is said where there is no flip point."""
    if flips or outcome == "INDETERMINATE":
        return None
    return "No single fact flips this; two together do." if pairs else "Nothing single or paired flips this."


def _question_entries(columns: Columns, shelf: Shelf, policy: Policy) -> list[Entry]:
    return [
        {
            "fact": question.fact,
            "swing": question.swing,
            "outcomes": question.outcomes,
            "text": f"{FACT_LABELS[question.fact]}?",
        }
        for question in questions(columns, shelf, policy)
    ]
