"""Compliance's pages: the queue, one review, and what the advisor sees of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from advisory.recommendations.page.context import page_context
from advisory.recommendations.reasons import BY_CODE
from advisory.recommendations.selectors import recommendations_visible_to
from advisory.recommendations.words import CHOSEN_WORDS
from advisory.supervision import selectors, services
from advisory.supervision.filters import ActionForm, ReviewFilter
from advisory.supervision.models import Review
from advisory.supervision.states import OPEN, REVIEW
from advisory.supervision.tables import EXPORT_HEADER, ReviewTable, export_rows
from households.downloads import download, links
from households.foundation.errors import DomainError
from households.foundation.roles import Role
from households.models import SavedView
from households.saved_views import beginning

ROWS = 25
DONE = {
    "taken": "You have taken this review.",
    "approved": "Marked as reviewed.",
    "returned": "Returned to the advisor with your reason.",
    "rejected": "Rejected with your reason.",
    "escalated": "Escalated to the next person in line.",
}


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Decisions to look at, the most urgent first; what is still open unless the filter says otherwise."""
    if start := beginning(request, SavedView.Page.REVIEWS):
        return start
    found = _filtered(request)
    table = ReviewTable(found.qs)
    table.exports = links(reverse("supervision:queue_export", args=["csv"]), request.GET.urlencode())
    RequestConfig(request, paginate={"per_page": ROWS}).configure(table)
    return render(request, "supervision/queue.html", {"filter": found, "table": table})


def _filtered(request: HttpRequest) -> ReviewFilter:
    services.open_reviews()
    asked = request.GET if request.GET else {"state": "open"}
    return ReviewFilter(asked, queryset=selectors.reviews_visible_to(request.user))


@require_GET
def queue_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Exactly the rows of the view, in its order, all pages; recorded as an export."""
    table = ReviewTable(_filtered(request).qs)
    return download(request, kind, table, what="reviews", header=EXPORT_HEADER, cells=export_rows)


def _review_context(request: HttpRequest, review: Review, form: ActionForm) -> dict[str, Any]:
    """The recommendation's page as recorded, and around it what compliance needs."""
    decision = review.decision
    before, after = selectors.neighbours(review, request.user)
    return page_context(request.user, review.recommendation) | {
        "review": review,
        "decision": decision,
        "chosen": CHOSEN_WORDS[decision.chosen],
        "reasons": [BY_CODE[code].label if code in BY_CODE else code for code in decision.reason_codes],
        "risks": selectors.risks_of(decision) if review.risk == selectors.HIGH else [],
        "events": [_event_row(event) for event in reversed(selectors.events_of(review))],
        "before": before,
        "after": after,
        "form": form,
        "may_act": request.user.role == Role.COMPLIANCE and review.state in OPEN,
        "own": decision.by_id == request.user.pk,
        "outdated": decision.corrections.exists(),
        "may": {event: REVIEW.allows(review.state, event) for event in DONE},
    }


def _event_row(event: Any) -> dict[str, Any]:
    tones = {"approved": "ok", "returned": "warn", "rejected": "bad", "escalated": "warn"}
    return {
        "title": event.get_kind_display(),
        "when": event.recorded_at,
        "who": event.by_name,
        "text": event.reason,
        "tone": tones.get(event.kind, "plain"),
    }


def _visible(request: HttpRequest, review_id: Any) -> Review:
    return get_object_or_404(selectors.reviews_visible_to(request.user), pk=review_id)


@require_GET
def review(request: HttpRequest, review_id: Any) -> HttpResponse:
    """One decision as it was recorded, what changed since the one before, and what came of the review."""
    return render(
        request,
        "supervision/review.html",
        _review_context(request, _visible(request, review_id), ActionForm()),
    )


@require_POST
def review_act(request: HttpRequest, review_id: Any) -> HttpResponse:
    """Take, approve, return, reject or escalate; then on to the next one in the queue."""
    found = _visible(request, review_id)
    form = ActionForm(request.POST)
    _, after = selectors.neighbours(found, request.user)
    if form.is_valid():
        action = form.cleaned_data["action"]
        try:
            services.act(by=request.user, review=found, action=action, reason=form.cleaned_data["reason"])
        except DomainError as error:
            if error.status != 422:
                raise
            form.add_error("reason", str(error))
        else:
            messages.success(request, DONE[action])
            stays = action == "taken" or after is None
            return redirect("supervision:review", review_id=found.pk if stays else after.pk)
    return render(request, "supervision/review.html", _review_context(request, found, form), status=422)


@require_GET
def decision_reviews(request: HttpRequest, recommendation_id: Any) -> HttpResponse:
    """Fragment for the recommendation's page: what compliance said about its decisions."""
    recommendation = get_object_or_404(recommendations_visible_to(request.user), pk=recommendation_id)
    found = selectors.reviews_visible_to(request.user).filter(recommendation=recommendation)
    rows = [(item, [_event_row(event) for event in selectors.events_of(item)]) for item in found]
    return render(request, "supervision/decision_reviews.html", {"reviews": rows})
