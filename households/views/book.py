"""The book: every household this user may see."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from households.downloads import download, links
from households.filters import BookFilter
from households.foundation.access import may
from households.foundation.roles import Role
from households.handing import unseen_by, with_user
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
    Role.ASSISTANT: "The clients of your team.",
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
        "views": book_tabs(request),
        "whose": _WHOSE.get(Role(request.user.role), "Every client of the firm, to read."),  # type: ignore[union-attr]
        "empty_book": not table.paginator.count and not narrowed,
        **doors(request.user),
    }
    return render(request, "households/book.html", context)


@require_GET
def book_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Exactly the rows of the view, in its order, all pages; recorded as an export."""
    table = BookTable(_filtered(request).qs)
    return download(request, kind, table, what="households", header=EXPORT_HEADER, cells=export_rows)


def _filtered(request: HttpRequest) -> BookFilter:
    return BookFilter(request.GET, queryset=households_for(request.user), user=request.user)


def book_tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """Ready-made views as tabs, and what is with a member of a team; the one that is this page is active."""
    book, with_you = reverse("households:book"), reverse("households:with_you")
    chosen = request.GET.copy()
    chosen.pop("sort", None)
    here = kept_query(chosen.urlencode())
    tabs: list[dict[str, Any]] = [
        {
            "label": label,
            "url": f"{book}?{query}",
            "active": request.path == book and kept_query(query) == here,
        }
        for label, query in VIEWS
    ]
    user = request.user
    if may(user.role, "households:with_you", "GET") and user.team_id:  # type: ignore[union-attr]
        count = with_user(user).count() + len(unseen_by(user)) or ""  # type: ignore[arg-type]
        tabs.append(
            {"label": "With you", "url": with_you, "active": request.path == with_you, "count": count}
        )
    return tabs
