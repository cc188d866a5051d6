"""Cells of text to exact values: amounts, quantities, shares, dates. Unknown is None; doubt is an error.

A reader of money must not guess: ``1,234.50-`` and ``1.234,50`` have two readings each, so they are refused
with the remedy. Binary floating point is never used.
"""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from households.imports.formats.parsed import CellError

UNKNOWN_WORDS = frozenset(
    {
        "",
        "-",
        "--",
        "---",
        "\u2014",
        "\u2013",
        "n/a",
        "na",
        "#n/a",
        "incomplete",
        "not available",
        "unavailable",
        "unknown",
        "not tracked",
        "pending",
        "missing",
    }
)

_NUMBER = re.compile(
    r"(?P<open>\()?(?P<before>[+-])?(?P<dollar>\$)?(?P<after>[+-])?"
    r"(?:(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]*))?|\.(?P<only>[0-9]+))(?P<close>\))?"
)
_TRAILING_SIGN = re.compile(r"[(]?[$]?[0-9][0-9,]*(\.[0-9]*)?\s*[+-]\)?|.*[0-9]\s*(CR|DR)", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[(+-]*[$]?[+-]?[0-9]+(\.[0-9]{3})*,([0-9]{1,2}|[0-9]{4,})\)?")
_GROUPED_BADLY = re.compile(r"[(+-]*[$]?[+-]?[0-9][0-9,]*(\.[0-9,]*)?\)?")
_MAX_DIGITS = 12  # whole digits: under a trillion dollars or units; cents then fit a 64-bit column
_MAX_PLACES = 12

AMOUNT_REMEDY = "Write it as 1234.50, $1,234.50, -1,234.50 or (1,234.50)."


def is_unknown(text: str) -> bool:
    """Whether a cell says that there is no value: empty, ``--``, ``N/A``, ``Incomplete``."""
    return text.strip().lower() in UNKNOWN_WORDS


def _split(text: str, what: str) -> tuple[bool, str, str] | None:
    """Sign, whole digits and decimal digits of a number, or None where it is unknown."""
    text = text.strip()
    match = _NUMBER.fullmatch(text)
    if match is None:
        if text.lower() in UNKNOWN_WORDS:
            return None
        match = _NUMBER.fullmatch(text.replace("\u2212", "-"))
    if match is None:
        raise _explain(text, what)
    opened, before, dollar, after, whole, part, only, closed = match.groups()
    signs = [sign for sign in (before, after) if sign]
    if len(signs) > 1 or bool(opened) != bool(closed) or (opened and signs):
        raise CellError("The sign of this number can be read in two ways.", AMOUNT_REMEDY)
    if dollar and what != "amount":
        raise CellError(f"This is an amount of money where a {what} is expected.", "Write it without $.")
    digits = (whole or "0").replace(",", "").lstrip("0") or "0"
    if len(digits) > _MAX_DIGITS or len(part or only or "") > _MAX_PLACES:
        raise CellError(
            f"This {what} has more digits than any real one.", "Check the cell against the custodian's page."
        )
    return bool(opened) or signs == ["-"], digits, part or only or ""


def _explain(text: str, what: str) -> CellError:
    """Name what is wrong with a number that cannot be read."""
    if _TRAILING_SIGN.fullmatch(text):
        return CellError(
            "A sign after the number is ambiguous: some systems mean a negative, some a debit.",
            "Write -1,234.50 or (1,234.50) for a negative number, 1,234.50 for a positive one.",
        )
    if _DECIMAL_COMMA.fullmatch(text):
        return CellError(
            "The comma stands where a decimal point belongs.",
            "Use a point for decimals and commas for thousands only: 1,234.50.",
        )
    if "(" in text and re.search(r"[+-]", text):
        return CellError("The sign of this number can be read in two ways.", AMOUNT_REMEDY)
    if _GROUPED_BADLY.fullmatch(text):
        return CellError(
            "The commas do not group the digits by three.", "Write it as 1,234,567.89 or 1234567.89."
        )
    if text.endswith("%"):
        return CellError(f"This is a percentage where a {what} is expected.", f"Give the {what} itself.")
    if re.search(r"[\u20ac\u00a3\u00a5]|\b(EUR|GBP|CAD|CHF|JPY)\b", text, re.IGNORECASE):
        return CellError(
            "This is not in US dollars.", "Convert it to US dollars; other currencies are not supported."
        )
    article = "an" if what[0] in "aeiou" else "a"
    return CellError(
        f"This is not {article} {what}.", AMOUNT_REMEDY if what == "amount" else "Write it as 1234.5."
    )


def cents(text: str) -> int | None:
    """An amount of US dollars in whole cents; further decimals round half away from zero.

    Raises:
        CellError: the text is not an amount, or has two readings.
    """
    parts = _split(text, "amount")
    if parts is None:
        return None
    negative, whole, part = parts
    value = int(whole + (part + "00")[:2])
    if len(part) > 2 and part[2] >= "5":
        value += 1
    return -value if negative else value


def decimal(text: str, what: str = "quantity", places: int = 8) -> Decimal | None:
    """A quantity, or with ``what="amount"`` a price; at most ``places`` decimals.

    Raises:
        CellError: the text is not a number, has two readings, or has more decimals than are kept.
    """
    parts = _split(text, what)
    if parts is None:
        return None
    negative, whole, part = parts
    part = part.rstrip("0")
    if len(part) > places:
        raise CellError(
            f"This {what} has more than {places} decimals.",
            f"Round it to {places} decimals, as the custodian does.",
        )
    value = Decimal(f"{whole}.{part}" if part else whole)
    return -value if negative and value else value


def share(text: str) -> Decimal | None:
    """A fraction of the whole from 0 to 1, written as ``0.136`` or ``13.6%``.

    Raises:
        CellError: not a number, negative, or more than the whole.
    """
    percent = text.strip().endswith("%")
    value = decimal(text.strip().removesuffix("%"), what="share", places=8)
    if value is None:
        return None
    value = value / 100 if percent else value
    if value < 0:
        raise CellError(
            "A share of an account cannot be negative.", "Write a fraction from 0 to 1, or leave it empty."
        )
    if value > 1:
        raise CellError(
            "A share of an account cannot be more than 1, the whole.",
            "Write 0.12 or 12% for twelve percent.",
        )
    return value


_TIME = r"(?:[ T,]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?\s*(?:[AP]M)?\s*(?:Z|[A-Z]{2,4})?)?"
_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)  # noqa: SIM905
}
_DATES = tuple(
    re.compile(pattern + _TIME, re.IGNORECASE)
    for pattern in (
        r"(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})/(?P<y>[0-9]{4})",
        r"(?P<y>[0-9]{4})[-/](?P<m>[0-9]{1,2})[-/](?P<d>[0-9]{1,2})",
        r"(?P<name>[A-Z]{3})[a-z]*\.? (?P<d>[0-9]{1,2}),? (?P<y>[0-9]{4})",
        r"(?P<d>[0-9]{1,2})[- ](?P<name>[A-Z]{3})[a-z]*[- ](?P<y>[0-9]{4})",
    )
)
DATE_REMEDY = "Write it as MM/DD/YYYY or YYYY-MM-DD."


@lru_cache(maxsize=8192)
def day(text: str) -> date | None:
    """A date, month before day as custodians in the United States write it; a time of day is left off.

    Raises:
        CellError: not a date, a two-digit year, or a day that does not exist.
    """
    text = text.strip()
    if text.lower() in UNKNOWN_WORDS:
        return None
    for pattern in _DATES:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        found = match.groupdict()
        month = _MONTHS.get(found["name"].lower()) if found.get("name") else int(found["m"])
        try:
            value = date(int(found["y"]), month or 0, int(found["d"]))
        except ValueError:
            raise CellError("There is no such day in the calendar, month first.", DATE_REMEDY) from None
        if value.year < 1900:
            raise CellError("This year is before 1900.", DATE_REMEDY)
        return value
    if re.fullmatch(r"[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{2}" + _TIME, text, re.IGNORECASE):
        raise CellError("The year has two digits only.", "Write the year with four digits: MM/DD/YYYY.")
    raise CellError("This is not a date.", DATE_REMEDY)
