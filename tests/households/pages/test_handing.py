"""An intake changes hands through its pages, and what a client associate may do."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from households.models import HandOver
from tests.firm import Firm
from tests.households.pages.conftest import text_of

NOTE = "Please ask for the lots."


@pytest.fixture
def assistant(signed_in: Callable[[str], Client]) -> Client:
    return signed_in("assistant")


def hub(firm: Firm) -> str:
    return reverse("households:intake", args=[firm.account.pk])


def give(client: Client, firm: Firm, **changes: str) -> int:
    data = {"hand-to": str(firm.assistant.pk), "hand-note": NOTE} | changes
    return client.post(f"{hub(firm)}hand-over/", data).status_code


def test_there_and_back(advisor: Client, assistant: Client, firm: Firm) -> None:
    assert "Hand over to a person of the team" in text_of(advisor.get(hub(firm)))
    assert give(advisor, firm) == 302
    made = HandOver.objects.get()
    page = text_of(advisor.get(hub(firm)))
    assert "With Assistant Tester" in page
    assert "Take back" in page
    assert NOTE in page
    household = reverse("households:household", args=[firm.household.pk])
    assert "With Assistant Tester since" in text_of(advisor.get(household))
    assert "With you since" in text_of(assistant.get(household))
    listed = text_of(assistant.get("/with-you/"))
    assert NOTE in listed
    assert 'With you <span class="count-pill">1</span>' in text_of(assistant.get("/book/?view=all"))
    assert "Hand back" in text_of(assistant.get(hub(firm)))
    done = assistant.post(f"/hand-overs/{made.pk}/back/", {"back-note": "The lots are in."}, follow=True)
    assert "Nothing is with you" in text_of(done)
    assert "Assistant Tester handed it back" in text_of(advisor.get(hub(firm)))
    assert "The lots are in." in text_of(advisor.get("/with-you/"))
    assert 'With you <span class="count-pill">1</span>' in text_of(advisor.get("/book/?view=all"))
    assert "Mark as seen" in text_of(advisor.get(hub(firm)))
    assert "Mark as seen" not in text_of(assistant.get(hub(firm)))
    seen = text_of(advisor.post(f"/hand-overs/{made.pk}/seen/", follow=True))
    assert "Handed back and seen" in seen and "Mark as seen" not in seen
    assert "count-pill" not in seen
    told = text_of(advisor.get(household))
    assert "Intake handed back: Joint brokerage" in told
    assert "Handed-back intake seen: Joint brokerage" in told
    assert f"To Assistant Tester: {NOTE}" in told


def test_it_is_taken_back(advisor: Client, assistant: Client, firm: Firm) -> None:
    give(advisor, firm)
    made = HandOver.objects.get()
    assert NOTE in text_of(advisor.get("/with-you/"))
    assert assistant.post(f"/hand-overs/{made.pk}/take-back/").status_code == 409
    assert advisor.post(f"/hand-overs/{made.pk}/take-back/").url == hub(firm)
    late = assistant.post(f"/hand-overs/{made.pk}/back/", {"back-note": "Too late"})
    assert late.status_code == 409
    assert "Advisor Tester ended this hand-over already" in text_of(late)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"hand-to": ""}, "Choose who is to take it."),
        ({"hand-note": " "}, "Say what is needed"),
        ({"hand-note": "x" * 301}, "301"),
    ],
)
def test_what_is_missing_is_said(advisor: Client, firm: Firm, changes: dict[str, str], said: str) -> None:
    data = {"hand-to": str(firm.assistant.pk), "hand-note": NOTE} | changes
    answer = advisor.post(f"{hub(firm)}hand-over/", data)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not HandOver.objects.exists()


def test_somebody_else_was_faster(advisor: Client, assistant: Client, firm: Firm) -> None:
    give(advisor, firm)
    answer = assistant.post(f"{hub(firm)}hand-over/", {"hand-to": str(firm.advisor.pk), "hand-note": "Mine"})
    assert answer.status_code == 409
    assert "Advisor Tester gave this intake to Assistant Tester already" in text_of(answer)
    assert HandOver.objects.count() == 1


def test_a_reader_sees_it_and_a_stranger_does_not(signed_in: Callable[[str], Client], firm: Firm) -> None:
    give(signed_in("advisor"), firm)
    page = text_of(signed_in("supervisor").get(hub(firm)))
    assert "With Assistant Tester" in page
    assert "Take back" not in page
    made = HandOver.objects.get()
    assert signed_in("stranger").post(f"/hand-overs/{made.pk}/take-back/").status_code == 404


def test_nobody_to_hand_it_to(signed_in: Callable[[str], Client], firm: Firm) -> None:
    alone = signed_in("stranger")
    page = text_of(alone.get(reverse("households:intake", args=[firm.others_account.pk])))
    assert "Hand over" not in page
    assert "With you" not in text_of(alone.get("/book/?view=all"))


def test_an_associate_prepares_and_the_advisor_says(assistant: Client, firm: Firm) -> None:
    """Every door the associate sees opens; those of the advisor alone are not shown."""
    household = text_of(assistant.get(reverse("households:household", args=[firm.household.pk])))
    account = text_of(assistant.get(reverse("households:account", args=[firm.account.pk])))
    check = text_of(assistant.get(reverse("households:intake_check", args=[firm.account.pk])))
    book = text_of(assistant.get("/book/?view=all"))
    for shown in ("Add account", "Import holdings", "Add<span"):
        assert shown in household
    assert "The clients of your team." in book
    assert "Add household" not in book
    assert f"/households/{firm.household.pk}/edit/" not in household
    for advisors in ("Close this account", "Evaluate"):
        assert advisors not in account
    assert "is the advisor's word" in check
    assert "Intake complete</button>" not in check
