"""Two people at one intake: what stands together is kept, what clashes is chosen, nothing is lost unseen."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households import services
from households.forms.intake import SectionForm
from households.intake.conversation import TURN_BY_SLUG
from households.intake.sections import BY_SLUG
from households.models import Account, Change, Intake, TaxUnit
from households.selectors import intake_state
from households.services.yearly import to_confirm
from tests.firm import Firm
from tests.households.book import a_position, cents
from tests.households.pages.conftest import text_of

HTMX = {"HX-Request": "true"}
WAYS = pytest.mark.parametrize("headers", [{}, HTMX], ids=["form", "autosave"])


class Page:
    """A page of the intake that somebody has open: what it holds, and what it sends."""

    def __init__(self, client: Client, firm: Firm, slug: str) -> None:
        asked = BY_SLUG.get(slug) or TURN_BY_SLUG[slug]
        account = Account.objects.select_related("household", "tax_unit").get(pk=firm.account.pk)
        self.client, self.address = client, reverse("households:intake_section", args=[account.pk, slug])
        self.client.get(self.address)
        form = SectionForm(asked, intake_state(account))
        self.was = form.shown_values()
        self.version = form.state.intake.version
        self.held = dict(self.was)

    def send(self, headers: dict[str, str] | None = None, **answers: str) -> Any:
        """Type these answers and send the page; after an autosave it holds what came back."""
        self.held |= {name: text for name, text in answers.items() if name in self.was}
        data = {**self.held, **answers, "version": str(self.version), "was": json.dumps(self.was)}
        answer = self.client.post(self.address, data, headers=headers or {})
        if headers:
            self.was = json.loads(answer.context["was"])
            self.version = answer.context["version"]
        return answer


@pytest.fixture
def taxes(advisor: Client, firm: Firm) -> Page:
    return Page(advisor, firm, "taxes")


def intake_of(firm: Firm) -> Intake:
    return Intake.objects.get(account=firm.account)


def another(firm: Firm, **answers: Any) -> None:
    """What a colleague saves meanwhile."""
    services.save_intake(
        by=firm.assistant, account=firm.account, version=intake_of(firm).version, answers=answers
    )


@WAYS
def test_different_questions_stand_together(taxes: Page, firm: Firm, headers: dict[str, str]) -> None:
    another(firm, holding_horizon_years=9.0)
    answer = taxes.send(headers, gain_budget="5,000")
    assert answer.status_code == (200 if headers else 302)
    assert [intake_of(firm).gain_budget, intake_of(firm).holding_horizon_years] == [cents(5_000), 9]
    page = text_of(answer if headers else taxes.client.get(answer.url))
    assert "Holding horizon is now: 9 years" in page
    assert "Assistant Tester" in page


@WAYS
def test_the_same_question_is_shown_side_by_side(taxes: Page, firm: Firm, headers: dict[str, str]) -> None:
    another(firm, gain_budget=cents(7_000))
    answer = taxes.send(headers, gain_budget="5,000", holding_horizon_years="12")
    page = text_of(answer)
    assert answer.status_code == 409
    (clash,) = answer.context["clashes"]
    assert (clash.mine, clash.theirs, clash.who) == ("$5,000", "$7,000", "Assistant Tester")
    assert clash.when == Change.objects.get(field="gain_budget").at
    assert '<input type="radio" form="intake-form" id="choice-gain_budget-mine"' in page
    assert "Somebody else changed the same field. Choose which value stands." in page
    assert intake_of(firm).gain_budget == cents(7_000)
    # A form is stored whole or not at all; an autosave stores what is sound.
    assert intake_of(firm).holding_horizon_years == (12 if headers else None)
    if not headers:
        assert 'value="5,000"' in page


def test_nobody_is_named_for_an_answer_that_history_does_not_tell_of(taxes: Page, firm: Firm) -> None:
    """Of $8,000 and of 12 years history knows nothing: whoever said $7,000 and 9 years said neither."""
    another(firm, gain_budget=cents(7_000), holding_horizon_years=9.0)
    Intake.objects.filter(account=firm.account).update(gain_budget=cents(8_000), holding_horizon_years=12.0)
    answer = taxes.send(HTMX, gain_budget="5,000")
    (clash,), (item,) = answer.context["clashes"], answer.context["news"]
    assert (clash.theirs, clash.who, clash.when) == ("$8,000", "", None)
    assert item.words == "Holding horizon is now: 12 years."


def test_a_clash_stays_until_it_is_settled(taxes: Page, firm: Firm) -> None:
    another(firm, gain_budget=cents(7_000))
    taxes.send(HTMX, gain_budget="5,000")
    later = taxes.send(HTMX, holding_horizon_years="12")
    assert later.status_code == 409
    assert len(later.context["clashes"]) == 1
    assert taxes.send().status_code == 409
    assert taxes.send(settle="1").status_code == 409
    assert [intake_of(firm).gain_budget, intake_of(firm).holding_horizon_years] == [cents(7_000), 12]


@pytest.mark.parametrize("button", ["settle", "overview"])
def test_a_choice_that_is_not_made_is_asked_for(taxes: Page, firm: Firm, button: str) -> None:
    another(firm, gain_budget=cents(7_000))
    first = taxes.send(HTMX, gain_budget="5,000")
    asked = "choose which value stands, then save."
    assert asked not in text_of(first).lower()
    (clash,) = first.context["clashes"]
    shown = {"theirs-gain_budget": clash.shown}
    assert asked not in text_of(taxes.send(HTMX, **shown)).lower()
    page = text_of(taxes.send(**shown, **{button: "1"}))
    assert "<title>Error: " in page
    summary = '<a href="#choice-gain_budget-mine">Gains the client accepts to realize: choose which value'
    assert summary in page
    assert 'aria-describedby="choice-gain_budget-error"' in page
    assert 'id="choice-gain_budget-error"' in page
    assert intake_of(firm).gain_budget == cents(7_000)


@WAYS
@pytest.mark.parametrize(("choice", "kept"), [("mine", 5_000), ("theirs", 7_000)])
def test_a_choice_is_carried_out(
    taxes: Page, firm: Firm, headers: dict[str, str], choice: str, kept: int
) -> None:
    another(firm, gain_budget=cents(7_000))
    (clash,) = taxes.send(headers, gain_budget="5,000").context["clashes"]
    chosen = {"choice-gain_budget": choice, "theirs-gain_budget": clash.shown, "settle": "1"}
    answer = taxes.send(**chosen, holding_horizon_years="12")
    assert answer.url == taxes.address
    assert [intake_of(firm).gain_budget, intake_of(firm).holding_horizon_years] == [cents(kept), 12]


def test_a_choice_is_carried_out_by_the_button_that_goes_on(taxes: Page, firm: Firm) -> None:
    """A choice alone changes nothing while the page is saved as one types."""
    another(firm, gain_budget=cents(7_000))
    (clash,) = taxes.send(HTMX, gain_budget="5,000").context["clashes"]
    chosen = {"choice-gain_budget": "mine", "theirs-gain_budget": clash.shown}
    assert taxes.send(HTMX, **chosen).status_code == 409
    assert intake_of(firm).gain_budget == cents(7_000)
    answer = taxes.send(**chosen)
    assert (answer.status_code, answer.url != taxes.address) == (302, True)
    assert intake_of(firm).gain_budget == cents(5_000)


def test_a_third_answer_clashes_anew(taxes: Page, firm: Firm) -> None:
    another(firm, gain_budget=cents(7_000))
    (clash,) = taxes.send(HTMX, gain_budget="5,000").context["clashes"]
    another(firm, gain_budget=cents(8_000))
    chosen = {"choice-gain_budget": "mine", "theirs-gain_budget": clash.shown, "settle": "1"}
    answer = taxes.send(**chosen)
    assert answer.status_code == 409
    assert answer.context["clashes"][0].theirs == "$8,000"
    assert intake_of(firm).gain_budget == cents(8_000)


@WAYS
def test_the_same_answer_is_no_clash(taxes: Page, firm: Firm, headers: dict[str, str]) -> None:
    another(firm, gain_budget=cents(5_000))
    assert taxes.send(headers, gain_budget="5k").status_code == (200 if headers else 302)


def test_what_i_saved_and_another_changed_is_news(taxes: Page, firm: Firm) -> None:
    """My answer was seen and changed on purpose; I do not answer it anew by saving something else."""
    taxes.send(HTMX, gain_budget="5k")
    another(firm, gain_budget=cents(7_000))
    answer = taxes.send(HTMX, annual_gifting="100")
    assert answer.status_code == 200
    assert "Gains the client accepts to realize is now: $7,000" in text_of(answer)
    assert [intake_of(firm).gain_budget, intake_of(firm).annual_gifting] == [cents(7_000), cents(100)]
    assert taxes.send(HTMX, gain_budget="6k").status_code == 409


def test_an_answer_nobody_touched_overwrites_nothing(taxes: Page, firm: Firm) -> None:
    unit = firm.account.tax_unit
    services.update_tax_unit(by=firm.assistant, tax_unit=unit, long_term_rate=0.2)
    taxes.send(HTMX, gain_budget="5")
    assert TaxUnit.objects.get(pk=unit.pk).long_term_rate == 0.2
    assert taxes.send(HTMX, long_term_rate="21").status_code == 409
    assert TaxUnit.objects.get(pk=unit.pk).long_term_rate == 0.2


def test_another_return_keeps_its_own_rates(taxes: Page, firm: Firm) -> None:
    """The page still shows the first return's rates: they must not be written into the second."""
    second = TaxUnit.objects.create(household=firm.household, name="Second", short_term_rate=0.1)
    taxes.send(HTMX, tax_unit=str(second.pk))
    answer = taxes.send(HTMX, gain_budget="5")
    assert answer.status_code == 200
    second.refresh_from_db()
    assert (second.short_term_rate, second.long_term_rate) == (0.1, None)
    assert "is now: 10%" in text_of(answer)


def test_what_holdings_answer_meanwhile_is_told(advisor: Client, firm: Firm) -> None:
    page = Page(advisor, firm, "funding")
    a_position(firm.account, "ACME", "stock", 50_000, ("2019-05-06", 50_000, 20_000))
    services.update_account(by=firm.assistant, account=firm.account, name="Renamed")
    answer = page.send(HTMX, account_value="40,000", planned_withdrawals="0")
    assert "is now: $50,000" in text_of(answer)
    assert [intake_of(firm).account_value, intake_of(firm).planned_withdrawals] == [None, 0]


def test_answers_of_two_that_cannot_both_be_true(advisor: Client, firm: Firm) -> None:
    """Judged with the colleague's answer, which this page does not show yet."""
    page = Page(advisor, firm, "funding")
    another(firm, stock_share=0.8)
    answer = page.send(HTMX, cash_share="60")
    assert answer.status_code == 422
    assert "add up to 140%" in text_of(answer)
    assert intake_of(firm).cash_share is None


def test_a_conversation_and_a_section_at_once(advisor: Client, firm: Firm) -> None:
    talk = Page(advisor, firm, "talk-size")
    another(firm, account_value=cents(90_000))
    answer = talk.send(HTMX, account_value="80,000", holding_horizon_years="12")
    assert answer.status_code == 409
    assert [clash.theirs for clash in answer.context["clashes"]] == ["$90,000"]
    assert [intake_of(firm).account_value, intake_of(firm).holding_horizon_years] == [cents(90_000), 12]


def test_a_page_that_does_not_say_what_it_showed(advisor: Client, firm: Firm) -> None:
    address = reverse("households:intake_section", args=[firm.account.pk, "taxes"])
    another(firm, gain_budget=cents(7_000))
    for was in ("", "[1]", "{"):
        sent = {"version": "1", "gain_budget": "5", "was": was}
        assert advisor.post(address, sent).status_code == 409
    assert intake_of(firm).gain_budget == cents(7_000)


# --- the yearly review and the word that it is complete ---


@pytest.fixture
def last_years(firm: Firm) -> Account:
    another(firm, sector_tilts=2, esg_screens=0, gain_budget=cents(5))
    services.begin_review(by=firm.advisor, account=firm.account, version=intake_of(firm).version)
    return firm.account


def left(firm: Firm) -> list[str]:
    return to_confirm(intake_of(firm), timezone.localdate())


def test_confirming_all_after_somebody_changed_one(advisor: Client, firm: Firm, last_years: Account) -> None:
    hub = reverse("households:intake", args=[last_years.pk])
    opened = {"version": str(intake_of(firm).version), "opened": timezone.now().isoformat()}
    another(firm, sector_tilts=5)
    answer = advisor.post(f"{hub}confirm/", opened)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Nothing was done: somebody changed the intake since you opened this page." in page
    assert "2 → 5" in page
    assert "Assistant Tester" in page
    assert left(firm) == ["esg_screens", "gain_budget"]
    assert f'name="version" value="{intake_of(firm).version}"' in page


def test_all_else_unchanged_saves_first_and_confirms_this_page_alone(
    advisor: Client, firm: Firm, last_years: Account
) -> None:
    """What was typed a moment ago goes with it, and what is on other pages waits."""
    page = Page(advisor, firm, "mandate")
    page.send(HTMX, sector_tilts="3")
    assert page.send(unchanged="1", security_restrictions="7").url == page.address
    intake = intake_of(firm)
    assert (intake.sector_tilts, intake.security_restrictions) == (3, 7)
    assert left(firm) == ["gain_budget"]
    wrong = page.send(unchanged="1", security_restrictions="many")
    assert wrong.status_code == 422


def test_all_else_unchanged_in_a_conversation(advisor: Client, firm: Firm, last_years: Account) -> None:
    Page(advisor, firm, "talk-legacy").send(unchanged="1")
    assert left(firm) == ["sector_tilts", "esg_screens"]


def test_beginning_a_review_and_completing_on_an_old_page(advisor: Client, firm: Firm) -> None:
    another(firm, sector_tilts=2)
    hub = reverse("households:intake", args=[firm.account.pk])
    opened = {"version": str(intake_of(firm).version), "opened": timezone.now().isoformat()}
    another(firm, sector_tilts=5)
    for address, said in (
        (f"{hub}check/", "The intake was not called complete"),
        (f"{hub}review/", "Nothing was done"),
    ):
        answer = advisor.post(address, opened)
        assert answer.status_code == 409
        assert said in text_of(answer)
        assert "2 → 5" in text_of(answer)
    assert intake_of(firm).state == Intake.State.OPEN
