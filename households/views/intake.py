"""A section of an account's intake, and the check of all answers."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods

from households.facts.holdings import FUNDING_SHARES
from households.forms.intake import SectionForm
from households.forms.merging import clashes, news, was_after, with_choices
from households.foundation.errors import DomainError
from households.intake.aging import to_confirm
from households.intake.contradictions import contradictions
from households.intake.conversation import TURN_BY_SLUG, TURNS
from households.intake.presenting import check_groups, tasks
from households.intake.questions import Section
from households.intake.sections import BY_SLUG, SECTIONS, after
from households.intake.state import IntakeState
from households.models import Account
from households.models.facts import FACT_NAMES
from households.securities.presenting import symbol_questions
from households.selectors import account_for, changes_since, intake_state
from households.services import complete_intake, confirm_answers, save_intake
from households.services.recording import held
from households.timeline import NO_ANSWERS, change_words
from households.views.doors import doors

_FROM_SYMBOLS = (*FUNDING_SHARES, "largest_position_share")
"""Facts that kind and issuer of every holding settle."""


def intake_context(request: HttpRequest, state: IntakeState) -> dict[str, Any]:
    """What every page of an intake needs."""
    account = state.account
    flags = doors(request.user, open_=not account.closed_on)
    opened = timezone.now().isoformat()
    return {"account": account, "household": account.household, "state": state, "opened": opened, **flags}


def whole(text: str) -> int:
    """A version as a page sends it back; 0, which no intake has, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def meanwhile(request: HttpRequest, state: IntakeState) -> list[dict[str, Any]]:
    """Who changed what since the page that was sent had been opened."""
    seen = parse_datetime(request.POST.get("opened", "")[:40]) if request.POST.get("opened") else None
    since = seen if seen and timezone.is_aware(seen) else state.intake.updated_at
    changes = [change for change in changes_since(state.account, since) if change.field not in NO_ANSWERS]
    return [{"who": str(c.by), "when": c.at, "what": change_words(c)} for c in changes]


# --- a section ---


@dataclass
class Attempt:
    """What came of saving a page: its form against what is stored now, and what of it was saved."""

    form: SectionForm
    stored: set[str] = field(default_factory=set)
    refused: int = 0

    @property
    def status(self) -> int:
        """The HTTP status that tells of it."""
        if self.refused or self.form.overtaken():
            return self.refused or 409
        return 422 if self.form.errors else 200


@require_http_methods(["GET", "POST"])
def intake_section(request: HttpRequest, account_id: UUID, section: str) -> HttpResponse:
    """One section: a form POST saves it whole or not at all, an htmx POST saves what is sound."""
    asked = BY_SLUG.get(section) or TURN_BY_SLUG.get(section)
    if asked is None:
        raise Http404
    account = account_for(request.user, account_id)
    if request.method == "GET":
        return _section_page(request, SectionForm(asked, intake_state(account)))
    live = bool(request.headers.get("HX-Request"))
    with held(account.household_id):
        sent = request.POST if live else with_choices(request.POST)
        done = _attempt(request, account, asked, sent, all_or_nothing=not live)
    if live:
        return _autosave(request, done)
    if done.status != 200:
        return _section_page(request, done.form, status=done.status)
    return _on_from(request, done.form, asked)


def _attempt(
    request: HttpRequest, account: Account, asked: Section, sent: QueryDict, *, all_or_nothing: bool
) -> Attempt:
    """Hold the page against what is stored now, and save what may be saved."""
    form = SectionForm(asked, intake_state(account_for(request.user, account.pk)), sent)
    finished = asked.slug if all_or_nothing and asked in SECTIONS and "settle" not in sent else ""
    sound = form.is_valid() and not form.overtaken()
    if all_or_nothing and not sound:
        return Attempt(form)
    answers = form.sound_answers()
    if not answers and not finished:
        return Attempt(form)
    try:
        save_intake(
            by=request.user,  # type: ignore[arg-type]
            account=form.state.account,
            answers=answers,
            version=form.state.intake.version,
            section=finished,
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return Attempt(form, refused=error.status)
    return Attempt(form, set(answers))


def _on_from(request: HttpRequest, form: SectionForm, asked: Section) -> HttpResponse:
    """Where a saved page goes on to, with what others did meanwhile told."""
    account = form.state.account
    for item in news(form):
        messages.info(request, item.words)
    if "unchanged" in request.POST:
        with held(account.household_id):
            version = intake_state(account).intake.version
            count = confirm_answers(by=request.user, account=account, version=version, names=asked.names)  # type: ignore[arg-type]
        messages.success(request, f"{count} answer{'' if count == 1 else 's'} confirmed as of today.")
        return redirect("households:intake_section", account.pk, asked.slug)
    messages.success(request, f"“{asked.title}” was saved.")
    if "settle" in request.POST:
        return redirect("households:intake_section", account.pk, asked.slug)
    following = after(asked, _pages_of(asked))
    if "overview" in request.POST or (following is None and asked in TURNS):
        return redirect("households:intake", account.pk)
    if following is None:
        return redirect("households:intake_check", account.pk)
    return redirect("households:intake_section", account.pk, following.slug)


def _pages_of(section: Section) -> tuple[Section, ...]:
    """The pages that a page is one of: the sections, or the turns of the conversation."""
    return SECTIONS if section in SECTIONS else TURNS


def _section_page(request: HttpRequest, form: SectionForm, status: int = 200) -> HttpResponse:
    state, pages = form.state, _pages_of(form.section)
    both_answered = clashes(form) if form.is_bound else []
    context = {
        **intake_context(request, state),
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
        "clashes": both_answered,
        "unchosen": [clash.problem for clash in both_answered if clash.missing],
        "news": news(form) if form.is_bound else [],
        "last_years": [name for name in to_confirm(state.intake, state.today) if name in form.section.names],
    }
    return render(request, "households/intake/section.html", context, status=status)


def _symbol_questions(
    request: HttpRequest, state: IntakeState, facts: tuple[str, ...]
) -> list[dict[str, Any]]:
    """What the holdings ask, in the sections whose facts an unknown symbol hides."""
    hidden = state.has_positions and any(state.fact(name) is None for name in _FROM_SYMBOLS if name in facts)
    return symbol_questions(request.user, state.account) if hidden else []


def _autosave(request: HttpRequest, done: Attempt) -> HttpResponse:
    """What is sound is stored; answer with the badges, the errors and what others did, out of band."""
    form = done.form
    fresh = intake_state(account_for(request.user, form.state.account.pk))
    after_save = SectionForm(form.section, fresh)
    shown_before = {name for name in str(form.data.get("with_errors", "")).split(",") if name in form.asked}
    context = {
        **intake_context(request, fresh),
        "form": form,
        "section": form.section,
        "redrawn": [form[name] for name in form.asked if name in form.errors or name in shown_before],
        "badges": [(name, fresh.badge(name)) for name in form.asked if name in form.data],
        "version": fresh.intake.version,
        "was": json.dumps(was_after(form, done.stored)),
        "with_errors": ",".join(form.shown_errors()),
        "clashes": clashes(form, live=True),
        "news": news(form),
        "tasks": tasks(fresh, brief=True, pages=_pages_of(form.section)),
        # An answer may turn another question into a worked-out fact; the page still holds the question.
        "read": [
            item
            for block in after_save.blocks()
            for item in (*block["held"], *block["worked_out"])
            if item["name"] not in form.data
        ],
    }
    return render(request, "households/intake/saved.html", context, status=done.status)


# --- the check ---


@require_http_methods(["GET", "POST"])
def intake_check(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """All answers, what is still unknown, what cannot be true; POST says that the intake is complete."""
    state = intake_state(account_for(request.user, account_id))
    if request.method == "GET":
        return _check_page(request, state)
    version = whole(request.POST.get("version", ""))
    try:
        complete_intake(by=request.user, account=state.account, version=version)  # type: ignore[arg-type]
    except DomainError as error:
        if error.field != "version":
            raise
        return _check_page(request, state, meanwhile=meanwhile(request, state), status=409)
    messages.success(request, "The intake is complete. You can evaluate the account now.")
    return redirect("households:account", state.account.pk)


def _check_page(
    request: HttpRequest, state: IntakeState, *, meanwhile: list[Any] | None = None, status: int = 200
) -> HttpResponse:
    facts = {name: state.fact(name) for name in FACT_NAMES}
    known, total = state.known_count()
    context = {
        **intake_context(request, state),
        "groups": check_groups(state),
        "contradictions": contradictions(facts),
        "known": known,
        "total": total,
        "meanwhile": meanwhile,
    }
    return render(request, "households/intake/check.html", context, status=status)
