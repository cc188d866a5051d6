"""The whole demo book: facts of one account equal those of the bulk path, bit for bit, written and read."""

from typing import Any

import pytest

from households.facts import read_facts, rebuild_facts
from households.generation.loading import load_demo
from households.models import AccountFacts, Household
from tests.households.generation.conftest import AS_OF

pytestmark = pytest.mark.django_db


def rows_of(columns: dict[str, list[Any]]) -> dict[Any, dict[str, Any]]:
    """Facts by account id, without the moment they were built."""
    names = [name for name in columns if name != "built_at"]
    return {
        key: {name: columns[name][row] for name in names} for row, key in enumerate(columns["account_id"])
    }


def test_one_by_one_equals_at_once() -> None:
    load_demo(as_of=AS_OF)
    households = list(Household.objects.values_list("pk", flat=True))
    accounts = rebuild_facts(households, as_of=AS_OF)
    at_once = rows_of(read_facts(household_ids=households))
    assert len(at_once) == accounts > 100
    AccountFacts.objects.all().delete()
    for household in households:
        rebuild_facts([household], as_of=AS_OF)
    one_by_one: dict[Any, dict[str, Any]] = {}
    for account in at_once:
        one_by_one |= rows_of(read_facts(account_ids=[account]))
    assert one_by_one == at_once
