"""Stage an upload: read it, store its rows, map its accounts. What is held changes at the commit only."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connections, transaction
from django.utils import timezone

from households.foundation.databases import insert_rows
from households.foundation.errors import DomainError
from households.imports.crosschecks import check_dates, check_lots, drop_superseded
from households.imports.formats import Limits, ParsedFile
from households.imports.formats.parsed import AccountSection
from households.imports.mapping import SKIP, UNDECIDED, match_accounts, unify_labels
from households.imports.originals import keep_originals, packed
from households.imports.placing import place_lots
from households.imports.remembering import remembered
from households.imports.staged_rows import FIELDS, rows_of
from households.imports.uploads import Upload, content_hash, read_uploads
from households.models import Account, Household, Import, ImportFile, ImportRow, User


def stage_import(
    *,
    by: User,
    household: Household,
    uploads: Iterable[Upload],
    format: str | None = None,
    account_map: Mapping[str, str] | None = None,
    as_of: date | None = None,
    limits: Limits | None = None,
    dated: date | None = None,
) -> Import:
    """Read files and keep their rows for checking.

    The same content once more changes nothing: while its import waits or is the last word, that import is the
    answer (its state says which).

    Args:
        by: who uploads.
        uploads: a positions file together with its lot files, or any of them alone.
        format: a code of FORMATS for all files, or ``mapped``; None recognizes each.
        account_map: label in the file -> account id or ``skip``, where known; the rest is matched.
        as_of: today, against which the age of the files is judged.
        dated: the date of the values, for files that do not say it.

    Returns:
        The staged import, or the earlier one of the same content.

    Raises:
        DomainError: the files cannot be read (FilesRefused) or are too many; nothing is stored.
    """
    files = read_uploads(uploads, format, limits, dated, remembered)
    originals = packed(files)
    return store_files(
        by=by, household=household, files=files, originals=originals, account_map=account_map, as_of=as_of
    )


def store_files(
    *,
    by: User,
    household: Household,
    files: Sequence[ParsedFile],
    originals: Sequence[ImportFile],
    account_map: Mapping[str, str] | None = None,
    as_of: date | None = None,
) -> Import:
    """Keep the rows of files that were read, as :func:`stage_import` does.

    Args:
        originals: the files' bytes, as :func:`households.imports.originals.packed` answers.

    Returns:
        The staged import, or the earlier one of the same content.
    """
    content = content_hash(files)
    with transaction.atomic():
        Household.objects.select_for_update().get(pk=household.pk)
        earlier = _same_content(household, content)
        if earlier is not None:
            return earlier
        import_ = Import.objects.create(household=household, by=by, content_sha256=content)
        keep_originals(import_, originals)
        fill(import_, files, dict(account_map or {}), as_of)
    return import_


def _same_content(household: Household, content: str) -> Import | None:
    """The import of the same files that still waits, or that was committed last and left no account out."""
    imports = Import.objects.filter(household=household)
    waiting: Import | None = imports.filter(state=Import.State.STAGED, content_sha256=content).first()
    if waiting is not None:
        return waiting
    last: Import | None = imports.filter(state=Import.State.COMMITTED).order_by("-committed_at").first()
    if last is None or last.content_sha256 != content or SKIP in last.account_map.values():
        return None
    return last


def fill(
    import_: Import, files: Sequence[ParsedFile], given: Mapping[str, str], as_of: date | None = None
) -> None:
    """Store what was read as the rows of an import that has none: checked against each other, mapped.

    Args:
        given: label in the file -> account id or ``skip``, where known; the rest is matched.
        as_of: today, against which the age of the files is judged.
    """
    unify_labels(files)
    drop_superseded(files)
    check_lots(files)
    check_dates(files, as_of or timezone.localdate())
    account_map = _mapped(import_.household, files, given)
    import_.files = [_described(file) for file in files]
    import_.warnings = [
        {"code": w.code, "file": file.name, "line": w.line, "message": w.message}
        for file in files
        for w in file.warnings
    ]
    import_.account_map = account_map
    import_.as_of = _date_of_holdings(files)
    import_.save(update_fields=["files", "warnings", "account_map", "as_of"])
    account_of = {
        label: account for label, account in account_map.items() if account not in (UNDECIDED, SKIP)
    }
    rows = (row for file in files for row in rows_of(file, import_.pk, account_of))
    insert_rows(connections["default"], ImportRow, rows, FIELDS)
    place_lots(import_)


def _mapped(household: Household, files: Sequence[ParsedFile], given: Mapping[str, str]) -> dict[str, str]:
    """The account of each label: as given, else matched to one that is not given to another label."""
    accounts = list(household.accounts.filter(closed_on=None))
    matched = match_accounts((section for file in files for section in file.accounts), accounts)
    spoken_for = set(given.values()) - {SKIP}
    return {
        label: given.get(label, UNDECIDED if account in spoken_for else account)
        for label, account in matched.items()
    }


def _date_of_holdings(files: Sequence[ParsedFile]) -> date | None:
    """The newest date of the positions; without any, of the lots, then of what else there is."""
    sections = [section for file in files for section in file.accounts]
    listing = [section for section in sections if section.holds_positions]
    lots = [section for section in sections if section.lots]
    return max((section.as_of for section in listing or lots or sections), default=None)


def _described(file: ParsedFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "sha256": file.sha256,
        "bytes": file.size,
        "format": file.format,
        "confidence": file.confidence,
        "asked": file.asked,
        "dated": file.dated and file.dated.isoformat(),
        "encoding": file.encoding,
        "as_of": file.as_of and file.as_of.isoformat(),
        "rows": file.rows_read,
        "taken": file.rows_taken,
        "rejected": len(file.rejected),
        "accounts": [
            {
                "label": section.label,
                "ending": section.ending,
                "as_of": section.as_of.isoformat(),
                "time": section.as_of_time,
                "holds_positions": section.holds_positions,
                "positions": len(section.positions),
                "lots": len(section.lots),
            }
            | _realized(section)
            for section in file.accounts
        ],
    } | ({"mapping": file.mapping} if file.mapping else {})


def _realized(section: AccountSection) -> dict[str, Any]:
    """What was realized in an account, in cents by term, where the file says it. Kept with the import."""
    if not section.realized:
        return {}
    first, last = section.period
    return {
        "realized": {
            "rows": len(section.realized),
            "from": first and first.isoformat(),
            "to": last and last.isoformat(),
            "short_term": section.realized_cents("short"),
            "long_term": section.realized_cents("long"),
            "term_unknown": section.realized_cents(""),
            "disallowed": sum(row.disallowed_loss or 0 for row in section.realized),
        }
    }


@transaction.atomic
def map_accounts(*, by: User, import_: Import, account_map: Mapping[str, str]) -> Import:
    """Say which account each section of the files belongs to.

    Args:
        account_map: label -> account id, ``skip`` to leave it out, or empty while undecided.

    Raises:
        DomainError: the import does not wait any more, an account is not the household's, or two lists of
            positions were given to one account.
    """
    Household.objects.select_for_update().get(pk=import_.household_id)  # first, as a commit does
    import_ = Import.objects.select_for_update().get(pk=import_.pk)
    if import_.state != Import.State.STAGED:
        raise DomainError(
            "This import is settled; its accounts cannot be changed any more.",
            remedy="Upload the files again.",
            status=409,
        )
    chosen = {label: str(account_map.get(label, old)) for label, old in import_.account_map.items()}
    _check_map(import_, chosen)
    for label, account in chosen.items():
        if account != import_.account_map[label]:
            rows = import_.rows.filter(label=label)
            rows.update(account_id=None if account in (UNDECIDED, SKIP) else account)
    import_.account_map = chosen
    import_.save(update_fields=["account_map"])
    place_lots(import_)
    return import_


def _check_map(import_: Import, chosen: Mapping[str, str]) -> None:
    open_accounts = Account.objects.filter(household_id=import_.household_id, closed_on=None)
    names = {str(pk): name for pk, name in open_accounts.values_list("pk", "name")}
    listing = {
        account["label"]
        for file in import_.files
        for account in file["accounts"]
        if account["holds_positions"]
    }
    taken: dict[str, str] = {}
    for label, account in chosen.items():
        if account in (UNDECIDED, SKIP):
            continue
        if account not in names:
            raise DomainError(
                f"The account chosen for {label} is not one of this household's open accounts.",
                field=label,
                value=account,
                remedy="Choose one of the accounts listed.",
            )
        if label in listing and taken.setdefault(account, label) != label:
            raise DomainError(
                f"{taken[account]} and {label} cannot both be {names[account]}.",
                field=label,
                value=names[account],
                remedy="Choose another account for one of them, or leave one out.",
            )
