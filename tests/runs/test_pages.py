"""Bulk reviews through the pages: what each role sees and may press, and what the pages cost."""

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
from django.utils import timezone

from advisory.recommendations.models import Recommendation
from advisory.runs import services
from advisory.runs.drain import drain
from advisory.runs.models import Run, RunResult
from advisory.runs.queue import claim
from advisory.runs.scoring import carry_out
from households.models import Account, ExportRecord, Household, User
from tests.runs.book import build_book
from tests.runs.conftest import start

pytestmark = pytest.mark.django_db


def _as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _html(client: Client, name: str, *args: Any, query: str = "") -> str:
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def _act(client: Client, run: Run, action: str, **more: Any) -> Any:
    return client.post(reverse("runs:run_act", args=[run.pk]), {"action": action, **more})


def _buttons(html: str) -> set[str]:
    return {part.split('"')[0] for part in html.split('name="action" value="')[1:]}


def _ended(run: Run) -> Run:
    while drain(run.pk).left:
        pass
    run.refresh_from_db()
    return run


def _shrink(accounts: list[Account]) -> None:
    """To $30,000, below every program's minimum."""
    for account in accounts:
        account.intake.account_value = account.intake.direct_index_value = 3_000_000
        account.intake.save()
        Household.objects.filter(pk=account.household_id).update(revision=F("revision") + 1)


@pytest.fixture
def flipped(house: Any) -> Run:
    """A second run in which three accounts fell below every minimum."""
    _ended(start(house.operations))
    _shrink(house.accounts[:3])
    return _ended(start(house.operations))


# --- from the choice to the start ------------------------------------------------------------------------


def test_a_run_is_chosen_previewed_started_and_followed(house: Any) -> None:
    client = _as(house.operations)
    html = _html(client, "runs:run_create", query="?q=Household+00003")
    accounts = Account.objects.filter(household__name="Household 00003").count()
    assert f"{accounts} account{'s' if accounts > 1 else ''} in 1 household" in html
    answer = client.post(
        reverse("runs:run_create"), {"title": "One family", "key": "k1", "filter": "q=Household+00003"}
    )
    run = Run.objects.get()
    assert answer.url == reverse("runs:run", args=[run.pk])
    assert (run.state, run.title, run.accounts) == ("previewed", "One family", accounts)
    page = _html(client, "runs:run", run.pk)
    assert "Preview: nothing is recorded yet" in page
    assert _buttons(page) == {"preview", "start", "cancel"}
    assert _act(client, run, "start").url == reverse("runs:run", args=[run.pk])
    assert _buttons(_html(client, "runs:run", run.pk)) == {"pause", "cancel"}
    _ended(run)
    page = _html(client, "runs:run", run.pk)
    assert _buttons(page) == {"seal"}
    assert "Complete" in page


def test_pressing_preview_twice_makes_one_run(house: Any) -> None:
    client = _as(house.operations)
    asked = {"title": "", "key": "k1", "filter": ""}
    urls = {client.post(reverse("runs:run_create"), asked).url for _ in range(2)}
    assert len(urls) == 1
    assert Run.objects.get().title == "Whole book"


@pytest.mark.parametrize("filter", ["colour=red", "advisor=nobody", "q=nothing-like-this"])
def test_a_filter_that_means_nothing_is_said_in_the_form(house: Any, filter: str) -> None:
    answer = _as(house.operations).post(reverse("runs:run_create"), {"key": "k1", "filter": filter})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not Run.objects.exists()


def test_a_large_run_waits_for_a_second_person(house: Any, settings: Any) -> None:
    settings.RUN_APPROVAL_ACCOUNTS = 5
    operations, compliance = _as(house.operations), _as(house.compliance)
    operations.post(reverse("runs:run_create"), {"key": "k1"})
    run = Run.objects.get()
    page = _html(operations, "runs:run", run.pk)
    assert "A second person must approve this" in page
    assert _buttons(page) == {"preview", "cancel"}
    assert _act(operations, run, "start").status_code == 403
    assert _act(operations, run, "approve").status_code == 403
    assert _buttons(_html(compliance, "runs:run", run.pk)) == {"approve"}
    assert _act(compliance, run, "approve").status_code == 302
    page = _html(operations, "runs:run", run.pk)
    assert "looked at the preview and agreed" in page
    assert _buttons(page) == {"start", "cancel"}


def test_compliance_and_supervisors_look_and_do_not_press(house: Any, started: Run) -> None:
    for user in (house.compliance, house.supervisor):
        assert _buttons(_html(_as(user), "runs:run", started.pk)) == set()
    assert _act(_as(house.compliance), started, "pause").status_code == 403
    assert _act(_as(house.supervisor), started, "pause").status_code == 403
    started.refresh_from_db()
    assert started.state == "running"


def test_pause_resume_cancel_by_their_buttons(house: Any, started: Run) -> None:
    client = _as(house.operations)
    _act(client, started, "pause")
    assert _buttons(_html(client, "runs:run", started.pk)) == {"resume", "cancel"}
    _act(client, started, "resume")
    carry_out(claim(started.pk))
    _act(client, started, "cancel")
    page = _html(client, "runs:run", started.pk)
    assert "Canceled" in page
    assert _act(client, started, "resume").status_code == 409


def test_an_action_that_does_not_exist(house: Any, started: Run) -> None:
    assert _act(_as(house.operations), started, "explode").status_code == 422


def test_failed_accounts_are_tried_again_by_a_button(house: Any, started: Run) -> None:
    Account.objects.filter(pk=house.accounts[0].pk).update(custodian="nowhere")
    _ended(started)
    client = _as(house.operations)
    page = _html(client, "runs:run", started.pk)
    assert _buttons(page) == {"retry", "seal"}
    assert "Complete, with failures" in page
    answer = _act(client, started, "retry", key="r1")
    again = Run.objects.get(retry_of=started)
    assert answer.url == reverse("runs:run", args=[again.pk])
    assert (again.state, again.accounts) == ("previewed", 1)


# --- progress --------------------------------------------------------------------------------------------


def test_progress_asks_for_itself_while_it_goes_on_and_stops_by_itself(house: Any, started: Run) -> None:
    client = _as(house.operations)
    carry_out(claim(started.pk))
    url = reverse("runs:run_progress", args=[started.pk])
    page = _html(client, "runs:run", started.pk)
    assert f'hx-get="{url}" hx-trigger="every 2s"' in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    fragment = client.get(url)
    assert f'hx-get="{url}"' in fragment.content.decode()
    assert "HX-Refresh" not in fragment
    _ended(started)
    fragment = client.get(url)
    assert "hx-get" not in fragment.content.decode()
    assert fragment["HX-Refresh"] == "true"
    assert "every 2s" not in _html(client, "runs:run", started.pk)


def test_progress_counts_what_is_done(house: Any, started: Run) -> None:
    held = claim(started.pk)
    carry_out(held)
    html = _html(_as(house.operations), "runs:run_progress", started.pk)
    done = held.members.accounts
    assert f'max="{started.accounts}" value="{done}"' in html
    assert f"{done} of {started.accounts}" in html


def test_a_silent_run_is_called_stalled_after_a_minute(house: Any, started: Run) -> None:
    client = _as(house.operations)
    carry_out(claim(started.pk))
    words = "No worker has taken up work for a minute"
    assert words not in _html(client, "runs:run", started.pk)
    Run.objects.update(heartbeat_at=timezone.now() - timezone.timedelta(seconds=61))
    assert words in _html(client, "runs:run", started.pk)
    services.pause_run(by=house.operations, run=started)
    assert words not in _html(client, "runs:run", started.pk)


def test_a_run_of_another_release_says_why_it_waits(house: Any, started: Run) -> None:
    Run.objects.update(engine=F("engine") + 1)
    assert "waits for another release" in _html(_as(house.operations), "runs:run", started.pk)


# --- results ---------------------------------------------------------------------------------------------


def test_results_are_filtered_and_lead_to_the_records(house: Any, flipped: Run) -> None:
    client = _as(house.compliance)
    html = _html(client, "runs:run_results", flipped.pk, query="?show=flipped")
    assert "3 accounts" in html
    result = RunResult.objects.filter(run=flipped, flipped=True).first()
    assert reverse("recommendations:recommendation", args=[result.recommendation_id]) in html
    assert reverse("households:household", args=[result.account.household_id]) in html
    assert result.why in html.replace("&#x27;", "'")
    assert "No result here" in _html(client, "runs:run_results", flipped.pk, query="?show=failed")


def test_a_supervisor_sees_results_of_the_own_office_only(house: Any, flipped: Run) -> None:
    Household.objects.filter(pk=house.accounts[0].household_id).update(advisor=house.stranger)
    mine = _html(_as(house.supervisor), "runs:run_results", flipped.pk, query="?show=flipped")
    all_of_them = _html(_as(house.operations), "runs:run_results", flipped.pk, query="?show=flipped")
    name = house.accounts[0].household.name
    assert name in all_of_them
    assert name not in mine
    rows = _download(_as(house.supervisor), "runs:run_export", flipped)
    assert name not in {row["household"] for row in rows}


def test_the_page_says_which_outcomes_changed(house: Any, flipped: Run) -> None:
    page = _html(_as(house.operations), "runs:run", flipped.pk)
    assert flipped.flipped == 3
    assert "Outcomes before and after" in page
    assert "Neither" in page
    assert flipped.title in page


def test_the_page_says_what_the_run_covers_and_names_no_strangers_client(house: Any) -> None:
    asked = {"key": "k1", "filter": "q=Household+00003&review=none"}
    _as(house.operations).post(reverse("runs:run_create"), asked)
    run = Run.objects.get()
    assert "search Household 00003; review No date set" in _html(_as(house.compliance), "runs:run", run.pk)
    assert "Household 00003" not in _html(_as(house.supervisor), "runs:run", run.pk).split("<h2>About")[1]


def test_an_unknown_run_is_not_found(house: Any) -> None:
    for name in ("run", "run_progress", "run_results", "run_export"):
        url = reverse(f"runs:{name}", args=[uuid4()])
        assert _as(house.operations).get(url).status_code == 404


# --- files -----------------------------------------------------------------------------------------------


def _download(client: Client, name: str, run: Run) -> list[dict[str, str]]:
    answer = client.get(reverse(name, args=[run.pk]))
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_changed_outcomes_as_a_file_with_why_and_a_record_of_it(house: Any, flipped: Run) -> None:
    rows = _download(_as(house.operations), "runs:run_export", flipped)
    assert len(rows) == 3
    assert {row["outcome after"] for row in rows} == {"NEITHER"}
    assert all(row["why"] and row["outcome before"] != "NEITHER" for row in rows)
    record = ExportRecord.objects.get()
    assert (record.by, record.rows, record.filter) == (house.operations, 3, str(flipped.pk))


def test_every_result_as_a_file(house: Any, flipped: Run) -> None:
    rows = _download(_as(house.operations), "runs:run_export_results", flipped)
    assert len(rows) == flipped.accounts
    assert {row["recommendation"] for row in rows} <= set(
        map(str, Recommendation.objects.values_list("pk", flat=True))
    )


def test_exceptions_hold_failures_and_what_was_never_reached(house: Any, started: Run) -> None:
    held = claim(started.pk)
    Account.objects.filter(pk=held.members.account_ids[0]).update(custodian="nowhere")
    carry_out(held)
    services.cancel_run(by=house.operations, run=started)
    rows = _download(_as(house.operations), "runs:run_export_exceptions", started)
    started.refresh_from_db()
    reached = started.changed + started.unchanged + started.failed
    assert started.failed == 1
    assert len(rows) == 1 + started.accounts - reached
    assert sum(row["result"] == "No result" for row in rows) == started.accounts - reached


def test_no_cell_of_a_file_is_a_formula(house: Any, flipped: Run) -> None:
    Household.objects.update(name="=HYPERLINK(1)")
    rows = _download(_as(house.operations), "runs:run_export", flipped)
    assert {row["household"] for row in rows} == {"'=HYPERLINK(1)"}


# --- what pages cost -------------------------------------------------------------------------------------


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_pages_ask_the_database_as_often_for_many_as_for_few(house: Any, flipped: Run) -> None:
    client = _as(house.operations)
    _shrink(house.accounts[3:5])
    waiting = services.create_run(by=house.operations, idempotency_key="w1")
    services.preview_run(by=house.operations, run=waiting)
    names = ("run", "run_progress", "run_results", "run_export")
    urls = [reverse("runs:runs"), reverse("runs:run_create")]
    few = {url: _queries(client, url) for url in urls}
    few |= {name: _queries(client, reverse(f"runs:{name}", args=[flipped.pk])) for name in names}
    few["waiting"] = _queries(client, reverse("runs:run", args=[waiting.pk]))
    more = build_book(house.advisor, 25, seed=2)
    _ended(start(house.operations))
    _shrink(more[:20])
    waiting = services.create_run(by=house.operations, idempotency_key="w2")
    services.preview_run(by=house.operations, run=waiting)
    assert waiting.accounts > flipped.accounts + 20
    many = {"waiting": _queries(client, reverse("runs:run", args=[waiting.pk]))}
    larger = _ended(start(house.operations))
    many |= {url: _queries(client, url) for url in urls}
    many |= {name: _queries(client, reverse(f"runs:{name}", args=[larger.pk])) for name in names}
    assert many == few
    assert max(many.values()) <= 16
