"""What a row is told hangs on nothing beside it: several programs, missing facts, small changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from implementation.rules.engine import OUTCOMES, evaluate
from implementation.rules.facts import Columns, columns_of
from implementation.rules.shelf import Shelf
from implementation.rules.unknowns.completions import completed_shelves
from tests.rules.books import AS_OF, POLICY, PUBLISHED, SHELF, account, book, columns, forget

SMA, UMA = SHELF.programs
LOWER = replace(SMA, code="lower", initial_minimum=100_000.0, maintenance_minimum=100_000.0)
UNSTATED = replace(LOWER, code="unstated", options_overlay=None, unknowns=frozenset({"options_overlay"}))


def shelf_of(*programs: Any) -> Shelf:
    return replace(SHELF, programs=programs, sha256="-".join(program.code for program in programs))


SHELVES = {
    "two SMAs": shelf_of(SMA, LOWER, UMA),
    "two SMAs, an ability unstated": shelf_of(SMA, UNSTATED, UMA),
    "published, all stated": completed_shelves(PUBLISHED, POLICY)[0],
}
COLUMNS = ("outcome", "outcome_set", "low", "high", "net_fit", "margin", "fragile", "provisional", "reasons")


def told(rows: Columns, shelf: Shelf) -> list[Any]:
    found = evaluate(rows, shelf, POLICY, AS_OF)
    return [np.asarray(getattr(found, name), dtype=np.float64) for name in COLUMNS]


def row_of(rows: Columns, row: int) -> Columns:
    return {name: column[row : row + 1] for name, column in rows.items()}


@pytest.mark.parametrize("shelf", SHELVES.values(), ids=SHELVES)
@pytest.mark.parametrize("most", [0, 4])
def test_alone_as_in_company(shelf: Shelf, most: int) -> None:
    made = forget(book(61, 1_200), seed=3, most=most)
    together = told(made, shelf)
    for row in range(0, 1_200, 24):
        for name, alone, among in zip(COLUMNS, told(row_of(made, row), shelf), together, strict=True):
            assert np.array_equal(alone[0], among[row], equal_nan=True), (row, name)


def test_a_row_that_lacks_something_widens_no_other() -> None:
    """The second SMA does not say whether it offers options; the first account does not ask for them."""
    plain = {"account_value": 600_000, "direct_index_value": 600_000, "household_value": 600_000}
    shelf = SHELVES["two SMAs, an ability unstated"]
    alone = evaluate(columns(plain), shelf, POLICY, AS_OF)
    beside = evaluate(columns(plain, {"needs_options_overlay": True}), shelf, POLICY, AS_OF)
    assert alone.low[0] == alone.high[0] == beside.low[0] == beside.high[0]
    assert not beside.provisional[0]


def test_small_changes_that_make_known_facts_disagree_settle_alike() -> None:
    """Gains moved up by 5 points may pass the share of stocks: that says nothing about what is missing."""
    made = forget(book(205, 3_000), seed=5, most=5)
    together = evaluate(made, SHELF, POLICY, AS_OF)
    rows = np.flatnonzero((together.outcome != OUTCOMES.index("INDETERMINATE")) & together.provisional)
    assert 170 in rows
    for row in [170, *rows[:60]]:
        alone = evaluate(row_of(made, row), SHELF, POLICY, AS_OF)
        assert alone.fragile[0] == together.fragile[row], row


@pytest.mark.parametrize(
    "changes",
    [
        {"restricted_share": None},
        {"restriction_reason": None},
        {"restricted_share": None, "restriction_reason": None},
    ],
    ids=["share", "reason", "both"],
)
def test_nothing_is_restricted_without_a_reason(changes: dict[str, Any]) -> None:
    """A Roth IRA in cash, nothing asked: only with both unknown may there be a holding to work around."""
    roth = {
        "registration": "roth_ira", "tax_status": "tax_free", "account_value": 150_000,
        "direct_index_value": 150_000, "household_value": 150_000, "security_restrictions": 0,
        "usable_gains": 0, "client_requests_direct_indexing": False,
    }  # fmt: skip
    found = evaluate(columns_of([account(**roth, **changes)]), SHELF, POLICY, AS_OF)
    possible = {name for bit, name in enumerate(OUTCOMES) if int(found.outcome_set[0]) >> bit & 1}
    assert possible == ({"NEITHER"} if len(changes) == 1 else {"NEITHER", "UMA"})


@pytest.mark.parametrize("within", [8.2, 8.3, 8.7, 9.2])
def test_the_tolerance_itself_is_within_it(within: float) -> None:
    policy = replace(POLICY, numbers={**POLICY.numbers, "either_within": within}, sha256=str(within))
    found = evaluate(book(3, 60_000), SHELF, policy, AS_OF)
    at = (np.abs(found.low) == within) & (found.decided_by == 2)
    assert at.any()
    assert set(found.outcome[at].tolist()) == {OUTCOMES.index("EITHER")}
