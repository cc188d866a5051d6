"""The intake of one account: the hub, a section, and the check of all answers."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from households.facts.holdings import FUNDING_SHARES
from households.forms.intake import SectionForm
from households.foundation.errors import DomainError
from households.intake.contradictions import contradictions
from households.intake.conversation import TURN_BY_SLUG, TURNS
from households.intake.presenting import check_groups, tasks
from households.intake.questions import Section
from households.intake.sections import BY_SLUG, SECTIONS, after
from households.intake.state import IntakeState
from households.models import Intake
from households.models.facts import FACT_NAMES
from households.securities.presenting import symbol_questions
from households.selectors import account_for, changes_since, intake_state
from households.services import begin_review, complete_intake, confirm_answers, save_intake
from households.services.yearly import to_confirm
from households.timeline import change_words
from households.views.doors import doors

_FROM_SYMBOLS = (*FUNDING_SHARES, "largest_position_share")
"""Facts that kind and issuer of every holding settle."""


@require_GET
def intake(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """The six sections with where each stands."""
    state = intake_state(account_for(request.user, account_id))
    known, total = state.known_count()
    last_years = len(to_confirm(state.intake, state.today))
    context = {
        **_context(request, state),
        "tasks": tasks(state),
        "known": known,
        "total": total,
        "questions": symbol_questions(request.user, state.account),
        "last_years": last_years,
        "may_review": state.intake.state == Intake.State.COMPLETE and bool(state.intake.provenance),
    }
    return render(request, "households/intake/hub.html", context)


def _context(request: HttpRequest, state: IntakeState) -> dict[str, Any]:
    account = state.account
    flags = doors(request.user, open_=not account.closed_on)
    return {"account": account, "household": account.household, "state": state, **flags}


@require_http_methods(["GET", "POST"])
def intake_section(request: HttpRequest, account_id: UUID, section: str) -> HttpResponse:
    """One section: a form POST saves it whole or not at all, an htmx POST saves what is sound."""
    asked = BY_SLUG.get(section) or TURN_BY_SLUG.get(section)
    if asked is None:
        raise Http404
    state = intake_state(account_for(request.user, account_id))
    if request.method == "GET":
        return _section_page(request, state, SectionForm(asked, state))
    form = SectionForm(asked, state, request.POST)
    form.is_valid()
    if request.headers.get("HX-Request"):
        return _autosave(request, state, form)
    if form.errors:
        return _section_page(request, state, form, status=422)
    try:
        _save(request, form, form.changed_answers(), finished=asked.slug if asked in SECTIONS else "")
    except DomainError as error:
        if error.field != "version":
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return _section_page(request, state, form, status=error.status)
        return _section_page(request, state, form, status=409, conflict=_conflict(state, form))
    messages.success(request, f"“{asked.title}” was saved.")
    following = after(asked, _pages_of(asked))
    if "overview" in request.POST or (following is None and asked in TURNS):
        return redirect("households:intake", state.account.pk)
    if following is None:
        return redirect("households:intake_check", state.account.pk)
    return redirect("households:intake_section", state.account.pk, following.slug)


def _pages_of(section: Section) -> tuple[Section, ...]:
    """The pages that a page is one of: the sections, or the turns of the conversation."""
    return SECTIONS if section in SECTIONS else TURNS


def _save(request: HttpRequest, form: SectionForm, answers: dict[str, Any], finished: str = "") -> None:
    version = form.cleaned_data.get("version", 0)
    over = request.POST.get("save_over", "")
    save_intake(
        by=request.user,  # type: ignore[arg-type]
        account=form.state.account,
        answers=answers,
        version=_whole(over) or version,
        section=finished,
    )


def _whole(text: str) -> int:
    """A version as a page sends it back; 0, which no intake has, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _section_page(
    request: HttpRequest, state: IntakeState, form: SectionForm, status: int = 200, conflict: Any = None
) -> HttpResponse:
    pages = _pages_of(form.section)
    context = {
        **_context(request, state),
        "form": form,
        "was": form.data.get("was") or json.dumps(form.shown_values()),
        "section": form.section,
        "number": pages.index(form.section) + 1,
        "pages": len(pages),
        "talk": pages is TURNS,
        "following": after(form.section, pages),
        "tasks": tasks(state, brief=True, pages=pages),
        "blocks": form.blocks(),
        "questions": _symbol_questions(request, state, form.section.facts),
        "conflict": conflict,
        "last_years": [name for name in to_confirm(state.intake, state.today) if name in form.section.names],
    }
    return render(request, "households/intake/section.html", context, status=status)


def _symbol_questions(
    request: HttpRequest, state: IntakeState, facts: tuple[str, ...]
) -> list[dict[str, Any]]:
    """What the holdings ask, in the sections whose facts an unknown symbol hides."""
    hidden = state.has_positions and any(state.fact(name) is None for name in _FROM_SYMBOLS if name in facts)
    return symbol_questions(request.user, state.account) if hidden else []


@require_POST
def intake_review(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Begin the yearly review: last year's answers stand until they are confirmed or changed."""
    account = account_for(request.user, account_id)
    begin_review(by=request.user, account=account, version=_whole(request.POST.get("version", "")))  # type: ignore[arg-type]
    messages.success(
        request, "The yearly review has begun. Last year's answers stand until you confirm or change them."
    )
    return redirect("households:intake", account.pk)


@require_POST
def intake_confirm(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Confirm last year's answers: those of one section, or all that are left."""
    account, slug = account_for(request.user, account_id), request.POST.get("section", "")
    confirmed = confirm_answers(
        by=request.user,  # type: ignore[arg-type]
        account=account,
        version=_whole(request.POST.get("version", "")),
        names=BY_SLUG[slug].names if slug in BY_SLUG else (),
    )
    messages.success(request, f"{confirmed} answer{'' if confirmed == 1 else 's'} confirmed as of today.")
    if slug in BY_SLUG:
        return redirect("households:intake_section", account.pk, slug)
    return redirect("households:intake", account.pk)


def _autosave(request: HttpRequest, state: IntakeState, form: SectionForm) -> HttpResponse:
    """Store what is sound; answer with the badges, the errors and the new version, out of band."""
    conflict, status = None, 422 if form.errors else 200
    try:
        if answers := form.sound_answers():
            _save(request, form, answers)
    except DomainError as error:
        if error.field == "version":
            conflict, status = _conflict(state, form), 409
        else:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            status = error.status
    fresh = intake_state(account_for(request.user, state.account.pk))
    after_save = SectionForm(form.section, fresh)
    shown_before = {name for name in str(form.data.get("with_errors", "")).split(",") if name in form.asked}
    context = {
        **_context(request, fresh),
        "form": form,
        "section": form.section,
        "redrawn": [form[name] for name in form.asked if name in form.errors or name in shown_before],
        "badges": [(name, fresh.badge(name)) for name in form.asked if name in form.data],
        "version": form.data.get("version", "") if conflict else fresh.intake.version,
        "seen": form.data.get("seen", "") if conflict else timezone.now().isoformat(),
        "was": form.data.get("was", "") if conflict else json.dumps(after_save.shown_values()),
        "with_errors": ",".join(form.shown_errors()),
        "conflict": conflict,
        "tasks": tasks(fresh, brief=True, pages=_pages_of(form.section)),
        # An answer may turn another question into a worked-out fact; the page still holds the question.
        "read": [
            item
            for block in after_save.blocks()
            for item in (*block["held"], *block["worked_out"])
            if item["name"] not in form.data
        ],
    }
    return render(request, "households/intake/saved.html", context, status=status)


def _conflict(state: IntakeState, form: SectionForm) -> dict[str, Any]:
    """Who changed what since this page was opened, and the version that saving over it needs."""
    seen = parse_datetime(str(form.data.get("seen", ""))) if form.data.get("seen") else None
    since: datetime = seen if seen and timezone.is_aware(seen) else state.intake.updated_at
    changes = [change for change in changes_since(state.account, since) if change.field != "state"]
    return {
        "version": state.intake.version,
        "changes": [{"who": str(c.by), "when": c.at, "what": change_words(c)} for c in changes],
    }


@require_http_methods(["GET", "POST"])
def intake_check(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """All answers, what is still unknown, what cannot be true; POST says that the intake is complete."""
    state = intake_state(account_for(request.user, account_id))
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            complete_intake(
                by=request.user,  # type: ignore[arg-type]
                account=state.account,
                version=_whole(version),
            )
        except DomainError as error:
            messages.error(request, f"{error.problem} Check the answers once more.")
            return redirect("households:intake_check", state.account.pk)
        messages.success(request, "The intake is complete. You can evaluate the account now.")
        return redirect("households:account", state.account.pk)
    facts = {name: state.fact(name) for name in FACT_NAMES}
    known, total = state.known_count()
    context = {
        **_context(request, state),
        "groups": check_groups(state),
        "contradictions": contradictions(facts),
        "known": known,
        "total": total,
    }
    return render(request, "households/intake/check.html", context)
