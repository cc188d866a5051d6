"""The account page says where what was stated and what is held do not agree; the board counts the same."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from households.facts import rebuild_facts
from households.models import Account, Intake
from households.quality import having
from tests.firm import Firm
from tests.households.book import a_position, cents
from tests.households.pages.conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def stated(firm: Firm) -> Account:
    """$600,000, cash 60%, the largest issuer 5%: typed on November 22, 2026."""
    answers = {"account_value": cents(600_000), "cash_share": 0.6, "largest_position_share": 0.05}
    entry = {"source": "typed", "date": "2026-11-22", "by": str(firm.advisor.pk), "quality": "stated"}
    values = {**answers, "provenance": dict.fromkeys(answers, entry)}
    Intake.objects.update_or_create(account=firm.account, defaults=values)
    return firm.account


def page(client: Client, account: Account) -> str:
    rebuild_facts([account.household_id])
    return text_of(client.get(reverse("households:account", args=[account.pk])))


def flagged(account: Account) -> list[str]:
    one = Account.objects.filter(pk=account.pk)
    return [code for code in ("apart", "excluded") if having(one, code).exists()]


def test_holdings_that_settle_it(advisor: Client, firm: Firm, stated: Account) -> None:
    """$1,000 held: Microsoft 29.5%, another stock 20%, funds 49.7%, cash 0.8%."""
    a_position(stated, "MSFT", "stock", 295, issuer="Microsoft")
    a_position(stated, "AAPL", "stock", 200, issuer="Apple")
    a_position(stated, "VTI", "fund", 497)
    a_position(stated, "CASH", "cash", 8)
    html = page(advisor, stated)
    whence = f"({firm.advisor}, Nov 22, 2026)"
    for name, was, now in (
        ("value", "$600,000", "$1,000"), ("cash", "60%", "0.8%"), ("largest", "5%", "29.5%"),
    ):  # fmt: skip
        assert f"Stated as {was} {whence}, but the holdings say {now}, and they count." in html, name
    assert html.count("To be looked at") == 3
    assert (
        f'href="{reverse("households:import_create", args=[stated.household_id])}">Import newer holdings'
        in html
    )
    assert flagged(stated) == ["apart"]


def test_holdings_that_only_exclude_it(advisor: Client, firm: Firm, stated: Account) -> None:
    """Microsoft is 29.5%; what the other 69.7% are nobody says. So the largest is 29.5% to 99.2%."""
    a_position(stated, "MSFT", "stock", 295, issuer="Microsoft")
    a_position(stated, "XXYY", "unknown", 697)
    a_position(stated, "CASH", "cash", 8)
    html = page(advisor, stated)
    assert "but by the holdings it lies between 29.5% and 99.2%. The answer does not count." in html
    section = reverse("households:intake_section", args=[stated.pk, "holdings"])
    assert f'href="{section}#id_largest_position_share">Correct' in html
    assert advisor.get(section).content.decode().count('id="id_largest_position_share"') == 1
    assert "but by the holdings it lies" in html
    assert flagged(stated) == ["apart", "excluded"]


@pytest.mark.parametrize(("held", "said"), [(0.69, False), (0.71, True), (0.51, False), (0.49, True)])
def test_a_tenth_of_the_account_is_the_limit(
    advisor: Client, firm: Firm, stated: Account, held: float, said: bool
) -> None:
    Intake.objects.filter(account=stated).update(account_value=None, largest_position_share=None)
    a_position(stated, "CASH", "cash", 1_000 * held)
    a_position(stated, "VTI", "fund", 1_000 * (1 - held))
    assert ("Stated as 60%" in page(advisor, stated)) is said
    assert flagged(stated) == (["apart"] if said else [])


def test_nothing_is_said_without_holdings_and_no_door_shown_to_readers(
    signed_in: Callable[[str], Client], advisor: Client, stated: Account
) -> None:
    assert "To be looked at" not in page(advisor, stated)
    a_position(stated, "CASH", "cash", 1_000)
    html = page(signed_in("compliance"), stated)
    assert "To be looked at" in html
    assert "Import newer holdings" not in html
