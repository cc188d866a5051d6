"""Other weightings as the engine itself would score them, and the nearest weight that turns the outcome."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from implementation.rules.engine import OUTCOMES, outcomes
from implementation.rules.explain import explain
from implementation.rules.explanation.stability import WEIGHT_STEP, grid_of, weightings
from implementation.rules.factors import FACTORS
from implementation.rules.facts import Columns
from implementation.rules.policy import Policy
from tests.rules.books import AS_OF, POLICY, SHELF, book, columns, forget
from tests.rules.goldens import worked

RANGES = {
    name: (POLICY.bases[f"weights.{name}"].low, POLICY.bases[f"weights.{name}"].high) for name in FACTORS
}
SPANS = tuple((RANGES[name][0], POLICY.weights[name], RANGES[name][1]) for name in FACTORS)


def weighing(weights: dict[str, float]) -> Policy:
    """The house policy with other weights, which need not be round."""
    return replace(POLICY, weights=weights)


def outcome(made: Columns, policy: Policy) -> str:
    return OUTCOMES[outcomes(made, SHELF, policy).outcome[0]]


def with_weight(factor: str, weight: float) -> Policy:
    rest = (1 - weight) / (1 - POLICY.weights[factor])
    return weighing({name: weight if name == factor else POLICY.weights[name] * rest for name in FACTORS})


def open_accounts() -> list[Columns]:
    made = book(17, 30)
    for name in ("needs_options_overlay", "needs_alternatives", "needs_fixed_income_discretion"):
        made[name][:] = 0
    made["security_restrictions"] = np.minimum(made["security_restrictions"], 40)
    for name in ("account_value", "direct_index_value", "household_value"):
        made[name] = made[name] + 500_000
    made["planned_withdrawals"][:] = 0
    return [{name: column[row : row + 1] for name, column in made.items()} for row in range(30)]


TOLD = [(made, explain(made, 0, SHELF, POLICY, AS_OF)) for made in open_accounts()]
FLIPS = [(made, entry, flip) for made, entry in TOLD for flip in entry["weight_flips"]]


def test_there_is_something_to_test() -> None:
    assert len(FLIPS) > 8
    assert {flip["factor"] for _, _, flip in FLIPS} >= {"funding", "tax", "context"}


@pytest.mark.parametrize("number", range(len(FLIPS)))
def test_a_weight_that_flips_does_and_one_step_nearer_does_not(number: int) -> None:
    made, entry, flip = FLIPS[number]
    factor, now, weight = flip["factor"], POLICY.weights[flip["factor"]], flip["to"]
    low, high = RANGES[factor]
    assert low <= weight <= high
    assert flip["from"] == now
    assert outcome(made, with_weight(factor, weight)) == flip["outcome"] != entry["outcome"]
    nearer = weight + WEIGHT_STEP * (1 if weight < now else -1)
    assert outcome(made, with_weight(factor, nearer)) == entry["outcome"]


def test_no_nearer_weight_is_missed() -> None:
    for made, entry in TOLD[:8]:
        if entry["decided_by"] != "net_fit":
            continue
        found = {(flip["factor"], flip["to"] > flip["from"]): flip["to"] for flip in entry["weight_flips"]}
        for factor in FACTORS:
            now, (low, high) = POLICY.weights[factor], RANGES[factor]
            for up, end in ((True, high), (False, low)):
                steps = np.arange(1, round(abs(end - now) / WEIGHT_STEP) + 1) * (
                    WEIGHT_STEP if up else -WEIGHT_STEP
                )
                tried = (round(now + step, 6) for step in steps.tolist())
                first = next(
                    (w for w in tried if outcome(made, with_weight(factor, w)) != entry["outcome"]), None
                )
                assert found.get((factor, up)) == first


def test_stability_is_the_share_of_the_grid_that_keeps_the_outcome() -> None:
    """Every weighting of the grid, each by the engine."""
    unsure = [(made, entry) for made, entry in TOLD if 0.3 < (entry["stability"] or 0) < 0.95][:2]
    assert unsure
    for made, entry in unsure:
        kept = [
            outcome(made, weighing(dict(zip(FACTORS, some, strict=True)))) == entry["outcome"]
            for some in grid_of(SPANS).tolist()
        ]
        assert entry["stability"] == round(sum(kept) / len(kept), 3)


def test_flips_of_weights_come_nearest_first_within_their_ranges() -> None:
    for _, entry in TOLD:
        spans = [abs(f["to"] - f["from"]) / np.ptp(RANGES[f["factor"]]) for f in entry["weight_flips"]]
        assert spans == sorted(spans)


@pytest.mark.parametrize(("number", "stability"), [(1, 1), (2, 1), (10, 1), (15, None)])
def test_where_fit_does_not_decide_no_weight_flips(number: int, stability: Any) -> None:
    case = worked()[number]
    entry = case.answered()
    assert (entry["stability"], entry["weight_flips"]) == (stability, [])


def test_an_unknown_that_moves_no_fit_leaves_stability_as_it_is() -> None:
    known, unknown = (
        explain(columns(change), 0, SHELF, POLICY, AS_OF) for change in ({}, {"lots_known_share": None})
    )
    assert unknown["provisional"]
    assert (unknown["stability"], unknown["weight_flips"]) == (known["stability"], known["weight_flips"])


def test_the_grid_leaves_out_what_scaling_takes_out_of_its_range() -> None:
    """Of nine, 0.2 and 0.9 scale to 0.18 and 0.82: the first is below its lowest."""
    grid = grid_of(((0.2, 0.3, 0.4), (0.6, 0.7, 0.9)))
    assert len(grid) == 8
    assert grid.sum(axis=1) == pytest.approx(1)
    assert (grid[:, 0].min(), grid[:, 0].max()) == pytest.approx((2 / 9, 0.4))


def test_every_weighting_of_the_house_is_within_its_ranges() -> None:
    grid = grid_of(SPANS)
    assert len(grid) > 100
    for place, name in enumerate(POLICY.weights):
        basis = POLICY.bases[f"weights.{name}"]
        assert grid[:, place].min() >= basis.low - 1e-9, name
        assert grid[:, place].max() <= basis.high + 1e-9, name


def test_a_share_by_hand() -> None:
    """Counted one weighting at a time from the fits that the answer shows."""
    result = explain(columns({"standalone_mandate": True}), 0, SHELF, POLICY, AS_OF)
    fits = {entry["factor"]: entry["fit_sma"] - entry["fit_uma"] for entry in result["factors"]}
    kept = 0
    for weighting in grid_of(SPANS):
        net = sum(
            round(fits[name] * weight * 100) for name, weight in zip(POLICY.weights, weighting, strict=True)
        )
        given = "SMA" if net > 1_200 else "UMA" if net < -1_200 else "EITHER"
        kept += given == result["outcome"]
    assert result["decided_by"] == "net_fit"
    assert result["stability"] == round(kept / len(grid_of(SPANS)), 3)


def test_where_missing_facts_leave_the_own_weights_open_nothing_is_claimed() -> None:
    """A UMA for certain only because the fits cannot all be at their ends at once."""
    result = explain(forget(book(205, 3_000), seed=5, most=5), 170, SHELF, POLICY, AS_OF)
    assert (result["outcome"], result["provisional"]) == ("UMA", True)
    assert result["stability"] is None
    assert result["weight_flips"] == []


def test_a_policy_of_one_factor_has_nothing_to_move() -> None:
    ranges = ((0.0, 1.0, 1.0), *([(0.0, 0.0, 1.0)] * 5))
    tried = weightings(ranges)
    assert all(way.place != 0 for way in tried.ways)
    assert np.isfinite(tried.percents).all()
    alone = dict.fromkeys(POLICY.weights, 0.0) | {"funding": 1.0}
    bases = {
        **POLICY.bases,
        **{f"weights.{n}": replace(POLICY.bases[f"weights.{n}"], low=0.0, high=1.0) for n in alone},
    }
    policy = replace(POLICY, weights=alone, bases=bases, sha256="one factor")
    assert explain(columns({}), 0, SHELF, policy, AS_OF)["outcome"] in OUTCOMES
