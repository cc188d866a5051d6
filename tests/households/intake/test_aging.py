"""When an answer is last year's: the board, the note at the question and the confirmation say the same."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from households.facts import rebuild_facts
from households.intake.aging import to_confirm
from households.models import Account, AccountFacts, Household, Intake
from households.quality import board, having
from households.selectors import intake_state
from tests.firm import Firm

pytestmark = pytest.mark.django_db


def said(days: int, source: str = "typed") -> dict[str, Any]:
    day = timezone.localdate() - timedelta(days=days)
    return {"source": source, "date": day.isoformat(), "by": "", "quality": "stated"}


@pytest.fixture
def account(firm: Firm) -> Account:
    Intake.objects.get_or_create(account=firm.account)
    Intake.objects.filter(account=firm.account).update(sector_tilts=2, esg_screens=0)
    return firm.account


def flagged(account: Account) -> bool:
    found = having(Account.objects.filter(pk=account.pk), "answers").exists()
    (total, _, _) = board(account.household.advisor)
    assert total.having["answers"] == found
    return found


@pytest.mark.parametrize(
    ("entries", "last_years"),
    [
        ({}, []),
        ({"sector_tilts": said(365)}, []),
        ({"sector_tilts": said(366)}, ["sector_tilts"]),
        ({"sector_tilts": said(0), "esg_screens": said(366)}, ["esg_screens"]),
        ({"sector_tilts": said(3, "previous")}, ["sector_tilts"]),
        ({"sector_tilts": said(500, "crm")}, []),
        ({"sector_tilts": {"source": "typed"}}, []),
        ({"sector_tilts": {"source": "typed", "date": ""}}, []),
        ({"sector_tilts": {"source": "typed", "date": "2020-01-01T10:00:00"}}, ["sector_tilts"]),
    ],
)
def test_one_definition(account: Account, entries: dict[str, Any], last_years: list[str]) -> None:
    Intake.objects.filter(account=account).update(provenance=entries)
    rebuild_facts([account.household_id])
    state = intake_state(account)
    assert to_confirm(state.intake, timezone.localdate()) == last_years
    assert [name for name in ("sector_tilts", "esg_screens") if state.is_old(name)] == last_years
    assert flagged(account) is bool(last_years)


def test_what_is_stated_once_does_not_age(account: Account) -> None:
    """Opened 500 days ago with registration, custodian and rates, answered today: nothing is to confirm."""
    Intake.objects.filter(account=account).update(provenance={"sector_tilts": said(0)})
    opened = timezone.now() - timedelta(days=500)
    Account.objects.filter(pk=account.pk).update(created_at=opened, custodian="schwab")
    Household.objects.filter(pk=account.household_id).update(created_at=opened, sleeves_wanted=2)
    rebuild_facts([account.household_id])
    facts = AccountFacts.objects.get(account=account)
    assert isinstance(facts.oldest_source_date, date)
    assert facts.oldest_source_date == timezone.localdate(opened)
    assert not flagged(account)
    state = intake_state(account)
    assert not any(
        state.is_old(name) for name in ("registration", "custodian", "long_term_rate", "sleeves_wanted")
    )


def test_an_account_without_an_intake(account: Account) -> None:
    Intake.objects.filter(account=account).delete()
    assert not flagged(account)
