"""Facts that rest on an import that was undone since they were read are not recorded upon."""

from collections.abc import Mapping
from uuid import UUID

from households.facts import lock_households
from households.foundation.databases import among
from households.foundation.errors import DomainError
from households.models import ImportSnapshot


class TakenBack(DomainError):
    """An import was undone after these facts were read; read them again."""

    def __init__(self) -> None:
        super().__init__(
            "An import that brought these facts was undone meanwhile.",
            remedy="Evaluate the account again.",
            status=409,
        )


def hold_facts(revisions: Mapping[UUID, int]) -> None:
    """Hold households still until the transaction ends, as an undo does: it comes first, or sees the record.

    Args:
        revisions: household -> the revision that its facts were built of.

    Raises:
        TakenBack: facts of one of them rest on what an undo has taken back.
    """
    now = lock_households([*revisions])
    behind = [household for household, revision in revisions.items() if now.get(household) != revision]
    if not behind:
        return
    undone = ImportSnapshot.objects.filter(source_import__undone_revision__isnull=False)
    spans = among(undone, "source_import__household_id", behind)
    names = ("source_import__household_id", "revision", "source_import__undone_revision")
    for household, made, undone_by in spans.values_list(*names):
        if made <= revisions[household] < undone_by:
            raise TakenBack
