"""Trials: one account with single facts changed, many such rows scored by the engine in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from implementation.rules.changes.moves import Block, block_of, move, moves_too
from implementation.rules.engine import outcomes
from implementation.rules.factors import reads
from implementation.rules.facts import Columns
from implementation.rules.need import need
from implementation.rules.parameters import Parameter, Recorder
from implementation.rules.policy import Policy
from implementation.rules.scoring import Scored, score
from implementation.rules.shapes import Array
from implementation.rules.shelf import Shelf

_NEED_READS = reads(need)
Moves = Sequence[tuple[str, Array]]
"""Facts and the values that they take, one row each."""


class Trials:
    """What the engine says of one account with facts changed.

    Attributes:
        base: a pass over the account itself; parts of it that no changed fact touches are taken from there.
        rows, first: the rows that were scored last, and where among them the trials begin.
    """

    def __init__(self, columns: Columns, complete: bool, shelf: Shelf, policy: Policy) -> None:
        """Trials of one account.

        Args:
            columns: one row.
            complete: whether every fact is known.
        """
        self.columns, self.shelf, self.policy = columns, shelf, policy
        self.base: Scored | None = None
        self.complete = complete
        self.rows: Block = columns
        self.first = 0

    def single(self, moves: Moves) -> Scored:
        """Score rows in which one fact at a time takes each of its values, in the order given."""
        return self._score(*self.block(moves))

    def joint(self, groups: Sequence[Moves]) -> Scored:
        """Score rows in which several facts change one after the other; all values of a group are as many."""
        count = sum(len(moves[0][1]) for moves in groups)
        block, changed = self._repeated({name for moves in groups for name, _ in moves}, count)
        start = 0
        for moves in groups:
            stop = start + len(moves[0][1])
            for name, values in moves:
                move(block, slice(start, stop), name, values)
            start = stop
        return self._score(block, count, changed)

    def block(
        self, moves: Moves, after: int = 0, also: Iterable[str] = ()
    ) -> tuple[Block, int, frozenset[str]]:
        """Rows in which one fact at a time takes each of its values, after so many of the account itself.

        Args:
            also: facts that whoever asks will change in the rows before.

        Returns:
            The rows, how many there are, and the facts that change in them.
        """
        count = after + sum(len(values) for _, values in moves)
        block, changed = self._repeated({*also, *(name for name, _ in moves)}, count)
        start = after
        for name, values in moves:
            move(block, slice(start, start + len(values)), name, values)
            start += len(values)
        return block, count, changed

    def heard_of_need(self, places: Any) -> list[tuple[Parameter, Any, Any, Any]]:
        """What the need test's rules read and gave in some of the trials that were scored last."""
        recorder = Recorder()
        facts = {name: self.rows[name] for name in _NEED_READS}
        some = self.first + places
        taken = {name: value if len(value) == 1 else value[some] for name, value in facts.items()}
        with np.errstate(divide="ignore", invalid="ignore"):
            need(**taken, p=self.policy.need.heard_by(recorder))
        return recorder.calls

    def _repeated(self, names: Iterable[str], count: int) -> tuple[Block, frozenset[str]]:
        """The account so many times, in which these facts and those that move with them can be changed."""
        changed = frozenset().union(*(moves_too(name) for name in names))
        if not self.complete:
            return block_of(self.columns, count), changed
        # What does not change is the same for every row: one value stands for all of them.
        block: Block = dict(self.columns)
        names = sorted(changed)
        now = np.array([self.columns[name][0] for name in names], dtype=np.float64)
        block.update(zip(names, np.repeat(now[:, None], count, axis=1), strict=True))
        return block, changed

    def _score(self, block: Block, count: int, changed: frozenset[str]) -> Scored:
        self.rows, self.first = block, 0
        if not self.complete:
            return outcomes(block, self.shelf, self.policy)
        with np.errstate(divide="ignore", invalid="ignore"):
            return score(block, count, self.shelf, self.policy, base=self.base, changed=changed)
