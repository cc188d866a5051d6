"""What shapes answered to facts, kept for passes over the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


class Answers:
    """Answers by shape and fact, so that both structures and every small change ask once.

    Facts are told apart by identity, which is safe as long as they are held here and never written to. What
    is worked out on the way is not kept: nobody asks about the same array again, and it would pile up.
    """

    def __init__(self, facts: Iterable[Any], before: Answers | None = None) -> None:
        """Keep answers about these facts; about others ask those of a pass before."""
        self._facts = {id(fact): fact for fact in facts}
        self._kept: dict[tuple[int, int], Any] = {}
        self._before = before

    def of(self, shape: Callable[[Any], Any], value: Any) -> Any:
        """The shape's result for a value."""
        if id(value) not in self._facts:
            return shape(value) if self._before is None else self._before.of(shape, value)
        key = id(shape), id(value)
        if key not in self._kept:
            self._kept[key] = shape(value)
        return self._kept[key]
