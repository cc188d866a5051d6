"""Facts as the core takes them: the contract, strict reading, and columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from implementation.rules.contract import FACTS, FUNDING_SHARES, Fact, Kind
from implementation.rules.reading import FactError, Facts, account_from_csv, account_from_json

__all__ = [
    "FACTS",
    "FUNDING_SHARES",
    "UNKNOWN_CODE",
    "Columns",
    "Fact",
    "FactError",
    "Facts",
    "Kind",
    "account_from_csv",
    "account_from_json",
    "account_of",
    "columns_of",
]

Columns = dict[str, NDArray[Any]]
"""One array per fact, of equal length: float64 with NaN for unknown (money in dollars, flags 0 and 1), and
for code facts int16 indexes into `Fact.codes` with -1 for unknown."""

UNKNOWN_CODE = -1


def columns_of(accounts: Sequence[Mapping[str, Any]]) -> Columns:
    """Columns from read accounts (`account_from_json`); a fact that an account does not name is unknown."""
    columns: Columns = {}
    for name, fact in FACTS.items():
        values = [account.get(name) for account in accounts]
        if fact.kind == "code":
            index = {code: number for number, code in enumerate(fact.codes)}
            codes = [UNKNOWN_CODE if value is None else index[value] for value in values]
            columns[name] = np.array(codes, dtype=np.int16)
        else:
            columns[name] = np.array([np.nan if v is None else float(v) for v in values], dtype=np.float64)
    return columns


def account_of(columns: Columns, row: int) -> Facts:
    """One row as plain values: codes as text, flags as booleans, counts and levels as integers."""
    facts: Facts = {}
    for name, fact in FACTS.items():
        value = columns[name][row]
        if fact.kind == "code":
            facts[name] = None if value < 0 else fact.codes[int(value)]
        elif np.isnan(value):
            facts[name] = None
        elif fact.kind == "flag":
            facts[name] = bool(value)
        else:
            facts[name] = int(value) if fact.kind in ("count", "level") else float(value)
    return facts
