"""How numbers and dates are written for a reader, in pages, charts and exports of text.

Every function takes ``None`` and NaN as *unknown* and then answers :data:`UNKNOWN`: a missing value is never
written as zero. Minus is the true minus sign; a value that rounds to zero carries no sign.
"""

import math
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeGuard

from django.utils import timezone

Number = int | float | Decimal
UNKNOWN = "–"
MINUS = "−"
STEPS = ((10**9, "bn"), (10**6, "m"), (10**3, "k"))


def is_known(value: object) -> TypeGuard[float]:
    """Whether a value is a number: neither ``None``, nor NaN, nor empty text."""
    if value is None or value == "":
        return False
    return not (isinstance(value, float) and math.isnan(value))


def rounded(value: Number, places: int) -> Decimal:
    """Half away from zero, on the value as it prints: 0.125 becomes 0.13, as a reader expects."""
    exact = (
        value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else value)
    )
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _written(value: Number, places: int, *, before: str = "", after: str = "", plus: bool = False) -> str:
    amount = rounded(value, places)
    sign = MINUS if amount < 0 else "+" if plus and amount > 0 else ""
    return f"{sign}{before}{abs(amount):,}{after}"


def count(value: Number | None) -> str:
    """1234 -> ``1,234``."""
    return _written(value, 0) if is_known(value) else UNKNOWN


def decimal(value: Number | None, places: int = 1) -> str:
    """12.345 -> ``12.3``."""
    return _written(value, places) if is_known(value) else UNKNOWN


def money(cents: int | None, places: int | None = None) -> str:
    """Integer cents as dollars: ``$1,234``, with cents only where there are some or ``places`` asks."""
    if not is_known(cents):
        return UNKNOWN
    if places is None:
        places = 0 if cents % 100 == 0 else 2
    return _written(Decimal(cents) / 100, places, before="$")


def dollars(value: Number | None, places: int = 0) -> str:
    """Dollars: 1234.5 -> ``$1,235``."""
    return _written(value, places, before="$") if is_known(value) else UNKNOWN


def compact_dollars(value: Number | None) -> str:
    """Dollars in three or so digits: ``$850k``, ``$1.2m``, ``$3.4bn``."""
    if not is_known(value):
        return UNKNOWN
    exact = rounded(value, 2)
    for step, name in STEPS:
        # 999,999 reads as 1,000k, which is $1m: a unit is left once its rounded number has four digits.
        if abs(rounded(exact / (step // 1000), 0)) >= 1000:
            scaled = exact / step
            amount = rounded(scaled, 0 if name == "k" or abs(scaled) >= 100 else 1)
            return f"{MINUS if exact < 0 else ''}${abs(amount):,}".removesuffix(".0") + name
    return _written(exact, 0, before="$")


def compact_money(cents: int | None) -> str:
    """Integer cents in three or so digits: ``$1.2m``."""
    return compact_dollars(Decimal(cents) / 100) if is_known(cents) else UNKNOWN


def percent(share: Number | None, places: int = 1) -> str:
    """A share or rate: 0.234 -> ``23.4%``; whole percents carry no decimals."""
    if not is_known(share):
        return UNKNOWN
    exact = (
        share if isinstance(share, Decimal) else Decimal(repr(share) if isinstance(share, float) else share)
    )
    amount = rounded(exact * 100, places)
    return _written(amount, 0 if amount == amount.to_integral_value() else places, after="%")


def bps(value: Number | None, places: int = 1) -> str:
    """Basis points: 35.0 -> ``35 bps``, 62.54 -> ``62.5 bps``."""
    if not is_known(value):
        return UNKNOWN
    amount = rounded(value, places)
    return _written(amount, 0 if amount == amount.to_integral_value() else places, after=" bps")


def signed(value: Number | None, places: int = 1) -> str:
    """With its sign: ``+12.3``, ``−4.0``, ``0.0``."""
    return _written(value, places, plus=True) if is_known(value) else UNKNOWN


def day(value: date | datetime | None) -> str:
    """``Nov 22, 2026``; a moment is told in the firm's time zone."""
    if not value:
        return UNKNOWN
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value:%b} {value.day}, {value.year}"


def moment(value: datetime | None) -> str:
    """``Nov 22, 2026, 2:05 PM``, in the firm's time zone."""
    if not value:
        return UNKNOWN
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(local)}, {local.hour % 12 or 12}:{local:%M %p}"


def stamp(value: datetime | None) -> str:
    """``2026-11-22 14:05:09-05:00``, for files: the firm's time zone with its offset; none is empty."""
    return timezone.localtime(value).isoformat(sep=" ", timespec="seconds") if value else ""


def yes_no(value: bool | None) -> str:
    """``Yes``, ``No`` or unknown."""
    return UNKNOWN if value is None else "Yes" if value else "No"
