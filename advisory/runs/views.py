"""Operations' pages: the list, a new run, one run with its progress, and its results."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from advisory.runs import selectors, services
from advisory.runs.forms import ActionForm, NewRunForm, ResultFilter
from advisory.runs.models import Run
from advisory.runs.pages import progress_context, run_context
from advisory.runs.tables import ResultTable, RunTable
from households.filters import BookFilter
from households.foundation.errors import DomainError
from households.models import Household

ROWS = 25
DONE = {
    "preview": "The preview is ready. Nothing has been recorded yet.",
    "approve": "Approved. Operations can start it now.",
    "start": "Started. You can leave this page; the work goes on.",
    "pause": "Paused. Nothing more is recorded until it is resumed.",
    "resume": "Resumed.",
    "cancel": "Canceled. What was recorded before stays recorded.",
    "retry": "A new bulk review over the failed accounts is ready to start.",
    "seal": "Sealed with the fingerprint of its results.",
}


@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """Every bulk review, the newest first."""
    table = RunTable(selectors.runs())
    RequestConfig(request, paginate={"per_page": ROWS}).configure(table)
    return render(request, "runs/runs.html", {"table": table})


@require_http_methods(["GET", "POST"])
def run_create(request: HttpRequest) -> HttpResponse:
    """Choose all or part of the book by the book's own filters; then preview it."""
    status = 200
    if request.method == "POST":
        form = NewRunForm(request.POST)
        if form.is_valid():
            asked = form.cleaned_data
            try:
                run = services.create_run(
                    by=request.user,
                    idempotency_key=asked["key"],
                    filter=asked["filter"],
                    title=asked["title"],
                )
                if run.state == Run.State.DRAFT:
                    services.preview_run(by=request.user, run=run)
                return redirect("runs:run", run_id=run.pk)
            except DomainError as error:
                if error.status != 422:
                    raise
                form.add_error(None, str(error))
        status = 422
        chosen = QueryDict(form.data.get("filter", ""))
    else:
        chosen = request.GET
        form = NewRunForm(initial={"key": uuid4().hex, "filter": _querystring(chosen)})
    found = BookFilter(chosen, queryset=Household.objects.visible_to(request.user), user=request.user)
    context = {"form": form, "filter": found, **selectors.extent(request.user, found)}
    return render(request, "runs/run_create.html", context, status=status)


def _querystring(asked: QueryDict) -> str:
    """What narrows the book: without empty fields, page and order."""
    pairs = [(key, value) for key, values in asked.lists() for value in values if value]
    return urlencode([(key, value) for key, value in pairs if key not in ("page", "sort")])


def _run(run_id: UUID) -> Run:
    return get_object_or_404(selectors.runs().select_related("policy", "shelf", "retry_of"), pk=run_id)


@require_GET
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One bulk review: what it is about, what its preview found, how far it is, what came of it."""
    return render(request, "runs/run.html", run_context(request.user, _run(run_id)))


@require_GET
def run_progress(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The fragment that asks for itself again while the run goes on."""
    context = progress_context(request.user, _run(run_id), polled=True)
    answer = render(request, "runs/progress.html", context)
    if not context["now"].live:
        answer["HX-Refresh"] = "true"  # the buttons and the history of the page are others now
    return answer


@require_POST
def run_act(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One of the buttons; what may not happen now is said by the service."""
    run = _run(run_id)
    form = ActionForm(request.POST)
    if not form.is_valid():
        raise DomainError("This action is not known.", value=request.POST.get("action"))
    action = form.cleaned_data["action"]
    after = _act(request, run, action, form.cleaned_data["key"])
    messages.success(request, DONE[action])
    return redirect("runs:run", run_id=after.pk)


def _act(request: HttpRequest, run: Run, action: str, key: str) -> Run:
    plain: dict[str, Any] = {
        "preview": services.preview_run, "approve": services.approve_run, "start": services.start_run,
        "pause": services.pause_run, "resume": services.resume_run, "cancel": services.cancel_run,
        "seal": services.seal_run,
    }  # fmt: skip
    if action in plain:
        return plain[action](by=request.user, run=run)
    again = services.retry_failed(by=request.user, run=run, idempotency_key=key or uuid4().hex)
    return services.preview_run(by=request.user, run=again) if again.state == Run.State.DRAFT else again


@require_GET
def run_results(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The results of one run, account by account."""
    run = _run(run_id)
    found = ResultFilter(request.GET, queryset=selectors.results(request.user, run))
    table = ResultTable(found.qs)
    RequestConfig(request, paginate={"per_page": ROWS}).configure(table)
    return render(request, "runs/results.html", {"run": run, "filter": found, "table": table})
