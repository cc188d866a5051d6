"""The household plan against every plan there is: none is worth more, in any order, for any completion."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from implementation.rules.eligibility import standing
from implementation.rules.engine import OUTCOMES, evaluate
from implementation.rules.facts import FACTS, Columns
from implementation.rules.household.choices import own_fit_policy
from implementation.rules.household.plan import Member, household_plan
from tests.rules.books import AS_OF, POLICY, SHELF, book, columns, forget
from tests.rules.household.plans import (
    CASH,
    MANY,
    NAMES,
    NOT_TAXED,
)
from tests.rules.scored import scored

# --- own fit ------------------------------------------------------------------------------------------------


def test_own_fit_leaves_out_what_looks_at_other_accounts_and_nothing_else() -> None:
    # An only account: 16 points for that and for being all of its household's value, at a weight of 0.15
    alone = scored()
    own = evaluate(columns({}), SHELF, own_fit_policy(POLICY), AS_OF)
    assert alone.contributions["context"][0] == pytest.approx(2.4)
    assert own.contributions["context"][0] == 0
    assert own.net_fit[0] == pytest.approx(alone.net_fit[0] - 2.4)
    one = CASH | {"coordination_importance": 4}
    other = CASH | {"household_managed_accounts": 1, "wash_group_overlap_share": 0.9, "platform": "orion"}
    among = evaluate(columns(one), SHELF, own_fit_policy(POLICY), AS_OF)
    without = evaluate(columns(other), SHELF, own_fit_policy(POLICY), AS_OF)
    assert among.net_fit[0] == without.net_fit[0]


def test_the_reduced_policy_is_another_policy_and_made_once() -> None:
    assert own_fit_policy(POLICY) is own_fit_policy(POLICY)
    assert own_fit_policy(POLICY) != POLICY


# --- against every plan there is ----------------------------------------------------------------------------


def worth_of(
    picked: Sequence[int], fits: list[int], cents: list[int], members: Sequence[Member], made: Columns
) -> int:
    """Value x fit, and the credit for two or more of a unit at one custodian that an overlay reaches."""
    total = 0
    places: list[Any] = []
    for row, index in enumerate(picked):
        program = MANY.programs[index]
        total += cents[row] * (fits[row] if program.structure == "SMA" else -fits[row])
        custodian = FACTS["custodian"].codes[int(made["custodian"][row])]
        reached = program.overlay_scope in ("tax_unit", "household") and (
            program.overlay_custodians is None or custodian in program.overlay_custodians
        )
        unit = members[row].unit
        places.append((unit, program.platform, custodian) if reached and unit is not None else None)
    credit = round(POLICY.plan.coordination_points * 100)
    together = [row for row, place in enumerate(places) if place is not None and places.count(place) > 1]
    return total + sum(cents[row] * credit for row in together)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.lists(st.sampled_from([1, 2, None]), min_size=1, max_size=5), st.data())
def test_no_plan_is_worth_more(seed: int, units: list[int | None], data: st.DataObject) -> None:
    count = len(units)
    members = [NOT_TAXED if unit is None else Member(unit) for unit in units]
    made = book(seed, count)
    made["custodian"][:] = data.draw(st.lists(st.integers(0, 1), min_size=count, max_size=count))
    made["platform"][:] = 0
    made["current_structure"][:] = data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    made["account_value"] *= 3
    found = household_plan(made, members, NAMES[:count], MANY, POLICY, AS_OF)
    fits = [round(fit * 100) for fit in evaluate(made, MANY, own_fit_policy(POLICY), AS_OF).net_fit]
    cents = [round(value * 100) for value in made["account_value"]]
    outcomes = [OUTCOMES[index] for index in evaluate(made, MANY, POLICY, AS_OF).outcome]
    rows = [row for row, outcome in enumerate(outcomes) if outcome != "NEITHER"]
    assert [p.relation == "fixed" for p in found.placements] == [outcome == "NEITHER" for outcome in outcomes]
    with np.errstate(divide="ignore", invalid="ignore"):
        stands = [standing(p, made, count, POLICY.numbers["lots_known_enough"]) for p in MANY.programs]
    is_open = [[i for i, stand in enumerate(stands) if not stand.can_fail[row]] for row in rows]
    few = {name: column[rows] for name, column in made.items()}

    def worth(picked: Sequence[int]) -> int:
        own = [members[row] for row in rows]
        return worth_of(picked, [fits[row] for row in rows], [cents[row] for row in rows], own, few)

    best = max((worth(picked) for picked in itertools.product(*is_open)), default=0)
    picked = [found.placements[row].program for row in rows]
    assert worth([index for index in picked if index is not None]) == best
    value = sum(cents[row] for row in rows)
    assert found.plan.points == pytest.approx(best / value / 100 if value else 0)
    assert found.own.points is not None
    assert found.plan.points >= found.own.points - 1e-9


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.permutations(range(4)))
def test_the_order_of_the_accounts_does_not_matter(seed: int, order: list[int]) -> None:
    made = book(seed, 4)
    made["custodian"][:] = 0
    members = [Member(1), Member(1), Member(2), NOT_TAXED]
    here = household_plan(made, members, NAMES[:4], MANY, POLICY, AS_OF)
    moved = {name: column[order] for name, column in made.items()}
    there = household_plan(
        moved, [members[row] for row in order], [NAMES[row] for row in order], MANY, POLICY, AS_OF
    )
    for place, row in enumerate(order):
        a, b = here.placements[row], there.placements[place]
        assert (a.program, a.relation, a.fit, a.credit) == (b.program, b.relation, b.fit, b.credit)
    assert (here.plan, here.own, here.today) == (there.plan, there.own, there.today)


# --- what is not known --------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_no_completion_changes_a_plan_that_stands(seed: int) -> None:
    complete = book(seed, 3)
    for name in ("custodian", "platform", "current_structure"):
        complete[name][:] = 0
    partial = forget(complete, seed, most=3)
    for name in ("account_value", "custodian", "platform", "current_structure"):
        partial[name] = complete[name]
    members = [Member(1)] * 3
    unsure = household_plan(partial, members, NAMES[:3], MANY, POLICY, AS_OF)
    if not unsure.stands or any(p.relation == "fixed" for p in unsure.placements):
        return
    if any("left out" in note for note in unsure.notes):
        return  # more programs may turn out to be open
    sure = household_plan(complete, members, NAMES[:3], MANY, POLICY, AS_OF)
    assert [p.structure for p in sure.placements] == [p.structure for p in unsure.placements]
