"""An evaluation's arrays as the ledger's columns, set-wise: one account and a million take the same path."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from advisory.recommendations.hashing import DIGITS
from implementation.rules.engine import DECIDED_BY, FACTORS, OUTCOMES, Evaluation
from implementation.rules.policy import Policy
from implementation.rules.shelf import Shelf

STRUCTURES = ("SMA", "UMA")
COSTED = ("SMA", "UMA", "STAY", "ETF")
PER_BPS = 10_000
RETIREMENT = frozenset({"traditional_ira", "roth_ira", "employer_plan"})

Evaluated = dict[str, list[Any]]
"""Attribute name of Recommendation -> stored values of all rows."""


def evaluated_columns(
    evaluation: Evaluation, shelf: Shelf, policy: Policy, account_value: Sequence[int | None]
) -> Evaluated:
    """Everything that an evaluation says about its rows, as stored: what a replay must find again.

    Args:
        account_value: the stored fact, in cents; revenue and pay are charged on it.
    """
    columns: Evaluated = {
        "policy_version": [policy.version] * len(evaluation.outcome),
        "policy_sha256": [policy.sha256] * len(evaluation.outcome),
        "shelf_version": [shelf.version] * len(evaluation.outcome),
        "shelf_sha256": [shelf.sha256] * len(evaluation.outcome),
        "outcome": np.array(OUTCOMES)[evaluation.outcome].tolist(),
        "outcome_set": evaluation.outcome_set.tolist(),
        "decided_by": np.array(DECIDED_BY)[evaluation.decided_by].tolist(),
        "net_fit": _numbers(evaluation.net_fit),
        "net_fit_low": _numbers(evaluation.low),
        "net_fit_high": _numbers(evaluation.high),
        "margin": _numbers(evaluation.margin),
        "lean": evaluation.lean.tolist(),
        "fragile": evaluation.fragile.astype(bool).tolist(),
        "provisional": evaluation.provisional.astype(bool).tolist(),
        "conflict": evaluation.conflict.astype(bool).tolist(),
        "need": evaluation.need.tolist(),
        "reasons": evaluation.reasons.astype(np.int64).tolist(),
        "cheapest": evaluation.cheapest.tolist(),
        "break_even_bps": _numbers(evaluation.break_even_bps),
    }
    for factor in FACTORS:
        sma, uma = evaluation.fits[factor]
        columns[f"{factor}_fit_sma"], columns[f"{factor}_fit_uma"] = _numbers(sma), _numbers(uma)
        columns[f"{factor}_contribution"] = _numbers(evaluation.contributions[factor])
    codes = np.array([*(program.code for program in shelf.programs), ""])  # -1 picks the last: none
    for structure in STRUCTURES:
        columns[f"{structure.lower()}_eligible"] = evaluation.eligible[structure].tolist()
        columns[f"{structure.lower()}_program"] = codes[evaluation.program[structure]].tolist()
    for name in COSTED:
        columns[f"{name.lower()}_cost_bps"] = _numbers(evaluation.cost_bps[name])
        columns[f"{name.lower()}_cost"] = _cents(evaluation.cost_dollars[name])
    dollars = np.array(account_value, dtype=np.float64) / 100
    return columns | _conflict_of_interest(evaluation, dollars)


def _conflict_of_interest(evaluation: Evaluation, account_value: np.ndarray) -> Evaluated:
    """What the recommended structure changes against the cheapest eligible one, a year.

    Null where nothing is recommended, nothing is known to be cheapest, or an amount is unknown.
    """
    recommended, cheapest = _structure_of_outcome(evaluation.outcome), evaluation.cheapest
    known = (recommended != 0) & (cheapest != 0)

    def change(amounts: dict[str, np.ndarray]) -> np.ndarray:
        of = {1: amounts["SMA"], -1: amounts["UMA"]}
        first = np.where(recommended > 0, of[1], of[-1])
        second = np.where(cheapest > 0, of[1], of[-1])
        return np.where(known, np.where(recommended == cheapest, 0.0, first - second), np.nan)

    def charged(bps: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {structure: account_value * bps[structure] / PER_BPS for structure in STRUCTURES}

    return {
        "client_cost_change": _cents(change(evaluation.cost_dollars)),
        "firm_revenue_change": _cents(change(charged(evaluation.firm_revenue_bps))),
        "advisor_pay_change": _cents(change(charged(evaluation.advisor_pay_bps))),
    }


def _structure_of_outcome(outcome: np.ndarray) -> np.ndarray:
    """+1 SMA, -1 UMA, 0 for every outcome that names none."""
    signs = np.array([{"SMA": 1, "UMA": -1}.get(name, 0) for name in OUTCOMES], dtype=np.int8)
    return signs[outcome]


def _numbers(values: np.ndarray) -> list[float | None]:
    """Rounded as stored; NaN becomes null. Adding zero takes the sign off a negative one."""
    listed = (np.round(values, DIGITS) + 0.0).tolist()
    return [None if value != value else value for value in listed]


def _cents(dollars: np.ndarray) -> list[int | None]:
    finite = np.isfinite(dollars)
    cents = np.rint(np.where(finite, dollars, 0.0) * 100).astype(np.int64).tolist()
    return [cent if there else None for cent, there in zip(cents, finite.tolist(), strict=True)]
