"""Files of other custodians all the way: staged, committed, and what they leave behind."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from households.imports.commits import commit_import
from households.imports.placing import place_lots
from households.imports.staging import stage_import
from households.imports.uploads import FilesRefused
from households.models import Account, Import, ImportRow, Position, TaxLot
from tests.firm import Firm
from tests.households.imports.files import APPLE, Upload, positions_upload, template_upload
from tests.households.imports.formats import test_generic_xlsx as xlsx
from tests.households.imports.formats import test_ibkr_flex as flex
from tests.households.imports.formats import test_ofx as ofx
from tests.households.imports.formats import test_schwab_realized as realized
from tests.households.imports.formats import test_vanguard_holdings as vanguard

AS_OF = date(2026, 7, 1)


def stage(firm: Firm, *uploads: Upload, **options: Any) -> Import:
    return stage_import(by=firm.advisor, household=firm.household, uploads=uploads, as_of=AS_OF, **options)


def commit(firm: Firm, import_: Import) -> Import:
    return commit_import(by=firm.advisor, import_=import_, as_of=AS_OF)


def held(account: Account) -> dict[str, tuple[str, int, int | None]]:
    return {p.symbol: (p.asset_class, p.market_value, p.cost_basis) for p in account.positions.all()}


def test_an_ofx_statement_becomes_what_is_held(firm: Firm) -> None:
    data = ofx.ofx(ofx.APPLE, ofx.FUND).replace(b"01234567890", b"01234564321")
    import_ = stage(firm, Upload("statement.qfx", data))
    assert (import_.files[0]["format"], import_.files[0]["confidence"], import_.taken) == ("ofx", 3, 3)
    commit(firm, import_)
    assert held(firm.account) == {
        "AAPL": ("stock", 20_000, None),
        "VTI": ("fund", 100_000, None),
        "Cash": ("cash", 5_000, None),
    }
    assert stage(firm, Upload("again.qfx", data)).pk == import_.pk


def test_a_flex_statement_with_lots(firm: Firm) -> None:
    import_ = stage(firm, Upload("flex.xml", flex.flex(flex.APPLE, flex.LOT, account="U4321")))
    assert import_.rejected == 0
    commit(firm, import_)
    assert held(firm.account) == {"AAPL": ("stock", 20_000, 15_000), "Cash": ("cash", 5_001, None)}
    (lot,) = TaxLot.objects.all()
    assert (lot.acquired, lot.cost_basis) == (date(2025, 1, 5), 15_000)


def test_a_workbook_with_lots(firm: Firm) -> None:
    import_ = stage(firm, Upload("a.xlsx", xlsx.book(xlsx.sheet(xlsx.TEMPLATE, xlsx.POSITION, xlsx.LOT))))
    commit(firm, import_)
    assert held(firm.account) == {"MSFT": ("stock", 4_701_000, 30)}
    assert TaxLot.objects.get().market_value == 2_820_600


def test_a_file_without_a_date_takes_the_one_given_beside_it(firm: Firm) -> None:
    data = "\n".join([vanguard.HEADER, vanguard.APPLE]).encode()
    with pytest.raises(FilesRefused) as caught:
        stage(firm, Upload("OfxDownload.csv", data))
    assert "file's name" in caught.value.remedy
    assert Import.objects.count() == 0
    assert stage(firm, Upload("OfxDownload.csv", data), dated=date(2026, 6, 29)).as_of == date(2026, 6, 29)


def test_realized_gains_are_kept_with_the_import_and_change_no_holding(firm: Firm) -> None:
    """1,500.00 long; -100.00 short of which 40.00 is disallowed."""
    commit(firm, stage(firm, positions_upload(APPLE)))
    before = held(firm.account)
    import_ = stage(firm, Upload("realized.csv", realized.realized(realized.LONG, realized.WASHED)))
    assert (import_.taken, import_.rejected) == (2, 0)
    assert import_.files[0]["accounts"][0]["realized"] == {
        "rows": 2,
        "from": "2026-01-01",
        "to": "2026-06-30",
        "short_term": -6_000,
        "long_term": 150_000,
        "term_unknown": 0,
        "disallowed": 4_000,
    }
    commit(firm, import_)
    assert held(firm.account) == before


def test_one_broken_file_of_several_stores_nothing(firm: Firm) -> None:
    with pytest.raises(FilesRefused) as caught:
        stage(firm, positions_upload(APPLE), Upload("cut.qfx", ofx.ofx(ofx.APPLE)[:-20]))
    assert [reason.file for reason in caught.value.refused] == ["cut.qfx"]
    assert Import.objects.count() == ImportRow.objects.count() == Position.objects.count() == 0


def test_many_lots_are_judged_a_few_at_a_time(
    firm: Firm, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    """Seven lots in parts of three, two of them without a position."""
    monkeypatch.setattr("households.imports.placing._AT_ONCE", 3)
    rows = ["XXXX-4321,2026-06-30,position,A,,stock,5,1,5,5,,,"]
    rows += [
        f"XXXX-4321,2026-06-30,lot,{'A' if n < 5 else 'B'},,,1,,1,{n},,2020-01-0{n + 1}," for n in range(7)
    ]
    import_ = stage(firm, template_upload(*rows))
    assert (import_.taken, import_.rejected) == (6, 2)
    with django_assert_max_num_queries(8):
        place_lots(import_)
    import_.refresh_from_db()
    assert (import_.taken, import_.rejected) == (6, 2)


def test_through_the_page(firm: Firm, client: Client) -> None:
    """A statement and a workbook as the advisor uploads them; a cut one is answered on the page."""
    client.force_login(firm.advisor)
    url = reverse("households:import_create", args=[firm.household.pk])

    def upload(name: str, data: bytes) -> Any:
        return client.post(url, {"uploads": [SimpleUploadedFile(name, data)], "format": ""})

    statement = ofx.ofx(ofx.APPLE, ofx.FUND).replace(b"01234567890", b"01234564321")
    text = client.get(upload("statement.ofx", statement).headers["Location"]).content.decode()
    assert "OFX or QFX investment statement" in text
    assert "Commit all 3 rows" in text
    assert "01234564321" not in text
    data = xlsx.book(xlsx.sheet(xlsx.TEMPLATE, xlsx.POSITION))
    text = client.get(upload("a.xlsx", data).headers["Location"]).content.decode()
    assert "Positions template (Excel workbook)" in text
    answer = upload("cut.ofx", statement[:-30])
    assert answer.status_code == 422
    assert "cut.ofx" in answer.content.decode()
    assert "ends before the statement does" in answer.content.decode()
