"""The data-quality board, and the list of accounts that its counts open."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from households.account_list import (
    EXPORT_HEADER,
    AccountFilter,
    AccountTable,
    accounts_for,
    export_rows,
)
from households.downloads import download, links
from households.intake.codes import code_word
from households.models import SavedView
from households.quality import KINDS, PROBLEMS, Counts, board
from households.saved_views import beginning

PAGE = 25


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Every open account this user may see, narrowed and sorted."""
    if start := beginning(request, SavedView.Page.ACCOUNTS):
        return start
    found = _filtered(request)
    table = AccountTable(found.qs, show_advisor="advisor" in found.filters)
    table.exports = links(reverse("households:accounts_export", args=["csv"]), request.GET.urlencode())
    RequestConfig(request, paginate={"per_page": PAGE}).configure(table)
    problem = PROBLEMS.get(found.form.cleaned_data.get("problem") or "")
    return render(request, "households/accounts.html", {"table": table, "filter": found, "problem": problem})


@require_GET
def accounts_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Exactly the rows of the view, in its order, all pages; recorded as an export."""
    table = AccountTable(_filtered(request).qs)
    return download(request, kind, table, what="accounts", header=EXPORT_HEADER, cells=export_rows)


def _filtered(request: HttpRequest) -> AccountFilter:
    return AccountFilter(request.GET, queryset=accounts_for(request.user), user=request.user)  # type: ignore[arg-type]


@require_GET
def quality(request: HttpRequest) -> HttpResponse:
    """What is missing, stale or contradictory; every count is a link to the accounts."""
    total, custodians, advisors = board(request.user)  # type: ignore[arg-type]
    kinds = [
        {
            "label": label,
            "rows": [
                {"problem": problem, "count": total.having[code], "url": _url(problem=code)}
                for code, problem in PROBLEMS.items()
                if problem.kind == kind
            ],
        }
        for kind, label in KINDS.items()
    ]
    tables = [_matrix("custodian", "Custodian", custodians)]
    if len(advisors) > 1:
        tables.append(_matrix("advisor", "Advisor", advisors))
    return render(request, "households/quality.html", {"total": total, "kinds": kinds, "tables": tables})


def _url(**asked: Any) -> str:
    return f"{reverse('households:accounts')}?{urlencode(asked)}"


def _matrix(name: str, label: str, groups: list[Counts]) -> dict[str, Any]:
    """Groups by problems; only problems that somebody has."""
    codes = [code for code in PROBLEMS if any(group.having[code] for group in groups)]
    rows = []
    for group in groups:
        value = group.key or "none"
        words = group.label if name == "advisor" else code_word("custodian", group.key) or "Not stated"
        cells = [(group.having[code], _url(problem=code, **{name: value})) for code in codes]
        url = _url(**{name: value})
        rows.append({"label": words, "accounts": group.accounts, "url": url, "cells": cells})
    return {"label": label, "problems": [PROBLEMS[code] for code in codes], "rows": rows}
