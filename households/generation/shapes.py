"""The fitted shapes: how wealthy, how old, how invested; read once, drawn from by columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

LEVELS = (0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1.0)
WEALTH_LEVELS = (
    0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999,
)  # fmt: skip
# Lower bounds of the wealth bands, dollars of financial assets.
WEALTH_EDGES = (250_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000)
AGE_EDGES = (18, 45, 55, 65, 73)  # years, lower bound of each band
GAIN_EDGES = (250_000, 2_000_000)  # dollars of financial assets
FUND_KINDS = ("stock", "combination", "government", "other_bond", "tax_free", "other")

OWNED = (
    "retirement", "personal_retirement", "managed", "trust", "cash", "stock", "bond",
    "realized_gain", "realized_loss",
)  # fmt: skip

DOCUMENT = Path(__file__).with_name("shapes.yaml")


@dataclass(frozen=True)
class Owned:
    """A part of a portfolio by wealth band: who owns it, and the share among owners.

    Attributes:
        owners: shape (bands,), fraction of families who own any.
        share: shape (bands, levels), quantiles of the share, 0 to 1.
    """

    owners: np.ndarray
    share: np.ndarray


@dataclass(frozen=True)
class Shapes:
    """Everything `fit.py` found; docs/generation.md explains each. By wealth band: (bands, levels)."""

    source: str
    wealth: np.ndarray
    age: np.ndarray
    married: np.ndarray
    children: np.ndarray
    income_to_wealth: np.ndarray
    retirement: Owned
    personal_retirement: Owned
    managed: Owned
    trust: Owned
    cash: Owned
    stock: Owned
    bond: Owned
    realized_gain: Owned
    realized_loss: Owned
    stock_names: np.ndarray
    fund_owners: np.ndarray
    fund_share: np.ndarray
    gain_stock: np.ndarray
    gain_funds: np.ndarray


@cache
def load_shapes() -> Shapes:
    """Read the shipped document.

    Raises:
        ValueError: an entry has the wrong number of bands or levels.
    """
    document = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    bands, ages, levels = len(WEALTH_EDGES), len(AGE_EDGES), len(LEVELS)
    by_band = {
        name: _table(document[name], name, (bands, levels))
        for name in ("age", "income_to_wealth", "stock_names")
    }
    owned = {name: _owned(document[name], name) for name in OWNED}
    funds = [document["funds"][kind] for kind in FUND_KINDS]
    return Shapes(
        source=document["source"],
        wealth=_table(document["wealth"], "wealth", (len(WEALTH_LEVELS),)),
        married=_table(document["married"], "married", (ages,)),
        children=_table(document["children"], "children", (ages, 5)),
        fund_owners=_table([f["owners"] for f in funds], "funds.owners", (len(FUND_KINDS),)),
        fund_share=_table([f["share"] for f in funds], "funds.share", (len(FUND_KINDS), levels)),
        gain_stock=_table(document["gain"]["stock"], "gain.stock", (len(GAIN_EDGES), levels)),
        gain_funds=_table(document["gain"]["funds"], "gain.funds", (len(GAIN_EDGES), levels)),
        **by_band,
        **owned,
    )


def at_level(table: np.ndarray, row: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Read quantile tables at uniform draws.

    Args:
        table: (rows, levels) quantiles at LEVELS.
        row: which row, one a draw.
        uniform: draws in [0, 1), the shape of `row`.

    Returns: the quantile of each draw, straight between levels.
    """
    levels = np.array(LEVELS)
    right = np.searchsorted(levels, uniform, side="right")
    right = np.minimum(right, len(levels) - 1)
    low, high = table[row, right - 1], table[row, right]
    return low + (high - low) * ((uniform - levels[right - 1]) / (levels[right] - levels[right - 1]))


def band_of(values: np.ndarray, edges: tuple[int, ...]) -> np.ndarray:
    """The band each value falls in; what lies under the first edge counts as the first band."""
    return np.maximum(np.searchsorted(np.array(edges), values, side="right") - 1, 0)


def _owned(entries: list[dict[str, Any]], name: str) -> Owned:
    return Owned(
        owners=_table([e["owners"] for e in entries], f"{name}.owners", (len(WEALTH_EDGES),)),
        share=_table([e["share"] for e in entries], f"{name}.share", (len(WEALTH_EDGES), len(LEVELS))),
    )


def _table(entry: Any, name: str, shape: tuple[int, ...]) -> np.ndarray:
    table = np.array(entry, dtype=np.float64)
    if table.shape != shape:
        raise ValueError(f"{DOCUMENT.name}: {name} has shape {table.shape}, expected {shape}")
    return table
