"""An answer that operations declined: who gave it, and their team, read why where the symbol is asked."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from households.facts import rebuild_facts
from households.models import Account, SecurityProposal, User
from tests.firm import Firm
from tests.households.book import a_household, a_position, an_account
from tests.households.pages.conftest import text_of

As = Callable[[str], Client]
UNKNOWN, FORM = "/securities/unknown/", "/securities/propose/?symbol=ABCX"
WHY = "It is a closed-end fund."


@pytest.fixture
def account(firm: Firm) -> Account:
    """Holds ABCX, of which nobody says anything; the stranger's account holds it as well."""
    account = an_account(a_household(firm.advisor))
    for holder in (account, firm.others_account):
        a_position(holder, "ABCX", "unknown", 50_000)
        rebuild_facts([holder.household_id])
    return account


def proposed(by: User, operations: User, state: str, day: int, reason: str = "") -> SecurityProposal:
    return SecurityProposal.objects.create(
        symbol="ABCX", key="ABCX", name="ABC Select", kind="stock", issuer="ABC Inc", source="Hearsay", by=by,
        state=state, decided_by=operations, decided_at=datetime(2026, 11, day, 15, tzinfo=UTC), reason=reason,
    )  # fmt: skip


def places(account: Account) -> list[str]:
    return [UNKNOWN, FORM, f"/accounts/{account.pk}/", f"/accounts/{account.pk}/intake/"]


def test_the_proposer_and_their_team_read_the_last_reason_where_the_symbol_is_asked(
    signed_in: As, firm: Firm, account: Account
) -> None:
    proposed(firm.advisor, firm.operations, "declined", 3, "An older reason.")
    proposed(firm.advisor, firm.operations, "declined", 5, WHY)
    for role in ("advisor", "assistant"):
        for place in places(account):
            page = text_of(signed_in(role).get(place))
            assert WHY in page, f"{role} at {place}"
            assert "An older reason." not in page
            for told in (str(firm.advisor), str(firm.operations), "Nov 5, 2026"):
                assert told in page, f"{told} at {place}"
    form = text_of(signed_in("advisor").get(FORM))
    assert "stock, ABC Select, issued by ABC Inc (from Hearsay)" in form


def test_operations_read_it_where_they_add_the_symbol(signed_in: As, firm: Firm, account: Account) -> None:
    proposed(firm.advisor, firm.operations, "declined", 5, WHY)
    assert WHY in text_of(signed_in("operations").get(UNKNOWN))


def test_another_team_reads_nothing_of_it(signed_in: As, firm: Firm, account: Account) -> None:
    proposed(firm.advisor, firm.operations, "declined", 5, WHY)
    for place in places(firm.others_account):
        assert WHY not in text_of(signed_in("stranger").get(place))


def test_a_newer_answer_that_waits_stands_for_itself(signed_in: As, firm: Firm, account: Account) -> None:
    proposed(firm.advisor, firm.operations, "declined", 5, WHY)
    SecurityProposal.objects.create(
        symbol="ABCX", key="ABCX", name="ABC Select", kind="fund", source="A page", by=firm.assistant
    )
    for place in (UNKNOWN, f"/accounts/{account.pk}/"):
        page = text_of(signed_in("advisor").get(place))
        assert WHY not in page
        assert str(firm.assistant) in page


def test_a_team_is_no_set_of_those_without_one(signed_in: As, firm: Firm, account: Account) -> None:
    User.objects.update(team=None)
    proposed(firm.advisor, firm.operations, "declined", 5, WHY)
    assert WHY not in text_of(signed_in("stranger").get(FORM))
    assert WHY in text_of(signed_in("advisor").get(FORM))
