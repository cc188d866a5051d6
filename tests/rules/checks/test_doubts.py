"""What is doubtful in a policy is told, and refuses nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from implementation.rules.checks.policy import doubts_of, faults_of
from implementation.rules.factors import FACTORS
from tests.rules.books import AS_OF, POLICY
from tests.rules.changed import document, parsed
from tests.rules.checks.planted import (
    LOTS,
    F,
    put,
)

UNDATED = ("concentration", "irs_550")
"""Sources of the house policy whose day nobody could find."""


def doubts(changes: dict[str, Any], as_of: date = AS_OF) -> list[str]:
    data = document()
    for path, value in changes.items():
        put(data, path, value)
    return [
        f"{key}: found {value!r}; expected {expected}"
        for key, value, expected in doubts_of(parsed(data), as_of)
    ]


def test_the_house_policy_doubts_its_undated_sources_alone() -> None:
    assert faults_of(POLICY) == []
    assert doubts({}) == [
        f"sources.{name}.date: found 'undated'; expected the day or year of the source, if it has one"
        for name in UNDATED
    ]


def test_a_review_that_is_due_is_told_once_for_each_part() -> None:
    assert doubts({f"{LOTS}.review_by": "2027-01-31"}, date(2027, 1, 31)) == doubts({})
    late = doubts({f"{LOTS}.review_by": "2027-01-31"}, date(2027, 2, 1))
    assert late[0] == (
        "factors.funding.review_by: found '2027-01-31'; expected a review by then: 1 number should be looked "
        "at again"
    )
    all_due = doubts({}, date(2027, 11, 2))
    assert len(all_due) == 5 + 1 + len(FACTORS) + len(UNDATED)
    assert (
        "weights.review_by: found '2027-11-01'; expected a review by then: 6 numbers should be" in all_due[0]
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"sources.gossip": {"title": "Overheard", "date": "2026", "evidence": "third party"}},
            "sources.gossip: found 'Overheard'; expected a source that some number stands on",
        ),
        (
            {"sources.stein.date": "2027"},
            "sources.stein.date: found '2027'; expected a source older than the policy",
        ),
        (
            {f"{F}funding.sma.individual_bonds.points": [[0.1, 0], [0.5, 0]]},
            f"{F}funding.sma.individual_bonds.points: found 0.0; expected results that differ, unless the "
            "rule "
            "is to do nothing",
        ),
        (
            {
                f"{F}tax.both.depth": {
                    **document()["need"]["rules"]["depth"],
                    "rationale": "Written out again.",
                }
            },
            f"{F}tax.both.depth: found 'Years the portfolio is held'; expected same_as: need.rules.depth, "
            "which "
            "states the same numbers",
        ),
    ],
)
def test_what_is_doubtful_is_named_and_does_not_refuse(changes: dict[str, Any], said: str) -> None:
    assert said in doubts(changes)
