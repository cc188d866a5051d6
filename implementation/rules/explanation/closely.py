"""A close look at one account: its evaluation and everything that explains it, in as few passes as may be.

Where every fact is known, the account, the small changes that the policy states and the first trials of the
flip points are rows of one pass, and the rules are recorded as they act on the first of them. Where facts are
missing the bounds of the account are refined first, so that each takes a pass of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from implementation.rules.changes.flips import Search
from implementation.rules.changes.moves import Block
from implementation.rules.engine import Evaluation, evaluation_of, nudged, under_small_changes
from implementation.rules.explanation.trace import Line, Tracer
from implementation.rules.facts import Columns, Facts, account_of
from implementation.rules.parameters import ReasonMask
from implementation.rules.policy import Policy
from implementation.rules.scoring import INDETERMINATE, OUTCOMES, Scored, score
from implementation.rules.shelf import Shelf
from implementation.rules.unknowns.box import feasible
from implementation.rules.unknowns.refine import refine
from implementation.rules.wording import becomes

Entry = dict[str, Any]


@dataclass(frozen=True)
class Close:
    """What a close look at one account found.

    Attributes:
        facts: the account in plain values.
        found: the evaluation, one row, as in bulk.
        rows: the facts as the rules saw them.
        scored: the pass over them.
        lines: the trace, of the need test and of each factor.
        changed: outcome under each of the policy's small changes.
        search: for flip points and pairs, begun.
    """

    facts: Facts
    found: Evaluation
    rows: Mapping[str, Any]
    scored: Scored
    lines: dict[str, list[Line]]
    changed: list[int]
    search: Search


def look_closely(columns: Columns, shelf: Shelf, policy: Policy) -> Close:
    """Evaluate one account and begin to explain it.

    Args:
        columns: one row.
    """
    facts = account_of(columns, 0)
    unknown = None in facts.values()
    search, tracer = Search(columns, not unknown, shelf, policy), Tracer(policy)
    with np.errstate(divide="ignore", invalid="ignore"):
        look = _in_parts if unknown else _at_once
        rows, changed = look(search, tracer, shelf, policy)
    scored = search.base
    lines = tracer.lines()
    mask = ReasonMask(1, policy.bits)
    for line in itertools.chain(*lines.values()):
        if line["says"] is not None:
            mask.add(line["says"], True)
    outcome = int(scored.outcome[0])
    fragile = outcome != INDETERMINATE and any(code != outcome for code in changed)
    found = evaluation_of(scored, mask, fragile, columns, unknown, shelf, policy)
    return Close(facts, found, rows, scored, lines, changed, search)


def _at_once(search: Search, tracer: Tracer, shelf: Shelf, policy: Policy) -> tuple[Block, list[int]]:
    """The account, its small changes and its trials, row after row."""
    first = 1 + len(policy.perturbations)
    also = {name for change in policy.perturbations for name in change.changes}
    block, count = search.first_trials(first, also)
    _nudge(block, policy)
    scored = score(block, count, shelf, policy, tracer)
    search.begin(scored.part(slice(0, 1)), scored.part(slice(first, None)))
    return search.columns, scored.outcome[1:first].tolist()


def _nudge(block: Block, policy: Policy) -> None:
    """Lay the policy's small changes into the rows after the first."""
    for place, change in enumerate(policy.perturbations, start=1):
        for name, (times, plus) in change.changes.items():
            block[name][place] = nudged(block[name][place], name, times, plus)


def _in_parts(search: Search, tracer: Tracer, shelf: Shelf, policy: Policy) -> tuple[Block, list[int]]:
    """The account, then its small changes, then its trials."""
    rows = feasible(search.columns, policy.ranges)
    scored = refine(rows, score(rows, 1, shelf, policy, tracer), shelf, policy)
    search.begin(scored)
    return rows, under_small_changes(scored.outcome, rows, shelf, policy)[:, 0].tolist()


def fragile_by(close: Close, policy: Policy) -> list[Entry]:
    """The policy's small changes under which the outcome is another, and which one."""
    if not close.found.fragile[0]:
        return []
    outcomes = [OUTCOMES[code] for code in close.changed]
    return [
        {"name": change.name, "text": f"If {change.text}, {becomes(outcome)}.", "outcome": outcome}
        for change, outcome in zip(policy.perturbations, outcomes, strict=True)
        if outcome != OUTCOMES[int(close.found.outcome[0])]
    ]
