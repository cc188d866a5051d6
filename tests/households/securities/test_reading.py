"""Files that are wrong in many ways, or too much of anything: what can be told is told, within bounds."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from households.securities import reading
from households.securities.reading import FileFaulty, read_master
from households.securities.universes import read_universes
from tests.households.pages.conftest import text_of
from tests.households.securities.files import APPLE, FUND, HEADER, TODAY, a_file

GOOD = FUND.replace("VTI", "AAA")


def told(read: Callable[[], object]) -> list[tuple[int, str, str]]:
    with pytest.raises(FileFaulty) as refused:
        read()
    return [(problem.line, problem.field, problem.value) for problem in refused.value.problems]


def of_master(content: bytes) -> list[tuple[int, str, str]]:
    return told(lambda: read_master(content, "test.csv", TODAY))


def test_rows_are_judged_though_the_first_line_is_wrong() -> None:
    """Line 3's date is wrong and so is the name of a column; nothing is said of cells under that name."""
    header = HEADER.replace("issuer", "isuer")
    found = of_master(a_file(APPLE, FUND.replace("2026-11-01", "11/01/2026"), "A,B", header=header))
    assert found == [(1, "header", "isuer"), (3, "as_of", "11/01/2026"), (4, "line", "A,B")]


def test_nothing_is_said_of_columns_that_are_missing_or_there_twice() -> None:
    header = HEADER.replace("kind", "type").replace("cusip", "isin")
    found = of_master(a_file(APPLE.replace("US0378331005", "US0378331006"), GOOD, header=header))
    assert found == [(1, "header", "type"), (1, "header", "isin"), (1, "header", "kind")]


def test_a_file_without_a_first_line_is_told_that_and_no_more() -> None:
    found = of_master(f"{APPLE}\n{FUND}\n".encode())
    assert {(line, field) for line, field, _ in found} == {(1, "header")}


def test_lists_with_a_wrong_first_line_are_judged_row_by_row_as_well() -> None:
    rows = (
        "us_large,KO,Provider,2026-11-01",
        "us_large,=1,Provider,2026-13-01",
        "global,KO,Other,2026-11-02",
    )
    found = told(lambda: read_universes(a_file(*rows, header="strateg,symbol,source,as_of"), TODAY))
    assert found == [
        (1, "header", "strateg"), (1, "header", "strategy"), (3, "symbol", "=1"), (3, "as_of", "2026-13-01"),
    ]  # fmt: skip


@pytest.mark.parametrize("cells", [reading.MAX_CELLS, 9_000])
def test_a_first_line_of_too_many_cells_is_one_problem(cells: int) -> None:
    assert of_master(b"a," * cells + b"b\n") == [(1, "file", "")]


def test_a_line_that_goes_on_and_on_is_refused() -> None:
    content = a_file(APPLE, "," * reading.MAX_LINE)
    assert of_master(content) == [(3, "file", "," * 60)]


def test_lines_are_counted_whether_or_not_they_are_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five lines at most: the sixth ends it, though none before it was a row."""
    monkeypatch.setattr(reading, "MAX_ROWS", 5)
    assert of_master(a_file(*["A,B"] * 5)) == [(6, "file", "")]
    assert of_master(a_file(*["A,B"] * 4)) == [(line, "line", "A,B") for line in (2, 3, 4, 5)]


def test_a_thousand_problems_are_told_and_the_rest_counted() -> None:
    with pytest.raises(FileFaulty) as refused:
        read_master(a_file(*["A,B"] * 1_234), "test.csv", TODAY)
    assert (len(refused.value.problems), refused.value.count) == (1_000, 1_234)
    assert refused.value.problem == "The file has 1,234 problems; nothing was stored."


@pytest.mark.django_db
def test_the_page_says_how_many_more_there_are(signed_in: Callable[[str], Client]) -> None:
    upload = SimpleUploadedFile("master.csv", a_file(*["A,B"] * 1_234), content_type="text/csv")
    page = signed_in("operations").post("/securities/load/", {"file": upload, "check": "1"})
    assert page.status_code == 422
    assert "1,034 more." in text_of(page)


def test_an_apostrophe_before_the_sign_of_a_formula_is_the_exports() -> None:
    content = a_file(GOOD.replace("Vanguard Total", "'-3x Bear").replace(",Test,", ",'tis said,"))
    row = read_master(content, "test.csv", TODAY).rows[0]
    assert (row["name"], row["source"]) == ("-3x Bear Stock Market ETF", "'tis said")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF document"),
        (b"PK\x03\x04 xl/workbook.xml", "an Excel workbook (.xlsx)"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    ],
)
@pytest.mark.parametrize("read", [lambda content: read_master(content, "list.csv", TODAY), None])
def test_a_file_that_is_no_list_is_told_what_it_is_and_what_to_do(
    content: bytes, kind: str, read: Callable[[bytes], object] | None
) -> None:
    with pytest.raises(FileFaulty) as refused:
        (read or (lambda content: read_universes(content, TODAY)))(content)
    problem = refused.value.problems[0]
    assert problem.problem == f"The file is {kind}, whatever its name says."
    assert problem.remedy == "In a spreadsheet, save the list as CSV UTF-8, and load that file."


def test_text_in_another_encoding_is_told_so() -> None:
    with pytest.raises(FileFaulty) as refused:
        read_master(f"{HEADER}\nNESN,,,Nestlé SA".encode("cp1252"), "list.csv", TODAY)
    problem = refused.value.problems[0]
    assert (problem.line, problem.problem) == (2, "The file's text is not in UTF-8.")
