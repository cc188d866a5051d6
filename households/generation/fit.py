"""Fit the shapes of real affluent families, so that a generated book looks like a book.

Run it when a newer survey is out; only the fitted shapes are shipped, never a family's record:

    python -m households.generation.fit scf2019_families.csv.gz > households/generation/shapes.yaml

The file is the public summary extract of the Survey of Consumer Finances, with the columns of COLUMNS.
All five implicates are used; WGT is already divided by five. docs/generation.md tells the method.
"""

from __future__ import annotations

import csv
import gzip
import sys
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from households.generation.shapes import (
    AGE_EDGES,
    FUND_KINDS,
    GAIN_EDGES,
    LEVELS,
    WEALTH_EDGES,
    WEALTH_LEVELS,
)

FLOOR = 250_000  # dollars of financial assets from which a family is taken to have an advisor
MOST_KIDS = 4
# A band with fewer owners takes the share of all bands: a handful of families is no shape.
FEWEST_RECORDS = 100
FUND_COLUMNS = dict(
    zip(FUND_KINDS, ("STMUTF", "COMUTF", "GBMUTF", "OBMUTF", "TFBMUTF", "OMUTF"), strict=True)
)
COLUMNS = (
    "WGT", "AGE", "MARRIED", "KIDS", "INCOME", "KGINC", "LIQ", "CDS", "NMMF", *FUND_COLUMNS.values(),
    "STOCKS", "NSTOCKS", "BOND", "IRAKH", "THRIFT", "RETQLIQ", "TRUSTS", "OTHMA", "HBROK", "FIN", "KGSTMF",
)  # fmt: skip

Families = dict[str, np.ndarray]


def read_families(path: Path) -> Families:
    """Read the survey's columns as float64 arrays of equal length, from a plain or gzipped CSV."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return {name: np.array([float(row[name]) for row in rows]) for name in COLUMNS}


def advised(families: Families) -> Families:
    """Keep families who own at least FLOOR, some of it beyond deposits and retirement plans."""
    invests = (families["HBROK"] > 0) | (families["OTHMA"] > 0)
    invests |= (families["NMMF"] + families["STOCKS"] + families["BOND"]) > 0
    return _where(families, (families["FIN"] >= FLOOR) & invests)


def quantiles(values: np.ndarray, weights: np.ndarray, levels: tuple[float, ...] = LEVELS) -> np.ndarray:
    """Weighted quantiles; levels 0 and 1 stand for the 1st and 99th percentile, so no single family shows."""
    order = np.argsort(values, kind="stable")
    mass = np.cumsum(weights[order])
    clipped = np.clip(np.array(levels), 0.01, 0.99) if levels == LEVELS else np.array(levels)
    return np.interp(clipped * mass[-1], mass, values[order])


def fit(path: Path) -> dict[str, Any]:
    """Fit every shape of `shapes.Shapes` from the survey file at `path`.

    Returns: plain lists and numbers ready for YAML: shares as fractions, money in dollars of the survey year.
    """
    families = advised(read_families(path))
    weights = families["WGT"]
    bands = [
        _where(families, (families["FIN"] >= low) & (families["FIN"] < high))
        for low, high in zip(WEALTH_EDGES, (*WEALTH_EDGES[1:], np.inf), strict=True)
    ]
    ages = [
        _where(families, (families["AGE"] >= low) & (families["AGE"] < high))
        for low, high in zip(AGE_EDGES, (*AGE_EDGES[1:], 200), strict=True)
    ]
    wealth = quantiles(families["FIN"], weights, WEALTH_LEVELS)
    return {
        "records": len(weights),
        "families_represented": int(round(weights.sum(), -3)),
        "wealth": [int(round(v, -3)) for v in wealth],
        "age": [[round(float(v)) for v in quantiles(b["AGE"], b["WGT"])] for b in bands],
        "married": [_share(a["MARRIED"] == 1, a["WGT"]) for a in ages],
        "children": [_children(a) for a in ages],
        "income_to_wealth": [_rounded(quantiles(b["INCOME"] / b["FIN"], b["WGT"])) for b in bands],
        **_stages(families, np.searchsorted(np.array(WEALTH_EDGES), families["FIN"], side="right") - 1),
        "stock_names": [_names(b) for b in bands],
        "funds": {
            kind: _owned(weights, families[FUND_COLUMNS[kind]], families["NMMF"]) for kind in FUND_KINDS
        },
        "gain": _gains(families),
    }


def _stages(families: Families, band: np.ndarray) -> dict[str, Any]:
    """The portfolio as a broken stick: each part is a share of what the parts before it leave."""
    column = families.__getitem__
    cash = column("LIQ") + column("CDS")
    rest = column("NMMF") + column("STOCKS") + column("BOND")
    invested = np.where(rest > 0, cash + rest, 0.0)
    parts = {
        "retirement": (column("RETQLIQ"), column("FIN")),
        "personal_retirement": (column("IRAKH"), column("RETQLIQ")),
        "managed": (column("OTHMA"), column("FIN") - column("RETQLIQ")),
        "trust": (column("TRUSTS"), column("OTHMA")),
        "cash": (cash, invested),
        "stock": (column("STOCKS"), rest),
        "bond": (column("BOND"), rest - column("STOCKS")),
        "realized_gain": (np.maximum(column("KGINC"), 0), column("FIN")),
        "realized_loss": (np.maximum(-column("KGINC"), 0), column("FIN")),
    }
    return {name: _owned_by_band(families, part, whole, band) for name, (part, whole) in parts.items()}


def _owned_by_band(
    families: Families, part: np.ndarray, whole: np.ndarray, band: np.ndarray
) -> list[dict[str, Any]]:
    pooled = _owned(families["WGT"], part, whole)["share"]
    fitted = []
    for number in range(len(WEALTH_EDGES)):
        rows = band == number
        entry = _owned(families["WGT"][rows], part[rows], whole[rows])
        if np.count_nonzero((part > 0) & (whole > 0) & rows) < FEWEST_RECORDS:
            entry["share"] = pooled
        fitted.append(entry)
    return fitted


def _owned(weights: np.ndarray, part: np.ndarray, whole: np.ndarray) -> dict[str, Any]:
    """Who of those with a whole owns the part, and the quantiles of its share among owners."""
    has = whole > 0
    owns = has & (part > 0)
    share = np.divide(part, whole, out=np.zeros_like(part), where=has)
    return {
        "owners": _share(owns[has], weights[has]),
        "share": _rounded(np.minimum(quantiles(share[owns], weights[owns]), 1.0)),
    }


def _names(band: Families) -> list[int]:
    owners = _where(band, band["STOCKS"] > 0)
    return [max(1, round(float(v))) for v in quantiles(owners["NSTOCKS"], owners["WGT"])]


def _children(age: Families) -> list[float]:
    counts = np.minimum(age["KIDS"], MOST_KIDS)
    shares = [_share(counts == kids, age["WGT"]) for kids in range(MOST_KIDS)]
    return [*shares, max(0.0, round(1 - sum(shares), 4))]


def _gains(families: Families) -> dict[str, Any]:
    """Unrealized gain as a share of stock and fund value, apart for families led by stock and by funds."""
    value = families["STOCKS"] + families["NMMF"]
    share = np.divide(families["KGSTMF"], value, out=np.zeros_like(value), where=value > 0)
    by_stock = families["STOCKS"] > 0.5 * value
    fitted: dict[str, Any] = {}
    for lead, chosen in (("stock", by_stock), ("funds", ~by_stock)):
        fitted[lead] = []
        for low, high in zip(GAIN_EDGES, (*GAIN_EDGES[1:], np.inf), strict=True):
            rows = chosen & (value > 0) & (families["FIN"] >= low) & (families["FIN"] < high)
            # Gains beyond these bounds are answers about a value the family has since sold.
            bounded = np.clip(share[rows], -0.6, 0.95)
            fitted[lead].append(_rounded(quantiles(bounded, families["WGT"][rows])))
    return fitted


def _where(families: Families, rows: np.ndarray) -> Families:
    return {name: values[rows] for name, values in families.items()}


def _share(rows: np.ndarray, weights: np.ndarray) -> float:
    return round(float(weights[rows].sum() / weights.sum()), 4)


def _rounded(values: np.ndarray) -> list[float]:
    return [round(float(v), 4) for v in values]


HEADER = """\
# The shapes of affluent American families, from which books are drawn. Made by households/generation/fit.py:
# do not edit by hand. docs/generation.md tells how it was fitted and how each entry is used.
"""


class _Plain(yaml.SafeDumper):
    """YAML without aliases: a table that two bands share is written twice, so each reads by itself."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def main(arguments: list[str]) -> int:
    """Write the shapes document to standard output; exit code 2 on wrong use."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        sys.stderr.write("usage: python -m households.generation.fit SCF_FAMILIES.csv[.gz]\n")
        return 2
    document = {
        "source": "Federal Reserve Board, Survey of Consumer Finances 2019, public extract",
        "source_date": "2020-09-28",
        "fitted": "2026-11-22",
        "method": (
            "weighted quantiles and ownership shares of the families with at least $250,000 of financial "
            "assets and an investment beyond deposits and retirement plans; levels 0 and 1 are the 1st and "
            "99th percentile"
        ),
        **fit(Path(arguments[0])),
    }
    sys.stdout.write(
        HEADER + yaml.dump(document, Dumper=_Plain, sort_keys=False, width=118, default_flow_style=None)
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
