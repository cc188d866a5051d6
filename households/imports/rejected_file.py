"""The file of rejected rows: handed out to be mended, and read again when it comes back.

Columns of ours first: whose row it is and what is wrong with it. Behind them the row's cells as they stand in
its file, under that file's own column names; where those change, a new line of names begins.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from households.foundation.errors import DomainError
from households.foundation.exports import plain_cell, safe_cell
from households.imports.formats import Budget, Limits, opened
from households.imports.formats.content import read_bytes
from households.imports.formats.headers import normal
from households.imports.formats.records import Record, records
from households.imports.formats.sniff import DELIMITERS
from households.imports.kept_files import Cells, Place, lists_of, open_kept, standing_rows
from households.imports.presenting import problems_of
from households.imports.remembering import remembered
from households.imports.uploads import Upload
from households.models import Import, ImportFile, ImportRow

OURS = ("Import", "File", "Line", "Account", "Field", "Problem", "What to do")
MAX_ROWS = 5_000
"""Rows mended at once; beyond them the custodian's file is what should be mended."""
_LIMITS = Limits(max_columns=Limits().max_columns + len(OURS))


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A row that came back: where it stands in the file that was uploaded, and what it says."""

    number: int
    reference: str
    file: str
    line: str
    cells: tuple[str, ...]

    @property
    def place(self) -> Place | None:
        """The row that it means; None where the line is no number."""
        return (self.file, int(self.line)) if self.line.isdecimal() and len(self.line) < 8 else None


def reference_of(import_: Import) -> str:
    """What tells the rows of one import from those of another."""
    return f"import-{import_.pk.hex[-12:]}"


def can_be_mended(import_: Import) -> bool:
    """Whether a rejected row may be mended: the files were kept, and one of them is a list of rows."""
    return ImportFile.objects.filter(source_import=import_, name__in=lists_of(import_)).exists()


def rejected_file(import_: Import, rows: Iterable[ImportRow], mended: Cells) -> Iterator[list[Any]]:
    """The lines of the file, the names of the columns first.

    Args:
        mended: cells that stand in already, for rows that are still rejected.

    Raises:
        FileRefused: the files together ask for more than one request may.
    """
    listed = list(rows)
    budget = Budget()
    kept = open_kept(import_, {row.file for row in listed} & {*lists_of(import_)}, budget)
    standing = standing_rows(import_, kept, {(row.file, row.line) for row in listed}, remembered, budget)
    names: tuple[str, ...] | None = None
    for row in listed:
        place = (row.file, row.line)
        stands = standing.get(place)
        header = stands.header if stands else ()
        if header != names:
            yield from () if names is None else ([],)
            yield [*OURS, *header]
            names = header
        cells = mended.get(place) or (stands.cells if stands else row.values.get("cells", ()))
        yield [reference_of(import_), row.file, row.line, row.label, *_told(row), *cells]


def _told(row: ImportRow) -> tuple[str, str, str]:
    """Fields, what is wrong, what to do."""
    problems = problems_of(row)
    several = len(problems) > 1
    said = [f"{p['field']}: {p['problem']}" if several else p["problem"] for p in problems]
    fields, remedies = ([p[name] for p in problems] for name in ("field", "remedy"))
    return ", ".join(dict.fromkeys(fields)), " ".join(said), " ".join(dict.fromkeys(remedies))


def read_back(upload: Upload, budget: Budget) -> list[GivenRow]:
    """The rows of a file that came back, as CSV or as a workbook.

    Args:
        budget: what the files of the request may ask for together.

    Raises:
        DomainError: it is no such file, is damaged, has no rows, or too many.
    """
    name = str(upload.name or "")
    stream: BinaryIO = upload  # type: ignore[assignment]  # only read() is used
    text = opened(read_bytes(stream, name, _LIMITS), name, _LIMITS, budget).text.text
    readings = (_under(text, name, delimiter) for delimiter in DELIMITERS)
    rows = next((rows for rows in readings if rows is not None), None)
    if rows is None:
        raise DomainError(
            "This is not the file of rejected rows.", field="mended",
            remedy="Download the rejected rows, mend the cells in that file, and upload it with the names of "
            "its columns.",
        )  # fmt: skip
    if not rows:
        raise DomainError(
            "The file has no rows.", field="mended", remedy="Keep the rows that you have mended in it."
        )
    return rows


def _under(text: str, name: str, delimiter: str) -> list[GivenRow] | None:
    """The rows as they read with a delimiter; None where the names of our columns do not show."""
    rows: list[GivenRow] = []
    for number, record in enumerate(records(text, name, _LIMITS, delimiter)):
        if _is_header(record):
            continue
        if number == 0:
            return None
        if record.problem is not None:
            problem = record.problem
            raise DomainError(
                f"Line {record.line} of the file cannot be read: {problem.problem}",
                field="mended", value=problem.value, remedy=problem.remedy,
            )  # fmt: skip
        if len(rows) == MAX_ROWS:
            raise DomainError(
                f"The file has more than {MAX_ROWS:,} rows.", field="mended",
                remedy="Mend the custodian's file and upload it anew.",
            )  # fmt: skip
        cells = [*record.cells, *[""] * len(OURS)]
        own, given = cells[: len(OURS)], record.cells[len(OURS) :]
        rows.append(GivenRow(record.line, own[0], plain_cell(own[1]), own[2], tuple(given)))
    return rows


def _is_header(record: Record) -> bool:
    return tuple(map(normal, record.cells[: len(OURS)])) == tuple(map(str.lower, OURS))


def meant(given: Sequence[str], stood: Sequence[str]) -> tuple[str, ...]:
    """The cells that came back, without the apostrophes put before what a spreadsheet takes for a formula."""
    padded = [*stood, *[""] * max(0, len(given) - len(stood))]
    return tuple(
        old if new in (old, safe_cell(old)) else plain_cell(new)
        for new, old in zip(given, padded, strict=False)
    )
