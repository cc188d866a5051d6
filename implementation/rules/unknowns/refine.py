"""Closer bounds for rows with unknown facts, and the certainty that INDETERMINATE needs.

The interval pass lets every place in which an unknown fact stands take a value of its own. Its bounds hold,
but may be wider than the truth, and what they leave open may be settled. Here the box of a row's unknown
facts is cut in two where it matters, again and again, and completions in every part are evaluated: until
completions show every outcome that is left, and both bounds (to `_TIGHT`) where fit may decide; or until the
rounds are used up. What is found depends on the row alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from implementation.rules.contract import FACTS
from implementation.rules.factors import FACTORS
from implementation.rules.policy import Policy
from implementation.rules.scoring import INDETERMINATE, OUTCOME_OF_SET, Scored, score
from implementation.rules.shapes import Array, Interval
from implementation.rules.shelf import Shelf
from implementation.rules.unknowns.box import narrow
from implementation.rules.unknowns.completions import WHOLE_KINDS, Boxes, Places, complete, completed_shelves

_TIGHT = 5.0  # hundredths of a point within which a completion shows a bound
_ROUNDS = 14  # of cutting, for the outcome
_ROUNDS_FOR_BOUNDS = 6
_PARTS = 64  # parts that a box is cut into at most
_BATCH = 2_048
_DECISIVE = 1_000.0  # hundredths: a fact that changes the outcome is cut before one that moves points
_BROAD, _LEAST_MONEY = 4.0, 1_000.0  # amounts that far apart are cut by their ratio
_COUNT_OF = np.array([bin(bits).count("1") for bits in range(32)])


def refine(
    rows: Mapping[str, Any],
    scored: Scored,
    shelf: Shelf,
    policy: Policy,
    *,
    bounds: bool = True,
    among: Any = True,
) -> Scored:
    """The same pass with narrower bounds and fewer possible outcomes.

    Args:
        rows: what was scored: arrays, or intervals of unknown facts.
        scored: the interval pass over them.
        bounds: whether bounds and every possible outcome matter, or only whether the outcome is open.
        among: rows that matter.
    """
    names = tuple(name for name, value in rows.items() if isinstance(value, Interval))
    if not names:
        return scored
    low = np.stack([rows[name].low for name in names])
    high = np.stack([rows[name].high for name in names])
    wanted = scored.outcome == INDETERMINATE
    # Completions cannot show bounds that unstated fields of programs widen.
    bounds = bounds and len(completed_shelves(shelf, policy)) == 1
    if bounds:
        wanted |= scored.need_can_pass & scored.structures["SMA"].can_pass & scored.structures["UMA"].can_pass
    at = np.flatnonzero(wanted & among & (low < high).any(axis=0))
    if not len(at):
        return scored
    known = {name: value.low if isinstance(value, Interval) else value for name, value in rows.items()}
    net, bits = (scored.net[0].copy(), scored.net[1].copy()), scored.outcome_set.copy()
    contributions = {name: (ends[0].copy(), ends[1].copy()) for name, ends in scored.contributions.items()}
    for start in range(0, len(at), _BATCH):
        some = at[start : start + _BATCH]
        rows_of_it = {name: column[some] for name, column in known.items()}
        boxes = Boxes(rows_of_it, names, np.arange(len(some)), low[:, some], high[:, some])
        search = _Search(boxes, _of_pass(scored, some), shelf, policy, bounds)
        found = search.run()
        net[0][some], net[1][some] = found.low, found.high
        for place, name in enumerate(FACTORS):
            contributions[name][0][some] = found.contributions[0, place]
            contributions[name][1][some] = found.contributions[1, place]
        bits[some] = found.bits
    outcome = OUTCOME_OF_SET[bits]
    return replace(scored, net=net, contributions=contributions, outcome_set=bits, outcome=outcome)


@dataclass
class _Found:
    """What a pass finds for boxes: bounds of the net fit, of the contributions, and the possible outcomes."""

    low: Array
    high: Array
    bits: NDArray[np.uint8]
    contributions: Array

    def take(self, at: Any) -> _Found:
        return _Found(self.low[at], self.high[at], self.bits[at], self.contributions[:, :, at])

    def joined(self, other: _Found) -> _Found:
        return _Found(
            np.concatenate([self.low, other.low]),
            np.concatenate([self.high, other.high]),
            np.concatenate([self.bits, other.bits]),
            np.concatenate([self.contributions, other.contributions], axis=2),
        )


def _of_pass(scored: Scored, at: Any) -> _Found:
    ends = [[scored.contributions[name][end][at] for name in FACTORS] for end in (0, 1)]
    return _Found(scored.net[0][at], scored.net[1][at], scored.outcome_set[at], np.array(ends))


class _Search:
    """Cuts the boxes of a batch of rows."""

    def __init__(self, boxes: Boxes, found: _Found, shelf: Shelf, policy: Policy, bounds: bool) -> None:
        self.shelf, self.policy, self.bounds = shelf, policy, bounds
        self.boxes, self.found = boxes, found
        self.shown_low, self.shown_high = np.full(len(boxes), np.inf), np.full(len(boxes), -np.inf)
        self.shown_bits = np.zeros(len(boxes), dtype=np.uint8)
        self.span = np.where(boxes.open, boxes.high - boxes.low, 1.0)
        self._probe()
        self._show_corners(boxes)

    def run(self) -> _Found:
        """The narrowest bounds and outcomes found for every row of the batch."""
        for number in range(_ROUNDS):
            cut = self._to_cut(bounds=self.bounds and number < _ROUNDS_FOR_BOUNDS)
            if not len(cut):
                break
            self._cut(cut)
        low, high, bits = self._by_row()
        contributions = np.empty((2, len(FACTORS), len(bits)))
        contributions[0], contributions[1] = np.inf, -np.inf
        for place in range(len(FACTORS)):
            np.minimum.at(contributions[0, place], self.boxes.row, self.found.contributions[0, place])
            np.maximum.at(contributions[1, place], self.boxes.row, self.found.contributions[1, place])
        return _Found(low, high, bits, contributions)

    def _by_row(self) -> tuple[Array, Array, NDArray[np.uint8]]:
        """Bounds and possible outcomes of each row, over its parts."""
        count, row = len(self.shown_bits), self.boxes.row
        low, high = np.full(count, np.inf), np.full(count, -np.inf)
        np.minimum.at(low, row, self.found.low)
        np.maximum.at(high, row, self.found.high)
        bits = np.zeros(count, dtype=np.uint8)
        np.bitwise_or.at(bits, row, self.found.bits)
        return low, high, bits

    def _probe(self) -> None:
        """Move each open fact alone: which end pulls which way, and how much it matters."""
        boxes = self.boxes
        shape = boxes.low.shape
        self.toward_uma, self.toward_sma = boxes.low.copy(), boxes.high.copy()
        lowest, highest = np.full(shape, np.inf), np.full(shape, -np.inf)
        seen = np.zeros(shape, dtype=np.uint8)
        middle = _middles(boxes)
        place, at, value = _trials(boxes)
        values = middle[:, at]
        values[place, np.arange(len(at))] = value
        low, high, bits = self._try(boxes.take(at), values)
        np.minimum.at(lowest, (place, at), low)
        np.maximum.at(highest, (place, at), high)
        np.bitwise_or.at(seen, (place, at), bits)
        least, most = low == lowest[place, at], high == highest[place, at]
        self.toward_uma[place[least], at[least]] = value[least]
        self.toward_sma[place[most], at[most]] = value[most]
        moved = np.where(boxes.open, highest - lowest, 0.0) + 1.0
        self.weight = moved + _DECISIVE * (_COUNT_OF[seen] > 1)

    def _show_corners(self, boxes: Boxes) -> None:
        """Evaluate the completions of each box that pull furthest either way."""
        both = boxes.joined(boxes)
        ends = np.hstack([self.toward_uma[:, boxes.row], self.toward_sma[:, boxes.row]])
        self._try(both, np.clip(ends, both.low, both.high))

    def _try(self, boxes: Boxes, values: Array) -> tuple[Array, Array, NDArray[np.uint8]]:
        """Evaluate one completion a box, and keep what it shows."""
        columns, possible = complete(boxes, values)
        bits = np.zeros(len(boxes), dtype=np.uint8)
        low, high = np.full(len(boxes), np.inf), np.full(len(boxes), -np.inf)
        for shelf in completed_shelves(self.shelf, self.policy):
            scored = score(columns, len(boxes), shelf, self.policy)
            low, high = np.minimum(low, scored.net[0]), np.maximum(high, scored.net[1])
            bits |= scored.outcome_set
        some = boxes.row[possible]
        np.minimum.at(self.shown_low, some, low[possible])
        np.maximum.at(self.shown_high, some, high[possible])
        np.bitwise_or.at(self.shown_bits, some, bits[possible])
        return low, high, bits

    def _to_cut(self, bounds: bool) -> Places:
        """The parts that hold what completions do not show: the ends of the bounds, and outcomes."""
        row, found = self.boxes.row, self.found
        low, high, bits = self._by_row()
        unsettled = (_COUNT_OF[bits] > 1) & (_COUNT_OF[self.shown_bits] < 2)
        if self.bounds:
            unsettled = bits != self.shown_bits
        wanted = unsettled[row] & ((found.bits & ~self.shown_bits[row]) != 0)
        if bounds:
            wanted |= (low < self.shown_low - _TIGHT)[row] & (found.low == low[row])
            wanted |= (high > self.shown_high + _TIGHT)[row] & (found.high == high[row])
        wanted &= self.boxes.open.any(axis=0)
        wanted &= np.bincount(row)[row] < _PARTS
        return np.flatnonzero(wanted)

    def _cut(self, cut: Places) -> None:
        """Cut parts in two along the open fact that matters most for its width."""
        boxes = self.boxes.take(cut)
        width = np.where(boxes.open, (boxes.high - boxes.low) / self.span[:, boxes.row], -1.0)
        place = np.argmax(width * self.weight[:, boxes.row], axis=0)
        every = np.arange(len(cut))
        below, above = _cuts(boxes)
        left, right = boxes.take(every), boxes.take(every)
        left.high[place, every] = below[place, every]
        right.low[place, every] = above[place, every]
        halves = left.joined(right)
        found = self._score(halves)
        self._show_corners(halves)
        stay = np.delete(np.arange(len(self.boxes)), cut)
        self.boxes, self.found = self.boxes.take(stay).joined(halves), self.found.take(stay).joined(found)

    def _score(self, boxes: Boxes) -> _Found:
        rows: dict[str, Any] = boxes.facts()
        for place, name in enumerate(boxes.names):
            rows[name] = Interval(boxes.low[place], boxes.high[place])
        narrow(rows)
        for place, name in enumerate(boxes.names):
            boxes.low[place], boxes.high[place] = rows[name].low, rows[name].high
        return _of_pass(score(rows, len(boxes), self.shelf, self.policy), slice(None))


def _trials(boxes: Boxes) -> tuple[Places, Places, Array]:
    """Values to try of each open fact, both ends or every code: place of the fact, row and value."""
    is_open = boxes.open
    places: list[Array] = []
    rows: list[Places] = []
    values: list[Array] = []
    for place, name in enumerate(boxes.names):
        at = np.flatnonzero(is_open[place])
        low, high = boxes.low[place, at], boxes.high[place, at]
        tried = [low, high]
        if FACTS[name].kind == "code":
            tried = [np.clip(float(code), low, high) for code in range(len(FACTS[name].codes))]
        for value in tried:
            places.append(np.full(len(at), place))
            rows.append(at)
            values.append(value)
    return np.concatenate(places).astype(np.intp), np.concatenate(rows), np.concatenate(values)


def _middles(boxes: Boxes) -> Array:
    """The middle of every box; of amounts far apart the middle of their orders of magnitude."""
    middle = np.asarray((boxes.low + boxes.high) / 2)
    for place, name in enumerate(boxes.names):
        if FACTS[name].kind == "money":
            least, most = np.maximum(boxes.low[place], _LEAST_MONEY), boxes.high[place]
            middle[place] = np.where(most > least * _BROAD, np.sqrt(least * most), middle[place])
    return middle


def _cuts(boxes: Boxes) -> tuple[Array, Array]:
    """Where the lower part of each fact ends and where the upper one begins."""
    below = _middles(boxes)
    above = below.copy()
    for place, name in enumerate(boxes.names):
        if FACTS[name].kind in WHOLE_KINDS:
            below[place] = np.floor(below[place])
            above[place] = np.minimum(below[place] + 1, boxes.high[place])
    return below, above
