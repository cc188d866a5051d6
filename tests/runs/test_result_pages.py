"""What a bulk review found, through the pages and as files, and what the pages cost."""

import csv
import io
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from advisory.recommendations.models import Recommendation
from advisory.runs import services
from advisory.runs.models import Run, RunResult
from advisory.runs.queue import claim
from advisory.runs.scoring import carry_out
from households.foundation import formats
from households.models import Account, ExportRecord, Household
from tests.recommendations.reading import client_of
from tests.runs.book import build_book
from tests.runs.conftest import start, worked_off
from tests.runs.reading import html_of

pytestmark = pytest.mark.django_db


def _shrink(accounts: list[Account]) -> None:
    """To $30,000, below every program's minimum."""
    for account in accounts:
        account.intake.account_value = account.intake.direct_index_value = 3_000_000
        account.intake.save()
        Household.objects.filter(pk=account.household_id).update(revision=F("revision") + 1)


@pytest.fixture
def flipped(house: Any) -> Run:
    """A second run in which three accounts fell below every minimum."""
    worked_off(start(house.operations))
    _shrink(house.accounts[:3])
    return worked_off(start(house.operations))


# --- results ---------------------------------------------------------------------------------------------


def test_results_are_filtered_and_lead_to_the_records(house: Any, flipped: Run) -> None:
    client = client_of(house.compliance)
    html = html_of(client, "runs:run_results", flipped.pk, query="?show=flipped")
    assert "3 accounts" in html
    result = RunResult.objects.filter(run=flipped, flipped=True).first()
    assert reverse("recommendations:recommendation", args=[result.recommendation_id]) in html
    assert reverse("households:household", args=[result.account.household_id]) in html
    assert result.why in html.replace("&#x27;", "'")
    assert "No result here" in html_of(client, "runs:run_results", flipped.pk, query="?show=failed")


def test_a_supervisor_sees_results_of_the_own_office_only(house: Any, flipped: Run) -> None:
    Household.objects.filter(pk=house.accounts[0].household_id).update(advisor=house.stranger)
    mine = html_of(client_of(house.supervisor), "runs:run_results", flipped.pk, query="?show=flipped")
    all_of_them = html_of(client_of(house.operations), "runs:run_results", flipped.pk, query="?show=flipped")
    name = house.accounts[0].household.name
    assert name in all_of_them
    assert name not in mine
    rows = _download(client_of(house.supervisor), "runs:run_export", flipped)
    assert name not in {row["household"] for row in rows}


def test_the_page_says_which_outcomes_changed(house: Any, flipped: Run) -> None:
    page = html_of(client_of(house.operations), "runs:run", flipped.pk)
    assert flipped.flipped == 3
    assert "Outcomes before and after" in page
    assert "Neither" in page
    assert flipped.title in page


def test_the_page_says_what_the_run_covers_and_names_no_strangers_client(house: Any) -> None:
    asked = {"key": "k1", "filter": "q=Household+00003&review=none"}
    client_of(house.operations).post(reverse("runs:run_create"), asked)
    run = Run.objects.get()
    assert "search Household 00003; review No date set" in html_of(
        client_of(house.compliance), "runs:run", run.pk
    )
    assert (
        "Household 00003"
        not in html_of(client_of(house.supervisor), "runs:run", run.pk).split("<h2>About")[1]
    )


def test_an_unknown_run_is_not_found(house: Any) -> None:
    for name in ("run", "run_progress", "run_results", "run_export"):
        url = reverse(f"runs:{name}", args=[uuid4()])
        assert client_of(house.operations).get(url).status_code == 404


# --- files -----------------------------------------------------------------------------------------------


def _download(client: Client, name: str, run: Run) -> list[dict[str, str]]:
    answer = client.get(reverse(name, args=[run.pk]))
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_changed_outcomes_as_a_file_with_why_and_a_record_of_it(house: Any, flipped: Run) -> None:
    rows = _download(client_of(house.operations), "runs:run_export", flipped)
    assert len(rows) == 3
    assert {row["outcome after"] for row in rows} == {"Neither"}
    assert all(row["why"] and row["outcome before"] not in ("", "Neither") for row in rows)
    moments = {formats.stamp(result.recorded_at) for result in RunResult.objects.filter(run=flipped)}
    assert {row["recorded at"] for row in rows} <= moments
    record = ExportRecord.objects.get()
    assert (record.by, record.rows, record.filter) == (house.operations, 3, str(flipped.pk))


def test_every_result_as_a_file(house: Any, flipped: Run) -> None:
    rows = _download(client_of(house.operations), "runs:run_export_results", flipped)
    assert len(rows) == flipped.accounts
    assert {row["recommendation"] for row in rows} <= set(
        map(str, Recommendation.objects.values_list("pk", flat=True))
    )


def test_exceptions_hold_failures_and_what_was_never_reached(house: Any, started: Run) -> None:
    held = claim(started.pk)
    Account.objects.filter(pk=held.members.account_ids[0]).update(custodian="nowhere")
    carry_out(held)
    services.cancel_run(by=house.operations, run=started)
    rows = _download(client_of(house.operations), "runs:run_export_exceptions", started)
    started.refresh_from_db()
    reached = started.changed + started.unchanged + started.failed
    assert started.failed == 1
    assert len(rows) == 1 + started.accounts - reached
    assert sum(row["result"] == "No result" for row in rows) == started.accounts - reached


def test_no_cell_of_a_file_is_a_formula(house: Any, flipped: Run) -> None:
    Household.objects.update(name="=HYPERLINK(1)")
    rows = _download(client_of(house.operations), "runs:run_export", flipped)
    assert {row["household"] for row in rows} == {"'=HYPERLINK(1)"}


# --- what pages cost -------------------------------------------------------------------------------------


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_pages_ask_the_database_as_often_for_many_as_for_few(house: Any, flipped: Run) -> None:
    client = client_of(house.operations)
    _shrink(house.accounts[3:5])
    waiting = services.create_run(by=house.operations, idempotency_key="w1")
    services.preview_run(by=house.operations, run=waiting)
    names = ("run", "run_progress", "run_results", "run_export")
    urls = [reverse("runs:runs"), reverse("runs:run_create")]
    few = {url: _queries(client, url) for url in urls}
    few |= {name: _queries(client, reverse(f"runs:{name}", args=[flipped.pk])) for name in names}
    few["waiting"] = _queries(client, reverse("runs:run", args=[waiting.pk]))
    more = build_book(house.advisor, 25, seed=2)
    worked_off(start(house.operations))
    _shrink(more[:20])
    waiting = services.create_run(by=house.operations, idempotency_key="w2")
    services.preview_run(by=house.operations, run=waiting)
    assert waiting.accounts > flipped.accounts + 20
    many = {"waiting": _queries(client, reverse("runs:run", args=[waiting.pk]))}
    larger = worked_off(start(house.operations))
    many |= {url: _queries(client, url) for url in urls}
    many |= {name: _queries(client, reverse(f"runs:{name}", args=[larger.pk])) for name in names}
    assert many == few
    assert max(many.values()) <= 16
