"""Need: what warrants direct indexing over a plain ETF, at the house policy's boundaries; by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.scored import reasons, scored

NOTHING = {"security_restrictions": 0, "usable_gains": 0}


@pytest.mark.parametrize(
    ("changes", "need", "reason"),
    [
        ({}, 0, "need.nothing_asks"),
        ({"security_restrictions": 2}, 0, "need.nothing_asks"),
        ({"security_restrictions": 3}, 1, "need.customization"),
        ({"sector_tilts": 1}, 1, "need.customization"),
        ({"esg_screens": 1}, 1, "need.customization"),
        ({"client_requests_direct_indexing": True}, 1, "need.requested"),
        ({"legacy_retention_share": 0.05}, 1, "need.holdings"),
        ({"legacy_retention_share": 0.049}, 0, "need.nothing_asks"),
        ({"cash_share": 0.5, "stock_share": 0.5, "stock_gain_share": 0.05}, 1, "need.holdings"),
        ({"cash_share": 0.5, "stock_share": 0.5, "stock_gain_share": 0.049}, 0, "need.nothing_asks"),
        # 5 bps of 500,000 are $250 a year; at 0.25 * 0.37 + 0.75 * 0.20 = 0.2425 that is $1,030.93 of losses
        ({"usable_gains": 1_030}, 0, "need.nothing_asks"),
        ({"usable_gains": 1_031}, 1, "need.tax_value"),
        ({"usable_gains": 1_031, "tax_status": "tax_deferred"}, 0, "need.nothing_asks"),
        ({"security_restrictions": None}, -1, None),
        ({"security_restrictions": None, "sector_tilts": 1}, 1, "need.customization"),
    ],
)
def test_need(changes: dict[str, Any], need: int, reason: str | None) -> None:
    facts = {**NOTHING, **changes}
    assert scored(**facts).need[0] == need
    given = [code for code in reasons(**facts) if code.startswith("need.")]
    assert given == ([reason] if reason else [])


def test_without_need_the_outcome_is_neither_and_need_decides() -> None:
    found = scored(**NOTHING)
    assert (found.outcome[0], found.decided_by[0]) == (3, 0)


def test_an_unknown_need_leaves_neither_possible() -> None:
    found = scored(**{**NOTHING, "client_requests_direct_indexing": None})
    assert found.outcome[0] == 4
    assert found.outcome_set[0] >> 3 & 1
