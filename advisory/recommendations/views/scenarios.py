"""Scenarios: kept, renamed, taken off, compared with the record."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from advisory.recommendations import scenarios
from advisory.recommendations.documents import explanation_of
from advisory.recommendations.models import Recommendation, Scenario
from advisory.recommendations.page.context import recommendation_context
from advisory.recommendations.views.record import visible
from advisory.recommendations.views.what_if import what_if_page
from advisory.recommendations.what_if.comparing import comparison
from advisory.recommendations.what_if.panel import panel
from households.foundation.errors import DomainError


@require_POST
def save(request: HttpRequest, recommendation_id: UUID) -> HttpResponse:
    """Keep what the panel shows under a name; what is refused is said beside the name or at its field."""
    found = visible(request, recommendation_id)
    shown = panel(found, explanation_of(found), data=request.POST)
    if shown["status"] != 200:
        return what_if_page(request, found, shown)
    try:
        kept = scenarios.save_scenario(
            by=request.user,  # type: ignore[arg-type]
            recommendation=found,
            name=request.POST.get("name", ""),
            steps=shown["worked"].steps,
        )
    except DomainError as error:
        typed = {"name_error": error, "name_typed": request.POST.get("name", "")}
        return what_if_page(request, found, shown | typed, status=error.status)
    messages.success(request, f"Scenario {kept.name} is kept. The record is as it was.")
    return _back(found)


@require_POST
def rename(request: HttpRequest, scenario_id: UUID) -> HttpResponse:
    """Another name for one's own scenario."""
    scenario = _visible(request, scenario_id)
    name = request.POST.get("name", "")
    try:
        scenarios.rename_scenario(by=request.user, scenario=scenario, name=name)  # type: ignore[arg-type]
    except DomainError as error:
        if error.status != 422:
            raise
        context = recommendation_context(request.user, visible(request, scenario.recommendation_id))  # type: ignore[arg-type]
        context["renaming"] = {"id": scenario.pk, "error": error, "typed": name}
        return render(request, "recommendations/recommendation.html", context, status=422)
    messages.success(request, f"The scenario is named {scenario.name}.")
    return _back(scenario.recommendation)


@require_POST
def delete(request: HttpRequest, scenario_id: UUID) -> HttpResponse:
    """Take one's own scenario off the page."""
    scenario = _visible(request, scenario_id)
    scenarios.delete_scenario(by=request.user, scenario=scenario)  # type: ignore[arg-type]
    messages.success(request, f"Scenario {scenario.name} is deleted.")
    return _back(scenario.recommendation)


@require_GET
def compare(request: HttpRequest, recommendation_id: UUID) -> HttpResponse:
    """Up to three scenarios beside the record; without any, the page says how to choose."""
    found = visible(request, recommendation_id)
    context: dict[str, Any] = {
        "recommendation": found, "account": found.account, "household": found.household
    }  # fmt: skip
    asked = _ids(request.GET.getlist("scenario"))
    try:
        if asked:
            chosen = scenarios.chosen(request.user, found, asked)  # type: ignore[arg-type]
            context["comparison"] = comparison(found, explanation_of(found), chosen)
    except DomainError as error:
        return render(
            request, "recommendations/compare.html", context | {"error": error}, status=error.status
        )
    return render(request, "recommendations/compare.html", context)


def _visible(request: HttpRequest, scenario_id: UUID) -> Scenario:
    """The scenario, or 404 for a stranger."""
    kept = Scenario.objects.visible_to(request.user).filter(deleted_at=None)
    return get_object_or_404(kept.select_related("recommendation"), pk=scenario_id)


def _ids(given: list[str]) -> list[UUID]:
    found = []
    for text in given:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _back(recommendation: Recommendation) -> HttpResponse:
    return redirect(f"{reverse('recommendations:recommendation', args=[recommendation.pk])}#scenarios")
