"""Minimums: the least comfortable of three headrooms decides; by hand."""

from implementation.rules.factors.minimums import fit
from implementation.rules.shapes import Curve
from tests.rules.books import BASE, SHELF
from tests.rules.scored import contribution, fits
from tests.rules.small import call, rules

FALL = Curve.through([(1.0, -60.0), (4.0, 0.0)])
P = rules(now=FALL, after_withdrawals=FALL, sleeve=FALL)
ALL = ("headroom_now", "headroom_after", "headroom_sleeve")


def test_far_above_all_minimums_the_objection_disappears() -> None:
    assert call(fit, P, ALL, headroom_now=4.0, headroom_after=9.0, headroom_sleeve=40.0) == 100


def test_the_least_comfortable_decides() -> None:
    # 2 is a third of the way from 1 to 4: two thirds of the 60 points are left.
    assert call(fit, P, ALL, headroom_now=4.0, headroom_after=2.0, headroom_sleeve=4.0) == 60
    assert call(fit, P, ALL, headroom_now=1.0, headroom_after=2.0, headroom_sleeve=4.0) == 40


def test_house_policy_at_twice_the_minimum() -> None:
    # 500,000 over 250,000: 15 points below 100 for the SMA; 10 times the UMA's minimum: nothing.
    assert fits("minimums") == (85, 100)
    assert contribution("minimums") == -1.5


def test_house_policy_far_above_both() -> None:
    rich = dict.fromkeys(("account_value", "direct_index_value", "household_value"), 4000000)
    assert contribution("minimums", **rich) == 0


def test_withdrawals_count() -> None:
    assert fits("minimums", planned_withdrawals=250_000)[0] == 40  # once the minimum is left


def test_a_program_without_minimums_has_none_to_object() -> None:
    free = SHELF.with_changes({"SMA": {"initial_minimum": 0, "maintenance_minimum": 0}})
    assert fits("minimums", shelf=free) == (100, 100)
    assert BASE["account_value"] == 500_000
