"""The file of rejected rows in the hands of a test: downloaded, cells changed, uploaded again."""

import csv
import io
from typing import Any

from households.imports.mending import Mended, mend_rows, mended_cells
from households.imports.rejected_file import OURS, rejected_file
from households.imports.selectors import rejected_rows
from households.models import Import
from tests.firm import Firm
from tests.households.imports.files import Upload
from tests.households.imports.steps import AS_OF


def downloaded(import_: Import) -> list[list[str]]:
    """The lines of the file as a spreadsheet program shows them."""
    lines = rejected_file(import_, rejected_rows(import_), mended_cells(import_))
    return [[str(cell) for cell in line] for line in lines]


def with_cells(lines: list[list[str]], line: int, **cells: str) -> list[list[str]]:
    """The same with cells of the row of a file's line changed, by the names above it, ``_`` for blanks."""
    changed, names = [], lines[0]
    for found in lines:
        names = found if found[:3] == list(OURS[:3]) else names
        if found and found[2] == str(line):
            width = max(len(found), len(names))
            found = [*found, *[""] * (width - len(found))]
            for name, value in cells.items():
                place = name if name in names else name.replace("_", " ")
                found[names.index(place)] = value
        changed.append(found)
    return changed


def as_upload(lines: list[list[str]], name: str = "rejected-rows.csv") -> Upload:
    """The lines as a program saves them."""
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return Upload(name, ("\ufeff" + text.getvalue()).encode())


def mend(firm: Firm, import_: Import, lines: list[list[str]], **options: Any) -> Mended:
    """Upload lines as the firm's advisor."""
    return mend_rows(by=firm.advisor, import_=import_, upload=as_upload(lines), as_of=AS_OF, **options)
