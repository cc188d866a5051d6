"""Results of two engines, account by account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from implementation.bench.engines import CLOSE, Engine

_POINTS = ("net_fit", "contribution.")


@dataclass(frozen=True)
class Comparison:
    """How many accounts were compared, how many differ, in what, and the first of them."""

    accounts: int
    differ: int
    by_result: Mapping[str, int]
    first: tuple[int, ...]

    @property
    def equal(self) -> bool:
        """Whether every account agrees in everything that both give."""
        return self.differ == 0


def compare(engine: Engine, results: Path, core: Path) -> Comparison:
    """Hold an engine's results against the core's: codes and flags exactly, numbers as near as it promises.

    Args:
        results, core: folders with one array a file; the core may have more accounts, never fewer.

    Raises:
        ValueError: the engine gives neither outcome nor net fit, or more accounts than the core.
    """
    names = sorted(path.stem for path in results.glob("*.npy"))
    if not {"outcome", "net_fit"} <= set(names):
        raise ValueError(f"{engine.name} gives no outcome or no net fit")
    differs: Any = None
    by_result: dict[str, int] = {}
    for name in names:
        if not (core / f"{name}.npy").exists():
            continue
        given, wanted = np.load(results / f"{name}.npy"), np.load(core / f"{name}.npy", mmap_mode="r")
        if len(given) > len(wanted):
            raise ValueError(f"{engine.name} gives {len(given)} accounts, the core {len(wanted)}")
        off = _off(given, wanted[: len(given)], engine.within if name.startswith(_POINTS) else CLOSE)
        if off.any():
            by_result[name] = int(off.sum())
        differs = off if differs is None else differs | off
    rows = np.flatnonzero(differs)
    return Comparison(len(differs), len(rows), by_result, tuple(int(row) for row in rows[:5]))


def _off(given: Any, wanted: Any, within: float) -> Any:
    if given.dtype.kind != "f":
        return given != wanted
    # Not within, rather than beyond: NaN on either side is a difference.
    return ~(np.abs(given - wanted) <= within)
