"""Whether a recommendation still rests on what is true now; found by comparing, never by signal."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from advisory.recommendations.hashing import fact_blocks, inputs_hashes
from advisory.recommendations.models import Recommendation
from households.facts import read_facts
from households.foundation.databases import among
from households.models import Household
from households.models.facts import FACT_NAMES
from implementation.rules.engine import ENGINE
from implementation.selectors import policy_version_in_force, shelf_version_in_force

FACTS, RULES, MAYBE = "facts", "rules", "maybe"


def changed_since(recommendations: Sequence[Recommendation], today: date) -> dict[UUID, str]:
    """Recommendation id -> what has changed since it was made, for those where something has.

    ``facts``: a fact differs; ``rules``: policy, shelf or engine do; ``maybe``: the household was edited and
    its facts have not been built again. A fixed number of queries for any number of recommendations.
    """
    if not recommendations:
        return {}
    facts = read_facts(account_ids=[row.account_id for row in recommendations])
    place = {account: number for number, account in enumerate(facts["account_id"])}
    revisions = dict(
        among(Household.objects.all(), "id", set(facts["household_id"]))
        .order_by()
        .values_list("id", "revision")
    )
    rules = (policy_version_in_force(today).sha256, shelf_version_in_force(today).sha256, ENGINE)
    found: dict[UUID, str] = {}
    for row in recommendations:
        number = place.get(row.account_id)
        if (row.policy_sha256, row.shelf_sha256, row.engine) != rules:
            found[row.pk] = RULES
        elif number is None:
            continue
        elif _hash_now(row, [[facts[name][number]] for name in FACT_NAMES]) != row.inputs_hash:
            found[row.pk] = FACTS
        elif facts["revision"][number] < revisions[facts["household_id"][number]]:
            found[row.pk] = MAYBE
    return found


def _hash_now(row: Recommendation, facts: list[list[object]]) -> str:
    return inputs_hashes(
        fact_blocks(facts), policy_sha256=row.policy_sha256, shelf_sha256=row.shelf_sha256, engine=row.engine
    )[0]
