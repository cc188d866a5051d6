"""Deciding on a recommendation's page, and the record as it stood, through HTTP."""

import hashlib
import json
from typing import Any

import pytest
from django.urls import reverse

from advisory.recommendations import services
from advisory.recommendations.models import Decision, Recommendation
from households.models import ExportRecord
from tests.recommendations.conftest import case_facts
from tests.recommendations.reading import client_of, page_of, words_of
from tests.recommendations.test_decisions import GOOD, RATIONALE

pytestmark = pytest.mark.django_db

FORM = {
    "decision": "accepted:SMA",
    "reasons": ["reasons_apply"],
    "rationale": RATIONALE,
    "alternatives_viewed": ["SMA", "UMA"],
    "cost_acknowledged": "on",
    "conflict_acknowledged": "on",
}


# --- deciding -------------------------------------------------------------------------------------------


def decide_url(row: Recommendation) -> str:
    return reverse("recommendations:decide", args=[row.pk])


def test_accepting_on_the_page(firm: Any, rows: dict[int, Recommendation]) -> None:
    client = client_of(firm.advisor)
    answer = client.post(decide_url(rows[3]), FORM, follow=True)
    decision = Decision.objects.get()
    assert (decision.kind, decision.chosen, decision.reason_codes) == ("accepted", "SMA", ["reasons_apply"])
    text = words_of(answer.content.decode())
    assert "Your decision is recorded" in text
    assert RATIONALE in text
    assert "Record a correction" in text


def test_overriding_takes_no_more_than_another_choice(firm: Any, rows: dict[int, Recommendation]) -> None:
    form = FORM | {"decision": "overridden:UMA", "reasons": ["household_view"]}
    assert client_of(firm.advisor).post(decide_url(rows[3]), form).status_code == 302
    assert Decision.objects.get().kind == "overridden"


@pytest.mark.parametrize(
    ("change", "words", "anchor"),
    [
        ({"decision": ""}, "your decision", "#id_decision_0"),
        ({"decision": "overridden:SMA"}, "Select", "#id_decision_0"),
        ({"reasons": []}, "Choose at least one reason.", "#id_reasons_0"),
        ({"rationale": "Fits."}, "at least 40 characters", "#id_rationale"),
        ({"alternatives_viewed": []}, "at least one beside your choice", "#id_alternatives_viewed_0"),
        ({"cost_acknowledged": ""}, "what each alternative costs", "#id_cost_acknowledged"),
        ({"conflict_acknowledged": ""}, "what the firm and you earn", "#id_conflict_acknowledged"),
    ],
)
def test_what_is_missing_is_told_at_its_field(
    firm: Any, rows: dict[int, Recommendation], change: dict[str, Any], words: str, anchor: str
) -> None:
    answer = client_of(firm.advisor).post(decide_url(rows[3]), FORM | change)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in html
    assert words.lower() in words_of(html).lower()
    assert f'href="{anchor}"' in html
    assert "<title>Error: " in html
    assert not Decision.objects.exists()


def test_all_that_is_missing_is_told_at_once(firm: Any, rows: dict[int, Recommendation]) -> None:
    answer = client_of(firm.advisor).post(decide_url(rows[3]), {"decision": "accepted:SMA"})
    html = answer.content.decode()
    assert answer.status_code == 422
    fields = "reasons_0 rationale alternatives_viewed_0 cost_acknowledged conflict_acknowledged"
    for anchor in fields.split():
        assert f'href="#id_{anchor}"' in html, anchor


def test_the_second_advisor_is_told_plainly(firm: Any, rows: dict[int, Recommendation]) -> None:
    services.decide(by=firm.advisor, recommendation=rows[3], **GOOD)
    answer = client_of(firm.advisor).post(decide_url(rows[3]), FORM | {"rationale": RATIONALE + " Indeed."})
    assert answer.status_code == 409
    assert "Advisor Tester has already recorded: accepted" in answer.content.decode()


def test_a_correction_on_the_page(firm: Any, rows: dict[int, Recommendation]) -> None:
    first = services.decide(by=firm.advisor, recommendation=rows[3], **GOOD)
    form = FORM | {"corrects": str(first.pk), "decision": "declined:stay", "reasons": [],
                   "reasons_declined": ["client_keeps"]}  # fmt: skip
    assert client_of(firm.advisor).post(decide_url(rows[3]), form).status_code == 302
    second = Decision.objects.get(seq=2)
    assert (second.corrects_id, second.kind) == (first.pk, "declined")


# --- as it stood ----------------------------------------------------------------------------------------


def test_compliance_reads_it_as_it_stood(firm: Any, rows: dict[int, Recommendation]) -> None:
    client = client_of(firm.compliance)
    before = page_of(client, rows[3])
    assert "As recorded on" in before
    assert "Record decision" not in before
    assert "Evaluate again" not in before
    assert "funding.concentrated_to_sell_down" in before
    firm.advisor.first_name = "Somebody"
    firm.advisor.last_name = "Else"
    firm.advisor.save()
    firm.account.registration = "estate"
    firm.account.custodian = "pershing"
    firm.account.save()
    assert page_of(client, rows[3]) == before


def test_an_old_record_points_to_the_newest(firm: Any, rows: dict[int, Recommendation]) -> None:
    text = page_of(client_of(firm.advisor), rows[6])
    assert "A newer recommendation has taken this one's place" in text
    assert "Record decision" not in text


def test_the_document_is_what_was_sealed(firm: Any, rows: dict[int, Recommendation]) -> None:
    answer = client_of(firm.compliance).get(reverse("recommendations:document", args=[rows[3].pk]))
    assert answer.status_code == 200
    sealed = rows[3].documents.get()
    assert answer.content.decode() == sealed.document
    assert answer["X-Content-SHA256"] == hashlib.sha256(answer.content).hexdigest() == sealed.content_sha256
    assert json.loads(answer.content)["result"]["outcome"] == "SMA"
    taken = ExportRecord.objects.get()
    assert (taken.by, taken.what, taken.filter) == (
        firm.compliance,
        "recommendation document",
        str(rows[3].pk),
    )


def test_computing_it_again_from_the_page(firm: Any, rows: dict[int, Recommendation]) -> None:
    url = reverse("recommendations:replay", args=[rows[3].pk])
    assert "every value agrees" in client_of(firm.compliance).post(url, follow=True).content.decode()


def test_strangers_find_nothing_and_forbidden_roles_are_refused(
    firm: Any, rows: dict[int, Recommendation]
) -> None:
    stranger, compliance = client_of(firm.stranger), client_of(firm.compliance)
    for name in ("recommendation", "document"):
        assert stranger.get(reverse(f"recommendations:{name}", args=[rows[3].pk])).status_code == 404
    for name in ("present", "decide", "replay"):
        assert stranger.post(reverse(f"recommendations:{name}", args=[rows[3].pk])).status_code == 404
    assert stranger.post(reverse("recommendations:evaluate", args=[firm.account.pk])).status_code == 404
    assert stranger.get(reverse("recommendations:account_status", args=[firm.account.pk])).status_code == 404
    for name in ("present", "decide"):
        assert compliance.post(reverse(f"recommendations:{name}", args=[rows[3].pk])).status_code == 403
    assert compliance.post(reverse("recommendations:evaluate", args=[firm.account.pk])).status_code == 403
    administrator = client_of(firm.administrator)
    assert administrator.get(reverse("recommendations:history")).status_code == 403


def test_the_page_asks_the_same_number_of_queries_however_long_the_history(
    firm: Any, publish: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_of(firm.advisor)

    def cost() -> int:
        row = Recommendation.objects.order_by("-seq").first()
        services.present(by=firm.advisor, recommendation=row)
        with django_assert_max_num_queries(40) as found:
            client.get(reverse("recommendations:recommendation", args=[row.pk]))
        return len(found)

    for lots in range(2):
        publish({firm.account: case_facts(3, lot_count=100 + lots)})
    cost()  # reads the rules into their cache
    short = cost()
    for lots in range(12):
        publish({firm.account: case_facts(3, lot_count=300 + lots)})
    assert cost() == short
