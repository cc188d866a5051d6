"""The review queue as a file: the view's rows in its order, of what the reader may see."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from advisory.recommendations.models import Decision
from advisory.supervision import services
from advisory.supervision.models import Review
from advisory.supervision.services import open_reviews
from advisory.supervision.tables import EXPORT_HEADER
from households.foundation.formats import stamp
from households.models import ExportRecord, Household

pytestmark = pytest.mark.django_db


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def exported(user: Any, kind: str = "csv", **asked: str) -> Any:
    answer = client_of(user).get(f"/reviews/export.{kind}", asked)
    content = b"".join(answer.streaming_content)
    if kind == "csv":
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_a_row_says_what_the_queue_says(firm: Any, review: Review) -> None:
    (row,) = exported(firm.compliance)
    decision = review.decision
    assert row == {
        "review": str(review.pk), "recommendation": str(review.recommendation_id),
        "household": "Example household", "account": "Joint brokerage", "recommended": "UMA",
        "decision": "Accepted", "chosen": "UMA", "advisor": "Advisor Tester",
        "decided at": stamp(decision.recorded_at), "risk": "normal", "state": "Waiting",
        "reviewer": "Compliance Tester", "opened at": stamp(decision.recorded_at), "age days": "0",
        "due": review.due.isoformat(), "overdue": "no",
    }  # fmt: skip
    Review.objects.update(due=timezone.localdate() - timedelta(days=1), owner=None)
    (row,) = exported(firm.compliance)
    assert (row["overdue"], row["reviewer"]) == ("yes", "")


def test_a_workbook_keeps_days_and_numbers(firm: Any, review: Review) -> None:
    header, row = exported(firm.compliance, "xlsx")
    assert tuple(header) == EXPORT_HEADER
    named = dict(zip(header, row, strict=True))
    assert named["due"] == review.due
    assert isinstance(named["due"], date)
    assert named["age days"] == 0


def queued(user: Any, **asked: str) -> list[str]:
    """The reviews that the page lists, from the top."""
    table = client_of(user).get("/reviews/", asked).context["table"]
    return [str(row.record.pk) for row in table.paginated_rows]


def test_it_is_the_view_in_its_order(firm: Any, decided: Callable[..., Decision]) -> None:
    first = decided()
    open_reviews()
    services.act(
        by=firm.compliance, review=Review.objects.get(), action="returned", reason="Say more about it."
    )
    decided(kind="overridden", chosen="SMA", reason_codes=["sponsor_exception"], corrects=first)
    open_reviews()
    assert Review.objects.count() == 2
    for asked, count in (
        ({}, 1), ({"state": ""}, 2), ({"state": "closed"}, 1), ({"decision": "overridden"}, 1),
        ({"sort": "decision", "state": ""}, 2), ({"sort": "-decision", "state": ""}, 2),
        ({"search": "nobody"}, 0),
    ):  # fmt: skip
        rows = [row["review"] for row in exported(firm.compliance, **asked)]
        assert rows == queued(firm.compliance, **asked), asked
        assert len(rows) == count, asked


def test_every_file_is_recorded(firm: Any, review: Review) -> None:
    exported(firm.compliance, "xlsx", state="overdue")
    record = ExportRecord.objects.get()
    assert (record.by, record.what, record.filter, record.rows) == (
        firm.compliance, "reviews", "state=overdue", 0,
    )  # fmt: skip


def test_no_cell_is_a_formula(firm: Any, review: Review) -> None:
    Household.objects.update(name='=HYPERLINK("http://x")')
    assert exported(firm.compliance)[0]["household"] == '\'=HYPERLINK("http://x")'
    assert exported(firm.compliance, "xlsx")[1][2] == '=HYPERLINK("http://x")'


def test_only_what_the_reader_sees(firm: Any, review: Review) -> None:
    assert len(exported(firm.supervisor)) == len(exported(firm.examiner)) == 1
    Household.objects.filter(pk=firm.household.pk).update(advisor=firm.stranger)
    assert exported(firm.supervisor) == exported(firm.examiner) == []
    assert len(exported(firm.compliance)) == 1
    assert client_of(firm.advisor).get("/reviews/export.csv").status_code == 403


def test_another_kind_is_not_found(firm: Any, review: Review) -> None:
    assert client_of(firm.compliance).get("/reviews/export.pdf").status_code == 404
    assert not ExportRecord.objects.exists()


def test_the_page_offers_the_files_of_its_view(firm: Any, review: Review) -> None:
    page = client_of(firm.compliance).get("/reviews/?risk=normal").content.decode()
    for kind in ("csv", "xlsx"):
        assert f'href="/reviews/export.{kind}?risk=normal"' in page
