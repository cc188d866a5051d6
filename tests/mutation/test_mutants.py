"""The mutants themselves: which changes are tried, whom they meet, and the list of those left aside."""

from __future__ import annotations

import numpy as np
import pytest

from implementation.rules import interval
from implementation.rules.factors import funding
from tests.mutation.mutants import ROOT, _mutants, function_of, mutants_of
from tests.mutation.policy import policy_mutants
from tests.mutation.run import TARGETS, equivalents, key_of


def changes(body: str) -> list[str]:
    return [mutant.change for mutant in _mutants("a_file.py", f"def f(a, b, *, times=None):\n    {body}\n")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return a < b", ["< to <=", "< to >="]),
        ("return a <= b < 3", ["<= to <", "<= to >", "< to <=", "< to >=", "3 to 4"]),
        ("return a < 1 < b", ["1 to 2", "< to <=", "< to <= (2)", "< to >=", "< to >= (2)"]),
        ("return a == b", ["== to !="]),
        ("return a is None", ["is to is not"]),
        ("return a + b", ["+ to -"]),
        ("return a * b", ["* to /"]),
        ("a |= b", ["| to &"]),
        ("return a & ~b", ["& to |", "~ left out"]),
        ("return a and not b", ["and to or", "not left out"]),
        ("return -a", ["- left out"]),
        ("return min(a, b)", ["min to max"]),
        ("return np.maximum(a, b)", ["maximum to minimum"]),
        ("return np.where(a, b, 0.5)", ["where turned", "0.5 to 1.5"]),
        ("return np.searchsorted(a, b, side='left')", ["left to right"]),
        ("return True if a else b", ["condition turned", "True to False"]),
        ("return [x for x in a if x]", ["condition left out"]),
        ("a.add(b)", ["call left out"]),
        ("return a(b, times=b)", ["times left out"]),
        ("raise ValueError(1 + 2)", []),
        ("return zip(a, b, strict=True)", []),
        ("c: dict[str, int] = a", []),
        ("return f'{a + b} words'", []),
        ("return 'words'", []),
    ],
)
def test_the_changes_that_are_tried(body: str, expected: list[str]) -> None:
    assert sorted(changes(body)) == sorted(expected)


def test_a_mutant_is_met_by_whoever_has_imported_the_function() -> None:
    (mutant,) = (m for m in mutants_of("implementation/rules/interval.py") if m.function == "smaller")
    live = function_of(interval, "smaller")
    before = live.__code__
    try:
        assert funding.smaller(np.array([1.0]), np.array([2.0])) == 1
        mutant.stand_in()
        assert funding.smaller(np.array([1.0]), np.array([2.0])) == 2
    finally:
        live.__code__ = before
    assert mutant.change == "minimum to maximum"
    assert mutant.source == "return np.minimum(a, b)"


def test_every_file_gives_mutants() -> None:
    for file in TARGETS:
        assert (ROOT / file).exists()
        assert any(True for _ in mutants_of(file)), file


def test_what_is_listed_as_equivalent_is_a_mutant() -> None:
    keys = {key_of(mutant) for file in TARGETS for mutant in mutants_of(file)}
    keys |= {key_of(mutant) for mutant in policy_mutants()}
    assert equivalents() - keys == set()


def test_the_numbers_of_the_policy_are_tried() -> None:
    paths = [mutant.function for mutant in policy_mutants()]
    assert len(set(paths)) == len(paths)
    for path in (
        "weights.tax",
        "numbers.either_within",
        "changes.value_down.account_value",
        "funding.SMA.concentrated.gives[2]",
        "funding.SMA.concentrated.at[2]",
        "context.SMA.only_account.bound",
        "tax.UMA.sleeves.says_from",
        "need.depth.at[1]",
    ):
        assert path in paths
