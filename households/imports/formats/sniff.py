"""Which delimiter and which header a text has, from its first lines."""

import itertools
from collections.abc import Iterator
from functools import lru_cache

from households.imports.formats.content import Limits
from households.imports.formats.headers import Columns
from households.imports.formats.parsed import FileRefused
from households.imports.formats.records import Record, records

DELIMITERS = (",", "\t", ";", "|")
_FIRST_RECORDS = 60
_FIRST_CHARACTERS = 64 * 1024
_FIRST_LINES = 200


def beginning(text: str) -> str:
    """The first lines of a text: enough for a header, little enough to be looked at once a format."""
    return _beginning(text[:_FIRST_CHARACTERS])


@lru_cache(maxsize=8)
def _beginning(text: str) -> str:
    lines = text[:_FIRST_CHARACTERS].splitlines(keepends=True)
    return "".join(lines[:_FIRST_LINES])


@lru_cache(maxsize=8)
def _first_records(beginning: str, delimiter: str) -> tuple[Record, ...]:
    try:
        return tuple(itertools.islice(records(beginning, "", Limits(), delimiter), _FIRST_RECORDS))
    except FileRefused:
        return ()


def first_records(text: str) -> Iterator[tuple[str, Record]]:
    """The first records of a text under each delimiter that it holds."""
    first = beginning(text)
    for delimiter in DELIMITERS:
        if delimiter in first:
            for record in _first_records(first, delimiter):
                yield delimiter, record


def find_header(text: str, columns: Columns) -> tuple[Record, str] | None:
    """The first header row of a format and the delimiter under which it shows."""
    for delimiter, record in first_records(text):
        if record.problem is None and columns.looks_like_header(record.cells):
            return record, delimiter
    return None


def delimiter_of(text: str, columns: Columns) -> str:
    """The delimiter under which a format's header shows; a comma where none does."""
    found = find_header(text, columns)
    return found[1] if found else ","


def header_strength(text: str, columns: Columns) -> int:
    """2 where a format's header stands in the text, 1 where required columns are missing from it, else 0."""
    found = find_header(text, columns)
    return 0 if found is None else 2 if columns.complete(found[0].cells) else 1
