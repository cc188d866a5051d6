"""Changing one fact of an account, and with it the facts that cannot stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from implementation.rules.contract import FACTS, FUNDING_SHARES
from implementation.rules.facts import Columns
from implementation.rules.shapes import Array

Block = dict[str, Any]
"""Columns of equal length in which one fact takes several values."""


def block_of(columns: Columns, count: int) -> Block:
    """One account repeated `count` times."""
    return {name: np.repeat(column, count) for name, column in columns.items()}


def move(block: Block, rows: slice, name: str, values: Any) -> None:
    """Give a fact new values in some rows, and carry along what is linked to it.

    A part is never more than its whole, the funding shares keep their sum, and what the account gains or
    loses the household does.
    """
    before = block[name][rows].copy()
    block[name][rows] = values
    linked = _LINKED.get(name)
    if linked is not None:
        linked(block, rows, before)


def _cap(block: Block, rows: slice, part: str, most: Array) -> None:
    block[part][rows] = np.minimum(block[part][rows], most)


def _floor(block: Block, rows: slice, whole: str, least: Array) -> None:
    block[whole][rows] = np.maximum(block[whole][rows], least)


def _account_value(block: Block, rows: slice, before: Array) -> None:
    value, direct = block["account_value"][rows], block["direct_index_value"][rows]
    # The whole account is one sleeve where the two were equal; else the sleeve stays, if there is room.
    block["direct_index_value"][rows] = np.where(direct == before, value, np.minimum(direct, value))
    household = block["household_value"][rows] + np.where(np.isnan(before), 0.0, value - before)
    block["household_value"][rows] = np.maximum(household, value)


def _funding(name: str) -> Callable[[Block, slice, Array], None]:
    others = tuple(share for share in FUNDING_SHARES if share != name)

    def linked(block: Block, rows: slice, before: Array) -> None:
        rest = 1.0 - before
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.where(rest > 0, (1.0 - block[name][rows]) / rest, 1.0)
        for share in others:
            block[share][rows] = np.minimum(block[share][rows] * scale, 1.0)
        _positions(block, rows, before)

    return linked


def _positions(block: Block, rows: slice, before: Array) -> None:
    _cap(block, rows, "largest_position_share", block["stock_share"][rows] + block["bond_share"][rows])
    _cap(block, rows, "saleable_largest_share", block["largest_position_share"][rows])
    _cap(block, rows, "stock_gain_share", block["stock_share"][rows])


def _largest(block: Block, rows: slice, before: Array) -> None:
    largest, saleable = block["largest_position_share"][rows], block["saleable_largest_share"][rows]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(before > 0, saleable / before, 1.0)
    block["saleable_largest_share"][rows] = largest * part


def _gain(block: Block, rows: slice, before: Array) -> None:
    _cap(block, rows, "short_term_gain", block["unrealized_gain"][rows])


def _accounts(block: Block, rows: slice, before: Array) -> None:
    for part in ("household_managed_accounts", "taxable_equity_accounts"):
        _cap(block, rows, part, block["household_accounts"][rows])


def _counted_accounts(name: str) -> Callable[[Block, slice, Array], None]:
    def linked(block: Block, rows: slice, before: Array) -> None:
        _floor(block, rows, "household_accounts", block[name][rows])

    return linked


_LINKED: dict[str, Callable[[Block, slice, Array], None]] = {
    "account_value": _account_value,
    "unrealized_gain": _gain,
    "largest_position_share": _largest,
    "household_accounts": _accounts,
    "household_managed_accounts": _counted_accounts("household_managed_accounts"),
    "taxable_equity_accounts": _counted_accounts("taxable_equity_accounts"),
    **{name: _funding(name) for name in FUNDING_SHARES},
}

_WITHIN = {
    "direct_index_value": "account_value",
    "saleable_largest_share": "largest_position_share",
    "stock_gain_share": "stock_share",
    "short_term_gain": "unrealized_gain",
}


def room(columns: Columns, name: str, ranges: dict[str, tuple[float, float]]) -> tuple[float, float]:
    """The least and the greatest value that a fact of this account can take by itself."""
    low, high = FACTS[name].low, FACTS[name].high
    low, high = max(low, ranges[name][0]), min(high, ranges[name][1])
    if name in _WITHIN:
        whole = float(columns[_WITHIN[name]][0])
        high = high if np.isnan(whole) else min(high, whole)
    if name == "household_value":
        value = float(columns["account_value"][0])
        low = low if np.isnan(value) else max(low, value)
    if name == "largest_position_share":
        stock = float(columns["stock_share"][0] + columns["bond_share"][0])
        high = high if np.isnan(stock) else min(high, stock)
    if name in FUNDING_SHARES and float(columns[name][0]) >= 1.0:
        low = 1.0  # nothing else is there that could take its place
    return low, max(low, high)
