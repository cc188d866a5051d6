"""Symbols that nobody and nothing explains: advisors answer, operations decide."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from households.foundation.access import may
from households.foundation.errors import DomainError
from households.foundation.exports import csv_response
from households.foundation.identifiers import symbol_key
from households.securities import proposing, selectors
from households.securities.forms import DecisionForm, ProposalForm
from households.securities.tables import UnknownTable
from households.views.securities import PAGE, page_context, record_export

UNKNOWN_HEADER = ("symbol", "description", "not_known", "accounts", "value_held", "holds_up", "value_behind")


@require_GET
def unknown(request: HttpRequest) -> HttpResponse:
    """Symbols among the holdings this user may see that nobody and nothing explains."""
    role = request.user.role  # type: ignore[union-attr]
    answer = ("", "")
    if may(role, "securities:add", "GET"):
        answer = ("securities:add", "Add")
    elif may(role, "securities:propose", "GET"):
        answer = ("securities:propose", "Answer")
    rows = selectors.unknown_symbols(request.user)
    table = UnknownTable(rows, user=request.user, answer_at=answer[0], answer_word=answer[1])
    table.exports = [("CSV", reverse("securities:unknown_export"))]
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    context = {**page_context(request, "securities:unknown"), "table": table}
    return render(request, "households/securities/unknown.html", context)


@require_GET
def unknown_export(request: HttpRequest) -> HttpResponseBase:
    """The same as CSV, the amounts in dollars."""
    rows = list(selectors.unknown_symbols(request.user))
    record_export(request, "unknown symbols", len(rows))
    return csv_response("unknown-symbols.csv", UNKNOWN_HEADER, [_unknown_row(row) for row in rows])


def _unknown_row(row: Mapping[str, Any]) -> tuple[Any, ...]:
    missing = "kind and issuer" if row["unkind"] else "issuer"
    return (
        row["shown"], row["description"], missing, row["accounts"], row["held"] / 100, row["held_up"],
        (row["behind"] or 0) / 100,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """What is ABCX? The advisor answers; operations decide."""
    symbol = request.GET.get("symbol", "")[:32]
    form = ProposalForm(request.POST or None, initial={"symbol": symbol})
    back = request.GET.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = reverse("securities:unknown")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = proposing.propose_security(by=request.user, stated=form.cleaned_data)  # type: ignore[arg-type]
            except DomainError as error:
                form.add_error("symbol", str(error))
                status = error.status
            else:
                messages.success(request, f"Thank you. Operations will look at {made.symbol}.")
                return redirect(back)
    asked = form["symbol"].value() or ""
    declined = selectors.last_declined([asked], request.user).get(symbol_key(asked))
    context = {
        **page_context(request, ""),
        "form": form,
        "symbol": symbol,
        "back": back,
        "declined": declined,
    }
    return render(request, "households/securities/propose.html", context, status=status)


@require_GET
def proposals(request: HttpRequest) -> HttpResponse:
    """What advisors propose, to accept or to decline."""
    return _proposals_page(request)


def _proposals_page(
    request: HttpRequest, asked: Any = None, form: Any = None, status: int = 200
) -> HttpResponse:
    rows = [
        (row, form if asked and row.pk == asked.pk else DecisionForm(prefix=f"p{row.pk.hex}"))
        for row in selectors.proposals()[:PAGE]
    ]
    context = {**page_context(request, "securities:proposals"), "rows": rows}
    return render(request, "households/securities/proposals.html", context, status=status)


@require_POST
def decide(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Accept a proposal into the master, or decline it with a reason."""
    found = selectors.proposal_for(proposal_id)
    form = DecisionForm(request.POST, prefix=f"p{found.pk.hex}")
    if not request.user.is_authenticated:
        raise PermissionDenied
    try:
        if "accept" in request.POST:
            made = proposing.accept_proposal(by=request.user, proposal=found)
            messages.success(
                request, f"{made.symbol} is in the list of securities; facts that waited for it follow."
            )
        else:
            reason = form.cleaned_data["reason"] if form.is_valid() else ""
            proposing.decline_proposal(by=request.user, proposal=found, reason=reason)
            messages.success(request, f"The proposal for {found.symbol} was declined.")
    except DomainError as error:
        form.is_valid()
        form.add_error("reason", str(error))
        return _proposals_page(request, found, form, status=error.status)
    return redirect("securities:proposals")
