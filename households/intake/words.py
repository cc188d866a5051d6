"""Answers as a reader sees them: values with their unit, ages in words."""

from datetime import date
from typing import Any

from households.foundation import formats
from households.intake.codes import CODES, LEVELS, code_word
from households.intake.questions import KIND_OF


def fact_words(name: str, value: Any) -> str | None:
    """A stored value written with its unit; None where it is unknown."""
    if value is None or value == "":
        return None
    kind = KIND_OF[name]
    if kind == "code":
        return code_word(name, value) if name in CODES else str(value)
    if kind == "flag":
        return formats.yes_no(value)
    if kind == "level":
        return LEVELS[value]
    if kind == "money":
        return formats.money(value)
    if kind == "bps":
        return formats.bps(value)
    if kind == "count":
        return formats.count(value)
    if kind == "years":
        whole = float(value).is_integer()
        return f"{formats.decimal(value, 0 if whole else 1)} {'year' if value == 1 else 'years'}"
    if kind == "unit":
        return str(value)
    # A tenth of a percent is enough, unless the value is finer.
    return formats.percent(value, 1 if float(round(value * 1000, 6)).is_integer() else 2)


def age_words(day: date | None, today: date) -> str:
    """How long ago a day is: ``today``, ``5 days ago``, ``3 months ago``, ``2 years ago``."""
    if day is None:
        return "at an unknown date"
    days = (today - day).days
    if days <= 0:
        return "today"
    if days == 1:
        return "yesterday"
    for length, word in ((365, "year"), (30, "month"), (7, "week")):
        if days >= 2 * length or (length > 7 and days >= length):
            count = days // length
            return f"{count} {word}{'s' if count > 1 else ''} ago"
    return f"{days} days ago"
