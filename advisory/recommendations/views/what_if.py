"""What if: a record's facts moved, and what would follow. Nothing is stored by asking."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from advisory.recommendations.documents import explanation_of
from advisory.recommendations.models import Recommendation
from advisory.recommendations.scenarios import scenarios_of
from advisory.recommendations.views.record import visible
from advisory.recommendations.what_if.comparing import scenario_rows
from advisory.recommendations.what_if.panel import panel
from advisory.recommendations.what_if.working import steps_from_json
from households.foundation.errors import DomainError
from implementation.rules.facts import FactError

TEMPLATES = "recommendations/what_if"


@require_http_methods(["GET", "POST"])
def what_if(request: HttpRequest, recommendation_id: UUID) -> HttpResponse:
    """The panel with what was moved; for htmx the parts that change, without script a page of its own."""
    found = visible(request, recommendation_id)
    document = explanation_of(found)
    if request.method == "POST":
        shown = panel(found, document, data=request.POST)
        part = "panel" if "adding" in request.POST else "answer"
    else:
        shown, part = _opened(request, found, document), "panel"
    if not request.htmx:  # type: ignore[attr-defined]
        return what_if_page(request, found, shown)
    context = {"recommendation": found, "what_if": shown}
    response = render(request, f"{TEMPLATES}/{part}.html", context, status=shown["status"])
    if part == "answer" and shown["status"] != 200:
        response["HX-Reswap"] = "none"  # what stood there stands; the problem is said at its field
    return response


def what_if_page(
    request: HttpRequest, recommendation: Recommendation, shown: dict[str, Any], **more: Any
) -> HttpResponse:
    """The panel as a page of its own."""
    context = {
        "recommendation": recommendation,
        "account": recommendation.account,
        "household": recommendation.household,
        "what_if": shown,
        "form": shown.get("form"),
        "scenarios": scenario_rows(request.user, recommendation),  # type: ignore[arg-type]
        "on_its_own": True,
    }
    return render(
        request, f"{TEMPLATES}/page.html", context | more, status=more.get("status", shown["status"])
    )


def _opened(request: HttpRequest, found: Recommendation, document: dict[str, Any]) -> dict[str, Any]:
    """The panel as the record stands, or with the changes of a scenario."""
    if "scenario" not in request.GET:
        return panel(found, document)
    kept = scenarios_of(request.user, found)  # type: ignore[arg-type]
    scenario = get_object_or_404(kept, pk=_uuid(request.GET["scenario"]))
    try:
        return panel(found, document, steps=steps_from_json(scenario.changes)) | {"scenario": scenario}
    except FactError as error:
        raise DomainError(
            f"The scenario {scenario.name} does not go with this record any more.",
            value=error.value,
            remedy="Start again from the record.",
            status=409,
        ) from error


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
