"""What a slice's holdings say of its accounts, by the very code that measures positions in the database.

A large book is written without positions and lots: what they would have said goes into the intake instead.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from households.facts.draft import Draft, codes
from households.facts.holdings import FUNDING_SHARES, HeldFacts, short_term_since
from households.facts.reading import Holdings
from households.generation.draw import EPOCH
from households.generation.plan import CODES_OF_RESTRICTION
from households.generation.securities import ASSET_CLASSES, securities
from households.generation.tables import Slice

MEASURED = (
    "account_value", *FUNDING_SHARES, "largest_position_share", "unrealized_gain_share", "stock_gain_share",
    "unrealized_gain", "unrealized_loss", "short_term_gain", "lot_count", "lots_known_share",
    "restricted_share", "restriction_reason", "legacy_retention_share",
)  # fmt: skip


def measured_facts(part: Slice, as_of: date) -> dict[str, list[Any]]:
    """Facts of every account from its positions and lots, as the table of facts stores them.

    Returns: fact name of MEASURED, and ``saleable_largest_share`` -> values, None unknown.
    """
    draft = Draft(len(part.accounts.name))
    with np.errstate(invalid="ignore"):
        held = HeldFacts(draft, holdings_of(part, as_of))
    found = {name: draft.column(name) for name in MEASURED}
    # Unmarked, it follows from the largest position. Marked, both answers must be in, or none be free.
    marked = held.flagged_restricted | held.flagged_retained
    settled = held.flagged_restricted | (part.stated["restricted_share"] == 0)
    settled &= held.flagged_retained | (part.stated["legacy_retention_share"] == 0)
    settled |= held.largest_free == 0
    saleable = np.where(marked & settled, held.largest_free, np.nan)
    found["saleable_largest_share"] = [None if v != v else round(v, 6) for v in saleable.tolist()]
    return found


def holdings_of(part: Slice, as_of: date) -> Holdings:
    """The slice's positions with their lots summed up, as they would be read."""
    positions, lots, listed = part.positions, part.lots, securities()
    rows = len(positions.account)

    def summed(values: np.ndarray) -> np.ndarray:
        return np.bincount(lots.position, weights=values, minlength=rows)

    gain = lots.value - lots.cost
    short_from = (short_term_since(as_of) - EPOCH).days
    reasons = [CODES_OF_RESTRICTION[code] for code in positions.restricted.tolist()]
    return Holdings(
        account=positions.account,
        asset_class=codes([ASSET_CLASSES[kind] for kind in listed.asset_class[positions.security].tolist()]),
        issuer=np.arange(rows),
        named=np.ones(rows, dtype=bool),
        key=codes([None] * rows),
        invests_in=codes([None] * rows),
        quantity=positions.quantity / 100,
        value=positions.value.astype(np.float64),
        basis=np.where(positions.cost < 0, np.nan, positions.cost),
        restricted=codes(reasons),
        retained=positions.retained,
        as_of=np.full(rows, (as_of - EPOCH).days, dtype=np.int32),
        lots=np.bincount(lots.position, minlength=rows).astype(np.float64),
        lots_without_basis=np.zeros(rows),
        undated_gains=np.zeros(rows),
        lot_quantity=summed(lots.quantity / 100),
        lot_value=summed(lots.value),
        gain=summed(np.maximum(gain, 0)),
        loss=summed(np.maximum(-gain, 0)),
        short_gain=summed(np.where(lots.acquired >= short_from, np.maximum(gain, 0), 0)),
    )
