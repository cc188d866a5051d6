"""Take in rejected rows that somebody mended: they stand in for those of the file, and all is read again.

The files are kept as they were uploaded; what was mended is kept beside them, row by row, with who did it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from households.foundation.errors import DomainError
from households.imports.crosschecks import drop_superseded
from households.imports.disturbance import disturbed
from households.imports.formats import Budget, Opened, ParsedFile, TimeOver
from households.imports.formats.parsed import FileRefused
from households.imports.formats.standing import StandingRow
from households.imports.kept_files import Cells, Place, open_kept, read_kept, standing_rows
from households.imports.mapping import unify_labels
from households.imports.rejected_file import GivenRow, can_be_mended, meant, read_back, reference_of
from households.imports.remembering import Remembered
from households.imports.staging import fill
from households.imports.uploads import Upload, content_hash
from households.models import Household, Import, ImportMend, User

MAX_MENDS = 50
"""Uploads of mended rows that one import takes; beyond them the custodian's file is what should be mended."""
ATTEMPTS = 5
"""Each lets one of those who mend an import at once through."""
_TOLD = 20


class MendRefused(DomainError):
    """Mended rows that cannot be taken in; nothing was changed. ``reasons`` holds one sentence a row."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(reasons[0], field="mended")
        more = len(reasons) - _TOLD
        self.reasons = (*reasons[:_TOLD], *((f"And {more:,} more rows like these.",) if more > 0 else ()))

    def __str__(self) -> str:
        return " ".join(self.reasons)


@dataclass(frozen=True, slots=True)
class Mended:
    """What came of an upload: rows whose cells changed, and how many of them are still rejected."""

    rows: int
    still: int


def mended_cells(import_: Import) -> dict[Place, tuple[str, ...]]:
    """The cells that stand in for those of the files, the newest word of each row."""
    mends = ImportMend.objects.filter(source_import=import_).values_list("rows", flat=True)
    return {(row["file"], row["line"]): tuple(row["cells"]) for rows in mends for row in rows}


@dataclass(frozen=True, slots=True)
class _Reading:
    """What an import becomes with mended rows, and what that rests on."""

    rests_on: tuple[Any, ...]
    known: Remembered
    changed: dict[Place, dict[str, Any]]
    files: list[ParsedFile]


def mend_rows(*, by: User, import_: Import, upload: Upload, as_of: date | None = None) -> Mended:
    """Put the rows of an uploaded file of rejected rows in the place of those they mend.

    All of them or none. Everything that was read is read again with them by the same rules, so that totals,
    cross-checks and counts follow; no row that was taken may read differently for it. Rows that say what
    stands there already change nothing.

    Nothing is locked while files are read. Whoever changed the import meanwhile is found out behind the
    locks, and it is all looked at again.

    Args:
        as_of: today, against which the age of the files is judged.

    Raises:
        DomainError: 409, the import does not wait any more, or its files were not kept; the file is not one
            of rejected rows.
        MendRefused: rows that mend nothing here, or that would change what else was read.
        FileRefused: all that was read takes more than one request may.
    """
    import_ = Import.objects.select_related("household").get(pk=import_.pk)
    _check_waiting(import_)
    budget = Budget()
    given = read_back(upload, budget)
    kept = open_kept(import_, [file["name"] for file in import_.files], budget)
    for _ in range(ATTEMPTS):
        found = _read_with(import_, kept, given, budget)
        if not found.changed:
            return Mended(0, 0)
        mended = _stored(by, import_, found, as_of)
        if mended is not None:
            return mended
        import_.refresh_from_db()
        _check_waiting(import_)
    raise DomainError("Others are mending this import.", field="mended", remedy="Try again.", status=409)


def _too_often() -> DomainError:
    return DomainError(
        f"Rows of this import were mended {MAX_MENDS} times, and no more often are they taken in.",
        field="mended",
        remedy="Commit the good rows, or mend the custodian's file and upload it anew.",
        status=409,
    )


def _rests_on(import_: Import) -> tuple[Any, ...]:
    """What rows are mended upon: the accounts chosen, and the rows mended before."""
    mends = ImportMend.objects.filter(source_import=import_)
    return import_.account_map, [*mends.values_list("pk", flat=True)]


def _read_with(
    import_: Import, kept: Mapping[str, Opened], given: Sequence[GivenRow], budget: Budget
) -> _Reading:
    rests_on, known = _rests_on(import_), Remembered()
    held = mended_cells(import_)
    before = _as_staged(import_, kept, held, known, budget)
    standing = standing_rows(import_, kept, {place for row in given if (place := row.place)}, known, budget)
    changed = _changed(import_, given, held, standing)
    if not changed:
        return _Reading(rests_on, known, changed, [])
    if len(rests_on[1]) >= MAX_MENDS:
        raise _too_often()
    new = {**held, **{place: row["cells"] for place, row in changed.items()}}
    try:
        after = _together(read_kept(import_, kept, new, known, budget))
    except TimeOver:
        raise
    except FileRefused as refused:
        raise MendRefused([f"With these rows the file cannot be read: {refused}"]) from None
    reasons = list(disturbed(before, after, set(changed)))
    if reasons:
        raise MendRefused(reasons)
    return _Reading(rests_on, known, changed, after)


@transaction.atomic
def _stored(by: User, import_: Import, found: _Reading, as_of: date | None) -> Mended | None:
    """Store what was read; None where the import is not what it was read from any more."""
    Household.objects.select_for_update().get(pk=import_.household_id)  # first, as a commit does
    import_ = Import.objects.select_for_update().get(pk=import_.pk)
    _check_waiting(import_)
    if _rests_on(import_) != found.rests_on:
        return None
    if not found.known.still():
        raise _read_otherwise()
    import_.rows.all().delete()
    fill(import_, found.files, import_.account_map, as_of)
    ImportMend.objects.create(source_import=import_, by=by, rows=list(found.changed.values()))
    still = set(import_.rows.filter(taken=False).values_list("file", "line")) & set(found.changed)
    return Mended(len(found.changed), len(still))


def _as_staged(
    import_: Import, kept: Mapping[str, Opened], held: Cells, known: Remembered, budget: Budget
) -> list[ParsedFile]:
    """The files as they were read for this import, with what was mended since.

    Raises:
        TimeOver: the budget's.
        DomainError: 409, they are read in another way now: a mapping of columns was changed or deleted.
    """
    try:
        files = read_kept(import_, kept, held, known, budget)
    except TimeOver:
        raise
    except FileRefused:
        files = []
    if content_hash(files) != import_.content_sha256:
        raise _read_otherwise()
    return _together(files)


def _read_otherwise() -> DomainError:
    return DomainError(
        "The mapping that columns of this import were read by has changed since.",
        field="mended",
        remedy="Discard this import and upload its files again, then mend.",
        status=409,
    )


def _together(files: list[ParsedFile]) -> list[ParsedFile]:
    """Files as staging sees them: of two lists of one account the newest counts."""
    unify_labels(files)
    drop_superseded(files)
    return files


def _check_waiting(import_: Import) -> None:
    if import_.state != Import.State.STAGED:
        raise DomainError(
            f"This import is {import_.get_state_display().lower()}; its rows cannot be mended any more.",
            field="mended",
            remedy="Mend the custodian's file and upload it anew.",
            status=409,
        )
    if not can_be_mended(import_):
        raise DomainError(
            "Single rows of these files cannot be mended.",
            field="mended",
            remedy="Mend the custodian's file and upload it anew.",
            status=409,
        )


def _changed(
    import_: Import, given: Sequence[GivenRow], held: Cells, standing: Mapping[Place, StandingRow]
) -> dict[Place, dict[str, Any]]:
    """The rows that say something new, by where they stand.

    Raises:
        MendRefused: one or more of them mend nothing here.
    """
    rows = import_.rows.filter(file__in={row.file for row in given})
    rejected = {*rows.filter(taken=False).values_list("file", "line"), *held}
    taken = set(rows.filter(taken=True).values_list("file", "line")) - rejected
    found: dict[Place, dict[str, Any]] = {}
    said: dict[Place, tuple[str, ...]] = {}
    reasons = []
    for row in given:
        reason = _misplaced(import_, row, standing, rejected, taken)
        place = row.place
        if place is not None and not reason:
            stood = tuple(held.get(place, standing[place].cells))
            cells = meant(row.cells, _trimmed(stood))
            same = cells == _trimmed(stood)
            if said.setdefault(place, cells) != cells:
                reason = "it comes twice, with different cells. Keep one of the two."
            elif place in taken and not same:
                reason = (
                    f"line {place[1]} of {place[0]} was taken as it stands; only rejected rows are mended."
                )
            elif not any(cells) and not same:
                reason = _EMPTY
            elif not same:
                found[place] = _mend(place, standing[place], stood, cells)
        if reason:
            reasons.append(f"Line {row.number} of your file: {reason}")
    if reasons:
        raise MendRefused(reasons)
    return found


_EMPTY = (
    "it is empty. To leave a row out, delete it from this file: it stays rejected, and the good rows can be "
    "committed without it."
)


def _misplaced(
    import_: Import,
    row: GivenRow,
    standing: Mapping[Place, StandingRow],
    rejected: set[Place],
    taken: set[Place],
) -> str:
    """Why a row has no place in this import; empty where it has one."""
    if row.reference != reference_of(import_):
        return "the row belongs to another import. Download the rejected rows of this one."
    if row.file not in {file["name"] for file in import_.files}:
        return f"this import has no file {row.file or 'without a name'}."
    if row.place is None:
        return f"“{row.line[:20]}” is no line of {row.file}."
    if row.place not in rejected | taken:
        return f"there is no rejected row on line {row.line} of {row.file}."
    if row.place not in standing:
        return (
            f"line {row.line} of {row.file} cannot be mended here; mend the file itself and upload it anew."
        )
    return ""


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def _mend(place: Place, row: StandingRow, stood: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    """A mended row for storing: as wide as its list, and what of it is another now."""
    width = max(len(cells), row.width)
    old, new = ([*part, *[""] * (width - len(part))][:width] for part in (stood, cells))
    names = [*row.header, *[f"Column {n + 1}" for n in range(len(row.header), width)]]
    changed = [[*three] for three in zip(names, old, new, strict=False) if three[1] != three[2]]
    changed += [[f"Column {n + 1}", stood[n], ""] for n in range(width, len(stood)) if stood[n]]
    return {"file": place[0], "line": place[1], "cells": new, "changed": changed}
