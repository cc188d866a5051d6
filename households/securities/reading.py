"""A CSV of the master: strict, and everything that is wrong with it told at once."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from households.foundation.errors import DomainError
from households.foundation.identifiers import symbol_key
from households.securities.columns import COLUMNS, Fault, judge

MAX_BYTES = 30 * 1024 * 1024
MAX_ROWS = 200_000
_REQUIRED = ("symbol", "name", "kind", "source", "as_of")
_ONCE = ("key", "cusip", "isin")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file: where, with which value, and what to do."""

    line: int
    field: str
    value: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        value = f' "{self.value}"' if self.value else ""
        return f"line {self.line}, {self.field}{value}: {self.problem} {self.remedy}"


class FileFaulty(DomainError):
    """A file with anything wrong in it: nothing of it is stored. ``problems`` holds all of it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        count = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
        super().__init__(
            f"The file has {count}; nothing was stored.",
            field="file",
            value=str(problems[0]),
            remedy="Mend each and load the file again.",
        )
        self.problems = tuple(problems)


@dataclass(slots=True)
class MasterFile:
    """A file that was read.

    Attributes:
        rows: one dict a line (COLUMNS and ``key``); lines: the line each stands on.
    """

    name: str
    sha256: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def read_master(content: bytes, name: str, today: date) -> MasterFile:
    """Read and judge every row.

    Raises:
        FileFaulty: anything at all is wrong.
    """
    file = MasterFile(name, hashlib.sha256(content).hexdigest())
    problems: list[Problem] = []
    first: dict[tuple[str, str], int] = {}
    for line, cells in records(text_of(content), COLUMNS, _REQUIRED, problems):
        values, faults = judge(cells, today)
        values["key"] = symbol_key(values["symbol"])
        faults += _repeats(values, line, first)
        problems += [Problem(line, f.field, f.value, f.problem, f.remedy) for f in faults]
        file.rows.append(values)
        file.lines.append(line)
    if not file.rows and not problems:
        problems.append(Problem(1, "file", "", "The file has no rows.", "Add one line a security."))
    if problems:
        raise FileFaulty(sorted(problems, key=lambda problem: problem.line))
    return file


def text_of(content: bytes) -> str:
    """A file's text.

    Raises:
        FileFaulty: too large, or not UTF-8.
    """
    if len(content) > MAX_BYTES:
        most = MAX_BYTES // 1024 // 1024
        raise _faulty(1, "", f"The file is larger than {most} MB.", "Load it in parts.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _faulty(line, "", "The file is not UTF-8.", "Save it as CSV UTF-8.") from None
    if "\x00" in text:
        raise _faulty(1, "", "The file is no text.", "Save it as CSV UTF-8.")
    return text


def _faulty(line: int, value: str, problem: str, remedy: str) -> FileFaulty:
    return FileFaulty([Problem(line, "file", value, problem, remedy)])


def records(
    text: str, columns: Sequence[str], required: Sequence[str], problems: list[Problem]
) -> Iterable[tuple[int, dict[str, str]]]:
    """The data rows by column, with their lines; what cannot be taken apart goes to ``problems``.

    Raises:
        FileFaulty: the header is not of these columns, or there are too many lines.
    """
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
        _check_header(header, columns, required)
        for cells in rows:
            line = rows.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                problems.append(_width(line, cells, len(header)))
                continue
            if line > MAX_ROWS:
                raise _faulty(line, "", f"The file has more than {MAX_ROWS:,} lines.", "Load it in parts.")
            found = dict.fromkeys(columns, "")
            found |= {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
            yield line, found
    except csv.Error as error:
        problems.append(
            Problem(rows.line_num, "file", "", f"The line is no CSV ({error}).", "Check its quotation marks.")
        )


def _width(line: int, cells: Sequence[str], wanted: int) -> Problem:
    return Problem(
        line,
        "line",
        ",".join(cells)[:60],
        f"The line has {len(cells)} cells, the header {wanted}.",
        "Put quotation marks around a text that holds a comma.",
    )


def _check_header(header: Sequence[str], columns: Sequence[str], required: Sequence[str]) -> None:
    remedy = f"The first line names the columns: {','.join(columns)}."
    strange = [name for name in header if name not in columns]
    twice = sorted({name for name in header if header.count(name) > 1 and name in columns})
    missing = [name for name in required if name not in header]
    faults = [Problem(1, "header", name, "There is no such column.", remedy) for name in strange]
    faults += [Problem(1, "header", name, "The column stands there twice.", "Remove one.") for name in twice]
    faults += [Problem(1, "header", name, "The column is missing.", remedy) for name in missing]
    if faults:
        raise FileFaulty(faults)


def _repeats(values: dict[str, Any], line: int, first: dict[tuple[str, str], int]) -> list[Fault]:
    faults = []
    for name in _ONCE:
        value = values[name]
        if not value:
            continue
        before = first.setdefault((name, value), line)
        if before != line:
            field = "symbol" if name == "key" else name
            text = values["symbol"] if name == "key" else value
            faults.append(Fault(field, text, f"Line {before} has it as well.", "Keep one of the two."))
    return faults
