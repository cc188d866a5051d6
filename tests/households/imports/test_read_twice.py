"""*Read* sent twice, one after the other or at once: both land on one page."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.imports import arriving
from households.models import ColumnMapping, ColumnMappingChange, Import, WaitingUpload
from tests.firm import Firm
from tests.households.imports.formats.acme import FUND, STOCK, acme
from tests.households.imports.test_import_columns_pages import fields, send, upload
from tests.households.imports.test_reading_unlocked import meanwhile
from tests.recommendations.test_races import at_once


def browser(firm: Firm) -> Client:
    client = Client()
    client.force_login(firm.advisor)
    return client


def uploaded(client: Client, firm: Firm) -> tuple[str, dict[str, str]]:
    """Where the columns of an unknown list are mapped, and what *Read* sends from there."""
    upload(client, firm, acme(FUND, STOCK))
    url = reverse("households:import_columns", args=[WaitingUpload.objects.get().pk])
    return url, fields(client, url) | {"do": "read"}


def landed(*answers: Any) -> str:
    """The one page to which all answers lead."""
    (page,) = {answer.headers.get("Location", answer.status_code) for answer in answers}
    return page


@pytest.mark.django_db
def test_one_after_the_other(firm: Firm) -> None:
    client = browser(firm)
    url, sent = uploaded(client, firm)
    page = landed(client.post(url, sent), client.post(url, sent))
    assert page == reverse("households:import_detail", args=[Import.objects.get().pk])
    assert (ColumnMapping.objects.get().revision, ColumnMappingChange.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_one_before_the_other_is_done(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mapping is corrected: the first reading of the files is set aside once."""
    client = browser(firm)
    url, sent = uploaded(client, firm)
    client.post(url, sent)
    sent = fields(client, url) | {"do": "read", "column_price": ""}
    answers = []
    meanwhile(monkeypatch, arriving, "read_arrivals", lambda: answers.append(browser(firm).post(url, sent)))
    answers.append(client.post(url, sent))
    staged = Import.objects.get(state="staged")
    assert landed(*answers) == reverse("households:import_detail", args=[staged.pk])
    assert sorted(Import.objects.values_list("state", flat=True)) == ["discarded", "staged"]
    assert ColumnMapping.objects.get().revision == 2


@pytest.mark.django_db
def test_files_that_were_imported_before(firm: Firm) -> None:
    """The first request finds that they are committed already, which settles the upload."""
    client = browser(firm)
    url, sent = uploaded(client, firm)
    client.post(url, sent)
    import_ = Import.objects.get()
    upload(client, firm, acme(FUND, STOCK), format="mapped")
    client.post(reverse("households:import_commit", args=[import_.pk]), {"rows": "all"})
    waiting = WaitingUpload.objects.get(staged=None)
    url = reverse("households:import_columns", args=[waiting.pk])
    sent = fields(client, url) | {"do": "read"}
    page = landed(client.post(url, sent), client.post(url, sent))
    assert page == reverse("households:import_detail", args=[import_.pk])
    assert client.get(url).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql")  # writers in parallel
@pytest.mark.parametrize("mapped", ["for the first time", "anew"])
def test_at_once(firm: Firm, mapped: str) -> None:
    url, sent = uploaded(browser(firm), firm)
    if mapped == "anew":
        send(browser(firm), url)
        sent = fields(browser(firm), url) | {"do": "read", "column_price": ""}
    clients = [browser(firm) for _ in range(3)]
    answers = at_once([lambda client=client: client.post(url, sent) for client in clients])
    staged = Import.objects.get(state="staged")
    assert landed(*answers) == reverse("households:import_detail", args=[staged.pk])
    assert Import.objects.count() == (2 if mapped == "anew" else 1)
