"""Search over households, accounts and recommendations: a page, and the same as the answer of the finder."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from advisory.recommendations.finding import LEAST, find

LONGEST = 100


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What fits, as a page; for htmx the list alone."""
    words = request.GET.get("q", "")[:LONGEST].replace("\x00", "")
    context = {"words": words, "found": find(request.user, words), "least": LEAST}  # type: ignore[arg-type]
    alone = getattr(request, "htmx", False)
    return render(request, "recommendations/" + ("search.html#results" if alone else "search.html"), context)
