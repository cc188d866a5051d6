"""The page of a recommendation says what the dearer structure has to earn, and what limits that here."""

from typing import Any

import pytest
from django.test import Client

from advisory.recommendations.models import Recommendation
from tests.recommendations.test_pages import page_of

pytestmark = pytest.mark.django_db


def test_the_limits_of_what_it_can_earn_stand_beside_it(firm: Any, publish: Any) -> None:
    """$2m cost 1,750 + 4,500 + 200 in the house SMA, 625 + 1,500 + 1,200 + 3,000 in the UMA: $125 less."""
    (done,) = publish({firm.account: 3})
    client = Client()
    client.force_login(firm.advisor)
    said = page_of(client, Recommendation.objects.get(pk=done.recommendation_id))
    assert "The SMA costs $125 more a year, which is 0.6 bps of the $2,000,000" in said
    assert "Harvesting fades to about nothing in 5 years without short-term gains or new money" in said
    assert "$200,000 of usable gains" in said
    assert "the tax comes back when the holdings are sold" in said
