"""Cells: exact values, deliberate refusals."""

from datetime import date
from decimal import Decimal

import pytest

from households.imports.formats.cells import cents, day, decimal, share
from households.imports.formats.parsed import CellError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$1,234.50", 123450),
        ("-$1.00", -100),
        ("$-1.00", -100),
        ("($5.00)", -500),
        ("(5)", -500),
        ("+$12.10", 1210),
        ("\u2212$3.00", -300),
        (" 7 ", 700),
        (".5", 50),
        ("0", 0),
        ("$0.00", 0),
        ("$3830.00", 383000),
        ("1234567.89", 123456789),
        ("$999,999,999,999.99", 99999999999999),
        ("2.345", 235),  # half a cent, away from zero
        ("-2.345", -235),
        ("2.3449", 234),
    ],
)
def test_amounts_become_whole_cents(text: str, expected: int) -> None:
    assert cents(text) == expected


@pytest.mark.parametrize("text", ["", "--", "N/A", "n/a", "-", "Incomplete", " -- ", "Not Tracked"])
def test_words_for_unknown_are_none_and_never_zero(text: str) -> None:
    assert cents(text) is None
    assert decimal(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,234.50-", "sign after the number"),
        ("$1,234.50-", "sign after the number"),
        ("100+", "sign after the number"),
        ("250.00 CR", "sign after the number"),
        ("1.234,50", "decimal point"),
        ("12,5", "decimal point"),
        ("1,23,456.00", "group"),
        ("1,2345.00", "group"),
        ("-(5.00)", "two ways"),
        ("(-5.00)", "two ways"),
        ("(5.00", "two ways"),
        ("5.00)", "two ways"),
        ("-$-5", "two ways"),
        ("\u20ac5.00", "US dollars"),
        ("5 EUR", "US dollars"),
        ("12%", "percentage"),
        ("1e5", "not an amount"),
        ("NaN", "not an amount"),
        ("Infinity", "not an amount"),
        ("\uff11\uff12", "not an amount"),  # full-width digits
        ("five", "not an amount"),
        ("$", "not an amount"),
        ("1 234.50", "not an amount"),
        ("9999999999999", "more digits"),
        ("=1+1", "not an amount"),
    ],
)
def test_doubtful_amounts_are_refused_with_a_remedy(text: str, words: str) -> None:
    with pytest.raises(CellError) as caught:
        cents(text)
    assert words in caught.value.problem
    assert caught.value.remedy


def test_the_trailing_minus_names_both_ways_out() -> None:
    with pytest.raises(CellError) as caught:
        cents("1,234.50-")
    assert "-1,234.50 or (1,234.50)" in caught.value.remedy


def test_quantities_are_exact_and_bounded() -> None:
    assert decimal("0.1") + decimal("0.2") == Decimal("0.3")  # type: ignore[operator]
    assert decimal("2,475.4712") == Decimal("2475.4712")
    assert decimal("-50") == Decimal(-50)
    assert decimal("1.10") == Decimal("1.1")
    with pytest.raises(CellError, match="8 decimals"):
        decimal("0.123456789")
    with pytest.raises(CellError, match="money"):
        decimal("$5")


@pytest.mark.parametrize(
    ("text", "expected"), [("0.136", "0.136"), ("13.6%", "0.136"), ("1", "1"), ("0", "0")]
)
def test_shares_are_fractions_or_percentages(text: str, expected: str) -> None:
    assert share(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["1.2", "101%", "13.6", "-0.1", "12,5%"])
def test_shares_outside_zero_to_one_are_refused(text: str) -> None:
    with pytest.raises(CellError):
        share(text)


@pytest.mark.parametrize(
    "text",
    [
        "08/24/2020", "8/24/2020", "08/24/2020 13:22:52", "2020-08-24", "2020/08/24", "2020-08-24T13:22:52Z",
        "Aug 24, 2020", "August 24, 2020", "24-Aug-2020", "8/24/2020 1:22 PM ET",
    ],
)  # fmt: skip
def test_dates_in_every_unambiguous_order(text: str) -> None:
    assert day(text) == date(2020, 8, 24)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("24/08/2020", "no such day"),
        ("02/30/2020", "no such day"),
        ("08/24/20", "two digits"),
        ("yesterday", "not a date"),
        ("44067", "not a date"),
        ("01/01/1899", "before 1900"),
    ],
)
def test_doubtful_dates_are_refused(text: str, words: str) -> None:
    with pytest.raises(CellError, match=words):
        day(text)
