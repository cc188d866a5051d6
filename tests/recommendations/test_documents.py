"""The sealed document: complete, canonical, without a client's name, and the same when derived again."""

import hashlib
import json
from typing import Any

import pytest

from advisory.recommendations import services
from advisory.recommendations.documents import document_of, explanation_of
from advisory.recommendations.models import Recommendation, SealedDocument
from households.foundation.errors import DomainError
from households.models.facts import FACT_NAMES
from implementation.rules.engine import ENGINE
from tests.recommendations.conftest import case_facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def recommendation(firm: Any, publish: Any) -> Recommendation:
    (done,) = publish({firm.account: 3})
    return Recommendation.objects.get(pk=done.recommendation_id)


def test_presenting_seals_the_document_once(firm: Any, recommendation: Recommendation) -> None:
    sealed = services.present(by=firm.advisor, recommendation=recommendation)
    again = services.present(by=firm.advisor, recommendation=recommendation)
    assert again.pk == sealed.pk
    assert SealedDocument.objects.count() == 1
    assert sealed.content_sha256 == hashlib.sha256(sealed.document.encode()).hexdigest()
    assert (sealed.occasion, sealed.seq, sealed.sealed_by_id) == ("presented", 1, firm.advisor.pk)
    recommendation = Recommendation.objects.get()
    assert recommendation.status.state == "presented"


def test_what_is_derived_again_equals_what_was_sealed(firm: Any, recommendation: Recommendation) -> None:
    derived = explanation_of(recommendation)
    sealed = services.present(by=firm.advisor, recommendation=recommendation)
    fresh = Recommendation.objects.get()
    assert json.loads(sealed.document) == derived == document_of(fresh) == explanation_of(fresh)


def test_the_document_answers_what_an_examiner_asks(firm: Any, recommendation: Recommendation) -> None:
    found = json.loads(services.present(by=firm.advisor, recommendation=recommendation).document)
    assert found["recommendation"]["id"] == str(recommendation.pk)
    assert found["recommendation"]["row_hash"] == recommendation.row_hash
    assert found["people"] == {
        "advisor_id": str(firm.advisor.pk),
        "advisor": "Advisor Tester",
        "office": "East",
        "supervisor": "Supervisor Tester",
        "requested_by_id": str(firm.advisor.pk),
    }
    inputs = {entry["name"]: entry for entry in found["inputs"]}
    assert list(inputs) == list(FACT_NAMES)
    assert inputs["account_value"] == {
        "name": "account_value", "value": "2000000.00", "unit": "USD", "source": "typed",
        "source_date": "2026-11-02", "quality": "stated",
    }  # fmt: skip
    assert inputs["cash_share"]["source_date"] == "2026-11-20"
    assert inputs["largest_position_share"]["value"] == "0.7"
    assert found["logic"]["policy"]["sha256"] == recommendation.policy_sha256
    assert found["logic"]["engine"] == ENGINE
    assert found["result"]["outcome"] == "SMA"
    assert [entry["alternative"] for entry in found["alternatives"]] == ["SMA", "UMA", "stay", "ETF"]
    uma = found["alternatives"][1]
    assert uma["why_not"] == found["result"]["why_not"]
    assert found["alternatives"][0]["why_not"] is None


def test_the_document_holds_no_client_name(firm: Any, recommendation: Recommendation) -> None:
    text = services.present(by=firm.advisor, recommendation=recommendation).document
    for name in (firm.household.name, firm.account.name, "Pat Example", firm.account.number_ending):
        assert name not in text


def test_later_edits_change_nothing_old(firm: Any, recommendation: Recommendation) -> None:
    before = explanation_of(recommendation)
    firm.advisor.first_name = "Renamed"
    firm.advisor.save()
    firm.account.registration = "estate"
    firm.account.save()
    assert explanation_of(Recommendation.objects.get()) == before


def test_unknown_facts_stay_unknown_in_the_document(firm: Any, publish: Any) -> None:
    (done,) = publish({firm.account: case_facts(11)})
    found = explanation_of(Recommendation.objects.get(pk=done.recommendation_id))
    inputs = {entry["name"]: entry for entry in found["inputs"]}
    assert (inputs["largest_position_share"]["value"], inputs["largest_position_share"]["source"]) == (
        None,
        "missing",
    )


def test_a_record_of_another_engine_is_never_made_up(firm: Any, publish: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("advisory.recommendations.publishing.ENGINE", ENGINE + 1)
    monkeypatch.setitem(services.publish_evaluations.__globals__["_CONSTANTS"], "engine", ENGINE + 1)
    (done,) = publish({firm.account: 3})
    with pytest.raises(DomainError, match="another version") as refused:
        explanation_of(Recommendation.objects.get(pk=done.recommendation_id))
    assert refused.value.status == 409


def test_only_the_newest_is_presented(firm: Any, publish: Any, recommendation: Recommendation) -> None:
    publish({firm.account: 1})
    with pytest.raises(DomainError, match="newer evaluation") as refused:
        services.present(by=firm.advisor, recommendation=recommendation)
    assert refused.value.status == 409


def test_an_export_seals_what_nobody_has_looked_at(firm: Any, recommendation: Recommendation) -> None:
    sealed = services.seal_for_export(by=firm.compliance, recommendation=recommendation)
    assert sealed.occasion == "exported"
    assert services.seal_for_export(by=firm.compliance, recommendation=recommendation).pk == sealed.pk
    presented = services.present(by=firm.advisor, recommendation=recommendation)
    assert (presented.seq, presented.prev_hash) == (2, sealed.row_hash)
    assert presented.document == sealed.document


def test_rules_that_contradict_the_record_are_not_sealed(
    firm: Any, recommendation: Recommendation, monkeypatch: Any
) -> None:
    document = document_of(recommendation)
    document["result"]["net_fit"] += 1
    monkeypatch.setattr(services, "document_of", lambda row: document)
    with pytest.raises(DomainError, match="not sealed") as refused:
        services.present(by=firm.advisor, recommendation=recommendation)
    assert refused.value.status == 409
    assert not SealedDocument.objects.exists()
