"""The book: every household this user may see."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from households.downloads import download, links
from households.filters import BookFilter
from households.foundation.roles import Role
from households.models import SavedView
from households.saved_views import EVERYTHING, beginning, kept_query
from households.selectors import households_for
from households.tables import EXPORT_HEADER, BookTable, export_rows
from households.views.doors import doors

PAGE = 25
VIEWS = (
    # label, query string
    ("All households", f"{EVERYTHING}=all"),
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
    if start := beginning(request, SavedView.Page.BOOK):
        return start
    filterset = _filtered(request)
    table = BookTable(filterset.qs, show_advisor="advisor" in filterset.filters)
    table.exports = links(reverse("households:book_export", args=["csv"]), request.GET.urlencode())
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


@require_GET
def book_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Exactly the rows of the view, in its order, all pages; recorded as an export."""
    table = BookTable(_filtered(request).qs)
    RequestConfig(request, paginate=False).configure(table)
    rows = table.data.data
    return download(
        request, kind, what="households", header=EXPORT_HEADER, rows=export_rows(rows), count=rows.count()
    )


def _filtered(request: HttpRequest) -> BookFilter:
    return BookFilter(request.GET, queryset=households_for(request.user), user=request.user)


def _views(request: HttpRequest) -> list[dict[str, Any]]:
    """Ready-made views as tabs; the one whose filters are set, and no others, is this page."""
    book = reverse("households:book")
    chosen = request.GET.copy()
    chosen.pop("sort", None)
    here = kept_query(chosen.urlencode())
    return [
        {"label": label, "url": f"{book}?{query}", "active": kept_query(query) == here}
        for label, query in VIEWS
    ]
