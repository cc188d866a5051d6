"""What a line of the trace says of a value that is not known: a span only where it tells something."""

from __future__ import annotations

from typing import Any

import pytest

from implementation.rules.explain import explain
from implementation.rules.wording import worth_telling
from tests.rules.books import AS_OF, POLICY, SHELF, columns


def told(**changes: Any) -> dict[str, Any]:
    return explain(columns(changes), 0, SHELF, POLICY, AS_OF)


def text_of(entry: dict[str, Any], label: str) -> str:
    lines = [*entry["need_trace"], *(line for factor in entry["factors"] for line in factor["trace"])]
    return next(line["text"] for line in lines if line["text"].startswith(f"{label}: "))


@pytest.mark.parametrize(
    ("kind", "low", "high", "tells"),
    [
        ("share", 0, 1, False),
        ("share", 0, 0.4, True),
        ("share", 0, 2, False),  # parts of a whole come to no more than it
        ("share", 0, 6527.032, False),
        ("rate", -0.45, 1.05, False),
        ("rate", 0.1, 0.35, True),
        ("count", 0, 500, False),
        ("count", 0, 3, True),
        ("money", 0, 50_000_000, False),
        ("money", 0, 250_000, True),
        ("flag", 0, 1, False),
        ("bps", -50, 20, True),
        ("bps", 0, float("inf"), False),
        ("points", -30, 4, True),
    ],
)
def test_a_span_is_told_where_both_ends_can_be_met(kind: str, low: float, high: float, tells: bool) -> None:
    assert worth_telling(kind, low, high) is tells


def test_a_number_that_may_be_anything_has_no_span_and_no_verdict() -> None:
    said = text_of(told(security_restrictions=None), "Securities excluded")
    assert said == "Securities excluded: not known: whether it is noted hangs on that"


def test_parts_that_nobody_has_stated_are_not_twice_the_whole() -> None:
    said = text_of(
        told(restricted_share=None, legacy_retention_share=None), "Stock that must or shall be kept"
    )
    assert "200%" not in said


def test_a_note_that_is_certain_is_said_whatever_the_number() -> None:
    assert text_of(told(security_restrictions=0), "Securities excluded").endswith("nothing to note")


def test_a_question_asks_for_the_fact_by_its_name() -> None:
    asked = {one["fact"]: one["text"] for one in told(tax_sensitivity=None)["questions"]}
    assert asked["tax_sensitivity"] == "How much taxes matter to the client?"


def test_a_test_that_cannot_be_told_names_what_is_missing() -> None:
    texts = [
        one["text"] for one in told(needs_alternatives=None)["eligibility"] if one["verdict"] == "unknown"
    ]
    assert texts
    assert all(
        text.endswith(": cannot be told while this is not known: alternatives needed.") for text in texts
    )
