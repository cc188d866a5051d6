"""Results as files: what changed, everything, and what could not be evaluated. Every download is recorded."""

from collections.abc import Callable, Iterator
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from advisory.runs import selectors
from advisory.runs.models import Run, RunResult
from households.foundation.exports import csv_response
from households.foundation.formats import stamp
from households.models import ExportRecord, User
from households.templatetags.sleevewise import outcome_label

HEADER = ("household", "account", "account number ending", "result", "outcome before", "outcome after", "why",
          "advisor", "recommendation", "previous recommendation", "recorded at")  # fmt: skip
NOT_EVALUATED = "No result: the bulk review ended before this account."


@require_GET
def run_export(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """Accounts whose outcome became another one, and why."""
    return _download(request, run_id, "changes", selectors.changes)


@require_GET
def run_export_results(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """Every account's result."""
    return _download(request, run_id, "results", selectors.results)


@require_GET
def run_export_exceptions(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """Accounts that could not be evaluated, with the reason; those never reached as well."""
    return _download(request, run_id, "exceptions", selectors.failures, missing=True)


def _download(
    request: HttpRequest,
    run_id: UUID,
    what: str,
    chosen: Callable[[User, Run], QuerySet[RunResult]],
    *,
    missing: bool = False,
) -> HttpResponseBase:
    run = get_object_or_404(selectors.runs(), pk=run_id)
    rows = chosen(request.user, run).select_related("account__household__advisor")
    unreached = selectors.unreached(request.user, run) if missing else []
    ExportRecord.objects.create(
        by=request.user, what=f"bulk review {what}", filter=str(run.pk), rows=rows.count() + len(unreached)
    )
    return csv_response(f"bulk-review-{run.created_at:%Y-%m-%d}-{what}.csv", HEADER, _lines(rows, unreached))


def _lines(rows: QuerySet[RunResult], unreached: list) -> Iterator[tuple[object, ...]]:
    for result in rows.iterator(chunk_size=2_000):
        account = result.account
        yield (
            account.household.name, account.name, account.number_ending, result.get_kind_display(),
            outcome_label(result.outcome_before), outcome_label(result.outcome_after), result.why,
            str(account.household.advisor), result.recommendation_id, result.previous_id,
            stamp(result.recorded_at),
        )  # fmt: skip
    for account in unreached:
        yield (account.household.name, account.name, account.number_ending, "No result", "", "",
               NOT_EVALUATED, str(account.household.advisor), None, None, "")  # fmt: skip
