"""Title lines: whose account, as of when. Account numbers are kept by their last digits only."""

import re
from dataclasses import dataclass
from datetime import date

from households.imports.formats.cells import day
from households.imports.formats.content import Text
from households.imports.formats.parsed import CellError, FileRefused, ParsedFile

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


_DATE_IN_NAME = re.compile(
    r"(?<![0-9A-Za-z])(?:(?P<iso>[0-9]{4}[-_.]?[0-9]{2}[-_.]?[0-9]{2})|(?P<us>[0-9]{2}[-_.][0-9]{2}[-_.][0-9]{4})"
    r"|(?P<named>[A-Za-z]{3}[-_. ][0-9]{1,2}[-_. ][0-9]{4}))(?![0-9])"
)
_ENDING = 4


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


def name_account(number: str, name: str = "") -> tuple[str, str]:
    """An account's label and last digits, where its whole number is known and its name may be.

    ``Z12345678`` and ``Individual`` become ``Individual, ending 5678`` and ``5678``.
    """
    number = re.sub(r"[^0-9A-Za-z]", "", number)
    ending = number[-_ENDING:]
    label, in_name = mask_account(name)
    if not ending or in_name:
        return (label, in_name) if label else ("Unnamed account", "")
    return (f"{label[:100]}, ending {ending}" if label else f"Account ending {ending}"), ending


def date_in_name(name: str) -> date | None:
    """The date that a file's name bears, as ``Portfolio_Positions_Jan-05-2026.csv`` does; None without
    one."""
    match = _DATE_IN_NAME.search(name)
    if match is None:
        return None
    digits = re.sub(r"[^0-9]", "", match["iso"] or match["us"] or "")
    if match["iso"]:
        text = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    elif match["us"]:
        text = f"{digits[:2]}/{digits[2:4]}/{digits[4:]}"
    else:
        text = re.sub(r"[-_. ]", " ", match["named"])
    try:
        return day(text)
    except CellError:
        return None


def date_of_file(file: ParsedFile, text: Text, stated: date | None) -> date:
    """The date of a file's values: the one it states, else the one given beside it, else the one in its name.

    Raises:
        FileRefused: there is none of them; values without a date are of no use to anybody.
    """
    if stated is not None:
        return stated
    if text.dated is not None:
        return text.dated
    named = date_in_name(file.name)
    if named is None:
        raise FileRefused(
            "The file does not say what date its values are of.",
            file=file.name,
            remedy="Give the date of the values, or put it into the file's name: positions-2026-10-30.csv.",
        )
    file.warn(
        "date_from_name",
        None,
        f"The file does not say what date its values are of. {named:%b %-d, %Y} is taken from its name.",
    )
    return named
