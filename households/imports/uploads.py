"""Uploads to parsed files: bounded in number and size, refused all together with every reason at once."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import Any, BinaryIO, NoReturn, Protocol

from households.foundation.errors import DomainError
from households.imports.formats import Budget, Limits, ParsedFile, opened, read_opened
from households.imports.formats.column_maps import Known, none_known
from households.imports.formats.content import read_bytes
from households.imports.formats.parsed import FileRefused
from households.imports.formats.sniff import beginning

MAX_FILES = 20
MAX_TOTAL_BYTES = 30 * 1024 * 1024
NAME_LENGTH = 120


class Upload(Protocol):
    """What a form, a command or a test hands over: a name and bytes to read."""

    @property
    def name(self) -> Any:
        """The file's name, as the sender calls it."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""

    def seek(self, offset: int, /) -> Any:
        """Go to a byte."""


class FilesRefused(DomainError):
    """Files that cannot be read; nothing is staged. ``refused`` holds one reason a file, ``waiting`` the
    upload, where it is kept until somebody maps its columns."""

    def __init__(self, refused: Sequence[FileRefused]) -> None:
        first = refused[0]
        super().__init__(str(first.problem), field="uploads", value=first.value, remedy=first.remedy)
        self.refused = tuple(refused)
        self.waiting: Any = None

    @property
    def mappable(self) -> bool:
        """Whether mapping columns by hand may make all of the files readable."""
        return all(reason.mappable for reason in self.refused)

    def __str__(self) -> str:
        return " ".join(str(reason) for reason in self.refused)


@dataclass(slots=True)
class Arrival:
    """A file of an upload: its name among the others, its bytes, and how its text begins once it was read."""

    name: str
    data: bytes = field(repr=False)
    encoding: str = ""
    beginning: str = ""
    refused: FileRefused | None = None
    """Why nothing was taken in of it."""

    def read(
        self, format: str | None, limits: Limits, dated: date | None, known: Known, budget: Budget
    ) -> ParsedFile:
        """What :func:`households.imports.formats.read` makes of it.

        Raises:
            FileRefused: it cannot be read.
        """
        if self.refused:
            raise self.refused
        budget.seconds_left(self.name)
        source = opened(self.data, self.name, limits, budget)
        self.encoding = source.text.encoding
        self.beginning = beginning(source.text.text).replace("\0", "\ufffd")
        return read_opened(source, format, limits, dated, known)


def arrive(uploads: Iterable[Upload], limits: Limits | None = None) -> list[Arrival]:
    """Take in the bytes of every file.

    Raises:
        DomainError: no file, too many, or too much in total.
    """
    limits, files, names, total = limits or Limits(), list[Arrival](), set[str](), 0
    for number, upload in enumerate(uploads, start=1):
        if number > MAX_FILES:
            raise DomainError(
                f"More than {MAX_FILES} files were given at once.",
                field="uploads",
                remedy="Upload the positions file of one account with its lot files, then the next.",
            )
        file = Arrival(file_name(upload.name, names), b"")
        try:
            file.data = read_bytes(_stream(upload), file.name, limits)
        except FileRefused as reason:
            file.refused = reason
        total += len(file.data)
        if total > MAX_TOTAL_BYTES:
            _refuse_total()
        files.append(file)
    if not files:
        raise DomainError("No file was given.", field="uploads", remedy="Choose one or more files.")
    return files


def read_arrivals(
    arrived: Sequence[Arrival],
    format: str | None = None,
    limits: Limits | None = None,
    dated: date | None = None,
    known: Known = none_known,
) -> list[ParsedFile]:
    """Read every file, or refuse them all; they share one budget.

    Args:
        format: a code of FORMATS for all files, or ``mapped``; None recognizes each.
        dated: the date of the values, for files that do not say it.
        known: the remembered mappings of columns.

    Returns:
        One parsed file an upload, in their order; the same content twice is read once, with a warning.

    Raises:
        FilesRefused: one or more files cannot be read.
    """
    files, refused, budget = [], [], Budget()
    for file in arrived:
        try:
            files.append(file.read(format, limits or Limits(), dated, known, budget))
        except FileRefused as reason:
            reason.file = file.name
            refused.append(reason)
    if refused:
        raise FilesRefused(refused)
    return _without_repeats(files)


def read_uploads(
    uploads: Iterable[Upload],
    format: str | None = None,
    limits: Limits | None = None,
    dated: date | None = None,
    known: Known = none_known,
) -> list[ParsedFile]:
    """Take files in and read them: :func:`arrive`, then :func:`read_arrivals`."""
    return read_arrivals(arrive(uploads, limits), format, limits, dated, known)


def _refuse_total() -> NoReturn:
    raise DomainError(
        f"The files are larger than {MAX_TOTAL_BYTES // 1024 // 1024} MB together.",
        field="uploads",
        remedy="Upload fewer files at once.",
    )


def _stream(upload: Upload) -> BinaryIO:
    return upload  # type: ignore[return-value]  # only read() is used


def file_name(given: Any, taken: set[str]) -> str:
    """A printable name without folders, distinct among the files of one upload."""
    base = PurePath(str(given or "").replace("\\", "/")).name
    base = "".join(c if c.isprintable() else "_" for c in base)[-NAME_LENGTH:] or "file.csv"
    name, number = base, 2
    while name in taken:
        name, number = f"{base} ({number})", number + 1
    taken.add(name)
    return name


def _without_repeats(files: list[ParsedFile]) -> list[ParsedFile]:
    first: dict[str, ParsedFile] = {}
    for file in files:
        kept = first.setdefault(file.sha256, file)
        if kept is not file:
            kept.warn(
                "same_file_twice", None, f"{file.name} has the same content as {kept.name}; it is read once."
            )
            kept.close()
    return list(first.values())


def content_hash(files: Sequence[ParsedFile]) -> str:
    """One SHA-256 over the contents of several files and the ways they were read, whatever their order."""
    lines = sorted(f"{file.format} {file.sha256} {file.reading}".rstrip() for file in files)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
