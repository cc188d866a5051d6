"""Context: what stands by itself toward the SMA, what belongs together toward the UMA; by hand."""

from implementation.rules.factors import reads
from implementation.rules.factors.context import fit
from implementation.rules.shapes import AtLeast, AtMost, Bands
from tests.rules.scored import contribution
from tests.rules.small import call, code, line, rules, table

ALL = reads(fit)
NONE = {"platform": code("platform", "none")}


def test_what_stands_by_itself() -> None:
    p = rules(standalone=AtLeast(1, 30, 0), only_account=AtMost(1, 8, 0), self_contained=line(10.0))
    facts = NONE | {"household_accounts": 1.0, "account_value": 4e5, "household_value": 8e5}
    assert call(fit, p, ALL, **facts) == 63  # 8 for the only account, half of 10 for half of the wealth
    assert call(fit, p, ALL, **facts, standalone_mandate=1.0) == 93


def test_what_belongs_together() -> None:
    p = rules(
        managed_accounts=Bands.of([(0.0, 0.0), (2.0, 7.0)]),
        sleeves=Bands.of([(0.0, 0.0), (2.0, 10.0)]),
        one_report=AtLeast(1, 5, 0),
        on_platform=table("platform", {"none": 0.0}, 8.0),
    )
    facts = {"household_managed_accounts": 2.0, "sleeves_wanted": 3.0, "single_report_wanted": 1.0}
    assert call(fit, p, ALL, **NONE, **facts) == 72
    assert call(fit, p, ALL, platform=code("platform", "sei"), **facts) == 80


def test_house_policy_pulls_both_ways() -> None:
    several = {"household_accounts": 4, "household_managed_accounts": 4, "household_value": 2_000_000}
    assert contribution("context", standalone_mandate=True) > contribution("context") > 0
    assert contribution("context", **several, sleeves_wanted=3, single_report_wanted=True) < -5
