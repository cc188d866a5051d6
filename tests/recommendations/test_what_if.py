"""What if: a record's facts moved through HTTP, what follows, what is refused, and that nothing is stored."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from advisory.recommendations import services
from advisory.recommendations.models import Decision, Recommendation, Scenario, SealedDocument
from advisory.recommendations.page.changes import changes
from advisory.recommendations.what_if.choosing import nice, room_beside, shown_first
from advisory.recommendations.what_if.working import Step, grounds_of, moved, steps_from_json, work_out
from implementation.rules.facts import FUNDING_SHARES, FactError
from tests.recommendations.conftest import case_facts
from tests.recommendations.test_pages import client_of, page_of, words_of

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def present(firm: Any, publish: Any) -> Any:
    """Publish and present a worked case, or facts."""

    def act(case: int | dict[str, Any]) -> Recommendation:
        (done,) = publish({firm.account: case})
        row = Recommendation.objects.get(pk=done.recommendation_id)
        services.present(by=firm.advisor, recommendation=row)
        return row

    return act


def url(row: Recommendation) -> str:
    return reverse("recommendations:what_if", args=[row.pk])


def opened(client: Client, row: Recommendation, **query: Any) -> dict[str, str]:
    """The fields of the what-if form as its page shows them."""
    return fields_of(client.get(url(row), query).content.decode())


def fields_of(html: str) -> dict[str, str]:
    part = html[html.index('id="what-if-form"') :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", part):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="radio"' not in tag or "checked" in tag):
            found[name[1]] = value[1].replace("&quot;", '"') if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', part, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    found.pop("name", None)
    return found


def sent(client: Client, row: Recommendation, fields: dict[str, str], **extra: Any) -> tuple[int, str]:
    answer = client.post(url(row), fields, **extra)
    return answer.status_code, answer.content.decode()


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


# --- what is refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("account_value", "a lot", "is not an amount"),
        ("account_value", "10", "is below $1,000"),
        ("account_value", "60m", "is more than $50,000,000"),
        ("cash_share", "101", "is more than 100%"),
        ("standalone_mandate", "perhaps", "choose one of the list"),
    ],
)
def test_a_refused_value_is_told_at_its_field(
    firm: Any, present: Any, field: str, typed: str, words: str
) -> None:
    row, client = present(3), client_of(firm.advisor)
    fields = opened(client, row)
    assert field in fields
    answer = client.post(url(row), fields | {field: typed}, **HTMX)
    html = answer.content.decode()
    assert (answer.status_code, answer["HX-Reswap"]) == (422, "none")
    place = html[html.index(f'id="what-if-error-{field}"') :]
    assert words in words_of(place[: place.index("</div>")])
    assert 'id="what-if-strip-' not in html  # what stood there stands

    status, page = sent(client, row, fields | {field: typed})
    assert status == 422
    assert "<title>Error: " in page
    assert re.search(f'href="#what_if_{field}(_0)?"', page)
    assert field == "standalone_mandate" or typed in fields_of(page)[field]


def test_what_contradicts_another_fact_is_told_in_words(firm: Any, present: Any) -> None:
    """60% kept and 50% restricted are more than the whole account."""
    row, client = present(case_facts(3, legacy_retention_share=0.6)), client_of(firm.advisor)
    fields = opened(client, row) | {"add": "restricted_share", "adding": "yes"}
    _, html = sent(client, row, fields)
    status, html = sent(client, row, fields_of(html) | {"restricted_share": "50"}, **HTMX)
    assert status == 422
    assert "add up to more than the whole account" in words_of(html)
    assert "restricted_share 0" not in words_of(html)


@pytest.mark.parametrize(
    "steps",
    [
        "[", '{"a": 1}', '[["account_value"]]', '[["lot_count", 3]]', '[["account_value", "200k"]]',
        '[["account_value", 1], ["account_value", 2]]', '[["no_such_fact", 1]]', '[["account_value", null]]',
    ],
)  # fmt: skip
def test_a_page_state_that_no_page_made_is_refused(firm: Any, present: Any, steps: str) -> None:
    row, client = present(3), client_of(firm.advisor)
    status, html = sent(client, row, opened(client, row) | {"steps": steps})
    assert status == 422
    assert "could not be read back" in html


def test_facts_that_nobody_changes_are_no_fields(firm: Any, present: Any) -> None:
    row, client = present(3), client_of(firm.advisor)
    status, _ = sent(client, row, opened(client, row) | {"shown": "registration"})
    assert status == 422
    with pytest.raises(FactError, match="cannot be changed"):
        steps_from_json([["registration", "estate"]])


def test_a_record_of_another_engine_offers_no_what_if(
    firm: Any, present: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = present(3)
    monkeypatch.setattr("advisory.recommendations.what_if.working.ENGINE", row.engine + 1)
    text = page_of(client_of(firm.advisor), row)
    assert "made by another version of the rules engine" in text
    assert "Keep this what-if" not in text


# --- what is offered ------------------------------------------------------------------------------------


def test_the_facts_that_flip_the_outcome_are_shown_first(firm: Any, present: Any) -> None:
    row, client = present(5), client_of(firm.advisor)
    shown = opened(client, row)["shown"].split()
    flips = [entry["fact"] for entry in json.loads(row.documents.get().document)["result"]["flip_points"]]
    assert shown[:4] == list(dict.fromkeys(flips))[:4]
    assert len(shown) == 6
    assert "saleable_largest_share" in shown  # what the weightiest factor turns on


def test_missing_facts_are_shown_first_where_they_decide(firm: Any, present: Any) -> None:
    row, client = present(15), client_of(firm.advisor)
    assert opened(client, row)["shown"].split()[0] == "account_value"


def test_a_part_that_is_all_there_is_cannot_move_by_itself(firm: Any, present: Any) -> None:
    """Case 6 is all cash: less of it would be nothing at all."""
    grounds = grounds_of(present(6))
    assert room_beside(grounds, (), "cash_share").stuck
    assert not room_beside(grounds, [Step("stock_share", 0.5)], "cash_share").stuck


def test_any_other_fact_can_be_added(firm: Any, present: Any) -> None:
    row, client = present(3), client_of(firm.advisor)
    fields = opened(client, row)
    assert "esg_screens" not in fields
    _, html = sent(client, row, fields | {"add": "esg_screens", "adding": "yes"}, **HTMX)
    assert fields_of(html)["esg_screens"] == "0"
    assert html.lstrip().startswith('<section class="panel what-if"')


def test_the_slider_reaches_beyond_what_flips(firm: Any, present: Any) -> None:
    row = present(4)
    grounds, flips = grounds_of(row), json.loads(row.documents.get().document)["result"]["flip_points"]
    for flip in flips:
        if isinstance(flip["to"], bool | str):
            continue
        room = room_beside(grounds, (), flip["fact"], flips)
        assert room.span.low <= flip["to"] <= room.span.high, flip


def test_old_documents_do_without_what_was_added_since(firm: Any, present: Any) -> None:
    """A document of before pairs, contrast, weights and limits were part of it: those parts are left out."""
    row, client = present(6), client_of(firm.advisor)
    document = json.loads(row.documents.get().document)
    result = document["result"]
    for key in ("flip_pairs", "flip_note", "contrast", "need_trace", "weight_flips", "fragile_by"):
        result.pop(key, None)
    for key in ("capped_range_bps", "caps", "earns_back"):
        (result["break_even"] or {}).pop(key, None)
    for factor in result["factors"]:
        factor["trace"] = [
            {name: line[name] for name in ("structure", "rule", "gives", "result", "text")}
            for line in factor["trace"]
        ]
    result["flip_points"] = []
    from advisory.recommendations.page import context

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context, "explanation_of", lambda recommendation: document)
        text = page_of(client, row)
    assert "No single fact, changed by itself, gives another outcome." in text
    assert "In short" in text
    for left_out in ("What speaks for each", "If the factors weighed otherwise", "Is direct indexing needed"):
        assert left_out not in text
    assert "What it costs the client" in text


def test_nothing_single_or_paired(firm: Any, present: Any) -> None:
    row, client = present(6), client_of(firm.advisor)
    document = json.loads(row.documents.get().document)
    document["result"] |= {"flip_points": [], "flip_pairs": []}
    from advisory.recommendations.page import context

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context, "explanation_of", lambda recommendation: document)
        assert "Nothing single or paired flips this" in page_of(client, row)


def test_boxes_show_what_people_state_and_lose_nothing_by_it(firm: Any, present: Any) -> None:
    """A third in cash shows as 33.3%; sent as shown it stays a third, whatever else is set."""
    shares = {"cash_share": 0.333333, "stock_share": 0.666667}
    largest = {"largest_position_share": 0.5, "saleable_largest_share": 0.5}
    row, client = present(case_facts(3, **shares, **largest)), client_of(firm.advisor)
    fields = opened(client, row)
    shown = {name: fields[name] for name in ("cash_share", "stock_share") if name in fields}
    assert shown and set(shown.values()) <= {"33.3", "66.7"}
    _, html = sent(client, row, fields | {"account_value": "1m"})
    assert json.loads(fields_of(html)["steps"]) == [["account_value", 1_000_000.0]]
    assert "Cash:" not in words_of(html)


def test_no_more_than_two_parts_of_the_funding_are_shown_at_once(firm: Any, present: Any) -> None:
    for case in (3, 5, 12):
        row = present(case)
        result = json.loads(row.documents.order_by("-seq").first().document)["result"]
        shown = shown_first(result, grounds_of(row))
        assert sum(name in FUNDING_SHARES for name in shown) <= 2


def test_the_first_screen_names_one_part_of_the_funding(firm: Any, present: Any) -> None:
    points = [
        {"fact": name, "from": 0.1, "to": to, "outcome": "UMA", "linked": True}
        for name, to in (("cash_share", 0.2), ("fund_share", 0.3), ("stock_share", 0.4))
    ]
    points.append({"fact": "account_value", "from": 5e5, "to": 2e5, "outcome": "UMA", "linked": True})
    told = changes({"flip_points": points, "questions": [], "outcome": "SMA"}, lambda fact: "")
    assert [point["fact"] for point in told["first"]] == ["cash_share", "account_value", "fund_share"]
    assert [point["fact"] for point in told["listed"]][:2] == ["cash_share", "fund_share"]
    assert told["first"][1]["then"] == "falls to $200,000"


def test_round_ends_of_sliders() -> None:
    assert [nice(value) for value in (1, 1.1, 2, 2.4, 3, 40_001, 99_000)] == [
        1, 2, 2, 2.5, 5, 50_000, 100_000,
    ]  # fmt: skip


def test_shown_first_is_bounded(firm: Any, present: Any) -> None:
    for case in (1, 2, 3, 9, 11, 14):
        row = present(case)
        result = json.loads(row.documents.order_by("-seq").first().document)["result"]
        shown = shown_first(result, grounds_of(row))
        assert 1 <= len(shown) <= 6
        assert len(set(shown)) == len(shown)


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
