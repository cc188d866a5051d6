"""Mending rejected rows, and the files as they were uploaded, through the pages of an import."""

import csv
import hashlib
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from households.imports.commits import discard_import
from households.imports.originals import Damaged, original_bytes
from households.models import ExportRecord, Import, ImportFile
from tests.firm import Firm
from tests.households.imports.files import APPLE, BAD, Upload, lots_upload, positions_upload
from tests.households.imports.formats import test_schwab_realized as realized
from tests.households.imports.formats.build import row
from tests.households.imports.mending import as_upload, downloaded, mend, with_cells
from tests.households.imports.steps import stage


@pytest.fixture
def page(firm: Firm, client: Client) -> Client:
    """The advisor's browser."""
    client.force_login(firm.advisor)
    return client


@pytest.fixture
def import_(firm: Firm) -> Import:
    return stage(firm, positions_upload(APPLE, BAD))


def address(name: str, import_: Import, *more: Any) -> str:
    return reverse(f"households:import_{name}", args=[import_.pk, *more])


def text_of(client: Client, import_: Import) -> str:
    return client.get(address("detail", import_)).content.decode()


def send(client: Client, import_: Import, lines: list[list[str]]) -> Any:
    file = SimpleUploadedFile("rejected-rows.csv", as_upload(lines).getvalue(), "text/csv")
    return client.post(address("mend", import_), {"mended": file})


def test_out_mended_and_back_in(page: Client, import_: Import) -> None:
    assert "Upload the mended rows" in text_of(page, import_)
    answer = page.get(address("rejected", import_))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = with_cells(list(csv.reader(io.StringIO(text))), 5, Market_Value="$5.00")
    answer = send(page, import_, lines)
    assert answer.headers["Location"] == address("detail", import_)
    text = text_of(page, import_)
    assert "1 row mended and taken" in text
    assert "Commit all 2 rows" in text
    assert "Rows rejected</h2>" not in text
    for words in ("Rows mended", "Market Value", "1,234.50-", "$5.00"):
        assert words in text


def test_the_same_again_says_that_nothing_was_changed(page: Client, import_: Import) -> None:
    send(page, import_, downloaded(import_))
    assert "The file says what stands here already. Nothing was changed." in text_of(page, import_)


def test_what_is_still_rejected_is_told(page: Client, import_: Import) -> None:
    send(page, import_, with_cells(downloaded(import_), 5, Market_Value="1.234,50"))
    text = text_of(page, import_)
    assert "1 row mended, 1 of them still rejected" in text
    assert "1.234,50" in text


def test_refused_rows_answer_422_with_every_reason(page: Client, import_: Import) -> None:
    lines = downloaded(import_)
    answer = send(page, import_, [*lines, [*lines[1][:2], "77", *lines[1][3:]]])
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in text
    assert 'href="#id_mended"' in text
    assert "no rejected row on line 77" in text
    assert page.post(address("mend", import_)).status_code == 422


def test_a_settled_import_answers_409(page: Client, firm: Firm, import_: Import) -> None:
    lines = downloaded(import_)
    discard_import(by=firm.advisor, import_=import_)
    answer = send(page, import_, lines)
    assert answer.status_code == 409
    assert "This import is discarded; its rows cannot be mended any more." in answer.content.decode()
    assert "Upload the mended rows" not in answer.content.decode()


def test_readers_may_look_and_not_mend(page: Client, firm: Firm, import_: Import) -> None:
    page.force_login(firm.compliance)
    assert "Upload the mended rows" not in text_of(page, import_)
    assert send(page, import_, downloaded(import_)).status_code == 403


def test_the_file_as_it_was_uploaded(page: Client, firm: Firm) -> None:
    """Byte for byte, an attachment that no browser shows, recorded; for readers too, not for strangers."""
    upload = positions_upload(APPLE, name="Übersicht <b>.csv")
    import_ = stage(firm, upload)
    file = ImportFile.objects.get()
    assert (file.name, file.size) == ("Übersicht <b>.csv", len(upload.getvalue()))
    assert file.sha256 == hashlib.sha256(upload.getvalue()).hexdigest() == import_.files[0]["sha256"]
    where = address("original", import_, file.pk)
    assert where in text_of(page, import_)
    for user in (firm.advisor, firm.compliance):
        page.force_login(user)
        answer = page.get(where)
        assert b"".join(answer.streaming_content) == upload.getvalue()
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        record = ExportRecord.objects.latest("at")
        assert (record.by, record.what) == (user, "original import file")
        assert file.sha256 in record.filter
    page.force_login(firm.stranger)
    assert page.get(where).status_code == 404
    assert ExportRecord.objects.count() == 2


def test_a_file_is_found_under_its_own_import_only(page: Client, firm: Firm, import_: Import) -> None:
    other = stage(firm, positions_upload(APPLE))
    file = ImportFile.objects.get(source_import=import_)
    assert page.get(address("original", other, file.pk)).status_code == 404


def test_every_file_is_kept_once_and_for_good(firm: Firm) -> None:
    upload = positions_upload(APPLE)
    import_ = stage(firm, upload, lots_upload(), positions_upload(APPLE, name="again.csv"))
    assert sorted(import_.importfiles.values_list("name", flat=True)) == ["lots.csv", "positions.csv"]
    discard_import(by=firm.advisor, import_=import_)
    assert original_bytes(import_.importfiles.get(name="positions.csv")) == upload.getvalue()
    assert len(bytes(ImportFile.objects.get(name="positions.csv").packed)) < len(upload.getvalue())


def test_a_kept_file_that_is_not_what_was_uploaded_is_not_handed_out(import_: Import) -> None:
    file = ImportFile.objects.get()
    file.sha256 = "0" * 64
    with pytest.raises(Damaged):
        original_bytes(file)


def test_the_command_keeps_its_files_and_a_dry_run_keeps_nothing(firm: Firm, tmp_path: Any) -> None:
    path = tmp_path / "positions.csv"
    path.write_bytes(positions_upload(APPLE).getvalue())
    for dry, kept in ((True, 0), (False, 1)):
        call_command(
            "import_positions", str(path), household=str(firm.household.pk), dry_run=dry, stdout=io.StringIO()
        )
        assert ImportFile.objects.count() == kept
    assert original_bytes(ImportFile.objects.get()) == path.read_bytes()


def test_the_page_says_how_sure_the_format_is(page: Client, firm: Firm) -> None:
    sure = stage(firm, positions_upload(APPLE), lots_upload())
    assert text_of(page, sure).count("Recognized by its title or its whole header") == 2


def test_the_page_shows_realized_gains_by_account(page: Client, firm: Firm) -> None:
    """$1,500.00 long; $100.00 lost of which $40.00 is disallowed: -$60.00 short; $1,440.00 net."""
    data = realized.realized(realized.LONG, realized.WASHED)
    text = text_of(page, stage(firm, Upload("realized.csv", data)))
    cells = [f'<td class="num">{cell}</td>' for cell in ("−$60.00", "$1,500.00", "$1,440.00")]
    assert "".join(cells) + '<td class="num">$40.00</td><td class="num">2</td>' in text
    assert "Jan 1, 2026 to Jun 30, 2026" in text
    assert "Realized gains" not in text_of(page, stage(firm, positions_upload(APPLE)))


def test_a_mended_sale_counts_in_the_sums(firm: Firm) -> None:
    """The $1,500.00 gain joins the loss of $60.00."""
    broken = realized.LONG.replace('"$1,500.00","$1,500.00"', '"1.500,00","$1,500.00"')
    import_ = stage(firm, Upload("realized.csv", realized.realized(broken, realized.WASHED)))
    assert import_.files[0]["accounts"][0]["realized"]["long_term"] == 0
    lines = with_cells(downloaded(import_), 3, **{"Gain/Loss ($)": "$1,500.00"})
    assert mend(firm, import_, lines).still == 0
    import_.refresh_from_db()
    sums = import_.files[0]["accounts"][0]["realized"]
    assert (sums["long_term"], sums["short_term"], sums["rows"]) == (150_000, -6_000, 2)


def test_of_mended_rows_only_those_on_the_page_are_loaded(page: Client, firm: Firm) -> None:
    """53 rows in two uploads, 50 a page: rows 51 to 53 on the second, which says nothing of the first."""
    broken = [row(f"T{n}", "1", "$5.00", "5.00-", "$5.00", "$0.00") for n in range(53)]
    import_ = stage(firm, positions_upload(*broken))
    lines = downloaded(import_)
    for part in (lines[1:3], lines[3:]):
        part = [lines[0], *part]
        for line in part[1:]:
            part = with_cells(part, int(line[2]), Market_Value="$5.00")
        mend(firm, import_, part)
    shown = page.get(address("detail", import_)).context["mended"]
    assert (len(shown), shown.paginator.count) == (50, 53)
    assert [found["line"] for found in shown][:3] == [4, 5, 6]
    answer = page.get(address("detail", import_), {"mended": "2"})
    assert [(found["line"], found["changed"][0][1:]) for found in answer.context["mended"]] == [
        (line, ["5.00-", "$5.00"]) for line in (54, 55, 56)
    ]
    assert "Pages of mended rows" in answer.content.decode()
    with CaptureQueriesContext(connection) as queries:
        text_of(page, import_)
    asked = [found["sql"] for found in queries if "importmend" in found["sql"]]
    assert all(', "households_importmend"."rows"' not in sql for sql in asked)
