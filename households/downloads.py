"""A view as a file, CSV or XLSX: exactly its rows, in its order, recorded as an export."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from households.foundation.exports import csv_response, xlsx_response
from households.models import ExportRecord

KINDS = {"csv": csv_response, "xlsx": xlsx_response}


def download(
    request: HttpRequest,
    kind: str,
    *,
    what: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    count: int,
) -> HttpResponseBase:
    """Answer with the rows of a view as a file, and record who took them.

    Args:
        kind: one of KINDS; another is not found.
        what: the rows in a word or two; names file and record.
        rows: cells in the order of the header; unknown is None.
        count: how many rows there are.
    """
    if kind not in KINDS:
        raise Http404
    ExportRecord.objects.create(by=request.user, what=what, filter=request.GET.urlencode(), rows=count)
    name = f"{what.replace(' ', '-')}-{timezone.localdate()}.{kind}"
    return KINDS[kind](name, header, rows)


def links(url: str, asked: str) -> list[tuple[str, str]]:
    """What a table offers for download: label and address, with the view's query string.

    Args:
        url: of the CSV.
    """
    query = f"?{asked}" if asked else ""
    return [(kind.upper(), f"{url.removesuffix('csv')}{kind}{query}") for kind in KINDS]
