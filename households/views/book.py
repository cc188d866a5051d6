"""The book: every household this user may see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from households.filters import BookFilter
from households.selectors import households_for, may_edit
from households.tables import BookTable

PAGE = 25


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
        "may_edit": may_edit(request.user),
        "empty_book": not table.paginator.count and not narrowed,
    }
    return render(request, "households/book.html", context)
