"""What a bulk review read and was frozen with long ago takes no later evaluation's place."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from advisory.recommendations.columns import core_columns
from advisory.recommendations.models import Recommendation
from advisory.recommendations.publishing import OVERTAKEN, Published, publish_evaluations
from implementation.rules.engine import evaluate
from implementation.selectors import policy_in_force, shelf_in_force
from tests.recommendations.conftest import AS_OF, case_facts, fact_rows

pytestmark = pytest.mark.django_db
LATER = AS_OF + timedelta(days=3)


def _publish(firm: Any, case: int, as_of: date, *, revision: int = 1) -> Published:
    facts = replace(fact_rows([firm.account], [case_facts(case)]), revisions=[revision])
    policy, shelf = policy_in_force(AS_OF), shelf_in_force(AS_OF)
    (published,) = publish_evaluations(
        facts=facts,
        evaluation=evaluate(core_columns(facts.facts), shelf, policy, as_of),
        shelf=shelf,
        policy=policy,
        as_of=as_of,
        trigger=Recommendation.Trigger.BULK,
        by=None,
    )
    return published


@pytest.mark.parametrize(
    ("as_of", "revision", "kind", "why"),
    [
        (AS_OF, 1, "unchanged", OVERTAKEN),  # paused on Friday, resumed after Monday's evaluation
        (AS_OF, 2, "changed", None),  # facts that came in since decide, whatever the frozen day
        (LATER, 1, "changed", None),
    ],
)
def test_an_older_day_takes_no_later_evaluations_place(
    firm: Any, rules: None, as_of: date, revision: int, kind: str, why: str | None
) -> None:
    newest = _publish(firm, 4, LATER)
    found = _publish(firm, 3, as_of, revision=revision)
    assert found.kind == kind
    if why:
        assert (found.recommendation_id, found.why) == (newest.recommendation_id, why)
    assert Recommendation.objects.count() == (1 if kind == "unchanged" else 2)
