"""What if: a record's facts moved through HTTP, what follows, and that nothing is stored."""

import json
from typing import Any

import pytest
from django.test import Client

from advisory.recommendations.models import Decision, Recommendation, Scenario, SealedDocument
from advisory.recommendations.what_if.working import Step, grounds_of, moved, work_out
from tests.recommendations.conftest import case_facts
from tests.recommendations.reading import client_of, page_of, words_of
from tests.recommendations.what_if_form import fields_of, opened, sent, url

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


# --- what follows ---------------------------------------------------------------------------------------


def test_a_smaller_account_loses_the_sma_and_says_what_moved_along(firm: Any, present: Any) -> None:
    """Case 3, $2m: $200,000 is $50,000 below the SMA's minimum of $250,000, so only the UMA is open."""
    row, client = present(3), client_of(firm.advisor)
    fields = opened(client, row)
    assert fields["account_value"] == "2,000,000"
    status, html = sent(client, row, fields | {"account_value": "200k"}, **HTMX)
    text = words_of(html)
    assert status == 200
    for words in (
        "The outcome would be UMA, not SMA.",
        "You set Account value: $200,000",
        "Amount meant for direct indexing: $200,000 (recorded $2,000,000)",
        "Household value: $200,000 (recorded $2,000,000)",
        "The SMA: Not open (recorded: Open to this account).",
        "short by $50,000",
        "recorded +39.0",
        "$50,000 to $249,999: UMA",  # the strip as a table
    ):
        assert words in text, words
    assert "<html" not in html
    assert 'id="what-if-strip-account_value" hx-swap-oob="innerHTML"' in html


def test_moving_one_part_of_the_funding_moves_the_others(firm: Any, present: Any) -> None:
    """All in stocks: with 40% cash the stocks are 60%, and a position of 70% cannot be more than those."""
    row = present(3)
    worked = work_out(grounds_of(row), [Step("cash_share", 0.4)])
    assert {name: worked.facts[name] for name in ("stock_share", "largest_position_share")} == {
        "stock_share": 0.6,
        "largest_position_share": 0.6,
    }
    assert worked.along["stock_share"] == 1.0
    assert "cash_share" not in worked.along


def test_a_second_move_starts_from_the_first(firm: Any, present: Any) -> None:
    row, client = present(3), client_of(firm.advisor)
    fields = opened(client, row)
    _, html = sent(client, row, fields | {"account_value": "1,000,000"})
    fields = fields_of(html)
    assert json.loads(fields["steps"]) == [["account_value", 1_000_000.0]]
    _, html = sent(client, row, fields | {"cash_share": "25"})
    assert json.loads(fields_of(html)["steps"]) == [["account_value", 1_000_000.0], ["cash_share", 0.25]]
    assert "Account value: $1,000,000; Cash: 25%" in words_of(html)


def test_dragging_over_small_values_and_back_changes_nothing_else(firm: Any, present: Any) -> None:
    """Case 4 keeps a sleeve of $200,000 in $600,000: down to $100,000 and up again it is $200,000 again."""
    row, client = present(4), client_of(firm.advisor)
    fields = opened(client, row)
    _, html = sent(client, row, fields | {"account_value": "100,000"})
    assert "Amount meant for direct indexing: $100,000 (recorded $200,000)" in words_of(html)
    _, html = sent(client, row, fields_of(html) | {"account_value": "700,000"})
    assert "Amount meant for direct indexing: $" not in words_of(html).split("You set")[1].split("Points")[0]
    assert fields_of(html)["direct_index_value"] == "200,000"


def test_going_back_to_the_record_leaves_no_step(firm: Any, present: Any) -> None:
    row, client = present(3), client_of(firm.advisor)
    _, html = sent(client, row, opened(client, row) | {"account_value": "1m"})
    for back in ("2,000,000", ""):
        _, again = sent(client, row, fields_of(html) | {"account_value": back})
        assert fields_of(again)["steps"] == "[]", back
        assert "As recorded: SMA." in words_of(again)


def test_a_missing_fact_can_be_tried(firm: Any, present: Any) -> None:
    """Case 15 does not know the value; with $80,000 for all of it only the UMA is open (case 1)."""
    row, client = present(15), client_of(firm.advisor)
    fields = opened(client, row)
    assert fields["account_value"] == ""
    status, html = sent(
        client, row, fields | {"account_value": "80,000", "direct_index_value": "80,000"}, **HTMX
    )
    assert status == 200
    assert "The outcome would be UMA, not Indeterminate." in words_of(html)


def test_what_is_worked_out_is_what_the_engine_says_of_such_an_account(firm: Any, present: Any) -> None:
    """Case 3 at $80,000 is an account that could have been recorded: the same result, whole."""
    size = dict.fromkeys(("account_value", "direct_index_value", "household_value"), 80000)
    tried = work_out(grounds_of(present(3)), [Step("account_value", 80_000.0)])
    recorded = present(case_facts(3, **size))
    assert tried.result == work_out(grounds_of(recorded), []).result


def test_restricting_a_holding_asks_no_reason(firm: Any, present: Any) -> None:
    """The record says that nothing is restricted, for no reason; a what-if need not invent one."""
    facts = moved(grounds_of(present(10)), [Step("restricted_share", 0.05)])
    assert (facts["restricted_share"], facts["restriction_reason"]) == (0.05, None)
    assert work_out(grounds_of(present(10)), [Step("restricted_share", 0.05)]).result["outcome"] == "UMA"


# --- nothing is stored ----------------------------------------------------------------------------------


def test_trying_stores_nothing(firm: Any, present: Any) -> None:
    row, client = present(3), client_of(firm.advisor)
    before = page_of(client, row)
    fields = opened(client, row)
    for value in ("100", "3m", "wrong"):
        sent(client, row, fields | {"account_value": value}, **HTMX)
    counted = (Recommendation, SealedDocument, Decision, Scenario)
    assert [model.objects.count() for model in counted] == [1, 1, 0, 0]
    assert page_of(client, row) == before


def test_it_is_said_that_it_is_not_the_record(firm: Any, present: Any) -> None:
    row = present(3)
    text = words_of(client_of(firm.advisor).get(url(row)).content.decode())
    assert "This is a trial, not the record: nothing is stored by moving a slider." in text
    assert f"record's own policy {row.policy_version} and shelf {row.shelf_version}" in text


# --- who, and how many queries --------------------------------------------------------------------------


def test_whoever_reads_the_record_may_try_and_a_stranger_finds_nothing(firm: Any, present: Any) -> None:
    row = present(3)
    for user in (firm.supervisor, firm.compliance, firm.operations, firm.examiner):
        client = client_of(user)
        assert sent(client, row, opened(client, row) | {"account_value": "1m"})[0] == 200
        assert "Keep this what-if" not in page_of(client, row)
    stranger = client_of(firm.stranger)
    assert stranger.get(url(row)).status_code == stranger.post(url(row)).status_code == 404
    assert client_of(firm.administrator).get(url(row)).status_code == 403


def test_without_the_token_nothing_is_worked_out(firm: Any, present: Any) -> None:
    row = present(3)
    client = Client(enforce_csrf_checks=True)
    client.force_login(firm.advisor)
    assert client.post(url(row), {"steps": "[]", "shown": "account_value"}).status_code == 403


def test_a_move_asks_the_same_few_queries(
    firm: Any, present: Any, django_assert_max_num_queries: Any
) -> None:
    row, client = present(3), client_of(firm.advisor)
    fields = opened(client, row)
    with django_assert_max_num_queries(6) as found:
        sent(client, row, fields | {"account_value": "1m"}, **HTMX)
    one = len(found)
    with django_assert_max_num_queries(6) as found:
        sent(client, row, fields | {"account_value": "1m", "cash_share": "5", "fund_share": "4"}, **HTMX)
    assert len(found) == one
