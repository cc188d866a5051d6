"""Checks of the reason catalog: every reason is said by something, for its side, and can be filled."""

from __future__ import annotations

from typing import Any

import pytest

from implementation.rules.documents.document import DocumentError
from tests.rules.changed import document, parsed
from tests.rules.checks.planted import (
    LOTS,
    NOW,
    REPORT,
    F,
    reason,
    refusal,
)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        # Reasons that are never said, or say something else.
        (
            {f"{LOTS}.says_from": 9},
            f"{LOTS}.says_from: found 9.0; expected a result that the rule reaches, which, with what "
            "scales it, "
            "can be from 0 to 8",
        ),
        (
            # 1.3 is the most that tax sensitivity multiplies 8 points by: 10.4.
            {f"{F}tax.sma.losses_at_hand.says_from": 10.5},
            f"{F}tax.sma.losses_at_hand.says_from: found 10.5; expected a result that the rule reaches, "
            "which, "
            "with what scales it, can be from 0 to 10.4",
        ),
        (
            {f"{F}funding.sma.appreciated.says_from": 4, f"{F}funding.sma.appreciated.says_to": 3},
            f"{F}funding.sma.appreciated.says_to: found 3.0; expected a number beyond says_from (4), on "
            "the same "
            "side of 0",
        ),
        (
            {f"{REPORT}.says_from": 0},
            f"{REPORT}.says_from: found 0; expected a number above or below 0: at 0 the rule gives nothing",
        ),
        (
            {f"{NOW}.says_to": -50},
            f"{NOW}.says_to: found -50.0; expected -55, what the rule gives at the minimum itself: below it "
            "eligibility speaks",
        ),
        (
            {f"{REPORT}.says": "tax.sleeves_in_account"},
            f"{REPORT}.says: found 'tax.sleeves_in_account'; expected a reason of this part, "
            "context.something",
        ),
        (
            {f"{reason('context.one_report')}.favours": "SMA"},
            f"{REPORT}.says: found 'context.one_report'; expected a reason that favors UMA: the rule "
            "moves the "
            "fit toward the UMA",
        ),
        (
            {f"{reason('tax.not_taxable')}.favours": "UMA"},
            f"{F}tax.sma.not_taxable.says: found 'tax.not_taxable'; expected a reason that favors "
            "neither: the "
            "rule weighs nothing",
        ),
        (
            {f"{reason('eligibility.sma_lots')}.favours": "SMA"},
            "reasons[10].favours: found 'SMA'; expected UMA, for eligibility.sma_lots",
        ),
        (
            {f"{reason('funding.many_lots')}.text": "{lot_cuont|lot|lots} come over."},
            "reasons[20].text: found '{lot_cuont}'; expected names of facts, or of what is measured "
            "beside them",
        ),
        (
            {f"{reason('funding.many_lots')}.text": "{cash_share|lot|lots} come over."},
            "reasons[20].text: found '{cash_share|...|...}'; expected a number of things, not share of 1",
        ),
        (
            {f"{reason('funding.many_lots')}.text": "{Lots} come over."},
            "reasons[20].text: found '{Lots} come over.'; expected braces around names alone, like "
            "{account_value} or {lot_count|tax lot|tax lots}",
        ),
        (
            {f"{reason('funding.many_lots')}.text": "Many lots come over"},
            "reasons[20].text: found 'Many lots come over'; expected sentences, the last one with its period",
        ),
    ],
)
def test_a_fault_is_named_with_file_key_value_and_expectation(changes: dict[str, Any], said: str) -> None:
    assert f"changed.yaml: {said}" in refusal(changes)


def test_a_minimum_s_reason_stops_where_eligibility_speaks() -> None:
    data = document()
    data["factors"]["minimums"]["sma"]["now"].pop("says_to")
    with pytest.raises(
        DocumentError, match=r"sma.now.says_to: found nothing; expected -55, what the rule gives"
    ):
        parsed(data)


def test_a_rule_that_says_what_the_catalog_lacks_is_refused() -> None:
    data = document()
    data["reasons"] = [row for row in data["reasons"] if row["code"] != "funding.many_lots"]
    with pytest.raises(DocumentError) as caught:
        parsed(data)
    assert caught.value.key == f"{LOTS}.says" and caught.value.expected.startswith("one of context.")


def test_a_reason_that_nothing_says_is_refused() -> None:
    data = document()
    for key in ("says", "says_from"):
        data["factors"]["funding"]["sma"]["lots"].pop(key)
    with pytest.raises(DocumentError) as caught:
        parsed(data)
    assert str(caught.value) == (
        "changed.yaml: reasons[20].code: found 'funding.many_lots'; expected a reason that some rule "
        "says, or "
        "that the engine gives"
    )


def test_a_reason_that_the_engine_gives_must_be_there() -> None:
    data = document()
    data["reasons"] = [row for row in data["reasons"] if row["code"] != "eligibility.sma_lots"]
    with pytest.raises(DocumentError) as caught:
        parsed(data)
    assert str(caught.value) == (
        "changed.yaml: reasons: found nothing; expected the reason eligibility.sma_lots, which the "
        "engine gives"
    )
