"""The explanation: complete, made of plain values, in agreement with the columns, and readable."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import numpy as np
import pytest

from implementation.rules.engine import DECIDED_BY, FACTORS, OUTCOMES, evaluate
from implementation.rules.explain import explain
from implementation.rules.facts import columns_of
from implementation.rules.wording import UNKNOWN
from tests.rules.books import AS_OF, CASES, POLICY, PUBLISHED, SHELF, book, columns, forget
from tests.rules.goldens import worked

KEYS = {
    "outcome", "decided_by", "net_fit", "bounds", "lean", "margin", "fragile", "provisional", "conflict",
    "factors", "eligibility", "reasons", "why_not", "flip_points", "questions", "stability", "cost",
    "break_even",
}  # fmt: skip


def told(number: int) -> dict[str, Any]:
    case = WORKED[number]
    return explain(columns(dict(case.facts)), 0, case.shelf, POLICY, AS_OF)


WORKED = worked()
ALL = {number: told(number) for number in WORKED}


@pytest.mark.parametrize("shelf", [SHELF, PUBLISHED], ids=["house", "published"])
def test_it_agrees_with_the_columns_of_the_bulk(shelf: Any) -> None:
    made = forget(book(21, 12), 21, most=4)
    bulk = evaluate(made, shelf, POLICY, AS_OF)
    for row in range(12):
        entry = explain(made, row, shelf, POLICY, AS_OF)
        assert set(entry) >= KEYS
        assert json.loads(json.dumps(entry, allow_nan=False)) == entry
        assert entry["outcome"] == OUTCOMES[bulk.outcome[row]]
        assert entry["decided_by"] == DECIDED_BY[bulk.decided_by[row]]
        assert entry["bounds"] == [bulk.low[row], bulk.high[row]]
        assert entry["net_fit"] == (None if np.isnan(bulk.net_fit[row]) else bulk.net_fit[row])
        assert entry["fragile"] == bulk.fragile[row]
        given = set(POLICY.reason_codes(int(bulk.reasons[row])))
        assert {reason["code"] for reason in entry["reasons"]} <= given
        for factor in entry["factors"]:
            assert set(factor["reasons"]) <= given


@pytest.mark.parametrize("number", list(ALL))
def test_what_is_shown_adds_up(number: int) -> None:
    entry = ALL[number]
    assert [factor["factor"] for factor in entry["factors"]] == list(FACTORS)
    lows = sum(round(factor["bounds"][0] * 100) for factor in entry["factors"])
    highs = sum(round(factor["bounds"][1] * 100) for factor in entry["factors"])
    low, high = (round(bound * 100) for bound in entry["bounds"])
    # Factors that hang on the same unknown fact cannot all be at their ends at once.
    assert lows <= low <= high <= highs
    if entry["net_fit"] is not None:
        assert lows == low == high == highs
        shown = sum(round(factor["contribution"] * 100) for factor in entry["factors"])
        assert shown == round(entry["net_fit"] * 100)


@pytest.mark.parametrize("number", list(ALL))
def test_effects_of_reasons_are_the_points_of_their_traces(number: int) -> None:
    # Nothing clips in the worked cases, so a factor's rules add up to its contribution.
    entry = ALL[number]
    for factor in entry["factors"]:
        if factor["contribution"] is None or factor["factor"] == "minimums":
            continue
        sign = {"SMA": 1, "UMA": -1}
        lines = [line for line in factor["trace"] if line["gives"] == "points"]
        points = sum(sign[line["structure"]] * line["result"] for line in lines)
        if all(0 < factor[fit] < 100 for fit in ("fit_sma", "fit_uma")):
            assert factor["weight"] * points == pytest.approx(factor["contribution"], abs=0.006)


@pytest.mark.parametrize("number", list(ALL))
def test_at_most_four_reasons_on_either_side_by_effect(number: int) -> None:
    for role in ("for", "against"):
        effects = [abs(r["effect"]) for r in ALL[number]["reasons"] if r["role"] == role]
        assert len(effects) <= 4
        assert effects == sorted(effects, reverse=True)


@pytest.mark.parametrize("number", list(ALL))
def test_reasons_favour_the_side_their_effect_is_on(number: int) -> None:
    for reason in ALL[number]["reasons"]:
        if reason["effect"]:
            assert reason["favours"] == ("SMA" if reason["effect"] > 0 else "UMA")


@pytest.mark.parametrize("number", [n for n in ALL if n not in (11, 15)])
def test_texts_are_filled_with_the_account_s_own_numbers(number: int) -> None:
    entry = ALL[number]
    texts = [reason["text"] for reason in entry["reasons"]] + [entry["why_not"]]
    texts += [test["text"] for test in entry["eligibility"]] + [
        remedy["text"] for remedy in entry["remedies"]
    ]
    texts += [flip["text"] for flip in entry["flip_points"]]
    for text in texts:
        assert not re.search(r"[{}]|\bNone\b|\bnan\b|_|  ", text), text
        assert text[0].isupper() or text[0].isdigit() or text[0] == "$", text
        if number != 16:
            assert UNKNOWN not in text, text


WRITTEN = {
    "SMA": "a manager-traded SMA",
    "UMA": "a sleeve in a UMA",
    "EITHER": "either structure",
    "NEITHER": "neither structure",
    "INDETERMINATE": "no clear outcome",
}


@pytest.mark.parametrize("number", list(ALL))
def test_what_would_change_the_answer_is_told_without_codes(number: int) -> None:
    entry = ALL[number]
    for change in (*entry["flip_points"], *entry["flip_pairs"], *entry["weight_flips"]):
        assert change["text"].endswith(f" the answer becomes: {WRITTEN[change['outcome']]}.")
    for against in entry["contrast"]:
        assert not re.search(r"EITHER|NEITHER|INDETERMINATE|gives? [SU]MA", against["text"])


def test_case_1_in_words() -> None:
    entry = ALL[1]
    first = entry["reasons"][0]
    assert first["text"] == "$80,000 is below the $250,000 that House direct index SMA asks for."
    assert first["role"] == "decides"
    assert "short by $170,000" in entry["why_not"]
    assert "By fit alone the lean is to UMA" in entry["why_not"]
    assert "exception" in entry["remedies"][0]["text"]
    (against,) = entry["contrast"]
    assert against["text"].endswith(
        "Nearest: Market value of the account, cash included: $250,000 instead of $80,000; "
        "the answer becomes: either structure."
    )


def test_case_5_offers_the_split() -> None:
    split = ALL[5]["split"]
    assert split["offered"]
    assert "$600,000, the position to be sold down" in split["text"]
    assert "remaining $400,000" in split["text"]


def test_a_split_below_a_minimum_is_not_offered() -> None:
    smaller = {**WORKED[5].facts, "account_value": 400_000, "direct_index_value": 400_000}
    entry = explain(columns(smaller), 0, SHELF, POLICY, AS_OF)
    assert entry["conflict"]
    # 0.6 of 400,000 is 240,000, below the 250,000 of the SMA
    assert (entry["split"]["offered"], entry["split"]["sma_value"]) == (False, 240_000)
    assert "$240,000 for House direct index SMA" in entry["split"]["text"]


def test_case_16_lists_the_unknown_price_and_calls_nothing_cheapest() -> None:
    costs = {cost["structure"]: cost for cost in ALL[16]["cost"]}
    assert costs["UMA"]["bps"] is None
    assert "not called cheapest" in costs["UMA"]["note"]
    assert not any(cost["cheapest"] for cost in ALL[16]["cost"])


def test_costs_are_listed_with_staying_and_the_etf() -> None:
    assert [cost["structure"] for cost in ALL[6]["cost"]] == ["SMA", "UMA", "STAY", "ETF"]
    assert [cost["cheapest"] for cost in ALL[6]["cost"]] == [True, False, False, False]


def test_terms_past_their_day_are_called_so() -> None:
    late = explain(columns({}), 0, SHELF, POLICY, date(2030, 1, 1))
    assert "past the day by which to verify" in late["cost"][0]["note"]
    assert "past the day" not in ALL[6]["cost"][0]["note"]


def test_stability_is_of_the_weights_alone() -> None:
    assert ALL[10]["stability"] == 1  # need decides
    assert ALL[1]["stability"] == 1  # eligibility decides
    assert ALL[15]["stability"] is None  # nothing is decided
    assert 0 < ALL[5]["stability"] < 1  # two factors pull apart
    assert ALL[3]["stability"] == 1


def test_questions_name_the_fact_and_what_it_would_settle() -> None:
    first = ALL[11]["questions"][0]
    assert (first["fact"], first["outcomes"]) == ("largest_position_share", 1)
    assert first["swing"] > 5
    assert ALL[6]["questions"] == []


def test_a_part_is_asked_after_its_whole() -> None:
    asked = [question["fact"] for question in ALL[11]["questions"]]
    assert asked == ["largest_position_share", "saleable_largest_share"]


def test_questions_leave_out_what_would_change_nothing() -> None:
    entry = explain(columns({"lots_known_share": None}), 0, SHELF, POLICY, AS_OF)
    assert entry["provisional"]
    assert entry["questions"] == []


def test_the_sponsors_are_asked_for_what_the_shelf_leaves_open() -> None:
    shelf = SHELF.with_changes({"UMA": {"initial_minimum": None, "maintenance_minimum": None}})
    entry = explain(columns({}), 0, shelf, POLICY, AS_OF)
    assert entry["outcome"] == "INDETERMINATE"
    (question,) = entry["program_questions"]
    assert (question["program"], question["fields"]) == (
        "house_uma",
        ["initial_minimum", "maintenance_minimum"],
    )


def test_the_trace_says_which_segment_applied() -> None:
    (funding,) = (factor for factor in ALL[3]["factors"] if factor["factor"] == "funding")
    (line,) = (
        line for line in funding["trace"] if (line["rule"], line["structure"]) == ("concentrated", "SMA")
    )
    # Half way between 0.6 (37 points) and 0.8 (42 points).
    assert line["result"] == 39.5
    assert line["text"] == (
        "Largest position to be sold down: 70% (between 60%, 37, and 80%, 42): 39.5 points"
    )


def test_a_small_account_of_which_little_is_known_is_told_how_short_its_sleeve_is_at_least() -> None:
    """Of $40,000 at most $40,000 can be meant for direct indexing: $10,000 short of the UMA's sleeve."""
    told = explain(columns_of([{"account_value": 40_000.0}]), 0, SHELF, POLICY, AS_OF)
    (sleeve,) = (
        entry
        for entry in told["eligibility"]
        if (entry["structure"], entry["test"]) == ("UMA", "sleeve_minimum")
    )
    assert (sleeve["verdict"], sleeve["value"], sleeve["gap"]) == ("fail", 40_000, 10_000)
    assert "at most $40,000 against a sleeve minimum of $50,000, short by $10,000" in sleeve["text"]
    assert told["outcome"] == "NEITHER"


def test_all_cases_are_here() -> None:
    assert len(CASES["cases"]) == len(ALL)
