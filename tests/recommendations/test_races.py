"""Two who publish or decide at once, in real threads on PostgreSQL; SQLite lets one writer in at a time."""

from collections.abc import Callable
from typing import Any

import pytest

from advisory.recommendations import services
from advisory.recommendations.models import Decision, Recommendation
from advisory.recommendations.verification import broken_rows
from households.foundation.errors import DomainError
from tests.recommendations.conftest import case_facts
from tests.recommendations.test_decisions import GOOD, RATIONALE
from tests.threads import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql"),  # writers in parallel
]
PUBLISHERS = 6


def test_publishers_of_the_same_accounts_form_one_chain_each(firm: Any, publish: Any) -> None:
    """Each tells both accounts something else, in an order of its own: nobody waits in a circle."""
    pair = [firm.account, firm.others_account]

    def publisher(number: int) -> Callable[[], Any]:
        ordered = pair if number % 2 else pair[::-1]
        return lambda: publish({account: case_facts(3, lot_count=number + 1) for account in ordered})

    found = at_once([publisher(number) for number in range(PUBLISHERS)])
    assert [len(done) for done in found] == [2] * PUBLISHERS, found
    for account in pair:
        seqs = Recommendation.objects.filter(account=account).order_by("seq").values_list("seq", flat=True)
        assert list(seqs) == list(range(1, PUBLISHERS + 1))
    assert broken_rows() == []


def test_publishers_of_the_same_answer_leave_one_row(firm: Any, publish: Any) -> None:
    found = at_once([lambda: publish({firm.account: 3}) for _ in range(PUBLISHERS)])
    kinds = sorted(done[0].kind for done in found)
    assert kinds == ["changed"] + ["unchanged"] * (PUBLISHERS - 1)
    assert Recommendation.objects.count() == 1


def test_of_two_who_decide_at_once_one_is_told(firm: Any, publish: Any) -> None:
    publish({firm.account: 3})
    row = Recommendation.objects.get()
    services.present(by=firm.advisor, recommendation=row)

    def decide(**changes: Any) -> Callable[[], Decision]:
        return lambda: services.decide(by=firm.advisor, recommendation=row, **(GOOD | changes))

    other = {"kind": "overridden", "chosen": "UMA", "reason_codes": ["lower_cost"]}
    found = at_once([decide(), decide(**other, rationale=f"{RATIONALE} Yet it is dearer.")])
    assert Decision.objects.count() == 1
    (refused,) = [item for item in found if isinstance(item, DomainError)]
    assert refused.status == 409


def test_of_two_who_present_at_once_both_see_one_document(firm: Any, publish: Any) -> None:
    publish({firm.account: 3})
    row = Recommendation.objects.get()
    found = at_once([lambda: services.present(by=firm.advisor, recommendation=row) for _ in range(4)])
    assert len({sealed.pk for sealed in found}) == 1, found
