"""Read imports: begin from what the user may see."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404

from households.foundation.databases import JsonLength
from households.imports.doubts import doubts
from households.imports.mapping import SKIP, UNDECIDED
from households.imports.plans import Plan, make_plan
from households.models import Account, Household, Import, ImportFile, ImportMend, ImportRow, Position
from households.selectors import names_of_users


def import_for(user: Any, import_id: UUID) -> Import:
    """One import with its household, or 404."""
    visible = Import.objects.visible_to(user).select_related("household", "by")
    found: Import = get_object_or_404(visible, pk=import_id)
    return found


def open_accounts(household: Household) -> QuerySet[Account]:
    """The accounts that a file can belong to."""
    return household.accounts.filter(closed_on=None)


def import_file_for(user: Any, import_id: UUID, file_id: UUID) -> ImportFile:
    """One file of an import as it was uploaded, or 404."""
    visible = ImportFile.objects.visible_to(user).filter(source_import=import_id)
    found: ImportFile = get_object_or_404(visible, pk=file_id)
    return found


class MendedRows(Sequence[dict[str, Any]]):
    """What was mended by hand, row by row in the order in which it came; only what is asked for is loaded.

    Each row: file, line, cells, changed (column, before, after), by and at.
    """

    def __init__(self, import_: Import) -> None:
        mends = ImportMend.objects.filter(source_import=import_).select_related("by").defer("rows")
        self._mends = list(mends.annotate(length=JsonLength("rows")))

    def __len__(self) -> int:
        return sum(mend.length for mend in self._mends)

    def __getitem__(self, asked: Any) -> Any:
        """A slice without a step, as a paginator asks for."""
        found, first = [], 0
        start, stop, _ = asked.indices(len(self))
        for mend in self._mends:
            places = range(max(start - first, 0), min(stop - first, mend.length))
            first += mend.length
            if places:
                entries = ImportMend.objects.filter(pk=mend.pk).values_list(*(f"rows__{n}" for n in places))
                found += [{**row, "by": mend.by, "at": mend.at} for row in entries.get()]
        return found


def rejected_rows(import_: Import) -> QuerySet[ImportRow]:
    """Rows that were not taken, in the order of the files."""
    return import_.rows.filter(taken=False).order_by("file", "line", "pk")


def taken_rows(import_: Import) -> QuerySet[ImportRow]:
    """Rows that were taken, in the order of the files."""
    return import_.rows.filter(taken=True).order_by("file", "line", "pk")


def plans_of(import_: Import) -> list[Plan]:
    """What the import would change, one plan for each account it is mapped to, in the order of the labels."""
    labels: dict[str, list[str]] = {}
    for label, account in import_.account_map.items():
        if account not in (UNDECIDED, SKIP):
            labels.setdefault(account, []).append(label)
    rows = Account.objects.filter(household_id=import_.household_id).select_related("intake")
    accounts = {str(account.pk): account for account in rows}
    intakes = {key: getattr(accounts[key], "intake", None) for key in labels if key in accounts}
    users = names_of_users(
        str(entry.get("by") or "")
        for intake in intakes.values()
        if intake
        for entry in intake.provenance.values()
    )
    plans = []
    for key, intake in intakes.items():
        plan = _plan(import_, accounts[key], labels[key])
        files = [file for file in import_.files if _sections(file, labels[key])]
        endings = {section["ending"] for file in files for section in _sections(file, labels[key])}
        plan.doubts = doubts(plan, {file["format"] for file in files}, endings, intake, users)
        plans.append(plan)
    return plans


def _sections(file: Mapping[str, Any], labels: Collection[str]) -> list[dict[str, Any]]:
    """What a file says of the account that it calls by one of these labels."""
    return [section for section in file["accounts"] if section["label"] in labels]


def _plan(import_: Import, account: Account, labels: list[str]) -> Plan:
    sections = [section for file in import_.files for section in _sections(file, labels)]
    listing = [section for section in sections if section["holds_positions"]]
    as_of = max(date.fromisoformat(section["as_of"]) for section in listing or sections)
    rows = import_.rows.filter(label__in=labels, taken=True).order_by("pk").values_list("kind", "values")
    bad = import_.rows.filter(label__in=labels, taken=False, kind=ImportRow.Kind.POSITION)
    said = bad.values_list("values", flat=True)
    rejected = {values.get("symbol", "").upper() for values in said if not values.get("spare")}
    stored = Position.objects.filter(account=account).annotate(lot_count=Count("lots")).order_by("symbol")
    return make_plan(account, as_of, bool(listing), rows.iterator(), list(stored), rejected)
