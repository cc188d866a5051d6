"""What does not mend a rejected row of this import changes nothing, and is told row by row."""

import pytest

from households.foundation.errors import DomainError
from households.imports import mending, rejected_file
from households.imports.commits import discard_import
from households.imports.mending import MendRefused, mend_rows
from households.imports.rejected_file import OURS
from households.models import Import, ImportFile, ImportMend
from tests.firm import Firm
from tests.households.imports.files import APPLE, BAD, FUND, Upload, positions_upload, template_upload
from tests.households.imports.formats import test_ofx as ofx
from tests.households.imports.mending import as_upload, downloaded, mend, with_cells
from tests.households.imports.steps import commit, stage

POSITION = "XXXX-4321,2026-06-30,position,{},,stock,1,5.00,{},5.00,,,"


def refused(firm: Firm, import_: Import, lines: list[list[str]]) -> tuple[str, ...]:
    """The reasons for which lines are refused; nothing is stored of them."""
    rows = list(import_.rows.values_list("pk", flat=True))
    with pytest.raises(MendRefused) as caught:
        mend(firm, import_, lines)
    assert list(import_.rows.values_list("pk", flat=True)) == rows
    assert not ImportMend.objects.exists()
    return caught.value.reasons


@pytest.fixture
def import_(firm: Firm) -> Import:
    return stage(firm, positions_upload(APPLE, BAD, FUND))


@pytest.fixture
def lines(import_: Import) -> list[list[str]]:
    return downloaded(import_)


def moved(lines: list[list[str]], **own: str) -> list[list[str]]:
    """The only row with other values in our own columns."""
    return [
        lines[0],
        [own.get(name, cell) for name, cell in zip(OURS, lines[1], strict=False)] + lines[1][7:],
    ]


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ({"Line": "99"}, "there is no rejected row on line 99 of positions.csv."),
        ({"Line": "3"}, "there is no rejected row on line 3 of positions.csv."),
        ({"Line": "five"}, "“five” is no line of positions.csv."),
        ({"File": "other.csv"}, "this import has no file other.csv."),
        ({"Import": "import-000000000000"}, "the row belongs to another import."),
        ({"Line": "4"}, "line 4 of positions.csv was taken as it stands; only rejected rows are mended."),
    ],
)
def test_a_row_that_has_no_place_here(
    firm: Firm, import_: Import, lines: list[list[str]], own: dict[str, str], words: str
) -> None:
    (reason,) = refused(firm, import_, moved(lines, **own))
    assert reason.startswith("Line 2 of your file: ")
    assert words in reason


def test_a_row_of_another_import_with_the_same_file_and_line(firm: Firm, import_: Import) -> None:
    commit(firm, import_, only_good=True)
    other = stage(firm, positions_upload(APPLE, BAD))
    assert [line[1:3] for line in downloaded(other)] == [line[1:3] for line in downloaded(import_)]
    (reason,) = refused(firm, other, with_cells(downloaded(import_), 5, Market_Value="$5.00"))
    assert "belongs to another import" in reason


def test_all_or_none_and_every_reason_is_told(firm: Firm, import_: Import, lines: list[list[str]]) -> None:
    good = with_cells(lines, 5, Market_Value="$5.00")
    strange = [[*good[1][:2], str(line), *good[1][3:]] for line in range(100, 130)]
    reasons = refused(firm, import_, [*good, *strange])
    assert len(reasons) == 21
    assert reasons[-1] == "And 10 more rows like these."


def test_a_good_row_that_comes_along_unchanged_is_harmless(
    firm: Firm, import_: Import, lines: list[list[str]]
) -> None:
    apple = [cell.strip('"') for cell in APPLE.rstrip(",").split('","')]
    good = with_cells(lines, 5, Market_Value="$5.00")
    assert mend(firm, import_, [*good, [*good[1][:2], "4", *good[1][3:7], *apple]]).rows == 1


def test_one_row_twice(firm: Firm, import_: Import, lines: list[list[str]]) -> None:
    one, other = (with_cells(lines, 5, Market_Value=value) for value in ("$5.00", "$6.00"))
    (reason,) = refused(firm, import_, [*one, other[1]])
    assert reason == "Line 3 of your file: it comes twice, with different cells. Keep one of the two."
    assert mend(firm, import_, [*one, one[1]]).rows == 1


def test_a_row_cannot_be_emptied(firm: Firm, import_: Import, lines: list[list[str]]) -> None:
    (reason,) = refused(firm, import_, [lines[0], lines[1][:7]])
    assert "To leave a row out, delete it from this file" in reason


@pytest.mark.parametrize(
    "cells",
    [
        ["Positions for account Trust XXXX-9999 as of 06/30/2026"],
        ["Symbol", "Description", "Quantity", "Price", "Market Value", "Cost Basis"],
        ["Account Total", "--", "--", "--", "$200.00", "$150.00"],
    ],
)
def test_a_mended_row_cannot_be_a_title_a_header_or_a_total(
    firm: Firm, import_: Import, lines: list[list[str]], cells: list[str]
) -> None:
    """Each of them would give the rows below it to another account, or to another total."""
    reasons = refused(firm, import_, [lines[0], [*lines[1][:7], *cells]])
    assert any("Line 5 of positions.csv would not be read as a row" in reason for reason in reasons)


def test_a_mended_row_cannot_push_a_good_one_out(firm: Firm, import_: Import, lines: list[list[str]]) -> None:
    """Line 5 made the same as line 6, which was taken."""
    fund = ["VTI", "VTI INC", "4", "$250.00", "$1,000.00", "$900.00", "$100.00", "ETFs & Closed End Funds"]
    (reason,) = refused(firm, import_, [lines[0], [*lines[1][:7], *fund]])
    assert reason == (
        "Line 6 of positions.csv was taken and must stay as it is. With the mended rows: "
        "This is line 5 once more."
    )


def test_a_mended_row_cannot_change_the_date_of_the_others(firm: Firm) -> None:
    """The first row of an account says its date."""
    staged = stage(firm, template_upload(POSITION.format("MSFT", "5.00-"), POSITION.format("AAPL", "5.00")))
    assert staged.rejected == 1
    lines = with_cells(downloaded(staged), 2, as_of="2026-05-31", market_value="5.00")
    assert any("Line 3 of template.csv was taken" in reason for reason in refused(firm, staged, lines))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"Symbol,Quantity\nMSFT,1\n", "This is not the file of rejected rows."),
        (",".join(OURS).encode(), "The file has no rows."),
        (b"\x89PNG\r\n\x1a\n", "PNG picture"),
        ((",".join(OURS) + '\nimport-1,a.csv,"5\nx,y\n').encode(), "Line 2 of the file cannot be read"),
    ],
)
def test_another_file(firm: Firm, import_: Import, text: bytes, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        mend_rows(by=firm.advisor, import_=import_, upload=Upload("file.csv", text))


def test_too_many_rows(
    firm: Firm, import_: Import, lines: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rejected_file, "MAX_ROWS", 2)
    with pytest.raises(DomainError, match="more than 2 rows"):
        mend(firm, import_, [*lines, lines[1], lines[1]])


@pytest.mark.parametrize("state", ["committed", "discarded"])
def test_only_an_import_that_waits_is_mended(
    firm: Firm, import_: Import, lines: list[list[str]], state: str
) -> None:
    if state == "committed":
        commit(firm, import_, only_good=True)
    else:
        discard_import(by=firm.advisor, import_=import_)
    with pytest.raises(DomainError, match=f"This import is {state}") as caught:
        mend(firm, import_, lines)
    assert caught.value.status == 409


def test_rows_of_a_statement_have_no_line_of_their_own(firm: Firm) -> None:
    """Several may stand on one line of OFX, so the statement as a whole has to come again."""
    data = ofx.ofx(ofx.position("037833100", "10", "20.00", "1.234,50"), ofx.FUND)
    staged = stage(firm, Upload("file.ofx", data))
    assert staged.rejected == 1
    (names, line) = downloaded(staged)
    assert names == list(OURS)
    assert "1.234,50" in line
    with pytest.raises(DomainError, match="Single rows of these files cannot be mended"):
        mend(firm, staged, [names, line])


def test_an_import_from_before_files_were_kept(firm: Firm) -> None:
    old = Import.objects.create(
        household=firm.household, by=firm.advisor, content_sha256="0" * 64,
        files=[{"name": "a.csv", "format": "schwab_positions", "accounts": []}],
    )  # fmt: skip
    assert not ImportFile.objects.filter(source_import=old).exists()
    with pytest.raises(DomainError, match="Single rows of these files cannot be mended") as caught:
        mend_rows(by=firm.advisor, import_=old, upload=as_upload([list(OURS)]))
    assert caught.value.status == 409


def test_an_import_is_mended_so_often_and_no_more(
    firm: Firm, import_: Import, lines: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What says nothing new is no mend, before and after."""
    monkeypatch.setattr(mending, "MAX_MENDS", 2)
    for value in ("6.00-", "7.00-"):
        mend(firm, import_, with_cells(lines, 5, Market_Value=value))
    assert mend(firm, import_, with_cells(lines, 5, Market_Value="7.00-")).rows == 0
    with pytest.raises(DomainError, match="mended 2 times, and no more often") as told:
        mend(firm, import_, with_cells(lines, 5, Market_Value="$5.00"))
    assert told.value.status == 409
    assert "upload it anew" in told.value.remedy
    assert ImportMend.objects.count() == 2
