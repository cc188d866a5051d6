"""Rejected rows go out, are mended, come back, and count as if the file had said so."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

import pytest
from xlsxwriter import Workbook

from households.imports.commits import commit_import
from households.imports.formats.generic_csv import TEMPLATE
from households.imports.mending import Mended, mend_rows, mended_cells
from households.imports.rejected_file import OURS
from households.imports.selectors import plans_of, rejected_rows
from households.imports.staging import map_accounts
from households.models import Account, Change, Import, ImportMend, Position
from tests.firm import Firm
from tests.households.imports.files import (
    APPLE,
    BAD,
    LOT_TITLE,
    Upload,
    lots_upload,
    positions_upload,
    template_upload,
)
from tests.households.imports.formats import test_vanguard_holdings as vanguard
from tests.households.imports.formats.build import row
from tests.households.imports.mending import downloaded, mend, with_cells
from tests.households.imports.steps import AS_OF, commit, held, stage

TOTAL = '"Account Total","--","--","--","$1,434.50","$1,384.50","$50.00","--",'
WORSE = row("VTI", "4", "$250.00", "$1,000.00-", "USD 900", "$100.00", kind="ETFs & Closed End Funds")


def codes(import_: Import) -> list[str]:
    return [warning["code"] for warning in import_.warnings]


def with_cells_of(import_: Import, line: int, **cells: str) -> list[list[str]]:
    return with_cells(downloaded(import_), line, **cells)


def again(import_: Import) -> Import:
    import_.refresh_from_db()
    return import_


def test_the_file_says_whose_row_it_is_what_is_wrong_and_the_cells_as_they_stood(firm: Firm) -> None:
    import_ = stage(firm, positions_upload(APPLE, BAD))
    names, line = downloaded(import_)
    assert names[:9] == [*OURS, "Symbol", "Description"]
    assert line[0] == f"import-{import_.pk.hex[-12:]}"
    assert line[1:5] == ["positions.csv", "5", "Joint, ending 4321", "Market Value"]
    assert "ambiguous" in line[5]
    assert line[6].startswith("Write -1,234.50")
    assert line[7:] == ["MSFT", "MSFT INC", "1", "$5.00", "1,234.50-", "$5.00", "$0.00", "Equity"]


def test_a_mended_row_joins_its_import(firm: Firm) -> None:
    """$200 of AAPL and $1,234.50 of MSFT make the file's total of $1,434.50; one share of each price."""
    import_ = stage(firm, positions_upload(APPLE, BAD, TOTAL))
    assert (import_.taken, import_.rejected) == (1, 1)
    assert "total_not_compared" in codes(import_)
    lines = with_cells(
        downloaded(import_), 5, Price="$1,234.50", Market_Value="$1,234.50", Cost_Basis="$1,234.50"
    )
    assert mend(firm, import_, lines) == Mended(rows=1, still=0)
    again(import_)
    assert (import_.taken, import_.rejected, import_.state) == (2, 0, "staged")
    assert (import_.files[0]["taken"], import_.files[0]["rejected"]) == (2, 0)
    assert "total_not_compared" not in codes(import_)
    (plan,) = plans_of(import_)
    assert (plan.value_after, [staged.symbol for staged in plan.new]) == (143450, ["AAPL", "MSFT"])
    commit(firm, import_)
    assert held(firm.account)["MSFT"] == ("stock", 123450, 123450)
    summary = Change.objects.get(entity="import").new
    assert summary == "committed: 2 rows into 1 account, 1 of the files' rows mended by hand"


def test_a_total_is_compared_anew(firm: Firm) -> None:
    """The mended $5.00 leaves the rows at $205.00, which is not what the file's total says."""
    import_ = stage(firm, positions_upload(APPLE, BAD, TOTAL))
    mend(firm, import_, with_cells_of(import_, 5, Market_Value="$5.00"))
    assert "total_contradicts_rows" in codes(again(import_))


def test_what_is_still_wrong_stays_listed_with_its_new_text(firm: Firm) -> None:
    import_ = stage(firm, positions_upload(APPLE, BAD, WORSE))
    lines = with_cells_of(import_, 6, Market_Value="$1,000.00")
    assert mend(firm, import_, lines) == Mended(rows=1, still=1)
    first, second = rejected_rows(again(import_))
    assert (first.line, first.value) == (5, "1,234.50-")
    assert (second.line, second.field, second.value) == (6, "Cost Basis", "USD 900")
    assert len(second.values["problems"]) == 1
    cells = downloaded(import_)[2]
    assert cells[2] == "6"
    assert "$1,000.00" in cells
    mend(firm, import_, with_cells_of(import_, 6, Cost_Basis="$900.00"))
    assert (again(import_).taken, import_.rejected) == (2, 1)
    assert mended_cells(import_)["positions.csv", 6][4:6] == ("$1,000.00", "$900.00")


def test_the_same_file_twice_is_harmless(firm: Firm) -> None:
    import_ = stage(firm, positions_upload(APPLE, BAD))
    lines = with_cells_of(import_, 5, Market_Value="$5.00")
    mend(firm, import_, lines)
    rows = list(import_.rows.values_list("pk", flat=True))
    assert mend(firm, import_, lines) == Mended(rows=0, still=0)
    assert list(import_.rows.values_list("pk", flat=True)) == rows
    assert ImportMend.objects.count() == 1


def test_an_untouched_file_changes_nothing(firm: Firm) -> None:
    """Though an apostrophe guards the cells that a spreadsheet program would take for formulas."""
    import_ = stage(firm, positions_upload(APPLE, row("-X", "--", "=1", "1,234.50-", "+$5.00", "$0.00")))
    text = [cell for cell in downloaded(import_)[1] if cell]
    assert {"-X", "--", "=1", "+$5.00"} <= set(text)
    guarded = [
        [f"'{cell}" if cell[:1] in tuple("=+-@") else cell for cell in line] for line in downloaded(import_)
    ]
    assert mend(firm, import_, guarded) == Mended(rows=0, still=0)
    assert not ImportMend.objects.exists()


def test_a_guarded_cell_that_was_mended_loses_its_apostrophe(firm: Firm) -> None:
    import_ = stage(firm, positions_upload(APPLE, BAD))
    mend(firm, import_, with_cells_of(import_, 5, Market_Value="'-$5.00"))
    assert mended_cells(import_)["positions.csv", 5][4] == "-$5.00"
    assert import_.rows.get(line=5).values["market_value"] == -500


def test_who_mended_what_is_kept_beside_the_import(firm: Firm) -> None:
    import_ = stage(firm, positions_upload(APPLE, BAD))
    mend(firm, import_, with_cells_of(import_, 5, Market_Value="$5.00"))
    kept = ImportMend.objects.get()
    assert kept.by == firm.advisor
    assert kept.rows == [
        {
            "file": "positions.csv",
            "line": 5,
            "cells": ["MSFT", "MSFT INC", "1", "$5.00", "$5.00", "$5.00", "$0.00", "Equity", ""],
            "changed": [["Market Value", "1,234.50-", "$5.00"]],
        }
    ]


def test_an_amount_that_was_split_in_two_is_put_together(firm: Firm) -> None:
    split = '"MSFT","MSFT INC","10","$123.45",$1,234.50,"$5.00","$1,229.50","Equity",'
    import_ = stage(firm, positions_upload(APPLE, split))
    (names, line) = downloaded(import_)
    assert line[len(names) :] == ["Equity"]
    whole = [*line[:11], "$1,234.50", "$5.00", "$1,229.50", "Equity"]
    assert mend(firm, import_, [names, whole]) == Mended(rows=1, still=0)
    assert import_.rows.get(line=5).values["market_value"] == 123450
    assert again(import_).warnings == stage(firm, positions_upload(APPLE)).warnings


def test_files_of_several_layouts_go_out_under_their_own_names(firm: Firm) -> None:
    """A lot of a security that is not held, and a position that cannot be read."""
    orphan = lots_upload(title=LOT_TITLE.replace("AAPL", "MSFT"), name="msft.csv")
    import_ = stage(firm, positions_upload(APPLE, BAD), orphan)
    lines = downloaded(import_)
    assert [line[1:3] for line in lines if line] == [
        ["File", "Line"], ["msft.csv", "4"], ["msft.csv", "5"], ["File", "Line"], ["positions.csv", "5"],
    ]  # fmt: skip
    assert lines[0][7:9] == ["Open Date", "Quantity"]
    assert mend(firm, import_, with_cells(lines, 5, Market_Value="$5.00")).rows >= 1


def test_a_lot_without_its_position_finds_it_once_that_is_mended(firm: Firm) -> None:
    msft = lots_upload(title=LOT_TITLE.replace("AAPL", "MSFT"), name="msft.csv")
    import_ = stage(firm, positions_upload(APPLE, BAD), msft)
    assert (import_.taken, import_.rejected) == (1, 3)
    lines = [line for line in downloaded(import_) if line and line[1] in ("File", "positions.csv")][1:]
    mend(firm, import_, with_cells(lines, 5, Market_Value="$5.00"))
    assert (again(import_).taken, import_.rejected) == (4, 0)
    assert "lots_do_not_match" in codes(import_)


def test_a_row_of_the_template_may_name_another_account(firm: Firm) -> None:
    """A new account of the file has to be decided, and what was decided before stays."""
    good = "XXXX-4321,2026-06-30,position,AAPL,Apple,stock,10,20.00,200.00,150.00,,,"
    bad = "XXXX-9999,30.6.2026,position,MSFT,Microsoft,stock,1,5.00,5.00,5.00,,,"
    import_ = stage(firm, template_upload(good, bad))
    other = Account.objects.create(household=firm.household, name="IRA", number_ending="77")
    map_accounts(by=firm.advisor, import_=import_, account_map={"Account ending 4321": str(other.pk)})
    before = Import.objects.get().account_map
    mend(firm, import_, with_cells_of(import_, 3, as_of="2026-06-30"))
    after = Import.objects.get().account_map
    assert list(after) == ["Account ending 4321", "Account ending 9999"]
    assert {key: after[key] for key in before} == before
    assert after["Account ending 9999"] == ""


def workbook(lines: Iterable[Sequence[str]], name: str) -> Upload:
    """The lines as the sheet of a workbook."""
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
    return Upload(name, buffer.getvalue())


def test_a_workbook_may_come_back(firm: Firm) -> None:
    import_ = stage(firm, positions_upload(APPLE, BAD))
    upload = workbook(with_cells_of(import_, 5, Market_Value="$5.00"), "rejected-rows.xlsx")
    assert mend_rows(by=firm.advisor, import_=import_, upload=upload).still == 0
    assert again(import_).rejected == 0


def test_a_row_of_a_workbook_is_mended(firm: Firm) -> None:
    """Whose third line is the third row of its sheet."""
    good = ["XXXX-4321", "2026-06-30", "", "AAPL", "Apple", "stock", "10", "20.00", "200.00", "150.00"]
    bad = [*good[:3], "MSFT", "Microsoft", "stock", "1", "5.00", "EUR 5", "5.00"]
    import_ = stage(firm, workbook([TEMPLATE, good, bad], "positions.xlsx"))
    assert (import_.files[0]["format"], import_.taken, import_.rejected) == ("generic_xlsx", 1, 1)
    assert mend(firm, import_, with_cells_of(import_, 3, market_value="5.00")) == Mended(rows=1, still=0)
    assert import_.rows.get(line=3).values["market_value"] == 500


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_program_may_save_with_another_delimiter(firm: Firm, delimiter: str) -> None:
    import_ = stage(firm, positions_upload(APPLE, BAD))
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(with_cells_of(import_, 5, Market_Value="$5.00"))
    upload = Upload("rejected-rows.csv", text.getvalue().encode())
    assert mend_rows(by=firm.advisor, import_=import_, upload=upload) == Mended(rows=1, still=0)


def test_the_date_given_at_the_upload_counts_again(firm: Firm) -> None:
    data = "\n".join([vanguard.HEADER, vanguard.APPLE, vanguard.APPLE.replace("AAPL", "")]).encode()
    data = data.replace(b"APPLE INC,,", b",,")
    import_ = stage(firm, Upload("OfxDownload.csv", data), dated=date(2026, 6, 29))
    described = dict(import_.files[0])
    assert import_.rejected == 1
    mend(firm, import_, with_cells_of(import_, 3, Symbol="MSFT"))
    assert (again(import_).as_of, import_.rejected) == (date(2026, 6, 29), 0)
    same = ("confidence", "sha256", "dated", "asked", "as_of")
    assert {key: import_.files[0][key] for key in same} == {key: described[key] for key in same}


def test_the_original_is_what_was_uploaded_whatever_was_mended(firm: Firm) -> None:
    import_ = stage(firm, positions_upload(APPLE, BAD))
    content = import_.content_sha256
    mend(firm, import_, with_cells_of(import_, 5, Market_Value="$5.00"))
    assert again(import_).content_sha256 == content
    assert stage(firm, positions_upload(APPLE, BAD)) == import_
    commit_import(by=firm.advisor, import_=import_, as_of=AS_OF)
    assert Position.objects.count() == 2
