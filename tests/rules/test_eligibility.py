"""Every test of a program at its boundary: pass, fail with the gap, unknown with what is missing; by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from implementation.rules.eligibility import cents
from implementation.rules.explain import explain
from implementation.rules.shelf import Shelf
from tests.rules.books import AS_OF, POLICY, SHELF, columns
from tests.rules.scored import scored

Entry = dict[str, Any]


def entry(test: str, structure: str = "SMA", terms: dict[str, Any] | None = None, **changes: Any) -> Entry:
    shelf = SHELF.with_changes({structure: terms}) if terms else SHELF
    result = explain(columns(changes), 0, shelf, POLICY, AS_OF)
    (found,) = (e for e in result["eligibility"] if (e["structure"], e["test"]) == (structure, test))
    return found


def of_size(value: float) -> dict[str, float]:
    return {"account_value": value, "direct_index_value": value, "household_value": value}


@pytest.mark.parametrize(
    ("value", "verdict", "gap"),
    [
        (250_000, "pass", None),
        (250_000.004, "pass", None),
        (249_999.99, "fail", 0.01),
        (249_999.996, "pass", None),
    ],
)
def test_a_minimum_is_met_to_the_cent(value: float, verdict: str, gap: float | None) -> None:
    found = entry("initial_minimum", **of_size(value))
    assert (found["verdict"], found["threshold"], found["gap"]) == (verdict, 250_000, gap)


def test_float_noise_decides_nothing() -> None:
    # 0.1 + 0.2 a hundred thousand times over is not 30,000 in floating point; in cents it is.
    value = 220_000.0
    for _ in range(100_000):  # one by one: sum() compensates its errors from Python 3.12
        value += 0.1
        value += 0.2
    assert value != 250_000
    assert entry("initial_minimum", **of_size(value))["verdict"] == "pass"


@pytest.mark.parametrize(("out", "verdict", "gap"), [(10_000, "pass", None), (10_000.01, "fail", 0.01)])
def test_the_maintenance_minimum_is_met_after_withdrawals(
    out: float, verdict: str, gap: float | None
) -> None:
    found = entry("maintenance_minimum", **of_size(260_000), planned_withdrawals=out)
    assert (found["verdict"], found["gap"]) == (verdict, gap)


def test_withdrawals_beyond_the_account_leave_nothing_and_no_less() -> None:
    found = entry("maintenance_minimum", **of_size(260_000), planned_withdrawals=300_000)
    assert (found["verdict"], found["gap"]) == ("fail", 250_000)


def test_dollars_are_compared_in_whole_cents() -> None:
    assert cents(np.array([0.0, 12.344, 12.346, 1.0])).tolist() == [0, 1_234, 1_235, 100]


def test_a_minimum_of_a_dollar_is_a_minimum() -> None:
    terms = {"initial_minimum": 1, "maintenance_minimum": 0}
    assert entry("initial_minimum", terms=terms, **of_size(0.99))["verdict"] == "fail"
    assert entry("initial_minimum", terms=terms, **of_size(1.0))["verdict"] == "pass"


def test_withdrawals_do_not_count_against_the_initial_minimum() -> None:
    assert entry("initial_minimum", **of_size(260_000), planned_withdrawals=100_000)["verdict"] == "pass"


@pytest.mark.parametrize(
    ("counts", "verdict", "missing"),
    [(True, "pass", None), (False, "fail", None), (None, "unknown", "house_sma.counts_contributions")],
)
def test_contributions_count_where_the_program_says_so(counts: Any, verdict: str, missing: Any) -> None:
    change = {"planned_withdrawals": 20_000, "planned_contributions": 10_000}
    found = entry("maintenance_minimum", terms={"counts_contributions": counts}, **of_size(260_000), **change)
    assert (found["verdict"], found["missing"]) == (verdict, missing)


@pytest.mark.parametrize(
    ("counts", "verdict", "value"),
    [(True, "pass", 300_000), (False, "fail", 240_000), (None, "unknown", None)],
)
def test_restricted_stock_counts_where_the_program_says_so(counts: Any, verdict: str, value: Any) -> None:
    stock = {"cash_share": 0.8, "stock_share": 0.2, "restricted_share": 0.2, "restriction_reason": "pledged"}
    found = entry("initial_minimum", terms={"counts_restricted_stock": counts}, **of_size(300_000), **stock)
    assert (found["verdict"], found["value"]) == (verdict, value)


def test_a_term_unstated_and_a_fact_unknown_leave_both_ends_open() -> None:
    unstated = {"counts_restricted_stock": None}
    # All of it counts, or as little as nothing; the account is 200,000 to 300,000, all of which counts.
    share = {"cash_share": 0.0, "stock_share": 1.0, "restricted_share": None, "restriction_reason": "pledged"}
    value = {"account_value": None, "direct_index_value": 200_000, "household_value": 300_000}
    for facts in ({**of_size(300_000), **share}, value):
        assert entry("initial_minimum", terms=unstated, **facts)["verdict"] == "unknown"


def test_a_relationship_minimum_counts_the_household() -> None:
    change = {**of_size(100_000), "household_value": 300_000}
    assert entry("initial_minimum", terms={"minimum_basis": "relationship"}, **change)["verdict"] == "pass"
    assert entry("initial_minimum", **change)["verdict"] == "fail"


def test_the_sleeve_minimum_reads_the_direct_index() -> None:
    at = entry("sleeve_minimum", "UMA", direct_index_value=50_000)
    below = entry("sleeve_minimum", "UMA", direct_index_value=49_999.99)
    assert (at["verdict"], below["verdict"], below["gap"]) == ("pass", "fail", 0.01)


def test_an_unknown_minimum_cannot_pass_whatever_the_value() -> None:
    found = entry("initial_minimum", terms={"initial_minimum": None}, **of_size(9e9))
    assert (found["verdict"], found["missing"]) == ("unknown", "house_sma.initial_minimum")


def test_what_is_unknown_passes_or_fails_where_every_value_would() -> None:
    # The account holds at least its direct index and at most what the household has.
    def verdict(least: float, most: float) -> str:
        facts = {"account_value": None, "direct_index_value": least, "household_value": most}
        return str(entry("initial_minimum", **facts)["verdict"])

    assert verdict(250_000, 300_000) == "pass"
    assert verdict(249_999.99, 300_000) == "unknown"
    assert verdict(100_000, 250_000) == "unknown"
    assert verdict(100_000, 249_999.99) == "fail"


def test_unknown_restrictions_against_a_maximum() -> None:
    # The policy holds an unknown number of restrictions for 0 to 500.
    unknown = {"security_restrictions": None}
    assert entry("maximum_restrictions", terms={"maximum_restrictions": 500}, **unknown)["verdict"] == "pass"
    assert (
        entry("maximum_restrictions", terms={"maximum_restrictions": 499}, **unknown)["verdict"] == "unknown"
    )
    assert entry("maximum_restrictions", terms={"maximum_restrictions": 0}, **unknown)["verdict"] == "unknown"


def test_no_minimum_passes_even_an_unknown_value() -> None:
    found = entry("sleeve_minimum", "UMA", terms={"sleeve_minimum": 0}, direct_index_value=None)
    assert found["verdict"] == "pass"


def test_an_unknown_value_is_named() -> None:
    found = entry("initial_minimum", account_value=None, direct_index_value=None)
    assert (found["verdict"], found["missing"], found["value"]) == ("unknown", "account_value", None)


@pytest.mark.parametrize(
    ("test", "field", "fact", "value", "other"),
    [
        ("custodian", "custodians", "custodian", "schwab", "fidelity"),
        ("registration", "registrations", "registration", "joint", "entity"),
        ("strategy", "strategies", "strategy", "us_small", "global"),
    ],
)
def test_lists_of_what_is_accepted(test: str, field: str, fact: str, value: str, other: str) -> None:
    assert entry(test, terms={field: [value]}, **{fact: value})["verdict"] == "pass"
    assert entry(test, terms={field: [value]}, **{fact: other})["verdict"] == "fail"
    unknown = entry(test, terms={field: [value]}, **{fact: None})
    assert (unknown["verdict"], unknown["missing"]) == ("unknown", fact)
    unstated = entry(test, terms={field: None}, **{fact: value})
    assert (unstated["verdict"], unstated["missing"]) == ("unknown", f"house_sma.{field}")
    assert entry(test, terms={field: "any"}, **{fact: None})["verdict"] == "pass"


@pytest.mark.parametrize(
    ("test", "fact"),
    [
        ("options_overlay", "needs_options_overlay"),
        ("alternatives", "needs_alternatives"),
        ("fixed_income_discretion", "needs_fixed_income_discretion"),
    ],
)
def test_abilities(test: str, fact: str) -> None:
    verdicts = {
        (able, needed): entry(test, terms={test: able}, **{fact: needed})["verdict"]
        for able in (True, False, None)
        for needed in (True, False, None)
    }
    assert verdicts == {
        (True, True): "pass",
        (True, False): "pass",
        (True, None): "pass",
        (False, True): "fail",
        (False, False): "pass",
        (False, None): "unknown",
        (None, True): "unknown",
        (None, False): "pass",
        (None, None): "unknown",
    }


@pytest.mark.parametrize(("count", "verdict"), [(50, "pass"), (51, "fail"), (None, "unknown")])
def test_restrictions_up_to_the_maximum(count: Any, verdict: str) -> None:
    assert entry("maximum_restrictions", "UMA", security_restrictions=count)["verdict"] == verdict


def test_kept_holdings_need_a_program_that_keeps_them() -> None:
    kept = {"cash_share": 0.9, "stock_share": 0.1, "legacy_retention_share": 0.1}
    assert entry("legacy_retention", terms={"legacy_retention": False}, **kept)["verdict"] == "fail"
    assert entry("legacy_retention", terms={"legacy_retention": False})["verdict"] == "pass"


@pytest.mark.parametrize(
    ("asked", "known", "verdict"),
    [
        (True, 0.95, "pass"),
        (True, 0.9499, "fail"),
        (False, 0.0, "pass"),
        (None, 0.9499, "unknown"),
        (None, 1.0, "pass"),
    ],
)
def test_lots_known(asked: Any, known: float, verdict: str) -> None:
    assert entry("lots_known", terms={"lots_required": asked}, lots_known_share=known)["verdict"] == verdict


def test_a_structure_is_open_if_one_of_its_programs_is() -> None:
    two = _two_smas()
    assert scored(two, **of_size(150_000)).eligible["SMA"][0] == 1
    assert scored(two, **of_size(150_000)).program["SMA"][0] == 2
    assert scored(two, **of_size(90_000)).eligible["SMA"][0] == 0


def test_the_cheapest_eligible_program_represents_its_structure() -> None:
    two = _two_smas()
    # 36 bps against 30: the second is cheaper and open to both, so it represents whenever it can.
    assert scored(two, **of_size(300_000)).program["SMA"][0] == 2
    assert scored(two, **of_size(300_000)).cost_bps["SMA"][0] == pytest.approx(30)


def test_a_program_with_an_unknown_price_represents_only_without_another() -> None:
    unpriced = _two_smas(price=None)
    assert scored(unpriced, **of_size(300_000)).program["SMA"][0] == 0
    assert scored(unpriced, **of_size(150_000)).program["SMA"][0] == 2


def test_a_shelf_without_a_structure_says_so() -> None:
    data = dict(SHELF.document.data)
    data["programs"] = [row for row in data["programs"] if row["structure"] == "UMA"]
    from implementation.rules.documents.document import canonical_json

    only_uma = Shelf.parse(canonical_json(data))
    found = scored(only_uma)
    assert (found.eligible["SMA"][0], found.program["SMA"][0], found.outcome[0]) == (0, -1, 1)
    assert "eligibility.no_program" in POLICY.reason_codes(int(found.reasons[0]))
    assert "holds no SMA" in explain(columns({}), 0, only_uma, POLICY, AS_OF)["why_not"]


def _two_smas(price: float | None = 30) -> Shelf:
    """The house shelf and a second SMA from $100,000 at a flat price."""
    import copy

    from implementation.rules.documents.document import canonical_json

    data = copy.deepcopy(SHELF.document.data)
    row = copy.deepcopy(next(row for row in data["programs"] if row["structure"] == "SMA"))
    row |= {"code": "second_sma", "name": "Second SMA", "fees": "unknown"}
    row["initial_minimum"] = {"value": 100_000, "unit": "USD"}
    if price is not None:
        part = {"kind": "manager", "unit": "bps a year", "tiers": [{"bps": price}]}
        row["fees"] = {"components": [part]}
    data["programs"].append(row)
    return Shelf.parse(canonical_json(data))
