"""The API's evaluation: the same answer as on the terminal, for those who may ask."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.models import ApiToken
from households.tokens import issue_token
from implementation.services import publish_shipped

pytestmark = pytest.mark.django_db
URL = "/api/v1/evaluations/"
CASES = Path(__file__).parents[1] / "rules" / "golden" / "cases.yaml"
BASE = yaml.safe_load(CASES.read_text())["base"]
EIGHTY_THOUSAND_IN_CASH = BASE | dict.fromkeys(
    ("account_value", "direct_index_value", "household_value"), 80_000
)


@pytest.fixture
def token(firm: Any) -> str:
    publish_shipped(as_of=date.today())
    return issue_token(user=firm.advisor, name="test")


def _post(token: str, body: Any) -> Any:
    headers = {"Authorization": f"Token {token}"}
    return Client().post(URL, body, content_type="application/json", headers=headers)


def test_an_account_is_evaluated_and_nothing_is_stored(token: str) -> None:
    answer = _post(token, {"accounts": [EIGHTY_THOUSAND_IN_CASH]})
    assert answer.status_code == 200
    (result,) = answer.json()["results"]
    # $80,000 is $170,000 short of the house SMA's $250,000 and above the UMA's $50,000 (worked case 1).
    gaps = [t["gap"] for t in result["eligibility"] if t["verdict"] == "fail" and t["structure"] == "SMA"]
    assert 170000 in gaps
    assert result["decided_by"] == "eligibility"
    assert result["outcome"] == "UMA"


def test_the_published_shelf_can_be_asked_for(token: str) -> None:
    answer = _post(token, {"accounts": [EIGHTY_THOUSAND_IN_CASH], "shelf": "published"})
    assert answer.json()["shelf"]["sha256"] != ""
    programs = {row["program"] for row in answer.json()["results"][0]["cost"]}
    assert len(programs) > 4


def test_an_unreadable_account_carries_its_error_and_the_others_are_answered(token: str) -> None:
    bad = EIGHTY_THOUSAND_IN_CASH | {"cash_share": 1.5}
    answer = _post(token, {"accounts": [bad, EIGHTY_THOUSAND_IN_CASH]})
    first, second = answer.json()["results"]
    assert first["error"]["fact"] == "cash_share"
    assert first["error"]["remedy"]
    assert second["outcome"] == "UMA"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "accounts"),
        ({"accounts": []}, "accounts"),
        ({"accounts": "all"}, "accounts"),
        ({"accounts": [{}], "as_of": "yesterday"}, "as_of"),
        ({"accounts": [{}], "account": 1}, "account"),
    ],
)
def test_a_bad_request_names_the_field(token: str, body: Any, field: str) -> None:
    answer = _post(token, body)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert field in answer.json()["errors"]


def test_broken_json_is_told(token: str) -> None:
    answer = _post(token, "{")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_an_unknown_shelf_is_told(token: str) -> None:
    answer = _post(token, {"accounts": [EIGHTY_THOUSAND_IN_CASH], "shelf": "attic"})
    assert answer.status_code in (404, 409, 422)
    assert answer.json()["title"]


def test_nobody_unknown_gets_in(token: str) -> None:
    assert _post("wrong", {"accounts": [{}]}).status_code == 401
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert _post(token, {"accounts": [{}]}).status_code == 401


def test_a_token_is_kept_as_a_hash(token: str) -> None:
    assert token not in str(ApiToken.objects.values().get())


def test_the_schema_describes_the_evaluation(firm: Any, client: Client) -> None:
    client.force_login(firm.advisor)
    answer = client.get(reverse("api:schema"), {"format": "json"})
    document = answer.json()
    assert document["openapi"].startswith("3.1")
    assert URL in document["paths"]
