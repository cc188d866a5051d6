"""One equals many, in a fixed number of queries; rows go stale and come back; provenance says where from."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.facts import fresh_facts, read_facts, rebuild_facts, stale_households
from households.models import Account, AccountFacts, Household
from households.models.facts import FACT_NAMES
from households.provenance import Provenance, decode, encode, ranges
from tests.firm import Firm
from tests.households.book import AS_OF, a_couple, a_household, a_position, an_account, cents, facts_of


def a_varied_book(firm: Firm, households: int) -> list[Household]:
    """Households that differ in value, class, lots, marks and what is unknown."""
    book = []
    for number in range(households):
        household = a_household(firm.advisor, f"Household {number}", coordination_importance=number % 5)
        ann, _, unit = a_couple(household, gains_elsewhere=None if number % 7 == 0 else cents(1_000 * number))
        joint = an_account(
            household, "joint", owner=ann, tax_unit=unit, strategy="us_large", gain_budget=100_000
        )
        ira = an_account(household, "roth_ira", owner=ann, strategy="us_total" if number % 3 else None)
        kind = ("stock", "fund", "unknown")[number % 3]
        value = 33_333.33 + 77.77 * number
        a_position(
            joint, "AAA", kind, value, ("2026-03-03", value / 3, value / 7), ("2020-01-01", value / 3, 1.01)
        )
        a_position(joint, "BBB", "stock", value / 3, restricted="insider" if number % 4 == 0 else "")
        a_position(ira, "CASH", "cash", 10_000.01 + number)
        book.append(household)
    return book


def rows_of(households: list[Household]) -> dict[Any, dict[str, Any]]:
    facts = read_facts(household_ids=[household.pk for household in households])
    names = [*FACT_NAMES, "provenance", "oldest_source_date", "revision", "as_of"]
    return {key: {name: facts[name][row] for name in names} for row, key in enumerate(facts["account_id"])}


def test_one_equals_many_bit_for_bit(firm: Firm) -> None:
    book = a_varied_book(firm, 12)
    assert rebuild_facts([household.pk for household in book], as_of=AS_OF) == 24
    together = rows_of(book)
    AccountFacts.objects.all().delete()
    for household in reversed(book):
        rebuild_facts([household.pk], as_of=AS_OF)
    assert rows_of(book) == together
    assert len(together) == 24


def test_the_number_of_queries_does_not_grow(firm: Firm) -> None:
    book = a_varied_book(firm, 50)
    counts = []
    for some in (book[:1], book):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rebuild_facts([household.pk for household in some], as_of=AS_OF)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    for some in (book[:1], book):
        with CaptureQueriesContext(connection) as queries:
            assert len(read_facts(household_ids=[h.pk for h in some])["account_id"]) == 2 * len(some)
        assert len(queries) == 1


def test_read_facts_wants_one_kind_of_key() -> None:
    with pytest.raises(TypeError, match="account_ids or household_ids"):
        read_facts()


def test_nothing_to_read_is_empty_columns(firm: Firm) -> None:
    assert read_facts(account_ids=[firm.account.pk])["account_value"] == []


def is_stale(household: Household, day: date = AS_OF) -> bool:
    return household in stale_households(as_of=day)


def test_a_change_makes_facts_stale_until_they_are_fresh_again(firm: Firm) -> None:
    household = firm.household
    assert is_stale(household)
    assert fresh_facts([household.pk], as_of=AS_OF) == 1
    assert not is_stale(household)
    assert fresh_facts([household.pk], as_of=AS_OF) == 0
    household.revision += 1
    household.save()
    assert is_stale(household)
    assert fresh_facts([household.pk], as_of=AS_OF) == 1
    assert AccountFacts.objects.get(account=firm.account).revision == household.revision


def test_a_lot_that_turns_long_term_makes_facts_stale(firm: Firm) -> None:
    account = firm.account
    a_position(account, "KO", "stock", 25_000, ("2025-11-20", 25_000, 20_000))
    assert facts_of(account)["short_term_gain"] == cents(5_000)
    tomorrow = AS_OF + timedelta(days=1)
    assert not is_stale(account.household)
    assert is_stale(account.household, tomorrow)
    fresh_facts([account.household_id], as_of=tomorrow)
    assert AccountFacts.objects.get(account=account).short_term_gain == 0
    assert not is_stale(account.household, tomorrow + timedelta(days=30))


def test_a_new_account_is_stale_and_a_closed_one_loses_its_row(firm: Firm) -> None:
    household = firm.household
    rebuild_facts([household.pk], as_of=AS_OF)
    added = an_account(household)
    assert is_stale(household)
    rebuild_facts([household.pk], as_of=AS_OF)
    added.closed_on = AS_OF
    added.save()
    assert not is_stale(household)
    rebuild_facts([household.pk], as_of=AS_OF)
    assert not AccountFacts.objects.filter(account=added).exists()


def test_a_household_without_accounts(firm: Firm) -> None:
    assert rebuild_facts([a_household(firm.advisor).pk]) == 0


def test_where_each_fact_comes_from(firm: Firm) -> None:
    account: Account = firm.account
    a_position(account, "KO", "stock", 25_000, as_of=date(2026, 11, 2))
    a_position(account, "PG", "stock", 25_000, as_of=date(2026, 10, 30))
    account.intake.strategy = "us_large"
    account.intake.gain_budget = 0
    account.intake.provenance = {"strategy": {"source": "typed", "date": "2026-09-01", "quality": "stated"}}
    account.intake.save()
    facts = facts_of(account)
    found = decode(facts["provenance"])
    assert found["account_value"] == Provenance("imported", date(2026, 10, 30), "partial")
    assert found["strategy"] == Provenance("typed", date(2026, 9, 1), "stated")
    assert found["gain_budget"] == Provenance("typed", None, "stated")
    assert found["tax_status"].source == "derived"
    assert found["wash_group_overlap_share"].quality == "estimate"
    assert "unrealized_gain" not in found
    assert set(found) == {name for name in FACT_NAMES if facts[name] is not None}
    assert facts["oldest_source_date"] == date(2026, 9, 1)


def test_provenance_text_both_ways() -> None:
    typed = Provenance("typed", date(2026, 11, 2), "stated")
    given = {
        "registration": typed, "strategy": typed, "account_value": Provenance("imported", None, "complete"),
        "custodian": typed, "platform": typed,
    }  # fmt: skip
    text = "imported - complete 0;typed 2026-11-02 stated 4,6-8"
    assert encode(given) == text
    assert decode(text) == given
    assert encode({}) == ""
    assert decode("") == {}


def test_ranges() -> None:
    assert ranges([0, 1, 2, 5, 7, 8]) == "0-2,5,7-8"


def test_a_household_without_accounts_is_never_stale(firm: Firm) -> None:
    empty = Household.objects.create(name="Empty", advisor=firm.advisor)
    assert not stale_households(Household.objects.filter(pk=empty.pk)).exists()
