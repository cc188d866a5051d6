"""Reading files: in a known format, or as a list whose columns somebody mapped by hand.

Nothing else of the project is known here, no database and no clock.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO

from households.imports.formats import generic_csv, mapped, standing
from households.imports.formats.column_maps import Known, headers_in, none_known
from households.imports.formats.content import Limits, Text, decode, read_bytes
from households.imports.formats.parsed import FileRefused, ParsedFile
from households.imports.formats.registry import (
    FORMATS,
    SURE,
    Format,
    choose,
    is_list,
    label_of,
    layout_of,
    recognize,
)
from households.imports.formats.workbook import Budget, TimeOver, is_workbook, sheet_text

__all__ = [
    "FORMATS",
    "Budget",
    "FileRefused",
    "Format",
    "Limits",
    "Opened",
    "ParsedFile",
    "TimeOver",
    "detect",
    "is_list",
    "label_of",
    "layout_of",
    "opened",
    "read",
    "read_opened",
]


def detect(sample: bytes | str) -> str | None:
    """The code of the format that a sample most surely is of; None where it is of none.

    Raises:
        FileRefused: the sample is empty or not text at all.
    """
    if isinstance(sample, str):
        return recognize(sample, "")[0]
    text = opened(sample, "", Limits()).text
    return recognize(text.text, text.encoding)[0]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as text, with the bytes that it came as and the names of a workbook's other sheets."""

    name: str
    data: bytes
    text: Text
    sheets: Sequence[str] = ()


def opened(data: bytes, name: str, limits: Limits, budget: Budget | None = None) -> Opened:
    """Open a file, whatever list or statement it holds.

    Args:
        budget: what the files of one request may ask for together; by default one for this file.

    Raises:
        FileRefused: it is no text and no workbook, or one beyond the limits.
    """
    if is_workbook(data):
        return Opened(name, data, *sheet_text(data, name, limits, budget))
    return Opened(name, data, decode(data, name))


def read(
    stream: BinaryIO,
    name: str,
    format: str | None = None,
    limits: Limits | None = None,
    dated: date | None = None,
    known: Known = none_known,
    mended: Mapping[int, Sequence[str]] | None = None,
    budget: Budget | None = None,
) -> ParsedFile:
    """Read a file, in the named format or in the one it is recognized as.

    A list of no known format, or one that its format refuses for its columns, is read by the mapping that is
    remembered for its header.

    Args:
        stream: the file's bytes.
        name: the file's name, for messages, and for the date where neither the file nor ``dated`` says it.
        format: a code of :data:`FORMATS`, or ``mapped`` for a remembered mapping and nothing else; None
            recognizes it.
        dated: the date of the values, for files that do not say it.
        known: the mappings that are remembered.
        mended: line -> cells that stand in for those of the file; of lists of rows only.
        budget: what the files of one upload may ask for together; by default one for this file.

    Raises:
        FileRefused: the file is too large, not text, of no known format, or lacks what its format needs.
    """
    limits = limits or Limits()
    file = opened(read_bytes(stream, name, limits), name, limits, budget)
    return read_opened(file, format, limits, dated, known, mended)


def read_opened(
    source: Opened,
    format: str | None = None,
    limits: Limits | None = None,
    dated: date | None = None,
    known: Known = none_known,
    mended: Mapping[int, Sequence[str]] | None = None,
) -> ParsedFile:
    """Read a file that was opened, as :func:`read` does.

    Raises:
        FileRefused: the file is of no known format, or lacks what its format needs.
    """
    name, limits = source.name, limits or Limits()
    text = replace(source.text, dated=dated)
    mended = mended or {}
    if format == mapped.CODE:
        file = _read_by_map(text, name, limits, known, mended)
    else:
        file = _read_list(text, name, limits, format, known, mended)
    file.original, file.asked, file.dated = source.data, format, dated
    if source.sheets:
        named = ", ".join(source.sheets[:5])
        file.warn("other_sheets", None, f"Only the first sheet is read; left out: {named}.")
    file.close()
    return file


def _read_list(
    text: Text,
    name: str,
    limits: Limits,
    format: str | None,
    known: Known,
    mended: Mapping[int, Sequence[str]],
) -> ParsedFile:
    """Read a file as what it is for sure; by its mapping before what it only looks like, or if refused."""
    found, strength = recognize(text.text, text.encoding)
    guessed = format is None and strength < SURE
    if guessed and (file := mapped.read_known(text, name, limits, known, mended)):
        return file
    try:
        return _read_as(text, name, limits, format, found, strength, mended)
    except FileRefused as refused:
        refused.mappable = (refused.mappable or guessed) and format is None and _is_list(text)
        known_too = refused.mappable and not guessed
        if known_too and (file := mapped.read_known(text, name, limits, known, mended)):
            return file
        if found is not None and found != generic_csv.CODE and strength == SURE:
            refused.looks_like = FORMATS[found].label
        raise


def _read_by_map(
    text: Text, name: str, limits: Limits, known: Known, mended: Mapping[int, Sequence[str]]
) -> ParsedFile:
    file = mapped.read_known(text, name, limits, known, mended)
    if file is None:
        raise FileRefused(
            "No mapping is remembered for the columns of this file.",
            file=name,
            remedy="Map its columns, or copy the rows into the template.",
            mappable=_is_list(text),
        )
    return file


def _read_as(
    text: Text,
    name: str,
    limits: Limits,
    format: str | None,
    found: str | None,
    strength: int,
    mended: Mapping[int, Sequence[str]],
) -> ParsedFile:
    code = choose(text, name, format, found)
    columns = FORMATS[code].columns
    if mended and columns is not None:
        delimiter = standing.layout_of(text.text, columns).delimiter
        text = replace(text, text=standing.with_rows(text.text, mended, delimiter, name, limits))
    file = FORMATS[code].read(text, name, limits)
    file.confidence = strength if found == code else 0
    if format is None and strength < SURE:
        file.warn("format_unsure", None, f"The file has no title; it looks like: {FORMATS[code].label}.")
    return file


def _is_list(text: Text) -> bool:
    """Whether a text has rows of cells, so that somebody could say what its columns are."""
    rows = Counter(delimiter for _, delimiter in headers_in(text.text))
    return not text.text.lstrip().startswith("<") and max(rows.values(), default=0) > 1
