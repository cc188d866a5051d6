"""One account: its page, its form, its positions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from households import services
from households.facts.holdings import short_term_since
from households.facts.links import circle_of
from households.facts.parties import is_open_entity
from households.facts.ranges import held_ranges
from households.forms.records import AccountEditForm, AccountForm, CloseAccountForm, PositionForm
from households.foundation import formats
from households.intake.codes import code_word
from households.intake.disagreements import disagreements, excluded_answers
from households.intake.presenting import fact_groups, tasks
from households.intake.state import IntakeState, Mode
from households.models import Account, Position
from households.returns import doubt_about_return, lands_on_none, proposed_return
from households.securities.presenting import kind_of, symbol_questions
from households.selectors import (
    account_for,
    accounts_of,
    household_for,
    intake_state,
    people_of,
    position_for,
)
from households.views.doors import doors
from households.views.editing import edited
from households.wash_list import wash_list

POSITIONS = 50


@require_GET
def account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Facts at a glance, positions, and what to do next."""
    found = account_for(request.user, account_id)
    state = intake_state(found)
    rows = (
        found.positions.select_related("security")
        .annotate(lot_count=Count("lots"))
        .order_by("-market_value", "symbol")
    )
    positions = Paginator(rows, POSITIONS).get_page(request.GET.get("page"))
    context = {
        **_account_context(request, found),
        "state": state,
        "positions": position_rows(list(positions), state),
        "page": positions,
        "stats": _stats(state),
        "groups": fact_groups(state, _doubts(request, state)),
        "unsettled": _unsettled(state),
        "questions": symbol_questions(request.user, found),
        "tasks": tasks(state, brief=True),
        "relations": _relations(found),
        "close_form": CloseAccountForm(initial={"on": timezone.localdate()}),
    }
    return render(request, "households/account.html", context)


def _relations(found: Account) -> dict[str, Any] | None:
    """On which return gains land, and who can cause a wash sale; None for a closed account."""
    accounts, people = list(accounts_of(found.household)), list(people_of(found.household))
    own = next((account for account in accounts if account.pk == found.pk), None)
    if own is None:
        return None
    circle = circle_of(accounts, people)
    unit, none = own.tax_unit, lands_on_none(own.registration, own.facts.tax_status)
    proposal = None
    if unit is None and not none:
        proposal = proposed_return(own.registration, own.owner, found.household.tax_units.all())
    return {
        "unit": None if none else unit,
        "lands_on_none": none,
        "proposal": proposal,
        "doubt": "" if none else doubt_about_return(own, circle.couple),
        "list": wash_list(circle, accounts, own),
        "alone": len(accounts) == 1,
        "asks_control": is_open_entity(circle.standings[accounts.index(own)], circle.couple),
    }


def _doubts(request: HttpRequest, state: IntakeState) -> dict[str, dict[str, Any]]:
    """What is stated and does not agree with what is held; whoever may not edit is shown no door."""
    unsettled = state.has_positions and excluded_answers(state)
    found = disagreements(state, held_ranges(state.account) if unsettled else {})
    if doors(request.user)["may_edit"]:
        return found
    return {name: {"doubt": row["doubt"]} for name, row in found.items()}


def _account_context(request: HttpRequest, found: Account) -> dict[str, Any]:
    return {
        "account": found,
        "household": found.household,
        **doors(request.user, open_=not found.closed_on),
        "registration": code_word("registration", found.registration),
        "custodian": code_word("custodian", found.custodian),
        "structure": code_word("current_structure", found.current_structure),
    }


def _stats(state: IntakeState) -> list[dict[str, Any]]:
    facts = state.facts
    known, total = state.known_count()
    intake_url = reverse("households:intake", args=[state.account.pk])
    restricted = facts.restricted_share
    return [
        {"label": "Value", "value": formats.money(facts.account_value, 0), "note": _as_of(state)},
        {"label": "For direct indexing", "value": formats.money(facts.direct_index_value, 0)},
        {
            "label": "Largest issuer",
            "value": formats.percent(facts.largest_position_share),
            "note": f"{formats.percent(restricted)} restricted" if restricted else "",
        },
        {
            "label": "Net unrealized gain",
            "value": formats.percent(facts.unrealized_gain_share),
            "note": _gains(state),
        },
        {"label": "Lots known", "value": formats.percent(facts.lots_known_share), "note": _lots(state)},
        {"label": "Facts known", "value": f"{known} of {total}", "url": intake_url},
    ]


def _as_of(state: IntakeState) -> str:
    given = state.provenance.get("account_value")
    return f"as of {formats.day(given.day)}" if given and given.day else ""


def _gains(state: IntakeState) -> str:
    gain = state.facts.unrealized_gain
    return f"{formats.compact_money(gain)} of gains, gross" if gain else ""


def _lots(state: IntakeState) -> str:
    count = state.facts.lot_count
    return "" if count is None else f"{formats.count(count)} lot{'' if count == 1 else 's'}"


def _unsettled(state: IntakeState) -> bool:
    """Whether nobody has said yet that nothing is restricted or to be kept."""
    marks = ("restricted_share", "legacy_retention_share")
    return any(state.mode(name) is Mode.SETTLE and state.fact(name) is None for name in marks)


def position_rows(positions: list[Position], state: IntakeState) -> list[dict[str, Any]]:
    """Positions with their share of the account and their gain, as the table shows them."""
    value = state.facts.account_value
    return [
        {
            "position": position,
            "share": position.market_value / value if value else None,
            "gain": None if position.cost_basis is None else position.market_value - position.cost_basis,
            "restriction": code_word("restriction_reason", position.restricted),
            **kind_of(position),
        }
        for position in positions
    ]


@require_http_methods(["GET", "POST"])
def position(request: HttpRequest, position_id: int) -> HttpResponse:
    """One position's lots and marks, as a fragment in the table or as a page; POST sets the marks."""
    found = position_for(request.user, position_id)
    form, saved = edited(
        request,
        found,
        found.account.household_id,
        lambda sent: PositionForm(sent, record=found),
        lambda form: services.mark_position(by=request.user, position=found, **form.changes()),  # type: ignore[arg-type]
    )
    back = f"{reverse('households:account', args=[found.account_id])}#positions"
    if saved:
        messages.success(request, f"{found.symbol} was saved; the account's facts follow it.")
        return redirect(back)
    first_short = short_term_since(timezone.localdate())
    context = {
        **_account_context(request, found.account),
        "position": found,
        "form": form,
        "cancel": back,
        "lots": [
            {
                "lot": lot,
                "gain": None if lot.cost_basis is None else lot.market_value - lot.cost_basis,
                "term": None if lot.acquired is None else "Short" if lot.acquired >= first_short else "Long",
            }
            for lot in found.lots.all()
        ],
    }
    part = "#detail" if request.headers.get("HX-Request") and request.method == "GET" else ""
    return render(request, f"households/position.html{part}", context, status=form.status)


@require_http_methods(["GET", "POST"])
def account_create(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """A new account; its intake begins at once."""
    household = household_for(request.user, household_id)
    here = reverse("households:account_create", args=[household.pk])
    form = AccountForm(request.POST or None, household=household, proposing=here)
    if request.headers.get("HX-Request") and request.method == "GET":
        if not form.propose(household, request.GET.dict()):
            return HttpResponse(status=204)  # an answer too late must not undo a choice
        return render(request, "households/record_form.html#proposal", {"form": form})
    if request.method == "POST" and form.is_valid():
        made = services.create_account(by=request.user, household=household, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, f"{made.name} was added. Tell more here, or import its holdings.")
        return redirect("households:intake", made.pk)
    context = {
        "form": form,
        "household": household,
        "title": "Add an account",
        "action": "Add account",
        "lead": "What it is and whose. The intake asks the rest; leave open what is not known yet.",
        "cancel": reverse("households:household", args=[household.pk]),
    }
    return render(request, "households/record_form.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def account_edit(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Change an account's own data."""
    found = account_for(request.user, account_id)
    form, saved = edited(
        request,
        found,
        found.household_id,
        lambda sent: AccountEditForm(sent, household=found.household, record=found),
        lambda form: services.update_account(by=request.user, account=found, **form.changes()),  # type: ignore[arg-type]
    )
    if saved:
        messages.success(request, "The account was saved.")
        return redirect("households:account", found.pk)
    context = {
        **_account_context(request, found),
        "form": form,
        "title": f"Edit {found.name}",
        "action": "Save",
        "lead": "Registration, custodian and tax return are questions of the intake.",
        "cancel": reverse("households:account", args=[found.pk]),
    }
    return render(request, "households/record_form.html", context, status=form.status)


@require_POST
def account_close(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Close an account."""
    found = account_for(request.user, account_id)
    form = CloseAccountForm(request.POST)
    if not form.is_valid():
        for problems in form.errors.values():
            messages.error(request, str(problems[0]))
        return redirect("households:account", found.pk)
    services.close_account(by=request.user, account=found, **form.cleaned_data)  # type: ignore[arg-type]
    messages.success(request, f"{found.name} was closed. It keeps its history.")
    return redirect("households:household", found.household_id)
