"""A file's bytes to text: bounded, recognized by content and never by name, decoded without guessing."""

import codecs
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from households.foundation.file_kinds import binary_kind
from households.imports.formats.parsed import FileRefused

CHUNK = 64 * 1024
CSV_REMEDY = (
    "Export the positions or lot details from the custodian's page as CSV, OFX, QFX or Flex XML, or fill in "
    "the "
    "template."
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may ask of us; each limit answers with a message, none with a crash."""

    max_bytes: int = 10 * 1024 * 1024
    max_rows: int = 100_000
    max_lines: int = 250_000
    max_columns: int = 200
    max_cell: int = 1_000
    max_accounts: int = 500


@dataclass(frozen=True, slots=True)
class Text:
    """A decoded file.

    ``encoding`` is ``utf-8``, ``utf-16``, ``cp1252`` (the fallback) or ``xlsx`` (a sheet of a workbook, its
    rows as CSV); ``dated`` the date of the values as somebody gave it beside the file, for files that do not
    say.
    """

    text: str
    encoding: str
    sha256: str
    size: int
    dated: date | None = None


_TEXT_KINDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<(!doctype html|html|head|body)\b", re.IGNORECASE), "a web page"),
    (re.compile(r'[{\[]\s*["{\[]'), "a JSON file"),
    (re.compile(r'"?Transactions\s+for\b', re.IGNORECASE), "a Schwab list of transactions"),
)


def read_bytes(stream: BinaryIO, name: str, limits: Limits) -> bytes:
    """Everything in the stream, but never more than the limit and one chunk in memory.

    Raises:
        FileRefused: larger than ``limits.max_bytes``.
    """
    parts, size = [], 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limits.max_bytes:
            raise FileRefused(
                f"The file is larger than {limits.max_bytes / 1024 / 1024:g} MB.",
                file=name,
                remedy="Export one account at a time, or fewer columns.",
            )
        parts.append(chunk)
    return b"".join(parts)


def decode(data: bytes, name: str) -> Text:
    """Bytes to text: UTF-8 with or without a mark, UTF-16 with one, else Windows-1252.

    Raises:
        FileRefused: empty, another kind of file, or text in no encoding that is understood.
    """
    if not data or data.isspace():
        raise FileRefused("The file is empty.", file=name, remedy=CSV_REMEDY)
    kind = binary_kind(data)
    if kind:
        raise FileRefused(f"The file is {kind}, whatever its name says.", file=name, remedy=CSV_REMEDY)
    text, encoding = _decoded(data, name)
    text = text.removeprefix("\ufeff")
    start = text[:CHUNK].lstrip("\ufeff \t\r\n")
    if not start:
        raise FileRefused("The file is empty.", file=name, remedy=CSV_REMEDY)
    for pattern, text_kind in _TEXT_KINDS:
        if pattern.match(start):
            raise FileRefused(f"The file is {text_kind}.", file=name, remedy=CSV_REMEDY)
    return Text(text, encoding, hashlib.sha256(data).hexdigest(), len(data))


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8", "cp1252"]
    for encoding in candidates:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError as error:
            position = error.start
    raise FileRefused(
        "The file is not text in an encoding that is understood (UTF-8 or Windows-1252).",
        file=name,
        line=data.count(b"\n", 0, position) + 1,
        remedy="Save it as CSV UTF-8 and upload it again.",
    )


def chunks_of_lines(text: str) -> Iterator[list[str]]:
    """The lines of a text, whichever of CR, LF and CRLF ends them, a few hundred at a time.

    Each keeps its end as LF. A whole text as one list, or as one ``StringIO``, would cost several times its
    size.
    """
    start = 0
    while start < len(text):
        end = text.find("\n", start + CHUNK) + 1
        if not end and "\n" not in text[start : start + CHUNK]:
            end = text.find("\r", start + CHUNK) + 1
        end = end or len(text)
        yield list(io.StringIO(text[start:end], newline=None))
        start = end
