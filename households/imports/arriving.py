"""What becomes of files that arrive: staged at once, or kept until somebody says what their columns are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import transaction

from households.foundation.errors import DomainError
from households.imports.commits import discard_import
from households.imports.formats import mapped
from households.imports.originals import packed
from households.imports.remembering import Remembered, remembered
from households.imports.staging import store_files
from households.imports.uploads import FilesRefused, Upload, arrive, read_arrivals
from households.imports.waiting import arrivals_of, forget_stale, keep_upload
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
    arrived = arrive(uploads)
    keep = partial(keep_upload, by=by, household=household, arrived=arrived, by_hand=by_hand, dated=dated)
    try:
        files = read_arrivals(arrived, format, dated=dated, known=remembered)
    except FilesRefused as refused:
        if not refused.mappable:
            raise
        refused.waiting = keep()
        if any(reason.looks_like for reason in refused.refused):
            raise
        return Arrived(waiting=refused.waiting)
    if by_hand:
        return Arrived(waiting=keep())
    import_ = store_files(by=by, household=household, files=files, originals=packed(files))
    if import_.state == Import.State.STAGED and any(file.get("mapping") for file in import_.files):
        keep(staged=import_)
    return Arrived(import_=import_)


def read_again(*, by: User, waiting: WaitingUpload, dated: date | None = None) -> Import:
    """Stage a waiting upload, now that its columns are mapped; what it was staged as before is set aside.

    The files are read before anything is locked; what they were read for is looked at again behind the locks.

    Args:
        dated: the date of the values, for files that do not say it.

    Raises:
        FilesRefused: a file still cannot be read; nothing is staged.
        DomainError: 409, the files are not kept any more, their mapping was changed meanwhile, the earlier
            import was settled at this moment, or rows of it were mended.
    """
    known = Remembered()
    files = read_arrivals(
        arrivals_of(waiting), mapped.CODE if waiting.by_hand else None, dated=dated, known=known
    )
    originals = packed(files)
    with transaction.atomic():
        household = Household.objects.select_for_update().get(pk=waiting.household_id)  # first, as a commit
        held = WaitingUpload.objects.select_for_update().filter(pk=waiting.pk).first()
        if held is None:
            raise DomainError("These files are not kept any more.", remedy="Upload them again.", status=409)
        if not known.still():
            raise DomainError(
                "The mapping of these columns was changed meanwhile.",
                remedy="Look at it, then read the file.",
                status=409,
            )
        before = held.staged
        import_ = store_files(by=by, household=household, files=files, originals=originals)
        if before is not None and before.pk != import_.pk:
            _refuse_mended(before)
            discard_import(by=by, import_=before)
        held.staged, held.dated = import_, dated
        held.save(update_fields=["staged", "dated"])
    return import_


def _refuse_mended(import_: Import) -> None:
    if import_.importmends.exists():
        raise DomainError(
            "Rows of this import were mended; reading its files by another mapping would lose that.",
            remedy="Commit the import as it is, or discard it and upload the files again.",
            status=409,
        )
