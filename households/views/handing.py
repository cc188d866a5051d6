"""What is with this user, what the user gave to others, and ending either."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from households import handing, services
from households.forms.handing import HandBackForm
from households.foundation.errors import DomainError
from households.views.book import book_tabs


@require_GET
def with_you(request: HttpRequest) -> HttpResponse:
    """Intakes handed to this user, handed back to this user, and given by this user."""
    user = request.user
    unseen = handing.unseen_by(user)  # type: ignore[arg-type]
    context = {
        "with_you": handing.with_user(user),  # type: ignore[arg-type]
        "given": handing.given_by(user),  # type: ignore[arg-type]
        "unseen": unseen,
        "seen": handing.seen_by(user, unseen),  # type: ignore[arg-type]
        "views": book_tabs(request),
    }
    return render(request, "households/with_you.html", context)


@require_POST
def hand_back(request: HttpRequest, hand_over_id: UUID) -> HttpResponse:
    """The receiver is done, with a note of what was done or is missing."""
    found = handing.hand_over_for(request.user, hand_over_id)  # type: ignore[arg-type]
    form = HandBackForm(request.POST)
    if not form.is_valid():
        raise DomainError(
            "The note is too long.",
            remedy="Go back and say it in fewer words; the rest goes into the answers.",
        )
    services.hand_back(by=request.user, hand_over=found, note=form.cleaned_data["note"])  # type: ignore[arg-type]
    messages.success(request, f"The intake is back with {found.giver}.")
    return redirect("households:with_you")


@require_POST
def see_back(request: HttpRequest, hand_over_id: UUID) -> HttpResponse:
    """The giver has seen what was handed back."""
    found = handing.hand_over_for(request.user, hand_over_id)  # type: ignore[arg-type]
    services.see_back(by=request.user, hand_over=found)  # type: ignore[arg-type]
    return redirect("households:with_you")


@require_POST
def take_back(request: HttpRequest, hand_over_id: UUID) -> HttpResponse:
    """The giver, or the household's advisor, takes the intake back."""
    found = handing.hand_over_for(request.user, hand_over_id)  # type: ignore[arg-type]
    services.take_back(by=request.user, hand_over=found)  # type: ignore[arg-type]
    messages.success(request, f"You took the intake back from {found.receiver}.")
    return redirect("households:intake", found.account_id)
