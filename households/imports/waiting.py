"""Uploads that wait for their columns to be mapped: kept compressed, for their uploader alone, for a day."""

import zlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from households.imports.uploads import Arrival
from households.models import ColumnMapping, Household, Import, User, WaitingFile, WaitingUpload

KEPT = timedelta(hours=24)
MOST_OF_A_USER = 5


def _alive() -> Q:
    """Not too old, and not settled: files of an import that was committed or discarded wait no more."""
    unsettled = Q(staged=None) | Q(staged__state=Import.State.STAGED)
    return Q(created_at__gt=timezone.now() - KEPT) & unsettled


def waiting_for(user: Any, waiting_id: UUID) -> WaitingUpload | None:
    """An upload of the user's own that still waits; None where there is none."""
    mine = WaitingUpload.objects.visible_to(user).filter(_alive(), by=user, pk=waiting_id)
    found: WaitingUpload | None = mine.select_related("household", "staged").first()
    return found


def committed_from(user: Any, waiting_id: UUID) -> Import | None:
    """The committed import that an upload of the user's own turned out to be; None where it is none."""
    mine = WaitingUpload.objects.visible_to(user).filter(by=user, pk=waiting_id)
    found = mine.filter(staged__state=Import.State.COMMITTED).select_related("staged").first()
    return found.staged if found else None


def waiting_of(user: Any, import_: Import) -> WaitingUpload | None:
    """The files of a staged import, where this user uploaded them and they are still kept."""
    mine = WaitingUpload.objects.visible_to(user).filter(_alive(), by=user, staged=import_)
    found: WaitingUpload | None = mine.first()
    return found


def waiting_in(user: Any, household: Household) -> QuerySet[WaitingUpload]:
    """A user's uploads for a household that nobody has mapped yet."""
    mine: QuerySet[WaitingUpload] = WaitingUpload.objects.visible_to(user).filter(
        _alive(), by=user, household=household, staged=None
    )
    return mine.prefetch_related(Prefetch("files", WaitingFile.objects.defer("content")))


def files_of(waiting: WaitingUpload) -> list[WaitingFile]:
    """The files of an upload without their bytes."""
    return list(waiting.files.defer("content").order_by("pk"))


def arrivals_of(waiting: WaitingUpload) -> list[Arrival]:
    """The files of an upload once more, as they came."""
    return [Arrival(file.name, zlib.decompress(bytes(file.content))) for file in waiting.files.order_by("pk")]


def mapped_files(user: Any, import_: Import) -> list[dict[str, Any]]:
    """The files of an import whose columns were mapped by hand: with what, and where that can be changed.

    Where the user's files are still kept, ``waiting`` and ``number`` say which; ``known`` is whether the
    mapping is still remembered.
    """
    files = [file for file in import_.files if file.get("mapping")]
    if not files:
        return []
    ids = {file["mapping"].get("id") for file in files}
    known = {str(pk) for pk in ColumnMapping.objects.filter(pk__in=ids).values_list("pk", flat=True)}
    waiting = waiting_of(user, import_)
    names = [file.name for file in files_of(waiting)] if waiting else []
    return [
        {
            "name": file["name"],
            "mapping": file["mapping"] | {"on": date.fromisoformat(file["mapping"]["on"])},
            "known": file["mapping"]["id"] in known,
            "waiting": waiting,
            "number": names.index(file["name"]) + 1 if file["name"] in names else 0,
        }
        for file in files
    ]


def keep_upload(
    *,
    by: User,
    household: Household,
    arrived: Iterable[Arrival],
    by_hand: bool = False,
    dated: date | None = None,
    staged: Import | None = None,
) -> WaitingUpload:
    """Keep files that were read until their columns are mapped. Of one user only the newest few are kept.

    Args:
        by_hand: the columns are to be mapped whatever the files look like.
        dated: the date of the values, given beside the files.
        staged: the import they were read into, where they may have to be read again.
    """
    forget_stale()
    files = [
        WaitingFile(
            name=file.name,
            content=zlib.compress(file.data, 6),
            encoding=file.encoding,
            beginning=file.beginning,
        )
        for file in arrived
    ]
    with transaction.atomic():
        Household.objects.select_for_update().get(pk=household.pk)  # first, as whoever reads them again does
        if staged is not None:
            WaitingUpload.objects.filter(by=by, staged=staged).delete()
        waiting = WaitingUpload.objects.create(
            by=by, household=household, by_hand=by_hand, dated=dated, staged=staged
        )
        for file in files:
            file.upload = waiting
            file.save(force_insert=True)
        mine = WaitingUpload.objects.filter(by=by).order_by("-created_at", "-pk")
        surplus = list(mine.values_list("pk", flat=True)[MOST_OF_A_USER:])
        WaitingUpload.objects.filter(pk__in=surplus).delete()
    return waiting


def forget_upload(*, by: User, waiting: WaitingUpload) -> None:
    """Let go of files that are not to be imported after all."""
    WaitingUpload.objects.filter(pk=waiting.pk, by=by).delete()


def forget_stale() -> int:
    """Let go of every upload that waited too long or is settled; answers how many."""
    stale = WaitingUpload.objects.exclude(_alive())
    count = stale.count()
    if count:
        stale.delete()
    return count
