"""The engine: what adds up, what does not depend on what, and how an outcome comes about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from implementation.rules import engine
from implementation.rules.engine import DECIDED_BY, FACTORS, OUTCOMES, Evaluation, evaluate
from implementation.rules.facts import Columns
from implementation.rules.shelf import Shelf
from tests.rules.books import AS_OF, POLICY, PUBLISHED, SHELF, book, columns, forget
from tests.rules.changed import policy_with
from tests.rules.scored import scored

SHELVES = [SHELF, PUBLISHED, SHELF.with_changes({"UMA": {"fee": None, "overlay_scope": None}})]
each_shelf = pytest.mark.parametrize("shelf", SHELVES, ids=["house", "published", "house, terms unknown"])


COLUMNS = """
    outcome outcome_set decided_by net_fit low high margin lean fragile provisional conflict need reasons
    cheapest break_even_bps eligible fits contributions cost_bps cost_dollars program firm_revenue_bps
    advisor_pay_bps
"""


def arrays(found: Evaluation) -> dict[str, Any]:
    """Every column of an evaluation, by name."""
    flat: dict[str, Any] = {}
    for name in COLUMNS.split():
        value = getattr(found, name)
        if isinstance(value, Mapping):
            for key, inner in value.items():
                parts = inner if isinstance(inner, tuple) else (inner,)
                flat |= {f"{name}.{key}.{place}": part for place, part in enumerate(parts)}
        else:
            flat[name] = value
    return flat


def take(made: Columns, rows: Any) -> Columns:
    return {name: column[rows] for name, column in made.items()}


def assert_same(first: Evaluation, second: Evaluation, rows: Any = slice(None), but: str = "") -> None:
    others = arrays(second)
    for name, column in arrays(first).items():
        if but and name.startswith(but):
            continue
        assert column[rows].tobytes() == np.ascontiguousarray(others[name]).tobytes(), name


def test_a_row_is_kept_in_little_memory() -> None:
    """A million accounts stay below 150 MB with what the work takes: what follows is not kept."""
    found = evaluate(book(1, 1_000), SHELF, POLICY, AS_OF)
    kept = [found.outcome, found.outcome_set, found.decided_by, found.fragile, found.provisional]
    kept += [found.conflict, found.need, found.reasons, found.cheapest, found.low_hundredths]
    kept += [found.high_hundredths, *found.eligible.values(), *found.program.values()]
    kept += [*found.dollars.values(), *found.whole_contributions.values()]
    kept += [column for pair in found.whole_fits.values() for column in pair]
    held = {id(column) for column in kept}
    stored = [value for value in vars(found).values() if isinstance(value, np.ndarray)]
    assert all(id(column) in held for column in stored)
    assert sum(column.nbytes for column in kept) == 118 * 1_000


def test_contributions_add_up_to_the_net_fit_to_the_last_bit_shown() -> None:
    found = evaluate(book(1, 3_000), SHELF, POLICY, AS_OF)
    cents = sum(np.rint(found.contributions[name] * 100) for name in FACTORS)
    assert (np.rint(found.net_fit * 100) == cents).all()
    assert (found.net_fit == np.round(found.net_fit, 2)).all()
    for name in FACTORS:
        assert (found.contributions[name] == np.round(found.contributions[name], 2)).all()


def test_contributions_are_the_weighted_difference_of_the_fits() -> None:
    found = evaluate(book(2, 500), SHELF, POLICY, AS_OF)
    for name in FACTORS:
        sma, uma = found.fits[name]
        assert ((sma >= 0) & (sma <= 100) & (uma >= 0) & (uma <= 100)).all(), name
        off = np.abs(found.contributions[name] - POLICY.weights[name] * (sma - uma))
        assert (off <= 0.005 + 1e-9).all(), name


@each_shelf
def test_one_account_is_scored_as_in_bulk_bit_for_bit(shelf: Shelf) -> None:
    made = forget(book(3, 1_500), 3)  # more rows than perturbations go through side by side
    bulk = evaluate(made, shelf, POLICY, AS_OF)
    for row in range(0, 1_500, 19):
        assert_same(
            bulk, evaluate(take(made, slice(row, row + 1)), shelf, POLICY, AS_OF), slice(row, row + 1)
        )


def test_the_order_of_rows_does_not_matter() -> None:
    made = forget(book(4, 1_200), 4)
    order = np.random.default_rng(4).permutation(1_200)
    assert_same(
        evaluate(made, SHELF, POLICY, AS_OF), evaluate(take(made, order), SHELF, POLICY, AS_OF), order
    )


def test_the_size_of_chunks_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    made = forget(book(5, 700), 5)
    whole = evaluate(made, SHELF, POLICY, AS_OF)
    monkeypatch.setattr(engine, "CHUNK", 111)
    assert_same(whole, evaluate(made, SHELF, POLICY, AS_OF))


def test_nothing_in_nothing_out() -> None:
    assert len(evaluate(book(1, 0), SHELF, POLICY, AS_OF)) == 0


def test_the_facts_given_are_left_as_they_were() -> None:
    made = forget(book(6, 200), 6)
    before = {name: column.copy() for name, column in made.items()}
    evaluate(made, SHELF, POLICY, AS_OF)
    assert all(np.array_equal(made[name], before[name], equal_nan=True) for name in made)


@pytest.mark.parametrize("problem", ["lack account_value", "differ in length"])
def test_columns_that_do_not_fit_the_contract_are_refused(problem: str) -> None:
    made = book(1, 3)
    if "lack" in problem:
        made.pop("account_value")
    else:
        made["account_value"] = made["account_value"][:2]
    with pytest.raises(ValueError, match=problem):
        evaluate(made, SHELF, POLICY, AS_OF)


class TestBounds:
    @each_shelf
    @pytest.mark.parametrize("most", [2, 10, 59])
    def test_bounds_hold_for_whatever_the_unknown_turns_out_to_be(self, shelf: Shelf, most: int) -> None:
        complete = book(most, 1_500)
        known = evaluate(complete, shelf, POLICY, AS_OF)
        partial = evaluate(forget(complete, most, most), shelf, POLICY, AS_OF)
        assert (partial.low <= known.low).all()
        assert (known.high <= partial.high).all()
        assert not (known.outcome_set & ~partial.outcome_set).any()
        decided = partial.outcome != OUTCOMES.index("INDETERMINATE")
        assert (partial.outcome[decided] == known.outcome[decided]).all()

    def test_a_known_reason_stays_when_more_becomes_known(self) -> None:
        # Reasons of factors, need and tests are given for certain or not at all.
        complete = book(8, 1_000)
        known = evaluate(complete, SHELF, POLICY, AS_OF)
        partial = evaluate(forget(complete, 8), SHELF, POLICY, AS_OF)
        assert not (partial.reasons & ~known.reasons).any()

    def test_what_is_unknown_is_nan_and_what_is_not_stands(self) -> None:
        found = scored(household_accounts=6, household_managed_accounts=None)
        known_fits = scored(household_accounts=6).fits
        assert np.isnan(found.net_fit[0])
        assert np.isnan(found.contributions["context"][0])
        assert found.fits["context"][0][0] == known_fits["context"][0][0]
        assert np.isnan(found.fits["context"][1][0])
        assert found.contributions["funding"][0] == scored().contributions["funding"][0]
        for managed in range(7):
            known = scored(household_accounts=6, household_managed_accounts=managed)
            assert found.low[0] <= known.net_fit[0] <= found.high[0]

    def test_an_unknown_fact_that_moves_nothing_leaves_the_net_fit(self) -> None:
        found = scored(lots_known_share=None)  # neither house program asks for lots
        assert found.net_fit[0] == scored().net_fit[0]
        assert found.provisional[0]

    def test_nothing_known_at_all(self) -> None:
        found = scored(**dict.fromkeys(book(1, 0)))
        assert OUTCOMES[found.outcome[0]] == "INDETERMINATE"
        assert found.outcome_set[0] == 0b1111
        assert -100 <= found.low[0] < 0 < found.high[0] <= 100


STOCK = {"cash_share": 0.5, "stock_share": 0.5, "largest_position_share": 0.5, "saleable_largest_share": 0.5,
         "stock_gain_share": 0.4, "unrealized_gain_share": 0.4, "unrealized_gain": 200_000}  # fmt: skip


class TestOutcome:
    def test_the_tolerance_itself_is_either(self) -> None:
        stock = {**STOCK, "saleable_largest_share": 0.3}
        net = float(scored(**stock).net_fit[0])
        assert 12 < net <= 20
        at = policy_with("numbers.either_within.value", net)
        below = policy_with("numbers.either_within.value", round(net - 0.01, 2))
        assert OUTCOMES[scored(policy=at, **stock).outcome[0]] == "EITHER"
        assert OUTCOMES[scored(policy=below, **stock).outcome[0]] == "SMA"
        assert scored(policy=at, **stock).margin[0] == 0
        assert scored(policy=below, **stock).margin[0] == pytest.approx(0.01)

    def test_the_tolerance_on_the_other_side(self) -> None:
        many = {"household_accounts": 6, "household_managed_accounts": 6, "sleeves_wanted": 3}
        net = float(scored(**many).net_fit[0])
        assert -20 <= net < -12
        at = policy_with("numbers.either_within.value", -net)
        below = policy_with("numbers.either_within.value", round(-net - 0.01, 2))
        assert OUTCOMES[scored(policy=at, **many).outcome[0]] == "EITHER"
        assert OUTCOMES[scored(policy=below, **many).outcome[0]] == "UMA"

    def test_margin_is_the_distance_to_the_next_outcome(self) -> None:
        net = float(scored().net_fit[0])
        assert abs(net) < 12
        assert scored().margin[0] == pytest.approx(12 - abs(net))

    def test_one_eligible_structure_wins_whatever_the_fit(self) -> None:
        small = {"account_value": 240_000, "direct_index_value": 240_000, "household_value": 240_000}
        found = scored(**{**STOCK, **small, "standalone_mandate": True})
        assert (OUTCOMES[found.outcome[0]], DECIDED_BY[found.decided_by[0]]) == ("UMA", "eligibility")
        assert found.lean[0] == 1
        assert np.isnan(found.margin[0])

    def test_no_outcome_is_ever_decided_against_eligibility_or_need(self) -> None:
        found = evaluate(forget(book(9, 4_000), 9), SHELF, POLICY, AS_OF)
        sma, uma = found.outcome == 0, found.outcome == 1
        assert not (sma & (found.eligible["SMA"] != 1)).any()
        assert not (uma & (found.eligible["UMA"] != 1)).any()
        assert not ((sma | uma | (found.outcome == 2)) & (found.need != 1)).any()
        assert (found.outcome[found.need == 0] == 3).all()
        assert ((found.decided_by == 3) == (found.outcome == 4)).all()

    def test_conflict_needs_two_material_contributions(self) -> None:
        pulled = {**STOCK, "sleeves_wanted": 2, "coordination_importance": 3, "taxable_equity_accounts": 2}
        pulled |= {"household_accounts": 4, "household_managed_accounts": 4, "group_on_platform_share": 1.0}
        found = scored(**pulled)
        most, least = (f(found.contributions[name][0] for name in FACTORS) for f in (max, min))
        assert most >= 5
        assert least <= -5
        weaker = min(most, -least)
        at = policy_with("numbers.material_contribution.value", round(weaker, 2))
        above = policy_with("numbers.material_contribution.value", round(weaker + 0.01, 2))
        assert scored(policy=at, **pulled).conflict[0]
        assert not scored(policy=above, **pulled).conflict[0]

    def test_conflict_where_the_sma_s_factor_is_the_weaker(self) -> None:
        pulled = {**STOCK, "saleable_largest_share": 0.0, "sleeves_wanted": 3, "coordination_importance": 4}
        pulled |= {"household_accounts": 4, "household_managed_accounts": 4, "group_on_platform_share": 1.0}
        pulled |= {"taxable_equity_accounts": 3, "standalone_mandate": True, "stock_gain_share": 0.5}
        found = scored(**pulled)
        most, least = (f(found.contributions[name][0] for name in FACTORS) for f in (max, min))
        assert 3 <= most < min(-least, 10)
        at = policy_with("numbers.material_contribution.value", round(most, 2))
        above = policy_with("numbers.material_contribution.value", round(most + 0.01, 2))
        assert scored(policy=at, **pulled).conflict[0]
        assert not scored(policy=above, **pulled).conflict[0]

    def test_nothing_on_either_side_is_no_lean(self) -> None:
        size = dict.fromkeys(("account_value", "direct_index_value"), 4_000_000)
        nothing = {
            "cash_share": 0.0,
            "stock_share": 1.0,
            "restricted_share": 1.0,
            "restriction_reason": "pledged",
        }
        nothing |= {"tax_status": "tax_free", "household_accounts": 2, "household_value": 8_000_000, **size}
        nothing |= {"largest_position_share": 0.5}
        flat = {"components": [{"kind": "bundled", "unit": "bps a year", "tiers": [{"bps": 30}]}]}
        shelf = SHELF.with_changes({"SMA": {"fees": flat}, "UMA": {"fees": flat}})
        found = scored(shelf, **nothing)
        assert (found.net_fit[0], found.lean[0], found.margin[0]) == (0, 0, 12)
        assert OUTCOMES[found.outcome[0]] == "EITHER"

    def test_one_outcome_whatever_the_other_program_turns_out_to_be_is_provisional(self) -> None:
        # Whether the other program asks for lots is unstated; the winner wins with it and without it.
        alone = {**STOCK, "standalone_mandate": True, "lots_known_share": 0.5}
        several = {"household_accounts": 6, "household_managed_accounts": 6, "sleeves_wanted": 3}
        for other, facts, outcome in (("UMA", alone, 0), ("SMA", {**several, "lots_known_share": 0.5}, 1)):
            found = scored(SHELF.with_changes({other: {"lots_required": None}}), **facts)
            assert found.eligible[other][0] == -1
            assert (found.outcome[0], found.provisional[0]) == (outcome, True)
            assert not scored(**facts).provisional[0]

    def test_near_a_minimum_an_outcome_is_fragile(self) -> None:
        # 5% less than $262,000 is below $250,000; 5% less than $264,000 is not.
        for value, fragile in ((262_000, True), (264_000, False)):
            size = {"account_value": value, "direct_index_value": value, "household_value": value}
            assert scored(**size).fragile[0] == fragile

    def test_more_value_never_worsens_the_minimums_fit_of_an_sma(self) -> None:
        made = book(10, 2_000)
        more = {name: column.copy() for name, column in made.items()}
        for name in ("account_value", "direct_index_value", "household_value"):
            more[name] *= 1.1
        before = evaluate(made, SHELF, POLICY, AS_OF).fits["minimums"][0]
        after = evaluate(more, SHELF, POLICY, AS_OF).fits["minimums"][0]
        assert (after >= before).all()


def test_a_column_of_changes_is_a_column_of_outcomes() -> None:
    sizes = [
        {"account_value": v, "direct_index_value": v, "household_value": v} for v in (40_000, 80_000, 400_000)
    ]
    found = evaluate(columns(*sizes), SHELF, POLICY, AS_OF)
    assert [OUTCOMES[outcome] for outcome in found.outcome] == ["NEITHER", "UMA", "EITHER"]
