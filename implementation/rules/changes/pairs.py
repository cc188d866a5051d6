"""Pairs: where no single fact changes the outcome, the nearest two facts that do when both move.

The method, the same for every account:

1. The trials of the flip points tell the helpful moves of each fact: the value that pulls the net fit
   furthest toward the SMA, the one that pulls it furthest toward the UMA, and the nearest values at which a
   structure fails fewer tests, opens or closes, or the need turns.
2. The strongest of these moves (`_PULLS` each way by fit, `_DOORS` by tests and need) are tried in twos.
3. The nearest pairs that change the outcome (`_KEPT`) are cut down: both facts go the same part of their way,
   the least at which the outcome changes.
4. They are ranked by the sum of the distances of both facts.
5. Where none of those changes it, every helpful move of every fact is tried with every other, with the values
   at which a structure fails fewest tests and the ends of what each fact can be, before nothing is found.

Every pair has been evaluated by the engine; other pairs may exist, and nearer ones where the two facts go
different parts of their ways.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from implementation.rules.changes.flips import Change, Search
from implementation.rules.changes.moves import moves_too
from implementation.rules.changes.steps import STEP, WORDS, distance, on_step, plain_value
from implementation.rules.contract import FACTS
from implementation.rules.eligibility import TESTS
from implementation.rules.scoring import OUTCOMES, STRUCTURES, Scored
from implementation.rules.shapes import Array

SHOWN = 3
"""Pairs given, at most."""
_PULLS = 5
_DOORS = 6
_KEPT = 6
_PARTS = 128
_NOISE = 1e-6  # of a step
_ROUNDS = 6  # each finds the least part of the way _PARTS times finer
_FAILS = np.array([bin(bits).count("1") for bits in range(1 << len(TESTS))])


@dataclass(frozen=True)
class Pair:
    """Two facts that change the outcome together, and to which."""

    changes: tuple[Change, Change]
    outcome: str


@dataclass(frozen=True)
class _Move:
    fact: str
    value: float
    distance: float
    gain: float


Both = tuple[_Move, _Move]


@dataclass
class _Way:
    """A pair on its way: the outcome is the same at part `near`, and another at part `far`."""

    both: Both
    outcome: int
    near: float = 0.0
    far: float = 1.0

    def is_wide(self, search: Search) -> bool:
        """Whether either fact has a step between the two ends."""
        part = np.array([self.near, self.far])
        ends = {one.fact: _part_way(search, one, part) for one in self.both}
        return any(
            FACTS[name].kind not in WORDS and np.ptp(values) > STEP[FACTS[name].kind] * (1 + _NOISE)
            for name, values in ends.items()
        )


def flip_pairs(search: Search) -> list[Pair]:
    """The nearest pairs of an account that no single fact flips, the nearest first.

    None while the outcome is not determined.

    Args:
        search: of the flip points, which found none.
    """
    if not search.tried:
        return []
    ways = _that_flip(search, _helpful(search, _PULLS, _DOORS)) or _that_flip(search, _helpful(search))
    for _ in range(_ROUNDS):
        _cut_down(search, [way for way in ways if way.is_wide(search)])
    best: dict[frozenset[str], tuple[float, Pair]] = {}
    for item in sorted((_pair(search, way) for way in ways), key=lambda item: item[0]):
        best.setdefault(frozenset(change.fact for change in item[1].changes), item)
    return [pair for _, pair in list(best.values())[:SHOWN]]


def _helpful(search: Search, pulls: int | None = None, doors: int | None = None) -> list[_Move]:
    """The most helpful moves, no two the same; without limits every one, and the ends of each fact."""
    names = list(dict.fromkeys(name for name, _ in search.tried))
    owner = np.repeat(
        [names.index(name) for name, _ in search.tried], [len(values) for _, values in search.tried]
    )
    value = np.concatenate([values for _, values in search.tried])
    ways = np.concatenate([distance(search.columns, name, values) for name, values in search.tried])

    def best(rows: Any, order: Array, gain: Array) -> list[_Move]:
        """Of some rows the one that comes first of each fact."""
        rows = rows[np.argsort(order[rows], kind="stable")]
        rows = rows[np.unique(owner[rows], return_index=True)[1]]
        return [_Move(names[owner[at]], float(value[at]), float(ways[at]), float(gain[at])) for at in rows]

    net, now = _both_ends(search.found), float(_both_ends(search.base)[0])
    kept: list[_Move] = []
    for sign in (1, -1):
        gain = sign * (net - now)
        moves = best(np.flatnonzero(gain > 0), -gain, gain)
        kept += sorted(moves, key=lambda one: (-one.gain, one.fact))[:pulls]
    opening = [one for where in _doors(search) for one in best(np.flatnonzero(where), ways, ways)]
    kept += sorted(opening, key=lambda one: (one.distance, one.fact))[:doors]
    if pulls is None:
        everywhere = np.arange(len(value))
        orders = [*(_FAILS[search.found.structures[name].failed] for name in STRUCTURES), value, -value]
        kept += [one for order in orders for one in best(everywhere, order, ways)]
    return list({(one.fact, one.value): one for one in kept}.values())


def _both_ends(scored: Scored) -> Array:
    return scored.net[0] + scored.net[1]


def _doors(search: Search) -> Iterator[Any]:
    """Rows in which the need turns, a structure opens or closes, or fails fewer tests."""
    scored, base = search.found, search.base
    wide = scored.outcome.shape
    yield np.broadcast_to(scored.need_can_pass != base.need_can_pass[0], wide)
    for name in STRUCTURES:
        here, there = base.structures[name], scored.structures[name]
        yield np.broadcast_to(there.can_pass != here.can_pass[0], wide)
        yield np.broadcast_to(_FAILS[there.failed] < _FAILS[here.failed[0]], wide)


def _apart(a: _Move, b: _Move) -> bool:
    """Whether neither fact has to move with the other."""
    return a.fact not in moves_too(b.fact) and b.fact not in moves_too(a.fact)


def _that_flip(search: Search, moves: Sequence[_Move]) -> list[_Way]:
    """The nearest pairs of moves that change the outcome when both go all the way."""
    both = [pair for pair in itertools.combinations(moves, 2) if _apart(*pair)]
    if not both:
        return []
    both.sort(key=lambda pair: (pair[0].distance + pair[1].distance, pair[0].fact, pair[1].fact))
    rows = [[(one.fact, np.array([one.value])) for one in pair] for pair in both]
    outcome = search.trials.joint(rows).outcome.tolist()
    ways = [_Way(pair, code) for pair, code in zip(both, outcome, strict=True) if code != search.before]
    return ways[:_KEPT]


def _cut_down(search: Search, ways: Sequence[_Way]) -> None:
    """Find the least part of its way at which each pair changes the outcome, between what is known of it."""
    if not ways:
        return
    parts = [np.linspace(way.near, way.far, _PARTS + 1) for way in ways]
    rows = [
        [(one.fact, _part_way(search, one, part)) for one in way.both]
        for way, part in zip(ways, parts, strict=True)
    ]
    found = search.trials.joint(rows).outcome.reshape(len(ways), _PARTS + 1)
    for way, part, outcome in zip(ways, parts, found, strict=True):
        first = int(np.flatnonzero(outcome != search.before)[0])
        way.near, way.far, way.outcome = float(part[first - 1]), float(part[first]), int(outcome[first])


def _part_way(search: Search, one: _Move, part: Any) -> Array:
    """A fact part of its way, in its own steps; another word is there at once."""
    fact, now = FACTS[one.fact], float(search.columns[one.fact][0])
    if fact.kind in WORDS:
        return np.full(len(part), one.value)
    moved: Array = np.where(part < 1, on_step(now + part * (one.value - now), fact.kind), one.value)
    return moved


def _pair(search: Search, way: _Way) -> tuple[float, Pair]:
    changes, far = [], 0.0
    for one in way.both:
        value = float(_part_way(search, one, np.array([way.far]))[0])
        now = search.columns[one.fact][0]
        changes.append(
            Change(one.fact, plain_value(FACTS[one.fact], now), plain_value(FACTS[one.fact], value))
        )
        far += float(distance(search.columns, one.fact, value))
    return far, Pair((changes[0], changes[1]), OUTCOMES[way.outcome])
