"""Every answer that other facts exclude is flagged, whichever rule makes it unknown."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from households.facts import rebuild_facts
from households.facts.consistency import DROPPABLE
from households.models import Account, AccountFacts, Intake
from households.quality import having
from tests.firm import Firm

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("stated", "dropped"),
    [
        ({"restricted_share": 0.5, "legacy_retention_share": 0.6}, "legacy_retention_share"),
        ({"restricted_share": 0.5, "restriction_reason": "none"}, "restriction_reason"),
        ({"stock_share": 0.2, "bond_share": 0.1, "largest_position_share": 0.5}, "largest_position_share"),
        ({"stock_share": 0.2, "stock_gain_share": 0.3}, "stock_gain_share"),
        ({"restricted_share": 0.5, "legacy_retention_share": 0.5}, None),
    ],
)
def test_a_dropped_answer_is_flagged(firm: Firm, stated: dict[str, Any], dropped: str | None) -> None:
    day = (timezone.localdate() - timedelta(days=1)).isoformat()
    entry = {"source": "typed", "date": day, "by": "", "quality": "stated"}
    provenance = dict.fromkeys(stated, entry)
    Intake.objects.update_or_create(account=firm.account, defaults={**stated, "provenance": provenance})
    rebuild_facts([firm.household.pk])
    facts = AccountFacts.objects.get(account=firm.account)
    assert [name for name in stated if getattr(facts, name) is None] == ([dropped] if dropped else [])
    found = having(Account.objects.filter(pk=firm.account.pk), "excluded").exists()
    assert found is (dropped is not None)


def test_the_names_are_those_of_the_rules() -> None:
    assert set(DROPPABLE) >= {
        "account_value", "direct_index_value", "legacy_retention_share", "restricted_share",
        "restriction_reason", "largest_position_share", "stock_share", "cash_share",
    }  # fmt: skip
    assert "sector_tilts" not in DROPPABLE
