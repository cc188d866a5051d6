"""Read imports: begin from what the user may see."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404

from households.imports.mapping import SKIP, UNDECIDED
from households.imports.plans import Plan, make_plan
from households.models import Account, Household, Import, ImportRow, Position


def import_for(user: Any, import_id: UUID) -> Import:
    """One import with its household, or 404."""
    visible = Import.objects.visible_to(user).select_related("household", "by")
    found: Import = get_object_or_404(visible, pk=import_id)
    return found


def open_accounts(household: Household) -> QuerySet[Account]:
    """The accounts that a file can belong to."""
    return household.accounts.filter(closed_on=None)


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
    accounts = {str(a.pk): a for a in Account.objects.filter(household_id=import_.household_id)}
    return [_plan(import_, accounts[key], mapped) for key, mapped in labels.items() if key in accounts]


def _plan(import_: Import, account: Account, labels: list[str]) -> Plan:
    sections = [s for file in import_.files for s in file["accounts"] if s["label"] in labels]
    listing = [section for section in sections if section["holds_positions"]]
    as_of = max(date.fromisoformat(section["as_of"]) for section in listing or sections)
    rows = import_.rows.filter(label__in=labels, taken=True).order_by("pk").values_list("kind", "values")
    bad = import_.rows.filter(label__in=labels, taken=False, kind=ImportRow.Kind.POSITION)
    rejected = {values.get("symbol", "") for values in bad.values_list("values", flat=True)}
    stored = Position.objects.filter(account=account).annotate(lot_count=Count("lots")).order_by("symbol")
    return make_plan(account, as_of, bool(listing), rows.iterator(), list(stored), rejected)
