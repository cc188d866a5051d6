"""The intake through its pages: the hub, saving with and without script, errors, conflicts, the check."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households import services
from households.facts import rebuild_facts
from households.models import Account, AccountFacts, Change, Intake
from tests.firm import Firm
from tests.households.book import a_position, cents
from tests.households.pages.conftest import text_of

HTMX = {"HX-Request": "true"}


def hub(firm: Firm) -> str:
    return reverse("households:intake", args=[firm.account.pk])


def section(firm: Firm, slug: str) -> str:
    return reverse("households:intake_section", args=[firm.account.pk, slug])


def intake_of(firm: Firm) -> Intake:
    return Intake.objects.get(account=firm.account)


def sent(firm: Firm, **answers: str) -> dict[str, str]:
    return {"version": str(intake_of(firm).version), **answers}


def test_the_hub_shows_where_each_section_stands(advisor: Client, firm: Firm) -> None:
    tasks = advisor.get(hub(firm)).context["tasks"]
    assert [task["state"] for task in tasks] == [
        "in_progress", "not_started", "not_started", "in_progress", "not_started", "not_started",
    ]  # fmt: skip
    advisor.post(section(firm, "mandate"), sent(firm))
    tasks = advisor.get(hub(firm)).context["tasks"]
    assert tasks[4]["state"] == "completed"
    assert tasks[4]["hint"] == "10 not known yet."


@pytest.mark.parametrize("slug", ["account", "funding", "holdings", "taxes", "mandate", "household"])
def test_every_section_opens(advisor: Client, firm: Firm, slug: str) -> None:
    page = text_of(advisor.get(section(firm, slug)))
    assert "Why we ask" in page
    assert "Not known yet" in page
    assert 'name="version"' in page


def test_there_is_no_seventh_section(advisor: Client, firm: Firm) -> None:
    assert advisor.get(section(firm, "weather")).status_code == 404


def test_saving_without_script(advisor: Client, firm: Firm) -> None:
    answers = {
        "account_value": "$500,000", "direct_index_value": "", "planned_contributions": "0",
        "planned_withdrawals": "12,000.50", "cash_share": "30", "fund_share": "70%", "stock_share": "",
        "bond_share": "", "other_share": "",
    }  # fmt: skip
    response = advisor.post(section(firm, "funding"), sent(firm, **answers))
    assert response.url == section(firm, "holdings")
    intake = intake_of(firm)
    assert [intake.account_value, intake.planned_withdrawals] == [cents(500_000), cents(12_000.5)]
    assert [intake.cash_share, intake.fund_share, intake.stock_share] == [0.3, 0.7, None]
    assert intake.visited == ["funding"]
    facts = AccountFacts.objects.get(account=firm.account)
    assert [facts.stock_share, facts.largest_position_share] == [0, 0]  # nothing is left over for stocks
    assert Change.objects.filter(entity="intake", by=firm.advisor).count() == 5


def test_save_and_return(advisor: Client, firm: Firm) -> None:
    response = advisor.post(section(firm, "funding"), sent(firm, account_value="1", overview="1"))
    assert response.url == hub(firm)
    last = advisor.post(section(firm, "household"), sent(firm))
    assert last.url == reverse("households:intake_check", args=[firm.account.pk])


def test_one_error_stores_nothing_of_the_form(advisor: Client, firm: Firm) -> None:
    response = advisor.post(section(firm, "funding"), sent(firm, account_value="500,000", cash_share="120"))
    page = text_of(response)
    assert response.status_code == 422
    assert "There is a problem" in page
    assert 'href="#id_cash_share"' in page
    assert "Cash: “120” is more than 100%" in page
    assert 'value="500,000"' in page and 'value="120"' in page
    assert intake_of(firm).account_value is None
    assert intake_of(firm).visited == []


@pytest.mark.parametrize(
    ("slug", "answers", "said"),
    [
        ("funding", {"account_value": "1,234.50-"}, "ends with a minus sign"),
        ("funding", {"cash_share": "60", "stock_share": "60"}, "The shares add up to 120%"),
        (
            "holdings",
            {"largest_position_share": "30", "saleable_largest_share": "40"},
            "cannot exceed largest single issuer (30%)",
        ),
        ("taxes", {"short_term_rate": "0.37"}, "Enter 37 if you mean 37%"),
        ("mandate", {"esg_screens": "many"}, "is not a whole number"),
        ("account", {"custodian": "nowhere"}, "choose one of the list"),
    ],
)
def test_bad_input_is_answered_at_its_field(
    advisor: Client, firm: Firm, slug: str, answers: dict[str, str], said: str
) -> None:
    for headers in ({}, HTMX):
        response = advisor.post(section(firm, slug), sent(firm, **answers), headers=headers)
        assert response.status_code == 422
        assert said in text_of(response)
    assert Change.objects.count() == 0


def test_a_share_that_contradicts_another_section(advisor: Client, firm: Firm) -> None:
    services.save_intake(
        by=firm.advisor, account=firm.account, version=1, answers={"stock_share": 0.2, "bond_share": 0.1}
    )
    response = advisor.post(section(firm, "holdings"), sent(firm, largest_position_share="40"))
    assert "Largest single issuer (40%) exceeds all stocks and bonds together (30%)" in text_of(response)


def autosave(client: Client, firm: Firm, slug: str, data: dict[str, str]) -> Any:
    return client.post(section(firm, slug), data, headers=HTMX)


def test_autosave_stores_what_was_typed(advisor: Client, firm: Firm) -> None:
    response = autosave(advisor, firm, "taxes", sent(firm, gain_budget="25k", tax_sensitivity="3"))
    page = text_of(response)
    assert response.status_code == 200
    assert 'id="intake-version" value="2"' in page
    assert "Typed today" in page
    intake = intake_of(firm)
    assert [intake.gain_budget, intake.tax_sensitivity] == [cents(25_000), 3]
    assert intake.visited == []
    assert AccountFacts.objects.get(account=firm.account).gain_budget == cents(25_000)


def test_autosave_stores_sound_answers_beside_a_wrong_one(advisor: Client, firm: Firm) -> None:
    response = autosave(
        advisor, firm, "taxes", sent(firm, gain_budget="25,000", holding_horizon_years="long")
    )
    page = text_of(response)
    assert response.status_code == 422
    assert "Holding horizon: “long” is not a number of years" in page
    assert 'hx-swap-oob="outerHTML:#intake-form [data-field=&#x27;holding_horizon_years&#x27;]"' in page
    assert 'id="intake-with-errors" value="holding_horizon_years"' in page
    assert intake_of(firm).gain_budget == cents(25_000)
    mended = sent(firm, holding_horizon_years="12", with_errors="holding_horizon_years")
    page = text_of(autosave(advisor, firm, "taxes", mended))
    assert 'data-field=&#x27;holding_horizon_years&#x27;]"' in page
    assert 'id="intake-with-errors" value=""' in page
    assert intake_of(firm).holding_horizon_years == 12


def test_autosave_stores_no_half_of_a_contradiction(advisor: Client, firm: Firm) -> None:
    answers = sent(firm, cash_share="60", stock_share="60", planned_withdrawals="0")
    assert autosave(advisor, firm, "funding", answers).status_code == 422
    intake = intake_of(firm)
    assert [intake.cash_share, intake.stock_share, intake.planned_withdrawals] == [None, None, 0]


def test_a_question_the_page_did_not_hold_is_not_taken_back(advisor: Client, firm: Firm) -> None:
    autosave(advisor, firm, "taxes", sent(firm, gain_budget="5"))
    autosave(advisor, firm, "taxes", sent(firm, annual_gifting="7"))
    assert [intake_of(firm).gain_budget, intake_of(firm).annual_gifting] == [500, 700]
    autosave(advisor, firm, "taxes", sent(firm, gain_budget=""))
    assert intake_of(firm).gain_budget is None


def test_a_missing_version_is_an_error_not_a_crash(advisor: Client, firm: Firm) -> None:
    for headers in ({}, HTMX):
        response = advisor.post(section(firm, "taxes"), {"gain_budget": "5"}, headers=headers)
        assert response.status_code in (409, 422)
    assert intake_of(firm).gain_budget is None


def test_rates_before_a_return_are_answered_at_the_field(advisor: Client, firm: Firm) -> None:
    Account.objects.filter(pk=firm.account.pk).update(tax_unit=None)
    response = advisor.post(section(firm, "taxes"), sent(firm, long_term_rate="20"))
    assert response.status_code == 422
    assert "Choose the return first" in text_of(response)


def test_holdings_are_shown_and_not_asked(advisor: Client, firm: Firm) -> None:
    a_position(firm.account, "ACME", "stock", 50_000, ("2019-05-06", 50_000, 20_000))
    response = advisor.get(section(firm, "funding"))
    page = text_of(response)
    assert 'name="account_value"' not in page
    assert "From holdings" in page
    assert "See the holdings" in page
    response = advisor.get(section(firm, "holdings"))
    asked = set(response.context["form"].asked)
    assert asked == {"restricted_share", "legacy_retention_share", "saleable_largest_share"}
    data = sent(firm, restricted_share="none", legacy_retention_share="none")
    advisor.post(section(firm, "holdings"), data)
    facts = AccountFacts.objects.get(account=firm.account)
    assert [facts.restricted_share, facts.restriction_reason, facts.saleable_largest_share] == [0, "none", 1]


def test_an_earlier_answer_that_gave_way_is_told(advisor: Client, firm: Firm) -> None:
    services.save_intake(
        by=firm.advisor, account=firm.account, version=1, answers={"account_value": cents(90_000)}
    )
    a_position(firm.account, "ACME", "stock", 50_000)
    rebuild_facts([firm.household.pk])
    page = text_of(advisor.get(section(firm, "funding")))
    assert "Your earlier answer ($90,000) gave way to the holdings." in page


def test_an_account_that_is_not_taxed_is_not_asked_about_taxes(advisor: Client, firm: Firm) -> None:
    Account.objects.filter(pk=firm.account.pk).update(registration="roth_ira")
    Intake.objects.filter(pk=firm.account.pk).update(version=1)
    services.update_account(by=firm.advisor, account=Account.objects.get(pk=firm.account.pk), name="Roth")
    response = advisor.get(section(firm, "taxes"))
    assert set(response.context["form"].asked) == {"holding_horizon_years"}
    assert "Nothing is taxed here" in text_of(response)


def test_worked_out_facts_may_be_overridden(advisor: Client, firm: Firm) -> None:
    a_position(firm.account, "CASH", "cash", 50_000)
    page = text_of(advisor.get(section(firm, "household")))
    assert "Worked out: $50,000. Fill in only if you know better." in page
    autosave(advisor, firm, "household", sent(firm, household_value="3m"))
    assert AccountFacts.objects.get(account=firm.account).household_value == cents(3_000_000)
    page = text_of(advisor.get(section(firm, "household")))
    assert "Your value counts in place of what was worked out." in page


def test_the_check_lists_answers_gaps_and_contradictions(advisor: Client, firm: Firm) -> None:
    Intake.objects.filter(account=firm.account).update(account_value=cents(5), direct_index_value=cents(6))
    services.save_intake(by=firm.advisor, account=firm.account, version=1, answers={"strategy": "us_large"})
    response = advisor.get(reverse("households:intake_check", args=[firm.account.pk]))
    page = text_of(response)
    assert "US large cap" in page
    assert f"{section(firm, 'account')}#id_strategy" in page
    assert f"{section(firm, 'taxes')}#id_gain_budget" in page
    gaps = [row["label"] for group in response.context["groups"] for row in group["unknown"]]
    assert "Gains the client accepts to realize" in gaps
    assert "Target exposure" not in gaps


def test_calling_it_complete(advisor: Client, firm: Firm) -> None:
    address = reverse("households:intake_check", args=[firm.account.pk])
    assert advisor.post(address, {"version": "99"}).status_code == 409
    assert intake_of(firm).state == Intake.State.OPEN
    response = advisor.post(address, {"version": "1"})
    assert response.url == reverse("households:account", args=[firm.account.pk])
    assert (intake_of(firm).state, intake_of(firm).completed_by) == (Intake.State.COMPLETE, firm.advisor)


@pytest.mark.parametrize("role", ["supervisor", "compliance", "operations", "examiner"])
def test_readers_read_answers(signed_in: Callable[[str], Client], firm: Firm, role: str) -> None:
    services.save_intake(by=firm.advisor, account=firm.account, version=1, answers={"strategy": "us_large"})
    page = text_of(signed_in(role).get(section(firm, "account")))
    assert "US large cap" in page


def test_a_value_may_grow_past_what_was_worked_out_from_it(advisor: Client, firm: Firm) -> None:
    """The household's value follows from this account's: it cannot hold the answer back."""
    autosave(advisor, firm, "funding", sent(firm, account_value="5"))
    assert AccountFacts.objects.get(account=firm.account).household_value == cents(5)
    response = autosave(advisor, firm, "funding", sent(firm, account_value="6"))
    assert response.status_code == 200
    assert AccountFacts.objects.get(account=firm.account).household_value == cents(6)


def test_a_closed_account_says_so_and_is_no_conflict(advisor: Client, firm: Firm) -> None:
    data = sent(firm, sector_tilts="2")
    services.close_account(by=firm.advisor, account=firm.account, on=timezone.localdate())
    for response in (autosave(advisor, firm, "mandate", data), advisor.post(section(firm, "mandate"), data)):
        assert response.status_code == 409
        assert "This account was closed on" in text_of(response)
        assert "Somebody else changed" not in text_of(response)
    assert intake_of(firm).sector_tilts is None


def test_a_version_that_is_no_number_is_a_conflict(advisor: Client, firm: Firm) -> None:
    """A superscript counts as a digit in Python, and is no number."""
    check = reverse("households:intake_check", args=[firm.account.pk])
    assert advisor.post(check, {"version": "²"}).status_code == 409
    assert intake_of(firm).state == Intake.State.OPEN


def test_autosave_sends_nothing_the_page_has_no_place_for(advisor: Client, firm: Firm) -> None:
    """When nothing is restricted or kept, what is to be sold down is worked out; its box stays a box."""
    a_position(firm.account, "AAPL", "stock", 100_000)
    rebuild_facts([firm.household.pk])
    held = text_of(advisor.get(section(firm, "holdings")))
    assert 'name="saleable_largest_share"' in held
    answers = {"restricted_share": "none", "legacy_retention_share": "none", "saleable_largest_share": ""}
    page = text_of(autosave(advisor, firm, "holdings", sent(firm, **answers)))
    assert 'id="read-largest_position_share"' in page
    assert 'id="read-saleable_largest_share"' not in page
