"""The conversation: the same questions as the sections, each at most once, none invented."""

from typing import Any

import pytest

from households.intake.conversation import TURNS
from households.intake.sections import BY_SLUG, QUESTIONS
from households.models import Intake
from tests.firm import Firm

pytestmark = pytest.mark.django_db


def test_five_guiding_questions_ask_what_the_sections_ask() -> None:
    asked = [question for turn in TURNS for question in turn.questions]
    assert len(TURNS) == 5
    assert len({question.name for question in asked}) == len(asked)
    assert all(QUESTIONS[question.name] is question for question in asked)
    assert not {turn.slug for turn in TURNS} & set(BY_SLUG)


def test_going_through_fills_the_same_facts(firm: Firm, client: Any) -> None:
    client.force_login(firm.advisor)
    Intake.objects.get_or_create(account=firm.account)
    hub = f"/accounts/{firm.account.pk}/intake/"
    address, seen = f"{hub}{TURNS[0].slug}/", []
    answers = {"flexibility_need": "3", "standalone_mandate": "yes", "account_value": "750,000"}
    while address != hub:
        page = client.get(address)
        seen.append(page.context["section"].slug)
        html = page.content.decode()
        assert f"Question {len(seen)} of 5" in html
        form = page.context["form"]
        data = {"version": form["version"].value(), "was": page.context["was"]}
        data |= form.shown_values()
        data |= {name: value for name, value in answers.items() if name in form.asked}
        answer = client.post(address, data)
        assert answer.status_code == 302, answer.content.decode()[:3000]
        address = answer["Location"]
    assert seen == [turn.slug for turn in TURNS]
    intake = Intake.objects.get(account=firm.account)
    assert (intake.flexibility_need, intake.standalone_mandate, intake.account_value) == (3, True, 750_000_00)
    assert intake.visited == []


def test_it_can_be_left_for_the_sections(firm: Firm, client: Any) -> None:
    client.force_login(firm.advisor)
    hub = f"/accounts/{firm.account.pk}/intake/"
    assert f'href="{hub}talk-size/"' in client.get(hub).content.decode()
    html = client.get(f"{hub}talk-legacy/").content.decode()
    assert f'href="{hub}"' in html
    assert f'href="{hub}talk-taxes/"' in html
