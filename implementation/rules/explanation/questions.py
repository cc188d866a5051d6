"""Questions: which unknown facts to ask first, by how much each would narrow what is possible.

For every unknown fact a fixed set of answers is tried, everything else left as it is. The swing is how many
points of net fit the span of what is possible narrows by, on average; questions that would settle the outcome
come before those that merely narrow it. A part is asked after the whole that contains it, and counts with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from implementation.rules.changes.moves import Block, block_of
from implementation.rules.contract import FACTS
from implementation.rules.engine import outcomes
from implementation.rules.facts import Columns
from implementation.rules.policy import Policy
from implementation.rules.shapes import Array, Interval
from implementation.rules.shelf import Shelf
from implementation.rules.unknowns.box import CONTAINED, feasible, unknown_in

_ANSWERS = np.array([0.0, 0.1, 0.25, 0.5, 1.0])
_PARTS = np.array([0.0, 0.5, 1.0])


@dataclass(frozen=True)
class Question:
    """An unknown fact, the points of net fit by which an answer would narrow the span on average, and the
    mean number of outcomes still possible then."""

    fact: str
    swing: float
    outcomes: float


def questions(columns: Columns, shelf: Shelf, policy: Policy) -> list[Question]:
    """Questions of a single account, the most telling first; facts whose answer changes nothing are left out.

    Args:
        columns: one row.
    """
    unknown = [name for name in FACTS if unknown_in(columns, name)[0]]
    if not unknown:
        return []
    box = feasible(columns, policy.ranges)
    trials = [_answers(name, unknown, box) for name in unknown]
    block = block_of(columns, 1 + sum(len(trial[name]) for name, trial in zip(unknown, trials, strict=True)))
    parts = _fill(block, unknown, trials)
    scored = outcomes(block, shelf, policy)
    width = (scored.net[1] - scored.net[0]) / 100
    possible = np.array([bin(int(bits)).count("1") for bits in scored.outcome_set], dtype=np.float64)
    found = []
    for name, rows in zip(unknown, parts, strict=True):
        swing = float(np.mean(np.maximum(width[0] - width[rows], 0.0)))
        left = float(np.mean(np.minimum(possible[rows], possible[0])))
        found.append(Question(name, round(swing, 2) + 0.0, round(left, 2)))
    telling = [q for q in found if q.swing > 0 or q.outcomes < possible[0]]
    order = list(FACTS)
    telling.sort(key=lambda q: (q.outcomes, -q.swing, order.index(q.fact)))
    return _wholes_first(telling)


def program_questions(shelf: Shelf, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What to ask the sponsors: fields nobody has stated, of programs that nothing rules out, fewest first.

    Args:
        entries: the eligibility entries of the account.
    """
    asked = []
    for program in shelf.programs:
        own = [entry for entry in entries if entry["program"] == program.code]
        if any(entry["verdict"] == "fail" for entry in own):
            continue
        missing = [entry["missing"] or "" for entry in own if entry["verdict"] == "unknown"]
        fields = [name.split(".")[1] for name in missing if name.startswith(f"{program.code}.")]
        fields += [name for name in ("fees", "overlay_scope") if name in program.unknowns]
        if fields:
            text = f"Ask {program.sponsor} about {program.name}: {', '.join(fields).replace('_', ' ')}."
            asked.append({"program": program.code, "fields": sorted(set(fields)), "text": text})
    asked.sort(key=lambda question: len(question["fields"]))
    return asked


def _fill(block: Block, unknown: list[str], trials: list[dict[str, Array]]) -> list[slice]:
    start, parts = 1, []
    for name, trial in zip(unknown, trials, strict=True):
        rows = slice(start, start + len(trial[name]))
        for fact, values in trial.items():
            block[fact][rows] = values
        parts.append(rows)
        start = rows.stop
    return parts


def _answers(name: str, unknown: list[str], box: dict[str, Any]) -> dict[str, Array]:
    """Answers to try for a fact, together with answers for unknown facts that are a part of it."""
    fact = FACTS[name]
    interval: Interval = box[name]
    low, high = float(interval.low[0]), float(interval.high[0])
    if fact.kind == "code":
        return {name: np.arange(len(fact.codes), dtype=np.float64)}
    if fact.kind == "flag":
        return {name: np.array([0.0, 1.0])}
    values = low + _ANSWERS * (high - low)
    if fact.kind == "money":
        # Amounts spread over orders of magnitude: an even grid would try fortunes alone.
        values = np.geomspace(max(low, 1_000.0), max(high, 2_000.0), len(_ANSWERS))
        values = np.clip(values.round(), low, high)
    if fact.kind in ("count", "level"):
        values = values.round()
    members = [part for part, whole in CONTAINED if whole == name and part in unknown]
    members = [part for part in members if FACTS[part].kind == fact.kind]
    if not members:
        return {name: values}
    answers = {name: np.repeat(values, len(_PARTS))}
    for part in members:
        answers[part] = np.tile(_PARTS, len(values)) * answers[name]
    return answers


def _wholes_first(found: list[Question]) -> list[Question]:
    whole_of = dict(CONTAINED)
    places = {question.fact: place for place, question in enumerate(found)}
    asked: list[Question] = []

    def ask(question: Question) -> None:
        if question in asked:
            return
        whole = whole_of.get(question.fact)
        if whole in places:
            ask(found[places[whole]])
        asked.append(question)

    for question in found:
        ask(question)
    return asked
