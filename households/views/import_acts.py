"""Pages around one import: its rejected rows out and back in, its files as they came, and undoing it."""

import io
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from households.foundation.errors import DomainError
from households.foundation.exports import csv_response, safe_cell
from households.imports.forms import MendForm
from households.imports.mending import Mended, mend_rows, mended_cells
from households.imports.originals import original_bytes
from households.imports.presenting import undo_views
from households.imports.quota import is_too_large
from households.imports.rejected_file import rejected_file
from households.imports.selectors import import_file_for, import_for, rejected_rows
from households.imports.undoing import LaterImport, differences, refusal, undo_import
from households.imports.uploads import MAX_TOTAL_BYTES
from households.models import ExportRecord, Import
from households.views.imports import import_page


@require_GET
def import_rejected(request: HttpRequest, import_id: UUID) -> HttpResponseBase:
    """The rejected rows as CSV: where they stand, what is wrong, what to do, and their cells to mend."""
    import_ = import_for(request.user, import_id)
    rows = rejected_rows(import_)
    lines = rejected_file(import_, rows, mended_cells(import_))
    header = [safe_cell(name) for name in next(lines, [])]
    ExportRecord.objects.create(
        by=request.user,  # type: ignore[misc]
        what="rejected import rows",
        filter=f"import {import_.pk}",
        rows=rows.count(),
        purpose="Mending a custodian file",
    )
    return csv_response("rejected-rows.csv", header, lines)


@require_POST
def import_mend(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Take in the file of rejected rows with their cells mended."""
    import_ = import_for(request.user, import_id)
    form = MendForm(request.POST, request.FILES)
    if is_too_large(request):
        form.errors["mended"] = form.error_class(
            [f"The file is larger than {MAX_TOTAL_BYTES // 1024 // 1024} MB."]
        )
    elif form.is_valid():
        try:
            mended = mend_rows(by=request.user, import_=import_, upload=form.cleaned_data["mended"])  # type: ignore[arg-type]
        except DomainError as error:
            import_.refresh_from_db()
            form.add_refusal(error)
            return import_page(request, import_, status=error.status, mend_form=form)
        messages.success(request, _told(mended))
        return redirect("households:import_detail", import_.pk)
    return import_page(request, import_, status=422, mend_form=form)


def _told(mended: Mended) -> str:
    if not mended.rows:
        return "The file says what stands here already. Nothing was changed."
    rows = f"{mended.rows:,} row{'s' * (mended.rows != 1)}"
    if not mended.still:
        return f"{rows} mended and taken. Totals and what would change are worked out anew."
    return f"{rows} mended, {mended.still:,} of them still rejected; see what is wrong with them now."


@require_GET
def import_original(request: HttpRequest, import_id: UUID, file_id: UUID) -> HttpResponseBase:
    """A file as it was uploaded: handed out as bytes to keep, never to be shown by the browser."""
    file = import_file_for(request.user, import_id, file_id)
    data = original_bytes(file)
    ExportRecord.objects.create(
        by=request.user,  # type: ignore[misc]
        what="original import file",
        filter=f"import {import_id}, SHA-256 {file.sha256}",
        rows=1,
    )
    response = FileResponse(
        io.BytesIO(data), as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def import_undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What undoing a committed import would put back, or why it cannot be; POST does it."""
    import_ = import_for(request.user, import_id)
    error, status = None, 200
    if request.method == "POST":
        try:
            undo_import(by=request.user, import_=import_)  # type: ignore[arg-type]
        except DomainError as refused:
            import_.refresh_from_db()
            error, status = refused, refused.status
        else:
            messages.success(request, "The import is undone. The accounts hold what they held before.")
            return redirect("households:import_detail", import_.pk)
    elif import_.state != Import.State.COMMITTED:
        error = DomainError("Only an import that is committed can be undone.")
    else:
        error = refusal(import_)
    found = [] if error else differences(import_)
    context = {
        "import": import_,
        "household": import_.household,
        "problem": str(error or ""),
        "later": error.later if isinstance(error, LaterImport) else None,
        "accounts": undo_views(import_.household, found),
    }
    return render(request, "households/imports/undo.html", context, status=status)
