"""Editors of one record in real threads, on SQLite in a file and on PostgreSQL: nothing is lost unseen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runs.stack import Stack, environment
from tests.services import private_database

ROUNDS = 4
EDITORS = "tests.households.pages.editors"


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Stack, str]]:
    """A database of its own with the small firm, and the id of its account."""
    var: Path = tmp_path_factory.mktemp("editors")
    if request.param == "sqlite":
        stack = Stack(environment(var, ALLOWED_HOSTS="testserver"), var)
        yield stack, stack.call(f"{EDITORS}:prepare")
        return
    with private_database() as url:
        stack = Stack(environment(var, DATABASE_URL=url, ALLOWED_HOSTS="testserver"), var)
        yield stack, stack.call(f"{EDITORS}:prepare")


def test_four_at_one_page_lose_nothing(place: tuple[Stack, str]) -> None:
    stack, account = place
    found = stack.call(f"{EDITORS}:different_questions", account, ROUNDS)
    assert found["statuses"] == {"200": 4 * ROUNDS}
    # Dollars are kept in cents; levels go round 1 to 4.
    assert found["answers"] == {
        "gain_budget": 100 * ROUNDS, "holding_horizon_years": ROUNDS, "annual_gifting": 100 * ROUNDS,
        "tax_sensitivity": 4,
    }  # fmt: skip
    assert found["saves"] == 4 * ROUNDS
    assert set(found["history"].values()) == {ROUNDS}


def test_of_two_answers_to_one_question_the_second_is_asked(place: tuple[Stack, str]) -> None:
    stack, account = place
    names = ["Advisor Tester", "Assistant Tester"]
    for told in stack.call(f"{EDITORS}:same_question", account, ROUNDS):
        assert sorted(told["statuses"]) == [200, 409]
        first = told["statuses"].index(200)
        assert told["stored"] == told["values"][first]
        mine, theirs = told["values"][1 - first], told["values"][first]
        assert told["clashes"][1 - first] == [[mine, "Yours"], [theirs, names[first]]]
        assert told["clashes"][first] == []


def test_confirming_all_beside_an_answer(place: tuple[Stack, str]) -> None:
    """The answer is always kept and is the answerer's; who confirms too late confirms nothing."""
    stack, account = place
    for told in stack.call(f"{EDITORS}:confirming_and_answering", account, ROUNDS):
        assert (told["answered"], told["stored"], told["by"]) == (200, 1, "assistant@test.example")
        assert (told["confirmed"], told["left"]) in ((302, False), (409, True))


def test_of_two_who_hand_over_one_is_told(place: tuple[Stack, str]) -> None:
    stack, account = place
    assert sorted(stack.call(f"{EDITORS}:handing_over", account)) == [302, 409]


def test_of_two_who_change_a_field_of_a_record_the_second_is_asked(place: tuple[Stack, str]) -> None:
    stack, account = place
    names = ["Advisor Tester", "Assistant Tester"]
    for told in stack.call(f"{EDITORS}:one_field_of_a_return", account, ROUNDS):
        assert sorted(told["statuses"]) == [302, 409]
        first = told["statuses"].index(302)
        mine, theirs = told["values"][1 - first], told["values"][first]
        assert told["stored"] == [theirs, theirs]
        assert told["choices"][1 - first] == [[mine, "Yours"], [theirs, names[first]]]
        assert told["choices"][first] == []


def test_two_who_change_different_fields_of_a_record_both_count(place: tuple[Stack, str]) -> None:
    stack, account = place
    for told in stack.call(f"{EDITORS}:two_fields_of_a_return", account, ROUNDS):
        assert told["statuses"] == [302, 302]
        assert told["stored"] == told["values"]
