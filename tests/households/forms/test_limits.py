"""Limits that were worked out are told as people write them, and never beyond themselves."""

import pytest
from django.core.exceptions import ValidationError

from households.forms.fields import MoneyField, PercentField


def refusal(field: PercentField | MoneyField, typed: str) -> str:
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    return str(refused.value.messages[0])


def test_a_share_is_refused_with_a_tenth_of_a_percent() -> None:
    field = PercentField(label="Cash", low=2.3456, high=97.4922)
    assert "“140” is more than 97.4%. Check the value; 97.4% is the most" in refusal(field, "140")
    assert "“1” is below 2.4%. Enter 2.4% or more" in refusal(field, "1")
    assert field.clean("97.49") == 0.9749


def test_whole_limits_stay_as_they_are() -> None:
    assert "is more than 100%" in refusal(PercentField(label="Cash"), "140")
    assert "cannot be negative" in refusal(PercentField(label="Cash"), "-1")
    assert "is more than $1,234.56" in refusal(MoneyField(label="Value", high=1234.56), "2,000")
