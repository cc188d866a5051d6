"""From a list that nobody knows to a staged import: the page where its columns are mapped."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.imports.samples import SAMPLES
from households.models import ColumnMapping, Import, ImportRow, Position, WaitingUpload
from tests.firm import Firm
from tests.households.imports.formats.acme import CASH, FUND, HEADER, LOT_HEADER, NAME, STOCK, TOTAL, acme
from tests.households.imports.formats.test_generic_xlsx import book, sheet

WHOLE = acme(FUND, STOCK, CASH, TOTAL)


@pytest.fixture
def page(firm: Firm, client: Client) -> Client:
    """The advisor's browser."""
    client.force_login(firm.advisor)
    return client


def upload(
    client: Client, firm: Firm, data: bytes = WHOLE, *more: bytes, name: str = NAME, **given: str
) -> Any:
    files = [SimpleUploadedFile(name, data, "text/csv")]
    files += [SimpleUploadedFile(f"{n}-{name}", other, "text/csv") for n, other in enumerate(more)]
    return client.post(
        reverse("households:import_create", args=[firm.household.pk]), {"uploads": files, **given}
    )


def fields(client: Client, url: str) -> dict[str, str]:
    """What the page's form would send as it stands."""
    form = client.get(url).context["form"]
    sent = {bound.name: bound.value() for bound in form if bound.value() is not None}
    return {name: str(value) for name, value in sent.items()}


def send(client: Client, url: str, do: str = "read", **changed: str) -> Any:
    return client.post(url, fields(client, url) | {"do": do} | changed)


def test_from_an_unknown_list_to_positions(page: Client, firm: Firm) -> None:
    answer = upload(page, firm)
    waiting = WaitingUpload.objects.get()
    url = reverse("households:import_columns", args=[waiting.pk])
    assert answer.headers["Location"] == url
    shown = page.get(url)
    text = shown.content.decode()
    for words in ("from line 3", "Market Value (USD)", "1234-4321", "Vanguard Total Stock Market ETF"):
        assert words in text
    assert [(row.symbol, row.value) for row in shown.context["rows"]] == [
        ("VTI", 250_000), ("MSFT", 80_000), ("Cash balance", 10_050),
    ]  # fmt: skip
    answer = send(page, url, name="Acme Trust holdings")
    import_ = Import.objects.get()
    assert answer.headers["Location"] == reverse("households:import_detail", args=[import_.pk])
    assert (import_.taken, import_.rejected, str(import_.as_of)) == (3, 0, "2026-06-30")
    text = page.get(answer.headers["Location"]).content.decode()
    assert "Read with the mapping Acme Trust holdings" in text
    assert "Made by Advisor Tester on" in text
    assert f"{url}?file=1" in text
    page.post(reverse("households:import_commit", args=[import_.pk]), {"rows": "all"})
    assert {(p.symbol, p.market_value) for p in Position.objects.all()} == {
        ("VTI", 250_000), ("MSFT", 80_000), ("Cash balance", 10_050),
    }  # fmt: skip
    assert page.get(url).status_code == 404  # settled: the files are not kept any more


def test_the_next_file_is_recognized_by_itself_whoever_brings_it(page: Client, firm: Firm) -> None:
    upload(page, firm)
    send(page, reverse("households:import_columns", args=[WaitingUpload.objects.get().pk]))
    page.force_login(firm.operations)
    answer = upload(page, firm, acme(FUND).upper(), name="later-2026-07-31.csv")
    import_ = Import.objects.get(by=firm.operations)
    assert answer.headers["Location"] == reverse("households:import_detail", args=[import_.pk])
    assert (import_.taken, str(import_.as_of)) == (1, "2026-07-31")
    assert import_.files[0]["mapping"]["by"] == "Advisor Tester"
    assert "Read with the mapping List with " in page.get(answer.headers["Location"]).content.decode()


def test_the_same_content_twice_is_the_same_import(page: Client, firm: Firm) -> None:
    upload(page, firm)
    send(page, reverse("households:import_columns", args=[WaitingUpload.objects.get().pk]))
    upload(page, firm)
    import_ = Import.objects.get()
    page.post(reverse("households:import_commit", args=[import_.pk]), {"rows": "all"})
    answer = upload(page, firm)
    assert Import.objects.count() == 1
    assert "imported before. Nothing was changed" in page.get(answer.headers["Location"]).content.decode()


def test_a_wrong_mapping_is_corrected_and_the_file_read_again(page: Client, firm: Firm) -> None:
    upload(page, firm)
    url = reverse("households:import_columns", args=[WaitingUpload.objects.get().pk])
    first = send(page, url, column_market_value="5", column_price="")
    wrong = Import.objects.get()
    assert ImportRow.objects.filter(values__symbol="VTI").get().values["market_value"] == 25_000
    assert "Change the mapping" in page.get(first.headers["Location"]).content.decode()
    send(page, f"{url}?file=1", column_market_value="6", column_price="5")
    wrong.refresh_from_db()
    assert wrong.state == Import.State.DISCARDED
    right = Import.objects.get(state=Import.State.STAGED)
    assert right.rows.get(values__symbol="VTI").values["market_value"] == 250_000
    assert ColumnMapping.objects.get().revision == 2
    again = send(page, url)  # as it is: nothing happens
    assert again.headers["Location"] == reverse("households:import_detail", args=[right.pk])
    assert Import.objects.count() == 2


def test_a_wrong_date_is_corrected(page: Client, firm: Firm) -> None:
    upload(page, firm, name="acme.csv")
    url = reverse("households:import_columns", args=[WaitingUpload.objects.get().pk])
    shown = page.get(url)
    assert "Give the date of the values" in shown.content.decode()
    assert [row.symbol for row in shown.context["rows"]] == ["VTI", "MSFT", "Cash balance"]
    refused = send(page, url)
    assert refused.status_code == 422
    assert "Give the date of the values, or choose the column" in refused.content.decode()
    send(page, url, dated="2026-06-29")
    send(page, url, dated="2026-06-30")
    assert str(Import.objects.get(state=Import.State.STAGED).as_of) == "2026-06-30"


def test_a_date_that_nobody_says_is_asked_for(page: Client, firm: Firm) -> None:
    """The mapping is known, the date is not: the page asks instead of a refusal."""
    upload(page, firm)
    send(page, reverse("households:import_columns", args=[WaitingUpload.objects.get().pk]))
    answer = upload(page, firm, acme(STOCK), name="next.csv")
    assert "/imports/columns/" in answer.headers["Location"]
    send(page, answer.headers["Location"], dated="2026-07-31")
    assert Import.objects.filter(as_of="2026-07-31").exists()
    assert (
        upload(page, firm, acme(CASH), name="n.csv", dated="2026-08-31")
        .headers["Location"]
        .startswith("/imports/")
    )


def test_what_is_missing_or_doubled_is_said_at_its_select(page: Client, firm: Firm) -> None:
    upload(page, firm)
    url = reverse("households:import_columns", args=[WaitingUpload.objects.get().pk])
    for changed, words in (
        ({"column_quantity": ""}, "Say which column holds the quantity"),
        ({"column_price": "6"}, "is taken already: Market value"),
        ({"column_acquired": "0", "column_account": ""}, "purchases do"),
        ({"column_symbol": "99"}, "Say which column holds the symbol"),
        ({"name": ""}, "Enter name of this mapping"),
        ({"dated": "soon"}, "must be a date"),
    ):
        refused = send(page, url, **changed)
        assert refused.status_code == 422
        assert words in refused.content.decode()
        assert "There is a problem" in refused.content.decode()
    assert not ColumnMapping.objects.exists()
    assert not Import.objects.exists()


def test_a_list_that_is_refused_all_the_same_can_be_sent_again(page: Client, firm: Firm) -> None:
    """The mapping is remembered by then; its own maker is no conflict."""
    upload(page, firm, acme(TOTAL, TOTAL))
    url = reverse("households:import_columns", args=[WaitingUpload.objects.get().pk])
    sent = fields(page, url) | {"do": "read"}
    for _ in range(2):
        refused = page.post(url, sent)
        assert refused.status_code == 422
        assert "a header and no rows" in refused.content.decode()
        sent |= {"seen": str(refused.context["form"]["seen"].value())}
    assert ColumnMapping.objects.get().revision == 1


def test_another_line_can_be_the_header(page: Client, firm: Firm) -> None:
    upload(page, firm, acme("Shares,held,by the client", HEADER, STOCK, header="Acme,Symbol,Shares,Value"))
    url = reverse("households:import_columns", args=[WaitingUpload.objects.get().pk])
    assert page.get(url).context["at"].found.header.line == 5
    assert page.get(f"{url}?header=3").context["at"].found.header.cells[0] == "Acme"
    data = page.get(f"{url}?header=6")
    assert "holds a value" in data.content.decode()
    refused = page.post(url, {"header": "6", "do": "read", "name": "Rows", "dated": "2026-06-30"})
    assert refused.status_code == 422
    assert not ColumnMapping.objects.exists()
    for odd in ("999", "0", "-1", "x", "99999999999999"):
        assert page.get(f"{url}?header={odd}&file={odd}").status_code == 200


def test_a_preview_stores_nothing(page: Client, firm: Firm) -> None:
    upload(page, firm, acme(FUND, STOCK.replace(",800,", ",1234.50-,")))
    url = reverse("households:import_columns", args=[WaitingUpload.objects.get().pk])
    live = page.post(url, fields(page, url), headers={"HX-Request": "true"})
    text = live.content.decode()
    assert "<html" not in text
    assert "1234.50-" in text and "ambiguous" in text
    assert "Preview: 1 row read, 1 rejected." in text
    lacking = page.post(url, fields(page, url) | {"column_symbol": ""}, headers={"HX-Request": "true"})
    assert "Say which column holds the symbol" in lacking.content.decode()
    plain = send(page, url, "preview", column_market_value="5", column_price="")
    assert plain.status_code == 200
    assert re.search(r"\$250\.00", plain.content.decode())
    assert not ColumnMapping.objects.exists()
    assert not Import.objects.exists()


def test_several_files_are_mapped_one_after_another(page: Client, firm: Firm) -> None:
    lots = acme("MSFT,02/11/2020,2,500,", header=LOT_HEADER)
    upload(page, firm, WHOLE, lots)
    url = reverse("households:import_columns", args=[WaitingUpload.objects.get().pk])
    assert "File 1 of 2" in page.get(url).content.decode()
    on = send(page, url, name="Acme holdings")
    assert on.headers["Location"] == f"{url}?file=2"
    assert not Import.objects.exists()
    send(page, on.headers["Location"], name="Acme lots", file="2")
    import_ = Import.objects.get()
    assert (import_.taken, import_.rejected, len(import_.files)) == (4, 0, 2)
    text = page.get(reverse("households:import_detail", args=[import_.pk])).content.decode()
    assert "Read with the mapping Acme holdings" in text and "Read with the mapping Acme lots" in text


def test_a_workbook_of_an_unknown_custodian(page: Client, firm: Firm) -> None:
    made = book(
        sheet(("Acme",), ("Ticker", "Shares", "Worth", "Valuation Date"), ("VTI", 10, 2500.5, "06/30/2026"))
    )
    upload(page, firm, made, name="acme.xlsx")
    url = reverse("households:import_columns", args=[WaitingUpload.objects.get().pk])
    refused = send(page, url)
    assert "Say which column holds the market value" in refused.content.decode()
    send(page, url, column_market_value="2")
    import_ = Import.objects.get()
    assert (import_.taken, str(import_.as_of)) == (1, "2026-06-30")
    assert import_.rows.get().values["market_value"] == 250_050


def test_mapping_by_choice_whatever_the_file_looks_like(page: Client, firm: Firm) -> None:
    data = SAMPLES["schwab-positions.csv"].path.read_bytes()
    answer = upload(page, firm, data, name="schwab-2026-10-30.csv", format="mapped")
    url = answer.headers["Location"]
    send(page, url, name="Ours")
    assert Import.objects.get().files[0]["mapping"]["name"] == "Ours"
    assert upload(page, firm, data).status_code == 302
    assert "mapping" not in Import.objects.filter(state="staged").first().files[0]  # type: ignore[union-attr]
    picture = upload(page, firm, SAMPLES["broken-picture.csv"].path.read_bytes(), format="mapped")
    assert (picture.status_code, "PNG picture" in picture.content.decode()) == (422, True)
    assert "/imports/columns/" in upload(page, firm, data, format="mapped").headers["Location"]


def test_a_known_file_with_a_column_missing_is_refused_and_mapping_offered(page: Client, firm: Firm) -> None:
    refused = upload(page, firm, SAMPLES["broken-columns.csv"].path.read_bytes(), name="broken.csv")
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "The column Market Value is missing" in text
    url = reverse("households:import_columns", args=[WaitingUpload.objects.get().pk])
    assert f'href="{url}"' in text
    assert page.get(url).status_code == 200
    again = page.get(reverse("households:import_create", args=[firm.household.pk])).content.decode()
    assert "An upload waits for its columns" in again and f'href="{url}"' in again
    answer = page.post(reverse("households:import_columns_forget", args=[WaitingUpload.objects.get().pk]))
    assert answer.headers["Location"] == reverse("households:import_create", args=[firm.household.pk])
    assert not WaitingUpload.objects.exists()


def test_only_the_uploader_and_only_for_a_day(page: Client, firm: Firm) -> None:
    upload(page, firm)
    waiting = WaitingUpload.objects.get()
    url = reverse("households:import_columns", args=[waiting.pk])
    forget = reverse("households:import_columns_forget", args=[waiting.pk])
    for other, status in (
        (firm.stranger, 404),
        (firm.operations, 404),
        (firm.compliance, 403),
        (firm.administrator, 403),
    ):
        page.force_login(other)
        assert (
            page.get(url).status_code == page.post(url).status_code == page.post(forget).status_code == status
        )
    page.force_login(firm.advisor)
    WaitingUpload.objects.update(created_at=timezone.now() - timedelta(hours=25))
    gone = page.get(url)
    assert gone.status_code == 404
    assert "upload them again" in gone.content.decode()
    assert page.post(url).status_code == page.post(forget).status_code == 404
