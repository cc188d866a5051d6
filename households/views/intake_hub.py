"""The hub of an account's intake: its sections, with whom it is, and its yearly review."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from households.forms.handing import HandBackForm, HandOverForm
from households.foundation.errors import DomainError
from households.handing import last_answer, standing_of, unseen_by
from households.intake.aging import to_confirm
from households.intake.presenting import tasks
from households.intake.state import IntakeState
from households.models import Account, HandOver, Intake
from households.securities.presenting import symbol_questions
from households.selectors import account_for, intake_state
from households.services import begin_review, confirm_answers, hand_over
from households.views.intake import intake_context, meanwhile, whole


@require_GET
def intake(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """The six sections with where each stands."""
    return _hub(request, intake_state(account_for(request.user, account_id)))


def _hub(
    request: HttpRequest,
    state: IntakeState,
    *,
    form: HandOverForm | None = None,
    meanwhile: list[Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    known, total = state.known_count()
    listed = tasks(state)
    done = all(task["state"] == "completed" for task in listed)
    context = {
        **intake_context(request, state),
        "tasks": listed,
        "to_complete": done and state.intake.state != Intake.State.COMPLETE,
        "known": known,
        "total": total,
        "questions": symbol_questions(request.user, state.account),
        "last_years": len(to_confirm(state.intake, state.today)),
        "may_review": state.intake.state == Intake.State.COMPLETE and bool(state.intake.provenance),
        "meanwhile": meanwhile,
        **_handing(request, state, form),
    }
    return render(request, "households/intake/hub.html", context, status=status)


def _handing(request: HttpRequest, state: IntakeState, form: HandOverForm | None) -> dict[str, Any]:
    """With whom the intake is, and what this reader may do about it."""
    user, household = request.user, state.account.household
    standing = standing_of(state.account)
    if form is None:
        form = HandOverForm(household=household, by=user)  # type: ignore[arg-type]
    answer = None if standing else last_answer(state.account)
    return {
        "standing": standing,
        "answer": answer,
        "unseen": bool(answer) and answer in unseen_by(user),  # type: ignore[arg-type]
        "form": form if form.people else None,
        "back_form": HandBackForm() if standing and standing.receiver_id == user.pk else None,
        "may_take_back": bool(standing) and user.pk in _may_take_back(standing, household.advisor_id),
    }


def _may_take_back(standing: HandOver | None, advisor_id: UUID) -> set[UUID]:
    return {standing.giver_id, advisor_id} - {standing.receiver_id} if standing else set()


@require_POST
def intake_hand_over(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Give the intake to a person of the team, with a note of what is needed."""
    state = intake_state(account_for(request.user, account_id))
    form = HandOverForm(request.POST, household=state.account.household, by=request.user)  # type: ignore[arg-type]
    if not form.is_valid():
        return _hub(request, state, form=form, status=422)
    try:
        made = hand_over(by=request.user, account=state.account, **form.cleaned_data)  # type: ignore[arg-type]
    except DomainError as error:
        form.add_error(error.field if error.field in ("to", "note") else None, str(error))
        return _hub(request, state, form=form, status=error.status)
    messages.success(request, f"The intake is with {made.receiver} now. You can still change it yourself.")
    return redirect("households:intake", state.account.pk)


@require_POST
def intake_review(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Begin the yearly review: last year's answers stand until they are confirmed or changed."""

    def begin(account: Account, version: int) -> str:
        begin_review(by=request.user, account=account, version=version)  # type: ignore[arg-type]
        return "The yearly review has begun. Last year's answers stand until you confirm or change them."

    return _act(request, account_id, begin)


@require_POST
def intake_confirm(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Confirm all of last year's answers that are left."""

    def confirm(account: Account, version: int) -> str:
        count = confirm_answers(by=request.user, account=account, version=version)  # type: ignore[arg-type]
        return f"{count} answer{'' if count == 1 else 's'} confirmed as of today."

    return _act(request, account_id, confirm)


def _act(request: HttpRequest, account_id: UUID, act: Callable[[Account, int], str]) -> HttpResponse:
    """Do it on the version that was looked at, or show who changed what since and do nothing."""
    account = account_for(request.user, account_id)
    try:
        said = act(account, whole(request.POST.get("version", "")))
    except DomainError as error:
        if error.field != "version":
            raise
        state = intake_state(account)
        return _hub(request, state, meanwhile=meanwhile(request, state), status=409)
    messages.success(request, said)
    return redirect("households:intake", account.pk)
