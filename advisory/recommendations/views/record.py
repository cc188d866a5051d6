"""One recommendation as it was recorded: its page, its document, its replay."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from advisory.recommendations import selectors, services
from advisory.recommendations.models import Recommendation
from advisory.recommendations.page.context import recommendation_context
from advisory.recommendations.replays import MATCH, MISMATCH
from advisory.recommendations.replays import replay as replayed
from households.models import ExportRecord


def visible(request: HttpRequest, recommendation_id: UUID) -> Recommendation:
    """The recommendation, or 404 for a stranger."""
    rows = selectors.recommendations_visible_to(request.user)  # type: ignore[arg-type]
    return get_object_or_404(rows, pk=recommendation_id)


@require_GET
def recommendation(request: HttpRequest, recommendation_id: UUID) -> HttpResponse:
    """Everything about one recommendation, from what was recorded and never from live data."""
    found = visible(request, recommendation_id)
    return render(request, "recommendations/recommendation.html", recommendation_context(request.user, found))  # type: ignore[arg-type]


@require_GET
def document(request: HttpRequest, recommendation_id: UUID) -> HttpResponse:
    """The sealed canonical document; sealed now, for export, where nobody has looked at it yet."""
    found = visible(request, recommendation_id)
    sealed = services.seal_for_export(by=request.user, recommendation=found)  # type: ignore[arg-type]
    ExportRecord.objects.create(by=request.user, what="recommendation document", filter=str(found.pk), rows=1)
    response = HttpResponse(sealed.document, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="recommendation-{found.pk}.json"'
    response["X-Content-SHA256"] = sealed.content_sha256
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def replay(request: HttpRequest, recommendation_id: UUID) -> HttpResponse:
    """Recompute it from its own snapshot and say what came of it."""
    found = visible(request, recommendation_id)
    result = replayed(found)
    if result.verdict == MATCH:
        messages.success(request, "Match: computed again from its own facts and rules, every value agrees.")
    elif result.verdict == MISMATCH:
        named = ", ".join(item.column.replace("_", " ") for item in result.differing)
        messages.error(request, f"Mismatch: computed again, these come out otherwise: {named}.")
    else:
        messages.warning(request, f"Not replayable: {result.reason}.")
    return redirect("recommendations:recommendation", recommendation_id=found.pk)
