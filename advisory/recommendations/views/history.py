"""The history of recommendations, as far as the reader may see it, and the same view as a file."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from advisory.recommendations import selectors
from advisory.recommendations.filters import HistoryFilter
from advisory.recommendations.tables import EXPORT_HEADER, HistoryTable, export_rows
from households.downloads import download, links
from households.models import SavedView
from households.saved_views import beginning

ROWS = 25


def _filtered(request: HttpRequest) -> HistoryFilter:
    rows = selectors.with_state(selectors.recommendations_visible_to(request.user))  # type: ignore[arg-type]
    return HistoryFilter(request.GET, queryset=rows, user=request.user)


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Recommendations, newest first, narrowed by the querystring."""
    if start := beginning(request, SavedView.Page.RECOMMENDATIONS):
        return start
    found = _filtered(request)
    table = HistoryTable(found.qs)
    RequestConfig(request, paginate={"per_page": ROWS}).configure(table)
    table.exports = links(reverse("recommendations:history_export", args=["csv"]), request.GET.urlencode())
    return render(request, "recommendations/history.html", {"filter": found, "table": table})


@require_GET
def history_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Exactly the rows of the view, in its order, all pages; recorded as an export."""
    table = HistoryTable(_filtered(request).qs)
    return download(request, kind, table, what="recommendations", header=EXPORT_HEADER, cells=export_rows)
