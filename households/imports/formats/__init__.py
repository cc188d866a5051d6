"""The registry of file formats: modules with ``CODE``, ``LABEL``, ``detect`` and ``read``.

Nothing else of the project is known here, no database and no clock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from households.imports.formats import generic_csv, schwab_lots, schwab_positions
from households.imports.formats.content import Limits, Text, decode, open_text
from households.imports.formats.parsed import FileRefused, ParsedFile

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
    for module in (schwab_positions, schwab_lots, generic_csv)
}
COMPANIONS = {schwab_positions.CODE: schwab_lots.CODE}
"""Formats that accompany another: lot files are recognized beside the positions file that was named."""


def detect(sample: bytes | str) -> str | None:
    """The code of the format that a sample most surely is of; None where it is of none.

    Raises:
        FileRefused: the sample is empty or not text at all.
    """
    text = decode(sample, "").text if isinstance(sample, bytes) else sample
    text = text[:SAMPLE_CHARACTERS]
    strength, code = max(
        ((found.detect(text), code) for code, found in FORMATS.items()), key=lambda pair: pair[0]
    )
    return code if strength else None


def read(stream: BinaryIO, name: str, format: str | None = None, limits: Limits | None = None) -> ParsedFile:
    """Read a file, in the named format or in the one it is recognized as.

    Args:
        stream: the file's bytes.
        name: the file's name, for messages only.
        format: a code of :data:`FORMATS`; None recognizes it.

    Raises:
        FileRefused: the file is too large, not text, of no known format, or lacks what its format needs.
    """
    limits = limits or Limits()
    text = open_text(stream, name, limits)
    code = _choose(text, name, format)
    return FORMATS[code].read(text, name, limits)


def _choose(text: Text, name: str, format: str | None) -> str:
    found = detect(text.text)
    if format is not None:
        if format not in FORMATS:
            raise FileRefused(
                f"There is no format {format}.",
                file=name,
                value=format,
                remedy=f"Use one of {', '.join(FORMATS)}.",
            )
        companion = COMPANIONS.get(format)
        return companion if companion is not None and found == companion else format
    if found is None:
        labels = "; ".join(known.label for known in FORMATS.values())
        raise FileRefused(
            "The file is of no format that is known.",
            file=name,
            value=text.text.lstrip()[:60].partition("\n")[0],
            remedy=f"These are read: {labels}. Choose the format, or copy the rows into the template.",
        )
    return found
