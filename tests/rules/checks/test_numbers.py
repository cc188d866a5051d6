"""Checks of weights, numbers, ranges and sources, and that everything is told at once."""

from __future__ import annotations

from typing import Any

import pytest

from implementation.rules.documents.document import DocumentError, canonical_json
from implementation.rules.policy import Policy
from tests.rules.changed import document, parsed
from tests.rules.checks.planted import (
    LOTS,
    reason,
    refusal,
)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        # Weights, numbers, ranges.
        (
            {"numbers.either_within.unit": "percent"},
            "numbers.either_within.unit: found 'percent'; expected points of net fit",
        ),
        (
            {"numbers.either_within.range": [8, 120]},
            "numbers.either_within.range: found [8, 120]; expected a range from 0 to 100",
        ),
        (
            {"ranges.account_value.unit": "bps"},
            "ranges.account_value.unit: found 'bps'; expected a unit that begins with USD",
        ),
        (
            {"ranges.fee_bps.unit": "USD"},
            "ranges.fee_bps.unit: found 'USD'; expected a unit that begins with bps",
        ),
        (
            {"perturbations.rates_up.changes": ["long_term_rate", "account_value"]},
            "perturbations.rates_up.changes: found ['long_term_rate', 'account_value']; expected facts "
            "of one "
            "kind, where the same is added to each of them",
        ),
        (
            {"weights.cost.range": [-0.05, 0.2]},
            "weights.cost.range: found [-0.05, 0.2]; expected a range from 0 to 1",
        ),
        (
            {"numbers.coordination_low_bps.value": 60, "numbers.coordination_high_bps.value": 50},
            "numbers.coordination_low_bps.value: found 60.0; expected at most 50, which is "
            "numbers.coordination_high_bps",
        ),
        (
            {"ranges.short_term_rate.value": [0, 0.9], "ranges.short_term_rate.range": [0, 1]},
            "ranges.short_term_rate.value: found [0.0, 0.9]; expected what short_term_rate can be, from "
            "0 to 0.75",
        ),
        (
            {"household_plan.leaves_out.rules": ["tax.across_accounts", "tax.alone"]},
            "household_plan.leaves_out.rules: found 'tax.alone'; expected rules that give points of fit",
        ),
        (
            {f"{LOTS}.review_by": "2026-11-01"},
            f"{LOTS}.review_by: found '2026-11-01'; expected a day after 2026-11-01, when the policy "
            "takes effect",
        ),
        (
            {"numbers.either_within.review_by": "2026-01-01"},
            "numbers.either_within.review_by: found '2026-01-01'; expected a day after 2026-11-01, when the "
            "policy takes effect",
        ),
        # What the reader of the document refuses already.
        (
            {f"{reason('funding.many_lots')}.text": " "},
            "reasons[20].text: found ' '; expected text that is not blank (in quotes when it looks like "
            "a number)",
        ),
        (
            {"weights.cost.value": 0.4},
            "weights.cost.value: found 0.4; expected a number from 0.05 to 0.2",
        ),
        (
            {"weights.cost.value": 0.2},
            "weights: found {'context': {'range': [0.1, 0.2], 'rationale': 'An account that stands by "
            "its...; "
            "expected weights that add up to 1 (these add up to 1.1)",
        ),
        (
            {"sources.stein.evidence": "hearsay"},
            "sources.stein.evidence: found 'hearsay'; expected one of peer-reviewed, regulator, program "
            "document, third party, vendor claim, house judgment",
        ),
        (
            {"sources.stein.date": "long ago"},
            "sources.stein.date: found 'long ago'; expected a date as YYYY-MM-DD, YYYY-MM or YYYY (in "
            "quotes), "
            'or "undated"',
        ),
        (
            {"numbers.either_within.value": 25},
            "numbers.either_within.value: found 25; expected a number from 8 to 20",
        ),
    ],
)
def test_a_fault_is_named_with_file_key_value_and_expectation(changes: dict[str, Any], said: str) -> None:
    assert f"changed.yaml: {said}" in refusal(changes)


def test_a_number_without_a_source_is_refused() -> None:
    data = document()
    data["factors"]["tax"].pop("source")
    with pytest.raises(
        DocumentError, match=r"^changed.yaml: factors.tax.source: found nothing; expected one of"
    ):
        parsed(data)


def test_everything_is_told_at_once_in_the_order_of_the_document() -> None:
    said = refusal(
        {
            "numbers.harvesting_low_bps.value": 90,
            f"{LOTS}.says_from": 99,
            f"{reason('cost.sma_cheaper')}.text": "x",
        }
    )
    assert [line.split(": ")[1] for line in said] == [
        "numbers.harvesting_low_bps.value",
        f"{LOTS}.says_from",
        "reasons[54].text",
    ]


def test_a_policy_that_was_published_is_read_without_the_checks() -> None:
    data = document()
    data["numbers"]["harvesting_low_bps"]["value"] = 90
    assert Policy.accepted(canonical_json(data)).numbers["harvesting_low_bps"] == 90
