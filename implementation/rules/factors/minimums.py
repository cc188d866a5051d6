"""Headroom over the program's minimum."""

from __future__ import annotations

from implementation.rules.parameters import Parameters
from implementation.rules.shapes import Values, smaller

LABEL = "Account minimums"


def fit(headroom_now: Values, headroom_after: Values, headroom_sleeve: Values, p: Parameters) -> Values:
    """How comfortably the account stands above the minimums, now and after planned withdrawals.

    The least comfortable of the three decides. Far above all of them the objection disappears.
    """
    now = p.now(headroom_now)
    after = p.after_withdrawals(headroom_after)
    sleeve = p.sleeve(headroom_sleeve)
    return 100 + smaller(smaller(now, after), sleeve)
