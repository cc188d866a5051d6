"""What if: which facts are offered and how far, and what is refused."""

import json
import re
from typing import Any

import pytest

from advisory.recommendations.page.changes import changes
from advisory.recommendations.what_if.choosing import nice, room_beside, shown_first
from advisory.recommendations.what_if.working import Step, grounds_of, steps_from_json
from implementation.rules.facts import FUNDING_SHARES, FactError
from tests.recommendations.conftest import case_facts
from tests.recommendations.reading import client_of, page_of, words_of
from tests.recommendations.what_if_form import fields_of, opened, sent, url

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


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
