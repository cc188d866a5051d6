"""CSV that leaves the system: no cell is run as a formula, no number is made text."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from households.foundation import exports
from households.foundation.errors import DomainError
from households.foundation.exports import csv_lines, csv_response, plain_cell, safe_cell, xlsx_response


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_text_that_begins_like_a_formula_is_disarmed(start: str) -> None:
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("value", [-5, -5.5, Decimal("-1.25"), 0, "a=b", "", "Smith, Jane"])
def test_everything_else_stays(value: object) -> None:
    assert safe_cell(value) == value


@pytest.mark.parametrize("text", ["-3x Bear Fund", "'-3x", "''=1", "'", "'tis", "O'Neill", "", "''", "＝1"])
def test_a_cell_is_read_back_as_it_was(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text


def test_lines_come_back_as_they_went_in() -> None:
    rows = [('Müller, "Pat"', None, -3), ("two\nlines", "=HYPERLINK(1)", 1.5)] * 600
    pieces = list(csv_lines(("name", "note", "change"), rows))
    assert len(pieces) == 3
    text = "".join(pieces)
    assert text.startswith("\ufeffname,note,change")
    back = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(back) == 1 + len(rows)
    assert back[1] == ['Müller, "Pat"', "", "-3"]
    assert back[2] == ["two\nlines", "'=HYPERLINK(1)", "1.5"]


def test_the_download_streams_and_is_not_kept_by_caches() -> None:
    answer = csv_response("x.csv", ("a",), ((number,) for number in range(3)))
    assert answer.streaming
    assert answer["Content-Disposition"] == 'attachment; filename="x.csv"'
    assert answer["Cache-Control"] == "no-store"
    assert b"".join(answer.streaming_content).decode("utf-8-sig").split() == ["a", "0", "1", "2"]


def test_a_workbook_keeps_kinds_and_runs_nothing() -> None:
    rows = [("=1+1", Decimal("12.50"), date(2026, 11, 22), None, True), ("http://x", -3, None, 1.5, False)]
    answer = xlsx_response("x.xlsx", ("name", "value", "day", "rest", "flag"), rows)
    content = b"".join(answer.streaming_content)
    assert zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").count(b"<f>") == 0
    back = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert back[1:] == [["=1+1", 12.5, date(2026, 11, 22), "", True], ["http://x", -3.0, "", 1.5, False]]


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "SHEET_ROWS", 3)
    xlsx_response("x.xlsx", ("a",), [(1,), (2,)])
    with pytest.raises(DomainError, match="A workbook holds 2 rows"):
        xlsx_response("x.xlsx", ("a",), [(1,), (2,), (3,)])
