"""Change rows become events a reader can follow."""

from typing import Any
from uuid import UUID

from django.urls import reverse

from households import services
from households.models import Change
from households.selectors import changed_by_imports, recent_changes
from households.timeline import events, value_words
from tests.firm import Firm
from tests.households.book import cents

IMPORT = "0195d3c0a1b27c3d8e4f5a6b7c8d9e0f"


def told(firm: Firm, *rows: tuple[str, str, str, str | None, str | None], **options: Any) -> dict[str, Any]:
    """The one event of changes, each an entity, its key, field, old and new."""
    for entity, key, field, old, new in rows:
        Change.objects.create(
            household=firm.household, entity=entity, entity_id=key, field=field, old=old, new=new,
            source=options.get("source", f"import {IMPORT}"), by=firm.advisor,
        )  # fmt: skip
    (event,) = events(recent_changes(firm.household), options.get("names", {}), options.get("counts"))
    return event


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


def test_an_import_is_one_event_of_its_changes(firm: Firm) -> None:
    """Four symbols are four changes; that it was committed is none."""
    account = str(firm.account.pk)
    rows = [("position", account, symbol, None, "100") for symbol in ("AAA", "BBB", "CCC", "DDD")]
    state = ("import", IMPORT, "state", "staged", "committed: 4 rows into 1 account")
    event = told(firm, *rows, state, names={account: "IRA"})
    assert (event["title"], event["text"]) == ("Holdings imported", "4 changes in IRA")
    assert event["url"] == reverse("households:import_detail", args=[UUID(IMPORT)])


def test_a_position_and_its_lots_are_two_changes(firm: Firm) -> None:
    account = str(firm.account.pk)
    event = told(
        firm,
        ("position", account, "MSFT", None, "stock, 500 units, $200,000.00, cost $250,000.00"),
        ("lots", account, "MSFT", "2 lots", None),
        ("position", account, "brk.b", "stock, 1 units, $400.00, cost $300.00", None),
        ("import", IMPORT, "state", "staged", "committed: 2 rows into 1 account"),
    )
    assert event["text"] == (
        "MSFT: stock, 500 units, $200,000.00, cost $250,000.00; Lots of MSFT: 2 lots → none known; "
        "brk.b: stock, 1 units, $400.00, cost $300.00 → no longer held"
    )


def test_one_symbol_in_two_accounts(firm: Firm) -> None:
    one, other = str(firm.account.pk), str(firm.others_account.pk)
    rows = [("position", key, "VTI", None, "fund") for key in (one, other)]
    event = told(firm, *rows, names={one: "IRA", other: "Trust"})
    assert event["text"] == "VTI in IRA: fund; VTI in Trust: fund"


def test_of_an_import_that_changed_much_all_is_counted(firm: Firm) -> None:
    one, other = str(firm.account.pk), str(firm.others_account.pk)
    rows = [("position", key, f"S{n}", None, "fund") for key in (one, other) for n in range(3)]
    told(firm, *rows)
    counts = changed_by_imports(firm.household, [f"import {IMPORT}", "typed"])
    assert counts == {f"import {IMPORT}": (6, 2)}
    (event,) = events(recent_changes(firm.household, 4), {}, counts)
    assert event["text"] == "6 changes in 2 accounts"


def test_an_import_that_changed_nothing(firm: Firm) -> None:
    event = told(firm, ("import", IMPORT, "state", "staged", "committed: 1 row into 1 account"))
    assert event["text"] == "No position or lot changed"


def test_an_import_that_was_discarded(firm: Firm) -> None:
    event = told(firm, ("import", IMPORT, "state", "staged", "discarded"), source="typed")
    assert (event["title"], event["text"]) == ("Import discarded", "")
    assert event["url"] == reverse("households:import_detail", args=[UUID(IMPORT)])


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
