"""Answers that cannot all be true are told apart from answers that merely differ."""

from typing import Any

import pytest

from households.intake.contradictions import contradictions
from households.intake.words import age_words, fact_words
from tests.households.book import AS_OF, cents


def test_nothing_known_contradicts_nothing() -> None:
    assert contradictions({}) == []


@pytest.mark.parametrize(
    ("facts", "first", "said"),
    [
        (
            {"cash_share": 0.5, "fund_share": 0.3, "stock_share": 0.1, "bond_share": 0.0, "other_share": 0.0},
            "cash_share",
            "The shares add up to 90%, not 100%",
        ),
        ({"cash_share": 0.7, "stock_share": 0.6}, "cash_share", "The shares add up to 130%"),
        (
            {"largest_position_share": 0.4, "stock_share": 0.3, "bond_share": 0.0},
            "largest_position_share",
            "Largest single issuer (40%) exceeds all stocks and bonds together (30%)",
        ),
        (
            {"saleable_largest_share": 0.5, "largest_position_share": 0.4},
            "saleable_largest_share",
            "Part of the largest issuer to be sold down (50%) cannot exceed largest single issuer (40%)",
        ),
        ({"stock_gain_share": 0.5, "stock_share": 0.4}, "stock_gain_share", "cannot exceed"),
        (
            {"direct_index_value": cents(600_000), "account_value": cents(500_000)},
            "direct_index_value",
            "Amount meant for direct indexing ($600,000) cannot exceed account value ($500,000)",
        ),
        ({"short_term_gain": cents(5), "unrealized_gain": cents(4)}, "short_term_gain", "cannot exceed"),
        ({"account_value": cents(5), "household_value": cents(4)}, "household_value", "cannot exceed"),
        (
            {"household_managed_accounts": 3, "household_accounts": 2},
            "household_managed_accounts",
            "cannot exceed",
        ),
        (
            {"restricted_share": 0.6, "legacy_retention_share": 0.5},
            "legacy_retention_share",
            "are together more than the account",
        ),
        ({"restricted_share": 0.1, "restriction_reason": "none"}, "restriction_reason", "no reason is given"),
        (
            {
                "planned_withdrawals": cents(30),
                "account_value": cents(10),
                "planned_contributions": cents(10),
            },
            "planned_withdrawals",
            "more than there is to withdraw ($20 with contributions)",
        ),
    ],
)
def test_a_contradiction_names_values_and_remedy(facts: dict[str, Any], first: str, said: str) -> None:
    (found,) = contradictions(facts)
    assert found.names[0] == first
    assert said in found.message


@pytest.mark.parametrize(
    "facts",
    [
        {
            "cash_share": 0.333,
            "fund_share": 0.333,
            "stock_share": 0.333,
            "bond_share": 0.0,
            "other_share": 0.0,
        },
        {"cash_share": 0.3, "fund_share": 0.3},
        {"largest_position_share": 0.4, "stock_share": 0.3},
        {"largest_position_share": 0.4, "stock_share": 0.3, "bond_share": 0.1},
        {"direct_index_value": cents(5), "account_value": cents(5)},
        {"restricted_share": 0.0, "restriction_reason": "none"},
        {"planned_withdrawals": cents(20), "account_value": cents(10), "planned_contributions": cents(10)},
    ],
)
def test_what_can_be_true_passes(facts: dict[str, Any]) -> None:
    assert contradictions(facts) == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("account_value", 123_450, "$1,234.50"),
        ("cash_share", 0.3, "30%"),
        ("cash_share", 0.4717, "47.17%"),
        ("long_term_rate", 0.238, "23.8%"),
        ("current_cost_bps", 35.0, "35 bps"),
        ("holding_horizon_years", 1.0, "1 year"),
        ("holding_horizon_years", 12.5, "12.5 years"),
        ("tax_sensitivity", 0, "None"),
        ("step_up_expected", False, "No"),
        ("strategy", "us_large", "US large cap"),
        ("lot_count", 1_204, "1,204"),
        ("lot_count", None, None),
    ],
)
def test_values_in_words(name: str, value: Any, words: str | None) -> None:
    assert fact_words(name, value) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"), (1, "yesterday"), (6, "6 days ago"), (15, "2 weeks ago"), (30, "1 month ago"),
        (364, "12 months ago"), (366, "1 year ago"), (800, "2 years ago"),
    ],
)  # fmt: skip
def test_ages(days: int, words: str) -> None:
    assert age_words(AS_OF.fromordinal(AS_OF.toordinal() - days), AS_OF) == words


def test_an_unknown_age() -> None:
    assert age_words(None, AS_OF) == "at an unknown date"
