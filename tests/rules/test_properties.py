"""Properties that hold for any account: of the engine, and of what the explanation says about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from implementation.rules import engine
from implementation.rules.contract import FACTS
from implementation.rules.engine import FACTORS, Evaluation, evaluate
from implementation.rules.explain import explain
from implementation.rules.facts import Columns
from implementation.rules.programs import Program
from implementation.rules.shelf import Shelf
from implementation.rules.unknowns.completions import completed_shelves
from tests.rules.books import AS_OF, POLICY, PUBLISHED, SHELF, book, forget
from tests.rules.test_engine import SHELVES, arrays, assert_same, take

Line = dict[str, Any]
ROWS = 40
STATED = completed_shelves(PUBLISHED, POLICY)[0]
"""The published shelf with everything stated that its sponsors leave open."""
SLEEVES = [SHELF, *(SHELF.with_changes({name: {"sleeve_minimum": 90_000}}) for name in ("SMA", "UMA"))]
MONEY = [name for name, fact in FACTS.items() if fact.kind == "money"]
houses = pytest.mark.parametrize("shelf", SHELVES, ids=["house", "published", "house, terms unknown"])


@houses
@settings(max_examples=8, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), chunk=st.integers(1, ROWS + 1), most=st.sampled_from([0, 1, 4, 12]))
def test_rows_in_any_order_and_in_chunks_of_any_size_are_the_rows_alone(
    shelf: Shelf, seed: int, chunk: int, most: int
) -> None:
    made = forget(book(seed, ROWS), seed, most)
    made = {name: np.concatenate([book(seed, 3)[name], column]) for name, column in made.items()}
    order = np.random.default_rng(seed).permutation(ROWS + 3)
    whole = evaluate(take(made, order), shelf, POLICY, AS_OF)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "CHUNK", chunk)
        assert_same(whole, evaluate(take(made, order), shelf, POLICY, AS_OF))
    for place, row in list(enumerate(order))[::9]:
        alone = evaluate(take(made, slice(row, row + 1)), shelf, POLICY, AS_OF)
        assert_same(whole, alone, slice(place, place + 1))


@pytest.mark.parametrize("count", [1_023, 1_024, 1_025])
def test_a_row_does_not_feel_how_many_go_with_it(count: int) -> None:
    """Small changes go through side by side up to 1,024 rows, and one after the other beyond."""
    made = book(count, count)
    bulk = evaluate(made, SHELF, POLICY, AS_OF)
    for row in (0, count // 2, count - 1):
        alone = evaluate(take(made, slice(row, row + 1)), SHELF, POLICY, AS_OF)
        assert_same(bulk, alone, slice(row, row + 1))


class TestScale:
    """In another unit of money the same account has the same answer: the rules know ratios alone."""

    @pytest.mark.parametrize("times", [2.0, 0.5, 1_024.0], ids=["twice", "half", "1,024 times"])
    @pytest.mark.parametrize("shelf", [SHELF, STATED], ids=["house", "published"])
    def test_every_amount_scaled_changes_amounts_alone(self, shelf: Shelf, times: float) -> None:
        made = book(41, 1_500)
        other = {name: column * times if name in MONEY else column for name, column in made.items()}
        one = evaluate(made, shelf, POLICY, AS_OF)
        two = evaluate(other, scaled(shelf, times), POLICY, AS_OF)
        for name, dollars in one.cost_dollars.items():
            assert np.array_equal(dollars * times, two.cost_dollars[name], equal_nan=True), name
        assert_same(one, two, but="cost_dollars")

    def test_it_is_a_shelf_of_other_amounts(self) -> None:
        found = evaluate(book(42, 500), scaled(SHELF, 4.0), POLICY, AS_OF)
        before = evaluate(book(42, 500), SHELF, POLICY, AS_OF)
        assert (found.outcome != before.outcome).sum() > 20


def scaled(shelf: Shelf, times: float) -> Shelf:
    """The shelf with every amount of money multiplied."""
    programs = tuple(_scaled_program(program, times) for program in shelf.programs)
    return replace(shelf, programs=programs, sha256=f"{shelf.sha256} times {times}")


def _scaled_program(program: Program, times: float) -> Program:
    minimums = ("initial_minimum", "maintenance_minimum", "sleeve_minimum")
    assert program.fees is not None
    parts = tuple(
        replace(
            part,
            tiers=tuple(replace(tier, up_to=tier.up_to * times) for tier in part.tiers or ()),
            minimum=part.minimum * times,
        )
        for part in program.fees.components
    )
    amounts = {name: getattr(program, name) * times for name in minimums}
    return replace(program, fees=replace(program.fees, components=parts), **amounts)


class TestMoreValue:
    """More in the account never worsens how comfortably it stands above a minimum."""

    @pytest.mark.parametrize("more", [1.000001, 1.07, 3.0])
    @pytest.mark.parametrize("shelf", SLEEVES, ids=["house", "SMA with a sleeve", "UMA with a larger sleeve"])
    def test_neither_fit_nor_eligibility_falls(self, shelf: Shelf, more: float) -> None:
        made = book(43, 2_000)
        rich = dict(made)
        for name in ("account_value", "direct_index_value", "household_value"):
            rich[name] = made[name] * more
        before, after = (evaluate(rows, shelf, POLICY, AS_OF) for rows in (made, rich))
        for structure in (0, 1):
            fits = before.fits["minimums"][structure], after.fits["minimums"][structure]
            assert (fits[1] >= fits[0]).all()
        for name in ("SMA", "UMA"):
            assert (after.eligible[name] >= before.eligible[name]).all()

    @pytest.mark.parametrize("fact", ["account_value", "direct_index_value"])
    def test_nor_where_one_amount_alone_grows(self, fact: str) -> None:
        made = book(44, 2_000)
        rich = {**made, fact: made[fact] * 1.5}
        before, after = (evaluate(rows, SHELF, POLICY, AS_OF) for rows in (made, rich))
        for structure in (0, 1):
            assert (after.fits["minimums"][structure] >= before.fits["minimums"][structure]).all()

    def test_and_more_going_out_never_betters_it(self) -> None:
        made = book(45, 2_000)
        poor = {**made, "planned_withdrawals": made["planned_withdrawals"] + made["account_value"] * 0.1}
        before, after = (evaluate(rows, SHELF, POLICY, AS_OF) for rows in (made, poor))
        for structure in (0, 1):
            assert (after.fits["minimums"][structure] <= before.fits["minimums"][structure]).all()


class TestWeights:
    def test_a_factor_that_weighs_nothing_moves_nothing(self) -> None:
        """What a factor adds hangs on its weight alone; the fits do not."""
        made = book(46, 400)
        weights = {**POLICY.weights, "funding": 0.0, "tax": POLICY.weights["tax"] + POLICY.weights["funding"]}
        other = evaluate(made, SHELF, replace(POLICY, weights=weights, sha256="other"), AS_OF)
        found = evaluate(made, SHELF, POLICY, AS_OF)
        assert (other.contributions["funding"] == 0).all()
        for name in FACTORS:
            assert all(np.array_equal(a, b) for a, b in zip(found.fits[name], other.fits[name], strict=True))
        cents = sum(np.rint(other.contributions[name] * 100) for name in FACTORS)
        assert (np.rint(other.net_fit * 100) == cents).all()

    def test_the_tolerance_orders_outcomes(self) -> None:
        """Where both are open and wanted, the net fit decides, beyond 12 points on its side."""
        found = evaluate(book(47, 4_000), SHELF, POLICY, AS_OF)
        free = (found.need == 1) & (found.eligible["SMA"] == 1) & (found.eligible["UMA"] == 1)
        beyond = np.where(found.net_fit > 12, 0, np.where(found.net_fit < -12, 1, 2))
        assert free.sum() > 500
        assert (found.outcome[free] == beyond[free]).all()


def test_what_becomes_known_never_adds_an_outcome() -> None:
    """Each fact found out leaves outcomes within those that were possible before."""
    complete = book(48, 60)
    names = [str(name) for name in np.random.default_rng(48).permutation(list(FACTS))[:10]]
    rows = {name: column.copy() for name, column in complete.items()}
    for name in names:
        rows[name] = np.full_like(rows[name], -1) if FACTS[name].kind == "code" else rows[name] * np.nan
    before = evaluate(rows, SHELF, POLICY, AS_OF)
    for name in names:
        rows = {**rows, name: complete[name]}
        after = evaluate(rows, SHELF, POLICY, AS_OF)
        assert not (after.outcome_set & ~before.outcome_set).any(), name
        before = after


Told = tuple[Shelf, Columns, Evaluation, list[dict[str, Any]]]


@pytest.fixture(scope="module", params=[SHELF, STATED], ids=["house", "published"])
def told(request: pytest.FixtureRequest) -> Told:
    """Accounts evaluated as columns, and the explanation of each."""
    made = book(49, ROWS)
    found = evaluate(made, request.param, POLICY, AS_OF)
    return request.param, made, found, [explain(made, r, request.param, POLICY, AS_OF) for r in range(ROWS)]


class TestExplanation:
    """The explanation tells the columns' numbers, and its lines add up to them."""

    def test_lines_add_up_to_fits_and_fits_to_the_net_fit(self, told: Told) -> None:
        _, _, found, results = told
        for row, result in enumerate(results):
            cents = 0
            for entry in result["factors"]:
                fits = [fit_of(entry, structure) for structure in ("SMA", "UMA")]
                assert fits == pytest.approx([entry["fit_sma"], entry["fit_uma"]], abs=0.0051)
                assert fits == pytest.approx([fit[row] for fit in found.fits[entry["factor"]]], abs=1e-4)
                points = entry["weight"] * (fits[0] - fits[1])
                assert entry["contribution"] == pytest.approx(points, abs=0.0051)
                assert entry["contribution"] == found.contributions[entry["factor"]][row]
                cents += round(entry["contribution"] * 100)
            assert round(result["net_fit"] * 100) == cents
            assert result["net_fit"] == found.net_fit[row]

    def test_each_line_is_its_shape_at_its_value(self, told: Told) -> None:
        _, _, _, results = told
        seen = set()
        for result in results:
            lines = [*result["need_trace"], *(ln for entry in result["factors"] for ln in entry["trace"])]
            for line in lines:
                given, kind = shape_at(line)
                seen.add(kind)
                if given is not None:
                    times = 1.0 if line["times"] is None else line["times"]
                    assert line["result"] == pytest.approx(given * times, abs=6e-4), line
        assert seen == {"segment", "band", "row", "bound"}

    def test_points_are_the_weighted_result_on_its_side(self, told: Told) -> None:
        _, _, _, results = told
        for entry in (entry for result in results for entry in result["factors"]):
            for line in entry["trace"]:
                if line["gives"] == "points":
                    side = 1 if line["structure"] == "SMA" else -1
                    assert line["points"] == pytest.approx(side * entry["weight"] * line["result"], abs=1e-5)

    def test_tests_and_costs_are_those_of_the_columns(self, told: Told) -> None:
        shelf, _, found, results = told
        for row, result in enumerate(results):
            for name in ("SMA", "UMA"):
                verdicts = [
                    {e["verdict"] for e in result["eligibility"] if e["program"] == program.code}
                    for program in shelf.programs
                    if program.structure == name
                ]
                passes = any(verdict == {"pass"} for verdict in verdicts)
                fails = all("fail" in verdict for verdict in verdicts)
                assert found.eligible[name][row] == (1 if passes else 0 if fails else -1)
                (cost,) = (e for e in result["cost"] if e["program"] == result["programs"][name])
                dollars = found.cost_dollars[name][row]
                assert cost["dollars"] == (None if np.isnan(dollars) else round(float(dollars), 2))

    def test_reasons_shown_are_those_of_the_mask(self, told: Told) -> None:
        _, _, found, results = told
        for row, result in enumerate(results):
            codes = set(POLICY.reason_codes(int(found.reasons[row])))
            given = {reason["code"] for reason in result["reasons"]}
            assert given <= codes
            acted = {code for entry in result["factors"] for code in entry["reasons"]}
            assert acted <= codes


def fit_of(entry: dict[str, Any], structure: str) -> float:
    """A fit from the lines of its trace: the middle and all points, or all less what the worst one takes."""
    lines = [line for line in entry["trace"] if line["structure"] == structure and line["gives"] == "points"]
    results = [float(line["result"]) for line in lines]
    if entry["factor"] == "minimums":
        return 100 + min(results)
    return min(max(50 + sum(results), 0.0), 100.0)


def shape_at(line: Line) -> tuple[float | None, str]:
    """What a line's shape gives at its value, from the line alone; None where it does not say."""
    value = line["value"]
    if "segment" in line:
        (x0, y0), (x1, y1) = line["segment"]
        if x0 == x1:
            return y0, "segment"
        assert x0 <= value <= x1 + 1e-6
        return y0 + (y1 - y0) * (value - x0) / (x1 - x0), "segment"
    if "band" in line:
        low, high = line["band"]
        assert (low is None or low <= value) and (high is None or value < high)
        return None, "band"
    if "row" in line:
        assert line["row"] == value
        return None, "row"
    ((test, bound),) = ((key, number) for key, number in line["bound"].items() if key != "met")
    value = np.inf if value is None else value
    met = {"at_least": value >= bound, "at_most": value <= bound, "above": value > bound}[test]
    assert line["bound"]["met"] == met
    return None, "bound"


def test_columns_have_one_value_a_row() -> None:
    for name, column in arrays(evaluate(book(50, 7), SHELF, POLICY, AS_OF)).items():
        assert len(column) == 7, name
