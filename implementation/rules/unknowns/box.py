"""The feasible box: what unknown facts of a row may be, given what is known of the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from implementation.rules.contract import FACTS, FUNDING_SHARES
from implementation.rules.facts import Columns
from implementation.rules.shapes import Array, Interval

Ranges = Mapping[str, tuple[float, float]]

SUM_SLACK = 0.001  # what rounding may make the funding shares miss of 1

KEPT = ("restricted_share", "legacy_retention_share")
NO_RESTRICTION = FACTS["restriction_reason"].codes.index("none")  # the first code: all others are above it

# (part, whole): the part is never more than the whole.
CONTAINED = (
    ("direct_index_value", "account_value"),
    ("account_value", "household_value"),
    ("saleable_largest_share", "largest_position_share"),
    ("stock_gain_share", "stock_share"),
    ("short_term_gain", "unrealized_gain"),
    ("household_managed_accounts", "household_accounts"),
)


def unknown_in(columns: Columns, name: str) -> NDArray[np.bool_]:
    """Rows in which a fact is unknown."""
    column = columns[name]
    return column < 0 if FACTS[name].kind == "code" else np.isnan(column)


def incomplete_rows(columns: Columns) -> NDArray[np.bool_]:
    """Rows in which any fact is unknown."""
    incomplete = np.zeros(len(columns["account_value"]), dtype=bool)
    for name in FACTS:
        incomplete |= unknown_in(columns, name)
    return incomplete


def feasible(columns: Columns, ranges: Ranges) -> dict[str, Any]:
    """Each fact as an array where it is known in every row, else as the interval of what it may be.

    Known values are never changed. A range that the known facts contradict falls back to the policy's.
    """
    rows: dict[str, Any] = {}
    for name, fact in FACTS.items():
        unknown = unknown_in(columns, name)
        if not unknown.any():
            rows[name] = columns[name]
            continue
        known = columns[name].astype(np.float64)
        low, high = (0.0, float(len(fact.codes) - 1)) if fact.kind == "code" else ranges[name]
        rows[name] = Interval(np.where(unknown, low, known), np.where(unknown, high, known))
    narrow(rows)
    return rows


def narrow(rows: dict[str, Any]) -> None:
    """Give up what unknown facts cannot be, beside the others."""
    _tighten_funding(rows)
    _tighten_positions(rows)
    _tighten_kept(rows)
    for part, whole in CONTAINED:
        _lower(rows, part, _high(rows, whole))
    for part, whole in CONTAINED:
        _raise(rows, whole, _low(rows, part))


def _low(rows: dict[str, Any], name: str) -> Array:
    value = rows[name]
    return value.low if isinstance(value, Interval) else value


def _high(rows: dict[str, Any], name: str) -> Array:
    value = rows[name]
    return value.high if isinstance(value, Interval) else value


def _lower(rows: dict[str, Any], name: str, most: Any) -> None:
    """An unknown value is at most this, unless that leaves nothing."""
    value = rows[name]
    if isinstance(value, Interval):
        value.high = np.maximum(np.minimum(value.high, most), value.low)


def _raise(rows: dict[str, Any], name: str, least: Any) -> None:
    """An unknown value is at least this, unless that leaves nothing."""
    value = rows[name]
    if isinstance(value, Interval):
        value.low = np.minimum(np.maximum(value.low, least), value.high)


def _tighten_funding(rows: dict[str, Any]) -> None:
    """The funding shares sum to 1, to what rounding allows: known shares may miss it by a little."""
    slack = SUM_SLACK
    lows = {name: _low(rows, name) for name in FUNDING_SHARES}
    highs = {name: _high(rows, name) for name in FUNDING_SHARES}
    for name in FUNDING_SHARES:
        others_low = sum(lows[other] for other in FUNDING_SHARES if other != name)
        others_high = sum(highs[other] for other in FUNDING_SHARES if other != name)
        _lower(rows, name, np.maximum(1 + slack - others_low, 0.0))
        _raise(rows, name, 1 - slack - others_high)


def _tighten_kept(rows: dict[str, Any]) -> None:
    """Nothing is restricted without a reason; what is restricted and what is retained are not the same."""
    without = _high(rows, "restriction_reason") == NO_RESTRICTION
    _lower(rows, "restricted_share", np.where(without, 0.0, np.inf))
    restricted = _low(rows, "restricted_share") > 0
    _raise(rows, "restriction_reason", np.where(restricted, NO_RESTRICTION + 1.0, 0.0))
    for name, other in (KEPT, KEPT[::-1]):
        _lower(rows, name, np.maximum(1.0 - _low(rows, other), 0.0))


def _tighten_positions(rows: dict[str, Any]) -> None:
    """A single issuer is stock or bond."""
    most = _high(rows, "stock_share") + _high(rows, "bond_share")
    _lower(rows, "largest_position_share", most)
    _lower(rows, "saleable_largest_share", most)
    largest = _low(rows, "largest_position_share")
    _raise(rows, "stock_share", largest - _high(rows, "bond_share"))
    _raise(rows, "bond_share", largest - _high(rows, "stock_share"))
