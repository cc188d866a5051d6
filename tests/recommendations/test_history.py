"""The history: scoped, filtered, sorted, exported exactly as seen, in a constant number of queries."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from advisory.recommendations import services
from advisory.recommendations.models import Recommendation
from households.foundation import formats
from households.models import Account, ExportRecord, Household
from tests.recommendations.conftest import case_facts
from tests.recommendations.reading import client_of, words_of
from tests.recommendations.test_decisions import GOOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(firm: Any, publish: Any) -> dict[str, Recommendation]:
    """Ours: an accepted SMA that replaced an EITHER. A stranger's: an INDETERMINATE nobody has seen."""
    publish({firm.account: 6, firm.others_account: 15})
    publish({firm.account: 3})
    sma = Recommendation.objects.get(outcome="SMA")
    services.present(by=firm.advisor, recommendation=sma)
    services.decide(by=firm.advisor, recommendation=sma, **GOOD)
    return {row.outcome: row for row in Recommendation.objects.all()}


def listed(user: Any, **asked: Any) -> set[str]:
    """Outcomes in the list, told from their links."""
    html = client_of(user).get(reverse("recommendations:history"), asked).content.decode()
    return {
        row.outcome
        for row in Recommendation.objects.all()
        if f'href="{reverse("recommendations:recommendation", args=[row.pk])}"' in html
    }


def test_each_sees_what_they_may(firm: Any, book: dict[str, Recommendation]) -> None:
    assert listed(firm.advisor) == {"SMA", "EITHER"}
    assert listed(firm.stranger) == {"INDETERMINATE"}
    assert listed(firm.supervisor) == {"SMA", "EITHER"}
    assert listed(firm.examiner) == {"SMA", "EITHER"}
    assert listed(firm.compliance) == listed(firm.operations) == {"SMA", "EITHER", "INDETERMINATE"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"outcome": "SMA"}, {"SMA"}),
        ({"decision": "accepted"}, {"SMA"}),
        ({"decision": "overridden"}, set()),
        ({"decision": "superseded"}, {"EITHER"}),
        ({"decision": "undecided"}, {"INDETERMINATE"}),
        ({"decision": "generated"}, {"INDETERMINATE"}),
        ({"only": "newest"}, {"SMA", "INDETERMINATE"}),
        ({"search": "stranger"}, {"INDETERMINATE"}),
        ({"search": "JOINT brokerage"}, {"SMA", "EITHER", "INDETERMINATE"}),
        ({"office": "East"}, {"SMA", "EITHER"}),
        ({"sign": "fragile"}, set()),
        ({"outcome": "SMA", "decision": "superseded"}, set()),
    ],
)
def test_filters(firm: Any, book: dict[str, Recommendation], asked: dict[str, str], found: set[str]) -> None:
    assert listed(firm.compliance, **asked) == found


def test_filters_by_advisor_and_day(firm: Any, book: dict[str, Recommendation]) -> None:
    today = timezone.localdate()
    assert listed(firm.compliance, advisor=str(firm.stranger.pk)) == {"INDETERMINATE"}
    assert listed(firm.compliance, recorded_from=str(today), recorded_to=str(today)) == set(book)
    assert listed(firm.compliance, recorded_from=str(today + timedelta(days=1))) == set()
    assert listed(firm.compliance, recorded_to=str(today - timedelta(days=1))) == set()


def test_a_filter_cannot_reach_beyond_the_scope(firm: Any, book: dict[str, Recommendation]) -> None:
    assert listed(firm.supervisor, advisor=str(firm.stranger.pk)) <= {"SMA", "EITHER"}
    assert listed(firm.advisor, search="Stranger") == set()


def test_sorting(firm: Any, book: dict[str, Recommendation]) -> None:
    html = client_of(firm.compliance).get(reverse("recommendations:history"), {"sort": "net_fit"})
    text = html.content.decode()
    places = {name: text.index(str(row.pk)) for name, row in book.items()}
    assert places["EITHER"] < places["SMA"]


def test_nothing_found_says_so(firm: Any, book: dict[str, Recommendation]) -> None:
    html = client_of(firm.advisor).get(reverse("recommendations:history"), {"outcome": "UMA"})
    assert "No recommendation matches" in words_of(html.content.decode())


def exported(user: Any, **asked: str) -> list[dict[str, str]]:
    answer = client_of(user).get(reverse("recommendations:history_export", args=["csv"]), asked)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_export_is_the_view_and_is_recorded(firm: Any, book: dict[str, Recommendation]) -> None:
    rows = exported(firm.compliance, decision="accepted")
    assert [row["recommendation"] for row in rows] == [str(book["SMA"].pk)]
    (row,) = rows
    assert (row["outcome"], row["decision"], row["chosen"]) == ("SMA", "Accepted", "SMA")
    assert row["row hash"] == book["SMA"].row_hash
    record = ExportRecord.objects.get()
    assert (record.by, record.what, record.filter, record.rows) == (
        firm.compliance,
        "recommendations",
        "decision=accepted",
        1,
    )
    assert len(exported(firm.advisor)) == 2


def test_the_file_has_the_words_and_the_numbers_of_the_page(
    firm: Any, book: dict[str, Recommendation]
) -> None:
    rows = {row["recommendation"]: row for row in exported(firm.compliance)}
    told = {name: rows[str(book[name].pk)] for name in ("SMA", "EITHER", "INDETERMINATE")}
    assert [row["outcome"] for row in told.values()] == ["SMA", "Either", "Indeterminate"]
    assert told["SMA"]["decided by"] == "how well each structure fits"
    assert told["INDETERMINATE"]["decided by"] == "facts that are missing"
    assert [row["newest of its account"] for row in told.values()] == ["yes", "no", "yes"]
    sma = told["SMA"]
    assert sma["recorded at"] == formats.stamp(book["SMA"].recorded_at)
    assert sma["decided at"] == formats.stamp(book["SMA"].decisions.get().recorded_at)
    exact = {
        "net fit": book["SMA"].net_fit, "margin": book["SMA"].margin,
        "SMA cost bps": book["SMA"].sma_cost_bps, "UMA cost bps": book["SMA"].uma_cost_bps,
    }  # fmt: skip
    assert any(round(value, 1) != value for value in exact.values())
    assert {name: sma[name] for name in exact} == {
        name: str(formats.rounded(value, 1)) for name, value in exact.items()
    }


def test_no_cell_is_a_formula(firm: Any, book: dict[str, Recommendation]) -> None:
    Household.objects.filter(pk=firm.household.pk).update(name='=HYPERLINK("http://x")')
    rows = exported(firm.advisor)
    assert {row["household"] for row in rows} == {'\'=HYPERLINK("http://x")'}
    assert rows[0]["net fit"] == str(formats.rounded(book["SMA"].net_fit, 1))


def test_the_list_asks_the_same_number_of_queries_for_5_and_for_50_rows(firm: Any, publish: Any) -> None:
    def fill(count: int) -> None:
        accounts = [
            Account.objects.create(household=firm.household, name=f"Account {number}")
            for number in range(count)
        ]
        publish({account: case_facts(3) for account in accounts})

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("recommendations:history"))
        return len(found)

    client = client_of(firm.compliance)
    fill(5)
    few = cost()
    fill(45)
    assert cost() == few
