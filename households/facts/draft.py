"""Facts under construction: whole columns, each cell with where it comes from. The first word wins."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

import numpy as np

from households.models.facts import FACT_FIELDS, FACT_NAMES
from households.provenance import ranges, token

EPOCH = date(1970, 1, 1)
NO_DAY = np.iinfo(np.int32).max
"""A day nobody knows: later than any, so that the oldest of several is the oldest known."""

Floats = np.ndarray
"""float64, NaN unknown; money in whole cents (exact up to 90 trillion dollars), flags 0 and 1."""
Codes = np.ndarray
"""Texts as objects, None unknown."""
Days = np.ndarray
"""int32 days since 1970-01-01, NO_DAY unknown."""

KINDS = {field.name: field.kind for field in FACT_FIELDS}  # type: ignore[attr-defined]
_NUMBER = {name: number for number, name in enumerate(FACT_NAMES)}
_DIGITS = 6


class FactColumns(Protocol):
    """Facts by name: a draft, or columns that were stored."""

    def __getitem__(self, name: str, /) -> np.ndarray:
        """One column."""


def floats(values: Sequence[Any]) -> Floats:
    """Numbers or None as float64."""
    return np.array(values, dtype=np.float64)


def codes(values: Sequence[Any]) -> Codes:
    """Texts as objects; empty text is unknown."""
    column = np.empty(len(values), dtype=object)
    column[:] = [value or None for value in values]
    return column


def days(values: Sequence[date | None]) -> Days:
    """Dates or None as day numbers."""
    numbers = [NO_DAY if value is None else value.toordinal() - EPOCH.toordinal() for value in values]
    return np.array(numbers, dtype=np.int32)


def known(values: np.ndarray) -> np.ndarray:
    """Which cells hold a value."""
    return np.asarray(values != np.array(None) if values.dtype == object else ~np.isnan(values))


def oldest(*columns: Days) -> Days:
    """The oldest day of several, cell by cell; unknown days do not count."""
    return np.asarray(np.minimum.reduce(columns))


class Draft:
    """The facts of some accounts, column by column, each cell filled once."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.values: dict[str, np.ndarray] = {
            name: codes([None] * rows) if kind == "code" else np.full(rows, np.nan)
            for name, kind in KINDS.items()
        }
        self._words: list[str] = [""]
        self._heard: dict[tuple[str, str], int] = {}
        shape = (len(FACT_NAMES), rows)
        self._source = np.zeros(shape, dtype=np.int16)
        self._quality = np.zeros(shape, dtype=np.int16)
        self._day = np.full(shape, NO_DAY, dtype=np.int32)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.values[name]

    def day(self, name: str) -> Days:
        """The source days of a fact."""
        return np.asarray(self._day[_NUMBER[name]])

    def known(self, name: str) -> np.ndarray:
        """Where a fact is known."""
        return np.asarray(self._source[_NUMBER[name]] > 0)

    def source(self, name: str) -> np.ndarray:
        """The vocabulary numbers of a fact's sources, 0 where it is unknown."""
        return np.asarray(self._source[_NUMBER[name]])

    def clear(self, name: str, where: np.ndarray) -> None:
        """Make a fact unknown again."""
        number = _NUMBER[name]
        self.values[name][where] = None if self.values[name].dtype == object else np.nan
        self._source[number][where] = self._quality[number][where] = 0
        self._day[number][where] = NO_DAY

    def word(self, text: str, otherwise: str) -> int:
        """The number of a source or quality in this draft's vocabulary."""
        key = (text, otherwise)
        if key not in self._heard:  # asked once a cell: a million cells say a handful of words
            clean = token(text, otherwise)
            if clean not in self._words:
                self._words.append(clean)
            self._heard[key] = self._words.index(clean)
        return self._heard[key]

    def words(self, texts: Sequence[str], otherwise: str) -> np.ndarray:
        """As :meth:`word`, of many."""
        numbers = {text: self.word(text, otherwise) for text in dict.fromkeys(texts)}
        return np.array([numbers[text] for text in texts], dtype=np.int16)

    def fill(
        self,
        name: str,
        values: np.ndarray,
        source: str | np.ndarray,
        day: Days,
        quality: str | np.ndarray,
        where: np.ndarray | None = None,
    ) -> None:
        """Set a fact where it is not set yet and the value is known.

        Args:
            values: one a row; shares and rates are rounded to 1e-6 here.
            source: a source, or vocabulary numbers one a row.
            where: rows it may touch; all by default.
        """
        number = _NUMBER[name]
        cells = known(values) & ~self.known(name)
        if where is not None:
            cells &= where
        if values.dtype != object and KINDS[name] not in ("money", "count", "level", "flag"):
            values = np.round(values, _DIGITS) + 0.0  # no minus zero
        self.values[name][cells] = values[cells]
        self._day[number][cells] = day[cells]
        for target, given in ((self._source, source), (self._quality, quality)):
            if isinstance(given, str):
                target[number][cells] = self.word(given, "unknown")
            else:
                target[number][cells] = given[cells]

    def provenance_texts(self) -> list[str]:
        """The compact provenance of every row (see households.provenance)."""
        cells = np.stack([self._source, self._quality, self._day], axis=2).transpose(1, 0, 2)
        cells = np.ascontiguousarray(cells, dtype=np.int32)
        texts: dict[bytes, str] = {}
        found = []
        for row in cells:
            key = row.tobytes()
            if key not in texts:
                texts[key] = self._text(row.tolist())
            found.append(texts[key])
        return found

    def _text(self, cells: list[list[int]]) -> str:
        groups: dict[tuple[str, str, str], list[int]] = {}
        for number, (source, quality, day) in enumerate(cells):
            if source:
                when = "-" if day == NO_DAY else date.fromordinal(day + EPOCH.toordinal()).isoformat()
                groups.setdefault((self._words[source], when, self._words[quality]), []).append(number)
        return ";".join(" ".join((*group, ranges(numbers))) for group, numbers in sorted(groups.items()))

    def oldest_days(self) -> list[date | None]:
        """The oldest source day of every row."""
        least = self._day.min(axis=0, initial=NO_DAY)
        return [None if d == NO_DAY else date.fromordinal(d + EPOCH.toordinal()) for d in least.tolist()]

    def column(self, name: str) -> list[Any]:
        """A fact as its table stores it: ints, floats, bools, texts, None."""
        values = self.values[name]
        kind = KINDS[name]
        if kind == "code":
            return list(values)
        convert = {"money": int, "count": int, "level": int, "flag": bool}.get(kind, float)
        return [None if value != value else convert(value) for value in values.tolist()]
