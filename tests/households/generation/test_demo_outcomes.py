"""What the demo firm is for: every outcome, and every way of coming to one, can be shown with it.

Counts are generous, so that the policy may be tuned; a demo without one of these would be no demo.
"""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from advisory.recommendations.columns import FactRows, core_columns, stored_facts
from households.facts import read_facts, tax_members
from households.generation.cast import CAST
from households.generation.draw import DEMO_SEED
from households.generation.loading import load_demo
from households.models import AccountFacts, Household
from households.models.facts import FACT_NAMES
from implementation.rules.engine import DECIDED_BY, OUTCOMES, Evaluation, evaluate
from implementation.rules.household.plan import Member, household_plan
from implementation.rules.policy import Policy
from implementation.rules.shelf import Shelf
from tests.households.generation.conftest import AS_OF

DATA = Path(settings.BASE_DIR) / "implementation" / "data"
SHELF, POLICY = Shelf.load(DATA / "house_shelf.yaml"), Policy.load(DATA / "house_policy.yaml")
Found = tuple[Evaluation, list[str], list[int]]


@pytest.fixture
def found(db: None) -> Found:
    """The evaluation, and by account its registration and the number of its household."""
    load_demo(as_of=AS_OF)
    facts = AccountFacts.objects.order_by("account_id")
    columns = core_columns(stored_facts(list(facts.values_list(*FACT_NAMES))))
    evaluation = evaluate(columns, SHELF, POLICY, AS_OF)
    homes = list(facts.values_list("account__household_id", flat=True))
    numbers = {key: number for number, key in enumerate(sorted(set(homes)))}
    registrations = list(facts.values_list("registration", flat=True))
    return evaluation, [r or "" for r in registrations], [numbers[key] for key in homes]


def test_every_outcome_and_every_way_of_deciding(found: Found) -> None:
    evaluation, _, _ = found
    outcomes = Counter(OUTCOMES[code] for code in evaluation.outcome.tolist())
    assert {name for name, count in outcomes.items() if count >= 4} == set(OUTCOMES)
    assert {DECIDED_BY[code] for code in evaluation.decided_by.tolist()} == set(DECIDED_BY)
    assert evaluation.conflict.any()
    assert evaluation.fragile.any()
    assert evaluation.provisional.any()


def _outcome(found: Found, shows: str, registration: str) -> set[tuple[str, str]]:
    """Outcome and what decided it, of the accounts of one role in one registration."""
    evaluation, registrations, homes = found
    (role,) = [number for number, role in enumerate(CAST) if role.shows.startswith(shows)]
    rows = [r for r, home in enumerate(homes) if home == role and registrations[r] == registration]
    return {(OUTCOMES[evaluation.outcome[row]], DECIDED_BY[evaluation.decided_by[row]]) for row in rows}


@pytest.mark.parametrize(
    ("shows", "registration", "expected"),
    [
        ("concentrated appreciated stock", "joint", {("SMA", "net_fit")}),
        ("one tax unit, many taxable accounts", "joint", {("UMA", "net_fit")}),
        ("stock pledged for a loan", "individual", {("SMA", "eligibility")}),
        ("below one structure's minimum", "individual", {("UMA", "eligibility")}),
        ("below every minimum", "individual", {("NEITHER", "eligibility")}),
        ("a Roth IRA mostly in cash", "roth_ira", {("NEITHER", "need")}),
        ("an intake not yet begun", "joint", {("INDETERMINATE", "missing_facts")}),
        ("ordinary in everything", "individual", {("EITHER", "net_fit")}),
    ],
)
def test_roles_show_what_they_are_there_for(
    found: Found, shows: str, registration: str, expected: set[tuple[str, str]]
) -> None:
    assert _outcome(found, shows, registration) == expected


def test_the_insider_is_not_pushed_to_sell(found: Found) -> None:
    evaluation, registrations, homes = found
    role = next(n for n, role in enumerate(CAST) if role.shows.startswith("an insider"))
    (row,) = [r for r, home in enumerate(homes) if home == role and registrations[r] == "joint"]
    assert evaluation.contributions["funding"][row] < 5  # points of at most 30
    assert not np.isnan(evaluation.net_fit[row])


@pytest.mark.parametrize("seed", [DEMO_SEED, 7])
def test_one_household_s_plan_departs_from_an_account_s_own_answer(db: None, seed: int) -> None:
    load_demo(as_of=AS_OF, seed=seed)
    role = next(n for n, role in enumerate(CAST) if "needs its company" in role.shows)
    home = Household.objects.get(external_id=f"CRM-{seed}-0000-{role:04d}")
    read = read_facts(household_ids=[home.pk])
    facts = FactRows.of(read)
    accounts = home.accounts.in_bulk()
    units = [accounts[key].tax_unit_id for key in facts.account_ids]
    members = [Member(*member) for member in tax_members(read, units)]
    names = [accounts[key].name for key in facts.account_ids]
    plan = household_plan(core_columns(facts.facts), members, names, SHELF, POLICY, AS_OF)
    joint, trust = sorted(plan.placements, key=lambda placement: placement.value or 0)
    assert (joint.own, joint.structure, joint.relation) == ("SMA", "UMA", "differs")
    assert (trust.structure, trust.company) == ("UMA", joint.company)
    assert "over the household that weighs more" in joint.why
