"""How numbers are written for advisors."""

from typing import Any

import pytest

from implementation.rules.wording import fill, money_apart, words


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("money", 1234, "$1,234"),
        ("money", 1_851_379.64, "$1,851,380"),
        ("money", 1234.5, "$1,235"),
        ("money", -1234.5, "-$1,235"),
        ("money", 1000.49, "$1,000"),
        ("money", 999.99, "$1,000"),
        ("money", 126.16, "$126"),
        ("money", 0.996, "$1"),
        ("money", 0.01, "$0.01"),
        ("money", 999.996, "$1,000"),
        ("money", 12.5, "$13"),
        ("money", -0.004, "$0"),
        ("money", 0, "$0"),
        ("money", float("inf"), "no limit"),
        ("share", 0.234, "23.4%"),
        ("share", 0.7, "70%"),
        ("rate", 0.0005, "0.1%"),
        ("bps", 35.0, "35 bps"),
        ("share", 0.0045, "0.5%"),
        ("share", 0.1225, "12.3%"),
        ("signed_share", -0.0105, "-1.1%"),
        ("signed_share", -0.0004, "0%"),
        ("share", 0.12249, "12.2%"),
        ("bps", 2.125, "2.1 bps"),
        ("bps", 2.25, "2.3 bps"),
        ("years", 0.45, "0.5 years"),
        ("ratio", 1.045, "1.05"),
        ("ratio", 1.04, "1.04"),
        ("years", 15, "15 years"),
        ("years", 1.04, "1 year"),
        ("count", 3, "3"),
        ("flag", True, "yes"),
        ("code", "roth_ira", "Roth IRA"),
        ("code", "bank_trust", "bank trust"),
        ("money", None, "an unknown amount"),
        ("share", float("nan"), "an unknown amount"),
    ],
)
def test_words(kind: str, value: Any, text: str) -> None:
    assert words(kind, value) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "No lots come over."),
        (1, "1 lot comes over."),
        (2, "2 lots come over."),
        (1500, "1,500 lots come over."),
        (None, "An unknown number of lots come over."),
    ],
)
def test_counts_agree_with_their_nouns(count: Any, text: str) -> None:
    assert fill("{lot_count|lot comes|lots come} over.", {"lot_count": count}, {}) == text


def test_texts_are_filled_by_the_kind_of_the_fact() -> None:
    text = fill("{account_value} at {long_term_rate}, {sma_cost_bps} in {sma_program}.", {
        "account_value": 400_000, "long_term_rate": 0.238, "sma_cost_bps": 36.0, "sma_program": "House SMA",
    }, {"sma_cost_bps": "bps", "sma_program": "text"})  # fmt: skip
    assert text == "$400,000 at 23.8%, 36 bps in House SMA."


@pytest.mark.parametrize(
    ("amounts", "shown"),
    [
        ([249_999.99, 250_000], ["$249,999.99", "$250,000"]),
        ([250_000.4, 250_000.3, 80_000.4], ["$250,000.40", "$250,000.30", "$80,000"]),
        ([250_000.4, 250_000.4], ["$250,000", "$250,000"]),
        ([249_999.4, 250_000], ["$249,999", "$250,000"]),
        ([float("inf"), 2_000.2], ["no limit", "$2,000"]),
    ],
)
def test_cents_stay_where_whole_dollars_would_look_the_same(amounts: list[float], shown: list[str]) -> None:
    assert money_apart(amounts) == shown


def test_a_text_never_says_that_an_amount_is_below_itself() -> None:
    text = "{account_value} is below the {sma_initial_minimum} asked for; {exit_cost} to leave."
    values = {"account_value": 249_999.99, "sma_initial_minimum": 250_000, "exit_cost": 1_500.25}
    assert fill(text, values, {"sma_initial_minimum": "money"}) == (
        "$249,999.99 is below the $250,000 asked for; $1,500 to leave."
    )
