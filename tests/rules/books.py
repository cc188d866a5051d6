"""Books of made-up accounts that contradict nothing, for properties that hold for any account."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from implementation.bench.books import book as book  # for the tests that import it from here
from implementation.rules.facts import FACTS, Columns, account_from_json, columns_of
from implementation.rules.policy import Policy
from implementation.rules.shelf import Shelf

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "implementation" / "data"
GOLDEN = Path(__file__).parent / "golden" / "cases.yaml"
AS_OF = date(2026, 11, 22)

POLICY = Policy.load(DATA / "house_policy.yaml")
SHELF = Shelf.load(DATA / "house_shelf.yaml")
PUBLISHED = Shelf.load(DATA / "published_shelf.yaml")
CASES = yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))
BASE: dict[str, Any] = CASES["base"]


def account(**changes: Any) -> dict[str, Any]:
    """The base account of the worked cases with some facts changed, read strictly."""
    return account_from_json({**BASE, **changes})


def columns(*changes: dict[str, Any]) -> Columns:
    """One row per mapping of changes to the base account."""
    return columns_of([account(**change) for change in changes])


def forget(complete: Columns, seed: int, most: int = 6) -> Columns:
    """The same accounts with up to `most` facts of each forgotten."""
    rng = np.random.default_rng(seed)
    count = len(complete["account_value"])
    names = list(FACTS)
    partial = {name: column.copy() for name, column in complete.items()}
    for row in range(count):
        for place in rng.choice(len(names), rng.integers(0, most + 1), replace=False):
            name = names[place]
            partial[name][row] = -1 if FACTS[name].kind == "code" else np.nan
    return partial
