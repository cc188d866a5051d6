"""Facts that cannot both be true: what was only stated gives way to holdings, and becomes unknown.

The intake refuses contradictions when they are typed; these are the ones that a later import brings about.
"""

import numpy as np

from households.facts.draft import Draft

PARTS = (
    ("direct_index_value", "account_value"),
    ("short_term_gain", "unrealized_gain"),
    ("unrealized_gain", "account_value"),
    ("stock_gain_share", "stock_share"),
    ("saleable_largest_share", "largest_position_share"),
)
"""(part, whole): the part is never more than the whole."""
_SLACK = 2e-6


def drop_contradictions(draft: Draft) -> None:
    """Make unknown what contradicts a stronger fact; of two equally strong ones the part."""
    for part, whole in PARTS:
        _drop(draft, part, whole, draft[part] > draft[whole] + _SLACK)
    most = draft["stock_share"] + draft["bond_share"]
    beyond = draft["largest_position_share"] > most + _SLACK
    for share in ("stock_share", "bond_share"):
        _drop(draft, "largest_position_share", share, beyond)
    kept = draft["restricted_share"] + draft["legacy_retention_share"]
    _drop(draft, "legacy_retention_share", "restricted_share", kept > 1 + _SLACK)
    unreasoned = (draft["restriction_reason"] == "none") & (draft["restricted_share"] > 0)
    draft.clear("restriction_reason", unreasoned)


def _drop(draft: Draft, part: str, whole: str, wrong: np.ndarray) -> None:
    held = draft.word("imported", "")
    weaker_whole = (draft.source(part) == held) & (draft.source(whole) != held)
    draft.clear(whole, wrong & weaker_whole)
    draft.clear(part, wrong & ~weaker_whole)
