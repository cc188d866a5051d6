"""Files that wait for their columns: as they came, their uploader's alone, not for long and not many."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from households.foundation.errors import DomainError
from households.imports.arriving import receive
from households.imports.waiting import (
    KEPT,
    MOST_OF_A_USER,
    arrivals_of,
    files_of,
    forget_stale,
    forget_upload,
    keep_upload,
    mapped_files,
    waiting_for,
    waiting_in,
    waiting_of,
)
from households.models import Import, User, WaitingFile, WaitingUpload
from tests.firm import Firm
from tests.households.imports.files import Upload, arrived
from tests.households.imports.formats.acme import STOCK, acme


def keep(firm: Firm, by: User | None = None, data: bytes = b"", **given: Any) -> WaitingUpload:
    uploads = [Upload("acme.csv", data or acme(STOCK)), Upload("acme.csv", b"\x89PNG picture")]
    files = arrived(*uploads)
    return keep_upload(by=by or firm.advisor, household=firm.household, arrived=files, **given)


def age(waiting: WaitingUpload, by: timedelta) -> None:
    WaitingUpload.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - by)


def test_files_come_back_as_they_came(firm: Firm) -> None:
    waiting = keep(firm, data=acme(STOCK) * 100)
    first, second = files_of(waiting)
    assert (first.name, second.name, second.beginning) == ("acme.csv", "acme.csv (2)", "")
    assert first.beginning.startswith("Acme Trust Company\n\nAcct #,Ticker")
    assert len(bytes(first.content)) < 500
    assert [(file.name, file.data) for file in arrivals_of(waiting)] == [
        ("acme.csv", acme(STOCK) * 100),
        ("acme.csv (2)", b"\x89PNG picture"),
    ]


def test_they_are_the_uploaders_alone(firm: Firm) -> None:
    """Operations and compliance see the household, and yet not this."""
    waiting = keep(firm)
    assert waiting_for(firm.advisor, waiting.pk) == waiting
    for other in (firm.operations, firm.compliance, firm.supervisor, firm.stranger, firm.administrator):
        assert waiting_for(other, waiting.pk) is None
        assert not waiting_in(other, firm.household)
    assert list(waiting_in(firm.advisor, firm.household)) == [waiting]
    forget_upload(by=firm.operations, waiting=waiting)
    assert WaitingUpload.objects.exists()
    forget_upload(by=firm.advisor, waiting=waiting)
    assert not WaitingFile.objects.exists()


def test_a_household_that_went_to_another_takes_its_uploads_out_of_sight(firm: Firm) -> None:
    waiting = keep(firm)
    firm.household.advisor = firm.stranger
    firm.household.save()
    assert waiting_for(firm.advisor, waiting.pk) is None
    assert waiting_for(firm.stranger, waiting.pk) is None


def test_they_wait_a_day(firm: Firm) -> None:
    old, new = keep(firm), keep(firm)
    age(old, KEPT + timedelta(minutes=1))
    age(new, KEPT - timedelta(minutes=1))
    assert waiting_for(firm.advisor, old.pk) is None
    assert waiting_for(firm.advisor, new.pk) == new
    assert forget_stale() == 1
    assert list(WaitingUpload.objects.all()) == [new]
    assert WaitingFile.objects.count() == 2


def test_a_command_lets_go_of_them_too(firm: Firm, capsys: pytest.CaptureFixture[str]) -> None:
    old, _ = keep(firm), keep(firm)
    age(old, KEPT * 2)
    call_command("forget_uploads")
    assert capsys.readouterr().out == "1 upload deleted.\n"
    assert WaitingUpload.objects.count() == 1


def test_every_upload_lets_go_of_what_is_stale(firm: Firm) -> None:
    age(keep(firm), KEPT * 2)
    keep(firm, firm.operations)
    assert set(WaitingUpload.objects.values_list("by", flat=True)) == {firm.operations.pk}


def test_of_one_user_only_the_newest_are_kept(firm: Firm) -> None:
    others = keep(firm, firm.operations)
    mine = [keep(firm) for _ in range(MOST_OF_A_USER + 2)]
    assert set(WaitingUpload.objects.filter(by=firm.advisor)) == set(mine[2:])
    assert WaitingUpload.objects.filter(pk=others.pk).exists()


@pytest.mark.parametrize("state", [Import.State.COMMITTED, Import.State.DISCARDED])
def test_a_settled_import_needs_its_files_no_more(firm: Firm, state: str) -> None:
    staged = Import.objects.create(household=firm.household, by=firm.advisor, content_sha256="0" * 64)
    first = keep(firm, staged=staged)
    waiting = keep(firm, staged=staged)
    assert not WaitingUpload.objects.filter(pk=first.pk).exists()  # once an import
    assert waiting_of(firm.advisor, staged) == waiting
    assert waiting_of(firm.operations, staged) is None
    assert not waiting_in(firm.advisor, firm.household)
    staged.state = state
    staged.save()
    assert waiting_for(firm.advisor, waiting.pk) is None
    assert waiting_of(firm.advisor, staged) is None
    assert forget_stale() == 1


def test_what_is_kept_is_bounded(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    def send(data: bytes) -> None:
        upload = Upload("acme.csv", data)
        receive(by=firm.advisor, household=firm.household, uploads=[upload], format="mapped")

    with pytest.raises(DomainError, match="larger than 10 MB"):
        send(b"x" * (10 * 1024 * 1024 + 1))
    monkeypatch.setattr("households.imports.uploads.MAX_TOTAL_BYTES", 100)
    with pytest.raises(DomainError, match="larger than 0 MB together"):
        send(b"x" * 101)
    assert not WaitingUpload.objects.exists()


def test_an_import_without_mapped_files_asks_nothing(firm: Firm, django_assert_num_queries: Any) -> None:
    staged = Import.objects.create(household=firm.household, by=firm.advisor, files=[{"name": "a.csv"}])
    with django_assert_num_queries(0):
        assert mapped_files(firm.advisor, staged) == []
