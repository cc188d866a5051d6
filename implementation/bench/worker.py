"""One measurement in a process of its own: `python -m implementation.bench.worker JOB`, JSON in and out.

The job names the engine, the folder with one column a file, how many accounts to take and, where results are
wanted, the folder to put them in.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from implementation.bench.engines import ENGINES, documents
from implementation.bench.latency import latencies
from implementation.bench.memory import peak_bytes, reset_peak
from implementation.rules.facts import FACTS, Columns

_WARM = 1_000
_LARGE = 31 * 2**20


def main() -> None:
    """Do the job of the command line."""
    job = json.loads(sys.argv[1])
    columns = read_book(Path(job["book"]), job["count"])
    measured = latencies(columns) if job["engine"] == "latency" else measure(job, columns)
    json.dump(measured, sys.stdout)


def measure(job: dict[str, Any], columns: Columns) -> dict[str, Any]:
    """Time and memory of one engine over columns, after a small run that loads what loads late."""
    engine = ENGINES[job["engine"]]
    policy, shelf = documents()
    started = time.process_time()
    run = engine.prepare(policy, shelf)
    setup = time.process_time() - started
    run({name: column[:_WARM] for name, column in columns.items()})
    np.empty(_LARGE, dtype=np.uint8)  # for all what the core does for itself: see engine.evaluate
    gc.collect()
    before = reset_peak()
    wall, processor = time.perf_counter(), time.process_time()
    found = run(columns)
    processor, wall = time.process_time() - processor, time.perf_counter() - wall
    extra = peak_bytes() - before
    if job["results"]:
        write_book(Path(job["results"]), engine.results(found))
    return {"setup_s": setup, "cpu_s": processor, "wall_s": wall, "extra_bytes": extra}


def read_book(folder: Path, count: int) -> Columns:
    """The first accounts of a book; nothing but these is read into memory."""
    return {name: np.array(np.load(folder / f"{name}.npy", mmap_mode="r")[:count]) for name in FACTS}


def write_book(folder: Path, columns: Any) -> None:
    """One file a column."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, column in columns.items():
        np.save(folder / f"{name}.npy", column)


if __name__ == "__main__":
    main()
