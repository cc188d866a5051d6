"""One row by hand: added where there is none, changed as it was seen, never over what somebody else said."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from households.foundation.errors import DomainError
from households.models import Security, SecurityChange, SecurityProposal
from households.securities.loading import KnownAlready, add_security
from households.securities.proposing import accept_proposal, propose_security
from tests.firm import Firm
from tests.households.pages.conftest import text_of
from tests.households.securities.files import APPLE, load

As = Callable[[str], Client]
NEW = {"symbol": "AAPL", "kind": "fund", "name": "Apple", "source": "Hearsay"}
BAE = "BAESY,,GB0002634946,BAE Systems plc,BAE Systems,stock,equity,,Test,2026-11-02"


@pytest.fixture
def apple(firm: Firm) -> Security:
    load(firm.operations, APPLE)
    return Security.objects.get(key="AAPL")


def as_stored(row: Security) -> dict[str, Any]:
    names = ("symbol", "name", "kind", "issuer", "cusip", "isin", "asset_class", "sector", "source")
    return {name: getattr(row, name) for name in names} | {
        "as_of": row.as_of.isoformat(),
        "version": row.updated_at.isoformat(),
    }


@pytest.mark.parametrize("symbol", ["AAPL", "aapl", "037833100", "US0378331005"])
def test_adding_what_is_there_leaves_it_and_leads_to_it(signed_in: As, apple: Security, symbol: str) -> None:
    before = list(Security.objects.values_list())
    response = signed_in("operations").post("/securities/new/", NEW | {"symbol": symbol})
    page = text_of(response)
    assert response.status_code == 409
    assert f"The list of securities has {symbol.upper()} already" in page
    assert f'<a href="/securities/{apple.pk}/">Open AAPL</a>' in page
    assert list(Security.objects.values_list()) == before
    assert SecurityChange.objects.count() == 1


def test_the_page_to_add_what_is_there_is_the_rows(signed_in: As, apple: Security) -> None:
    response = signed_in("operations").get("/securities/new/?symbol=037833100")
    assert (response.status_code, response["Location"]) == (302, f"/securities/{apple.pk}/")
    assert signed_in("operations").get("/securities/new/?symbol=ABCX").status_code == 200


def test_the_service_refuses_what_is_there(firm: Firm, apple: Security) -> None:
    values = {name: getattr(apple, name) for name in ("symbol", "key")}
    with pytest.raises(KnownAlready) as refused:
        add_security(by=firm.operations, values=values)
    assert (refused.value.status, refused.value.security) == (409, apple)


def test_of_two_who_change_a_row_the_second_sees_what_the_first_changed(
    firm: Firm, signed_in: As, apple: Security
) -> None:
    address, seen = f"/securities/{apple.pk}/", as_stored(apple)
    first, second = signed_in("operations"), signed_in("administrator")
    assert f'value="{seen["version"]}"' in first.get(address).content.decode()
    assert first.post(address, seen | {"issuer": "Apple Corp"}).status_code == 302
    refused = second.post(address, seen | {"name": "Apple, typed by the second"})
    page = text_of(refused)
    assert refused.status_code == 409
    assert "Issuer: Apple Inc. → Apple Corp" in page
    assert str(firm.operations) in page
    assert 'value="Apple, typed by the second"' in page
    apple.refresh_from_db()
    assert (apple.issuer, apple.name) == ("Apple Corp", "Apple Inc.")
    assert second.post(address, seen | {"name": "Again"}).status_code == 409
    over = {"save_over": refused.context["conflict"]["version"]}
    assert second.post(address, seen | {"name": "Apple 2"} | over).status_code == 302
    apple.refresh_from_db()
    assert (apple.issuer, apple.name) == ("Apple Inc.", "Apple 2")


def test_saving_over_the_other_can_be_mended_without_being_asked_again(
    signed_in: As, apple: Security
) -> None:
    """The other's row is of a later day: that is told, and the next try needs the day alone."""
    address, seen = f"/securities/{apple.pk}/", as_stored(apple)
    client = signed_in("operations")
    client.post(address, seen | {"issuer": "Apple Corp", "as_of": "2026-11-19"})
    mine = seen | {"name": "Apple 2"}
    over = {"save_over": client.post(address, mine).context["conflict"]["version"]}
    told = client.post(address, mine | over)
    assert (told.status_code, told.context["conflict"]) == (422, None)
    version = {"version": told.context["form"]["version"].value()}
    assert client.post(address, mine | version | {"as_of": "2026-11-19"}).status_code == 302
    apple.refresh_from_db()
    assert (apple.name, apple.issuer) == ("Apple 2", "Apple Inc.")


@pytest.mark.parametrize("version", ["", "yesterday", "2026-11-01", "2026-11-01T00:00:00"])
def test_a_page_that_does_not_say_what_it_showed_changes_nothing(
    signed_in: As, apple: Security, version: str
) -> None:
    typed = as_stored(apple) | {"name": "Another", "version": version}
    assert signed_in("operations").post(f"/securities/{apple.pk}/", typed).status_code == 409
    apple.refresh_from_db()
    assert apple.name == "Apple Inc."


def test_what_the_row_says_already_is_not_called_saved(signed_in: As, apple: Security) -> None:
    typed = as_stored(apple) | {"as_of": "2026-10-01"}
    page = text_of(signed_in("operations").post(f"/securities/{apple.pk}/", typed, follow=True))
    assert "AAPL says so already; nothing was changed." in page
    apple.refresh_from_db()
    assert apple.as_of.isoformat() == "2026-11-01"


@pytest.mark.parametrize("symbol", ["037833100", "US0378331005", "GB0002634946", "BAESY"])
def test_nothing_is_proposed_of_what_the_master_finds_by_a_number(
    firm: Firm, signed_in: As, apple: Security, symbol: str
) -> None:
    load(firm.operations, BAE)
    response = signed_in("advisor").post("/securities/propose/", NEW | {"symbol": symbol})
    assert response.status_code == 409
    assert f"The list of securities has {symbol} already" in text_of(response)
    assert not SecurityProposal.objects.exists()


def test_a_proposal_that_the_master_has_overtaken_is_a_conflict(firm: Firm) -> None:
    proposal = propose_security(by=firm.advisor, stated=NEW | {"symbol": "GB0002634946"})
    load(firm.operations, BAE)
    with pytest.raises(DomainError) as refused:
        accept_proposal(by=firm.operations, proposal=proposal)
    assert refused.value.status == 409
    assert str(refused.value) == (
        "The list of securities has GB0002634946 already, as BAESY. Decline the proposal, or change the row."
    )
    proposal.refresh_from_db()
    assert proposal.state == "open"
