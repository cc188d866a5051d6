"""Symbols in one spelling; CUSIPs and ISINs by their check digits; account numbers by their last digits."""

import re

from stdnum import cusip as cusip_number
from stdnum import isin as isin_number
from stdnum.exceptions import ValidationError

SYMBOL = re.compile(r"[A-Z0-9]+(?:[ ./-][A-Z0-9]+)*")
_SEPARATORS = re.compile(r"[ ./-]+")
_WITH_CUSIP = ("US", "CA")
"""Countries whose ISINs are made of the CUSIP: country, CUSIP, check digit (ISO 6166)."""
ENDING_DIGITS = 8
"""How much of an account number is ever stored."""


def account_ending(text: str) -> str:
    """The last digits of an account number, whether all of it was given or only those."""
    return text.strip()[-ENDING_DIGITS:]


def symbol_key(text: str) -> str:
    """A symbol in one spelling, upper case with points: BRK/B, BRK-B and brk.b are BRK.B."""
    return _SEPARATORS.sub(".", text.strip().upper())


def is_cusip(text: str) -> bool:
    """Whether nine characters are a CUSIP by their check digit."""
    return _valid(cusip_number.validate, text, 9)


def is_isin(text: str) -> bool:
    """Whether twelve characters are an ISIN by country and check digit."""
    return _valid(isin_number.validate, text, 12)


def _valid(validate: object, text: str, length: int) -> bool:
    # As written: stdnum drops blanks and hyphens first, and a number with those in it is a typing error here.
    if len(text) != length or not text.isascii() or not text.isalnum():
        return False
    try:
        validate(text)  # type: ignore[operator]
    except ValidationError:
        return False
    return True


def cusip_in(isin: str) -> str:
    """The CUSIP that an ISIN of the United States or Canada holds; empty for others."""
    return isin[2:11] if isin.startswith(_WITH_CUSIP) else ""


def isins_of(cusip: str) -> list[str]:
    """The ISINs that hold a CUSIP."""
    return [f"{country}{cusip}{isin_number.calc_check_digit(country + cusip)}" for country in _WITH_CUSIP]


def is_number(symbol: str) -> bool:
    """Whether what a position calls its symbol is a CUSIP or an ISIN."""
    text = symbol.strip().upper()
    return is_cusip(text) or is_isin(text)
