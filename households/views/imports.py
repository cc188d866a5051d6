"""Pages of the import of custodian files: upload, check, commit or discard, and the files to start from."""

import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from households.foundation.access import may
from households.foundation.errors import DomainError
from households.foundation.exports import csv_response
from households.imports.arriving import receive
from households.imports.commits import commit_import, discard_import
from households.imports.counting import Counts, counts_of, only_realized
from households.imports.formats.generic_csv import TEMPLATE
from households.imports.formats.generic_xlsx import template as template_workbook
from households.imports.forms import MappingForm, MendForm, UploadForm
from households.imports.kept_files import statements_of
from households.imports.listing import account_ids, listed
from households.imports.presenting import (
    change_lines,
    changes_of,
    file_rows,
    next_step,
    plan_view,
    realized_rows,
    rejected_lines,
    taken_lines,
)
from households.imports.quota import is_too_large
from households.imports.rejected_file import can_be_mended
from households.imports.samples import SAMPLES
from households.imports.selectors import (
    MendedRows,
    import_for,
    open_accounts,
    plans_of,
    rejected_rows,
    taken_rows,
)
from households.imports.staging import map_accounts
from households.imports.uploads import MAX_TOTAL_BYTES, FilesRefused
from households.imports.waiting import mapped_files, waiting_in
from households.models import Import
from households.selectors import household_for

PAGE = 50
IMPORTS = 25
RECENT = 5
TOO_LARGE = (
    f"The files are larger than {MAX_TOTAL_BYTES // 1024 // 1024} MB together. Upload fewer files at once."
)


@require_http_methods(["GET", "POST"])
def import_create(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """Choose files; they are read and staged, and nothing else happens yet. Lists that nobody knows wait for
    their columns."""
    household = household_for(request.user, household_id)
    offered = None
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and is_too_large(request):
        form.errors["uploads"] = form.error_class([TOO_LARGE])
    elif request.method == "POST" and form.is_valid():
        try:
            arrived = receive(
                by=request.user,  # type: ignore[arg-type]
                household=household,
                uploads=form.cleaned_data["uploads"],
                format=form.cleaned_data["format"] or None,
                dated=form.cleaned_data["dated"],
            )
        except FilesRefused as refused:
            form.add_refusals(refused)
            offered = refused.waiting
        except DomainError as error:
            form.add_error("uploads", str(error))
        else:
            import_ = arrived.import_
            if import_ is None:
                return redirect("households:import_columns", arrived.waiting.pk)
            if import_.state == Import.State.COMMITTED:
                messages.info(
                    request, "These files were imported before. Nothing was changed; this is that import."
                )
            return redirect("households:import_detail", import_.pk)
    context = {
        "household": household,
        "form": form,
        "samples": [sample for sample in SAMPLES.values() if not sample.broken],
        "broken": [sample for sample in SAMPLES.values() if sample.broken],
        "recent": listed(household.imports.select_related("by")[:RECENT]),
        "offered": offered,
        "waiting": () if offered else waiting_in(request.user, household),
    }
    return render(request, "households/imports/create.html", context, status=422 if form.errors else 200)


@require_GET
def import_list(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """Every import of a household, the newest first."""
    household = household_for(request.user, household_id)
    page = Paginator(household.imports.select_related("by"), IMPORTS).get_page(request.GET.get("page"))
    context = {
        "household": household,
        "page": page,
        "imports": listed(page),
        "may_import": may(request.user.role, "households:import_create", "GET"),  # type: ignore[union-attr]
    }
    return render(request, "households/imports/list.html", context)


@require_http_methods(["GET", "POST"])
def import_detail(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The staged rows, what is wrong with some, and what a commit would change; POST maps the accounts."""
    import_ = import_for(request.user, import_id)
    if request.method == "GET":
        return import_page(request, import_, _mapping_form(import_))
    form = _mapping_form(import_, request.POST)
    if form.is_valid():
        try:
            map_accounts(by=request.user, import_=import_, account_map=form.account_map())  # type: ignore[arg-type]
        except DomainError as error:
            form.add_problem(error.field, str(error))
        else:
            messages.success(request, "The accounts are saved.")
            return redirect("households:import_detail", import_.pk)
    return import_page(request, import_, form, status=422)


@require_POST
def import_commit(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Store the rows: all of them, or with ``rows=good`` those that were taken."""
    import_ = import_for(request.user, import_id)
    try:
        commit_import(by=request.user, import_=import_, only_good=request.POST.get("rows") == "good")  # type: ignore[arg-type]
    except DomainError as error:
        return refused_page(request, import_, error)
    if only_realized(import_):
        done = "Its realized gains are kept with it; no holding was changed."
    else:
        done = "Positions and tax lots are up to date."
    messages.success(request, f"The import is committed. {done}")
    return redirect("households:import_detail", import_.pk)


@require_POST
def import_discard(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Set the import aside; nothing the client holds changes."""
    import_ = import_for(request.user, import_id)
    try:
        discard_import(by=request.user, import_=import_)  # type: ignore[arg-type]
    except DomainError as error:
        return refused_page(request, import_, error)
    messages.success(request, "The import is discarded. Nothing was changed.")
    return redirect("households:import_detail", import_.pk)


@require_GET
def import_template(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The template: a CSV of its header line, or a workbook that also says what goes where."""
    if kind == "xlsx":
        return FileResponse(
            io.BytesIO(template_workbook()), as_attachment=True, filename="positions-template.xlsx"
        )
    if kind != "csv":
        raise Http404
    return csv_response("positions-template.csv", TEMPLATE, ())


@require_GET
def import_sample(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file to try the import with."""
    sample = SAMPLES.get(name)
    if sample is None:
        raise Http404
    return FileResponse(
        sample.path.open("rb"), as_attachment=True, filename=sample.name, content_type="text/csv"
    )


def _mapping_form(import_: Import, data: Any = None) -> MappingForm:
    return MappingForm(import_, list(open_accounts(import_.household)), data)


def refused_page(request: HttpRequest, import_: Import, error: DomainError) -> HttpResponse:
    """The page once more, with the reason on top and at the account it concerns."""
    import_.refresh_from_db()
    data = {MappingForm.name(n): account for n, account in enumerate(import_.account_map.values())}
    form = _mapping_form(import_, data)
    form.is_valid()
    form.add_problem(error.field, str(error))
    return import_page(request, import_, form, status=error.status)


def import_page(
    request: HttpRequest,
    import_: Import,
    form: MappingForm | None = None,
    status: int = 200,
    mend_form: MendForm | None = None,
) -> HttpResponse:
    """The page of an import as it stands, with what is wrong in its forms."""
    staged = import_.state == Import.State.STAGED
    rejected = Paginator(rejected_rows(import_), PAGE).get_page(request.GET.get("rejected"))
    taken = Paginator(taken_rows(import_), PAGE).get_page(request.GET.get("taken"))
    changes = Paginator(changes_of(import_), PAGE).get_page(request.GET.get("changes"))
    counts = counts_of(import_)
    context = {
        "import": import_,
        "household": import_.household,
        "form": form or _mapping_form(import_),
        "mend_form": mend_form or (MendForm() if staged and can_be_mended(import_) else None),
        "statements": statements_of(import_),
        "mended": Paginator(MendedRows(import_), PAGE).get_page(request.GET.get("mended")),
        "staged": staged,
        "may_act": staged and may(request.user.role, "households:import_commit", "POST"),  # type: ignore[union-attr]
        "may_undo": import_.state == Import.State.COMMITTED
        and may(request.user.role, "households:import_undo", "POST"),  # type: ignore[union-attr]
        "files": file_rows(import_),
        "realized": realized_rows(import_),
        "mapped_files": mapped_files(request.user, import_),
        "only_realized": only_realized(import_),
        "counts": counts,
        "stats": _stats(import_, counts),
        "plans": [plan_view(plan) for plan in plans_of(import_)] if staged else [],
        "accounts": list(import_.household.accounts.filter(pk__in=account_ids(import_))),
        "changes": changes,
        "change_lines": list(change_lines(import_, changes)),
        "blocked": next_step(import_),
        "rejected": rejected,
        "rejected_lines": rejected_lines(rejected),
        "taken": taken,
        "taken_lines": taken_lines(taken, counts.accounts_left_out),
    }
    return render(request, "households/imports/detail.html", context, status=status)


def _stats(import_: Import, counts: Counts) -> list[dict[str, Any]]:
    count = len(import_.warnings)
    committed = import_.state == Import.State.COMMITTED
    kept = f"{counts.kept:,} {'stored' if committed else 'to be stored'}, "
    return [
        {
            "label": "Rows taken",
            "value": f"{import_.taken:,}",
            "note": f"{kept}{counts.left_out:,} left out" if counts.left_out else "",
        },
        {
            "label": "Rows rejected",
            "value": f"{import_.rejected:,}",
            "tone": "bad" if import_.rejected else "",
            "url": "#rejected" if import_.rejected else "",
        },
        {
            "label": "Warnings",
            "value": f"{count:,}",
            "tone": "warn" if count else "",
            "url": "#warnings" if count else "",
        },
        {"label": "Files", "value": len(import_.files)},
    ]
