"""Steps: how fine a fact is stated, and how far apart two values of it are."""

from __future__ import annotations

from typing import Any

import numpy as np

from implementation.rules.contract import FACTS, Fact
from implementation.rules.facts import Columns

# How fine a fact is stated: a dollar, a tenth of a percent, a basis point, a tenth of a year.
STEP = {
    "money": 1.0,
    "share": 0.001,
    "signed_share": 0.001,
    "rate": 0.001,
    "bps": 1.0,
    "count": 1.0,
    "level": 1.0,
    "years": 0.1,
    "flag": 1.0,
}
WORDS = ("code", "flag")
"""Kinds without a more or less."""
EXACT = 6  # decimals: a step of a fact is the number that a person would type


def on_step(values: Any, kind: str) -> Any:
    """Values moved to the nearest step of their kind."""
    step = STEP[kind]
    return np.round(np.rint(np.asarray(values) / step) * step, EXACT)


def distance(columns: Columns, name: str, value: Any) -> Any:
    """How far values of a fact lie from the one of a single account, against what the fact can be.

    Amounts go against the account's value, counts and bps against what they are; another word is 1.
    """
    fact, now = FACTS[name], float(columns[name][0])
    if fact.kind in WORDS:
        return 1.0 if isinstance(value, float) else np.ones(len(value))
    scale = max(abs(now), 1.0) if fact.kind in ("bps", "count") else fact.high - fact.low
    if fact.kind == "money":
        account = float(columns["account_value"][0])
        scale = max(now, 1.0, account if account > 0 else 1.0)
    return abs(value - now) / scale


def plain_value(fact: Fact, value: Any) -> Any:
    """A value of a column as the answer shows it."""
    if fact.kind == "code":
        return fact.codes[int(value)]
    if fact.kind == "flag":
        return bool(value)
    return int(value) if fact.kind in ("count", "level") else round(float(value), EXACT)
