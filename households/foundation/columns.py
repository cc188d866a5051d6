"""Model fields for facts: each names its kind and unit, so that the contract can be compared field by field.

Null means unknown in every one of them; zero is a value.
"""

from typing import Any

from django.db import models

SHARE_DIGITS = 6  # house.md: shares and rates are float64 rounded to 1e-6


class FactField:
    """What a fact column tells about itself."""

    kind: str
    unit: str


class MoneyColumn(FactField, models.BigIntegerField):
    """US dollars, stored as whole cents."""

    kind, unit = "money", "USD"


class _RoundedColumn(FactField, models.FloatField):
    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return None if prepared is None else round(prepared, SHARE_DIGITS)


class ShareColumn(_RoundedColumn):
    """A fraction from 0 to 1."""

    kind, unit = "share", "share"


class SignedShareColumn(_RoundedColumn):
    """A fraction of value that may be negative."""

    kind, unit = "signed_share", "share"


class RateColumn(_RoundedColumn):
    """A fraction a year, or a marginal tax rate."""

    kind, unit = "rate", "rate"


class BpsColumn(_RoundedColumn):
    """Basis points a year."""

    kind, unit = "bps", "bps"


class YearsColumn(_RoundedColumn):
    """Years."""

    kind, unit = "years", "years"


class CountColumn(FactField, models.IntegerField):
    """A number of things."""

    kind, unit = "count", "count"


class LevelColumn(FactField, models.SmallIntegerField):
    """0 none, 1 low, 2 moderate, 3 high, 4 very high."""

    kind, unit = "level", "0..4"


class FlagColumn(FactField, models.BooleanField):
    """Yes or no."""

    kind, unit = "flag", "flag"


class CodeColumn(FactField, models.CharField):
    """A code of a closed list."""

    kind, unit = "code", "code"
