"""A workbook's sheet as text: looked through first, then read by a process whose memory is limited.

An XLSX file is a ZIP archive of XML. A few kilobytes can unpack to gigabytes, and one cell in the last corner
of a sheet makes a reader ask for the whole sheet. So every part is unpacked into nothing, counting, and
searched for addresses beyond the limits; what passes is handed to :mod:`workbook_child`.
"""

import hashlib
import io
import json
import re
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from households.imports.formats.content import CHUNK, Limits, Text
from households.imports.formats.parsed import FileRefused

MAX_PARTS = 500
MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes that the workbooks of one request may unpack to, all together."""
MAX_TEXT = 64 * 1024 * 1024
"""Characters that their sheets may hold, all together."""
SECONDS = 90
"""How long the files of one request may be read, all together."""
_CHILD = Path(__file__).with_name("workbook_child.py")
_REMEDY = "Save the sheet with the positions as CSV UTF-8, and upload that file."
_TRIM_REMEDY = "Delete the empty rows and columns around the list, save the workbook, and upload it again."
_FEWER_REMEDY = "Upload fewer files at once, or save the sheets with the positions as CSV UTF-8."
_OVERLAP = 64
_LOCAL_HEADER = 30
_STEP = 16 * 1024  # of compressed bytes: what is left over of them is copied at every turn


class TimeOver(FileRefused):
    """The files of a request took all of its time; nothing is said against this one."""


class Budget:
    """What the files of one request may ask for together: bytes unpacked, text, and time."""

    def __init__(self) -> None:
        self._bytes, self._end, self._books = MAX_UNPACKED, time.monotonic() + SECONDS, 0
        self.text = MAX_TEXT
        """Characters that are left."""

    def open(self) -> None:
        """Count another workbook."""
        self._books += 1

    def take(self, size: int, name: str) -> None:
        """Use some of the bytes.

        Raises:
            FileRefused: they are used up, or the time is.
        """
        self.seconds_left(name)
        self._bytes -= size
        if self._bytes < 0:
            megabytes = f"more than {MAX_UNPACKED // 1024 // 1024} MB"
            raise (
                _refused(name, f"The workbook unpacks to {megabytes}.")
                if self._books < 2
                else _refused(name, f"The workbooks unpack to {megabytes} together.", _FEWER_REMEDY)
            )

    def too_much_text(self, name: str) -> FileRefused:
        """Why a sheet is refused that holds more than is left."""
        if self._books < 2:
            return _refused(name, "The sheet holds more text than is read.")
        return _refused(name, "The workbooks hold more text than is read together.", _FEWER_REMEDY)

    def seconds_left(self, name: str) -> float:
        """The time that is left.

        Raises:
            TimeOver: none.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeOver("The files take too long to read together.", file=name, remedy=_FEWER_REMEDY)
        return left


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are an XLSX workbook: a ZIP archive with a workbook part."""
    return data.startswith(b"PK") and b"xl/workbook.xml" in data


def sheet_text(
    data: bytes, name: str, limits: Limits, budget: Budget | None = None
) -> tuple[Text, list[str]]:
    """The first sheet that holds anything, as CSV, a line a row; and the names of the other such sheets.

    Args:
        budget: what is left for this file; by default a whole one.

    Raises:
        FileRefused: damaged, protected, unpacks to too much, or with cells beyond the limits.
    """
    budget = budget or Budget()
    _scan(data, name, limits, budget)
    arguments = [str(n) for n in (limits.max_columns, limits.max_lines, limits.max_cell, budget.text)]
    try:
        done = subprocess.run(  # noqa: S603  # our own file, no shell, no argument from outside
            [sys.executable, "-I", str(_CHILD), *arguments],
            input=data,
            capture_output=True,
            timeout=budget.seconds_left(name),
        )
    except subprocess.TimeoutExpired:
        raise _refused(name, "The workbook takes too long to read.") from None
    said = _said(done.stderr) if done.returncode == 0 else {"problem": "memory"}
    if said.get("problem") == "long":
        raise budget.too_much_text(name)
    if said.get("problem"):
        raise _refused(name, *_PROBLEMS.get(said["problem"], _PROBLEMS["unreadable"]))
    budget.text -= len(done.stdout)
    text = Text(done.stdout.decode(), "xlsx", hashlib.sha256(data).hexdigest(), len(data))
    return text, list(said["others"])


_PROBLEMS = {
    "large": ("The sheet has more rows or columns than are read.", _TRIM_REMEDY),
    "empty": ("The workbook is empty.",),
    "memory": ("The workbook asks for more memory than any list of positions needs.",),
    "unreadable": ("The workbook cannot be read; it is damaged or protected by a password.",),
}


def _refused(name: str, problem: str, remedy: str = _REMEDY) -> FileRefused:
    return FileRefused(problem, file=name, remedy=remedy)


def _said(output: bytes) -> dict[str, Any]:
    try:
        said = json.loads(output.decode().strip().splitlines()[-1])
    except (ValueError, IndexError):
        return {"problem": "unreadable"}
    return said if isinstance(said, dict) else {"problem": "unreadable"}


def _scan(data: bytes, name: str, limits: Limits, budget: Budget) -> None:
    """Unpack every part into nothing, and refuse what a reader would choke on."""
    budget.open()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error):
        raise _refused(name, *_PROBLEMS["unreadable"]) from None
    if len(parts) > MAX_PARTS:
        raise _refused(name, f"The workbook has more than {MAX_PARTS} parts.")
    far = _beyond(limits)
    for part in parts:
        tail = b""
        for chunk in _unpack(data, part, name):
            budget.take(len(chunk), name)
            if not tail and chunk[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
                raise _refused(name, *_PROBLEMS["unreadable"])
            seen = tail + chunk
            found = far.search(seen) if _is_odd(seen) else None
            if found:
                _judge(found, name)
            tail = chunk[-_OVERLAP:]


def _judge(found: re.Match[bytes], name: str) -> None:
    if found["address"] is None:
        raise _refused(name, *_PROBLEMS["unreadable"])
    raise FileRefused(
        "The sheet has a cell beyond the rows and columns that are read.",
        file=name,
        value=found["address"].decode("ascii", "replace"),
        remedy=_TRIM_REMEDY,
    )


def _kind(byte: int) -> str:
    """Digits as 9, letters A to F as A, other capitals as G, small letters but r as L; else nothing."""
    letter = chr(byte)
    if letter in "0123456789":
        return "9"
    if "a" <= letter <= "z" and letter != "r":
        return "L"
    return "A" if letter in "ABCDEF" else "G" if "G" <= letter <= "Z" else ""


_KINDS_OF_BYTES = bytes(ord(kind) if (kind := _kind(byte)) else byte for byte in range(256))
_FAR = re.compile(rb' r="(?:[Lr]|G[AG]|[AG][AG][AG]|[AG]?[AG]?999999)')
_RARE = (b" =", b"\t=", b"\r=", b"\n=", b"= ", b"=\t", b"=\r", b"=\n", b"\tr=", b"\rr=", b"\nr=")


def _is_odd(chunk: bytes) -> bool:
    """Whether a piece is worth the careful search: in nearly all there is no address it could find.

    Columns from G on that have a second letter, three letters, six digits, and every way of writing an
    address that no spreadsheet program uses.
    """
    return (
        b"'" in chunk
        or b"&" in chunk
        or b"<!" in chunk
        or any(rare in chunk for rare in _RARE)
        or _FAR.search(chunk.translate(_KINDS_OF_BYTES)) is not None
    )


def _beyond(limits: Limits) -> re.Pattern[bytes]:
    """Addresses of cells and rows outside the limits, hidden ones, and document types; nothing else
    matches."""
    letters = _letters(limits.max_columns)
    columns = [f"[A-Za-z]{{{len(letters) + 1},}}"]
    for place, letter in enumerate(letters):
        if letter != "Z":
            higher = chr(ord(letter) + 1)
            rest = len(letters) - place - 1
            columns.append(f"{_either(letters[:place])}[{higher}-Z{higher.lower()}-z][A-Za-z]{{{rest}}}")
    digits = str(limits.max_lines)
    lines = [f"[0-9]{{{len(digits) + 1},}}"]
    for place, digit in enumerate(digits):
        if digit != "9":
            lines.append(f"{digits[:place]}[{int(digit) + 1}-9][0-9]{{{len(digits) - place - 1}}}")
    pattern = (
        rf"\sr\s*=\s*[\"'](?P<address>(?:{'|'.join(columns)})[0-9]{{1,40}}|[A-Za-z]{{0,8}}0*(?:{'|'.join(lines)}))[\"']"
        r"|\sr\s*=\s*[\"'][^\"'<>]{0,40}&|<!DOCTYPE|<!ENTITY"
    )
    return re.compile(pattern.encode())


def _either(letters: str) -> str:
    return "".join(f"[{letter}{letter.lower()}]" for letter in letters)


def _letters(column: int) -> str:
    """A column's name by its number: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _unpack(data: bytes, part: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """A part's bytes, piece by piece, by what is stored and not by the size that is claimed."""
    start = part.header_offset
    header = data[start : start + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or part.flag_bits & 1:
        raise _refused(name, *_PROBLEMS["unreadable"])
    names, extra = struct.unpack("<HH", header[26:30])
    start += _LOCAL_HEADER + names + extra
    stored = data[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield from (stored[place : place + CHUNK] for place in range(0, len(stored), CHUNK))
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise _refused(name, *_PROBLEMS["unreadable"])
    inflate = zlib.decompressobj(-15)
    try:
        for place in range(0, len(stored), _STEP):
            waiting = stored[place : place + _STEP]
            while waiting and not inflate.eof:
                chunk = inflate.decompress(waiting, CHUNK)
                waiting = inflate.unconsumed_tail
                if chunk:
                    yield chunk
    except zlib.error:
        raise _refused(name, *_PROBLEMS["unreadable"]) from None
