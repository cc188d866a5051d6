"""An intake changes hands within a team: to whom, by whom it ends, and what is told of it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from households import handing, services
from households.foundation.errors import DomainError
from households.foundation.roles import Role
from households.models import Change, HandOver, Household, Intake, Team, User
from tests.firm import Firm

NOTE = "Please ask for the lots."


def given(firm: Firm, note: str = NOTE) -> HandOver:
    return services.hand_over(by=firm.advisor, account=firm.account, to=firm.assistant, note=note)


def told(firm: Firm) -> list[tuple[str, str | None]]:
    rows = Change.objects.filter(household=firm.household).order_by("at", "id")
    return list(rows.values_list("field", "new"))


def test_it_stands_with_the_receiver_and_changes_no_fact(firm: Firm) -> None:
    def counts() -> tuple[int, int]:
        household = Household.objects.get(pk=firm.household.pk)
        return household.revision, Intake.objects.get(account=firm.account).version

    before = counts()
    made = given(firm)
    assert (made.giver, made.receiver, made.note, made.ended_at) == (firm.advisor, firm.assistant, NOTE, None)
    assert handing.standing_of(firm.account) == made
    assert list(handing.with_user(firm.assistant)) == [made]
    assert list(handing.given_by(firm.advisor)) == [made]
    assert told(firm) == [("handed_over", f"Assistant Tester: {NOTE}")]
    assert counts() == before


def test_nobody_is_locked_out(firm: Firm) -> None:
    given(firm)
    for by, answers in ((firm.advisor, {"sector_tilts": 2}), (firm.assistant, {"esg_screens": 1})):
        version = Intake.objects.get(account=firm.account).version
        services.save_intake(by=by, account=firm.account, answers=answers, version=version)
    intake = Intake.objects.get(account=firm.account)
    assert (intake.sector_tilts, intake.esg_screens) == (2, 1)


def test_saying_it_twice_changes_nothing(firm: Firm) -> None:
    made = given(firm)
    assert given(firm) == made
    services.hand_back(by=firm.assistant, hand_over=made, note="Done.")
    services.hand_back(by=firm.assistant, hand_over=made, note="Done again.")
    made.refresh_from_db()
    assert made.answer == "Done."
    assert [field for field, _ in told(firm)] == ["handed_over", "handed_back"]
    again = given(firm)
    for _ in range(2):
        services.take_back(by=firm.advisor, hand_over=again)
    assert told(firm)[-1] == ("taken_back", "Assistant Tester")
    assert len(told(firm)) == 4


def test_it_is_with_one_at_a_time(firm: Firm) -> None:
    given(firm)
    with pytest.raises(
        DomainError, match="Advisor Tester gave this intake to Assistant Tester already"
    ) as refused:
        given(firm, note="Something else.")
    assert refused.value.status == 409
    assert HandOver.objects.count() == 1


def test_what_came_back_is_on_the_givers_list(firm: Firm) -> None:
    services.hand_back(by=firm.assistant, hand_over=given(firm), note="  The lots\nare in. ")
    (row,) = handing.unseen_by(firm.advisor)
    assert row.answer == "The lots are in."
    assert handing.last_answer(firm.account) == row
    assert not handing.with_user(firm.assistant)
    services.take_back(by=firm.advisor, hand_over=given(firm))
    assert handing.last_answer(firm.account) is None
    assert list(handing.seen_by(firm.advisor, [])) == [row]


def test_what_came_back_waits_until_its_giver_has_seen_it(firm: Firm) -> None:
    made = services.hand_back(by=firm.assistant, hand_over=given(firm))
    revision = Household.objects.get(pk=firm.household.pk).revision
    services.save_intake(
        by=firm.advisor, account=firm.account, answers={"sector_tilts": 2},
        version=Intake.objects.get(account=firm.account).version,
    )  # fmt: skip
    assert handing.unseen_by(firm.advisor) == [made]  # an answer does not say that the note was read
    assert handing.unseen_by(firm.assistant) == []
    for _ in range(2):
        services.see_back(by=firm.advisor, hand_over=made)
    assert handing.unseen_by(firm.advisor) == []
    assert list(handing.seen_by(firm.advisor, [])) == [made]
    assert [row for row in told(firm) if row[0] == "back_seen"] == [("back_seen", "Assistant Tester")]
    assert Household.objects.get(pk=firm.household.pk).revision == revision + 1  # by the answer alone
    again = services.hand_back(by=firm.assistant, hand_over=given(firm))
    assert handing.unseen_by(firm.advisor) == [again]
    assert list(handing.seen_by(firm.advisor, [again])) == [made]


def test_giving_it_anew_is_having_seen_it(firm: Firm) -> None:
    services.hand_back(by=firm.assistant, hand_over=given(firm))
    given(firm)
    assert handing.unseen_by(firm.advisor) == []


def test_what_waits_unseen_does_not_run_out(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing, "SHOWN_AFTER", timedelta(0))
    made = services.hand_back(by=firm.assistant, hand_over=given(firm))
    assert handing.unseen_by(firm.advisor) == [made]
    services.see_back(by=firm.advisor, hand_over=made)
    assert not handing.seen_by(firm.advisor, [])


def test_only_its_giver_says_that_it_is_seen(firm: Firm) -> None:
    made = given(firm)
    for by in (firm.advisor, firm.assistant):  # it is not back yet
        with pytest.raises(DomainError, match="was not handed back to you"):
            services.see_back(by=by, hand_over=made)
    services.hand_back(by=firm.assistant, hand_over=made)
    with pytest.raises(DomainError, match="was not handed back to you") as refused:
        services.see_back(by=firm.assistant, hand_over=made)
    assert refused.value.status == 409


def test_who_ends_it(firm: Firm) -> None:
    made = given(firm)
    with pytest.raises(DomainError, match="given to Assistant Tester, who hands it back"):
        services.hand_back(by=firm.advisor, hand_over=made)
    with pytest.raises(DomainError, match="Advisor Tester gave this intake to Assistant Tester"):
        services.take_back(by=firm.assistant, hand_over=made)
    services.take_back(by=firm.advisor, hand_over=made)
    with pytest.raises(DomainError, match="Advisor Tester ended this hand-over already") as refused:
        services.hand_back(by=firm.assistant, hand_over=made)
    assert refused.value.status == 409


def test_the_households_advisor_takes_back_what_a_colleague_gave(firm: Firm) -> None:
    other = colleague(firm)
    made = services.hand_over(by=firm.assistant, account=firm.account, to=other, note=NOTE)
    services.take_back(by=firm.advisor, hand_over=made)
    assert HandOver.objects.get().ended_by == firm.advisor
    assert handing.unseen_by(firm.assistant) == []  # nobody answered
    assert not handing.seen_by(firm.assistant, [])
    assert handing.last_answer(firm.account) is None


def colleague(firm: Firm, team: Team | None = None) -> User:
    return User.objects.create(
        email="colleague@test.example", role=Role.ADVISOR, office=firm.advisor.office,
        team=team or firm.advisor.team, first_name="Colleague", last_name="Tester",
    )  # fmt: skip


def test_only_the_team_can_take_it(firm: Firm) -> None:
    elsewhere = colleague(firm, Team.objects.create(name="Another team", office=firm.advisor.office))
    gone = firm.assistant
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for person in (firm.stranger, firm.supervisor, firm.operations, firm.advisor, elsewhere, gone):
        with pytest.raises(DomainError, match="is not of this household's team"):
            services.hand_over(by=firm.advisor, account=firm.account, to=person, note=NOTE)
    assert not HandOver.objects.exists()
    assert not handing.people_for(firm.others_household, firm.stranger)


@pytest.mark.parametrize("note", ["", "  \n "])
def test_without_a_note_nobody_knows_what_is_needed(firm: Firm, note: str) -> None:
    with pytest.raises(DomainError, match="The note is empty"):
        given(firm, note=note)


def test_a_closed_account_is_on_no_list(firm: Firm) -> None:
    given(firm)
    services.close_account(by=firm.advisor, account=firm.account, on=date(2026, 11, 1))
    assert not handing.with_user(firm.assistant)
    with pytest.raises(DomainError, match="was closed on"):
        services.take_back(by=firm.advisor, hand_over=HandOver.objects.get())


def test_what_is_no_longer_seen_is_on_no_list(firm: Firm) -> None:
    made = given(firm)
    User.objects.filter(pk=firm.assistant.pk).update(team=None)
    left = User.objects.get(pk=firm.assistant.pk)
    assert not handing.with_user(left)
    assert made.given_at <= timezone.now()


def test_whoever_has_it_hands_it_back_and_takes_nothing(firm: Firm) -> None:
    made = services.hand_over(by=firm.assistant, account=firm.account, to=firm.advisor, note=NOTE)
    with pytest.raises(DomainError):
        services.take_back(by=firm.advisor, hand_over=made)
