"""The golden cases: each through the answer itself, some through the command as a process.

What they are and how to read them is said in `goldens.py`; that together they meet everything the policy
states is held at the end.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from implementation.rules.eligibility import TESTS
from implementation.rules.parameters import Parameter
from implementation.rules.shapes import Bands, Table
from tests.rules.books import AS_OF, POLICY, ROOT, SHELF
from tests.rules.expected import check
from tests.rules.goldens import FOLDER, WORKED, Answer, Case, Rule, all_cases, cases, files, worked

ALL = all_cases()
THEMES = [file for file in files() if file != WORKED]
ON_HOUSE_SHELF = [[case for case in cases(file) if case.shelf is SHELF] for file in THEMES]
PRINTED = [*cases(WORKED), *(some[0] for some in ON_HOUSE_SHELF if some)]


def named(case: Case) -> str:
    return f"{case.file}: {case.name}"


@pytest.mark.parametrize("case", ALL, ids=named)
def test_the_answer_is_right(case: Case) -> None:
    check(case, case.answered())


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """What `manage.py evaluate` prints, one process for each shelf that the cases ask for."""
    folder = tmp_path_factory.mktemp("golden")
    by_shelf: dict[str, list[Case]] = {}
    for case in PRINTED:
        by_shelf.setdefault(case.shelf.sha256, []).append(case)
    found: dict[str, Answer] = {}
    for sha256, some in by_shelf.items():
        document = evaluated(folder, some)
        assert document["shelf"]["sha256"] == sha256
        assert document["policy"]["sha256"] == POLICY.sha256
        found |= {named(case): result for case, result in zip(some, document["results"], strict=True)}
    return found


def evaluated(folder: Path, some: list[Case]) -> Answer:
    """The document that the command prints for cases of one shelf."""
    shelf = folder / f"{some[0].shelf.sha256}.yaml"
    shelf.write_text(some[0].shelf.text, encoding="utf-8")
    given = shelf.with_suffix(".json")
    given.write_text(json.dumps({"accounts": [dict(case.facts) for case in some]}), encoding="utf-8")
    command = [sys.executable, "manage.py", "evaluate", str(given), "--as-of", AS_OF.isoformat()]
    done = subprocess.run(
        [*command, "--shelf", str(shelf)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    document: Answer = json.loads(done.stdout)
    return document


@pytest.mark.parametrize("case", PRINTED, ids=named)
def test_the_command_prints_the_same(case: Case, printed: dict[str, Answer]) -> None:
    check(case, printed[named(case)])
    assert printed[named(case)] == json.loads(json.dumps(case.answered()))


def test_all_sixteen_are_here() -> None:
    assert sorted(worked()) == list(range(1, 17))


def test_there_are_at_least_sixty_beside_them() -> None:
    texts = [(FOLDER / f"{file}.yaml").read_text(encoding="utf-8") for file in THEMES]
    assert sum(len(yaml.safe_load(text)["cases"]) for text in texts) >= 60


def test_no_two_have_one_name_and_each_says_why() -> None:
    names = [named(case) for case in ALL]
    assert len(set(names)) == len(names)
    assert [named(case) for case in ALL if not case.why and case.file != WORKED] == []


def test_every_reason_of_the_catalog_is_expected_somewhere() -> None:
    assert set(POLICY.reasons) - set(_reasons()) == set()


def _reasons() -> Iterator[str]:
    for case in ALL:
        yield from [case.expect["first_reason"]] if "first_reason" in case.expect else []
        for reason in case.expect.get("reasons", []):
            yield reason if isinstance(reason, str) else reason["code"]
        for factor in case.expect.get("factors", []):
            yield from factor.get("reasons", [])


def test_every_outcome_is_expected_by_every_way_of_deciding_it() -> None:
    found = {(case.expect["outcome"], case.expect["decided_by"]) for case in ALL if _decided(case)}
    assert found >= {
        ("SMA", "net_fit"), ("UMA", "net_fit"), ("EITHER", "net_fit"),
        ("SMA", "eligibility"), ("UMA", "eligibility"), ("NEITHER", "eligibility"),
        ("NEITHER", "need"), ("INDETERMINATE", "missing_facts"),
    }  # fmt: skip


def _decided(case: Case) -> bool:
    return isinstance(case.expect.get("outcome"), str) and "decided_by" in case.expect


def test_every_eligibility_test_is_expected_to_pass_to_fail_and_to_be_unknown() -> None:
    entries = [entry for case in ALL for entry in case.expect.get("eligibility", [])]
    found = {(entry["test"], entry["verdict"]) for entry in entries}
    assert {
        (test.name, verdict) for test in TESTS for verdict in ("pass", "fail", "unknown")
    } - found == set()


PARAMETERS: dict[tuple[str, str | None], Parameter] = {
    (f"{factor}.{name}", structure): parameter
    for factor, structures in POLICY.factors.items()
    for structure, rules in structures.items()
    for name, parameter in rules
} | {(f"need.{name}", None): parameter for name, parameter in POLICY.need}

# What no account can have: a row of a table that contradicts other facts, more than all of something.
IMPOSSIBLE: dict[str, tuple[Any, ...]] = {
    "funding.insider_stock": ("none",),  # restricted stock has a reason
    "funding.left_to_do": ("above 1",),  # holding counts at most in full
    "context.only_account": ("below 1",),  # a household has at least this account
}
GREATEST = {"flag": 1.0, "level": 4.0, "share": 1.0}


@pytest.mark.parametrize("key", PARAMETERS, ids=lambda key: f"{key[1]} {key[0]}")
def test_every_rule_of_the_policy_is_held_below_at_and_above_each_of_its_bounds(
    key: tuple[str, str | None],
) -> None:
    rules = [rule for case in ALL for rule in case.rules if (rule.key, rule.structure) == key]
    missing = (
        set(_places(PARAMETERS[key])) - set(_met(PARAMETERS[key], rules)) - set(IMPOSSIBLE.get(key[0], ()))
    )
    assert missing == set()
    assert len({rule.gives for rule in rules}) > 1, "it gives the same wherever it is held"


def _places(parameter: Parameter) -> Iterator[str]:
    """Where a rule must be held: each row of a table; below, at and above each bound, as far as values go."""
    shape = parameter.shape
    if isinstance(shape, Table):
        yield from shape.codes
        return
    for bound in (float(bound) for bound in shape.breakpoints):
        yield f"at {bound:g}"
        if bound > 0:
            yield f"below {bound:g}"
        if bound < GREATEST.get(parameter.reads, np.inf):
            yield f"above {bound:g}"


def _met(parameter: Parameter, rules: list[Rule]) -> Iterator[str]:
    """Where it is held. Between bounds, and not farther: a band includes the bound it begins at."""
    shape = parameter.shape
    if isinstance(shape, Table):
        yield from (rule.reads for rule in rules)
        return
    bounds = [-np.inf, *(float(bound) for bound in shape.breakpoints), np.inf]
    for value in (float(rule.reads) for rule in rules):
        for before, bound, after in zip(bounds, bounds[1:], bounds[2:], strict=False):
            if abs(value - bound) < 1e-9:
                yield f"at {bound:g}"
            elif before < value < bound or (isinstance(shape, Bands) and before == value):
                yield f"below {bound:g}"
            elif bound < value < after or (isinstance(shape, Bands) and value == after):
                yield f"above {bound:g}"
