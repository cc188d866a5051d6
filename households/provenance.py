"""Where facts come from, written compactly: one short text a row instead of a table of 58 rows an account.

``source date quality numbers`` groups joined by ``;``, such as
``imported 2026-11-20 complete 0,12-16;typed 2026-11-02 stated 4,6``. A number is a fact's place in
FACT_NAMES; a date that nobody knows is ``-``. A fact that is unknown has no place in the text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from households.models.facts import FACT_NAMES

SOURCES: Mapping[str, str] = {
    "typed": "Typed",
    "imported": "Imported file",
    "derived": "Worked out",
    "previous": "Last year's answer",
    "default": "Default",
}
"""Source -> its word for a reader. A source of another name is shown as it is."""

QUALITIES: Mapping[str, str] = {
    "stated": "as stated by client or advisor",
    "complete": "from holdings known in full",
    "partial": "from holdings whose tax lots are known in part",
    "exact": "follows from other facts",
    "estimate": "estimated by a stated method",
    "not_applicable": "zero, since this account is not taxed on gains",
}

_NUMBER = {name: number for number, name in enumerate(FACT_NAMES)}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one fact comes from.

    Attributes:
        source: a key of SOURCES.
        day: the date of the source; None where nobody knows.
        quality: a key of QUALITIES.
    """

    source: str
    day: date | None
    quality: str


def token(text: str, otherwise: str) -> str:
    """A word that can stand in the compact text: no blanks, no separators; else ``otherwise``."""
    return "".join(letter if letter.isalnum() or letter in "_-." else "_" for letter in text) or otherwise


def ranges(numbers: Iterable[int]) -> str:
    """Ascending numbers as ``0,12-16``."""
    parts: list[str] = []
    start = last = -2
    for number in [*numbers, -1]:
        if number == last + 1:
            last = number
            continue
        if last >= 0:
            parts.append(str(start) if start == last else f"{start}-{last}")
        start = last = number
    return ",".join(parts)


def encode(provenances: Mapping[str, Provenance]) -> str:
    """The compact text of a row's facts; equal facts give equal text, whatever the order they came in."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for name in sorted(provenances, key=_NUMBER.__getitem__):
        given = provenances[name]
        day = given.day.isoformat() if given.day else "-"
        groups.setdefault((given.source, day, given.quality), []).append(_NUMBER[name])
    return ";".join(" ".join((*group, ranges(numbers))) for group, numbers in sorted(groups.items()))


def decode(text: str) -> dict[str, Provenance]:
    """Fact name -> provenance, of the facts that are known.

    Raises:
        ValueError: the text is not compact provenance.
    """
    found: dict[str, Provenance] = {}
    for group in text.split(";") if text else ():
        source, day, quality, numbers = group.split(" ")
        given = Provenance(source, None if day == "-" else date.fromisoformat(day), quality)
        for part in numbers.split(","):
            first, _, last = part.partition("-")
            for number in range(int(first), int(last or first) + 1):
                found[FACT_NAMES[number]] = given
    return dict(sorted(found.items(), key=lambda item: _NUMBER[item[0]]))
