"""The newest row of each account's chain in the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from advisory.recommendations.models import Recommendation
from households.foundation.databases import among, newest_rows


@dataclass(frozen=True)
class Head:
    """The newest row of an account's chain."""

    id: UUID
    seq: int
    row_hash: str
    inputs_hash: str
    outcome: str
    policy_sha256: str
    shelf_sha256: str
    household_id: UUID
    facts_revision: int
    as_of: date


def chain_heads(accounts: Sequence[UUID]) -> dict[UUID, Head]:
    """The newest recommendation of each account that has one; one query."""
    newest = newest_rows(among(Recommendation.objects.all(), "account_id", accounts), "account_id")
    names = (
        "id", "seq", "row_hash", "inputs_hash", "outcome", "policy_sha256", "shelf_sha256", "household_id",
        "facts_revision", "as_of",
    )  # fmt: skip
    return {account: Head(*values) for account, *values in newest.values_list("account_id", *names)}
