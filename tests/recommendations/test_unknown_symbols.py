"""A recommendation that misses a fact for an unknown symbol asks for the symbol."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from advisory.recommendations.services import evaluate_account
from households.models import Position
from implementation.services import publish_shipped


@pytest.mark.django_db
def test_the_recommendation_asks_what_the_symbol_is(firm: Any) -> None:
    publish_shipped(as_of=timezone.localdate())
    today = timezone.localdate()
    for symbol, asset_class, cents in (("ABCX", "unknown", 40_000_000), ("KO", "stock", 20_000_000)):
        Position.objects.create(
            account=firm.account, symbol=symbol, asset_class=asset_class, market_value=cents, as_of=today
        )
    made = evaluate_account(by=firm.advisor, account=firm.account)
    client = Client()
    client.force_login(firm.advisor)
    page = client.get(f"/recommendations/{made.recommendation_id}/").content.decode()
    assert "What is ABCX? Fund or stock, and of which issuer?" in " ".join(page.split())
    assert "/securities/propose/?symbol=ABCX" in page
