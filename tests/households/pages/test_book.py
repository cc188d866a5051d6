"""The book: who sees which households; how they are found, sorted, counted; at a fixed number of queries."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from households.facts import rebuild_facts
from households.models import Household, Intake, Person
from tests.firm import Firm
from tests.households.book import a_household, a_position, an_account

BOOK = "/book/"


@pytest.fixture
def varied(firm: Firm) -> dict[str, Household]:
    """Three more households of the advisor: small, large, without accounts."""
    small = a_household(firm.advisor, "Small", external_id="CRM-17", review_due=timezone.localdate())
    large = a_household(firm.advisor, "Large", review_due=timezone.localdate() + timedelta(days=20))
    bare = a_household(firm.advisor, "Bare")
    first = an_account(small, number_ending="9917")
    a_position(first, "CASH", "cash", 100_000)
    Intake.objects.filter(account=first).update(state=Intake.State.COMPLETE)
    a_position(an_account(large), "CASH", "cash", 4_000_000)
    a_position(an_account(large, "roth_ira"), "CASH", "cash", 2_000_000)
    Person.objects.create(household=large, name="Zelda Quist")
    rebuild_facts([firm.household.pk, small.pk, large.pk, bare.pk])
    return {"small": small, "large": large, "bare": bare}


def names(response: Any) -> list[str]:
    return [row.record.name for row in response.context["table"].page.object_list]


def test_an_advisor_sees_their_own_book(advisor: Client, varied: Any) -> None:
    response = advisor.get(BOOK)
    assert names(response) == ["Bare", "Example household", "Large", "Small"]
    assert b"Stranger household" not in response.content
    assert "advisor" not in response.context["table"].columns.names()


@pytest.mark.parametrize(
    ("role", "count"), [("supervisor", 4), ("compliance", 5), ("operations", 5), ("examiner", 4)]
)
def test_others_read_what_they_may(
    signed_in: Callable[[str], Client], varied: Any, role: str, count: int
) -> None:
    response = signed_in(role).get(BOOK)
    assert len(names(response)) == count
    assert b"Add household" not in response.content


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=small", ["Small"]),
        ("q=CRM-17", ["Small"]),
        ("q=9917", ["Small"]),
        ("q=quist", ["Large"]),
        ("q=nobody", []),
        ("intake=complete", ["Small"]),
        ("intake=open", ["Example household", "Large"]),
        ("review=due", ["Small"]),
        ("review=month", ["Large", "Small"]),
        ("review=none", ["Bare", "Example household"]),
        ("value=under-250k", ["Small"]),
        ("value=over-5m", ["Large"]),
        ("value=1m-5m", []),
        ("evaluation=missing", ["Example household", "Large", "Small"]),
        ("review=month&value=over-5m", ["Large"]),
    ],
)
def test_filters(advisor: Client, varied: Any, query: str, found: list[str]) -> None:
    assert names(advisor.get(f"{BOOK}?{query}")) == found


def test_an_unknown_filter_value_is_no_error(advisor: Client, varied: Any) -> None:
    assert advisor.get(f"{BOOK}?value=huge&review=never&page=99&sort=nothing").status_code == 200


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("-name", ["Small", "Large", "Example household", "Bare"]),
        ("-value", ["Large", "Small", "Bare", "Example household"]),
        ("-accounts", ["Large", "Example household", "Small", "Bare"]),
        ("review_due", ["Small", "Large", "Bare", "Example household"]),
        ("-taxable", ["Large", "Small", "Bare", "Example household"]),
        ("-intake", ["Large", "Example household", "Small", "Bare"]),
    ],
)
def test_sorting(advisor: Client, varied: Any, sort: str, order: list[str]) -> None:
    assert names(advisor.get(f"{BOOK}?sort={sort}")) == order


def test_what_a_row_shows(advisor: Client, varied: Any) -> None:
    page = " ".join(advisor.get(BOOK).content.decode().split())
    assert "$6,000,000" in page
    assert "$4,000,000" in page
    assert "No accounts yet" in page
    assert "1 of unknown value" not in page  # Example household: nothing is known, so no sum is shown
    assert page.count("Not known</span>") >= 1


def test_an_empty_book_says_how_to_begin(signed_in: Callable[[str], Client], firm: Firm) -> None:
    Household.objects.filter(pk=firm.others_household.pk).update(advisor=firm.advisor)
    response = signed_in("stranger").get(BOOK)
    assert b"No households yet" in response.content
    assert b"Add household" in response.content


def test_no_result_is_told_apart_from_an_empty_book(advisor: Client, varied: Any) -> None:
    assert b"No household fits" in advisor.get(f"{BOOK}?q=nobody").content


def test_the_number_of_queries_does_not_grow(advisor: Client, firm: Firm) -> None:
    counts = []
    for more in (1, 20):
        for number in range(more):
            household = a_household(firm.advisor, f"H{more}-{number}")
            a_position(an_account(household), "CASH", "cash", 1_000)
            rebuild_facts([household.pk])
        with CaptureQueriesContext(connection) as queries:
            assert advisor.get(BOOK).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
