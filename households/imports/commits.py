"""Commit an import, all of it or its good rows, or discard it: one transaction, with its history."""

from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from households.facts import rebuild_facts
from households.foundation.errors import DomainError
from households.imports.counting import counts_of
from households.imports.mapping import SKIP, UNDECIDED
from households.imports.mending import mended_cells
from households.imports.selectors import plans_of
from households.imports.snapshots import held_by, keep
from households.imports.states import IMPORT
from households.imports.storing import History, carry_out
from households.models import Account, Household, Import, User
from households.securities.matching import hold_master, match_household


@transaction.atomic
def commit_import(*, by: User, import_: Import, only_good: bool = False, as_of: date | None = None) -> Import:
    """Replace the positions and lots of the mapped accounts by those of the files.

    Whole or not at all. Positions that the files no longer list are gone, unless their row was rejected;
    marks (restricted, retained, issuer) of those that stay are kept. Lots are replaced where the files have
    them, kept where the quantity is unchanged, and dropped where it is not.

    Args:
        only_good: commit although rows were rejected, without those.
        as_of: the day for which facts are rebuilt; today by default.

    Raises:
        DomainError: 409, the import does not wait, has rejected rows, no good ones, or undecided accounts.
    """
    hold_master(shared=True)
    household = Household.objects.select_for_update().get(pk=import_.household_id)
    import_ = Import.objects.select_for_update().get(pk=import_.pk)
    state = IMPORT.after(import_.state, "committed")
    _check_ready(import_, only_good)
    plans = plans_of(import_)
    touched = [plan.account.pk for plan in plans]
    before = held_by(touched)
    changes = History(household, import_, by)
    for plan in plans:
        carry_out(plan, import_, changes)
    import_.state, import_.committed_at = state, timezone.now()
    import_.save(update_fields=["state", "committed_at"])
    keep(import_, touched, before, household.revision + 1)
    rows = counts_of(import_).kept
    summary = f"{rows} row{'s' * (rows != 1)} into {len(plans)} account{'s' * (len(plans) != 1)}"
    if mended := len(mended_cells(import_)):
        summary += f", {mended} of the files' rows mended by hand"
    changes.note("import", str(import_.pk), "state", "staged", f"committed: {summary}")
    changes.write()
    match_household(household.pk)
    Household.objects.filter(pk=household.pk).update(revision=F("revision") + 1)
    rebuild_facts([household.pk], as_of=as_of)
    return import_


@transaction.atomic
def discard_import(*, by: User, import_: Import) -> Import:
    """Set a staged import aside; its rows stay for the record, nothing the client holds changes.

    Raises:
        DomainError: 409, the import does not wait any more.
    """
    import_ = Import.objects.select_for_update().get(pk=import_.pk)
    import_.state = IMPORT.after(import_.state, "discarded")
    import_.save(update_fields=["state"])
    changes = History(import_.household, import_, by, source="typed")  # nothing came from the file
    changes.note("import", str(import_.pk), "state", "staged", "discarded")
    changes.write()
    return import_


def _check_ready(import_: Import, only_good: bool) -> None:
    if import_.rejected and not only_good:
        rows = "1 row was" if import_.rejected == 1 else f"{import_.rejected:,} rows were"
        raise DomainError(
            f"{rows} rejected, so not everything can be committed.",
            remedy="Commit the good rows only, or mend the file and upload it again.",
            status=409,
        )
    if not import_.taken:
        raise DomainError(
            "No row could be taken, so there is nothing to commit.",
            remedy="Mend the file and upload it again.",
            status=409,
        )
    undecided = [label for label, account in import_.account_map.items() if account == UNDECIDED]
    if undecided:
        raise DomainError(
            f"It is not decided whose account this is: {', '.join(undecided)}.",
            field=undecided[0],
            remedy="Choose the account, or leave it out.",
            status=409,
        )
    mapped = set(import_.account_map.values()) - {SKIP}
    closed = Account.objects.filter(pk__in=mapped, closed_on__isnull=False).first()
    if closed:
        raise DomainError(
            f"{closed.name} is closed, so nothing is imported into it.",
            value=closed.closed_on,
            remedy="Leave its rows out, or choose another account.",
            status=409,
        )
    if set(import_.account_map.values()) <= {SKIP}:
        raise DomainError(
            "Every account of the files is left out.",
            remedy="Choose an account for at least one.",
            status=409,
        )
