"""Title lines: whose account, as of when. Account numbers are kept by their last digits only."""

import re
from dataclasses import dataclass
from datetime import date

from households.imports.formats.cells import day
from households.imports.formats.parsed import CellError

_AS_OF = re.compile(
    r"^(?P<what>.*?)\s*\bas of\s+"
    r"(?:(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\s*(?:[AP]M)?(?:\s*[A-Z]{2,4})?)\s*,?\s+)?"
    r"(?P<date>[0-9A-Z].*?)\s*$",
    re.IGNORECASE,
)
_MASKED = re.compile(
    r"^(?P<name>.*?)[\s(]*(?:[Xx]{2,}|\.{2,}|\u2026|\*{2,}|\u2022{2,})[\s-]*(?P<ending>[0-9A-Za-z]{2,5})\)?$"
)
_FULL = re.compile(r"^(?P<name>.*?)[\s(]*(?P<number>[0-9]{3,5}[- ]?[0-9]{3,6})\)?$")


@dataclass(frozen=True, slots=True)
class Title:
    """What a title line says: what it is about, when. ``as_of`` is None where no date could be read."""

    what: str
    as_of: date | None
    time: str


def read_title(text: str) -> Title:
    """Split ``... as of 06:04 PM ET, 11/15/2020``; the date may stand in any order that is unambiguous."""
    match = _AS_OF.match(text)
    if match is None:
        return Title(text, None, "")
    try:
        as_of = day(match["date"])
    except CellError:
        as_of = None
    return Title(match["what"], as_of, " ".join((match["time"] or "").split()))


def mask_account(text: str) -> tuple[str, str]:
    """An account's name with its number masked, and the last digits that are known.

    ``Trust XXXX-4321`` and ``Trust 1234-4321`` both become ``Trust, ending 4321`` and ``4321``.
    """
    text = " ".join(text.split())
    match = _MASKED.match(text)
    if match:
        ending = match["ending"]
    else:
        match = _FULL.match(text)
        if match is None:
            return text[:120], ""
        ending = re.sub(r"[- ]", "", match["number"])[-4:]
    name = match["name"].strip(" -:")
    return f"{name[:100]}, ending {ending}" if name else f"Account ending {ending}", ending
