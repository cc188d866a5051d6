"""What the texts of reasons may name, beside facts: measures of programs, and sums that are worked out."""

from __future__ import annotations

from implementation.rules.factors import MEASURES
from implementation.rules.wording import words

TEXT_KINDS: dict[str, str] = {
    **MEASURES,
    "kept_share": "share",
    "ready_share": "share",
    "own_share": "share",
    "reached_share": "share",
    "etf_cost_bps": "bps",
    "harvested_losses": "money",
    "with_withdrawals": "text",
    **{
        f"{structure}_{name}": kind
        for structure in ("sma", "uma")
        for name, kind in (
            ("initial_minimum", "money"),
            ("maintenance_minimum", "money"),
            ("sleeve_minimum", "money"),
            ("headroom", "ratio"),
            ("cost_bps", "bps"),
            ("program", "text"),
        )
    },
}
"""Name -> kind of its value."""


def with_withdrawals(planned: float | None) -> str | None:
    """How a sentence about what stays begins: nobody withdraws $0."""
    if planned is None:
        return None
    if planned == 0:
        return "with no withdrawals planned"
    return f"after {words('money', planned)} of planned withdrawals"
