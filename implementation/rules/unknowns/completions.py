"""Completions: unknown facts filled in, so that the rules can say what one possible truth would give.

A completion contradicts nothing: shares sum to 1, a part is within its whole, one issuer is within stocks and
bonds. Fields of programs that nobody has stated are filled in likewise, all for or all against a structure.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from implementation.rules import costs
from implementation.rules.contract import FACTS, FUNDING_SHARES
from implementation.rules.facts import Columns
from implementation.rules.policy import Policy
from implementation.rules.programs import STRUCTURES, Program
from implementation.rules.shapes import Array
from implementation.rules.shelf import Shelf
from implementation.rules.unknowns.box import CONTAINED, KEPT, NO_RESTRICTION, SUM_SLACK

Places = NDArray[np.intp]
WHOLE_KINDS = ("count", "level", "flag", "code")
_NOISE = 1e-9
_ISSUERS = ("largest_position_share", "saleable_largest_share")


@dataclass
class Boxes:
    """What unknown facts of some rows may be.

    Attributes:
        known: every fact of the rows; of open facts the values here say nothing.
        names: facts that are open in some row.
        row: which row each box belongs to.
        low, high: bounds of the open facts, names by boxes; equal where the row knows the fact.
    """

    known: Mapping[str, Any]
    names: tuple[str, ...]
    row: Places
    low: Array
    high: Array

    def __len__(self) -> int:
        return len(self.row)

    @property
    def open(self) -> NDArray[np.bool_]:
        """Which facts are open in which box."""
        return self.low < self.high

    def facts(self) -> dict[str, Any]:
        """The known facts, box by box."""
        return {name: column[self.row] for name, column in self.known.items()}

    def take(self, at: Places) -> Boxes:
        """Some boxes, in the order given, as often as given."""
        return Boxes(self.known, self.names, self.row[at], self.low[:, at], self.high[:, at])

    def joined(self, other: Boxes) -> Boxes:
        """These boxes, and others of the same rows."""
        row = np.concatenate([self.row, other.row])
        low, high = np.hstack([self.low, other.low]), np.hstack([self.high, other.high])
        return Boxes(self.known, self.names, row, low, high)


def complete(boxes: Boxes, values: Array) -> tuple[Columns, NDArray[np.bool_]]:
    """Facts of boxes with the open ones filled in, as near to `values` as what belongs together allows.

    Args:
        boxes: what open facts may be.
        values: names by boxes, inside them.

    Returns:
        The columns, and which of them contradict nothing.
    """
    rows: Columns = boxes.facts()
    is_open: dict[str, Any] = {}
    for place, name in enumerate(boxes.names):
        filled = np.rint(values[place]) if FACTS[name].kind in WHOLE_KINDS else values[place]
        rows[name] = filled.astype(np.int16) if FACTS[name].kind == "code" else filled
        is_open[name] = boxes.low[place] < boxes.high[place]
    _hold_the_largest(rows, boxes, is_open)
    _sum_to_one(rows, boxes)
    possible = np.ones(len(boxes), dtype=bool)
    # Known facts may contradict each other; a completion is judged by what it fills in, box by box.
    for part, whole in CONTAINED:
        if part in is_open or whole in is_open:
            rows[part] = np.where(is_open.get(part, False), np.minimum(rows[part], rows[whole]), rows[part])
            raised = is_open.get(whole, False) & (rows[part] > rows[whole])
            rows[whole] = np.where(raised, rows[part], rows[whole])
            filled = is_open.get(part, False) | is_open.get(whole, False)
            possible &= ~filled | (rows[part] <= rows[whole] + _NOISE)
    _hold_issuers(rows, is_open, possible)
    _hold_kept(rows, is_open, possible)
    for place, name in enumerate(boxes.names):
        possible &= rows[name] >= boxes.low[place] - _NOISE
        possible &= rows[name] <= boxes.high[place] + _NOISE
    return rows, possible


def _hold_issuers(rows: Columns, is_open: Mapping[str, Any], possible: NDArray[np.bool_]) -> None:
    """A single issuer is within stocks and bonds."""
    most = rows["stock_share"] + rows["bond_share"]
    funded = is_open.get("stock_share", False) | is_open.get("bond_share", False)
    for name in _ISSUERS:
        rows[name] = np.where(is_open.get(name, False), np.minimum(rows[name], most), rows[name])
        filled = is_open.get(name, False) | funded
        possible &= ~np.asarray(filled) | (rows[name] <= most + SUM_SLACK)


def _hold_kept(rows: Columns, is_open: Mapping[str, Any], possible: NDArray[np.bool_]) -> None:
    """Nothing is restricted without a reason; what is restricted and what is retained are not the same."""
    restricted, retained = KEPT
    reason = "restriction_reason"
    without = rows[reason] == NO_RESTRICTION
    if restricted in is_open:
        rows[restricted] = np.where(is_open[restricted] & without, 0.0, rows[restricted])
    for name, other in (KEPT, KEPT[::-1]):
        if name in is_open:
            rows[name] = np.where(is_open[name], np.minimum(rows[name], 1.0 - rows[other]), rows[name])
    filled = is_open.get(restricted, False) | is_open.get(reason, False)
    possible &= ~np.asarray(filled) | ~without | (rows[restricted] <= 0.0)
    filled = is_open.get(restricted, False) | is_open.get(retained, False)
    possible &= ~np.asarray(filled) | (rows[restricted] + rows[retained] <= 1.0 + _NOISE)


def _hold_the_largest(rows: Columns, boxes: Boxes, is_open: Mapping[str, Any]) -> None:
    """Open stocks and bonds are at least what the largest position says, where that is known."""
    largest = np.where(is_open.get("largest_position_share", False), 0.0, rows["largest_position_share"])
    for name, other in (("stock_share", "bond_share"), ("bond_share", "stock_share")):
        if name in is_open:
            least = np.minimum(largest - rows[other], boxes.high[boxes.names.index(name)])
            rows[name] = np.where(is_open[name], np.maximum(rows[name], least), rows[name])


def _sum_to_one(rows: Columns, boxes: Boxes) -> None:
    """Open funding shares take up, or give back, what the sum of all five misses.

    Stocks and bonds give back last: they hold the largest position.
    """
    places = [place for place, name in enumerate(boxes.names) if name in FUNDING_SHARES]
    others = [place for place in places if boxes.names[place] not in ("stock_share", "bond_share")]
    for sign, group in ((1.0, places), (-1.0, others), (-1.0, places)):
        if not group:
            continue
        total = np.zeros(len(boxes))
        for name in FUNDING_SHARES:
            total = total + rows[name]
        ends = boxes.high if sign > 0 else boxes.low
        room = [np.maximum(sign * (ends[place] - rows[boxes.names[place]]), 0.0) for place in group]
        all_room = np.add.reduce(room)
        missing = np.maximum(sign * (1.0 - total), 0.0)
        missing = np.where(missing <= SUM_SLACK, 0.0, missing)
        part = np.minimum(missing, all_room)
        taken = np.divide(part, all_room, out=np.zeros(len(boxes)), where=all_room > 0)
        for place, space in zip(group, room, strict=True):
            name = boxes.names[place]
            rows[name] = rows[name] + sign * space * taken


def completed_shelves(shelf: Shelf, policy: Policy) -> tuple[Shelf, ...]:
    """The shelf, or where programs have fields that nobody has stated, four shelves that state them all.

    Each structure's programs take everything at its most and at its least accommodating.
    """
    if all(not program.unknowns and costs.is_priced(program) for program in shelf.programs):
        return (shelf,)
    return _completed(shelf, policy)


@lru_cache(maxsize=16)
def _completed(shelf: Shelf, policy: Policy) -> tuple[Shelf, ...]:
    shelves = []
    for kinds in itertools.product((True, False), repeat=len(STRUCTURES)):
        kind = dict(zip(STRUCTURES, kinds, strict=True))
        stated = tuple(_stated(program, kind[program.structure], policy) for program in shelf.programs)
        shelves.append(replace(shelf, programs=stated))
    return tuple(shelves)


_ACCOMMODATING: dict[str, tuple[Any, Any]] = {
    "custodians": (None, frozenset()),
    "registrations": (None, frozenset()),
    "strategies": (None, frozenset()),
    "overlay_custodians": (None, frozenset()),
    "overlay_scope": ("household", "account"),
    "maximum_restrictions": (np.inf, 0.0),
    "lots_required": (False, True),
    "minimum_basis": ("relationship", "account"),
}
"""Field -> what it is at its most and at its least accommodating; minimums and fees come from the policy."""


def _stated(program: Program, kind: bool, policy: Policy) -> Program:
    stated: dict[str, Any] = {}
    for name in program.unknowns - {"fees"}:
        if name.endswith("_minimum"):
            stated[name] = policy.ranges["minimum"][0 if kind else 1]
        elif hasattr(program, name):
            most, least = _ACCOMMODATING.get(name, (True, False))
            stated[name] = most if kind else least
    if not costs.is_priced(program):
        stated["fees"] = costs.schedules(program.fees, *policy.ranges["fee_bps"])[0 if kind else 1]
    return replace(program, **stated, unknowns=frozenset())
