"""A list that nobody knows: its columns are mapped and corrected; by mouse, by keys, without script."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Locator, expect

from tests.journeys import steps
from tests.journeys.test_keyboard import Keys
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SAMPLE = Path(settings.BASE_DIR) / "households" / "imports" / "samples" / "acme-trust-2026-10-30.csv"
MAP, READ = "Map the columns of this file", "Remember and read the file"


def listing(tmp_path: Path, column: str) -> Path:
    """The sample under a header of its own: what others have mapped does not count."""
    path = tmp_path / f"acme-{column.lower()}-2026-10-30.csv"
    path.write_text(SAMPLE.read_text().replace("Est. Yield", column))
    return path


def bring(visitor: Visitor, household: str, file: Path) -> None:
    """A household of its own, and the file to it; ends where the columns are asked."""
    steps.add_household(visitor, household)
    steps.add_account(visitor, "Brokerage", ending="0204")
    visitor.follow(household)
    visitor.follow("Import holdings")
    visitor.page.get_by_label("Files", exact=True).set_input_files(str(file))


def cells(visitor: Visitor, symbol: str) -> Locator:
    """The row of a symbol in the preview."""
    preview = visitor.page.get_by_role("region", name="First rows as they would be read")
    return preview.get_by_role("row", name=symbol)


def test_mapped_read_and_corrected(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    visitor = visit("import-columns")
    page = visitor.page
    visitor.log_in("advisor@demo.example")
    bring(visitor, "The Tolland household", listing(tmp_path, "Mouse"))
    visitor.press("Upload and check")
    visitor.heading(MAP)
    expect(page.get_by_label("Market value", exact=True).locator("option:checked")).to_have_text(
        "Market Value (USD) (25,000.00)"
    )
    expect(cells(visitor, "VTI")).to_contain_text("$25,000.00")
    visitor.look("columns guessed")
    page.get_by_label("Quantity", exact=True).select_option("")
    expect(page.locator("#preview")).to_contain_text("Say which column holds the quantity.")
    with visitor.refused():
        visitor.press(READ)
        summary = page.get_by_role("alert", name="There is a problem")
        expect(summary).to_be_focused()
        visitor.look("columns missing")
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("Quantity", exact=True)).to_be_focused()
    page.get_by_label("Quantity", exact=True).select_option(label="Shares (100)")
    page.get_by_label("Market value", exact=True).select_option(label="Unit Price (250.00)")
    page.get_by_label("Price", exact=True).select_option("")
    expect(cells(visitor, "MSFT")).to_contain_text("$400.00")
    page.get_by_label("Name of this mapping").fill("Acme Trust, by mouse")
    visitor.press(READ)
    visitor.heading("Holdings as of Oct 30, 2026")
    expect(page.get_by_text("Read with the mapping Acme Trust, by mouse")).to_be_visible()
    visitor.follow("Change the mapping")
    page.get_by_label("Market value", exact=True).select_option(label="Market Value (USD) (25,000.00)")
    expect(cells(visitor, "MSFT")).to_contain_text("$8,000.00")
    visitor.look("mapping to change")
    visitor.press(READ)
    expect(page.get_by_text("Nothing held before, $64,500.25 after.")).to_be_visible()
    visitor.look("import read by a mapping")
    visitor.press("Commit all 4 rows")
    expect(page.get_by_text("Committed").first).to_be_visible()
    visitor.follow("See the mapping")
    visitor.heading("Acme Trust, by mouse")
    visitor.look("mapping")
    visitor.follow("Mapped columns")
    visitor.look("mappings")
    visitor.nothing_went_wrong()


def test_by_keys_alone(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    """On a small screen as well."""
    visitor = visit("import-columns-keys", viewport={"width": 320, "height": 700})
    keys, page = Keys(visitor), visitor.page
    visitor.log_in("advisor@demo.example")
    bring(visitor, "The Ibsen household", listing(tmp_path, "Keys"))
    keys.press(page.get_by_role("button", name="Upload and check"))
    visitor.heading(MAP)
    visitor.glance("columns at 320 pixels")
    line = page.get_by_label("Line with the names")
    keys.reach(line)
    expect(line.locator("option:checked")).to_contain_text("4: Acct #, Ticker")
    keys.press(page.get_by_role("button", name="Use this line"))
    visitor.heading(MAP)
    cost = page.get_by_label("Cost basis", exact=True)
    keys.reach(cost)
    page.keyboard.press("Home")
    expect(cost.locator("option:checked")).to_have_text("Not in the file")
    page.keyboard.type("Tax")
    expect(cost.locator("option:checked")).to_have_text("Tax Cost (20,000.00)")
    expect(cells(visitor, "VTI")).to_contain_text("$20,000.00")
    keys.press(page.get_by_role("button", name=READ))
    visitor.heading("Holdings as of Oct 30, 2026")
    keys.press(page.get_by_role("button", name="Commit all 4 rows"))
    expect(page.get_by_text("Committed").first).to_be_visible()
    keys.press(page.get_by_role("link", name="See the mapping"))
    visitor.heading(re.compile("^List with Acct #, Ticker, Security Name"))
    visitor.glance("mapping at 320 pixels")
    visitor.nothing_went_wrong()


def test_without_script(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    visitor = visit("import-columns-no-script", java_script_enabled=False)
    page = visitor.page
    visitor.log_in("advisor@demo.example")
    bring(visitor, "The Quimby household", listing(tmp_path, "Plain"))
    visitor.press("Upload and check")
    visitor.heading(MAP)
    page.get_by_label("Cost basis", exact=True).select_option("")
    visitor.press("Show again")
    expect(cells(visitor, "VTI")).not_to_contain_text("$20,000.00")
    visitor.press(READ)
    visitor.heading("Holdings as of Oct 30, 2026")
    visitor.follow("Change the mapping")
    page.get_by_label("Line with the names").select_option(label="8: XXXX-0204, Cash balance, Cash, 1,500.25")
    visitor.press("Use this line")
    expect(page.get_by_text("The header line holds a value")).to_be_visible()
    visitor.follow("Back to the import")
    visitor.heading("Holdings as of Oct 30, 2026")
    visitor.nothing_went_wrong()


def test_a_known_list_with_a_column_missing(visit: Callable[..., Visitor]) -> None:
    """Refused with its reason, and mapping offered beside it."""
    visitor = visit("import-columns-offered")
    page = visitor.page
    visitor.log_in("advisor@demo.example")
    bring(visitor, "The Osgood household", SAMPLE.with_name("broken-columns.csv"))
    with visitor.refused():
        visitor.press("Upload and check")
        expect(page.get_by_role("alert", name="There is a problem")).to_contain_text(
            "Market Value is missing"
        )
        visitor.look("mapping offered")
    visitor.follow("Map its columns yourself")
    visitor.heading(MAP)
    expect(page.locator("#preview")).to_contain_text("NVDA")
    visitor.look("what there is")
    visitor.press("Do not import")
    visitor.confirm("Let go")
    visitor.heading("Import holdings")
    visitor.nothing_went_wrong()
