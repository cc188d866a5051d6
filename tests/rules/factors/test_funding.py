"""Funding: transition work toward the SMA, what is ready toward the UMA, what is kept toward neither."""

from typing import Any

import numpy as np

from implementation.rules.factors import reads
from implementation.rules.factors.funding import fit
from implementation.rules.shapes import AtLeast, Curve, Interval
from tests.rules.scored import contribution, reasons
from tests.rules.small import call, code, line, one, rules, same, table

ALL = reads(fit)
WORK = {
    "tax_burden": table("tax_status", {"taxable": 1.0}, 0.5),
    "left_to_do": Curve.through([(0.0, 1.0), (1.0, 0.25)]),
    "near": same(1.0),
    "low_basis": same(1.0),
    "hold": AtLeast(1, 1, 0),
    "harder_by_gain": line(1.0),
}
TAXABLE = {
    "tax_status": code("tax_status", "taxable"),
    "restriction_reason": code("restriction_reason", "none"),
}
CONCENTRATED = rules(**WORK, concentrated=line(40.0))
APPRECIATED = rules(**WORK, appreciated=line(20.0))


def test_concentration_counts_by_what_is_to_be_sold_and_by_its_gain() -> None:
    # half of 40 points for half the account, half of that for a gain of half
    assert call(fit, CONCENTRATED, ALL, **TAXABLE, saleable_largest_share=0.5, stock_gain_share=0.5) == 60


def test_without_tax_less_work_is_left() -> None:
    exempt = TAXABLE | {"tax_status": code("tax_status", "tax_exempt")}
    assert call(fit, CONCENTRATED, ALL, **exempt, saleable_largest_share=0.5, stock_gain_share=0.5) == 55


def test_a_step_up_leaves_a_quarter_of_the_work() -> None:
    held = TAXABLE | {"step_up_expected": 1.0}
    assert call(fit, CONCENTRATED, ALL, **held, saleable_largest_share=0.5, stock_gain_share=0.5) == 52.5


def test_gains_count_by_the_part_of_the_stock_that_may_be_sold() -> None:
    # 0.8 in stocks of which 0.4 is restricted or kept: half of the 10 points
    facts = TAXABLE | {"stock_share": 0.8, "restricted_share": 0.3, "legacy_retention_share": 0.1}
    assert call(fit, APPRECIATED, ALL, **facts, stock_gain_share=0.5) == 55


def test_stock_that_is_all_kept_is_no_work() -> None:
    facts = TAXABLE | {"stock_share": 0.8, "restricted_share": 0.8}
    assert call(fit, APPRECIATED, ALL, **facts, stock_gain_share=0.5) == 50


def test_cash_and_funds_are_ready() -> None:
    assert call(fit, rules(**WORK, ready=line(30.0)), ALL, **TAXABLE, cash_share=0.3, fund_share=0.2) == 65


def test_gains_beyond_the_budget() -> None:
    # 300,000 of gains over a budget of 100,000 on 1,000,000: a fifth of 10 points; all may be sold
    p = rules(**WORK, beyond_budget=line(10.0))
    facts = TAXABLE | {"account_value": 1e6, "unrealized_gain": 3e5, "gain_budget": 1e5, "stock_share": 1.0}
    assert call(fit, p, ALL, **facts) == 52


def test_gains_within_the_budget_are_nothing_however_small_the_account() -> None:
    p = rules(**WORK, beyond_budget=line(10.0))
    facts = TAXABLE | {"account_value": 1_000.0, "unrealized_gain": 100.0, "gain_budget": 200.0}
    assert call(fit, p, ALL, **facts, stock_share=1.0) == 50


def test_no_more_than_all_of_the_stock_is_to_be_sold_whatever_is_unknown() -> None:
    """Stocks of 0.4 to 0.8 of which 0 to 0.4 is kept: nothing to all of it, and not 0.8 of 0.4."""
    facts: dict[str, Any] = {name: one(0.0) for name in ALL} | TAXABLE | {"stock_gain_share": one(0.5)}
    facts |= {"stock_share": Interval(one(0.4), one(0.8)), "restricted_share": Interval(one(0.0), one(0.4))}
    with np.errstate(divide="ignore", invalid="ignore"):
        found = fit(**facts, p=APPRECIATED)
    assert (found.low[0], found.high[0]) == (50, 60)


STOCK = {"cash_share": 0.0, "stock_share": 1.0, "largest_position_share": 0.5, "saleable_largest_share": 0.5,
         "stock_gain_share": 0.5, "unrealized_gain_share": 0.5, "unrealized_gain": 250_000}  # fmt: skip


def test_house_policy_pulls_concentrated_stock_to_the_sma_and_cash_to_the_uma() -> None:
    assert contribution("funding", **STOCK) > 15
    assert contribution("funding") < -5


def test_house_policy_leaves_restricted_stock_neutral() -> None:
    restricted = STOCK | {
        "restricted_share": 1.0,
        "restriction_reason": "rule_144",
        "saleable_largest_share": 0.0,
        "largest_position_share": 0.5,
    }
    assert contribution("funding", **restricted) == 0
    assert {"funding.kept_stock_neutral", "funding.insider_questions"} <= set(reasons(**restricted))
    assert "funding.concentrated_to_sell_down" not in reasons(**restricted)
