"""Spellings of symbols, and check digits worked from published examples."""

import pytest

from households.foundation.identifiers import cusip_in, is_cusip, is_isin, symbol_key


@pytest.mark.parametrize("text", ["BRK.B", "BRK/B", "BRK-B", "brk b", " BRK.B "])
def test_one_security_has_one_spelling(text: str) -> None:
    assert symbol_key(text) == "BRK.B"


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("037833100", True),  # Apple, the example of CUSIP Global Services
        ("38259P508", True),  # Google class A before Alphabet: a letter among the digits
        ("037833101", False),
        ("37833100", False),  # a spreadsheet dropped the leading zero
        ("0378-3310", False),
        ("AAPL", False),
        ("", False),
    ],
)
def test_cusip(text: str, good: bool) -> None:
    assert is_cusip(text) is good


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("US0378331005", True),  # Apple, the example of ISO 6166
        ("AU0000XVGZA3", True),  # Treasury Corporation of Victoria, as in ISO 6166
        ("US0378331006", False),
        ("XX0378331005", False),  # no such country
        ("US037833100", False),
    ],
)
def test_isin(text: str, good: bool) -> None:
    assert is_isin(text) is good


def test_an_american_isin_holds_the_cusip_and_others_do_not() -> None:
    assert cusip_in("US0378331005") == "037833100"
    assert cusip_in("AU0000XVGZA3") == ""
