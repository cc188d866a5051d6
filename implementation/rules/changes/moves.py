"""Changing one fact of an account, and with it the facts that cannot stay as they are."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
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
    linked = _LINKED.get(name)
    if linked is None:
        block[name][rows] = values
        return
    before = block[name][rows].copy()
    block[name][rows] = values
    linked(block, rows, before)


def moves_too(name: str) -> frozenset[str]:
    """The fact, and those that may have to move with it."""
    return _TOGETHER.get(name, frozenset()) | {name}


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

_TOGETHER: dict[str, frozenset[str]] = {
    "account_value": frozenset({"direct_index_value", "household_value"}),
    "unrealized_gain": frozenset({"short_term_gain"}),
    "largest_position_share": frozenset({"saleable_largest_share"}),
    "household_accounts": frozenset({"household_managed_accounts", "taxable_equity_accounts"}),
    "household_managed_accounts": frozenset({"household_accounts"}),
    "taxable_equity_accounts": frozenset({"household_accounts"}),
    **{
        name: frozenset(
            {*FUNDING_SHARES, "largest_position_share", "saleable_largest_share", "stock_gain_share"}
        )
        for name in FUNDING_SHARES
    },
}

Line = tuple[float, float]
"""Slope and offset of a fact that follows another."""


def follows(name: str, now: Mapping[str, float]) -> dict[str, list[Line]]:
    """How facts of an account move along with one: freely, or along what caps them.

    Args:
        name: the fact that moves.
        now: every fact of the account, NaN unknown.

    Returns:
        Each fact that may move, the one itself among them, with the straight lines that it may follow. `move`
        says which of them holds where.
    """
    lines: dict[str, list[Line]] = {name: [(1.0, 0.0)]}
    value, rest = now[name], 1.0 - now[name]
    if name == "account_value":
        lines["household_value"] = [(1.0, now["household_value"] - value), (1.0, 0.0)]
        lines["direct_index_value"] = [(1.0, 0.0)]
    elif name == "largest_position_share" and value > 0:
        lines["saleable_largest_share"] = [(now["saleable_largest_share"] / value, 0.0)]
    elif name in FUNDING_SHARES and rest > 0:
        for share in FUNDING_SHARES:
            if share != name:
                lines[share] = [(-now[share] / rest, now[share] / rest)]
        (stock, bond) = (lines[share][0] for share in ("stock_share", "bond_share"))
        lines["stock_gain_share"] = [stock]
        for position in ("largest_position_share", "saleable_largest_share"):
            lines[position] = [(stock[0] + bond[0], stock[1] + bond[1])]
    else:
        lines |= {part: [(1.0, 0.0)] for part in _TOGETHER.get(name, ())}
    return lines


_WITHIN = {
    "direct_index_value": "account_value",
    "saleable_largest_share": "largest_position_share",
    "stock_gain_share": "stock_share",
    "short_term_gain": "unrealized_gain",
}


BOUNDED = frozenset({*_WITHIN, *FUNDING_SHARES, "household_value", "largest_position_share"})
"""Facts whose room other facts of the account bound."""


def room(columns: Columns, name: str, ranges: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    """The least and the greatest value that a fact of this account can take by itself."""
    return room_beside({fact: float(column[0]) for fact, column in columns.items()}, name, ranges)


def room_beside(
    now: Mapping[str, float], name: str, ranges: Mapping[str, tuple[float, float]]
) -> tuple[float, float]:
    """The same, beside what the other facts are; NaN is unknown."""
    low, high = max(FACTS[name].low, ranges[name][0]), min(FACTS[name].high, ranges[name][1])
    whole = now[_WITHIN[name]] if name in _WITHIN else math.nan
    if name == "largest_position_share":
        whole = now["stock_share"] + now["bond_share"]
    if not math.isnan(whole):
        high = min(high, whole)
    if name == "household_value" and not math.isnan(now["account_value"]):
        low = max(low, now["account_value"])
    if name in FUNDING_SHARES and now[name] >= 1.0:
        low = 1.0  # nothing else is there that could take its place
    return low, max(low, high)
