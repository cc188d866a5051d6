"""Mended rows beside the other files of their import: nothing else moves or is read in another way."""

from typing import Any

import pytest

from households.foundation.errors import DomainError
from households.imports import mending
from households.imports.arriving import read_again
from households.imports.mending import MendRefused
from households.imports.remembering import delete_mapping
from households.imports.waiting import keep_upload
from households.models import ColumnMapping, Import
from tests.firm import Firm
from tests.households.imports.files import Upload, arrived
from tests.households.imports.formats.acme import FUND, NAME, STOCK, acme
from tests.households.imports.mending import downloaded, mend, with_cells
from tests.households.imports.steps import stage
from tests.households.imports.test_remembering import make

HEAD = "account,as_of,symbol,quantity,market_value,asset_class"


def a_list(name: str, *rows: str) -> Upload:
    return Upload(name, "\n".join((HEAD, *rows, "")).encode())


def test_a_mended_row_throws_out_no_row_of_another_file(firm: Firm) -> None:
    """A newer list of the same account would count instead of the older one, whose rows were taken."""
    older = a_list(
        "a.csv", "XXXX-4321,2026-06-10,AAPL,1,100.00,stock", "XXXX-4321,2026-06-10,MSFT,1,30.00,stock"
    )
    newer = a_list(
        "b.csv", "XXXX-9999,2026-06-20,VTI,1,500.00,fund", "XXXX-9999,2026-06-20,ACME,1,10.00-,stock"
    )
    import_ = stage(firm, older, newer)
    lines = with_cells(downloaded(import_), 3, account="XXXX-4321", market_value="10.00")
    with pytest.raises(MendRefused):
        mend(firm, import_, lines)
    import_.refresh_from_db()
    assert (import_.taken, import_.rejected) == (3, 1)


def mapped_beside_template(firm: Firm) -> Import:
    """A list that is read by a mapping, and the template with a row that is rejected."""
    mapping = make(firm)
    day = "XXXX-9999,2026-06-30"
    broken = a_list("template.csv", f"{day},VTI,1,500.00,fund", f"{day},ACME,1,10.00-,stock")
    import_ = stage(firm, Upload(NAME, acme(FUND, STOCK)), broken)
    assert (import_.rejected, import_.files[0]["mapping"]["id"]) == (1, str(mapping.pk))
    return import_


def test_rows_are_mended_beside_a_list_whose_columns_are_mapped(firm: Firm) -> None:
    import_ = mapped_beside_template(firm)
    taken = import_.taken
    assert mend(firm, import_, with_cells(downloaded(import_), 3, market_value="10.00")).still == 0
    import_.refresh_from_db()
    assert (import_.taken, import_.rejected) == (taken + 1, 0)


@pytest.mark.parametrize("change", ["changed", "deleted"])
def test_nothing_is_mended_once_a_mapping_reads_otherwise(firm: Firm, change: str) -> None:
    import_ = mapped_beside_template(firm)
    lines = with_cells(downloaded(import_), 3, market_value="10.00")
    mapping = ColumnMapping.objects.get()
    if change == "deleted":
        delete_mapping(by=firm.advisor, mapping=mapping)
    else:
        columns = {name: key for name, key in mapping.columns.items() if name != "cost_basis"}
        make(firm, columns=columns, seen=mapping.revision)
    with pytest.raises(
        DomainError, match="mapping that columns of this import were read by has changed"
    ) as told:
        mend(firm, import_, lines)
    assert told.value.status == 409


def test_nothing_is_stored_that_was_read_by_two_mappings(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changed between the two readings of one mend: that is said, and once it is put right it is mended."""
    import_ = mapped_beside_template(firm)
    lines = with_cells(downloaded(import_), 3, market_value="10.00")
    mapping = ColumnMapping.objects.get()
    fewer = {name: key for name, key in mapping.columns.items() if name != "description"}
    as_staged = mending._as_staged

    def then_changed(*args: Any) -> Any:
        found = as_staged(*args)
        make(firm, columns=fewer, seen=mapping.revision)
        return found

    monkeypatch.setattr(mending, "_as_staged", then_changed)
    with pytest.raises(DomainError, match="mapping that columns of this import were read by has changed"):
        mend(firm, import_, lines)
    monkeypatch.undo()
    make(firm, columns=mapping.columns, seen=mapping.revision + 1)
    assert mend(firm, import_, lines).still == 0


def test_an_import_with_mended_rows_is_not_read_by_another_mapping(firm: Firm) -> None:
    import_ = mapped_beside_template(firm)
    mend(firm, import_, with_cells(downloaded(import_), 3, market_value="10.00"))
    files = arrived(Upload(NAME, acme(FUND, STOCK)))
    waiting = keep_upload(by=firm.advisor, household=firm.household, arrived=files, staged=import_)
    with pytest.raises(DomainError, match="Rows of this import were mended") as told:
        read_again(by=firm.advisor, waiting=waiting)
    assert told.value.status == 409
