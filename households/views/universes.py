"""What each target strategy buys: the lists in place, and a file that puts others there."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from households.foundation.errors import DomainError
from households.intake.codes import code_word
from households.securities import selectors
from households.securities.forms import LoadForm
from households.securities.reading import MAX_BYTES, FileFaulty
from households.securities.universes import COLUMNS, LoadedUniverses, load_universes
from households.views.securities import PROBLEMS_SHOWN, page_context


@require_http_methods(["GET", "POST"])
def universes(request: HttpRequest) -> HttpResponse:
    """The lists; POST checks a file, or puts its lists in place."""
    form = LoadForm(request.POST or None, request.FILES or None)
    form.fields["file"].help_text = "A list replaces the strategy's former one; strategies not named stay."
    context: dict[str, Any] = {**page_context(request, "securities:universes"), "form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            upload, only_check = form.cleaned_data["file"], "check" in request.POST
            try:
                loaded = load_universes(
                    by=request.user,  # type: ignore[arg-type]
                    content=upload.read(MAX_BYTES + 1),
                    name=upload.name,
                    dry_run=only_check,
                )
            except FileFaulty as refused:
                form.add_error("file", f"{refused.problem} {refused.remedy}")
                context["problems"] = refused.problems[:PROBLEMS_SHOWN]
                context["more"] = len(refused.problems) - PROBLEMS_SHOWN
            except DomainError as error:
                form.add_error("file", str(error))
                status = error.status
            else:
                status, context["only_checked"] = 200, only_check
                context |= {"loaded": loaded, "told": _told(loaded)}
    lists = [(code_word("strategy", row.strategy), row) for row in selectors.universes()]
    context |= {"lists": lists, "columns": ",".join(COLUMNS)}
    return render(request, "households/securities/universes.html", context, status=status)


def _told(loaded: LoadedUniverses) -> list[tuple[str | None, str]]:
    return [
        (code_word("strategy", strategy), f"{added:,} in, {removed:,} out")
        for strategy, (added, removed) in loaded.changed.items()
    ]
