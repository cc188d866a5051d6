"""Addresses that only take what a button sends: opened by hand, or sent to by somebody logged out."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from households.foundation.access import PUBLIC, may, permission_matrix
from households.foundation.roles import Role
from tests.conf.access.objects import Objects
from tests.conf.access.test_permissions import every_view

# Address that only takes POST -> the page it lies under.
PAGE_OF = {
    "logout": "home",
    "households:view_save": "home",
    "households:view_delete": "home",
    "households:view_start": "home",
    "households:account_close": "households:account",
    "households:intake_review": "households:intake",
    "households:intake_confirm": "households:intake",
    "households:intake_hand_over": "households:intake",
    "households:hand_back": "home",
    "households:see_back": "home",
    "households:take_back": "home",
    "households:import_columns_forget": "households:import_columns",
    "households:column_mapping_delete": "households:column_mapping",
    "households:import_commit": "households:import_detail",
    "households:import_discard": "households:import_detail",
    "households:import_mend": "households:import_detail",
    "securities:decide": "securities:proposals",
    "recommendations:replay": "recommendations:recommendation",
    "recommendations:present": "recommendations:recommendation",
    "recommendations:decide": "recommendations:recommendation",
    "recommendations:scenario_save": "recommendations:recommendation",
    "recommendations:scenario_rename": "home",
    "recommendations:scenario_delete": "home",
    "recommendations:evaluate": "households:account",
    "supervision:review_act": "supervision:review",
    "runs:run_act": "runs:run",
}


def _signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _told(answer: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.mark.parametrize("name", sorted(every_view()))
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_address_opened_that_only_takes_what_is_sent(
    name: str, method: str, objects: Objects, firm: Any
) -> None:
    rows, kwargs = permission_matrix()[name], every_view()[name]
    address = reverse(name, kwargs=objects.own(kwargs))
    if "GET" in rows:
        assert name not in PAGE_OF
        return
    for role in Role:
        answer = _signed_in(firm.user(role)).generic(method, address)
        if name.startswith("api:"):
            assert answer.status_code in (403, 405)
        elif not may(role, name, "POST"):
            assert answer.status_code == 403
        else:
            page = PAGE_OF[name]
            over = reverse(page, kwargs=objects.own(every_view()[page]))
            assert may(role, page, "GET")
            assert (answer.status_code, answer.url) == (302, over)
            assert _told(answer) == ["Nothing was sent. Press the button again."]


@pytest.mark.parametrize("name", sorted(PAGE_OF.keys() - {"logout"}))
def test_somebody_logged_out_comes_back_to_the_page_of_the_button(
    name: str, objects: Objects, firm: Any
) -> None:
    address = reverse(name, kwargs=objects.own(every_view()[name]))
    for before, back in (
        ("http://testserver/book/?q=Example&page=2", "/book/%3Fq%3DExample%26page%3D2"),
        ("http://elsewhere.example/book/", None),
        ("//elsewhere.example/book/", None),
        ("http://testserver//elsewhere.example/", "/"),
        ("", None),
    ):
        answer = Client().post(address, headers={"referer": before})
        page = PAGE_OF[name]
        over = back or reverse(page, kwargs=objects.own(every_view()[page]))
        assert (answer.status_code, answer.url) == (302, f"/login/?next={over}")
        assert _told(answer) == ["You had been logged out, so nothing was sent. Please do it again."]


def test_the_log_in_leads_to_the_page_and_says_that_nothing_was_sent(objects: Objects, firm: Any) -> None:
    firm.advisor.set_password("a long enough one")
    firm.advisor.save()
    client, account = Client(), reverse("households:account", args=[firm.account.pk])
    to_login = client.post(
        reverse("recommendations:evaluate", args=[firm.account.pk]),
        headers={"referer": f"http://testserver{account}"},
    )
    answer = client.post(
        to_login.url, {"username": firm.advisor.email, "password": "a long enough one", "next": account}
    )
    assert (to_login.url, answer.url) == (f"/login/?next={account}", account)
    page = client.get(account)
    assert page.status_code == 200
    assert "so nothing was sent" in page.content.decode()


def test_who_is_logged_out_already_may_log_out() -> None:
    assert permission_matrix()["logout"]["POST"] is PUBLIC
    answer = Client().post("/logout/")
    assert (answer.status_code, answer.url, _told(answer)) == (302, "/login/", [])
