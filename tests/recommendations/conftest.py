"""The worked cases as stored facts of the firm's accounts, and a way to publish them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisory.recommendations import services
from advisory.recommendations.columns import core_columns, stored_columns
from advisory.recommendations.models import Recommendation
from advisory.recommendations.publishing import FactRows, Published, publish_evaluations
from households.models import Account
from implementation.rules.engine import evaluate
from implementation.rules.facts import account_from_json, columns_of
from implementation.selectors import policy_in_force, shelf_in_force
from implementation.services import publish_shipped

AS_OF = date(2026, 11, 20)
BUILT = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
CASES = yaml.safe_load((Path(__file__).parents[1] / "rules/golden/cases.yaml").read_text())


def case_facts(number: int, **changes: Any) -> dict[str, Any]:
    """The facts of a worked case as JSON holds them."""
    case = next(case for case in CASES["cases"] if case["id"] == number)
    like = next((other["set"] for other in CASES["cases"] if other["id"] == case.get("like")), {})
    return CASES["base"] | like | case.get("set", {}) | changes


def fact_rows(accounts: list[Account], facts: list[dict[str, Any]], revision: int = 1) -> FactRows:
    """Stored facts of accounts, as households offers them."""
    columns = stored_columns(columns_of([account_from_json(given) for given in facts]))
    return FactRows(
        account_ids=[account.pk for account in accounts],
        household_ids=[account.household_id for account in accounts],
        revisions=[revision] * len(accounts),
        built_at=[BUILT] * len(accounts),
        provenance=["typed 2026-11-02 stated 0-3;imported 2026-11-20 complete 12-16"] * len(accounts),
        facts=columns,
    )


@pytest.fixture
def rules(db: None) -> None:
    """Policy and shelves as the product ships them, published."""
    publish_shipped(as_of=AS_OF)


@pytest.fixture
def publish(firm: Any, rules: None) -> Callable[..., list[Published]]:
    """Publish worked cases: ``publish({account: 3})``, or facts: ``publish({account: case_facts(3)})``."""

    def act(cases: dict[Account, int | dict[str, Any]], **extra: Any) -> list[Published]:
        given = [case_facts(case) if isinstance(case, int) else case for case in cases.values()]
        facts = fact_rows(list(cases), given)
        policy, shelf = policy_in_force(AS_OF), shelf_in_force(AS_OF)
        evaluation = evaluate(core_columns(facts.facts), shelf, policy, AS_OF)
        options = {"trigger": Recommendation.Trigger.ADVISOR, "by": firm.advisor} | extra
        return publish_evaluations(
            facts=facts, evaluation=evaluation, shelf=shelf, policy=policy, as_of=AS_OF, **options
        )

    return act


@pytest.fixture
def present(firm: Any, publish: Any) -> Any:
    """Publish and present a worked case, or facts."""

    def act(case: int | dict[str, Any]) -> Recommendation:
        (done,) = publish({firm.account: case})
        row = Recommendation.objects.get(pk=done.recommendation_id)
        services.present(by=firm.advisor, recommendation=row)
        return row

    return act


@pytest.fixture
def rows(firm: Any, publish: Any) -> dict[int, Recommendation]:
    """Cases 6 and then 3 for the advisor's account, both presented when they were new."""
    found = {}
    for case in (6, 3):
        (done,) = publish({firm.account: case})
        found[case] = Recommendation.objects.get(pk=done.recommendation_id)
        services.present(by=firm.advisor, recommendation=found[case])
    return found
