"""Scenarios: kept beside a record, renamed and taken off by their author, compared; no part of the ledger."""

import json
import re
import uuid
from typing import Any

import pytest
from django.urls import reverse

from advisory.recommendations import scenarios, services
from advisory.recommendations.models import Recommendation, Scenario
from advisory.recommendations.what_if.working import Step
from households.foundation.errors import DomainError
from households.models import Change, Team, User
from tests.recommendations.reading import client_of, page_of, words_of
from tests.recommendations.what_if_form import fields_of, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(firm: Any, publish: Any) -> Recommendation:
    """Case 3, presented: $2m, an SMA by fit."""
    (done,) = publish({firm.account: 3})
    found = Recommendation.objects.get(pk=done.recommendation_id)
    services.present(by=firm.advisor, recommendation=found)
    return found


@pytest.fixture
def colleague(firm: Any) -> User:
    """Another advisor of the same team: sees the same book."""
    office = firm.advisor.office
    team = Team.objects.create(name="Both", office=office)
    User.objects.filter(pk=firm.advisor.pk).update(team=team)
    return User.objects.create_user(
        email="mate@firm.example", password="correct horse battery", role="advisor", office=office, team=team
    )


def keep(firm: Any, row: Recommendation, name: str = "Below the SMA", **changes: Any) -> Scenario:
    steps = [Step(fact, value) for fact, value in (changes or {"account_value": 200_000.0}).items()]
    return scenarios.save_scenario(by=firm.advisor, recommendation=row, name=name, steps=steps)


def test_keeping_what_the_page_shows(firm: Any, row: Recommendation) -> None:
    client = client_of(firm.advisor)
    address = reverse("recommendations:scenario_save", args=[row.pk])
    fields = opened(client, row) | {"account_value": "200,000", "name": "  Below   the SMA "}
    answer = client.post(address, fields)
    assert answer["Location"].endswith(f"/recommendations/{row.pk}/#scenarios")
    kept = Scenario.objects.get()
    assert (kept.name, kept.changes, kept.by, kept.recommendation_id) == (
        "Below the SMA",
        [["account_value", 200_000.0]],
        firm.advisor,
        row.pk,
    )
    text = page_of(client, row)
    kept_when = r"Below the SMA Advisor Tester, \w{3} \d+, \d{4}, [\d:]+ [AP]M Account value: \$200,000"
    assert re.search(kept_when, text)


def test_a_scenario_opens_as_it_was_kept(firm: Any, row: Recommendation) -> None:
    kept = keep(firm, row, account_value=1_000_000.0, cash_share=0.95)
    client = client_of(firm.compliance)
    html = client.get(
        reverse("recommendations:what_if", args=[row.pk]), {"scenario": kept.pk}
    ).content.decode()
    fields = fields_of(html)
    assert (fields["account_value"], fields["cash_share"]) == ("1,000,000", "95")
    assert json.loads(fields["steps"]) == kept.changes
    assert "The outcome would be Either, not SMA." in words_of(html)


@pytest.mark.parametrize(
    ("name", "changed", "words"),
    [
        ("", "1m", "A scenario needs a name."),
        ("x" * 81, "1m", "A name has at most 80 letters."),
        ("Taken", "1m", "has a scenario named Taken already"),
        ("New", "2,000,000", "Nothing is changed yet"),
    ],
)
def test_what_cannot_be_kept_is_told_beside_the_name(
    firm: Any, row: Recommendation, name: str, changed: str, words: str
) -> None:
    keep(firm, row, "Taken")
    client = client_of(firm.advisor)
    address = reverse("recommendations:scenario_save", args=[row.pk])
    answer = client.post(address, opened(client, row) | {"account_value": changed, "name": name})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in words_of(html)
    assert 'href="#what-if-name"' in html
    assert "<title>Error: " in html
    if changed == "1m":  # what was set is not lost
        assert fields_of(html)["account_value"] == "1,000,000"
    assert Scenario.objects.count() == 1


def test_a_refused_value_is_not_kept(firm: Any, row: Recommendation) -> None:
    client = client_of(firm.advisor)
    fields = opened(client, row) | {"account_value": "a lot", "name": "Mine"}
    answer = client.post(reverse("recommendations:scenario_save", args=[row.pk]), fields)
    assert answer.status_code == 422
    assert "is not an amount" in answer.content.decode()
    assert not Scenario.objects.exists()


def test_its_author_renames_and_deletes_it(firm: Any, row: Recommendation) -> None:
    kept, client = keep(firm, row), client_of(firm.advisor)
    renamed = client.post(reverse("recommendations:scenario_rename", args=[kept.pk]), {"name": "Tiny"})
    kept.refresh_from_db()
    assert (renamed.status_code, kept.name) == (302, "Tiny")
    assert client.post(reverse("recommendations:scenario_delete", args=[kept.pk])).status_code == 302
    kept.refresh_from_db()
    assert kept.deleted_at is not None  # off the page, and still there
    assert "Scenario Tiny is deleted." in page_of(client, row)  # said once
    assert "Tiny" not in page_of(client, row)
    for name in ("scenario_rename", "scenario_delete"):
        assert client.post(reverse(f"recommendations:{name}", args=[kept.pk])).status_code == 404
    keep(firm, row, "Tiny")  # its name is free again


def test_a_name_that_was_changed_stays_in_the_household_s_history(firm: Any, row: Recommendation) -> None:
    kept, client = keep(firm, row), client_of(firm.advisor)
    household = row.household
    before = household.revision
    address = reverse("recommendations:scenario_rename", args=[kept.pk])
    client.post(address, {"name": "Tiny"})
    assert "The scenario is named Tiny." in page_of(client, row)
    for name in ("Tiny", ""):  # named the same, and refused: nothing to tell
        client.post(address, {"name": name})
    (change,) = Change.objects.filter(entity="scenario")
    assert (change.entity_id, change.field, change.old, change.new, change.by) == (
        str(kept.pk), "name", "Below the SMA", "Tiny", firm.advisor,
    )  # fmt: skip
    household.refresh_from_db()
    assert household.revision == before  # the recommendation is not stale for it
    history = client.get(reverse("households:household", args=[household.pk])).content.decode()
    assert "Scenario changed" in history
    assert "Name: Below the SMA → Tiny" in words_of(history)


def test_a_refused_name_is_told_at_its_field(firm: Any, row: Recommendation) -> None:
    kept = keep(firm, row)
    keep(firm, row, "Taken")
    answer = client_of(firm.advisor).post(
        reverse("recommendations:scenario_rename", args=[kept.pk]), {"name": "Taken"}
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    place = html[html.index(f'id="rename-error-{kept.pk}"') :]
    assert "has a scenario named Taken already" in words_of(place[:600])


def test_a_colleague_sees_it_and_leaves_it_alone(firm: Any, row: Recommendation, colleague: User) -> None:
    kept, client = keep(firm, row), client_of(colleague)
    html = client.get(reverse("recommendations:recommendation", args=[row.pk])).content.decode()
    assert kept.name in html
    for name in ("scenario_rename", "scenario_delete"):
        address = reverse(f"recommendations:{name}", args=[kept.pk])
        assert address not in html
        assert client.post(address, {"name": "Mine"}).status_code == 403
    kept.refresh_from_db()
    assert (kept.name, kept.deleted_at) == ("Below the SMA", None)


def test_strangers_and_readers(firm: Any, row: Recommendation) -> None:
    kept = keep(firm, row)
    for name in ("scenario_rename", "scenario_delete"):
        address = reverse(f"recommendations:{name}", args=[kept.pk])
        assert client_of(firm.stranger).post(address).status_code == 404
        for user in (firm.compliance, firm.supervisor, firm.operations, firm.examiner):
            assert client_of(user).post(address).status_code == 403
    save = reverse("recommendations:scenario_save", args=[row.pk])
    assert client_of(firm.stranger).post(save).status_code == 404
    assert client_of(firm.compliance).post(save).status_code == 403
    compare = reverse("recommendations:compare", args=[row.pk])
    assert client_of(firm.stranger).get(compare, {"scenario": kept.pk}).status_code == 404
    assert client_of(firm.examiner).get(compare, {"scenario": kept.pk}).status_code == 200


# --- side by side ---------------------------------------------------------------------------------------


def test_scenarios_stand_beside_the_record(firm: Any, row: Recommendation) -> None:
    """$200,000 is open to the UMA alone; 95% in cash leaves too little stock for the SMA to be ahead."""
    small, cash = keep(firm, row), keep(firm, row, "More cash", cash_share=0.95)
    answer = client_of(firm.compliance).get(
        reverse("recommendations:compare", args=[row.pk]), {"scenario": [small.pk, cash.pk]}
    )
    html = answer.content.decode()
    text = words_of(html)
    assert answer.status_code == 200
    outcome = text[text.index("Outcome SMA") : text.index("Net fit")]
    assert outcome.split() == ["Outcome", "SMA", "UMA", "Either"]
    assert "Account value $2,000,000 $200,000 $2,000,000" in text
    assert "Cash 0% 0% 95%" in text
    assert "Individual stocks 100% 100% 5%" in text  # what moved along
    assert "not open" in text
    # By a mark that is read out, not by color alone: on each cell that differs.
    row_of_cash = html[html.index(">Cash<") : html.index(">Individual stocks<")]
    assert row_of_cash.count("differs from the record") == 1


def test_no_more_than_three(firm: Any, row: Recommendation) -> None:
    kept = [keep(firm, row, f"Number {number}", sleeves_wanted=number) for number in (2, 3, 4, 5)]
    client, address = client_of(firm.advisor), reverse("recommendations:compare", args=[row.pk])
    answer = client.get(address, {"scenario": [scenario.pk for scenario in kept]})
    assert answer.status_code == 422
    assert "At most 3 scenarios fit beside the record." in words_of(answer.content.decode())
    assert client.get(address, {"scenario": [kept[0].pk, uuid.uuid4()]}).status_code == 404
    for asked in ({}, {"scenario": "nonsense"}):
        answer = client.get(address, asked)
        assert answer.status_code == 200
        assert "No scenario is chosen" in answer.content.decode()


def test_comparing_asks_the_same_number_of_queries_for_one_and_for_three(
    firm: Any, row: Recommendation, django_assert_max_num_queries: Any
) -> None:
    kept = [keep(firm, row, f"Number {number}", sleeves_wanted=number) for number in (2, 3, 4)]
    client, address = client_of(firm.advisor), reverse("recommendations:compare", args=[row.pk])

    def cost(chosen: list[Scenario]) -> int:
        with django_assert_max_num_queries(8) as found:
            client.get(address, {"scenario": [scenario.pk for scenario in chosen]})
        return len(found)

    cost(kept[:1])
    assert cost(kept[:1]) == cost(kept)


def test_changes_that_no_longer_go_with_the_record_are_said(firm: Any, row: Recommendation) -> None:
    kept = keep(firm, row)
    Scenario.objects.filter(pk=kept.pk).update(changes=[["account_value", "much"]])
    client = client_of(firm.advisor)
    answer = client.get(reverse("recommendations:compare", args=[row.pk]), {"scenario": kept.pk})
    assert "does not go with this record any more" in answer.content.decode()
    opened_again = client.get(reverse("recommendations:what_if", args=[row.pk]), {"scenario": kept.pk})
    assert opened_again.status_code == 409


def test_the_record_knows_nothing_of_them(firm: Any, row: Recommendation) -> None:
    before = (row.row_hash, row.documents.get().content_sha256)
    keep(firm, row)
    row.refresh_from_db()
    assert (row.row_hash, row.documents.get().content_sha256) == before
    assert services.seal_for_export(by=firm.compliance, recommendation=row).content_sha256 == before[1]


def test_two_who_choose_one_name_at_once(firm: Any, row: Recommendation) -> None:
    keep(firm, row, "Same")
    with pytest.raises(DomainError, match="already"):
        keep(firm, row, "Same")
    assert Scenario.objects.count() == 1  # and the transaction goes on
