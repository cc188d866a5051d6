"""The bench: peers agree with the core account by account, a difference is found and fails the command."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from implementation.bench import session
from implementation.bench.books import book, with_unknowns
from implementation.bench.by_hand import ByHand
from implementation.bench.comparison import compare
from implementation.bench.constants import NotCompared
from implementation.bench.engines import ENGINES, documents
from implementation.bench.latency import latencies
from implementation.bench.memory import peak_bytes, reset_peak
from implementation.bench.worker import measure, read_book, write_book
from implementation.rules.facts import FACTS, account_from_json, account_of
from implementation.rules.policy import Policy
from implementation.rules.shelf import Shelf
from implementation.rules.unknowns.box import incomplete_rows, unknown_in
from tests.rules.books import PUBLISHED, ROOT

# OpenFisca is compared where somebody has installed it; it is no dependency, so its absence is no gap.
PEERS = [name for name, engine in ENGINES.items() if engine.compared and engine.installed and name != "core"]
ACCOUNTS = 2_000


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book and what the core says of it."""
    folder = tmp_path_factory.mktemp("bench")
    columns = book(20_261_122, ACCOUNTS)
    write_book(folder / "book", columns)
    core = ENGINES["core"]
    write_book(folder / "core", core.results(core.prepare(*documents())(columns)))
    return folder


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_agrees_on_every_account(name: str, room: Path) -> None:
    engine = ENGINES[name]
    run = engine.prepare(*documents())
    write_book(room / name, engine.results(run(read_book(room / "book", ACCOUNTS))))
    found = compare(engine, room / name, room / "core")
    assert (found.accounts, found.differ, dict(found.by_result)) == (ACCOUNTS, 0, {})


def test_by_hand_gives_what_the_table_says_it_gives(room: Path) -> None:
    core = {path.stem for path in (room / "core").glob("*.npy")}
    given = set(ByHand(*documents())(book(1, 10)))
    assert given == core
    assert len(given) == 5 + 2 * 3 + 6 * 3


def test_the_book_meets_every_outcome_and_every_way_to_decide(room: Path) -> None:
    outcome, decided = np.load(room / "core" / "outcome.npy"), np.load(room / "core" / "decided_by.npy")
    assert (np.bincount(outcome, minlength=4) > 20).all()
    assert (np.bincount(decided, minlength=3) > 20).all()
    assert 20 < np.load(room / "core" / "fragile.npy").sum() < ACCOUNTS / 2


def small(folder: Path, **changed: Any) -> Path:
    """Results of four accounts, some of them changed."""
    results: dict[str, Any] = {
        "outcome": np.array([0, 1, 2, 3], dtype=np.int8),
        "net_fit": np.array([20.0, -20.0, 3.0, 0.5]),
        "fragile": np.array([False, True, False, False]),
    }
    write_book(folder, results | changed)
    return folder


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        ({}, {}),
        ({"outcome": np.array([0, 1, 2, 2], dtype=np.int8)}, {"outcome": 1}),
        ({"fragile": np.array([True, True, True, False])}, {"fragile": 2}),
        ({"net_fit": np.array([20.004, -20.0, 3.0, 0.5])}, {}),
        ({"net_fit": np.array([20.006, -20.0, 2.99, 0.5])}, {"net_fit": 2}),
        ({"net_fit": np.array([20.0, np.nan, 3.0, 0.5])}, {"net_fit": 1}),
    ],
)
def test_differences_are_counted_by_result(
    tmp_path: Path, changed: dict[str, Any], differs: dict[str, int]
) -> None:
    found = compare(ENGINES["numpy"], small(tmp_path / "peer", **changed), small(tmp_path / "core"))
    assert found.by_result == differs
    assert found.equal == (not differs)


def test_rows_that_differ_twice_count_once_and_the_first_are_named(tmp_path: Path) -> None:
    wrong = {"outcome": np.array([0, 0, 2, 3], dtype=np.int8), "net_fit": np.array([20.0, 20.0, 3.0, 9.0])}
    found = compare(ENGINES["numpy"], small(tmp_path / "peer", **wrong), small(tmp_path / "core"))
    assert (found.accounts, found.differ, found.first) == (4, 2, (1, 3))


def test_a_peer_that_gives_no_outcome_is_not_compared(tmp_path: Path) -> None:
    write_book(tmp_path / "peer", {"net_fit": np.zeros(4)})
    with pytest.raises(ValueError, match="no outcome"):
        compare(ENGINES["numpy"], tmp_path / "peer", small(tmp_path / "core"))


def test_the_book_is_complete_and_every_account_can_be_true() -> None:
    columns = book(5, 300)
    assert not incomplete_rows(columns).any()
    for row in range(0, 300, 20):
        account = account_of(columns, row)
        assert account_from_json(account) == account


def test_unknowns_fall_on_the_share_of_rows_that_was_asked_for() -> None:
    complete = book(5, 4_000)
    partial = with_unknowns(complete, 6, share=0.25, most=3)
    unknown = np.stack([unknown_in(partial, name) for name in FACTS])
    per_row = unknown.sum(axis=0)
    assert set(np.unique(per_row)) == {0, 1, 2, 3}
    assert 0.22 < (per_row > 0).mean() < 0.28
    for name, hidden in zip(FACTS, unknown, strict=True):
        assert (partial[name][~hidden] == complete[name][~hidden]).all()


def test_a_rule_that_is_not_written_by_hand_is_refused() -> None:
    policy, shelf = documents()
    rule = """
    uma:
      tilts: {label: Tilts, shape: curve, points: [[0, 0], [9, 3]], reads: count, gives: points,
        unit: "tilts, to points of fit", range: [0, 30], rationale: For this test alone.}
"""
    head, customization, rest = policy.text.rpartition("\n  customization:")
    own = customization + rest.replace("\n    uma:\n", rule, 1)
    with pytest.raises(NotCompared, match=r"customization\.uma\.tilts"):
        ByHand(Policy.parse(head + own), shelf)


def test_a_shelf_that_is_not_written_by_hand_is_refused() -> None:
    policy, shelf = documents()
    with pytest.raises(NotCompared, match="one SMA and one UMA"):
        ByHand(policy, PUBLISHED)
    changed: Shelf = shelf.with_changes({"UMA": {"counts_contributions": True}})
    with pytest.raises(NotCompared, match="counts_contributions"):
        ByHand(policy, changed)


def test_one_account_is_timed_with_and_without_its_explanation() -> None:
    found = latencies(book(5, 3))
    assert set(found) == {"score", "explain"}
    for spread in found.values():
        assert 0 < spread["median_ms"] <= spread["p99_ms"]
    assert found["score"]["median_ms"] < found["explain"]["p99_ms"]


def test_memory_is_counted_from_the_reset() -> None:
    before = reset_peak()
    held = np.ones(6_000_000)
    assert 40e6 < peak_bytes() - before < 80e6
    assert held.sum() == 6_000_000


def bench(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    # A database that cannot be opened: whoever touches it fails.
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}
    command = [sys.executable, "manage.py", "bench", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, env=environment)


def test_the_command_as_a_process_without_a_database() -> None:
    done = bench("--accounts", "300", "--rounds", "1", "--only", "numpy", "--json", "-")
    assert (done.returncode, done.stderr) == (0, b"")
    report = json.loads(done.stdout)
    assert report["equal"] is True
    (size,) = report["sizes"]
    assert [row["engine"] for row in size["engines"]] == ["core", "numpy"]
    hand = size["engines"][1]
    assert (hand["accounts"], hand["compared"], hand["differ"]) == (300, 300, 0)
    assert size["core_times_numpy"] > 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--accounts", "many"), "not a whole number"),
        (("--rounds", "0"), "not a whole number"),
        (("--only", "cobol"), "no engine cobol"),
    ],
)
def test_wrong_use(arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("bench", *arguments)


def test_wrong_use_as_a_process() -> None:
    done = bench("--accounts", "0")
    assert done.returncode == 2
    assert b"not a whole number from 1" in done.stderr


def in_this_process(job: dict[str, Any]) -> dict[str, Any]:
    return measure(job, read_book(Path(job["book"]), job["count"]))


def called(*arguments: str) -> str:
    out = io.StringIO()
    call_command("bench", "--accounts", "200,100", "--rounds", "1", *arguments, stdout=out)
    return out.getvalue()


def test_the_table_and_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(session, "in_own_process", in_this_process)
    text = called("--only", "numpy,outcome", "--json", str(tmp_path / "bench.json"))
    report = json.loads((tmp_path / "bench.json").read_text())
    assert [size["accounts"] for size in report["sizes"]] == [100, 200]
    for words in ("100 accounts", "200 accounts", "numpy by hand", "times the numpy by hand", "seed 7"):
        assert words in text
    assert "DIFFERS" not in text


def test_a_planted_fault_fails_the_command_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def one_outcome_wrong(job: dict[str, Any]) -> dict[str, Any]:
        measured = in_this_process(job)
        path = Path(job["results"]) / "outcome.npy"
        if job["engine"] == "numpy" and job["results"]:
            outcome = np.load(path)
            outcome[42] = 3 - outcome[42]
            np.save(path, outcome)
        return measured

    monkeypatch.setattr(session, "in_own_process", one_outcome_wrong)
    out = io.StringIO()
    with pytest.raises(CommandError, match="results differ") as raised:
        call_command("bench", "--accounts", "100", "--rounds", "1", "--only", "numpy", stdout=out)
    assert raised.value.returncode == 1
    assert "numpy by hand, in chunks DIFFERS in 1 accounts (outcome 1); first rows: 42" in out.getvalue()


def test_an_engine_that_breaks_fails_the_command_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(job: dict[str, Any]) -> dict[str, Any]:
        return session.in_process([sys.executable, "-c", "raise SystemExit('no memory')"], job["engine"])

    monkeypatch.setattr(session, "in_own_process", broken)
    with pytest.raises(CommandError, match="core failed: no memory") as raised:
        called("--only", "numpy")
    assert raised.value.returncode == 1


def test_an_engine_that_is_not_here_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = dataclasses.replace(ENGINES["zen"], module="nowhere_to_be_found")
    monkeypatch.setitem(ENGINES, "zen", absent)
    with pytest.raises(CommandError, match="not installed: zen-engine") as raised:
        called("--only", "numpy,zen")
    assert raised.value.returncode == 1
