"""What advisors do: evaluate, present, decide."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from advisory.recommendations import selectors, services
from advisory.recommendations.forms import DecisionForm
from advisory.recommendations.models import Recommendation
from advisory.recommendations.page.context import recommendation_context
from advisory.recommendations.publishing import UNCHANGED
from advisory.recommendations.views.record import visible
from households.foundation.errors import DomainError
from households.models import Account


@require_POST
def evaluate(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Evaluate the account and present the answer: the advisor who asks is about to look at it."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=account_id)
    done = services.evaluate_account(by=request.user, account=account)  # type: ignore[arg-type]
    found = Recommendation.objects.get(pk=done.recommendation_id)
    services.present(by=request.user, recommendation=found)  # type: ignore[arg-type]
    if done.kind == UNCHANGED:
        messages.info(request, "Nothing that decides has changed: this recommendation stands confirmed.")
    elif done.flipped:
        messages.warning(request, f"The outcome has changed. {done.why}")
    return redirect("recommendations:recommendation", recommendation_id=found.pk)


@require_POST
def present(request: HttpRequest, recommendation_id: UUID) -> HttpResponse:
    """Seal what a bulk review found, because its advisor is looking at it now."""
    found = visible(request, recommendation_id)
    services.present(by=request.user, recommendation=found)  # type: ignore[arg-type]
    return redirect("recommendations:recommendation", recommendation_id=found.pk)


@require_POST
def decide(request: HttpRequest, recommendation_id: UUID) -> HttpResponse:
    """Record the decision, or show the page again with what is missing."""
    found = visible(request, recommendation_id)
    form = DecisionForm(request.POST, recommendation=found, by=request.user)  # type: ignore[arg-type]
    corrects = None
    if form.is_valid():
        if corrected := form.cleaned_data["corrects"]:
            corrects = get_object_or_404(selectors.decisions_of(found), pk=corrected)
        try:
            services.decide(by=request.user, recommendation=found, corrects=corrects, **form.arguments)  # type: ignore[arg-type]
        except DomainError as error:
            if error.status != 422:
                raise
            form.refuse(error)
        else:
            messages.success(request, "Your decision is recorded and goes to compliance for review.")
            return redirect("recommendations:recommendation", recommendation_id=found.pk)
    context = recommendation_context(request.user, found, form=form)  # type: ignore[arg-type]
    return render(request, "recommendations/recommendation.html", context, status=422)
