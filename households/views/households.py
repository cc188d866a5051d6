"""One household: its page, and the forms for it, its people and its returns."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from households import services
from households.facts import fresh_facts
from households.forms.records import HouseholdForm, PersonForm, TaxUnitForm
from households.foundation import formats
from households.handing import standing_among
from households.imports.listing import listed
from households.intake.codes import code_word
from households.models import Account, Household, Import, Intake, Person
from households.picture import household_chart, remarks
from households.selectors import (
    accounts_of,
    changed_by_imports,
    household_for,
    people_of,
    person_for,
    recent_changes,
    tax_unit_for,
)
from households.timeline import events
from households.views.doors import doors
from households.views.editing import edited

EVENTS = 12
_RANK = {relation: rank for rank, relation in enumerate(Person.Relation.values)}


@require_GET
def household(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """Status, accounts, people, returns and what changed."""
    found = household_for(request.user, household_id)
    fresh_facts([found.pk])
    accounts = list(accounts_of(found))
    closed = list(accounts_of(found, closed=True))
    handed = standing_among(account.pk for account in accounts)
    names = {str(account.pk): account.name for account in [*accounts, *closed]}
    people, units = list(people_of(found)), list(found.tax_units.all())
    context = {
        "household": found,
        "accounts": [{**_listed(account), "handed": handed.get(account.pk)} for account in accounts],
        "closed": closed,
        "people": sorted(people, key=lambda person: _RANK[person.relation]),
        "tax_units": units,
        "picture": household_chart(accounts, people, units),
        "remarks": remarks(accounts, people, units),
        "stats": _stats(found, accounts),
        "waiting": listed(found.imports.filter(state=Import.State.STAGED)),
        "events": _events(found, names),
        "imports": found.imports.exists(),
        **doors(request.user),
    }
    return render(request, "households/household.html", context)


def _events(found: Household, names: dict[str, str]) -> list[dict[str, Any]]:
    changes = recent_changes(found)
    counts = changed_by_imports(found, {change.source for change in changes})
    return events(changes, names, counts)[:EVENTS]


def _listed(account: Account) -> dict[str, Any]:
    """An account as the table shows it."""
    return {
        "account": account,
        "registration": code_word("registration", account.registration),
        "custodian": code_word("custodian", account.custodian),
        "structure": code_word("current_structure", account.current_structure),
        "unit": account.tax_unit if _facts(account, "tax_status") in (None, "taxable") else None,
        "complete": _is_complete(account),
    }


def _is_complete(account: Account) -> bool:
    intake = getattr(account, "intake", None)
    return intake is not None and intake.state == Intake.State.COMPLETE


def _facts(account: Account, name: str) -> Any:
    facts = getattr(account, "facts", None)
    return getattr(facts, name, None)


def _stats(found: Household, accounts: list[Account]) -> list[dict[str, Any]]:
    values = [_facts(account, "account_value") for account in accounts]
    statuses = [_facts(account, "tax_status") for account in accounts]
    taxable = [value for value, status in zip(values, statuses, strict=True) if status == "taxable"]
    unknown = sum(value is None for value in values)
    complete = sum(_is_complete(account) for account in accounts)
    due = found.review_due
    late = bool(due and due <= timezone.localdate())
    without = "" if accounts else "No accounts yet"
    return [
        {
            "label": "Value",
            "value": _total(values) if accounts else formats.UNKNOWN,
            "note": f"{unknown} of unknown value" if unknown else without,
            "tone": "warn" if unknown else "",
        },
        {
            "label": "Taxable",
            "value": _total(taxable, more=None in statuses) if accounts else formats.UNKNOWN,
            "note": without or f"{len(taxable)} of {len(accounts)} accounts",
        },
        {
            "label": "Intakes complete",
            "value": f"{complete} of {len(accounts)}" if accounts else formats.UNKNOWN,
            "tone": "" if complete == len(accounts) else "warn",
        },
        {
            "label": "Review due",
            "value": formats.day(due) if due else "Not set",
            "note": "Due now" if late else "",
            "tone": "warn" if late else "",
        },
        {"label": "Advisor", "value": str(found.advisor)},
    ]


def _total(values: list[int | None], *, more: bool = False) -> str:
    """A sum that says where something is missing from it; nothing at all makes zero.

    Args:
        more: there may be others, besides these.
    """
    known = [value for value in values if value is not None]
    more = more or len(known) < len(values)
    if more and not known:
        return formats.UNKNOWN
    return formats.money(sum(known), 0) + (" and more" if more else "")


@require_http_methods(["GET", "POST"])
def household_create(request: HttpRequest) -> HttpResponse:
    """A new household."""
    form = HouseholdForm(request.POST or None, by=request.user)  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        made = services.create_household(by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, f"{made.name} was added. Add its people, returns and accounts next.")
        return redirect("households:household", made.pk)
    texts = {"title": "Add a household", "action": "Add household", "cancel": reverse("households:book")}
    return _form_page(request, form, None, texts)


@require_http_methods(["GET", "POST"])
def household_edit(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """Change a household's own data."""
    found = household_for(request.user, household_id)
    form, saved = edited(
        request,
        found,
        found.pk,
        lambda sent: HouseholdForm(sent, by=request.user, record=found),  # type: ignore[arg-type]
        lambda form: services.update_household(by=request.user, household=found, **form.changes()),  # type: ignore[arg-type]
    )
    if saved:
        messages.success(request, "The household was saved.")
        return redirect("households:household", found.pk)
    return _form_page(request, form, found, {"title": "Edit household", "action": "Save"})


@require_http_methods(["GET", "POST"])
def person_create(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """A new member of the household."""
    found = household_for(request.user, household_id)
    form = PersonForm(request.POST or None, household=found)
    if request.method == "POST" and form.is_valid():
        person = services.create_person(by=request.user, household=found, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, f"{person.name} was added.")
        return redirect("households:household", found.pk)
    return _form_page(request, form, found, {"title": "Add a person", "action": "Add person"})


@require_http_methods(["GET", "POST"])
def person_edit(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Change a person."""
    person = person_for(request.user, person_id)
    form, saved = edited(
        request,
        person,
        person.household_id,
        lambda sent: PersonForm(sent, household=person.household, record=person),
        lambda form: services.update_person(by=request.user, person=person, **form.changes()),  # type: ignore[arg-type]
    )
    if saved:
        messages.success(request, f"{person.name} was saved.")
        return redirect("households:household", person.household_id)
    return _form_page(request, form, person.household, {"title": f"Edit {person.name}", "action": "Save"})


_UNIT_LEAD = "Gains and losses offset each other on one return. Leave empty what is not known yet."


@require_http_methods(["GET", "POST"])
def tax_unit_create(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """A new return."""
    found = household_for(request.user, household_id)
    form = TaxUnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        unit = services.create_tax_unit(by=request.user, household=found, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, f"{unit.name} was added. Choose it in the intake of each account it taxes.")
        return redirect("households:household", found.pk)
    texts = {"title": "Add a tax return", "action": "Add return", "lead": _UNIT_LEAD}
    return _form_page(request, form, found, texts)


@require_http_methods(["GET", "POST"])
def tax_unit_edit(request: HttpRequest, tax_unit_id: UUID) -> HttpResponse:
    """Change a return, for all its accounts."""
    unit = tax_unit_for(request.user, tax_unit_id)
    form, saved = edited(
        request,
        unit,
        unit.household_id,
        lambda sent: TaxUnitForm(sent, record=unit),
        lambda form: services.update_tax_unit(by=request.user, tax_unit=unit, **form.changes()),  # type: ignore[arg-type]
    )
    if saved:
        messages.success(request, f"{unit.name} was saved for all its accounts.")
        return redirect("households:household", unit.household_id)
    texts = {"title": f"Edit {unit.name}", "action": "Save", "lead": _UNIT_LEAD}
    return _form_page(request, form, unit.household, texts)


def _form_page(
    request: HttpRequest, form: Any, found: Household | None, texts: dict[str, str]
) -> HttpResponse:
    cancel = texts.get("cancel") or reverse("households:household", args=[found.pk if found else None])
    context = {"form": form, "household": found, **texts, "cancel": cancel}
    return render(request, "households/record_form.html", context, status=form.status)
