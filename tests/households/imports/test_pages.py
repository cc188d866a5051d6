"""The import through its pages: upload, check, map, commit, discard, download."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from households.imports.samples import SAMPLES
from households.models import ExportRecord, Import, Position, TaxLot
from tests.firm import Firm
from tests.households.imports.files import APPLE, BAD, CASH, Upload, lots_upload, positions_upload
from tests.households.imports.formats import test_vanguard_holdings as vanguard
from tests.households.imports.formats.build import row


@pytest.fixture
def page(firm: Firm, client: Client) -> Client:
    """The advisor's browser."""
    client.force_login(firm.advisor)
    return client


def upload(client: Client, firm: Firm, *uploads: Upload, format: str = "") -> Any:
    files = [SimpleUploadedFile(u.name, u.getvalue(), "text/csv") for u in uploads]
    url = reverse("households:import_create", args=[firm.household.pk])
    return client.post(url, {"uploads": files, "format": format})


def detail(import_: Import) -> str:
    return reverse("households:import_detail", args=[import_.pk])


def act(client: Client, import_: Import, action: str, **data: str) -> Any:
    return client.post(reverse(f"households:import_{action}", args=[import_.pk]), data)


def test_the_upload_page_offers_template_and_samples(page: Client, firm: Firm) -> None:
    text = page.get(reverse("households:import_create", args=[firm.household.pk])).content.decode()
    assert 'enctype="multipart/form-data"' in text
    assert " multiple" in text
    assert reverse("households:import_template", args=["csv"]) in text
    for name in SAMPLES:
        assert reverse("households:import_sample", args=[name]) in text


def test_upload_check_and_commit(page: Client, firm: Firm) -> None:
    answer = upload(page, firm, positions_upload(APPLE, CASH), lots_upload())
    import_ = Import.objects.get()
    assert answer.headers["Location"] == detail(import_)
    text = page.get(detail(import_)).content.decode()
    assert "Commit all 4 rows" in text
    assert "What would change in Joint brokerage" in text
    assert "2 new, 0 changed, 0 gone, 0 unchanged; 2 lots" in text
    assert Position.objects.count() == 0
    answer = act(page, import_, "commit", rows="all")
    assert answer.headers["Location"] == detail(import_)
    text = page.get(detail(import_)).content.decode()
    assert "Committed" in text
    assert "stock, 10 units, $200.00, cost $150.00" in text
    assert "Commit all" not in text
    assert (Position.objects.count(), TaxLot.objects.count()) == (2, 2)


def test_the_same_files_again_are_said_to_be_known(page: Client, firm: Firm) -> None:
    upload(page, firm, positions_upload(APPLE))
    act(page, Import.objects.get(), "commit", rows="all")
    answer = upload(page, firm, positions_upload(APPLE))
    assert "imported before. Nothing was changed" in page.get(answer.headers["Location"]).content.decode()
    assert Import.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("broken-picture.csv", "PNG picture"),
        ("broken-empty.csv", "The submitted file is empty|The file is empty"),
        ("broken-columns.csv", "The column Market Value is missing"),
    ],
)
def test_files_that_cannot_be_read_answer_422_and_stage_nothing(
    page: Client, firm: Firm, name: str, words: str
) -> None:
    answer = upload(page, firm, Upload(name, SAMPLES[name].path.read_bytes()))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in text
    assert any(word in text for word in words.split("|"))
    assert name in text
    assert Import.objects.count() == 0


def test_no_file_and_too_many_answer_422(page: Client, firm: Firm) -> None:
    assert "Choose one or more files" in upload(page, firm).content.decode()
    answer = upload(page, firm, *[positions_upload(APPLE, name=f"{n}.csv") for n in range(21)])
    assert answer.status_code == 422
    assert "More than 20 files" in answer.content.decode()


def test_an_upload_beyond_the_limit_is_dropped_as_it_arrives(page: Client, firm: Firm, settings: Any) -> None:
    """31 MB against a limit of 30: answered with the limit, and no file of it is kept."""
    kept: list[str] = []

    class Keeper(FileUploadHandler):
        def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
            kept.append(f"{start + len(raw_data)}")

        def file_complete(self, file_size: int) -> None:
            kept.append("complete")

    settings.FILE_UPLOAD_HANDLERS = [
        "households.imports.quota.QuotaUploadHandler",
        f"{__name__}.{Keeper.__name__}",
    ]
    globals()[Keeper.__name__] = Keeper
    answer = upload(page, firm, Upload("big.csv", b"a,b\n" * (32 * 1024 * 256)))
    assert answer.status_code == 422
    assert "larger than 30 MB together" in answer.content.decode()
    assert "complete" not in kept
    assert max(int(size) for size in kept) <= 30 * 1024 * 1024
    assert Import.objects.count() == 0


def test_a_wrong_format_is_corrected_by_hand(page: Client, firm: Firm) -> None:
    wrong = upload(page, firm, positions_upload(APPLE), format="schwab_lots")
    assert wrong.status_code == 422
    assert "Open Date is missing" in wrong.content.decode()
    assert upload(page, firm, positions_upload(APPLE), format="schwab_positions").status_code == 302


def test_rejected_rows_show_line_field_value_problem_and_remedy(page: Client, firm: Firm) -> None:
    upload(page, firm, positions_upload(APPLE, BAD))
    import_ = Import.objects.get()
    text = page.get(detail(import_)).content.decode()
    for words in ("Line 5", "positions.csv", "Market Value", "1,234.50-", "ambiguous", "Write -1,234.50"):
        assert words in text
    assert "Commit the 1 good row" in text
    refused = act(page, import_, "commit", rows="all")
    assert refused.status_code == 409
    assert "1 row was rejected, so not everything can be committed" in refused.content.decode()
    assert Position.objects.count() == 0
    act(page, import_, "commit", rows="good")
    assert Position.objects.count() == 1


def test_rejected_rows_as_csv_run_no_formula_and_are_recorded(page: Client, firm: Firm) -> None:
    formula = row('=HYPERLINK("x")'.replace('"', ""), "=1+1", "$1", "$1", "$1", "$0")
    upload(page, firm, positions_upload(APPLE, formula))
    answer = page.get(reverse("households:import_rejected", args=[Import.objects.get().pk]))
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert lines[0][:8] == ["Import", "File", "Line", "Account", "Field", "Problem", "What to do", "Symbol"]
    assert lines[1][1:5] == ["positions.csv", "5", "Joint, ending 4321", "Quantity"]
    assert lines[1][9] == "'=1+1"
    assert not any(cell[:1] in "=+-@" for line in lines for cell in line if cell)
    record = ExportRecord.objects.get()
    assert (record.by, record.rows) == (firm.advisor, 1)


def test_accounts_are_mapped_on_the_page(page: Client, firm: Firm) -> None:
    upload(
        page, firm, positions_upload(APPLE, title='"Positions for account Trust XXXX-9999 as of 06/30/2026"')
    )
    import_ = Import.objects.get()
    text = page.get(detail(import_)).content.decode()
    assert "Choose which account Trust, ending 9999 belongs to" in text
    assert "Commit all" not in text
    refused = act(page, import_, "commit", rows="all")
    assert refused.status_code == 409
    assert 'href="#id_account_0"' in refused.content.decode()
    wrong = page.post(detail(import_), {"account_0": str(firm.others_account.pk)})
    assert wrong.status_code == 422
    assert page.post(detail(import_), {"account_0": str(firm.account.pk)}).status_code == 302
    assert "Commit 1 row<" in page.get(detail(import_)).content.decode()


def test_discard(page: Client, firm: Firm) -> None:
    upload(page, firm, positions_upload(APPLE))
    import_ = Import.objects.get()
    act(page, import_, "discard")
    assert "Discarded" in page.get(detail(import_)).content.decode()
    assert act(page, import_, "commit", rows="all").status_code == 409


def test_a_stranger_gets_404_and_readers_may_only_look(page: Client, firm: Firm) -> None:
    upload(page, firm, positions_upload(APPLE, BAD))
    import_ = Import.objects.get()
    names = ("detail", "rejected")
    page.force_login(firm.stranger)
    assert page.get(reverse("households:import_create", args=[firm.household.pk])).status_code == 404
    for name in names:
        assert page.get(reverse(f"households:import_{name}", args=[import_.pk])).status_code == 404
    assert act(page, import_, "commit", rows="good").status_code == 404
    assert act(page, import_, "discard").status_code == 404
    page.force_login(firm.compliance)
    text = page.get(detail(import_)).content.decode()
    assert "Commit or discard" not in text
    assert act(page, import_, "commit", rows="good").status_code == 403
    page.force_login(firm.administrator)
    assert page.get(detail(import_)).status_code == 403


def test_template_and_samples_are_downloads(page: Client) -> None:
    answer = page.get(reverse("households:import_template", args=["csv"]))
    assert b"".join(answer.streaming_content).decode("utf-8-sig").startswith("account,as_of,row_type,symbol")
    for name, sample in SAMPLES.items():
        answer = page.get(reverse("households:import_sample", args=[name]))
        assert "attachment" in answer.headers["Content-Disposition"]
        assert b"".join(answer.streaming_content) == sample.path.read_bytes()
    assert page.get(reverse("households:import_sample", args=["permissions.py"])).status_code == 404


def test_the_queries_of_the_page_do_not_grow_with_the_file(
    page: Client, firm: Firm, django_assert_max_num_queries: Any
) -> None:
    upload(
        page,
        firm,
        positions_upload(*[row(f"S{n}", "1", "$1.00", "$1.00", "$1.00", "$0.00") for n in range(300)]),
    )
    with django_assert_max_num_queries(25):
        text = page.get(detail(Import.objects.get())).content.decode()
    assert "And 100 more" in text  # 200 of 300 differences are listed
    assert "Page 6" in text  # 300 rows taken, 50 a page


def test_an_import_that_waits_is_found_again_from_its_household(client: Client, firm: Firm) -> None:
    client.force_login(firm.advisor)
    page = f"/households/{firm.household.pk}/"
    assert "waiting to be checked" not in client.get(page).content.decode()
    waiting = Import.objects.create(household=firm.household, by=firm.advisor, content_sha256="0" * 64)
    assert f"/imports/{waiting.pk}/" in client.get(page).content.decode()


def test_the_template_as_a_workbook(page: Client) -> None:
    answer = page.get(reverse("households:import_template", args=["xlsx"]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheet_names == ["Positions", "How to fill it in"]
    assert page.get(reverse("households:import_template", args=["pdf"])).status_code == 404


def test_a_date_given_stands_for_one_the_file_does_not_say(page: Client, firm: Firm) -> None:
    data = "\n".join([vanguard.HEADER, vanguard.APPLE]).encode()
    url = reverse("households:import_create", args=[firm.household.pk])
    for given, status in (("", 422), ("2026-06-29", 302)):
        file = SimpleUploadedFile("OfxDownload.csv", data, "text/csv")
        assert page.post(url, {"uploads": [file], "dated": given}).status_code == status
    assert str(Import.objects.get().as_of) == "2026-06-29"
