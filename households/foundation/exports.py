"""Files that leave the system as CSV or XLSX: readable by spreadsheets, and never run by them."""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from xlsxwriter import Workbook

from households.foundation.errors import DomainError

# https://owasp.org/www-community/attacks/CSV_Injection, with the full-width forms that Excel reads alike
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads UTF-8 as the local code page and breaks names."""
ROWS_A_PIECE = 500
SHEET_ROWS = 1_048_576
"""Rows of an Excel sheet, its header among them."""
_WIDTHS = (10, 40)  # of a column, in characters: at least, at most
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def safe_cell(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula: text that begins like one gets an apostrophe.

    So does text that would otherwise be read back (:func:`plain_cell`) as another one: ``'=1`` is ``''=1``.
    """
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal):
        return value
    text = str(value)
    return f"'{text}" if _like_formula(text) else text


def plain_cell(text: str) -> str:
    """What :func:`safe_cell` was given: the text without the apostrophe that it put there."""
    return text[1:] if text.startswith("'") and _like_formula(text) else text


def _like_formula(text: str) -> bool:
    return text.lstrip("'").startswith(_FORMULA_STARTS)


class _Echo:
    """What csv.writer writes to: hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file in pieces of some hundred lines, every cell safe."""
    writer = csv.writer(_Echo())
    piece = [BYTE_ORDER_MARK + writer.writerow(header)]
    for row in rows:
        piece.append(writer.writerow([safe_cell(value) for value in row]))
        if len(piece) >= ROWS_A_PIECE:
            yield "".join(piece)
            piece = []
    if piece:
        yield "".join(piece)


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A download of these rows; read them with ``iterator()`` and memory stays bounded.

    The caller records the export (``households.models.ExportRecord``) with the number of rows.
    """
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-store"
    return response


def xlsx_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> FileResponse:
    """The same as a workbook of one sheet: numbers and dates are such, text is never a formula or a link.

    Rows are written out as they come, so that memory stays bounded.

    Raises:
        DomainError: more rows than a sheet holds.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 the answer closes it
    strict = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd", **strict}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        for place, title in enumerate(header):
            sheet.set_column(place, place, min(max(len(title) + 2, _WIDTHS[0]), _WIDTHS[1]))
        sheet.write_row(0, 0, header, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            if number >= SHEET_ROWS:
                raise DomainError(
                    f"A workbook holds {SHEET_ROWS - 1:,} rows, and this view has more.",
                    remedy="Export CSV instead, or narrow the view.",
                )
            sheet.write_row(number, 0, [_sheet_cell(value) for value in row])
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=filename, content_type=_SPREADSHEET)
    response["Cache-Control"] = "no-store"
    return response


def _sheet_cell(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return value
    return str(value)
