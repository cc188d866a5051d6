"""Golden cases: accounts in YAML that an advisor can read, what is expected of them, the arithmetic by hand.

A file of `golden/` has a `start` (changes to the base account of `cases.yaml`), a `shelf` (changes to the
house shelf) and `cases`. A case has a `name`, a `why` with the arithmetic, changes (`set`, `shelf`,
`programs`), and what it expects:

    expect   what the answer must hold (see `expected`)
    vary     a fact, or several that move together, or a term of the shelf (`UMA.flat_fee_bps`); `rest` is a
             share that takes what is left of 1; then
    rows     value -> what the answer must hold there
    gives    `SMA factor.rule` or `need.rule` -> value -> what it gives, or [what it reads, what it gives]

Each row of `vary` is a case of its own. Numbers are worked out from the policy, never copied from an answer.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from implementation.rules.answer import answer
from implementation.rules.documents.document import canonical_json
from implementation.rules.shelf import Shelf
from tests.rules.books import AS_OF, BASE, GOLDEN, POLICY, PUBLISHED, SHELF

FOLDER = GOLDEN.parent
WORKED = GOLDEN.stem
Answer = dict[str, Any]


@dataclass(frozen=True)
class Rule:
    """What a rule must give where the case stands: `funding.ready` of one structure, `need.depth` of none."""

    key: str
    structure: str | None
    reads: Any
    gives: float


@dataclass(frozen=True)
class Case:
    """One account with what is expected of its answer."""

    file: str
    name: str
    why: str
    facts: Mapping[str, Any]
    shelf: Shelf
    expect: Mapping[str, Any]
    rules: tuple[Rule, ...] = field(default=())

    def answered(self) -> Answer:
        """The answer to this account alone."""
        result: Answer = answer([self.facts], self.shelf, POLICY, AS_OF)["results"][0]
        return result


def files() -> list[str]:
    """The themes, by file name without ending."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def cases(file: str) -> tuple[Case, ...]:
    """Every case of a file, each row of a `vary` as a case of its own."""
    data = yaml.safe_load((FOLDER / f"{file}.yaml").read_text(encoding="utf-8"))
    by_id = {case.get("id", case["name"]): case for case in data["cases"]}
    found: list[Case] = []
    for case in data["cases"]:
        like = by_id[case["like"]] if "like" in case else {}
        found += _expanded(file, data, like, case)
    return tuple(found)


def worked() -> dict[int, Case]:
    """The worked cases that every version must get right, by number."""
    numbers = (case["id"] for case in yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))["cases"])
    return dict(zip(numbers, cases(WORKED), strict=True))


def all_cases() -> list[Case]:
    """Every case of every file."""
    return [case for file in files() for case in cases(file)]


def _expanded(
    file: str, data: Mapping[str, Any], like: Mapping[str, Any], case: Mapping[str, Any]
) -> Iterator[Case]:
    facts = {**BASE, **data.get("start", {}), **like.get("set", {}), **case.get("set", {})}
    terms = _merged(data.get("shelf", {}), case.get("shelf", {}))
    name = f"case {case['id']}: {case['name']}" if "id" in case else str(case["name"])
    for label, value, expect, rules in _rows(case):
        changes = _changes(case, value) if "vary" in case else {}
        moved = {key: {field: value} for key, _, field in (term.partition(".") for term in changes) if field}
        yield Case(
            file=file,
            name=f"{name}{label}",
            why=str(case.get("why", "")),
            facts={**facts, **{key: given for key, given in changes.items() if "." not in key}},
            shelf=_shelf(case.get("programs"), _merged(terms, moved)),
            expect=expect,
            rules=rules,
        )


def _rows(case: Mapping[str, Any]) -> Iterator[tuple[str, Any, Mapping[str, Any], tuple[Rule, ...]]]:
    """Label, value of what varies, expectation and rules of each row; one row where nothing varies."""
    if "vary" not in case:
        yield "", None, case["expect"], ()
        return
    rows, tables = case.get("rows", {}), case.get("gives", {})
    for value in dict.fromkeys([*rows, *(value for table in tables.values() for value in table)]):
        rules = [
            rule for key, table in tables.items() if value in table for rule in _rules(key, value, table)
        ]
        yield f" [{value}]", value, rows.get(value, {}), tuple(rules)


def _rules(key: str, value: Any, table: Mapping[Any, Any]) -> Iterator[Rule]:
    *structures, rule = key.split()
    given = table[value]
    read, gives = given if isinstance(given, list) else (value, given)
    for structure in structures or [None]:
        yield Rule(rule, structure, read, gives)


def _changes(case: Mapping[str, Any], value: Any) -> dict[str, Any]:
    moved = [case["vary"]] if isinstance(case["vary"], str) else case["vary"]
    changes = dict.fromkeys(moved, value)
    if "rest" in case:
        changes[case["rest"]] = round(1 - value, 6)
    return changes


_PRICES = ("flat_fee_bps", "fee", "fees")


def _merged(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Terms per structure, the second ones over the first; one price takes the place of another."""
    merged: dict[str, Any] = {}
    for structure in (*first, *second):
        before, after = dict(first.get(structure, {})), second.get(structure, {})
        if any(price in after for price in _PRICES):
            before = {key: value for key, value in before.items() if key not in _PRICES}
        merged[structure] = {**before, **after}
    return merged


def _shelf(programs: Any, changes: Mapping[str, Mapping[str, Any]]) -> Shelf:
    """The house shelf, or its programs over again under other codes and terms, with changes per structure.

    `flat_fee_bps` stands for a price of one rate and nothing else.
    """
    if programs == "published":
        return PUBLISHED
    shelf = SHELF
    if programs:
        data = copy.deepcopy(SHELF.document.data)
        rows = {row["code"]: row for row in data["programs"]}
        data["programs"] = [{**copy.deepcopy(rows[p["from"]]), **_terms(p)} for p in programs]
        shelf = Shelf.parse(canonical_json(data), "golden shelf")
    offered = {program.structure for program in shelf.programs}
    return shelf.with_changes({key: _terms(terms) for key, terms in changes.items() if key in offered})


def _terms(terms: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in terms.items() if key not in ("from", "flat_fee_bps")}
    if "flat_fee_bps" in terms:
        part = {"kind": "bundled", "unit": "bps a year", "tiers": [{"bps": terms["flat_fee_bps"]}]}
        found["fees"] = {"components": [part]}
    return found
