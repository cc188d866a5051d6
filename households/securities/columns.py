"""What a row of the master says, field by field: each field's rule, and what contradicts what.

The same rules judge a line of a CSV and what somebody types on a page.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from households.foundation.identifiers import SYMBOL, cusip_in, is_cusip, is_isin
from households.models import Security

COLUMNS = (
    "symbol", "cusip", "isin", "name", "issuer", "kind", "asset_class", "sector", "source", "as_of",
)  # fmt: skip
SECTORS = (
    "Communication Services", "Consumer Discretionary", "Consumer Staples", "Energy", "Financials",
    "Health Care", "Industrials", "Information Technology", "Materials", "Real Estate", "Utilities",
)  # fmt: skip
_LENGTHS = {"symbol": 32, "name": 200, "issuer": 120, "source": 200}
_REQUIRED = ("symbol", "name", "kind", "source", "as_of")
ONLY_CLASS = {"stock": "equity", "bond": "fixed_income", "cash": "cash"}
"""Kinds that invest in one asset class alone."""
ISSUED = ("stock", "bond")
"""Kinds that are somebody's: their issuer is what a concentration counts."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field: the value as given, and what to do."""

    field: str
    value: str
    problem: str
    remedy: str


def judge(cells: Mapping[str, str], today: date) -> tuple[dict[str, Any], list[Fault]]:
    """A row's values as the master keeps them, and everything that is wrong with it.

    Args:
        cells: column -> text, blanks around it already gone; all of COLUMNS.
        today: no row may be of a later day.
    """
    values: dict[str, Any] = {name: cells[name] for name in COLUMNS}
    for name in ("symbol", "cusip", "isin"):
        values[name] = cells[name].upper()
    faults = [*_texts(values), *_identifiers(values), *_kinds(values)]
    values["as_of"], problem = judge_day(cells["as_of"], today)
    faults += [] if problem is None else [problem]
    # What the ISIN holds is as good as stated; so a position with either number finds its row.
    values["cusip"] = values["cusip"] or cusip_in(values["isin"]) or None
    values["isin"] = values["isin"] or None
    return values, faults


def _texts(values: Mapping[str, str]) -> Iterator[Fault]:
    for name in _REQUIRED:
        if not values[name]:
            yield Fault(name, "", f"The {_word(name)} is missing.", "Fill it in.")
    for name, most in _LENGTHS.items():
        text = values[name]
        if len(text) > most:
            yield Fault(
                name, text[:40], f"The {_word(name)} is longer than {most} characters.", "Shorten it."
            )
        elif not text.isprintable():
            yield Fault(
                name, repr(text)[1:41], f"The {_word(name)} holds a control character.", "Type it again."
            )
    symbol = values["symbol"]
    if symbol and len(symbol) <= _LENGTHS["symbol"] and not SYMBOL.fullmatch(symbol):
        yield Fault(
            "symbol",
            symbol,
            "The symbol holds a sign that symbols do not have.",
            "Use letters and digits, with a point, slash or hyphen between them.",
        )


def _identifiers(values: Mapping[str, str]) -> Iterator[Fault]:
    cusip, isin = values["cusip"], values["isin"]
    good_cusip, good_isin = not cusip or is_cusip(cusip), not isin or is_isin(isin)
    if not good_cusip:
        yield Fault(
            "cusip",
            cusip,
            "The CUSIP's check digit is wrong, or it does not have nine characters.",
            "Copy it again from its source, or leave it empty. A spreadsheet may have dropped leading zeros.",
        )
    if not good_isin:
        yield Fault(
            "isin",
            isin,
            "The ISIN's country or check digit is wrong, or it does not have twelve characters.",
            "Copy it again from its source, or leave it empty.",
        )
    held = cusip_in(isin) if good_isin else ""
    if cusip and good_cusip and held and held != cusip:
        yield Fault(
            "isin",
            isin,
            f"The ISIN holds the CUSIP {held}, the row says {cusip}.",
            "Find out which is right.",
        )


def _kinds(values: Mapping[str, str]) -> Iterator[Fault]:
    kind, asset_class, sector = values["kind"], values["asset_class"], values["sector"]
    known = kind in Security.Kind.values
    if kind and not known:
        yield Fault("kind", kind, "This is no kind.", f"Use {_listed(Security.Kind.values)}.")
    if asset_class and asset_class not in Security.AssetClass.values:
        yield Fault(
            "asset_class",
            asset_class,
            "This is no asset class.",
            f"Use {_listed(Security.AssetClass.values)}, or leave it empty.",
        )
    elif asset_class and known and asset_class != ONLY_CLASS.get(kind, asset_class):
        yield Fault(
            "asset_class",
            asset_class,
            f"A {kind} is {ONLY_CLASS[kind].replace('_', ' ')}.",
            "Correct the kind or the asset class.",
        )
    if sector and sector not in SECTORS:
        yield Fault("sector", sector, "This is no sector.", f"Use {_listed(SECTORS)}, or leave it empty.")
    elif sector and known and kind != "stock":
        yield Fault("sector", sector, f"A {kind} has no sector of its own.", "Leave it empty.")
    if kind in ISSUED and not values["issuer"]:
        yield Fault("issuer", "", f"A {kind} needs its issuer.", "Fill in who issued it.")


def judge_day(text: str, today: date) -> tuple[date | None, Fault | None]:
    """A day as a file has it (None: empty), or what is wrong with it."""
    if not text:
        return None, None
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None:
        return None, Fault("as_of", text, "This is no date.", "Write it as 2026-11-20.")
    if day > today:
        return None, Fault("as_of", text, "The date is still to come.", "Give the day of the source.")
    return day, None


def _word(name: str) -> str:
    return {"as_of": "date (as_of)"}.get(name, name.replace("_", " "))


def _listed(words: Any) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}"
