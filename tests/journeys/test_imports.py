"""An import's other ways: bad rows mended and brought back, and a commit that is taken back."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.test_advisor import stat, upload
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SAMPLES = Path(settings.BASE_DIR) / "households" / "imports" / "samples"


def an_account(visitor: Visitor, household: str) -> None:
    """A new household with an account whose number ends as in the samples; ends on the household's page."""
    visitor.log_in("advisor@demo.example")
    steps.add_household(visitor, household)
    steps.add_return(visitor)
    steps.add_account(visitor, "Brokerage", ending="204")
    back_to(visitor, household)


def back_to(visitor: Visitor, household: str) -> None:
    """The household's page, by the way that the page shows."""
    trail = visitor.page.get_by_role("navigation", name="Breadcrumb")
    trail.get_by_role("link", name=household, exact=True).click()
    visitor.heading(household)


def test_bad_rows_are_downloaded_mended_and_uploaded(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    """JPM's $72,000 makes NVDA's 180,000 and 50,000 in cash the 302,000 that the file's total says."""
    visitor = visit("mending")
    page = visitor.page
    an_account(visitor, "The Mendelsohn household")
    upload(visitor, SAMPLES / "broken-amount.csv")
    assert (stat(page, "Rows taken"), stat(page, "Rows rejected")) == ("2", "1")
    expect(visitor.panel("Warnings")).to_contain_text("the total line was not compared")
    visitor.look("rejected rows")
    path = tmp_path / "rejected-rows.csv"
    with page.expect_download() as coming:
        visitor.panel("Rows rejected").get_by_role("link", name="Download as CSV").click()
    coming.value.save_as(path)
    names, row = list(csv.reader(path.open(encoding="utf-8-sig", newline="")))
    assert row[names.index("Market Value")] == "1,234.50-"
    save(path, names, [*row[:2], "4", *row[3:]])
    with visitor.refused():
        send(visitor, path)
        expect(page.get_by_role("alert")).to_contain_text(
            "line 4 of broken-amount.csv was taken as it stands"
        )
    visitor.look("refused rows")
    row[names.index("Market Value")] = "$72,000.00"
    save(path, names, row)
    send(visitor, path)
    expect(page.get_by_text("1 row mended and taken.")).to_be_visible()
    assert (stat(page, "Rows taken"), stat(page, "Rows rejected")) == ("3", "0")
    expect(page.get_by_text("was not compared")).to_have_count(0)
    mended = visitor.panel("Rows mended")
    expect(mended).to_contain_text("1,234.50-")
    expect(mended).to_contain_text("$72,000.00")
    visitor.look("mended rows")
    visitor.press("Commit all 3 rows")
    visitor.follow("Go to Brokerage")
    visitor.heading("Brokerage")
    expect(page.locator("dl.stats")).to_contain_text("$302,000")
    visitor.nothing_went_wrong()


def save(path: Path, names: list[str], row: list[str]) -> None:
    """As a spreadsheet program does."""
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([names, row])


def send(visitor: Visitor, path: Path) -> None:
    """Choose the file and upload it."""
    visitor.page.get_by_label("Mended rows", exact=True).set_input_files(str(path))
    visitor.press("Upload the mended rows")


def test_a_commit_is_undone(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    """$500,000 is held; a list of NVDA alone makes it $180,000; undone, it is $500,000 again."""
    visitor = visit("undoing")
    page = visitor.page
    household = "The Rewald household"
    an_account(visitor, household)
    upload(visitor, SAMPLES / "schwab-positions.csv", SAMPLES / "schwab-lots-NVDA.csv")
    visitor.press("Commit all 8 rows")
    back_to(visitor, household)
    lines = (SAMPLES / "schwab-positions.csv").read_text().splitlines(keepends=True)
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("".join([lines[0].replace("10/30", "10/31"), *lines[1:4]]))
    upload(visitor, wrong)
    visitor.press("Commit 1 row")
    visitor.look("committed")
    page.get_by_role("link", name="The file as uploaded").click(trial=True)
    visitor.follow("Undo this import")
    visitor.heading("Undo the import of Oct 31, 2026")
    put_back = page.get_by_role("region", name="Table of what is put back in Brokerage")
    expect(put_back.get_by_role("row", name="VTI")).to_contain_text("500 units, $145,000.00")
    visitor.look("undo")
    visitor.press("Undo this import")
    expect(page.get_by_text("The import is undone.")).to_be_visible()
    visitor.look("undone")
    steps.open_account(visitor, household, "Brokerage")
    expect(page.locator("dl.stats")).to_contain_text("$500,000")
    back_to(visitor, household)
    upload(visitor, wrong)
    expect(page.get_by_role("button", name="Commit 1 row")).to_be_visible()
    visitor.nothing_went_wrong()
