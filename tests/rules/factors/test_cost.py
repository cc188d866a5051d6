"""Cost: the cheaper fits better, contracts replaced and exits avoided count; by hand."""

from implementation.rules.factors import reads
from implementation.rules.factors.cost import fit
from implementation.rules.shapes import Bands
from tests.rules.scored import contribution
from tests.rules.small import call, code, line, rules, table

ALL = reads(fit)
BROKERAGE = {"current_structure": code("current_structure", "brokerage")}
P = rules(
    cheaper=line(50.0, at=50.0),
    replaces_contracts=line(10.0, at=100.0),
    several=Bands.of([(0.0, 0.0), (2.0, 1.0)]),
    exit_cost=line(-20.0, at=0.02),
    leaves=table("current_structure", {"uma": 0.0}, 1.0),
)


def test_a_saving_counts_and_its_opposite_does_not() -> None:
    assert call(fit, P, ALL, **BROKERAGE, cost_saving_bps=12.0) == 62
    assert call(fit, P, ALL, **BROKERAGE, cost_saving_bps=-12.0) == 50


def test_contracts_are_replaced_only_where_there_are_several() -> None:
    facts = BROKERAGE | {"current_cost_bps": 90.0, "annual_cost_bps": 40.0}
    assert call(fit, P, ALL, **facts, household_managed_accounts=1.0) == 50
    assert call(fit, P, ALL, **facts, household_managed_accounts=3.0) == 55


def test_an_exit_weighs_only_on_who_needs_it() -> None:
    facts = {"exit_cost": 4_000.0, "account_value": 400_000.0}
    assert call(fit, P, ALL, **BROKERAGE, **facts) == 40
    assert call(fit, P, ALL, current_structure=code("current_structure", "uma"), **facts) == 50


def test_house_policy_weighs_the_exit_against_the_structure_that_needs_it() -> None:
    in_a_uma = {"current_structure": "uma", "exit_cost": 5_000}
    assert contribution("cost", **in_a_uma) < contribution("cost")
