"""Every change is recorded field by field, raises the revision once and leaves facts up to date."""

from datetime import date
from typing import Any

import pytest

from households import services
from households.foundation.errors import DomainError
from households.models import Account, AccountFacts, Change, Household, Intake, Person, Position
from tests.firm import Firm
from tests.households.book import a_household, a_position, cents


def changes(entity: str = "") -> list[tuple[Any, ...]]:
    rows = Change.objects.filter(entity=entity) if entity else Change.objects.all()
    return sorted(rows.values_list("field", "old", "new"), key=str)


def revision(firm: Firm) -> int:
    return Household.objects.get(pk=firm.household.pk).revision


def test_a_new_household_is_recorded(firm: Firm) -> None:
    made = services.create_household(
        by=firm.advisor, advisor=firm.advisor, name="Adler", external_id="", review_due=None
    )
    assert changes("household") == [("advisor", None, "Advisor Tester"), ("name", None, "Adler")]
    assert Change.objects.filter(household=made, by=firm.advisor, source="typed").count() == 2


def test_an_update_records_what_differs_and_nothing_else(firm: Firm) -> None:
    before = revision(firm)
    services.update_household(
        by=firm.advisor, household=firm.household, name="Example household", review_due=date(2027, 1, 31)
    )
    assert changes() == [("review_due", None, "2027-01-31")]
    assert revision(firm) == before + 1
    services.update_household(by=firm.advisor, household=firm.household, review_due=date(2027, 1, 31))
    assert len(changes()) == 1
    assert revision(firm) == before + 1


def test_people_and_returns(firm: Firm) -> None:
    unit = services.create_tax_unit(
        by=firm.advisor, household=firm.household, name="Trust", kind="non_grantor_trust",
        short_term_rate=0.408, long_term_rate=None, gains_elsewhere=cents(1_234.5),
        short_term_gain_fraction=None, loss_carryforward=0,
    )  # fmt: skip
    assert changes("tax_unit") == [
        ("gains_elsewhere", None, "1234.50"), ("kind", None, "non_grantor_trust"),
        ("loss_carryforward", None, "0.00"), ("name", None, "Trust"), ("short_term_rate", None, "0.408"),
    ]  # fmt: skip
    person = services.create_person(
        by=firm.advisor,
        household=firm.household,
        name="Ben",
        relation="spouse",
        birth_date=None,
        tax_unit=unit,
    )
    services.update_person(by=firm.advisor, person=person, relation="other")
    assert ("relation", "spouse", "other") in changes("person")


def test_a_rate_reaches_every_account_on_the_return(firm: Firm) -> None:
    version = firm.account.intake.version
    services.update_tax_unit(by=firm.advisor, tax_unit=firm.account.tax_unit, long_term_rate=0.25)
    assert AccountFacts.objects.get(account=firm.account).long_term_rate == 0.25
    assert changes() == [("long_term_rate", "0.238", "0.25")]
    assert Intake.objects.get(account=firm.account).version == version + 1


def test_a_new_account_has_an_intake_and_facts(firm: Firm) -> None:
    made = services.create_account(
        by=firm.advisor, household=firm.household, name="Ann's IRA", registration="traditional_ira",
        custodian="", number_ending="", external_id="", owner=None, tax_unit=None,
    )  # fmt: skip
    assert made.intake.state == Intake.State.OPEN
    assert made.facts.tax_status == "tax_deferred"
    assert changes("account") == [("name", None, "Ann's IRA"), ("registration", None, "traditional_ira")]


@pytest.mark.parametrize("name", ["owner", "tax_unit"])
def test_members_of_another_household_are_refused(firm: Firm, name: str) -> None:
    stranger = getattr(firm.others_account, name)
    with pytest.raises(DomainError, match="belongs to another household"):
        services.update_account(by=firm.advisor, account=firm.account, **{name: stranger})
    assert changes() == []


def test_another_tax_status_needs_its_reason(firm: Firm) -> None:
    with pytest.raises(DomainError, match="needs a reason"):
        services.update_account(by=firm.advisor, account=firm.account, tax_status="tax_free")
    services.update_account(
        by=firm.advisor, account=firm.account, tax_status="tax_free", tax_status_reason="Roth 401(k)"
    )
    assert AccountFacts.objects.get(account=firm.account).tax_status == "tax_free"


def test_a_closed_account_counts_no_more(firm: Firm) -> None:
    services.close_account(by=firm.advisor, account=firm.account, on=date(2026, 10, 1), reason="Moved away")
    assert list(Change.objects.values_list("field", "new", "reason")) == [
        ("closed_on", "2026-10-01", "Moved away")
    ]
    assert not AccountFacts.objects.filter(account=firm.account).exists()
    with pytest.raises(DomainError, match="was closed on October 1, 2026"):
        services.close_account(by=firm.advisor, account=firm.account, on=date(2026, 10, 2))


def test_marks_on_a_position(firm: Firm) -> None:
    position = a_position(firm.account, "ACME", "unknown", 50_000)
    before = revision(firm)
    services.mark_position(
        by=firm.advisor,
        position=position,
        restricted="insider",
        retained=False,
        asset_class="stock",
        issuer="",
    )
    assert changes("position") == [
        ("ACME: asset class", "unknown", "stock"), ("ACME: restriction", None, "insider"),
    ]  # fmt: skip
    assert revision(firm) == before + 1
    facts = AccountFacts.objects.get(account=firm.account)
    assert [facts.stock_share, facts.restricted_share, facts.saleable_largest_share] == [1, 1, 0]
    with pytest.raises(TypeError, match="market_value"):
        services.mark_position(by=firm.advisor, position=Position.objects.get(), market_value=1)


def answer(firm: Firm, account: Account | None = None, version: int = 1, **answers: Any) -> Intake:
    account = account or firm.account
    return services.save_intake(by=firm.advisor, account=account, answers=answers, version=version)


def test_answers_go_where_they_belong(firm: Firm) -> None:
    before = revision(firm)
    intake = answer(
        firm, strategy="us_large", custodian="fidelity", long_term_rate=0.25, coordination_importance=3,
        account_value=cents(500_000),
    )  # fmt: skip
    assert sorted(Change.objects.values_list("entity", "field", "old", "new")) == [
        ("account", "custodian", "schwab", "fidelity"),
        ("household", "coordination_importance", None, "3"),
        ("intake", "account_value", None, "500000.00"),
        ("intake", "strategy", None, "us_large"),
        ("tax_unit", "long_term_rate", "0.238", "0.25"),
    ]
    assert revision(firm) == before + 1
    assert intake.version == 2
    entry = intake.provenance["strategy"]
    assert (entry["source"], entry["by"], entry["quality"]) == ("typed", str(firm.advisor.pk), "stated")
    facts = AccountFacts.objects.get(account=firm.account)
    assert [facts.custodian, facts.long_term_rate, facts.coordination_importance] == ["fidelity", 0.25, 3]
    assert [facts.strategy, facts.account_value] == ["us_large", cents(500_000)]


def test_an_answer_can_be_taken_back(firm: Firm) -> None:
    answer(firm, gain_budget=cents(5_000))
    intake = answer(firm, version=2, gain_budget=None)
    assert "gain_budget" not in intake.provenance
    assert AccountFacts.objects.get(account=firm.account).gain_budget is None
    assert ("gain_budget", "5000.00", None) in changes("intake")


def test_the_same_answer_again_changes_nothing(firm: Firm) -> None:
    answer(firm, gain_budget=cents(5_000))
    before = revision(firm)
    assert answer(firm, version=2, gain_budget=cents(5_000)).version == 2
    assert revision(firm) == before


def test_a_finished_section_is_remembered(firm: Firm) -> None:
    intake = services.save_intake(
        by=firm.advisor, account=firm.account, answers={}, version=1, section="mandate"
    )
    assert intake.visited == ["mandate"]
    assert intake.version == 2


def test_a_stale_version_stores_nothing(firm: Firm) -> None:
    answer(firm, gain_budget=cents(5_000))
    with pytest.raises(DomainError) as refusal:
        answer(firm, version=1, gain_budget=cents(9_000), custodian="fidelity")
    assert refusal.value.status == 409
    assert Intake.objects.get(account=firm.account).gain_budget == cents(5_000)
    assert Account.objects.get(pk=firm.account.pk).custodian == "schwab"


def test_a_shared_answer_makes_the_other_intakes_stale(firm: Firm) -> None:
    sibling = services.create_account(
        by=firm.advisor, household=firm.household, name="Second", tax_unit=firm.account.tax_unit
    )
    answer(firm, long_term_rate=0.25)
    with pytest.raises(DomainError):
        answer(firm, sibling, version=1, gain_budget=0)
    assert answer(firm, sibling, version=2, gain_budget=0).version == 3


def test_rates_need_a_return(firm: Firm) -> None:
    lone = services.create_account(by=firm.advisor, household=firm.household, name="Lone")
    with pytest.raises(DomainError, match="on whose return"):
        answer(firm, lone, long_term_rate=0.2)
    intake = answer(firm, lone, long_term_rate=0.2, tax_unit=firm.account.tax_unit)
    assert intake.account.tax_unit == firm.account.tax_unit


def test_a_return_of_another_household_is_refused(firm: Firm) -> None:
    with pytest.raises(DomainError, match="belongs to another household"):
        answer(firm, tax_unit=firm.others_account.tax_unit)


def test_completing_the_intake_is_recorded_and_changes_no_fact(firm: Firm) -> None:
    before = revision(firm)
    intake = services.complete_intake(by=firm.advisor, account=firm.account, version=1)
    assert (intake.state, intake.completed_by) == (Intake.State.COMPLETE, firm.advisor)
    assert changes() == [("state", "open", "complete")]
    assert revision(firm) == before
    with pytest.raises(DomainError):
        services.complete_intake(by=firm.advisor, account=firm.account, version=7)


def test_nothing_is_half_stored(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> int:
        raise RuntimeError("facts cannot be rebuilt")

    monkeypatch.setattr("households.services.recording.rebuild_facts", broken)
    with pytest.raises(RuntimeError):
        services.create_person(by=firm.advisor, household=firm.household, name="Ben", relation="spouse")
    assert not Person.objects.filter(name="Ben").exists()
    assert changes() == []


def test_services_write_to_their_own_household_only(firm: Firm) -> None:
    other = a_household(firm.advisor)
    services.update_household(by=firm.advisor, household=other, name="Renamed")
    assert set(Change.objects.values_list("household", flat=True)) == {other.pk}


def test_a_closed_account_is_not_changed_any_more(firm: Firm) -> None:
    position = a_position(firm.account, "ACME", "stock", 50_000)
    stale = Account.objects.get(pk=firm.account.pk)  # read before the account was closed
    services.close_account(by=firm.advisor, account=firm.account, on=date(2026, 10, 1))
    before = changes()
    acts = (
        lambda: services.close_account(by=firm.advisor, account=stale, on=date(2026, 10, 2)),
        lambda: services.update_account(by=firm.advisor, account=stale, name="Other"),
        lambda: services.save_intake(by=firm.advisor, account=stale, answers={"sector_tilts": 1}, version=1),
        lambda: services.complete_intake(by=firm.advisor, account=stale, version=1),
        lambda: services.mark_position(by=firm.advisor, position=position, retained=True),
    )
    for act in acts:
        with pytest.raises(DomainError, match="was closed on October 1, 2026") as refused:
            act()
        assert refused.value.status == 409
    assert changes() == before


def test_history_tells_what_was_there_and_not_what_was_read_before(firm: Firm) -> None:
    """Two pages were opened on Schwab; the first makes it Fidelity, the second Pershing."""
    first, second = (Account.objects.get(pk=firm.account.pk) for _ in range(2))
    services.update_account(by=firm.advisor, account=first, custodian="fidelity")
    services.update_account(by=firm.advisor, account=second, custodian="pershing")
    told = Change.objects.filter(field="custodian").order_by("at", "id").values_list("old", "new")
    assert list(told) == [("schwab", "fidelity"), ("fidelity", "pershing")]


def test_a_position_that_an_import_took_away_cannot_be_marked(firm: Firm) -> None:
    position = a_position(firm.account, "ACME", "stock", 50_000)
    Position.objects.all().delete()
    with pytest.raises(DomainError, match="ACME is not there any more") as refused:
        services.mark_position(by=firm.advisor, position=position, retained=True)
    assert refused.value.status == 409


def test_a_person_files_on_a_return_of_the_household(firm: Firm) -> None:
    stranger = firm.others_household.tax_units.get()
    with pytest.raises(DomainError, match="belongs to another household"):
        services.create_person(by=firm.advisor, household=firm.household, name="Ann", tax_unit=stranger)
    person = firm.household.people.get()
    with pytest.raises(DomainError, match="belongs to another household"):
        services.update_person(by=firm.advisor, person=person, tax_unit=stranger)
