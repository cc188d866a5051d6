"""Rejected rows of lists whose columns were mapped by hand go out, are mended and come back."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.foundation.errors import DomainError
from households.imports.mending import MendRefused
from households.imports.rejected_file import OURS
from households.imports.remembering import delete_mapping
from households.models import ColumnMapping, Import
from tests.firm import Firm
from tests.households.imports.files import BAD, Upload, positions_upload
from tests.households.imports.formats import test_generic_xlsx as xlsx
from tests.households.imports.formats import test_ofx as ofx
from tests.households.imports.formats.acme import FUND, HEADER, LOT_HEADER, NAME, STOCK, TOTAL, acme
from tests.households.imports.mending import downloaded, mend, with_cells
from tests.households.imports.steps import commit, held, stage
from tests.households.imports.test_remembering import make

NAMES = HEADER.split(",")
WRONG = STOCK.replace("800", "800-")
"""MSFT, 2 shares, on line 5: a trailing sign."""


def wrong(firm: Firm, **options: Any) -> Import:
    make(firm)
    return stage(firm, Upload(NAME, acme(FUND, WRONG, TOTAL)), **options)


@pytest.mark.parametrize("format", [None, "mapped"])
def test_a_row_is_mended_under_the_lists_own_names(firm: Firm, format: str | None) -> None:
    import_ = wrong(firm, format=format)
    names, line = downloaded(import_)
    assert names == [*OURS, *NAMES]
    assert line[7:] == ["1234-4321", "MSFT", "Microsoft Corp", "Common Stock", "2", "400", "800-", "500"]
    assert mend(firm, import_, with_cells([names, line], 5, **{"Market Value (USD)": "800"})).still == 0
    import_.refresh_from_db()
    assert (import_.taken, import_.rejected) == (2, 0)
    assert mend(firm, import_, with_cells([names, line], 5, **{"Market Value (USD)": "800"})).rows == 0
    commit(firm, import_)
    assert held(firm.account) == {"VTI": ("fund", 250_000, 200_000), "MSFT": ("stock", 80_000, 50_000)}


def test_a_row_of_a_workbook(firm: Firm) -> None:
    """The only one of its account, which holds nothing before."""
    make(firm)
    bad = ("1234-4321", "MSFT", "Microsoft Corp", "Common Stock", 2, 400, "lots of money", 500)
    import_ = stage(firm, Upload("acme-2026-06-30.xlsx", xlsx.book(xlsx.sheet(NAMES, bad))))
    assert import_.files[0]["format"] == "mapped"
    lines = with_cells(downloaded(import_), 2, **{"Market Value (USD)": "800"})
    assert mend(firm, import_, lines).still == 0


def test_a_row_of_lots_between_semicolons(firm: Firm) -> None:
    """$1,200.00 was the cost; the position is in the list beside it."""
    head = LOT_HEADER.replace(",", ";")
    make(
        firm,
        header=LOT_HEADER.split(","),
        columns={"symbol": "ticker", "quantity": "shares", "cost_basis": "tax cost"},
        rows="lot",
        name="Acme lots",
    )  # fmt: skip
    lots = Upload("lots-2026-06-30.csv", acme("MSFT;02/03/2020;2;1.200,00;", header=head))
    import_ = stage(firm, positions_upload(BAD.replace("1,234.50-", "$5.00")), lots)
    assert [file["rejected"] for file in import_.files] == [0, 1]
    assert mend(firm, import_, with_cells(downloaded(import_), 4, Tax_Cost="1,200.00")).still == 0
    import_.refresh_from_db()
    assert import_.rejected == 0


@pytest.mark.parametrize("cells", [NAMES, ["Total", "", "", "", "", "", "800", "500"], ["Not", "a row"]])
def test_a_row_is_not_mended_into_something_else(firm: Firm, cells: list[str]) -> None:
    import_ = wrong(firm)
    names, line = downloaded(import_)
    if cells == ["Not", "a row"]:
        cells = ["As ever all of this is without any warranty"]
    with pytest.raises(MendRefused):
        mend(firm, import_, [names, [*line[:7], *cells]])
    import_.refresh_from_db()
    assert (import_.taken, import_.rejected) == (1, 1)


def test_rows_of_a_list_whose_mapping_is_gone(firm: Firm) -> None:
    """They are handed out as they were read; back in they do not come."""
    import_ = wrong(firm)
    lines = with_cells(downloaded(import_), 5, **{"Market Value (USD)": "800"})
    delete_mapping(by=firm.advisor, mapping=ColumnMapping.objects.get())
    assert "800-" in downloaded(import_)[1]
    with pytest.raises(DomainError, match="mapping that columns of this import were read by has changed"):
        mend(firm, import_, lines)


@pytest.mark.parametrize("beside", [True, False])
def test_the_page_says_what_to_do_about_rows_of_statements(firm: Firm, client: Client, beside: bool) -> None:
    client.force_login(firm.advisor)
    data = ofx.ofx(ofx.position("037833100", "10", "20.00", "1.234,50"), ofx.FUND)
    more = [positions_upload(BAD)] if beside else []
    import_ = stage(firm, Upload("file.ofx", data), *more)
    text = client.get(reverse("households:import_detail", args=[import_.pk])).content.decode()
    assert "Rows of OFX and Flex statements cannot be mended one by one: file.ofx." in text
    assert "download it again and upload it anew" in text
    assert ("Upload the mended rows" in text) == beside
    import_ = stage(firm, positions_upload(BAD))
    text = client.get(reverse("households:import_detail", args=[import_.pk])).content.decode()
    assert "one by one" not in text
