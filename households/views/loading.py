"""A CSV of the security master's pages: given in a form, checked only or stored whole."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from households.foundation.errors import DomainError
from households.securities.forms import LoadForm
from households.securities.reading import MAX_BYTES, FileFaulty

PROBLEMS_SHOWN = 200


def loaded_from(request: HttpRequest, form: LoadForm, load: Callable[..., Any]) -> tuple[int, dict[str, Any]]:
    """Load the file of a posted form.

    Args:
        load: a service that takes ``by``, ``content``, ``name`` and ``dry_run``.

    Returns:
        The status to answer with, and for the page: ``loaded`` (what the service gave) and
        ``only_checked``, or the first ``problems`` and how many ``more``; the form has what was refused.
    """
    if request.method != "POST":
        return 200, {}
    if not form.is_valid():
        return 422, {}
    upload, only_check = form.cleaned_data["file"], "check" in request.POST
    try:
        loaded = load(
            by=request.user, content=upload.read(MAX_BYTES + 1), name=upload.name, dry_run=only_check
        )
    except FileFaulty as refused:
        form.add_error("file", f"{refused.problem} {refused.remedy}")
        more = refused.count - PROBLEMS_SHOWN
        return 422, {"problems": refused.problems[:PROBLEMS_SHOWN], "more": more}
    except DomainError as error:
        form.add_error("file", str(error))
        return error.status, {}
    return 200, {"loaded": loaded, "only_checked": only_check}
