"""A CSV of the master: strict, and everything that is wrong with it told at once."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from households.foundation.errors import DomainError
from households.foundation.exports import plain_cell
from households.foundation.file_kinds import binary_kind
from households.foundation.identifiers import symbol_key
from households.securities.columns import COLUMNS, Fault, judge

MAX_BYTES = 30 * 1024 * 1024
MAX_ROWS = 200_000
MAX_LINE = 20_000
"""Characters of a line; the longest that can be right has about 700."""
MAX_CELLS = 100
"""Of the first line; beyond them it names no columns."""
MOST_TOLD = 1_000
"""Problems of a file that are told one by one; of those beyond it only how many there are."""
_CSV_REMEDY = "In a spreadsheet, save the list as CSV UTF-8, and load that file."
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
    """A file with anything wrong in it: nothing of it is stored.

    ``problems`` holds what is wrong, by line, the first MOST_TOLD of it; ``count`` is how many there are.
    """

    def __init__(self, problems: Sequence[Problem], more: int = 0) -> None:
        self.count = len(problems) + more
        count = "1 problem" if self.count == 1 else f"{self.count:,} problems"
        super().__init__(
            f"The file has {count}; nothing was stored.",
            field="file",
            value=str(problems[0]),
            remedy="Mend each and load the file again.",
        )
        self.problems = tuple(problems)


class Problems:
    """What is wrong with a file, gathered as it is read; MOST_TOLD of it is kept, the rest is counted."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._more = 0
        self._unread: frozenset[str] = frozenset()

    def add(self, problem: Problem) -> None:
        """One thing that is wrong."""
        if len(self._kept) < MOST_TOLD:
            self._kept.append(problem)
        else:
            self._more += 1

    def add_faults(self, line: int, faults: Iterable[Fault]) -> None:
        """A row's faults, but for those of columns that could not be read."""
        for fault in faults:
            if fault.field not in self._unread:
                self.add(Problem(line, fault.field, fault.value, fault.problem, fault.remedy))

    def leave_out(self, columns: Iterable[str]) -> None:
        """Say nothing about these columns' cells: the first line is at fault, and that is told."""
        self._unread = frozenset(columns)

    def __bool__(self) -> bool:
        return bool(self._kept)

    def refuse(self) -> None:
        """Tell all of it.

        Raises:
            FileFaulty: there is any.
        """
        if self._kept:
            raise FileFaulty(sorted(self._kept, key=lambda problem: problem.line), self._more)


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
    problems = Problems()
    first: dict[tuple[str, str], int] = {}
    for line, cells in records(text_of(content), COLUMNS, _REQUIRED, problems):
        values, faults = judge(cells, today)
        values["key"] = symbol_key(values["symbol"])
        faults += _repeats(values, line, first)
        problems.add_faults(line, faults)
        file.rows.append(values)
        file.lines.append(line)
    if not file.rows and not problems:
        problems.add(Problem(1, "file", "", "The file has no rows.", "Add one line a security."))
    problems.refuse()
    return file


def text_of(content: bytes) -> str:
    """A file's text.

    Raises:
        FileFaulty: too large, another kind of file, or not UTF-8.
    """
    if len(content) > MAX_BYTES:
        most = MAX_BYTES // 1024 // 1024
        raise _faulty(1, "", f"The file is larger than {most} MB.", "Load it in parts.")
    if kind := binary_kind(content):
        raise _faulty(1, "", f"The file is {kind}, whatever its name says.", _CSV_REMEDY)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _faulty(line, "", "The file's text is not in UTF-8.", _CSV_REMEDY) from None
    if "\x00" in text:
        raise _faulty(1, "", "The file is not a text file, whatever its name says.", _CSV_REMEDY)
    return text


def _faulty(line: int, value: str, problem: str, remedy: str) -> FileFaulty:
    return FileFaulty([Problem(line, "file", value, problem, remedy)])


def records(
    text: str, columns: Sequence[str], required: Sequence[str], problems: Problems
) -> Iterable[tuple[int, dict[str, str]]]:
    """The data rows by column, with their lines; what cannot be taken apart goes to ``problems``.

    Where the header is at fault the columns that it names well are read all the same; the others are empty.

    Raises:
        FileFaulty: the header names none of these columns, or there is too much of anything.
    """
    rows = csv.reader(_lines(text), strict=True)
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
        places = _places(header, columns, required, problems)
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                problems.add(_width(rows.line_num, cells, len(header)))
                continue
            found = dict.fromkeys(columns, "")
            found |= {name: plain_cell(cells[place].strip()) for name, place in places.items()}
            yield rows.line_num, found
    except csv.Error as error:
        problems.add(
            Problem(rows.line_num, "file", "", f"The line is no CSV ({error}).", "Check its quotation marks.")
        )


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if number > MAX_ROWS:
            raise _faulty(number, "", f"The file has more than {MAX_ROWS:,} lines.", "Load it in parts.")
        if len(line) > MAX_LINE:
            problem = f"The line is longer than {MAX_LINE:,} characters."
            raise _faulty(number, line[:60], problem, "Write one row a line.")
        yield line


def _width(line: int, cells: Sequence[str], wanted: int) -> Problem:
    return Problem(
        line,
        "line",
        ",".join(cells[:60])[:60],
        f"The line has {len(cells)} cells, the header {wanted}.",
        "Put quotation marks around a text that holds a comma.",
    )


def _places(
    header: Sequence[str], columns: Sequence[str], required: Sequence[str], problems: Problems
) -> dict[str, int]:
    """Which cell each column is, of those that the header names once; what is wrong with it is told."""
    remedy = f"The first line names the columns: {','.join(columns)}."
    if len(header) > MAX_CELLS:
        raise _faulty(1, "", f"The first line has {len(header):,} cells.", remedy)
    counts = Counter(header)
    for name in header:
        if name not in columns:
            problems.add(Problem(1, "header", name, "There is no such column.", remedy))
    for name in columns:
        if counts[name] > 1:
            problems.add(Problem(1, "header", name, "The column stands there twice.", "Remove one."))
    for name in required:
        if not counts[name]:
            problems.add(Problem(1, "header", name, "The column is missing.", remedy))
    places = {name: header.index(name) for name in columns if counts[name] == 1}
    if problems:
        problems.leave_out(set(columns) - set(places))
    if not places:
        problems.refuse()
    return places


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
