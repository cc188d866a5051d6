"""What matters next: questions only while an answer can change the outcome, and a word when none can."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from advisory.recommendations.page.asking import FIRST, asking_context
from households.models import AccountFacts
from households.models.facts import FACT_FIELDS
from implementation.services import publish_shipped
from tests.recommendations.conftest import case_facts, fact_rows
from tests.recommendations.reading import client_of, words_of

pytestmark = pytest.mark.django_db


def as_stored(firm: Any, number: int, **changes: Any) -> dict[str, Any]:
    """The facts of a worked case, stored as those of the firm's account, fresh."""
    facts = fact_rows([firm.account], [case_facts(number, **changes)]).facts
    firm.household.refresh_from_db()
    AccountFacts.objects.filter(account=firm.account).delete()
    AccountFacts.objects.create(
        account=firm.account, as_of=timezone.localdate(), built_at=timezone.now(),
        revision=firm.household.revision, **{field.name: facts[field.name][0] for field in FACT_FIELDS},
    )  # fmt: skip
    return asking_context(firm.account, timezone.localdate())


@pytest.fixture(autouse=True)
def shipped(db: None) -> None:
    publish_shipped(as_of=timezone.localdate())


def test_nothing_is_asked_where_everything_is_known(firm: Any) -> None:
    context = as_stored(firm, 3)
    assert (context["outcome"], context["settled"]) == ("SMA", "a manager-traded SMA")
    assert context["questions"] == []


def test_what_cannot_change_the_outcome_is_not_asked(firm: Any) -> None:
    # Worked case 3 is an SMA by more points than any answer about flexibility is worth.
    context = as_stored(firm, 3, flexibility_need=None)
    assert (context["outcome"], context["open"], context["questions"]) == ("SMA", 1, [])


def test_questions_that_could_settle_it_come_first(firm: Any) -> None:
    # Worked case 15: neither the account's value nor what is meant for direct indexing is known.
    context = as_stored(firm, 15)
    assert context["outcome"] == "INDETERMINATE"
    assert len(context["possible"]) > 1
    assert 0 < len(context["questions"]) <= FIRST
    settles = [question["settles"] for question in context["questions"]]
    assert settles == sorted(settles, reverse=True)
    assert all(
        question["link"].startswith(f"/accounts/{firm.account.pk}/intake/")
        for question in context["questions"]
    )


def test_the_fragment(firm: Any) -> None:
    as_stored(firm, 15)
    html = client_of(firm.advisor).get(f"/accounts/{firm.account.pk}/asking/").content.decode()
    assert "Still possible:" in words_of(html)
    as_stored(firm, 3, flexibility_need=None)
    html = client_of(firm.advisor).get(f"/accounts/{firm.account.pk}/asking/").content.decode()
    said = "whatever the 1 missing answer turns out to be, it is a manager-traded SMA."
    assert f"Nothing that is still open can change this: {said}" in words_of(html)


def test_without_a_policy_it_says_so(firm: Any) -> None:
    context = asking_context(firm.account, timezone.localdate().replace(year=2000))
    assert context["problem"]


def test_the_number_of_queries_is_fixed(firm: Any) -> None:
    counts = []
    for case in (3, 15):
        as_stored(firm, case)
        with CaptureQueriesContext(connection) as asked:
            asking_context(firm.account, timezone.localdate())
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8
