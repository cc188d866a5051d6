"""Facts that cannot both be true: what was only stated gives way to holdings, and becomes unknown.

The intake refuses contradictions when they are typed; these are the ones that a later import brings about.
"""

import numpy as np

from households.facts.draft import Draft
from households.facts.holdings import FULL, FUNDING_SHARES, HeldFacts

PARTS = (
    ("direct_index_value", "account_value"),
    ("short_term_gain", "unrealized_gain"),
    ("unrealized_gain", "account_value"),
    ("stock_gain_share", "stock_share"),
    ("saleable_largest_share", "largest_position_share"),
)
"""(part, whole): the part is never more than the whole."""
_SLACK = 2e-6


def drop_excluded(draft: Draft, held: HeldFacts) -> None:
    """Make stated shares unknown that the holdings exclude, though they do not settle them.

    The shares of the classes sum to one: where one of them is wrong, the others are no help either.
    """
    wrong = {name: excluded(draft[name], least, held.most[name]) for name, least in held.least.items()}
    funding = np.logical_or.reduce([wrong[name] for name in FUNDING_SHARES])
    for name, where in wrong.items():
        stated = draft.source(name) != draft.word("imported", "")
        draft.clear(name, stated & (funding if name in FUNDING_SHARES else where))


def excluded(stated: np.ndarray, least: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Whether shares lie outside what the holdings leave possible, by more than FULL; unknown ones do not."""
    return np.asarray((stated < least - FULL) | (stated > most + FULL))


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


class _Noting(Draft):
    """No accounts at all; notes which facts are made unknown anywhere."""

    def __init__(self) -> None:
        super().__init__(0)
        self.names: list[str] = []

    def clear(self, name: str, where: np.ndarray) -> None:
        """Note the name."""
        self.names.append(name)


def _droppable() -> tuple[str, ...]:
    noting = _Noting()
    drop_contradictions(noting)
    return tuple(dict.fromkeys([*FUNDING_SHARES, *noting.names]))


def _drop(draft: Draft, part: str, whole: str, wrong: np.ndarray) -> None:
    held = draft.word("imported", "")
    weaker_whole = (draft.source(part) == held) & (draft.source(whole) != held)
    draft.clear(whole, wrong & weaker_whole)
    draft.clear(part, wrong & ~weaker_whole)


DROPPABLE = _droppable()
"""Facts that the rules above can make unknown though somebody stated them."""
