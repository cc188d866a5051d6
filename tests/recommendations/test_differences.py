"""What changed between two records, and which of it is told as the cause."""

from types import SimpleNamespace
from typing import Any

import pytest

from advisory.recommendations.differences import difference_of, why
from advisory.recommendations.models import Recommendation
from implementation.rules.factors import FACTORS

SAME: dict[str, Any] = {
    **{field.attname: None for field in Recommendation._meta.local_concrete_fields},
    **{f"{name}_contribution": 1.0 for name in FACTORS},
    "outcome": "SMA", "decided_by": "net_fit", "net_fit": 20.0, "need": 1, "sma_eligible": 1,
    "uma_eligible": 1, "fragile": False, "provisional": False, "conflict": False, "policy_version": "1",
    "policy_sha256": "a" * 64, "shelf_version": "1", "shelf_sha256": "b" * 64, "engine": 1,
    "account_value": 50_000_000, "stock_share": 0.9, "cash_share": 0.1,
}  # fmt: skip


def compared(**now: Any) -> SimpleNamespace:
    found = difference_of(SAME | now, SAME)
    return SimpleNamespace(found=found, why=why(found))


def test_equal_records_differ_in_nothing() -> None:
    assert compared().found.nothing
    assert compared().why == "Nothing of weight changed."


def test_facts_are_told_in_words_with_their_units() -> None:
    (fact, share) = compared(account_value=24_000_000, cash_share=None).found.facts
    assert (fact.label, fact.before, fact.after) == ("Account value", "$500,000", "$240,000")
    assert (share.label, share.before, share.after) == ("Cash", "10%", "–")


def test_factors_are_told_by_how_far_they_moved() -> None:
    moved = compared(tax_contribution=-3.5, funding_contribution=2.0, cost_contribution=None).found.factors
    assert [(factor.factor, factor.change) for factor in moved] == [
        ("cost", None),
        ("tax", -4.5),
        ("funding", 1.0),
    ]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (
            {"outcome": "UMA", "sma_eligible": 0, "account_value": 24_000_000},
            "The SMA is not open to the account now (Account value: $500,000 before, $240,000 now).",
        ),
        (
            {"outcome": "NEITHER", "need": 0, "stock_share": 0.0},
            "Nothing calls for direct indexing now (Individual stocks: 90% before, 0% now).",
        ),
        (
            {"outcome": "EITHER", "funding_contribution": -11.5, "stock_share": 0.2, "lot_count": 9},
            "How the account is funded moved 12.5 points toward UMA "
            "(Individual stocks: 90% before, 20% now; Number of tax lots: – before, 9 now).",
        ),
        (
            {"outcome": "INDETERMINATE", "funding_contribution": None, "stock_share": None},
            "What is known changed (Individual stocks: 90% before, – now).",
        ),
        (
            {"outcome": "EITHER", "tax_contribution": 0.0, "policy_version": "2", "policy_sha256": "c" * 64},
            "Tax coordination moved 1.0 points toward UMA. The policy changed from 1 to 2.",
        ),
        ({"lot_count": 5, "shelf_sha256": "d" * 64}, "The outcome stays; changed: shelf, facts."),
    ],
)
def test_the_cause_is_told_in_a_sentence(now: dict[str, Any], told: str) -> None:
    assert compared(**now).why == told


def test_documents_of_one_version_are_told_apart_by_their_hash() -> None:
    (rule,) = compared(policy_sha256="c" * 64).found.rules
    assert (rule.before, rule.after) == ("1 (aaaaaaaa)", "1 (cccccccc)")


def test_a_cause_fits_the_column_of_run_results() -> None:
    rules = {"policy_sha256": "c" * 64, "shelf_sha256": "d" * 64, "engine": 2}
    names = {"policy_version": "v" * 40, "shelf_version": "w" * 40}
    long = compared(outcome="NEITHER", need=0, sma_eligible=0, uma_eligible=0, **rules, **names).why
    assert len(long) <= 300
