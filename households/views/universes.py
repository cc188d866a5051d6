"""What each target strategy buys: the lists in place, and a file that puts others there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from households.intake.codes import code_word
from households.securities import selectors
from households.securities.forms import LoadForm
from households.securities.universes import COLUMNS, LoadedUniverses, load_universes
from households.views.loading import loaded_from
from households.views.securities import page_context


@require_http_methods(["GET", "POST"])
def universes(request: HttpRequest) -> HttpResponse:
    """The lists; POST checks a file, or puts its lists in place."""
    form = LoadForm(request.POST or None, request.FILES or None)
    form.fields["file"].help_text = "A list replaces the strategy's former one; strategies not named stay."
    status, found = loaded_from(request, form, load_universes)
    lists = [(code_word("strategy", row.strategy), row) for row in selectors.universes()]
    context = {
        **page_context(request, "securities:universes"),
        "form": form,
        "lists": lists,
        "columns": ",".join(COLUMNS),
        "told": _told(found["loaded"]) if "loaded" in found else [],
        **found,
    }
    return render(request, "households/securities/universes.html", context, status=status)


def _told(loaded: LoadedUniverses) -> list[tuple[str | None, str]]:
    return [
        (code_word("strategy", strategy), f"{added:,} in, {removed:,} out")
        for strategy, (added, removed) in loaded.changed.items()
    ]
