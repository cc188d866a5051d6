"""A session of the bench: books made, engines run in turn, results compared, medians taken."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from implementation.bench.books import book, with_unknowns
from implementation.bench.comparison import Comparison, compare
from implementation.bench.engines import ENGINES, Engine, documents
from implementation.bench.worker import write_book
from implementation.rules.engine import ENGINE

LATENCY = "latency"
NAMES = (*ENGINES, LATENCY)
_ROOT = Path(__file__).resolve().parents[2]
_UNKNOWN_SHARE = 0.10
_SINGLES = 300
Tell = Callable[[str], None]
Worker = Callable[[dict[str, Any]], dict[str, Any]]


class BenchError(Exception):
    """A measurement could not be made. Says which and why."""


@dataclass(frozen=True)
class Plan:
    """What to run.

    Attributes:
        accounts: sizes, rising.
        rounds: how often each engine runs.
        names: engines of `NAMES`.
        seed: of the book.
    """

    accounts: tuple[int, ...]
    rounds: int
    names: tuple[str, ...]
    seed: int


def run(plan: Plan, tell: Tell, worker: Worker | None = None) -> dict[str, Any]:
    """Run a plan and give the report as plain values; `report.table` writes it out.

    Args:
        tell: hears what is going on.
        worker: does one job; a process of its own by default.

    Raises:
        BenchError: an engine failed.
    """
    worker = worker or in_own_process
    names = ("core", *(name for name in plan.names if name not in ("core", LATENCY)))
    engines = [ENGINES[name] for name in names]
    here = [one for one in engines if one.installed]
    report = _head(plan)
    report["missing"] = [
        {"engine": one.name, "label": one.label, "package": one.package} for one in engines if one not in here
    ]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        room = Path(folder)
        tell(f"Making a book of {max(plan.accounts):,} accounts ...")
        _make_books(room, plan, [one.book for one in here])
        sizes = []
        for size in plan.accounts:
            # What is cut to fewer accounts is the same at every size: once is enough.
            taking = [one for one in here if one.count(size) == size or size == plan.accounts[0]]
            sizes.append(_size(room, size, taking, plan.rounds, tell, worker))
        report["sizes"] = sizes
        report["one_account"] = _one_account(room, plan, worker, tell) if LATENCY in plan.names else {}
    report["equal"] = all(row["differ"] == 0 for size in sizes for row in size["engines"] if row["compared"])
    return report


def in_own_process(job: dict[str, Any]) -> dict[str, Any]:
    """Do a job in a fresh process.

    Raises:
        BenchError: it failed; with the end of what it said.
    """
    return in_process([sys.executable, "-m", "implementation.bench.worker", json.dumps(job)], job["engine"])


def in_process(command: Sequence[str], engine: str) -> dict[str, Any]:
    """Run a command that answers in JSON; errors as in `in_own_process`."""
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise BenchError(f"{engine} failed: {said[-1] if said else f'exit {done.returncode}'}")
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def _head(plan: Plan) -> dict[str, Any]:
    policy, shelf = documents()
    return {
        "engine": ENGINE,
        "policy": {"version": policy.version, "sha256": policy.sha256},
        "shelf": {"version": shelf.version, "sha256": shelf.sha256},
        "seed": plan.seed,
        "rounds": plan.rounds,
        "machine": {
            "cores": os.cpu_count(),
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "numpy": np.__version__,
        },
    }


def _make_books(room: Path, plan: Plan, books: Sequence[str]) -> None:
    complete = book(plan.seed, max(plan.accounts))
    write_book(room / "complete", complete)
    if "unknown" in books or LATENCY in plan.names:
        most = ENGINES["unknown"].count(max(plan.accounts))
        first = {name: column[:most] for name, column in complete.items()}
        write_book(room / "unknown", with_unknowns(first, plan.seed, _UNKNOWN_SHARE))
        few = {name: column[:_SINGLES] for name, column in complete.items()}
        write_book(room / "singles", with_unknowns(few, plan.seed, 1.0))


def _size(
    room: Path, size: int, engines: Sequence[Engine], rounds: int, tell: Tell, worker: Worker
) -> dict[str, Any]:
    taken: dict[str, list[dict[str, Any]]] = {one.name: [] for one in engines}
    for turn in range(rounds):
        for one in engines:
            tell(f"{size:,} accounts, round {turn + 1} of {rounds}: {one.label}")
            job = {
                "engine": one.name,
                "book": str(room / one.book),
                "count": one.count(size),
                "results": str(room / f"{one.name}-{size}") if turn == 0 and one.compared else "",
            }
            taken[one.name].append(worker(job))
    rows = {one.name: _row(one, one.count(size), taken[one.name]) for one in engines}
    for one in engines:
        row, beside = rows[one.name], rows.get(one.beside)
        row["times_core"] = row["us_per_account"] / beside["us_per_account"] if beside else None
        if one.compared and one.name != "core":
            row |= _compared(compare(one, room / f"{one.name}-{size}", room / f"core-{size}"))
    hand = rows.get("numpy")
    return {
        "accounts": size,
        "core_times_numpy": rows["core"]["us_per_account"] / hand["us_per_account"] if hand else None,
        "engines": list(rows.values()),
    }


def _row(one: Engine, count: int, taken: Sequence[dict[str, Any]]) -> dict[str, Any]:
    median = {key: statistics.median(each[key] for each in taken) for key in taken[0]}
    return {
        "engine": one.name,
        "label": one.label,
        "gives": one.gives,
        "beside": one.beside,
        "accounts": count,
        "cpu_s": median["cpu_s"],
        "wall_s": median["wall_s"],
        "setup_s": median["setup_s"],
        "extra_mb": median["extra_bytes"] / 1e6,
        "us_per_account": median["cpu_s"] / count * 1e6,
        "accounts_per_s": count / median["cpu_s"],
        "compared": 0,
        "differ": 0,
    }


def _compared(found: Comparison) -> dict[str, Any]:
    return {
        "compared": found.accounts,
        "differ": found.differ,
        "differ_in": dict(found.by_result),
        "first_that_differ": list(found.first),
    }


def _one_account(room: Path, plan: Plan, worker: Worker, tell: Tell) -> dict[str, Any]:
    tell("One account at a time ...")
    count = min(_SINGLES, max(plan.accounts))
    books = {"complete": "complete", "some unknown": "singles"}
    return {
        "accounts": count,
        **{
            label: worker({"engine": LATENCY, "book": str(room / name), "count": count, "results": ""})
            for label, name in books.items()
        },
    }
