"""The files of an import as they were uploaded: opened once, looked up by line, read with mended rows."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from households.imports.formats import (
    Budget,
    Limits,
    Opened,
    ParsedFile,
    is_list,
    layout_of,
    opened,
    read_opened,
)
from households.imports.formats.column_maps import Known
from households.imports.formats.parsed import Warned
from households.imports.formats.standing import StandingRow, rows_at
from households.imports.originals import original_bytes
from households.models import Import, ImportFile

Place = tuple[str, int]
"""A file's name and a line in it."""
Cells = Mapping[Place, Sequence[str]]
_CARRIED = frozenset({"same_file_twice"})
"""Warnings of the upload itself, which reading its files again does not bring back."""


def lists_of(import_: Import) -> list[str]:
    """The files that are lists of rows, by name; rows of statements have no line of their own."""
    return [file["name"] for file in import_.files if is_list(file["format"])]


def statements_of(import_: Import) -> list[str]:
    """The other files, as far as rows of them were rejected."""
    lists = lists_of(import_)
    return [file["name"] for file in import_.files if file["rejected"] and file["name"] not in lists]


def open_kept(import_: Import, names: Collection[str], budget: Budget) -> dict[str, Opened]:
    """The files of these names that were kept, by name.

    Raises:
        FileRefused: together they ask for more than the budget allows.
    """
    found = {}
    for file in ImportFile.objects.filter(source_import=import_, name__in=names).order_by("name"):
        budget.seconds_left(file.name)
        found[file.name] = opened(original_bytes(file), file.name, Limits(), budget)
    return found


def standing_rows(
    import_: Import, files: Mapping[str, Opened], places: Collection[Place], known: Known, budget: Budget
) -> dict[Place, StandingRow]:
    """Rows as they stand in opened files, those that can be found there.

    Raises:
        TimeOver: the budget's.
    """
    found: dict[Place, StandingRow] = {}
    for described in import_.files:
        name = described["name"]
        lines = {line for file, line in places if file == name}
        if name not in files or not lines:
            continue
        budget.seconds_left(name)
        text = files[name].text.text
        layout = layout_of(described["format"], text, known)
        rows = rows_at(text, lines, layout, name, Limits()) if layout else {}
        found |= {(name, line): row for line, row in rows.items()}
    return found


def read_kept(
    import_: Import, files: Mapping[str, Opened], mended: Cells, known: Known, budget: Budget
) -> list[ParsedFile]:
    """All files of an import, read as they were at the upload but with these rows in them.

    Raises:
        TimeOver: the budget's.
        FileRefused: with these rows a file cannot be read.
    """
    read = []
    for described in import_.files:
        name, dated = described["name"], described["dated"]
        budget.seconds_left(name)
        file = read_opened(
            files[name],
            described["asked"],
            dated=date.fromisoformat(dated) if dated else None,
            known=known,
            mended={line: cells for (of, line), cells in mended.items() if of == name},
        )
        file.warnings += [
            Warned(told["code"], told["line"], told["message"])
            for told in import_.warnings
            if told["file"] == name and told["code"] in _CARRIED
        ]
        read.append(file)
    return read
