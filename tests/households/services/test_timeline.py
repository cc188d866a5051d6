"""Change rows become events a reader can follow."""

from households import services
from households.models import Change
from households.selectors import recent_changes
from households.timeline import events, value_words
from tests.firm import Firm
from tests.households.book import cents


def test_answers_given_together_are_one_event(firm: Firm) -> None:
    services.save_intake(
        by=firm.advisor, account=firm.account, version=1,
        answers={"strategy": "us_large", "gain_budget": cents(5_000), "esg_screens": 0, "sector_tilts": 1},
    )  # fmt: skip
    services.update_account(by=firm.advisor, account=firm.account, name="Renamed")
    names = {str(firm.account.pk): "Joint brokerage"}
    newest, before = events(recent_changes(firm.household), names)
    assert newest["title"] == "Account changed: Joint brokerage"
    assert newest["text"] == "Name: Joint brokerage → Renamed"
    assert before["title"] == "Intake answered: Joint brokerage"
    assert before["text"].endswith("; and 1 more")
    assert before["who"] == "Advisor Tester"
    assert "Gains the client accepts to realize: $5,000" in before["text"]


def test_an_import_is_one_event(firm: Firm) -> None:
    for symbol in ("AAA", "BBB", "CCC", "DDD"):
        Change.objects.create(
            household=firm.household, entity="position", entity_id=str(firm.account.pk), field=symbol,
            old=None, new="100", source="import 0123", by=firm.advisor,
        )  # fmt: skip
    (event,) = events(recent_changes(firm.household), {})
    assert (event["title"], event["text"]) == ("Holdings imported", "4 changes")


def test_stored_texts_in_words() -> None:
    assert value_words("account_value", "500000.00") == "$500,000"
    assert value_words("gain_budget", "1234.50") == "$1,234.50"
    assert value_words("long_term_rate", "0.238") == "23.8%"
    assert value_words("tax_sensitivity", "4") == "Very high"
    assert value_words("custodian", "schwab") == "Charles Schwab"
    assert value_words("lot_count", "1204") == "1,204"
    assert value_words("relation", "primary") == "Primary client"
    assert value_words("kind", "joint") == "Joint return"
    assert value_words("birth_date", "1970-01-01") == "Jan 1, 1970"
    assert value_words("name", "Adler") == "Adler"
    assert value_words("lot_count", None) == "not known"


def test_a_field_changed_again_and_again_is_told_once(firm: Firm) -> None:
    for version, budget in enumerate((5_000, 7_000, 9_000), start=1):
        services.save_intake(
            by=firm.advisor, account=firm.account, version=version, answers={"gain_budget": cents(budget)}
        )
    (event,) = events(recent_changes(firm.household), {})
    assert event["text"] == "Gains the client accepts to realize: $9,000"
    services.save_intake(by=firm.advisor, account=firm.account, version=4, answers={"gain_budget": None})
    (event,) = events(recent_changes(firm.household), {})
    assert event["text"] == "Changed and changed back"
