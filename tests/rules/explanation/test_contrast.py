"""Contrast: why not the other structure, out of the very objects that the answer shows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.goldens import worked

TOLD = {number: case.answered() for number, case in worked().items()}
SIGN = {"SMA": 1, "UMA": -1}
EVERY = [
    pytest.param(entry, against, id=f"{number} {against['structure']}")
    for number, entry in TOLD.items()
    for against in entry["contrast"]
]


@pytest.mark.parametrize("number", list(TOLD))
def test_it_is_of_the_structures_that_were_not_chosen(number: int) -> None:
    entry = TOLD[number]
    others = {"SMA": ["UMA"], "UMA": ["SMA"]}.get(entry["outcome"], ["SMA", "UMA"])
    assert [against["structure"] for against in entry["contrast"]] == others


@pytest.mark.parametrize(("entry", "against"), EVERY)
def test_it_is_made_of_the_entries_of_the_answer(entry: dict[str, Any], against: dict[str, Any]) -> None:
    shown = {id(test) for test in entry["eligibility"]}
    assert all(id(test) in shown for test in against["tests"])
    assert {test["program"] for test in against["tests"]} <= {entry["programs"][against["structure"]]}
    assert all(test["verdict"] != "pass" for test in against["tests"])
    lines = {id(line) for factor in entry["factors"] for line in factor["trace"]}
    for factor in against["factors"]:
        assert all(id(line) in lines for line in (*factor["for"], *factor["against"]))
    flips = [*entry["flip_points"], *entry["flip_pairs"]]
    assert against["nearest"] is None or any(against["nearest"] is flip for flip in flips)


@pytest.mark.parametrize(("entry", "against"), EVERY)
def test_points_are_those_of_the_factors_seen_from_the_structure(
    entry: dict[str, Any], against: dict[str, Any]
) -> None:
    sign = SIGN[against["structure"]]
    for factor, shown in zip(entry["factors"], against["factors"], strict=True):
        assert shown["factor"] == factor["factor"]
        if factor["contribution"] is not None:
            assert shown["points"] == sign * factor["contribution"]
        assert all(sign * top(line) > 0 for line in shown["for"])
        assert all(sign * top(line) < 0 for line in shown["against"])
    if entry["net_fit"] is not None:
        assert against["points"] == sign * entry["net_fit"]
        # The tolerance is 12 points; the next hundredth decides.
        assert against["missing"] == pytest.approx(max(12.01 - against["points"], 0), abs=1e-9)


def top(line: dict[str, Any]) -> float:
    points = line["points"]
    return max(points, key=abs) if isinstance(points, list) else points


@pytest.mark.parametrize(("entry", "against"), EVERY)
def test_the_nearest_change_leads_there_or_at_least_opens_the_question(
    entry: dict[str, Any], against: dict[str, Any]
) -> None:
    nearest, flips = against["nearest"], [*entry["flip_points"], *entry["flip_pairs"]]
    to_it = [flip for flip in flips if flip["outcome"] == against["structure"]]
    to_either = [flip for flip in flips if flip["outcome"] == "EITHER"]
    assert nearest is (to_it or to_either or [None])[0]


def test_case_1_lacks_the_minimum() -> None:
    (against,) = TOLD[1]["contrast"]
    assert (against["structure"], against["open"]) == ("SMA", "fail")
    assert [(test["test"], test["gap"]) for test in against["tests"]] == [
        ("initial_minimum", 170_000),
        ("maintenance_minimum", 170_000),
    ]
    assert against["nearest"]["fact"] == "account_value"
    assert against["nearest"]["to"] == 250_000
    assert "short by $170,000" in against["text"]


def test_case_3_says_what_speaks_for_the_uma_and_against_it() -> None:
    (against,) = TOLD[3]["contrast"]
    assert (against["structure"], against["open"], against["tests"]) == ("UMA", "pass", [])
    funding = next(factor for factor in against["factors"] if factor["factor"] == "funding")
    (concentrated, *_) = [line for line in funding["against"] if line["structure"] == "SMA"]
    # Half way between 37 at 60% and 42 at 80% of the position, at a weight of 0.30.
    assert (concentrated["rule"], concentrated["points"]) == ("concentrated", 11.85)
    cost = next(factor for factor in against["factors"] if factor["factor"] == "cost")
    assert [(line["rule"], line["structure"]) for line in cost["for"]] in ([], [("cheaper", "UMA")])


def test_the_text_stays_a_text() -> None:
    assert all(isinstance(entry["why_not"], str) for entry in TOLD.values())
