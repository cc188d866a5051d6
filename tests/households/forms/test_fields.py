"""Numbers as people type them; expected values written by hand."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError

from households.forms.fields import (
    BpsField,
    CodeField,
    CountField,
    FlagField,
    LevelField,
    MoneyField,
    NoneOfThemField,
    PercentField,
    TaxRateField,
    YearsField,
)


def message(field: forms.Field, typed: str) -> str:
    with pytest.raises(ValidationError) as refusal:
        field.clean(typed)
    return str(refusal.value.messages[0])


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1,234.50", 123_450),
        ("$1,234.5", 123_450),
        ("1234", 123_400),
        (" $ 250,000 ", 25_000_000),
        ("250k", 25_000_000),
        ("1.2m", 120_000_000),
        ("0", 0),
        (".5", 50),
        ("", None),
        ("   ", None),
    ],
)
def test_dollars(typed: str, cents: int | None) -> None:
    assert MoneyField(label="Value").clean(typed) == cents


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "1,234.50-",
            "Value: “1,234.50-” ends with a minus sign. Enter an amount such as 1,234.50, without a sign.",
        ),
        ("(500)", "is in parentheses"),
        ("-5", "cannot be negative"),
        ("1.234,50", "Write commas for thousands and a point for decimals: 1,234.50"),
        ("12,50", "Write commas for thousands"),
        ("1,23,456", "is not an amount"),
        ("about 5", "is not an amount"),
        ("1e6", "is not an amount"),
        ("NaN", "is not an amount"),
        ("12.345", "Give at most 2 digits after the decimal point"),
        ("100,000,000,001", "is more than $100,000,000,000"),
        ("$", "is not an amount"),
        (",", "is not an amount"),
    ],
)
def test_doubtful_amounts_are_refused_with_a_remedy(typed: str, said: str) -> None:
    told = message(MoneyField(label="Value"), typed)
    assert said in told
    assert told.startswith("Value: “")
    assert told.endswith("Leave it empty if it is not known.")


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("23.8", 0.238),
        ("23.8%", 0.238),
        ("23.8%", 0.238),
        ("100", 1.0),
        ("0", 0.0),
        ("0.5", 0.005),
        ("", None),
    ],
)
def test_percentages(typed: str, share: float | None) -> None:
    assert PercentField(label="Share").clean(typed) == share


def test_a_share_over_the_whole_is_refused() -> None:
    assert "is more than 100%" in message(PercentField(label="Share"), "120")


def test_a_signed_share() -> None:
    field = PercentField(label="Net gain", low=-2_000)
    assert field.clean("-12.5") == -0.125
    assert field.clean("−12.5%") == -0.125  # the true minus sign, as pages write it
    assert "Put the minus sign in front, such as -23.8" in message(field, "12.5-")


def test_a_tax_rate_typed_as_a_fraction_is_asked_about() -> None:
    assert "Enter 37 if you mean 37%" in message(TaxRateField(label="Rate"), "0.37")
    assert TaxRateField(label="Rate").clean("0") == 0.0
    assert "is more than 75%" in message(TaxRateField(label="Rate"), "80")


def test_counts_years_and_basis_points() -> None:
    assert CountField(label="Lots").clean("1,204") == 1204
    told = message(CountField(label="Lots"), "2.5")
    assert "“2.5” is not a whole number. Enter a whole number such as 3." in told
    assert YearsField(label="Horizon").clean("12.5") == 12.5
    assert BpsField(label="Cost").clean("35 bps".removesuffix(" bps")) == 35.0
    assert "is more than 2,000 bps" in message(BpsField(label="Cost"), "2001")


@pytest.mark.parametrize(
    ("field", "stored", "typed"),
    [
        (MoneyField(), 123_450, "1,234.50"),
        (MoneyField(), 25_000_000, "250,000"),
        (PercentField(), 0.238, "23.8"),
        (PercentField(), 0.07, "7"),
        (PercentField(low=-2_000), -0.125, "-12.5"),
        (BpsField(), 35.0, "35"),
        (CountField(), 1204, "1,204"),
        (LevelField(), 0, "0"),
        (FlagField(), False, "no"),
        (FlagField(), None, ""),
        (NoneOfThemField(none_word="None"), 0.0, "none"),
        (NoneOfThemField(none_word="None"), None, ""),
    ],
)
def test_stored_values_are_shown_as_they_are_typed(field: Any, stored: Any, typed: str) -> None:
    assert field.prepare_value(stored) == typed
    assert field.clean(typed) == stored


def test_choices_may_stay_unknown() -> None:
    code = CodeField(label="Custodian", choices=[("schwab", "Schwab")])
    assert code.clean("") is None
    assert code.clean("schwab") == "schwab"
    assert "choose one of the list" in message(code, "nowhere")
    assert CodeField(choices=[("a", "A")], empty="").clean("") == ""
    assert FlagField(label="Flag").clean("") is None
    assert LevelField(label="Level").clean("") is None
