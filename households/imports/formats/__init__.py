"""The registry of file formats: modules with ``CODE``, ``LABEL``, ``detect`` and ``read``.

Nothing else of the project is known here, no database and no clock.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO

from households.imports.formats import (
    fidelity_positions,
    generic_csv,
    generic_xlsx,
    ibkr_flex,
    ofx,
    schwab_lots,
    schwab_positions,
    schwab_realized,
    vanguard_holdings,
)
from households.imports.formats.content import Limits, Text, decode, read_bytes
from households.imports.formats.parsed import FileRefused, ParsedFile
from households.imports.formats.workbook import is_workbook, sheet_text

__all__ = ["FORMATS", "FileRefused", "Format", "Limits", "ParsedFile", "detect", "read"]

SAMPLE_CHARACTERS = 64 * 1024


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that can be read."""

    code: str
    label: str
    detect: Callable[[str], int]
    read: Callable[[Text, str, Limits], ParsedFile]


FORMATS: dict[str, Format] = {
    module.CODE: Format(module.CODE, module.LABEL, module.detect, module.read)
    for module in (
        schwab_positions,
        schwab_lots,
        schwab_realized,
        fidelity_positions,
        vanguard_holdings,
        ibkr_flex,
        ofx,
        generic_csv,
        generic_xlsx,
    )
}
COMPANIONS = {schwab_positions.CODE: (schwab_lots.CODE, schwab_realized.CODE)}
"""Formats that accompany another: lot files are recognized beside the positions file that was named."""
_SURE = 3


def detect(sample: bytes | str) -> str | None:
    """The code of the format that a sample most surely is of; None where it is of none.

    Raises:
        FileRefused: the sample is empty or not text at all.
    """
    if isinstance(sample, str):
        return _recognize(sample, "")[0]
    text, _ = _opened(sample, "", Limits())
    return _recognize(text.text, text.encoding)[0]


def _recognize(text: str, encoding: str) -> tuple[str | None, int]:
    """The format that a text is of, and how surely: 3 to 1, or none and 0."""
    text = text[:SAMPLE_CHARACTERS]
    strength, code = max(
        ((found.detect(text), code) for code, found in FORMATS.items()), key=lambda pair: pair[0]
    )
    if code == generic_csv.CODE and encoding == "xlsx":
        code = generic_xlsx.CODE
    return (code, strength) if strength else (None, 0)


def _opened(data: bytes, name: str, limits: Limits) -> tuple[Text, list[str]]:
    """A file as text, and the names of a workbook's other sheets."""
    return sheet_text(data, name, limits) if is_workbook(data) else (decode(data, name), [])


def read(
    stream: BinaryIO,
    name: str,
    format: str | None = None,
    limits: Limits | None = None,
    dated: date | None = None,
) -> ParsedFile:
    """Read a file, in the named format or in the one it is recognized as.

    Args:
        stream: the file's bytes.
        name: the file's name, for messages, and for the date where neither the file nor ``dated`` says it.
        format: a code of :data:`FORMATS`; None recognizes it.
        dated: the date of the values, for files that do not say it.

    Raises:
        FileRefused: the file is too large, not text, of no known format, or lacks what its format needs.
    """
    limits = limits or Limits()
    text, sheets = _opened(read_bytes(stream, name, limits), name, limits)
    found, strength = _recognize(text.text, text.encoding)
    code = _choose(text, name, format, found)
    file = FORMATS[code].read(replace(text, dated=dated), name, limits)
    file.confidence = strength if found == code else 0
    if format is None and strength < _SURE:
        file.warn("format_unsure", None, f"The file has no title; it looks like: {FORMATS[code].label}.")
    if sheets:
        file.warn("other_sheets", None, f"Only the first sheet is read; left out: {', '.join(sheets[:5])}.")
    file.close()
    return file


def _choose(text: Text, name: str, format: str | None, found: str | None) -> str:
    if format is not None:
        if format not in FORMATS:
            raise FileRefused(
                f"There is no format {format}.",
                file=name,
                value=format,
                remedy=f"Use one of {', '.join(FORMATS)}.",
            )
        return found if found is not None and found in COMPANIONS.get(format, ()) else format
    if found is None:
        labels = "; ".join(known.label for known in FORMATS.values())
        raise FileRefused(
            "The file is of no format that is known.",
            file=name,
            value=text.text.lstrip()[:60].partition("\n")[0],
            remedy=f"These are read: {labels}. Choose the format, or copy the rows into the template.",
        )
    return found
