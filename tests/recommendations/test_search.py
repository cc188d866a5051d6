"""The finder: names, references, digits and ids; only what one may see; three queries whatever is asked."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from advisory.recommendations.finding import SHOWN, find
from advisory.recommendations.models import Recommendation
from households.models import Account, Household, Person
from tests.recommendations.reading import client_of, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def newest(firm: Any, publish: Any) -> Recommendation:
    publish({firm.account: 6, firm.others_account: 15})
    publish({firm.account: 3})
    Household.objects.filter(pk=firm.household.pk).update(external_id="CRM-9")
    return Recommendation.objects.get(account=firm.account, seq=2)


@pytest.mark.parametrize(
    ("words", "households", "accounts", "recommendations"),
    [
        ("example h", 1, 0, 1),
        ("  EXAMPLE   household ", 1, 0, 1),
        ("pat exam", 1, 0, 0),
        ("crm-9", 1, 0, 0),
        ("crm", 0, 0, 0),
        ("brokerage", 0, 1, 1),
        ("4321", 0, 1, 1),
        ("432", 0, 0, 0),
        ("e", 0, 0, 0),
        ("stranger", 0, 0, 0),
        ("%", 0, 0, 0),
        ("__", 0, 0, 0),
    ],
)
def test_what_is_found(
    firm: Any, newest: Recommendation, words: str, households: int, accounts: int, recommendations: int
) -> None:
    Person.objects.filter(household=firm.household).update(name="Pat Example")
    found = find(firm.advisor, words)
    assert (len(found.households), len(found.accounts), len(found.recommendations)) == (
        households, accounts, recommendations,
    )  # fmt: skip


def test_a_recommendation_is_the_newest_of_its_account(firm: Any, newest: Recommendation) -> None:
    assert list(find(firm.advisor, "brokerage").recommendations) == [newest]


def test_a_recommendation_is_found_by_the_beginning_of_its_id(firm: Any, newest: Recommendation) -> None:
    old = Recommendation.objects.get(account=firm.account, seq=1)
    for row in (old, newest):
        assert row in find(firm.advisor, str(row.pk)[:13].upper()).recommendations
        assert list(find(firm.advisor, str(row.pk)).recommendations) == [row]
        assert not find(firm.stranger, str(row.pk)).count


def test_more_than_are_shown_is_said(firm: Any) -> None:
    Account.objects.bulk_create(
        Account(household=firm.household, name=f"Sleeve {n}", registration="joint") for n in range(SHOWN + 1)
    )
    found = find(firm.advisor, "sleeve")
    assert [account.name for account in found.accounts] == [f"Sleeve {n}" for n in range(SHOWN)]
    assert found.more == {"accounts"}


def test_three_queries(firm: Any, newest: Recommendation) -> None:
    for words in ("example", "nothing at all", str(newest.pk)):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            find(firm.advisor, words)
        assert len(asked) == 3


def test_the_page_and_the_finder_show_links(firm: Any, newest: Recommendation) -> None:
    client = client_of(firm.advisor)
    page = client.get("/search/", {"q": "example"})
    fragment = client.get("/search/", {"q": "example"}, headers={"HX-Request": "true"})
    for html in (page.content.decode(), fragment.content.decode()):
        assert f'href="/households/{firm.household.pk}/"' in html
        assert f'href="/recommendations/{newest.pk}/"' in html
    assert "<html" in page.content.decode()
    assert "<html" not in fragment.content.decode()


def test_nothing_found_says_so_and_is_not_run(firm: Any) -> None:
    html = client_of(firm.advisor).get("/search/", {"q": "<script>x\x00"}).content.decode()
    assert "Nothing fits “&lt;script&gt;x”" in words_of(html) or "&lt;script&gt;x" in html
    assert "<script>x" not in html


def test_who_may_not_read_clients_has_no_finder(firm: Any) -> None:
    assert client_of(firm.administrator).get("/search/").status_code == 403
    html = client_of(firm.administrator).get("/", follow=True).content.decode()
    assert 'id="finder"' not in html


@pytest.mark.parametrize("words", ["a" * 33, "a" * 36, "0" * 33, "abcdef12-" * 4, "-" * 9])
def test_what_looks_longer_than_an_id_is_no_error(firm: Any, newest: Recommendation, words: str) -> None:
    assert find(firm.advisor, words).count == 0


def test_a_reference_that_could_begin_an_id_is_a_reference_too(firm: Any, newest: Recommendation) -> None:
    newest.account.external_id = "20260115"
    newest.account.save()
    assert [row.pk for row in find(firm.advisor, "20260115").recommendations] == [newest.pk]
