"""The mappings that the firm remembers, on their pages: listed, changed, deleted; two users at once."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.imports.remembering import delete_mapping, remember_mapping
from households.models import ColumnMapping, ColumnMappingChange, Import, WaitingUpload
from tests.firm import Firm
from tests.households.imports.formats.acme import HEADER, guessed
from tests.households.imports.test_import_columns_pages import fields, send, upload

CELLS = HEADER.split(",")


@pytest.fixture
def mapping(firm: Firm) -> ColumnMapping:
    """A mapping of the advisor's."""
    return make(firm)


def make(firm: Firm, **given: Any) -> ColumnMapping:
    guess = guessed()
    values = {
        "by": firm.advisor,
        "header": CELLS,
        "columns": guess.columns,
        "rows": "position",
        "name": "Acme",
    }
    return remember_mapping(**values | given)


def address(mapping: ColumnMapping) -> str:
    return reverse("households:column_mapping", args=[mapping.pk])


def test_the_list_says_who_made_what(client: Client, firm: Firm) -> None:
    client.force_login(firm.compliance)
    page = reverse("households:column_mappings")
    assert "No mapping yet" in client.get(page).content.decode()
    mapping = make(firm)
    text = client.get(page).content.decode()
    assert f'href="{address(mapping)}"' in text
    assert "8 of 8 read" in text and "Advisor Tester" in text
    client.force_login(firm.administrator)
    assert client.get(page).status_code == 403


def test_it_is_renamed_and_changed_with_history(client: Client, firm: Firm, mapping: ColumnMapping) -> None:
    client.force_login(firm.advisor)
    assert send(client, address(mapping), name="Acme Trust", column_price="").status_code == 302
    text = client.get(address(mapping)).content.decode()
    for words in ("Acme → Acme Trust", "Unit Price: Price → not read", "Columns changed", "Renamed", "Made"):
        assert words in text
    refused = send(client, address(mapping), column_symbol="")
    assert (refused.status_code, "Say which column holds the symbol" in refused.content.decode()) == (
        422,
        True,
    )
    make(firm, header=[*CELLS, "Yield"], name="Other")
    taken = send(client, address(mapping), name="other")
    assert (taken.status_code, "Another mapping is called Other" in taken.content.decode()) == (422, True)


def test_others_read_it_and_cannot_change_it(client: Client, firm: Firm, mapping: ColumnMapping) -> None:
    delete = reverse("households:column_mapping_delete", args=[mapping.pk])
    client.force_login(firm.stranger)
    text = client.get(address(mapping)).content.decode()
    assert "Only Advisor Tester and operations can change it" in text
    assert "Save mapping" not in text and delete not in text
    changed = {"name": "Mine", "column_symbol": "2", "seen": "1"}
    assert client.post(address(mapping), changed).status_code == 403
    assert client.post(delete).status_code == 403
    assert ColumnMapping.objects.get().name == "Acme"
    client.force_login(firm.compliance)
    assert client.get(address(mapping)).status_code == 200
    assert client.post(address(mapping)).status_code == client.post(delete).status_code == 403
    client.force_login(firm.operations)
    assert client.post(delete).status_code == 302
    assert not ColumnMapping.objects.exists()
    assert ColumnMappingChange.objects.filter(field="deleted", by=firm.operations).exists()
    assert client.get(address(mapping)).status_code == 404


def test_two_users_change_it_at_once(client: Client, firm: Firm, mapping: ColumnMapping) -> None:
    client.force_login(firm.advisor)
    sent = fields(client, address(mapping))
    make(firm, by=firm.operations, name="Operations' name", seen=1)
    late = client.post(address(mapping), sent | {"name": "Advisor's name"})
    text = late.content.decode()
    assert late.status_code == 409
    assert "by Operations Tester" in text and 'name="seen" value="2"' in text
    assert client.post(address(mapping), sent | {"name": "Advisor's name", "seen": "2"}).status_code == 302
    assert ColumnMapping.objects.get().name == "Advisor's name"


def test_two_users_map_the_same_columns_at_once(client: Client, firm: Firm) -> None:
    """The second sees the first's; operations may put its own in the place, another advisor may not."""
    client.force_login(firm.operations)
    upload(client, firm)
    url = reverse("households:import_columns", args=[WaitingUpload.objects.get().pk])
    sent = fields(client, url)
    make(firm)
    late = client.post(url, sent | {"do": "read", "name": "Theirs"})
    text = late.content.decode()
    assert (late.status_code, Import.objects.count()) == (409, 0)
    assert "mapped in the meantime: Acme, by Advisor Tester" in text
    assert "Use Acme instead" in text and 'value="Theirs"' in text and 'name="seen" value="1"' in text
    assert client.post(url, sent | {"do": "read", "name": "Theirs", "seen": "1"}).status_code == 302
    assert ColumnMapping.objects.get().name == "Theirs"


def test_the_second_advisor_reads_by_the_first_ones(client: Client, firm: Firm) -> None:
    firm.household.advisor = firm.stranger
    firm.household.save()
    client.force_login(firm.stranger)
    upload(client, firm)
    url = reverse("households:import_columns", args=[WaitingUpload.objects.get().pk])
    sent = fields(client, url)
    make(firm)
    late = client.post(url, sent | {"do": "read", "name": "Mine"})
    text = late.content.decode()
    assert late.status_code == 409
    assert (
        "Advisor Tester says what these columns are: Acme" in text
        and "disabled" in text
        and 'value="Acme"' in text
    )
    assert client.post(url, sent | {"do": "read", "seen": "1"}).status_code == 302
    assert Import.objects.get().files[0]["mapping"]["name"] == "Acme"


def test_a_mapping_that_is_deleted_leaves_its_imports(
    client: Client, firm: Firm, mapping: ColumnMapping
) -> None:
    client.force_login(firm.advisor)
    answer = upload(client, firm)
    WaitingUpload.objects.all().delete()
    assert f'href="{address(mapping)}"' in client.get(answer.headers["Location"]).content.decode()
    delete_mapping(by=firm.advisor, mapping=mapping)
    text = client.get(answer.headers["Location"]).content.decode()
    assert "Read with the mapping Acme" in text and "It has been deleted since" in text
