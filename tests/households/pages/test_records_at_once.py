"""Two people at one record's form: what stands together is kept, what clashes is chosen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households import services
from households.models import Account, Change, Position, TaxUnit
from tests.firm import Firm
from tests.households.book import a_position, cents
from tests.households.pages.conftest import OpenForm, open_form, text_of


@dataclass
class Case:
    """A record, a field that both change, and one that only the colleague changes.

    Attributes:
        update: the colleague's service, given its values.
        both: field, what this page types, the colleague's stored value; mine and theirs in words.
        other: another field, the colleague's stored value, and what the page says of it.
    """

    record: Any
    address: str
    update: Callable[..., Any]
    both: tuple[str, str, Any, str, str]
    other: tuple[str, Any, str]
    prefix: str = ""

    def value(self, field: str) -> Any:
        """What is stored now."""
        return type(self.record).objects.values_list(field, flat=True).get(pk=self.record.pk)


def _case(firm: Firm, kind: str) -> Case:
    by: dict[str, Any] = {"by": firm.assistant}
    if kind == "household":
        return Case(
            firm.household,
            reverse("households:household_edit", args=[firm.household.pk]),
            lambda **v: services.update_household(household=firm.household, **by, **v),
            ("name", "Mine", "Theirs", "Mine", "Theirs"),
            ("review_due", date(2027, 1, 31), "Next review due is now: Jan 31, 2027"),
        )
    if kind == "person":
        person = firm.household.people.get()
        return Case(
            person,
            reverse("households:person_edit", args=[person.pk]),
            lambda **v: services.update_person(person=person, **by, **v),
            ("birth_date", "1960-02-29", date(1961, 3, 1), "Feb 29, 1960", "Mar 1, 1961"),
            ("relation", "spouse", "Relation is now: Spouse or partner"),
        )
    if kind == "tax_unit":
        unit = firm.household.tax_units.get()
        return Case(
            unit,
            reverse("households:tax_unit_edit", args=[unit.pk]),
            lambda **v: services.update_tax_unit(tax_unit=unit, **by, **v),
            ("long_term_rate", "20", 0.15, "20%", "15%"),
            ("loss_carryforward", cents(5_000), "Loss carryforward is now: $5,000"),
        )
    if kind == "account":
        return Case(
            firm.account,
            reverse("households:account_edit", args=[firm.account.pk]),
            lambda **v: services.update_account(account=firm.account, **by, **v),
            ("number_ending", "1111", "2222", "1111", "2222"),
            ("owner", None, "Owner is now: Nobody in particular"),
        )
    position = a_position(firm.account, "ACME", "stock", 50_000)
    return Case(
        position,
        reverse("households:position", args=[position.pk]),
        lambda **v: services.mark_position(position=Position.objects.get(pk=position.pk), **by, **v),
        ("restricted", "insider", "pledged", "Insider of the issuer", "Pledged as collateral"),
        ("retained", True, "The client wants to keep it is now: Yes"),
        prefix=f"p{position.pk}-",
    )


KINDS = ["household", "person", "tax_unit", "account", "position"]


@pytest.fixture(params=KINDS)
def case(request: pytest.FixtureRequest, firm: Firm) -> Case:
    return _case(firm, request.param)


@pytest.fixture
def page(advisor: Client, case: Case) -> OpenForm:
    return open_form(advisor, case.address)


def test_different_fields_stand_together(advisor: Client, case: Case, page: OpenForm) -> None:
    field, typed, _, _, _ = case.both
    other, theirs, news = case.other
    case.update(**{other: theirs})
    answer = page.send(**{case.prefix + field: typed})
    assert answer.status_code == 302
    assert case.value(other) == theirs
    told = text_of(advisor.get(answer.url))
    assert f"{news}, by Assistant Tester, " in told
    again = open_form(advisor, case.address)
    assert again.held[case.prefix + field] == typed
    mine_told = Change.objects.filter(field__icontains=_told(case, field)).latest("at")
    assert str(mine_told.by) == "Advisor Tester"


def _told(case: Case, field: str) -> str:
    return case.record.told_as(field) if isinstance(case.record, Position) else field


def test_the_same_field_is_shown_with_both_values(case: Case, page: OpenForm) -> None:
    field, typed, stored, mine, theirs = case.both
    other, kept, news = case.other
    case.update(**{field: stored, other: kept})
    answer = page.send(**{case.prefix + field: typed})
    assert answer.status_code == 409
    told = text_of(answer)
    (clash,) = answer.context["form"].clashes
    assert (clash.mine, clash.theirs, clash.who) == (mine, theirs, "Assistant Tester")
    assert not clash.missing
    assert clash.when == Change.objects.get(field=_told(case, field)).at
    assert (
        f"you entered “{mine}”, and Assistant Tester changed it to “{theirs}” since you opened this page."
        in told
    )
    assert "Somebody else changed the same field. Choose which value stands." in told
    assert "Everything else you entered here is kept." in told
    assert "There is a problem" in told and "<title>Error: " in told
    form_id = answer.context["form"].prefix or "record-form"
    assert f'<input type="radio" form="{form_id}" id="choice-{case.prefix}{field}-mine"' in told
    assert f'id="{form_id}"' in told
    assert news in told
    assert [case.value(field), case.value(other)] == [stored, kept]


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_a_choice_is_carried_out(case: Case, page: OpenForm, choice: str) -> None:
    field, typed, stored, _, _ = case.both
    other, kept, _ = case.other
    case.update(**{field: stored, other: kept})
    key = case.prefix + field
    (clash,) = page.send(**{key: typed}).context["form"].clashes
    unchosen = page.send(**{f"theirs-{key}": clash.shown})
    assert unchosen.status_code == 409
    assert f'id="choice-{key}-error"' in text_of(unchosen)
    assert page.send(**{f"choice-{key}": choice, f"theirs-{key}": clash.shown}).status_code == 302
    assert (case.value(field) == stored) is (choice == "theirs")
    assert case.value(other) == kept


def test_a_third_value_clashes_anew(case: Case, page: OpenForm) -> None:
    field, typed, stored, _, _ = case.both
    before = case.value(field)
    case.update(**{field: stored})
    key = case.prefix + field
    (clash,) = page.send(**{key: typed}).context["form"].clashes
    case.update(**{field: before})
    answer = page.send(**{f"choice-{key}": "mine", f"theirs-{key}": clash.shown})
    assert answer.status_code == 409
    assert case.value(field) == before


def test_the_same_form_twice_is_saved_once(advisor: Client, case: Case, page: OpenForm) -> None:
    field, typed, _, _, _ = case.both
    first = page.send(**{case.prefix + field: typed})
    rows = Change.objects.count()
    second = page.send()
    assert (first.status_code, second.status_code) == (302, 302)
    assert Change.objects.count() == rows
    assert "is now:" not in text_of(advisor.get(second.url))


def test_a_form_nobody_touched_changes_nothing(case: Case, page: OpenForm) -> None:
    field, _, stored, _, _ = case.both
    other, kept, _ = case.other
    case.update(**{field: stored, other: kept})
    rows = Change.objects.count()
    assert page.send().status_code == 302
    assert [case.value(field), case.value(other)] == [stored, kept]
    assert Change.objects.count() == rows


def test_a_form_that_does_not_say_what_it_showed_overwrites_nothing(
    advisor: Client, case: Case, page: OpenForm
) -> None:
    field, typed, stored, _, _ = case.both
    case.update(**{field: stored})
    for was in ("", "[1]", "{"):
        page.was = was
        sent = {**page.held, case.prefix + field: typed, "was": was}
        assert advisor.post(case.address, sent).status_code == 409
    assert case.value(field) == stored


def test_a_record_that_is_gone_is_a_plain_page(case: Case, page: OpenForm) -> None:
    case.record.delete()
    answer = page.send()
    assert answer.status_code == 404
    assert "Nothing was saved. What you edited was removed meanwhile" in text_of(answer)


def test_a_record_that_goes_in_the_last_moment_is_a_plain_page(
    advisor: Client, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    position = a_position(firm.account, "ACME", "stock", 50_000)
    page = open_form(advisor, reverse("households:position", args=[position.pk]))

    def found(user: Any, key: int) -> Position:
        read = Position.objects.select_related("account__household", "security").get(pk=key)
        Position.objects.all().delete()
        return read

    monkeypatch.setattr("households.views.accounts.position_for", found)
    answer = page.send(**{f"p{position.pk}-issuer": "Acme"})
    assert answer.status_code == 409
    assert "ACME is not there any more." in text_of(answer)


# --- what hangs together -----------------------------------------------------------------------------------


def test_a_return_that_the_intake_changed_meanwhile(advisor: Client, firm: Firm) -> None:
    unit = firm.household.tax_units.get()
    page = open_form(advisor, reverse("households:tax_unit_edit", args=[unit.pk]))
    services.save_intake(by=firm.assistant, account=firm.account, version=1, answers={"long_term_rate": 0.15})
    assert page.send(name="Renamed").status_code == 302
    unit.refresh_from_db()
    assert (unit.name, unit.long_term_rate) == ("Renamed", 0.15)
    page = open_form(advisor, reverse("households:tax_unit_edit", args=[unit.pk]))
    services.save_intake(by=firm.assistant, account=firm.account, version=2, answers={"long_term_rate": 0.2})
    (clash,) = page.send(long_term_rate="23.8").context["form"].clashes
    assert (clash.theirs, clash.who) == ("20%", "Assistant Tester")


def test_a_reason_follows_its_status(advisor: Client, firm: Firm) -> None:
    """One takes the override back, which empties its reason; another had written the reason anew."""
    services.update_account(
        by=firm.advisor, account=firm.account, tax_status="tax_free", tax_status_reason="Roth"
    )
    page = open_form(advisor, reverse("households:account_edit", args=[firm.account.pk]))
    services.update_account(by=firm.assistant, account=firm.account, tax_status_reason="Roth 401(k)")
    answer = page.send(tax_status="")
    assert answer.status_code == 409
    (clash,) = answer.context["form"].clashes
    assert (clash.label, clash.mine, clash.theirs) == ("Why it differs", "Left empty", "Roth 401(k)")
    account = Account.objects.get(pk=firm.account.pk)
    assert (account.tax_status, account.tax_status_reason) == ("tax_free", "Roth 401(k)")
    key = "tax_status_reason"
    kept = page.send(**{f"choice-{key}": "theirs", f"theirs-{key}": clash.shown})
    assert kept.status_code == 422
    assert "the reason you chose to keep needs the status it is for" in text_of(kept)
    assert page.send(tax_status="tax_free").status_code == 302
    account.refresh_from_db()
    assert (account.tax_status, account.tax_status_reason) == ("tax_free", "Roth 401(k)")


def test_a_colleague_s_change_is_judged_with_one_s_own(advisor: Client, firm: Firm) -> None:
    """The name and the day of birth, each changed by one of two, make a person that is there already."""
    firm.household.people.create(name="Ann", birth_date=date(1960, 2, 29), relation="spouse")
    person = firm.household.people.get(name="Pat Example")
    page = open_form(advisor, reverse("households:person_edit", args=[person.pk]))
    services.update_person(by=firm.assistant, person=person, birth_date=date(1960, 2, 29))
    answer = page.send(name="Ann")
    assert answer.status_code == 422
    assert "Ann is in this household already." in text_of(answer)
    assert 'value="1960-02-29"' in text_of(answer)


def test_an_answer_is_kept_though_it_is_not_asked_any_more(advisor: Client, firm: Firm) -> None:
    Account.objects.filter(pk=firm.account.pk).update(registration="entity")
    page = open_form(advisor, reverse("households:account_edit", args=[firm.account.pk]))
    services.update_account(by=firm.assistant, account=firm.account, registration="joint")
    assert page.send(controlled_corporation="yes").status_code == 302
    account = Account.objects.get(pk=firm.account.pk)
    assert (account.registration, account.controlled_corporation) == ("joint", True)


def test_two_colleagues_choices_of_a_return(advisor: Client, firm: Firm) -> None:
    """Records are told by their names, one that was made meanwhile too."""
    person, mine = firm.household.people.get(), TaxUnit.objects.create(household=firm.household, name="Mine")
    page = open_form(advisor, reverse("households:person_edit", args=[person.pk]))
    theirs = TaxUnit.objects.create(household=firm.household, name="Made meanwhile")
    services.update_person(by=firm.assistant, person=person, tax_unit=theirs)
    (clash,) = page.send(tax_unit=str(mine.pk)).context["form"].clashes
    assert (clash.mine, clash.theirs) == ("Mine", "Made meanwhile")
    assert page.send(**{"choice-tax_unit": "theirs", "theirs-tax_unit": clash.shown}).status_code == 302
    person.refresh_from_db()
    assert person.tax_unit == theirs
