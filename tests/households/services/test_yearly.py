"""The yearly review: answers carried over stand, are confirmed with today's date, and nothing else moves."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from households.foundation.errors import DomainError
from households.intake.aging import to_confirm
from households.intake.presenting import tasks
from households.intake.sections import SECTIONS
from households.models import Account, AccountFacts, Change, Household, Intake
from households.provenance import decode
from households.selectors import intake_state
from households.services import begin_review, complete_intake, confirm_answers, save_intake
from tests.firm import Firm

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(firm: Firm) -> Account:
    """An account with three answers, complete."""
    Intake.objects.get_or_create(account=firm.account)
    save_intake(
        by=firm.advisor,
        account=firm.account,
        answers={"sector_tilts": 2, "esg_screens": 0, "flexibility_need": 3},
        version=firm.account.intake.version,
        section="mandate",
    )
    complete_intake(by=firm.advisor, account=firm.account, version=version(firm.account))
    return firm.account


def version(account: Account) -> int:
    return Intake.objects.get(account=account).version


def sources(account: Account) -> dict[str, str]:
    """What the facts' provenance says of the three answers."""
    kept = decode(AccountFacts.objects.get(account=account).provenance)
    return {name: kept[name].source for name in ("sector_tilts", "esg_screens", "flexibility_need")}


def aged(account: Account, name: str, days: int) -> None:
    intake = Intake.objects.get(account=account)
    intake.provenance[name]["date"] = (timezone.localdate() - timedelta(days=days)).isoformat()
    intake.save()


def test_a_review_carries_the_answers_over(firm: Firm, answered: Account) -> None:
    revision = Household.objects.get(pk=firm.household.pk).revision
    begin_review(by=firm.advisor, account=answered, version=version(answered))
    intake = Intake.objects.get(account=answered)
    assert (intake.state, intake.visited, intake.completed_at) == ("open", [], None)
    assert set(sources(answered).values()) == {"previous"}
    assert AccountFacts.objects.get(account=answered).sector_tilts == 2
    assert set(to_confirm(intake, timezone.localdate())) == {
        "sector_tilts",
        "esg_screens",
        "flexibility_need",
    }
    assert Household.objects.get(pk=firm.household.pk).revision == revision
    assert Change.objects.filter(entity="intake", field="review").count() == 1


def test_an_answer_given_anew_is_this_years(firm: Firm, answered: Account) -> None:
    begin_review(by=firm.advisor, account=answered, version=version(answered))
    save_intake(by=firm.advisor, account=answered, answers={"sector_tilts": 3}, version=version(answered))
    assert sources(answered) == {
        "sector_tilts": "typed", "esg_screens": "previous", "flexibility_need": "previous",
    }  # fmt: skip


def test_all_are_confirmed_at_once_or_some(firm: Firm, answered: Account) -> None:
    begin_review(by=firm.advisor, account=answered, version=version(answered))
    some = confirm_answers(
        by=firm.advisor, account=answered, version=version(answered), names=["esg_screens", "cash_share"]
    )
    assert some == 1
    assert sources(answered)["esg_screens"] == "typed"
    assert confirm_answers(by=firm.advisor, account=answered, version=version(answered)) == 2
    intake = Intake.objects.get(account=answered)
    assert not to_confirm(intake, timezone.localdate())
    assert {entry["date"] for entry in intake.provenance.values()} == {timezone.localdate().isoformat()}
    notes = list(Change.objects.filter(field="confirmed").order_by("at", "id").values_list("new", flat=True))
    assert notes == ["esg_screens", "sector_tilts, flexibility_need"]
    before = version(answered)
    assert confirm_answers(by=firm.advisor, account=answered, version=before) == 0
    assert version(answered) == before


@pytest.mark.parametrize(("days", "last_years"), [(365, []), (366, ["sector_tilts"])])
def test_an_answer_grows_old_by_itself(
    firm: Firm, answered: Account, days: int, last_years: list[str]
) -> None:
    aged(answered, "sector_tilts", days)
    assert to_confirm(Intake.objects.get(account=answered), timezone.localdate()) == last_years


def test_two_at_once_and_nothing_to_carry_over(firm: Firm, answered: Account) -> None:
    for act in (begin_review, confirm_answers):
        with pytest.raises(DomainError) as refused:
            act(by=firm.advisor, account=answered, version=version(answered) - 1)
        assert refused.value.status == 409
    Intake.objects.filter(account=answered).update(provenance={})
    with pytest.raises(DomainError, match="no answers to carry over"):
        begin_review(by=firm.advisor, account=answered, version=version(answered))


def test_on_the_pages(firm: Firm, answered: Account, client: Any) -> None:
    client.force_login(firm.advisor)
    hub = f"/accounts/{answered.pk}/intake/"
    assert "Begin the yearly review" in client.get(hub).content.decode()
    client.post(f"{hub}review/", {"version": version(answered)})
    html = client.get(hub).content.decode()
    assert "3 answers are last year" in html
    assert "Begin the yearly review" not in html
    assert "All else unchanged" in client.get(f"{hub}mandate/").content.decode()
    answer = client.post(f"{hub}mandate/", {"version": version(answered), "unchanged": "1"})
    assert answer["Location"] == f"{hub}mandate/"
    assert "previous" not in sources(answered).values()
    client.post(f"{hub}confirm/", {"version": version(answered)})
    assert not to_confirm(Intake.objects.get(account=answered), timezone.localdate())


def test_answers_that_nobody_confirmed_are_carried_over_once_more(firm: Firm, answered: Account) -> None:
    begin_review(by=firm.advisor, account=answered, version=version(answered))
    complete_intake(by=firm.advisor, account=answered, version=version(answered))
    begin_review(by=firm.advisor, account=answered, version=version(answered))
    assert set(sources(answered).values()) == {"previous"}


def test_the_sections_say_what_is_to_be_confirmed(firm: Firm, answered: Account) -> None:
    begin_review(by=firm.advisor, account=answered, version=version(answered))
    listed = {task["url"].rstrip("/").rsplit("/")[-1]: task for task in tasks(intake_state(answered))}
    assert listed["mandate"]["state"] == "attention"
    assert listed["mandate"]["hint"] == "3 of last year's answers to confirm or change."
    assert "last year" not in listed["funding"]["hint"]


def test_when_every_section_is_done_the_way_to_the_end_is_shown(
    firm: Firm, answered: Account, client: Any
) -> None:
    client.force_login(firm.advisor)
    hub = f"/accounts/{answered.pk}/intake/"
    Intake.objects.filter(account=answered).update(
        state="open", visited=[section.slug for section in SECTIONS]
    )
    said = client.get(hub).content.decode()
    assert "Every section is done" in said
    client.force_login(firm.assistant)
    assert "Every section is done" not in client.get(hub).content.decode()
    Intake.objects.filter(account=answered).update(state="complete")
    client.force_login(firm.advisor)
    assert "Every section is done" not in client.get(hub).content.decode()
