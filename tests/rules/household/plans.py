"""Accounts and plans of the tests of the household plan.

An account of these tests has $400,000 in cash at Schwab. Other accounts left aside it leans to the UMA; one
that is mostly a single appreciated stock, to be sold, leans to the SMA.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from implementation.rules.household.plan import Member, Plan, household_plan
from implementation.rules.policy import Policy
from implementation.rules.shelf import Shelf
from tests.rules.books import AS_OF, POLICY, SHELF, columns
from tests.rules.changed import policy_with
from tests.rules.shelves import shelf_of, sma, uma

NAMES = ["Ann's", "Ben's", "the trust", "the IRA", "the farm"]
CASH: dict[str, Any] = {
    "account_value": 400_000, "direct_index_value": 400_000, "household_value": 1_200_000,
    "household_accounts": 3, "household_managed_accounts": 3, "taxable_equity_accounts": 3,
    "group_movable_share": 1.0, "custodian": "schwab",
}  # fmt: skip
STOCK = CASH | {
    "cash_share": 0, "stock_share": 1, "largest_position_share": 0.45, "saleable_largest_share": 0.45,
    "unrealized_gain_share": 0.3, "stock_gain_share": 0.3, "unrealized_gain": 120_000, "lot_count": 60,
    "household_managed_accounts": 1, "coordination_importance": 0,
}  # fmt: skip
IRA = CASH | {
    "registration": "traditional_ira", "tax_status": "tax_deferred", "usable_gains": 0, "short_term_rate": 0,
    "long_term_rate": 0, "gain_budget": 0, "client_requests_direct_indexing": True,
}  # fmt: skip
SMALL = {"account_value": 100_000, "direct_index_value": 100_000}  # below the minimum of the SMA
NOT_TAXED = Member(None, "not_taxable")


def plan(
    accounts: Sequence[dict[str, Any]],
    members: Sequence[Member] | None = None,
    shelf: Shelf = SHELF,
    policy: Policy = POLICY,
) -> Plan:
    """The plan; all of one tax unit unless said otherwise."""
    given = members or [Member(1)] * len(accounts)
    return household_plan(columns(*accounts), given, NAMES[: len(accounts)], shelf, policy, AS_OF)


def places(found: Plan, shelf: Shelf = SHELF) -> list[str | None]:
    return [None if p.program is None else shelf.programs[p.program].code for p in found.placements]


MANY = shelf_of(
    sma("sma_dear", 45),
    sma("sma_small", 25, maximum_restrictions={"value": 3, "unit": "securities"}),
    uma("uma_any", 40),
    uma("uma_schwab", 35, "orion", overlay_scope="household", overlay_custodians=["schwab"]),
    uma("uma_alone", 20, "sei", overlay_scope="account"),
    uma("uma_any_dear", 90),
)


def credited(points: float) -> Any:
    return policy_with("household_plan.coordination_points.value", points)
