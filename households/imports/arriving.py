"""What becomes of files that arrive: staged at once, or kept until somebody says what their columns are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from households.foundation.errors import DomainError
from households.imports.commits import discard_import
from households.imports.formats import mapped
from households.imports.remembering import remembered
from households.imports.staging import stage_import
from households.imports.uploads import FilesRefused, Upload, read_uploads
from households.imports.waiting import forget_stale, keep_upload, uploads_of
from households.models import Household, Import, User, WaitingUpload


@dataclass(frozen=True, slots=True)
class Arrived:
    """Either the import that files were staged as, or the upload that waits for its columns."""

    import_: Import | None = None
    waiting: WaitingUpload | None = None


def receive(
    *,
    by: User,
    household: Household,
    uploads: Sequence[Upload],
    format: str | None = None,
    dated: date | None = None,
) -> Arrived:
    """Stage an upload; keep it where nobody knows its columns, or where they are to be mapped by hand.

    Args:
        format: a code of FORMATS, ``mapped`` to map the columns by hand, None to recognize each file.
        dated: the date of the values, for files that do not say it.

    Raises:
        DomainError: the files are too many or too large.
        FilesRefused: a file cannot be read; its ``waiting`` is the kept upload where mapping may help.
    """
    forget_stale()
    by_hand = format == mapped.CODE
    try:
        if by_hand:
            read_uploads(uploads, format, dated=dated, known=remembered)
        else:
            import_ = stage_import(by=by, household=household, uploads=uploads, format=format, dated=dated)
    except FilesRefused as refused:
        if not refused.mappable:
            raise
        refused.waiting = _kept(by, household, uploads, by_hand, dated)
        if any(reason.looks_like for reason in refused.refused):
            raise
        return Arrived(waiting=refused.waiting)
    if by_hand:
        return Arrived(waiting=_kept(by, household, uploads, by_hand, dated))
    if import_.state == Import.State.STAGED and any(file.get("mapping") for file in import_.files):
        _kept(by, household, uploads, by_hand, dated, import_)
    return Arrived(import_=import_)


def _kept(
    by: User,
    household: Household,
    uploads: Sequence[Upload],
    by_hand: bool,
    dated: date | None,
    staged: Import | None = None,
) -> WaitingUpload:
    for upload in uploads:
        upload.seek(0)
    return keep_upload(
        by=by, household=household, uploads=uploads, by_hand=by_hand, dated=dated, staged=staged
    )


@transaction.atomic
def read_again(*, by: User, waiting: WaitingUpload, dated: date | None = None) -> Import:
    """Stage a waiting upload, now that its columns are mapped; what it was staged as before is set aside.

    Args:
        dated: the date of the values, for files that do not say it.

    Raises:
        FilesRefused: a file still cannot be read; nothing is staged.
        DomainError: 409, the earlier import was settled at this moment, or rows of it were mended.
    """
    if waiting.staged is not None and waiting.staged.importmends.exists():
        raise DomainError(
            "Rows of this import were mended; reading its files by another mapping would lose that.",
            remedy="Commit the import as it is, or discard it and upload the files again.",
            status=409,
        )
    import_ = stage_import(
        by=by,
        household=waiting.household,
        uploads=uploads_of(waiting),
        format=mapped.CODE if waiting.by_hand else None,
        dated=dated,
    )
    before = waiting.staged
    if before is not None and before.pk != import_.pk:
        discard_import(by=by, import_=before)
    WaitingUpload.objects.filter(pk=waiting.pk).update(staged=import_, dated=dated)
    return import_
