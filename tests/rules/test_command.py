"""`manage.py evaluate` as a process: formats in, exit codes, errors in place, no database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from implementation.rules.answer import answer
from tests.rules.books import AS_OF, BASE, DATA, POLICY, ROOT, SHELF

DAY = ("--as-of", AS_OF.isoformat())


def run(*arguments: str, given: str | bytes = "") -> subprocess.CompletedProcess[bytes]:
    data = given.encode() if isinstance(given, str) else given
    # A database that cannot be opened: whoever touches it fails.
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}
    return subprocess.run(
        [sys.executable, "manage.py", "evaluate", *arguments],
        cwd=ROOT,
        input=data,
        capture_output=True,
        check=False,
        env=environment,
    )


def test_json_from_standard_input_without_a_database() -> None:
    done = run("-", *DAY, given=json.dumps({"accounts": [BASE, {}]}))
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout) == json.loads(json.dumps(answer([BASE, {}], SHELF, POLICY, AS_OF)))
    assert list(json.loads(done.stdout)) == ["engine", "policy", "shelf", "as_of", "results"]


def test_csv_answers_as_json_does(tmp_path: Path) -> None:
    def cell(value: Any) -> str:
        return (
            {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
        )

    path = tmp_path / "accounts.csv"
    row = ",".join(cell(value) for value in BASE.values())
    path.write_text("\ufeff" + ",".join(BASE) + "\r\n" + row + "\r\n" + "," * (len(BASE) - 1) + "\r\n")
    done = run(str(path), *DAY)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"] == json.loads(
        json.dumps(answer([BASE, {}], SHELF, POLICY, AS_OF)["results"])
    )


def test_an_account_that_cannot_be_read_leaves_the_others_answered() -> None:
    bad = '{"accounts": [{"account_value": NaN}, {"account_value": 1, "account_value": 2}, {"x": 1}, 5, {}]}'
    done = run("-", *DAY, given=bad)
    results = json.loads(done.stdout)["results"]
    assert done.returncode == 1
    assert b"4 of 5 accounts could not be read (number 1, 2, 3, 4)" in done.stderr
    assert [entry["error"]["problem"] for entry in results[:4]] == [
        "is not a finite number",
        "is given twice",
        "is not a fact of the contract",
        "is not an object of facts",
    ]
    assert results[4]["outcome"] == "INDETERMINATE"


def test_csv_rows_that_do_not_fit_the_header() -> None:
    done = run("-", *DAY, given="account_value,lot_count\n500000,3\n1,2,3\n1\n")
    results = json.loads(done.stdout)["results"]
    assert done.returncode == 1
    assert "outcome" in results[0]
    assert results[1]["error"]["problem"] == "stands in a row of 3 cells under a header of 2"
    assert results[2]["error"]["problem"] == "stands in a row of 1 cells under a header of 2"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (b"", b"the file is empty"),
        (b"[]", b"not a document of accounts"),
        (b'{"accounts": 5}', b"accounts is not a list"),
        (b'{"accounts": [], "more": 1}', b"holds more than accounts: more;"),
        (b'{"accounts": [}', b"not readable as JSON"),
        (b"[" * 100_000, b"not readable as JSON"),
        (b"\x89PNG\r\n\x1a\n\x00", b"is not UTF-8 text"),
        (b'account_value\n"5', b"not readable as CSV"),
        (b"account_value,account_value\n1,2\n", b"column account_value stands twice"),
    ],
)
def test_what_cannot_be_read_at_all_says_why(given: bytes, says: bytes) -> None:
    done = run("-", *DAY, given=given)
    assert (done.returncode, done.stdout) == (1, b"")
    assert says in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments", [(), ("nothing-of-this-name.json",), ("-", "--as-of", "2026-13-01"), ("-", "--polcy", "x")]
)
def test_wrong_use(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")


def test_a_document_with_a_mistake_is_named(tmp_path: Path) -> None:
    policy = tmp_path / "ours.yaml"
    policy.write_text(POLICY.text.replace("value: 12,", "value: 99,"))
    done = run("-", *DAY, "--policy", str(policy), given='{"accounts": []}')
    assert done.returncode == 1
    assert b"ours.yaml: numbers.either_within.value: found 99; expected a number from 8 to 20" in done.stderr


def test_another_shelf_is_named_in_the_answer() -> None:
    done = run("-", *DAY, "--shelf", str(DATA / "published_shelf.yaml"), given='{"accounts": []}')
    document = json.loads(done.stdout)
    assert document["shelf"]["name"] == "published"
    assert document["policy"] == {"name": "house", "version": POLICY.version, "sha256": POLICY.sha256}
    assert document["results"] == []
