"""The book: every household this user may see."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from households.filters import BookFilter
from households.foundation.roles import Role
from households.selectors import households_for
from households.tables import BookTable
from households.views.doors import doors

PAGE = 25
VIEWS = (
    # label, query string
    ("All households", ""),
    ("Review due", "review=due"),
    ("Intake open", "intake=open"),
    ("Never evaluated", "evaluation=missing"),
)
_WHOSE = {
    Role.ADVISOR: "Your clients, and those of your team.",
    Role.SUPERVISOR: "The clients of your office, to read.",
    Role.EXAMINER: "The clients in the scope of your examination, to read.",
}


@require_GET
def book(request: HttpRequest) -> HttpResponse:
    """Search, filter, sort and page through households."""
    households = households_for(request.user)
    filterset = BookFilter(request.GET, queryset=households, user=request.user)
    table = BookTable(filterset.qs, show_advisor="advisor" in filterset.filters)
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    narrowed = any(value not in (None, "", []) for value in filterset.form.cleaned_data.values())
    context = {
        "table": table,
        "filter": filterset,
        "views": _views(request),
        "whose": _WHOSE.get(Role(request.user.role), "Every client of the firm, to read."),  # type: ignore[union-attr]
        "empty_book": not table.paginator.count and not narrowed,
        **doors(request.user),
    }
    return render(request, "households/book.html", context)


def _views(request: HttpRequest) -> list[dict[str, Any]]:
    """Ready-made views as tabs; the one whose filters are set, and no others, is this page."""
    book = reverse("households:book")
    chosen = request.GET.copy()
    for name in ("sort", "page"):
        chosen.pop(name, None)
    here = "&".join(f"{name}={value}" for name, value in chosen.items() if value)
    return [{"label": label, "url": f"{book}?{query}", "active": query == here} for label, query in VIEWS]
