"""What the dearer structure would have to earn, and what it can earn here; every number by hand.

The account: $1,000,000, all of it direct index. $12,000 of usable gains, a quarter of them short-term, at 37%
and 20%: 24.25% on average. Held for 15 years, nothing carried forward, no new money.
"""

from __future__ import annotations

from typing import Any

import pytest

from implementation.rules.explain import explain
from implementation.rules.explanation.break_even import _rounded
from implementation.rules.shelf import Shelf
from tests.rules.books import AS_OF, POLICY, columns
from tests.rules.test_costs import MILLION, priced

HOUSEHOLD = {
    "household_value": 3_000_000,
    "household_accounts": 3,
    "taxable_equity_accounts": 3,
    "group_on_platform_share": 1.0,
    "sleeves_wanted": 1,
}
NO_SHORT_TERM = {"short_term_gain_fraction": 0.0}


def told(shelf: Shelf, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = explain(columns({**MILLION, **changes}), 0, shelf, POLICY, AS_OF)["break_even"]
    return found


def sma_dearer(by: float = 10, **changes: Any) -> dict[str, Any]:
    return told(priced(30 + by, 30), **changes)


def uma_dearer(by: float = 10, **changes: Any) -> dict[str, Any]:
    return told(priced(30, 30 + by), **{**HOUSEHOLD, **changes})


def limits(entry: dict[str, Any]) -> str:
    return " ".join(cap["text"] for cap in entry["caps"])


def caps(entry: dict[str, Any]) -> dict[str, Any]:
    return {cap["name"]: cap["bps"] for cap in entry["caps"]}


def test_the_orion_wrap_against_a_flat_sma() -> None:
    """$1m on the wrap: 35 bps of 100,000, 30 of 150,000, 20 of 750,000 are 350 + 450 + 1,500 = $2,300."""
    tiers = [
        {"up_to_usd": 100_000, "bps": 35},
        {"up_to_usd": 250_000, "bps": 30},
        {"up_to_usd": 1_000_000, "bps": 20},
        {"bps": 10},
    ]
    wrap = {"components": [{"kind": "platform", "unit": "bps a year", "tiers": tiers}]}
    entry = told(priced(10, 10).with_changes({"UMA": {"fees": wrap}}), **HOUSEHOLD)
    assert (entry["dearer"], entry["dollars"], entry["bps"]) == ("UMA", 1_300, 13)  # 2,300 less 1,000


# --- coordination ------------------------------------------------------------------------------------------


def test_coordination_is_capped_by_the_tax_on_usable_gains() -> None:
    # 12,000 at 24.25% are 2,910; 3,000 of ordinary income at 37% are 1,110: 4,020 on 1,000,000 are 40.2 bps
    entry = uma_dearer()
    assert (entry["dearer"], entry["bps"], entry["dollars"]) == ("UMA", 10, 1_000)
    assert entry["range_bps"] == [30, 60]
    assert entry["capped_range_bps"] == [30, 40.2]
    assert caps(entry) == {"usable_gains": 40.2}
    assert "Stein and McIntire" in entry["text"]
    assert "$12,000 of usable gains at 24.3%" in limits(entry)
    assert "$3,000 of ordinary income at 37%" in limits(entry)


@pytest.mark.parametrize(("by", "back"), [(29.9, "yes"), (30, "depends"), (40.1, "depends"), (40.2, "no")])
def test_it_is_earned_back_when_even_the_low_end_exceeds_it(by: float, back: str) -> None:
    assert uma_dearer(by)["earns_back"] == back


def test_nothing_to_coordinate_brings_nothing() -> None:
    entry = uma_dearer(group_on_platform_share=0.0, group_movable_share=0.0)
    assert (entry["range_bps"], entry["capped_range_bps"], entry["earns_back"]) == ([0, 0], [0, 0], "no")
    assert caps(entry) == {"no_reach": 0}
    assert entry["text"].count("No overlay reaches") == 1


def test_a_second_account_is_something_to_coordinate() -> None:
    assert uma_dearer(taxable_equity_accounts=2)["range_bps"] == [30, 60]


def test_whether_an_overlay_reaches_hangs_on_a_scope_that_nobody_has_stated() -> None:
    entry = told(priced(30, 40).with_changes({"UMA": {"overlay_scope": None}}), **HOUSEHOLD)
    assert (entry["range_bps"], entry["earns_back"]) == (None, None)
    assert "Whether an overlay reaches other taxable holdings is not known." in entry["text"]


def test_two_sleeves_are_something_to_coordinate() -> None:
    assert uma_dearer(taxable_equity_accounts=1, sleeves_wanted=2)["range_bps"] == [30, 60]


def test_an_overlay_that_covers_other_custodians_only_reaches_nothing() -> None:
    shelf = priced(30, 40).with_changes({"UMA": {"overlay_custodians": ["pershing"]}})
    away = told(shelf, **HOUSEHOLD, custodian="schwab")
    assert away["range_bps"] == [0, 0]
    assert "No overlay reaches" in away["text"]


@pytest.mark.parametrize("unknown", ["tax_status", "taxable_equity_accounts", "group_on_platform_share"])
def test_nothing_is_promised_where_reach_or_taxes_are_not_known(unknown: str) -> None:
    entry = uma_dearer(group_movable_share=0.0, **{unknown: None})
    assert (entry["range_bps"], entry["capped_range_bps"], entry["earns_back"]) == (None, None, None)
    assert entry["caps"] == []
    assert "not known" in entry["text"]
    assert "not taxed" not in entry["text"]


@pytest.mark.parametrize(
    ("entry", "here"),
    [
        (lambda: uma_dearer(), " For this account that is 30 to 40.2 bps. "),
        # Of 38 to 82 bps a sixth is left after 15 years, 6.33 to 13.67
        (lambda: sma_dearer(**NO_SHORT_TERM), " For this account that is 6.3 to 13.7 bps. "),
        (lambda: sma_dearer(usable_gains=0, holding_horizon_years=3), " For this account that is 11.1 bps. "),
        (lambda: uma_dearer(usable_gains=1_000_000), None),
    ],
)
def test_what_is_left_of_the_range_here_is_said_where_it_is_less(entry: Any, here: str | None) -> None:
    text = entry()["text"]
    assert here in text if here else "For this account" not in text


def test_amounts_are_told_to_the_cent_and_the_hundredth_of_a_basis_point() -> None:
    # 10 bps of 333,333 are $333.333, on 70,000 47.619 bps; 4,020 of tax on 70,000 are 574.286 bps
    entry = uma_dearer(account_value=333_333, direct_index_value=70_000)
    assert (entry["dollars"], entry["bps"], caps(entry)) == (333.33, 47.62, {"usable_gains": 574.29})
    assert str(_rounded((-0.001, 0.126))) == "[0.0, 0.13]"  # nothing has no sign


# --- harvesting --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("years", "left", "capped", "back"),
    [
        # Of 38 to 82 bps 26.6 to 57.4, but $3,510 of tax is all there is to save: 12,000 at 20%, 3,000 at 37%
        (3, "70%", [26.6, 35.1], "yes"),
        (5, "50%", [19.0, 35.1], "yes"),
        (15, "16.7%", [6.33, 13.67], "depends"),
        (20, "12.5%", [4.75, 10.25], "depends"),
        (25, "10%", [3.8, 8.2], "no"),
    ],
)
def test_harvesting_fades_over_the_years_it_is_held(
    years: float, left: str, capped: list[float], back: str
) -> None:
    entry = sma_dearer(holding_horizon_years=years, **NO_SHORT_TERM)
    assert entry["range_bps"] == [38, 82]
    assert entry["capped_range_bps"] == capped
    assert entry["earns_back"] == back
    assert f"{left} of it is left on average" in limits(entry)


@pytest.mark.parametrize(
    "fresh",
    [{"short_term_gain_fraction": 0.25}, {"planned_contributions": 50_000}, {"annual_gifting": 20_000}],
)
def test_what_refreshes_losses_keeps_the_high_end_up(fresh: dict[str, Any]) -> None:
    entry = sma_dearer(holding_horizon_years=20, **{**NO_SHORT_TERM, **fresh})
    low, high = entry["capped_range_bps"]
    assert low == 4.75  # 38 at 12.5%
    assert high == (
        40.2 if "short_term_gain_fraction" in fresh else 35.1
    )  # the tax on gains is what limits it
    assert caps(entry)["fading"] is None
    assert "may last" in limits(entry)


def test_without_usable_gains_only_a_little_ordinary_income_is_left() -> None:
    entry = sma_dearer(usable_gains=0, holding_horizon_years=3)
    assert caps(entry)["usable_gains"] == 11.1  # 3,000 at 37% on 1,000,000
    assert entry["capped_range_bps"] == [11.1, 11.1]
    assert "no usable gains and $3,000 of ordinary income at 37%" in limits(entry)


def test_a_carryforward_that_gains_do_not_use_up_comes_first() -> None:
    entry = sma_dearer(usable_gains=0, loss_carryforward=50_000, holding_horizon_years=3)
    assert (entry["capped_range_bps"], entry["earns_back"]) == ([0, 0], "no")
    assert "$50,000 of losses carried forward are used first" in limits(entry)
    # Usable gains are what is left after the carryforward: where there are any, it is used up.
    assert caps(sma_dearer(loss_carryforward=50_000))["usable_gains"] == 40.2


def test_most_of_it_is_deferral_and_a_step_up_forgives_it() -> None:
    later = sma_dearer()
    assert "deferral" in limits(later)
    assert "step-up" not in limits(later)
    forgiven = sma_dearer(step_up_expected=True)
    assert "It forgives the tax" in limits(forgiven)
    assert "by holding" in limits(forgiven)
    assert forgiven["capped_range_bps"] == later["capped_range_bps"]


@pytest.mark.parametrize(
    "taxed", [{"tax_status": "tax_free", "registration": "roth_ira"}, {"tax_status": "tax_exempt"}]
)
def test_where_gains_are_not_taxed_nothing_is_brought(taxed: dict[str, Any]) -> None:
    for entry in (sma_dearer(**taxed), uma_dearer(**taxed)):
        assert (entry["range_bps"], entry["capped_range_bps"], entry["earns_back"]) == ([0, 0], [0, 0], "no")
        assert caps(entry) == {"not_taxable": 0}


# --- what is not known -------------------------------------------------------------------------------------


def test_an_unknown_holding_period_leaves_all_that_it_could_be() -> None:
    # 60 years at most: 38 x 5 / 120 are 1.58
    entry = sma_dearer(holding_horizon_years=None, **NO_SHORT_TERM)
    assert entry["capped_range_bps"] == [1.58, 35.1]
    assert caps(entry)["fading"] is None


def test_unknown_gains_leave_all_that_they_could_be() -> None:
    # None at all: 11.1 bps of ordinary income. Enough: the whole range.
    entry = uma_dearer(usable_gains=None)
    assert entry["capped_range_bps"] == [11.1, 60]
    assert entry["earns_back"] == "yes"
    assert caps(entry) == {"usable_gains": None}
    assert uma_dearer(12, usable_gains=None)["earns_back"] == "depends"


@pytest.mark.parametrize(
    "unknown", ["short_term_rate", "long_term_rate", "loss_carryforward", "step_up_expected"]
)
def test_what_is_known_lies_within_what_could_be(unknown: str) -> None:
    known, could = sma_dearer(**NO_SHORT_TERM), sma_dearer(**NO_SHORT_TERM, **{unknown: None})
    assert could["capped_range_bps"][0] <= known["capped_range_bps"][0]
    assert could["capped_range_bps"][1] >= known["capped_range_bps"][1]


def test_equal_costs_have_nothing_to_earn_back() -> None:
    entry = told(priced(30, 30))
    assert (entry["bps"], entry["dollars"], entry["dearer"]) == (0, 0, None)
    assert entry["earns_back"] == "yes"


def test_no_break_even_without_both_prices_or_a_direct_index() -> None:
    assert explain(columns(MILLION), 0, priced(None, 30), POLICY, AS_OF)["break_even"] is None
    nothing = {**MILLION, "direct_index_value": 0}
    assert explain(columns(nothing), 0, priced(30, 40), POLICY, AS_OF)["break_even"] is None
