"""The worked cases, through the answer itself and through the command as a process."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from implementation.rules.answer import answer
from implementation.rules.shelf import Shelf
from tests.rules.books import AS_OF, BASE, CASES, POLICY, ROOT, SHELF

BY_ID = {case["id"]: case for case in CASES["cases"]}
Result = dict[str, Any]


def facts_of(case: dict[str, Any]) -> dict[str, Any]:
    like = BY_ID[case["like"]]["set"] if "like" in case else {}
    return {**BASE, **like, **case.get("set", {})}


def shelf_of(case: dict[str, Any]) -> Shelf:
    return SHELF.with_changes(case.get("shelf", {}))


def reason_codes(result: Result) -> list[str]:
    return [reason["code"] for reason in result["reasons"]]


def test_of(result: Result, wanted: dict[str, Any]) -> dict[str, Any]:
    (found,) = (
        entry
        for entry in result["eligibility"]
        if entry["structure"] == wanted["structure"] and entry["test"] == wanted["test"]
    )
    return found


test_of.__test__ = False  # type: ignore[attr-defined]


def check_says(result: Result, said: dict[str, Any]) -> None:
    ((kind, wanted),) = said.items()
    costs = {entry["structure"]: entry for entry in result["cost"]}
    factors = {entry["factor"]: entry for entry in result["factors"]}
    if kind == "gap":
        entry = test_of(result, wanted)
        assert (entry["verdict"], entry["gap"]) == ("fail", wanted["by"])
    elif kind == "passes":
        assert test_of(result, wanted)["verdict"] == "pass"
    elif kind == "remedy":
        assert wanted["by"] in [r["gap"] for r in result["remedies"] if r["structure"] == wanted["structure"]]
    elif kind == "reason":
        assert wanted in reason_codes(result)
    elif kind == "no_reason":
        assert wanted not in reason_codes(result)
        assert not any(wanted in entry["reasons"] for entry in result["factors"])
    elif kind == "first_reason":
        assert reason_codes(result)[0] == wanted
    elif kind == "weighs_nothing":
        assert [r["effect"] for r in result["reasons"] if r["code"] == wanted] == [0.0]
    elif kind == "contribution":
        assert factors[wanted["factor"]]["contribution"] == wanted["is"]
    elif kind == "split":
        assert result["split"]["offered"]
        assert {key: result["split"][key] for key in wanted} == wanted
    elif kind == "cost_unknown":
        assert (costs[wanted]["bps"], costs[wanted]["dollars"]) == (None, None)
    elif kind == "not_cheapest":
        assert costs[wanted]["cheapest"] is False
    else:
        raise AssertionError(f"the cases know nothing of {kind}")


def check(case: dict[str, Any], result: Result) -> None:
    assert result["outcome"] in case["expect"]
    if "decided_by" in case:
        assert result["decided_by"] == case["decided_by"]
    if "fragile" in case:
        assert result["fragile"] is case["fragile"]
    if "provisional" in case:
        assert result["provisional"] is case["provisional"]
    if "conflict" in case:
        assert result["conflict"] is case["conflict"]
    if case.get("fragile_unless", result["outcome"]) != result["outcome"]:
        assert result["fragile"]
    if case.get("provisional_unless", result["outcome"]) != result["outcome"]:
        assert result["provisional"]
    if "first_question" in case:
        assert result["questions"][0]["fact"] == case["first_question"]
    for said in case.get("says", []):
        check_says(result, said)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Result]:
    """Every case through `manage.py evaluate`, one process for each shelf that the cases ask for."""
    folder = tmp_path_factory.mktemp("golden")
    shelves: dict[str, tuple[Shelf, list[dict[str, Any]]]] = {}
    for case in CASES["cases"]:
        shelf = shelf_of(case)
        shelves.setdefault(shelf.sha256, (shelf, []))[1].append(case)
    found: dict[int, Result] = {}
    for sha256, (shelf, cases) in shelves.items():
        (folder / f"{sha256}.yaml").write_text(shelf.text, encoding="utf-8")
        given = folder / f"{sha256}.json"
        given.write_text(json.dumps({"accounts": [facts_of(case) for case in cases]}), encoding="utf-8")
        command = [sys.executable, "manage.py", "evaluate", str(given), "--as-of", AS_OF.isoformat()]
        done = subprocess.run(
            [*command, "--shelf", str(folder / f"{sha256}.yaml")],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        document = json.loads(done.stdout)
        assert document["shelf"]["sha256"] == sha256
        assert document["policy"]["sha256"] == POLICY.sha256
        for case, result in zip(cases, document["results"], strict=True):
            found[case["id"]] = result
    return found


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: f"case {case['id']}: {case['name']}")
def test_the_answer_is_right(case: dict[str, Any]) -> None:
    document = answer([facts_of(case)], shelf_of(case), POLICY, AS_OF)
    check(case, document["results"][0])


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: f"case {case['id']}")
def test_the_command_prints_the_same(case: dict[str, Any], printed: dict[int, Result]) -> None:
    check(case, printed[case["id"]])
    document = answer([facts_of(case)], shelf_of(case), POLICY, AS_OF)
    assert printed[case["id"]] == json.loads(json.dumps(document["results"][0]))


def test_all_sixteen_are_here() -> None:
    assert sorted(BY_ID) == list(range(1, 17))
