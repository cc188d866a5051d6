"""Files of different days in one upload: what they are headed with, and whose lots count."""

from datetime import date

import pytest

from households.imports.selectors import rejected_rows
from households.imports.staging import stage_import
from households.models import Import
from tests.firm import Firm
from tests.households.imports.files import APPLE, FUND, Upload, lots_upload, positions_upload
from tests.households.imports.formats import test_schwab_realized as realized

pytestmark = pytest.mark.django_db
OLD = '"Positions for account Joint XXXX-4321 as of 04:00 PM ET, 09/25/2020"'
NEWER_LOTS = '"AAPL Lot Details for XXXX-4321 as of 04:00 PM ET, 07/31/2026"'


def stage(firm: Firm, *uploads: Upload) -> Import:
    return stage_import(by=firm.advisor, household=firm.household, uploads=uploads)


def gains() -> Upload:
    return Upload("realized.csv", realized.realized(realized.LONG))


def test_the_date_of_holdings_is_that_of_the_positions(firm: Firm) -> None:
    import_ = stage(firm, positions_upload(APPLE, title=OLD), gains())
    assert import_.as_of == date(2020, 9, 25)
    assert {file["as_of"] for file in import_.files} == {"2020-09-25", "2026-06-30"}


def test_without_positions_it_is_that_of_the_lots_then_of_what_there_is(firm: Firm) -> None:
    assert stage(firm, lots_upload(title=NEWER_LOTS), gains()).as_of == date(2026, 7, 31)
    assert stage(firm, gains()).as_of == date(2026, 6, 30)


def test_lots_of_what_is_not_held_are_rejected_for_that_and_not_for_another_file(firm: Firm) -> None:
    import_ = stage(
        firm,
        positions_upload(FUND),
        lots_upload(name="june.csv"),
        lots_upload(title=NEWER_LOTS, name="july.csv"),
    )
    told = {(row.file, row.problem) for row in rejected_rows(import_)}
    assert {file for file, _ in told} == {"june.csv", "july.csv"}
    assert {problem for _, problem in told} == {
        "There is no position AAPL, neither in these files nor in the account."
    }


def test_lots_of_what_is_held_count_by_the_newest_file(firm: Firm) -> None:
    import_ = stage(
        firm,
        positions_upload(APPLE),
        lots_upload(name="june.csv"),
        lots_upload(title=NEWER_LOTS, name="july.csv"),
    )
    assert {(row.file, row.problem) for row in rejected_rows(import_)} == {
        ("june.csv", "july.csv lists the lots of this security too, and counts in place of this file.")
    }
