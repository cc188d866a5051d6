"""Household and account pages, their forms, and who may do what."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from households.models import Account, AccountFacts, Household, Person, Position, TaxUnit, User
from tests.firm import Firm
from tests.households.book import a_household, a_position, an_account, cents
from tests.households.pages.conftest import open_form, text_of

READERS = ("supervisor", "compliance", "operations", "examiner")


def url(name: str, *args: Any) -> str:
    return reverse(f"households:{name}", args=args)


@pytest.fixture
def position(firm: Firm) -> Position:
    return a_position(
        firm.account, "ACME", "stock", 50_000, ("2019-05-06", 50_000, 20_000), description="Acme Inc."
    )


def test_the_household_page(advisor: Client, firm: Firm, position: Position) -> None:
    page = text_of(advisor.get(url("household", firm.household.pk)))
    for words in ("Joint brokerage", "$50,000", "Pat Example", "Joint return", "40.8% short-term", "0 of 1"):
        assert words in page, words
    assert url("account_create", firm.household.pk) in page
    assert url("import_create", firm.household.pk) in page
    assert reverse("recommendations:household_status", args=[firm.household.pk]) in page


def stats(client: Client, household: Household) -> dict[str, tuple[str, str]]:
    found = client.get(url("household", household.pk)).context["stats"]
    return {row["label"]: (row["value"], row.get("note", "")) for row in found}


def test_what_a_household_holds_is_not_zero_where_nobody_knows(advisor: Client, firm: Firm) -> None:
    household = a_household(firm.advisor)
    said = stats(advisor, household)
    assert said["Value"] == said["Taxable"] == ("–", "No accounts yet")
    an_account(household, "roth_ira", name="Roth")
    said = stats(advisor, household)
    assert said["Value"] == ("–", "1 of unknown value")
    assert said["Taxable"] == ("$0", "0 of 1 accounts")  # it is known that there is none
    a_position(an_account(household, name="Known"), "CASH", "cash", 40_000)
    said = stats(advisor, household)
    assert said["Value"] == ("$40,000 and more", "1 of unknown value")
    assert said["Taxable"] == ("$40,000", "1 of 2 accounts")
    an_account(household, "", name="Which")
    assert stats(advisor, household)["Taxable"] == ("$40,000 and more", "1 of 3 accounts")


def test_the_account_page(advisor: Client, firm: Firm, position: Position) -> None:
    page = text_of(advisor.get(url("account", firm.account.pk)))
    for words in ("Acme Inc.", "$50,000", "$30,000", "100%", "From holdings", "Is any of it restricted"):
        assert words in page, words
    assert reverse("recommendations:evaluate", args=[firm.account.pk]) in page
    assert url("intake", firm.account.pk) in page


@pytest.mark.parametrize("role", READERS)
def test_readers_see_no_edits(
    signed_in: Callable[[str], Client], firm: Firm, position: Position, role: str
) -> None:
    client = signed_in(role)
    for address in (
        url("household", firm.household.pk),
        url("account", firm.account.pk),
        url("position", position.pk),
        url("intake", firm.account.pk),
        url("intake_section", firm.account.pk, "funding"),
        url("intake_check", firm.account.pk),
    ):
        response = client.get(address)
        assert response.status_code == 200, address
        page = text_of(response)
        assert "btn-primary" not in page, address
        assert "hx-post" not in page, address
        assert "/edit/" not in page, address
    assert client.post(url("intake_section", firm.account.pk, "funding")).status_code == 403
    assert client.post(url("position", position.pk)).status_code == 403
    assert client.get(url("household_edit", firm.household.pk)).status_code == 403


def test_a_stranger_finds_nothing(signed_in: Callable[[str], Client], firm: Firm, position: Position) -> None:
    client = signed_in("stranger")
    person, unit = firm.household.people.get(), firm.household.tax_units.get()
    for address in (
        url("household", firm.household.pk),
        url("household_edit", firm.household.pk),
        url("person_create", firm.household.pk),
        url("person_edit", person.pk),
        url("tax_unit_create", firm.household.pk),
        url("tax_unit_edit", unit.pk),
        url("account_create", firm.household.pk),
        url("account", firm.account.pk),
        url("account_edit", firm.account.pk),
        url("position", position.pk),
        url("intake", firm.account.pk),
        url("intake_section", firm.account.pk, "funding"),
        url("intake_check", firm.account.pk),
    ):
        assert client.get(address).status_code == 404, address
    for address in (url("account_close", firm.account.pk), url("position", position.pk)):
        assert client.post(address).status_code == 404, address
    assert b"Example household" not in client.get("/book/").content


def test_the_administrator_sees_no_client(signed_in: Callable[[str], Client], firm: Firm) -> None:
    assert signed_in("administrator").get(url("household", firm.household.pk)).status_code == 403


def test_a_household_from_the_first_field_to_its_page(advisor: Client, firm: Firm) -> None:
    response = advisor.post(
        url("household_create"),
        {"name": "Adler", "advisor": str(firm.advisor.pk), "external_id": "", "review_due": ""},
    )
    made = Household.objects.get(name="Adler")
    assert response.url == url("household", made.pk)
    advisor.post(
        url("tax_unit_create", made.pk), {"name": "Joint", "kind": "joint", "long_term_rate": "23.8"}
    )
    unit = TaxUnit.objects.get(household=made)
    assert (unit.long_term_rate, unit.short_term_rate) == (0.238, None)
    advisor.post(
        url("person_create", made.pk),
        {"name": "Ann", "relation": "primary", "birth_date": "1960-02-29", "tax_unit": str(unit.pk)},
    )
    person = Person.objects.get(household=made)
    assert person.birth_date == date(1960, 2, 29)
    response = advisor.post(
        url("account_create", made.pk),
        {"name": "Joint", "registration": "joint", "custodian": "schwab", "owner": str(person.pk),
         "tax_unit": str(unit.pk), "number_ending": "1234"},
    )  # fmt: skip
    account = Account.objects.get(household=made)
    assert response.url == url("intake", account.pk)
    assert (account.owner, account.tax_unit, account.number_ending) == (person, unit, "1234")
    assert AccountFacts.objects.get(account=account).long_term_rate == 0.238


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("household_create", {"name": ""}, "Enter household name"),
        (
            "person_create",
            {"name": "Ann", "relation": "primary", "birth_date": "1760-01-01"},
            "Check the year",
        ),
        (
            "tax_unit_create",
            {"name": "J", "kind": "joint", "long_term_rate": "0.238"},
            "Enter 23.8 if you mean 23.8%",
        ),
        ("account_create", {"name": "J", "number_ending": "12-34"}, "Enter letters and digits only"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_stored(
    advisor: Client, firm: Firm, name: str, data: dict[str, str], said: str
) -> None:
    before = [model.objects.count() for model in (Household, Person, TaxUnit, Account)]
    response = advisor.post(url(name, *([] if name == "household_create" else [firm.household.pk])), data)
    page = text_of(response)
    assert response.status_code == 422
    assert said in page
    assert "There is a problem" in page
    assert "<title>Error: " in page
    assert [model.objects.count() for model in (Household, Person, TaxUnit, Account)] == before


def test_a_household_goes_to_nobody_outside_the_team(advisor: Client, firm: Firm) -> None:
    response = advisor.post(url("household_create"), {"name": "Adler", "advisor": str(firm.stranger.pk)})
    assert response.status_code == 422


def test_a_household_stays_with_an_advisor_who_has_left(advisor: Client, firm: Firm) -> None:
    """The page shows them, and saving something else gives the household to nobody."""
    left = User.objects.create_user(
        "left@test.example", role="advisor", team=firm.advisor.team, office=firm.advisor.office,
        is_active=False,
    )  # fmt: skip
    Household.objects.filter(pk=firm.household.pk).update(advisor=left)
    address = url("household_edit", firm.household.pk)
    assert f'<option value="{left.pk}" selected>' in advisor.get(address).content.decode()
    assert open_form(advisor, address).send(name="Adler").status_code == 302
    firm.household.refresh_from_db()
    assert (firm.household.name, firm.household.advisor) == ("Adler", left)


def test_choices_come_from_the_household_alone(advisor: Client, firm: Firm) -> None:
    stranger = firm.others_household.tax_units.get()
    data = {"name": "Ann", "relation": "primary", "tax_unit": str(stranger.pk)}
    assert advisor.post(url("person_create", firm.household.pk), data).status_code == 422


def test_editing_an_account(advisor: Client, firm: Firm) -> None:
    page = open_form(advisor, url("account_edit", firm.account.pk))
    response = page.send(name="Renamed", tax_status="tax_free")
    assert response.status_code == 422
    assert b"Why it differs: say it in a few words" in response.content
    page.send(tax_status_reason="Roth 401(k)")
    firm.account.refresh_from_db()
    assert (firm.account.name, firm.account.tax_status) == ("Renamed", "tax_free")
    assert firm.account.registration == "joint"
    open_form(advisor, url("account_edit", firm.account.pk)).send(tax_status="")
    firm.account.refresh_from_db()
    assert (firm.account.tax_status, firm.account.tax_status_reason) == ("", "")


def test_closing_an_account(advisor: Client, firm: Firm) -> None:
    assert advisor.post(url("account_close", firm.account.pk), {"on": "2999-01-01"}).status_code == 302
    firm.account.refresh_from_db()
    assert firm.account.closed_on is None
    advisor.post(url("account_close", firm.account.pk), {"on": "2026-01-31", "reason": "Moved"})
    firm.account.refresh_from_db()
    assert firm.account.closed_on == date(2026, 1, 31)
    page = text_of(advisor.get(url("account", firm.account.pk)))
    assert "This account is closed" in page
    assert reverse("recommendations:evaluate", args=[firm.account.pk]) not in page
    assert advisor.get(url("intake", firm.account.pk)).status_code == 200


def test_marking_a_position(advisor: Client, firm: Firm, position: Position) -> None:
    address = url("position", position.pk)
    fragment = advisor.get(address, headers={"HX-Request": "true"})
    assert b"<html" not in fragment.content
    assert b"May 6, 2019" in fragment.content
    assert b"<html" in advisor.get(address).content
    key = f"p{position.pk}"
    data = {f"{key}-restricted": "insider", f"{key}-asset_class": "stock", f"{key}-issuer": "Acme"}
    response = open_form(advisor, address).send(**data)
    assert response.url == f"{url('account', firm.account.pk)}#positions"
    facts = AccountFacts.objects.get(account=firm.account)
    assert [facts.restricted_share, facts.restriction_reason, facts.saleable_largest_share] == [
        1,
        "insider",
        0,
    ]
    assert open_form(advisor, address).send(**{f"{key}-asset_class": "gold"}).status_code == 422


def _many(advisor: User, name: str, count: int) -> Household:
    household = a_household(advisor, name)
    for number in range(count):
        account = an_account(household, name=f"Account {number}")
        for symbol in range(count):
            a_position(account, f"S{symbol}", "stock", 1_000, ("2020-01-02", 1_000, 900))
    return household


def test_the_number_of_queries_does_not_grow(advisor: Client, firm: Firm) -> None:
    counts: dict[str, list[int]] = {"household": [], "account": []}
    for count in (1, 8):
        household = _many(firm.advisor, f"H{count}", count)
        account = household.accounts.first()
        assert account is not None
        for name, key in (("household", household.pk), ("account", account.pk)):
            advisor.get(url(name, key))  # facts are fresh from here on
            with CaptureQueriesContext(connection) as queries:
                assert advisor.get(url(name, key)).status_code == 200
            counts[name].append(len(queries))
    assert counts["household"][0] == counts["household"][1]
    assert counts["account"][0] == counts["account"][1]


def test_unknown_values_are_shown_as_unknown(advisor: Client, firm: Firm) -> None:
    page = text_of(advisor.get(url("household", firm.household.pk)))
    assert "$0</dd>" not in page
    assert "1 of unknown value" in page
    AccountFacts.objects.filter(account=firm.account).update(account_value=cents(0))
    assert "1 of unknown value" not in text_of(advisor.get(url("household", firm.household.pk)))
