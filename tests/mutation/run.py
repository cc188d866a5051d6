"""Mutation of the core: how many small changes the tests of the rules notice, and which they do not.

    python -m tests.mutation.run [--only shapes scoring ...] [--function acts ...] [--policy]
                                 [--tests tests/rules/test_shapes.py ...] [--seen FILE] [--seconds 60]

Tests are collected once. They first run as they are, each noting the functions it calls and the time it
takes. Then every mutant stands in for its function in a process of its own, which runs the tests that call
it, those of its file first, up to the first that fails. `equivalent.yaml` lists mutants that no test can
notice, and why.

What was survived is tried again in seconds: `--function` takes the mutants of some functions (or paths of
the policy), `--tests` the tests of some files, and `--seen` keeps in a file what the tests do where nothing
is changed, so that the next run asks only tests that are new there.
"""

from __future__ import annotations

import argparse
import os
import pickle
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings

from tests.mutation.mutants import ROOT, Mutant, mutants_of
from tests.rules.goldens import Case

CORE = "implementation/rules"
FACTORS = ("minimums", "funding", "tax", "context", "customization", "cost")
TARGETS = (
    *(
        f"{CORE}/{name}.py"
        for name in ("shapes", "interval", "parameters", "unknowns/box", "eligibility", "need")
    ),
    *(f"{CORE}/factors/{name}.py" for name in FACTORS),
    *(f"{CORE}/{name}.py" for name in ("measures", "scoring", "costs", "engine")),
    *(f"{CORE}/household/{name}.py" for name in ("plan", "choices", "assignment")),
    f"{CORE}/explanation/break_even.py",
    "implementation/evidence/fees.py",
)
EQUIVALENT = Path(__file__).with_name("equivalent.yaml")
CAUGHT, SURVIVED, ENDLESS, UNREACHED = "caught", "survived", "endless", "unreached"
_AT_LEAST, _TIMES = 10.0, 5.0  # seconds, and times what its tests take: beyond both a mutant has no end


@dataclass
class Seen:
    """What a test does where nothing is changed: seconds, and functions of the targets that it calls."""

    seconds: float
    calls: set[tuple[str, str]]
    passed: bool


class Mutation:
    """A pytest plugin that runs mutants in place of the tests."""

    def __init__(self, mutants: Callable[[], Sequence[Any]], seconds: float, kept: Path | None) -> None:
        self.mutants, self.seconds, self.kept = mutants, seconds, kept
        self.verdicts: dict[Any, str] = {}

    def pytest_sessionstart(self) -> None:
        """Properties try the same examples each time, and look for no smaller one where one fails."""
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutation", deadline=None, derandomize=True, database=None, phases=phases)
        settings.load_profile("mutation")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of running the tests."""
        items = [item for item in session.items if "command" not in item.nodeid]
        seen = _seen(items, self.kept)
        broken = [item.nodeid for item in items if not seen[item.nodeid].passed]
        items = [item for item in items if seen[item.nodeid].passed]
        print(f"{len(items)} tests pass where nothing is changed; left out are {broken}", flush=True)
        known = equivalents()
        for mutant in self.mutants():
            if key_of(mutant) in known:
                continue
            own = _own(mutant, items, seen)
            self.verdicts[mutant] = _verdict(mutant, _enough(own, seen, self.seconds), seen)
            if self.verdicts[mutant] not in (CAUGHT, ENDLESS):
                print(told(mutant, self.verdicts[mutant]), flush=True)
        return True


def _own(mutant: Any, items: Sequence[pytest.Item], seen: dict[str, Seen]) -> list[pytest.Item]:
    """The tests that may notice a mutant: first those of its file, the fastest first."""
    if isinstance(mutant, Mutant):
        function, name = (mutant.file, mutant.function), f"test_{Path(mutant.file).stem}"
        own = [item for item in items if function in seen[item.nodeid].calls]
        return sorted(own, key=lambda item: (name not in item.nodeid, seen[item.nodeid].seconds))
    golden = [item for item in items if isinstance(_case(item), Case)]
    return sorted(golden, key=lambda item: mutant.far(_case(item)))


def _case(item: Any) -> Any:
    return item.callspec.params.get("case") if hasattr(item, "callspec") else None


def _seen(items: Sequence[pytest.Item], kept: Path | None) -> dict[str, Seen]:
    """What each test does, as far as it is kept from before; the others are run."""
    seen: dict[str, Seen] = pickle.loads(kept.read_bytes()) if kept and kept.exists() else {}
    new = [item for item in items if item.nodeid not in seen]
    if new:
        seen |= _recorded(new)
        if kept:
            kept.write_bytes(pickle.dumps(seen))
    return seen


def _recorded(items: Sequence[pytest.Item]) -> dict[str, Seen]:
    """Run every test once in a process of its own, so that this one stays as it was."""
    read, write = os.pipe()
    if os.fork() == 0:
        os.close(read)
        with os.fdopen(write, "wb") as out:
            pickle.dump(_watched(items), out)
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as into:
        seen: dict[str, Seen] = pickle.load(into)
    os.wait()
    return seen


def _watched(items: Sequence[pytest.Item]) -> dict[str, Seen]:
    targets = {str(ROOT / file): file for file in TARGETS}
    found: dict[str, Seen] = {}
    for item in items:
        calls: set[tuple[str, str]] = set()

        def watch(frame: Any, event: str, _: Any, calls: set[tuple[str, str]] = calls) -> None:
            if frame.f_code.co_filename in targets:
                name = frame.f_code.co_qualname.split(".<locals>")[0]
                calls.add((targets[frame.f_code.co_filename], name))

        start = time.process_time()
        sys.settrace(watch)
        # Nothing follows: what a test shares with others is made anew, so that it counts as its own.
        passed = _passes(item, None)
        sys.settrace(None)
        found[item.nodeid] = Seen(time.process_time() - start, calls, passed)
    return found


def _passes(item: pytest.Item, after: pytest.Item | None) -> bool:
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=after))


def _enough(items: Sequence[pytest.Item], seen: dict[str, Seen], seconds: float) -> list[pytest.Item]:
    """As many of the tests as fit into the time that one mutant gets."""
    total, kept = 0.0, []
    for item in items:
        total += seen[item.nodeid].seconds
        if total > seconds:
            break
        kept.append(item)
    return kept


def _verdict(mutant: Any, items: Sequence[pytest.Item], seen: dict[str, Seen]) -> str:
    if not items:
        return UNREACHED
    child = os.fork()
    if child == 0:
        limit = _AT_LEAST + _TIMES * sum(seen[item.nodeid].seconds for item in items)
        signal.setitimer(signal.ITIMER_PROF, limit)
        try:
            mutant.stand_in()
            for item, after in zip(items, [*items[1:], None], strict=True):
                if not _passes(item, after):
                    os._exit(1)
        except BaseException:  # whatever a mutant breaks is noticed
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return ENDLESS
    return CAUGHT if os.waitstatus_to_exitcode(status) else SURVIVED


def key_of(mutant: Any) -> tuple[str, str, str, str]:
    """What names a mutant as long as its line says the same."""
    return mutant.file, mutant.function, mutant.source, mutant.change


def equivalents() -> set[tuple[str, str, str, str]]:
    """Mutants that no test can notice."""
    entries = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or []
    return {(e["file"], e["function"], e["source"], change) for e in entries for change in e["changes"]}


def told(mutant: Any, verdict: str) -> str:
    """A mutant in a line."""
    return f"{verdict}: {mutant.file}:{mutant.line} {mutant.function}: {mutant.change} | {mutant.source}"


def table(verdicts: dict[Any, str], known: Iterable[tuple[str, str, str, str]]) -> str:
    """Counts by file, in Markdown."""
    aside = Counter(file for file, *_ in known)
    rows = ["| file | mutants | caught | equivalent | not caught |", "|---|---|---|---|---|"]
    for file in dict.fromkeys(mutant.file for mutant in verdicts):
        own = [verdict for mutant, verdict in verdicts.items() if mutant.file == file]
        caught = sum(verdict in (CAUGHT, ENDLESS) for verdict in own)
        rows.append(f"| {file} | {len(own) + aside[file]} | {caught} | {aside[file]} | {len(own) - caught} |")
    return "\n".join(rows)


def main() -> int:
    """Run; the number of mutants that are not caught decides how it ends."""
    given = _given()
    plugin = Mutation(lambda: _asked_for(given), given.seconds, given.seen)
    tests = given.tests or [ROOT / "tests" / "rules" / ("test_golden.py" if given.policy else "")]
    pytest.main([*map(str, tests), "-q", "-p", "no:cacheprovider", "-s"], plugins=[plugin])
    print(table(plugin.verdicts, [] if given.function else equivalents()))
    missed = sum(verdict not in (CAUGHT, ENDLESS) for verdict in plugin.verdicts.values())
    print(f"{len(plugin.verdicts)} mutants, {missed} not caught")
    return min(missed, 1)


def _given() -> argparse.Namespace:
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--only", nargs="*", default=[], help="parts of the names of files to mutate")
    reader.add_argument("--function", nargs="*", default=[], help="parts of the names of functions to mutate")
    reader.add_argument("--policy", action="store_true", help="mutate the numbers of the policy")
    reader.add_argument(
        "--tests", nargs="*", default=[], type=Path, help="files of tests to run, in place of all"
    )
    reader.add_argument(
        "--seen", type=Path, help="file that keeps what the tests do where nothing is changed"
    )
    reader.add_argument("--seconds", type=float, default=60.0, help="of tests for one mutant, at most")
    return reader.parse_args()


def _asked_for(given: argparse.Namespace) -> list[Any]:
    """The mutants of the files and functions that the command line names."""
    if given.policy:
        from tests.mutation.policy import policy_mutants

        found: list[Any] = list(policy_mutants())
    else:
        files = [file for file in TARGETS if not given.only or any(part in file for part in given.only)]
        found = [mutant for file in files for mutant in mutants_of(file)]
    return [m for m in found if not given.function or any(part in m.function for part in given.function)]


if __name__ == "__main__":
    sys.exit(main())
