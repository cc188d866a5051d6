"""The security master: the list, one row, a file into it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods
from django_tables2 import RequestConfig

from households.foundation.access import may
from households.foundation.errors import DomainError
from households.foundation.exports import csv_response
from households.models import ExportRecord, SecurityChange
from households.securities import proposing, selectors
from households.securities.columns import COLUMNS
from households.securities.filters import SecurityFilter
from households.securities.forms import LoadForm, SecurityForm
from households.securities.loading import add_security, change_security, load_securities, version_of
from households.securities.matching import known_as
from households.securities.reading import FileFaulty
from households.securities.tables import SecurityTable
from households.views.loading import loaded_from

PAGE = 50
Saved = TypeVar("Saved")


def page_context(request: HttpRequest, here: str) -> dict[str, Any]:
    """The tabs this user may open, and whether the master is theirs to change."""
    role = request.user.role  # type: ignore[union-attr]
    tabs = [
        {"label": label, "url": reverse(name), "active": name == here}
        for label, name in (
            ("All securities", "securities:master"),
            ("Unknown symbols", "securities:unknown"),
            ("What strategies buy", "securities:universes"),
            ("Proposals", "securities:proposals"),
        )
        if may(role, name, "GET")
    ]
    if len(tabs) < 2:
        tabs = []
    if tabs and may(role, "securities:proposals", "GET"):
        tabs[-1]["count"] = selectors.proposals().count()
    return {"tabs": tabs, "owner": may(role, "securities:add", "GET")}


@require_GET
def master(request: HttpRequest) -> HttpResponse:
    """Search, filter, sort and page through the master."""
    found = SecurityFilter(request.GET, queryset=selectors.securities())
    table = SecurityTable(found.qs)
    table.exports = [("CSV", f"{reverse('securities:export')}?{request.GET.urlencode()}")]
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    context = {
        **page_context(request, "securities:master"),
        "table": table,
        "filter": found,
        "sample_title": _sample_title(selectors.sample_rows()),
        "empty": not table.paginator.count and not selectors.securities().exists(),
    }
    return render(request, "households/securities/master.html", context)


def _sample_title(rows: int) -> str:
    return "" if not rows else "1 row is a sample" if rows == 1 else f"{rows:,} rows are a sample"


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """The filtered master in the columns it is loaded by."""
    rows = SecurityFilter(request.GET, queryset=selectors.securities()).qs
    record_export(request, "securities", rows.count())
    values = rows.order_by("key").values_list(*COLUMNS).iterator()
    return csv_response("securities.csv", COLUMNS, values)


def record_export(request: HttpRequest, what: str, rows: int) -> None:
    """Note who took how many rows of what."""
    ExportRecord.objects.create(
        by=request.user,  # type: ignore[misc]
        what=what,
        filter=request.GET.urlencode(),
        rows=rows,
    )


def _moment(text: str) -> datetime | None:
    """A version as a page sends it back; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if timezone.is_aware(found) else None


@require_http_methods(["GET", "POST"])
def security(request: HttpRequest, security_id: UUID) -> HttpResponse:
    """One row with its history; its owners change it here."""
    found = selectors.security_for(security_id)
    data = request.POST.copy()
    if over := data.get("save_over"):  # what that state says was read in the notice
        data["version"] = over
    form = SecurityForm(data or None, security=found)
    status, conflict, version = 200, None, data.get("version", "")
    if request.method == "POST":
        status, changed, error = _saved(
            form,
            lambda: change_security(by=request.user, security=found, values=form.values, version=version),  # type: ignore[arg-type]
        )
        if status == 200:
            told = (
                "was saved; facts that rest on it follow"
                if changed
                else "says so already; nothing was changed"
            )
            messages.success(request, f"{found.symbol} {told}.")
            return redirect("securities:security", found.pk)
        if error and error.field == "version":
            found.refresh_from_db()
            changes = [_event(change) for change in selectors.history_of(found, since=_moment(version))]
            conflict = {"version": version_of(found), "changes": changes}
    context = {
        **page_context(request, ""),
        "security": found,
        "form": form,
        "conflict": conflict,
        "history": [_event(change) for change in selectors.history_of(found)],
    }
    return render(request, "households/securities/security.html", context, status=status)


def _event(change: SecurityChange) -> dict[str, Any]:
    added = change.field == "added"
    return {
        "title": "Added" if added else SecurityForm.base_fields[change.field].label,
        "when": change.at,
        "who": str(change.by),
        "text": change.new if added else f"{change.old or 'not known'} → {change.new or 'not known'}",
        "icon": "plus-lg" if added else "pencil",
        "tone": "plain",
    }


def _saved(form: SecurityForm, save: Callable[[], Saved]) -> tuple[int, Saved | None, DomainError | None]:
    """Store a sound form: the status, and what was saved or why it was not; problems noted on the form."""
    if not form.is_valid():
        return 422, None, None
    try:
        return 200, save(), None
    except FileFaulty as refused:
        for problem in refused.problems:
            form.add_error(problem.field, f"{problem.problem} {problem.remedy}")
        return 422, None, refused
    except DomainError as error:
        if error.field != "version":
            form.add_error(error.field or None, str(error))
        return error.status, None, error


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new row; of a symbol that is there already, its page."""
    symbol = request.GET.get("symbol", "")[:32]
    form = SecurityForm(request.POST or None, initial=proposing.cells_of({"symbol": symbol}))
    status, there = 200, None
    if request.method == "POST":
        status, made, error = _saved(form, lambda: add_security(by=request.user, values=form.values))  # type: ignore[arg-type]
        if made:
            messages.success(
                request, f"{made} is in the list of securities; facts that waited for it follow."
            )
            return redirect("securities:unknown" if _may_unknown(request) and symbol else "securities:master")
        there = getattr(error, "security", None)
    elif there := known_as(symbol):
        return redirect("securities:security", there.pk)
    context = {**page_context(request, ""), "form": form, "there": there}
    return render(request, "households/securities/add.html", context, status=status)


def _may_unknown(request: HttpRequest) -> bool:
    return may(request.user.role, "securities:unknown", "GET")  # type: ignore[union-attr]


@require_http_methods(["GET", "POST"])
def load(request: HttpRequest) -> HttpResponse:
    """A CSV: checked only, or stored whole; every problem with its line."""
    form = LoadForm(request.POST or None, request.FILES or None)
    status, found = loaded_from(request, form, load_securities)
    context = {
        **page_context(request, ""),
        "form": form,
        "columns": ",".join(COLUMNS),
        **found,
    }
    return render(request, "households/securities/load.html", context, status=status)
