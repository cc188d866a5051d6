"""Flip points: the nearest value of a single fact, in either direction, at which the outcome changes.

From where a fact is now a line goes either way, over the knots at which a rule or a program changes what it
does. Between two knots the net fit runs straight or bends one way, so that where it could get to in between
is bounded by how steeply it comes and goes on either side. Every gap in which the outcome changes, or could
turn and come back, is cut until it is one step of the fact wide. What is given back has been evaluated by the
engine itself, and so has its neighbor on the near side.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from implementation.rules.changes.gaps import CUTS, FEW_CUTS, Gap, limits, may_turn
from implementation.rules.changes.guesses import guess
from implementation.rules.changes.knots import knots
from implementation.rules.changes.moves import Block, moves_too
from implementation.rules.changes.steps import STEP, WORDS, distance, plain_value
from implementation.rules.changes.trials import Trials
from implementation.rules.contract import FACTS, Fact
from implementation.rules.engine import outcomes
from implementation.rules.facts import Columns
from implementation.rules.policy import Policy
from implementation.rules.scoring import INDETERMINATE, OUTCOMES, Scored
from implementation.rules.shapes import Array
from implementation.rules.shelf import Shelf
from implementation.rules.unknowns.box import incomplete_rows

__all__ = ["STEP", "Change", "Flip", "Search", "flip_points"]

_ROUNDS = 12
CHANGEABLE = {name: fact for name, fact in FACTS.items() if fact.changeable}


@dataclass(frozen=True)
class Change:
    """A fact, its value now, and another, as plain values."""

    fact: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Flip(Change):
    """One flip point: the nearest value that changes the outcome, and to which.

    Attributes:
        linked: other facts have to move with it.
    """

    outcome: str
    linked: bool


@dataclass
class _Line:
    """A fact from where it is now outward, one way; its gaps go from near to far."""

    fact: Fact
    gaps: list[Gap]

    def narrow(self, found: Mapping[int, list[Gap]]) -> None:
        """Put what was found inside gaps, by their ids, in their place, up to the first change."""
        gaps: list[Gap] = []
        for gap in self.gaps:
            gaps += found.get(id(gap), [gap])
            if gaps and gaps[-1].outcome is not None:
                break
        self.gaps = gaps


def flip_points(columns: Columns, shelf: Shelf, policy: Policy) -> list[Flip]:
    """Flip points of a single account, the nearest first.

    Args:
        columns: one row.
    """
    search = Search(columns, not incomplete_rows(columns).any(), shelf, policy)
    search.begin(outcomes(columns, shelf, policy))
    return search.flips()


class Search:
    """The search over the changeable, known facts of one account.

    Attributes:
        tried: the facts of the first pass and the values that each of them took, in the order of the rows;
            pairs (`pairs`) go on from there.
        base, found: what the engine said of the account itself, and of those rows.
    """

    base: Scored
    found: Scored

    def __init__(self, columns: Columns, complete: bool, shelf: Shelf, policy: Policy) -> None:
        """Lay out the trials of one account.

        Args:
            columns: one row.
            complete: whether every fact is known.
        """
        self.columns, self.tolerance = columns, policy.tolerance
        self.weights = policy.weights
        self.trials = Trials(columns, complete, shelf, policy)
        self.cuts = CUTS if complete else FEW_CUTS
        self.tried: list[tuple[str, Array]] = []
        self._ways: list[
            tuple[str, int]
        ] = []  # facts with more and less, and how many rows go one way outward
        self._values = np.empty(0)
        self._lay_out(shelf, policy)

    def first_trials(self, after: int, also: Iterable[str]) -> tuple[Block, int]:
        """The first trials as rows after so many of the account itself, and how many rows that makes.

        Args:
            also: facts that whoever asks will change in the rows before.
        """
        block, count, _ = self.trials.block(self.tried, after, also)
        self.trials.rows, self.trials.first = block, after
        return block, count

    def begin(self, base: Scored, found: Scored | None = None) -> None:
        """Take up what is known, or try every fact over its knots.

        Args:
            base: a pass over the account.
            found: a pass over the first trials.
        """
        self.base, self.before = base, int(base.outcome[0])
        self.bounds = limits(self.before, self.tolerance)
        self.trials.base = base
        if self.before == INDETERMINATE:
            self.tried, found = [], base
        self.found = self.trials.single(self.tried) if found is None else found

    def flips(self) -> list[Flip]:
        """The flip points, the nearest first; none while the outcome is not determined."""
        if not self.tried:
            return []
        found = self._other_words()
        for line in self._lines():
            if line.gaps and line.gaps[-1].outcome is not None:
                found.append(self._item(line.fact, line.gaps[-1].far, line.gaps[-1].outcome))
        found.sort(key=lambda item: item[0])
        return [flip for _, flip in found]

    def _lay_out(self, shelf: Shelf, policy: Policy) -> None:
        known = knots(shelf, policy)
        here = {name: float(column[0]) for name, column in self.columns.items()}
        words: list[str] = []
        flat: list[float] = []
        lengths: dict[str, int] = {}
        for name, fact in CHANGEABLE.items():
            if math.isnan(here[name]) or (fact.kind == "code" and here[name] < 0):
                continue
            if fact.kind in WORDS:
                words.append(name)
                continue
            before = len(flat)
            for way in known.either_way(name, here):
                if way:
                    self._ways.append((name, 1 + len(way)))
                    flat.append(here[name])
                    flat += way
            lengths[name] = len(flat) - before
        for name in words:
            flat += known.values[name]
            lengths[name] = len(known.values[name])
        # One array for all of them: many small ones take longer to make than to score.
        self._values, start = np.fromiter(flat, np.float64, len(flat)), 0
        for name, length in lengths.items():
            if length:
                self.tried.append((name, self._values[start : start + length]))
                start += length

    def _lines(self) -> list[_Line]:
        """The lines on which the outcome may change, each with its gaps cut until they are one step wide."""
        found = zip(self._ways, self._gaps(self._ways, self._values, self.found), strict=True)
        lines = [_Line(FACTS[name], gaps) for (name, _), gaps in found if gaps]
        for _ in range(_ROUNDS):
            cut = [(line.fact, gap) for line in lines for gap in line.gaps if gap.count(line.fact.kind)]
            if not cut:
                break
            moves = [(fact.name, gap.values(fact.kind, self.cuts)) for fact, gap in cut]
            ways = [(name, len(values)) for name, values in moves]
            values = np.concatenate([values for _, values in moves])
            narrower = self._gaps(ways, values, self.trials.single(moves))
            by_gap = {id(gap): gaps for (_, gap), gaps in zip(cut, narrower, strict=True)}
            for line in lines:
                line.narrow(by_gap)
        return lines

    def _gaps(self, ways: Sequence[tuple[str, int]], values: Array, scored: Scored) -> list[list[Gap]]:
        """Of each way outward the gaps in which the outcome may turn unseen, and the first of its changes.

        Args:
            ways: facts, and how many values each takes from near to far.
            values: all of these, the first rows of what was scored.
        """
        ends = np.cumsum([length for _, length in ways])
        count = int(ends[-1]) if len(ends) else 0
        same = scored.outcome[:count] == self.before
        inside = np.ones(max(count - 1, 0), dtype=bool)
        inside[ends[:-1] - 1] = False
        closely = None if scored is self.found else self.weights
        turns = may_turn(values[:count], inside, scored, self.bounds, closely)
        places = np.flatnonzero(inside & same[:-1] & (turns | ~same[1:]))
        found: list[list[Gap]] = [[] for _ in ways]
        wide: list[tuple[Gap, int]] = []
        for place, owner in zip(places.tolist(), ends.searchsorted(places, "right").tolist(), strict=True):
            gaps, kind = found[owner], FACTS[ways[owner][0]].kind
            if gaps and gaps[-1].outcome is not None:
                continue
            gap = Gap(values.item(place), values.item(place + 1))
            if not same[place + 1]:
                gap.outcome = int(scored.outcome[place + 1])
                if gap.count(kind) > self.cuts and self.trials.complete:
                    wide.append((gap, place))
            elif not gap.count(kind):
                continue
            gaps.append(gap)
        guess(wide, scored, self.bounds, self.weights, self.trials)
        return found

    def _other_words(self) -> list[tuple[float, Flip]]:
        """The first other code or answer that leads to each other outcome."""
        found, start = [], sum(length for _, length in self._ways)
        for name, values in self.tried:
            if FACTS[name].kind in WORDS:
                seen = {self.before}
                outcomes_found = self.found.outcome[start : start + len(values)]
                for value, outcome in zip(values.tolist(), outcomes_found.tolist(), strict=True):
                    if outcome not in seen:
                        seen.add(outcome)
                        found.append(self._item(FACTS[name], value, outcome))
                start += len(values)
        return found

    def _item(self, fact: Fact, value: float, outcome: int) -> tuple[float, Flip]:
        now = plain_value(fact, self.columns[fact.name][0])
        linked = fact.kind not in WORDS and len(moves_too(fact.name)) > 1
        flip = Flip(fact.name, now, plain_value(fact, value), OUTCOMES[outcome], linked)
        return float(distance(self.columns, fact.name, value)), flip
