"""Pages where the columns of a list nobody knows are mapped by hand, and where mappings are kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from households.foundation.access import may
from households.foundation.errors import DomainError
from households.imports import remembering
from households.imports.arriving import read_again
from households.imports.column_forms import NO_DATE, ColumnsForm
from households.imports.formats.column_maps import ColumnMap, signature_of
from households.imports.formats.guessing import guess_columns
from households.imports.formats.titles import date_in_name
from households.imports.previews import Beginning, beginning_of, preview
from households.imports.uploads import FilesRefused
from households.imports.waiting import committed_from, files_of, forget_upload, waiting_for
from households.models import ColumnMapping, Import, WaitingFile, WaitingUpload

MOST_LISTED = 500
HISTORY_WORDS = {
    "made": ("Made", "plus-lg"),
    "deleted": ("Deleted", "trash"),
    "name": ("Renamed", "pencil"),
    "columns": ("Columns changed", "pencil"),
    "rows": ("What rows are, changed", "pencil"),
}


@require_http_methods(["GET", "POST"])
def import_columns(request: HttpRequest, waiting_id: UUID) -> HttpResponse:
    """Say what the columns of a waiting file are; POST shows how it would be read, or stages it."""
    waiting = waiting_for(request.user, waiting_id)
    if waiting is None:
        import_ = committed_from(request.user, waiting_id) if request.POST.get("do") == "read" else None
        return _landed(request, import_) if import_ else _gone(request)
    at = _Place.of(request, waiting)
    if at is None:
        return _no_list(request, waiting)
    form, status, conflict = at.form(request.POST if request.method == "POST" else None), 200, ""
    if request.method == "POST":
        status = 200 if form.is_valid() else 422
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "households/imports/columns/preview.html", _previewed(at, form))
        if status == 200 and request.POST.get("do") == "read":
            answer = _read(request, at, form)
            if isinstance(answer, HttpResponse):
                return answer
            status, conflict = answer
            at = at.renewed()
            if conflict and at.may_change:
                form.see(at.mapping)
            elif conflict:
                form = at.form()
    context = {"at": at, "household": waiting.household, "form": form, "conflict": conflict}
    context |= _previewed(at, form)
    return render(request, "households/imports/columns/map.html", context, status=status)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where somebody stands among the files of an upload.

    ``mapping`` is what is remembered for the header at hand, if anything is.
    """

    waiting: WaitingUpload
    files: list[WaitingFile]
    file: WaitingFile
    found: Beginning
    mapping: ColumnMapping | None
    user: Any

    @classmethod
    def of(cls, request: HttpRequest, waiting: WaitingUpload) -> "_Place | None":
        files = files_of(waiting)
        file = _file(request, files)
        found = beginning_of(file, _number(request, "header")) if file else None
        if file is None or found is None:
            return None
        return cls(waiting, files, file, found, remembering.mapping_of(found.header.cells), request.user)

    @property
    def number(self) -> int:
        return self.files.index(self.file) + 1

    @property
    def may_change(self) -> bool:
        return self.mapping is None or remembering.may_change(self.user, self.mapping)

    def renewed(self) -> "_Place":
        """The same place, with what is remembered by now."""
        return replace(self, mapping=remembering.mapping_of(self.found.header.cells))

    def form(self, data: Any = None) -> ColumnsForm:
        cells = self.found.header.cells
        if self.mapping is not None:
            start = remembering.column_map(self.mapping)
        else:
            columns, rows = guess_columns(cells)
            start = ColumnMap(signature_of(cells), columns, rows, {"name": _suggested(cells)})
        return ColumnsForm(
            cells,
            start,
            data,
            samples=self.found.samples,
            mapping=self.mapping,
            editable=self.may_change,
            dated=self.waiting.dated or date_in_name(self.file.name),
        )


def _suggested(cells: Sequence[str]) -> str:
    """A name to begin with, by the columns: the file's own may name a client, and all the firm reads this."""
    named = ", ".join([cell for cell in cells if cell][:3])
    return remembering.free_name(f"List with {named}")


def _no_list(request: HttpRequest, waiting: WaitingUpload) -> HttpResponse:
    context = {"waiting": waiting, "household": waiting.household}
    return render(request, "households/imports/columns/no_list.html", context)


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.POST.get(name) or request.GET.get(name) or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _file(request: HttpRequest, files: list[WaitingFile]) -> WaitingFile | None:
    """The file that is asked for; else the first that is a list whose columns nobody mapped yet."""
    number = _number(request, "file")
    if number is not None and 1 <= number <= len(files):
        return files[number - 1]
    lists = [(file, found) for file in files if (found := beginning_of(file))]
    unknown = (file for file, found in lists if remembering.mapping_of(found.header.cells) is None)
    return next(unknown, lists[0][0] if lists else None)


def _read(request: HttpRequest, at: _Place, form: ColumnsForm) -> HttpResponse | tuple[int, str]:
    """Remember the mapping and stage the files: the answer, or the status of the page and its conflict."""
    chosen = form.column_map()
    if not form.editable and at.mapping and form.cleaned_data.get("seen") != at.mapping.revision:
        made = f"{at.mapping.by} says what these columns are: {at.mapping.name}"
        return 409, f"{made}. Only they and operations can change it. Look at it, then read the file."
    try:
        if form.editable:
            remembering.remember_mapping(
                by=at.user,
                header=form.header,
                columns=chosen.columns,
                rows=chosen.rows,
                name=chosen.name,
                seen=form.cleaned_data.get("seen") or 0,
            )
        import_ = read_again(by=at.user, waiting=at.waiting, dated=form.cleaned_data["dated"])
    except FilesRefused as refused:
        return _still_refused(request, at, form, refused)
    except DomainError as error:
        if error.status == 409:
            return 409, str(error)
        form.add_problem(error)
        return error.status, ""
    return _landed(request, import_)


def _landed(request: HttpRequest, import_: Import) -> HttpResponse:
    if import_.state == Import.State.COMMITTED:
        messages.info(request, "These files were imported before. Nothing was changed; this is that import.")
    return redirect("households:import_detail", import_.pk)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "households/imports/columns/gone.html", status=404)


def _still_refused(
    request: HttpRequest, at: _Place, form: ColumnsForm, refused: FilesRefused
) -> HttpResponse | tuple[int, str]:
    """On to the next file whose columns nobody knows; otherwise what is wrong."""
    names = [file.name for file in at.files]
    for reason in refused.refused:
        if reason.mappable and reason.file in names and reason.file != at.file.name:
            messages.success(request, "The mapping is remembered. Now the next file.")
            return redirect(f"{request.path}?file={names.index(reason.file) + 1}")
    for reason in refused.refused:
        form.add_error(None, str(reason))
    form.see(remembering.mapping_of(form.header))  # remembered all the same
    return 422, ""


def _previewed(at: _Place, form: ColumnsForm) -> dict[str, Any]:
    """The first rows by what the form says, or what is still to be said."""
    lacks, rows, refused = form.lacks(), [], ""
    if not lacks:  # without their date, rows are shown all the same
        dated = form.given_date() or timezone.localdate()
        rows, refused = preview(at.file, at.found, form.column_map(), dated)
    bad = sum(1 for row in rows if row.problems)
    lacks += [refused] if refused else [NO_DATE] if form.lacks_date() else []
    return {"rows": rows, "lacks": lacks, "good": len(rows) - bad, "bad": bad}


@require_POST
def import_columns_forget(request: HttpRequest, waiting_id: UUID) -> HttpResponse:
    """Let go of files that are not to be imported after all."""
    waiting = waiting_for(request.user, waiting_id)
    if waiting is None:
        return _gone(request)
    forget_upload(by=request.user, waiting=waiting)  # type: ignore[arg-type]
    messages.success(request, "The files are not kept any more. Nothing was imported.")
    return redirect("households:import_create", waiting.household_id)


@require_GET
def column_mappings(request: HttpRequest) -> HttpResponse:
    """Every remembered mapping: what it is called, who made it."""
    return render(
        request,
        "households/imports/columns/mappings.html",
        {"mappings": remembering.mappings()[:MOST_LISTED]},
    )


@require_http_methods(["GET", "POST"])
def column_mapping(request: HttpRequest, mapping_id: UUID) -> HttpResponse:
    """One mapping: its columns, its name, its history; who may, changes it here."""
    mapping = remembering.mapping_for(mapping_id)
    editable = _may_edit(request, mapping)
    if request.method == "POST" and not editable:
        raise PermissionDenied
    start = remembering.column_map(mapping)
    data = request.POST if request.method == "POST" else None
    form = ColumnsForm(mapping.header, start, data, mapping=mapping, editable=editable, dates=False)
    status, conflict = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            chosen = form.column_map()
            try:
                saved = remembering.remember_mapping(
                    by=request.user,  # type: ignore[arg-type]
                    header=mapping.header,
                    columns=chosen.columns,
                    rows=chosen.rows,
                    name=chosen.name,
                    seen=form.cleaned_data.get("seen") or 0,
                )
            except DomainError as error:
                status = error.status
                if status == 409:
                    conflict = str(error)
                    form.see(remembering.mapping_of(mapping.header))
                else:
                    form.add_problem(error)
            else:
                messages.success(request, "The mapping is saved. Files that are read from now on follow it.")
                return redirect("households:column_mapping", saved.pk)
    context = {
        "mapping": mapping,
        "form": form,
        "editable": editable,
        "conflict": conflict,
        "history": _history(mapping),
    }
    return render(request, "households/imports/columns/mapping.html", context, status=status)


@require_POST
def column_mapping_delete(request: HttpRequest, mapping_id: UUID) -> HttpResponse:
    """Forget a mapping; the next file with its header asks again."""
    mapping = remembering.mapping_for(mapping_id)
    remembering.delete_mapping(by=request.user, mapping=mapping)  # type: ignore[arg-type]
    messages.success(request, f"The mapping {mapping.name} is deleted. Imports that were read with it stay.")
    return redirect("households:column_mappings")


def _may_edit(request: HttpRequest, mapping: ColumnMapping) -> bool:
    role = request.user.role  # type: ignore[union-attr]
    return may(role, "households:column_mapping", "POST") and remembering.may_change(request.user, mapping)


def _history(mapping: ColumnMapping) -> list[dict[str, Any]]:
    return [
        {
            "title": HISTORY_WORDS[change.field][0],
            "icon": HISTORY_WORDS[change.field][1],
            "when": change.at,
            "who": str(change.by),
            "text": remembering.change_words(change),
        }
        for change in remembering.changes_of(mapping)
    ]
