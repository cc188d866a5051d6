"""A view as a file, CSV or XLSX: exactly its rows, in its order, recorded as an export."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django_tables2 import RequestConfig, Table

from households.foundation.exports import csv_response, xlsx_response
from households.models import ExportRecord

KINDS = {"csv": csv_response, "xlsx": xlsx_response}


def download(
    request: HttpRequest,
    kind: str,
    table: Table,
    *,
    what: str,
    header: Sequence[str],
    cells: Callable[[Any], Iterable[Sequence[Any]]],
) -> HttpResponseBase:
    """Exactly the rows of a table, all pages in its order, as a file; who took them is recorded.

    Args:
        kind: one of KINDS; another is not found.
        table: of a query; it is sorted as the request asks.
        what: the rows in a word or two; names file and record.
        cells: of the query, its rows as cells in the order of the header; unknown is None.
    """
    if kind not in KINDS:
        raise Http404
    RequestConfig(request, paginate=False).configure(table)
    rows = table.data.data
    ExportRecord.objects.create(by=request.user, what=what, filter=request.GET.urlencode(), rows=rows.count())
    name = f"{what.replace(' ', '-')}-{timezone.localdate()}.{kind}"
    return KINDS[kind](name, header, cells(rows))


def links(url: str, asked: str) -> list[tuple[str, str]]:
    """What a table offers for download: label and address, with the view's query string.

    Args:
        url: of the CSV.
    """
    query = f"?{asked}" if asked else ""
    return [(kind.upper(), f"{url.removesuffix('csv')}{kind}{query}") for kind in KINDS]
