"""What one account takes: scoring alone, and with everything that explains it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from implementation.bench.engines import AS_OF, documents
from implementation.rules.engine import evaluate
from implementation.rules.explain import explain
from implementation.rules.facts import Columns


def latencies(columns: Columns) -> dict[str, dict[str, float]]:
    """Milliseconds of processor time of each account by itself, after one to warm up: median and p99."""
    policy, shelf = documents()
    singles = [
        {name: column[row : row + 1] for name, column in columns.items()}
        for row in range(len(columns["account_value"]))
    ]
    return {
        "score": _spread(singles, lambda one: evaluate(one, shelf, policy, AS_OF)),
        "explain": _spread(singles, lambda one: explain(one, 0, shelf, policy, AS_OF)),
    }


def _spread(singles: list[Columns], call: Callable[[Columns], Any]) -> dict[str, float]:
    call(singles[0])
    taken = []
    for one in singles:
        started = time.process_time()
        call(one)
        taken.append((time.process_time() - started) * 1000)
    return {"median_ms": float(np.median(taken)), "p99_ms": float(np.percentile(taken, 99))}
