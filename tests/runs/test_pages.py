"""Bulk reviews through the pages: what each role sees and may press, and what the pages cost."""

from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from advisory.runs import services
from advisory.runs.models import Run
from advisory.runs.queue import claim
from advisory.runs.scoring import carry_out
from households.models import Account
from tests.recommendations.reading import client_of
from tests.runs.conftest import worked_off
from tests.runs.reading import html_of

pytestmark = pytest.mark.django_db


def _act(client: Client, run: Run, action: str, **more: Any) -> Any:
    return client.post(reverse("runs:run_act", args=[run.pk]), {"action": action, **more})


def _buttons(html: str) -> set[str]:
    return {part.split('"')[0] for part in html.split('name="action" value="')[1:]}


# --- from the choice to the start ------------------------------------------------------------------------


def test_a_run_is_chosen_previewed_started_and_followed(house: Any) -> None:
    client = client_of(house.operations)
    html = html_of(client, "runs:run_create", query="?q=Household+00003")
    accounts = Account.objects.filter(household__name="Household 00003").count()
    assert f"{accounts} account{'s' if accounts > 1 else ''} in 1 household" in html
    answer = client.post(
        reverse("runs:run_create"), {"title": "One family", "key": "k1", "filter": "q=Household+00003"}
    )
    run = Run.objects.get()
    assert answer.url == reverse("runs:run", args=[run.pk])
    assert (run.state, run.title, run.accounts) == ("previewed", "One family", accounts)
    page = html_of(client, "runs:run", run.pk)
    assert "Preview: nothing is recorded yet" in page
    assert _buttons(page) == {"preview", "start", "cancel"}
    assert _act(client, run, "start").url == reverse("runs:run", args=[run.pk])
    assert _buttons(html_of(client, "runs:run", run.pk)) == {"pause", "cancel"}
    worked_off(run)
    page = html_of(client, "runs:run", run.pk)
    assert _buttons(page) == {"seal"}
    assert "Complete" in page


def test_pressing_preview_twice_makes_one_run(house: Any) -> None:
    client = client_of(house.operations)
    asked = {"title": "", "key": "k1", "filter": ""}
    urls = {client.post(reverse("runs:run_create"), asked).url for _ in range(2)}
    assert len(urls) == 1
    assert Run.objects.get().title == "Whole book"


@pytest.mark.parametrize("filter", ["colour=red", "advisor=nobody", "q=nothing-like-this"])
def test_a_filter_that_means_nothing_is_said_in_the_form(house: Any, filter: str) -> None:
    answer = client_of(house.operations).post(reverse("runs:run_create"), {"key": "k1", "filter": filter})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not Run.objects.exists()


def test_a_large_run_waits_for_a_second_person(house: Any, settings: Any) -> None:
    settings.RUN_APPROVAL_ACCOUNTS = 5
    operations, compliance = client_of(house.operations), client_of(house.compliance)
    operations.post(reverse("runs:run_create"), {"key": "k1"})
    run = Run.objects.get()
    page = html_of(operations, "runs:run", run.pk)
    assert "A second person must approve this" in page
    assert _buttons(page) == {"preview", "cancel"}
    assert _act(operations, run, "start").status_code == 403
    assert _act(operations, run, "approve").status_code == 403
    assert _buttons(html_of(compliance, "runs:run", run.pk)) == {"approve"}
    assert _act(compliance, run, "approve").status_code == 302
    page = html_of(operations, "runs:run", run.pk)
    assert "looked at the preview and agreed" in page
    assert _buttons(page) == {"start", "cancel"}


def test_compliance_and_supervisors_look_and_do_not_press(house: Any, started: Run) -> None:
    for user in (house.compliance, house.supervisor):
        assert _buttons(html_of(client_of(user), "runs:run", started.pk)) == set()
    assert _act(client_of(house.compliance), started, "pause").status_code == 403
    assert _act(client_of(house.supervisor), started, "pause").status_code == 403
    started.refresh_from_db()
    assert started.state == "running"


def test_pause_resume_cancel_by_their_buttons(house: Any, started: Run) -> None:
    client = client_of(house.operations)
    _act(client, started, "pause")
    assert _buttons(html_of(client, "runs:run", started.pk)) == {"resume", "cancel"}
    _act(client, started, "resume")
    carry_out(claim(started.pk))
    _act(client, started, "cancel")
    page = html_of(client, "runs:run", started.pk)
    assert "Canceled" in page
    assert _act(client, started, "resume").status_code == 409


def test_an_action_that_does_not_exist(house: Any, started: Run) -> None:
    assert _act(client_of(house.operations), started, "explode").status_code == 422


def test_failed_accounts_are_tried_again_by_a_button(house: Any, started: Run) -> None:
    Account.objects.filter(pk=house.accounts[0].pk).update(custodian="nowhere")
    worked_off(started)
    client = client_of(house.operations)
    page = html_of(client, "runs:run", started.pk)
    assert _buttons(page) == {"retry", "seal"}
    assert "Complete, with failures" in page
    answer = _act(client, started, "retry", key="r1")
    again = Run.objects.get(retry_of=started)
    assert answer.url == reverse("runs:run", args=[again.pk])
    assert (again.state, again.accounts) == ("previewed", 1)


# --- progress --------------------------------------------------------------------------------------------


def test_progress_asks_for_itself_while_it_goes_on_and_stops_by_itself(house: Any, started: Run) -> None:
    client = client_of(house.operations)
    carry_out(claim(started.pk))
    url = reverse("runs:run_progress", args=[started.pk])
    page = html_of(client, "runs:run", started.pk)
    assert f'hx-get="{url}" hx-trigger="every 2s"' in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    fragment = client.get(url)
    assert f'hx-get="{url}"' in fragment.content.decode()
    assert "HX-Refresh" not in fragment
    worked_off(started)
    fragment = client.get(url)
    assert "hx-get" not in fragment.content.decode()
    assert fragment["HX-Refresh"] == "true"
    assert "every 2s" not in html_of(client, "runs:run", started.pk)


def test_progress_counts_what_is_done(house: Any, started: Run) -> None:
    held = claim(started.pk)
    carry_out(held)
    html = html_of(client_of(house.operations), "runs:run_progress", started.pk)
    done = held.members.accounts
    assert f'max="{started.accounts}" value="{done}"' in html
    assert f"{done} of {started.accounts}" in html


def test_a_silent_run_is_called_stalled_after_a_minute(house: Any, started: Run) -> None:
    client = client_of(house.operations)
    carry_out(claim(started.pk))
    words = "No worker has taken up work for a minute"
    assert words not in html_of(client, "runs:run", started.pk)
    Run.objects.update(heartbeat_at=timezone.now() - timezone.timedelta(seconds=61))
    assert words in html_of(client, "runs:run", started.pk)
    services.pause_run(by=house.operations, run=started)
    assert words not in html_of(client, "runs:run", started.pk)


def test_a_run_of_another_release_says_why_it_waits(house: Any, started: Run) -> None:
    Run.objects.update(engine=F("engine") + 1)
    assert "waits for another release" in html_of(client_of(house.operations), "runs:run", started.pk)
