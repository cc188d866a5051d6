"""How values are written for advisors: $1,234, 23.4%, 35 bps, 3 securities."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from implementation.rules.contract import FACTS

UNKNOWN = "an unknown amount"
_CODES = {
    "plan_10b5_1": "10b5-1 plan",
    "rule_144": "Rule 144",
    "us_large": "US large companies",
    "us_total": "US total market",
    "us_mid": "US mid-size companies",
    "us_small": "US small companies",
    "us_growth": "US growth",
    "us_value": "US value",
    "us_dividend": "US dividend",
    "developed_ex_us": "developed markets outside the US",
    "never_sell": "never to be sold",
    "sma": "SMA",
    "uma": "UMA",
    "sei": "SEI",
    "lpl": "LPL",
    "traditional_ira": "traditional IRA",
    "roth_ira": "Roth IRA",
}
_NAME = re.compile(r"\{([a-z_]+)(?:\|([^|{}]+)\|([^|{}]+))?\}")
OUTCOME_WORDS = {
    "SMA": "a manager-traded SMA",
    "UMA": "a sleeve in a UMA",
    "EITHER": "either structure",
    "NEITHER": "neither structure",
    "INDETERMINATE": "no clear outcome",
}
"""What an outcome is called inside a sentence, here and on pages."""
_WHOLE_FROM = 1
"""Dollars from which a sentence leaves the cents out, as tables beside it do."""


@lru_cache(maxsize=8192)
def rounded(value: float, places: int) -> Decimal:
    """Half away from zero, on the value as it prints: 0.125 becomes 0.13, as a reader expects."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


@lru_cache(maxsize=8192)
def plain(value: float, places: int = 2) -> str:
    """A number without needless digits."""
    if math.isinf(value):
        return "no limit" if value > 0 else "none"
    return _trimmed(rounded(value, places))


def _trimmed(amount: Decimal) -> str:
    text = f"{amount:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def money(dollars: float) -> str:
    """$1,234; cents alone are told below $1."""
    if math.isinf(dollars):
        return "no limit"
    amount = rounded(dollars, 2)
    return _dollars(rounded(dollars, 0) if abs(amount) >= _WHOLE_FROM else amount)


def money_apart(amounts: Sequence[float]) -> list[str]:
    """The amounts of one sentence: with cents where whole dollars make different ones look the same."""
    exact = [rounded(amount, 2) if math.isfinite(amount) else amount for amount in amounts]
    shown = [money(amount) for amount in amounts]
    return [
        _dollars(amount)
        if isinstance(amount, Decimal)
        and any(one == words and other != amount for one, other in zip(shown, exact, strict=True))
        else words
        for amount, words in zip(exact, shown, strict=True)
    ]


def _dollars(amount: Decimal) -> str:
    if amount == amount.to_integral_value():
        amount = amount.quantize(Decimal(1))
    return f"{'-' if amount < 0 else ''}${abs(amount):,}"


@lru_cache(maxsize=8192)
def percent(share: float) -> str:
    """23.4%; whole percents without decimals."""
    if math.isinf(share):
        return plain(share)
    # Of the share as it prints: times 100 as a float, 0.0045 comes out below 0.45.
    exact = Decimal(repr(float(share))) * 100
    return f"{_trimmed(exact.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP))}%"


def _is_unknown(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def words(kind: str, value: Any) -> str:
    """A value of a kind (`Fact.kind`, or ratio) as people read it; None and NaN are unknown."""
    if _is_unknown(value):
        return UNKNOWN
    if kind == "text":
        return str(value)
    if kind == "code":
        return _CODES.get(str(value), str(value).replace("_", " "))
    return number_words(kind)(float(value))


def number_words(kind: str) -> Callable[[float], str]:
    """How numbers of a kind are written."""
    return _NUMBERS.get(kind, plain)


_NUMBERS: dict[str, Callable[[float], str]] = {
    "flag": lambda number: "yes" if number else "no",
    "money": money,
    "share": percent,
    "signed_share": percent,
    "rate": percent,
    "bps": lambda number: f"{plain(number, 1)} bps",
    "years": lambda number: f"{plain(number, 1)} {'year' if plain(number, 1) == '1' else 'years'}",
}


_MEETABLE: dict[str, tuple[float, float]] = {
    "money": (0.0, 10_000_000.0),
    "share": (0.0, 1.0),
    "signed_share": (-1.0, 1.0),
    "rate": (0.0, 0.6),
    "bps": (-500.0, 500.0),
    "count": (0.0, 200.0),
    "level": (0.0, 4.0),
    "flag": (0.0, 1.0),
    "years": (0.0, 60.0),
    "ratio": (0.0, 100.0),
}
"""Kind -> the least and the most that somebody could meet."""


def worth_telling(kind: str, low: float, high: float) -> bool:
    """Whether the span of an unknown tells anything: both ends can be met, and it is not all there is."""
    least, most = _MEETABLE.get(kind, (-math.inf, math.inf))
    return least <= low and high <= most and (low, high) != (least, most)


def counted(value: Any, one: str, many: str) -> str:
    """`no securities`, `1 security`, `3 securities`."""
    if _is_unknown(value):
        return f"an unknown number of {many}"
    number = float(value)
    if number == 0:
        return f"no {many}"
    return f"{plain(number)} {one if number == 1 else many}"


def fill(text: str, values: Mapping[str, Any], kinds: Mapping[str, str]) -> str:
    """Fill `{name}` and `{name|one|many}` with values as people read them.

    Args:
        text: a text of the reason catalog.
        values: name -> value, None unknown. A name that is missing is unknown.
        kinds: name -> kind, for names that are not facts; without one the value is text.
    """
    dollars = _amounts(text, values, kinds)

    def written(match: re.Match[str]) -> str:
        name, one, many = match.groups()
        value = values.get(name)
        if one is not None:
            return counted(value, one, many)
        return dollars.get(name) or words(_kind(name, kinds), value)

    filled = _NAME.sub(written, text)
    return filled[:1].upper() + filled[1:]


def _kind(name: str, kinds: Mapping[str, str]) -> str:
    return FACTS[name].kind if name in FACTS else kinds.get(name, "code")


def _amounts(text: str, values: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, str]:
    """The known amounts of money that a text names, written so that different ones look different."""
    known = {
        name: float(values[name])
        for name in names_in(text) - counted_in(text)
        if _kind(name, kinds) == "money" and not _is_unknown(values.get(name))
    }
    return dict(zip(known, money_apart(list(known.values())), strict=True))


def becomes(outcome: str) -> str:
    """How a sentence about a change ends: `the answer becomes: either structure`.

    Args:
        outcome: its code.
    """
    return f"the answer becomes: {OUTCOME_WORDS[outcome]}"


def names_in(text: str) -> frozenset[str]:
    """The names that a text asks for."""
    return frozenset(match.group(1) for match in _NAME.finditer(text))


def asks_unknown(text: str, values: Mapping[str, Any]) -> bool:
    """Whether a value that a text asks for is not known."""
    return any(_is_unknown(values.get(name)) for name in names_in(text))


def counted_in(text: str) -> frozenset[str]:
    """The names that a text counts: `{lot_count|tax lot|tax lots}`."""
    return frozenset(match.group(1) for match in _NAME.finditer(text) if match.group(2) is not None)


def without_names(text: str) -> str:
    """A text with the names that it asks for taken out, braces and all."""
    return _NAME.sub("", text)
