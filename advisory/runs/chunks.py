"""The members of a run, cut into chunks of whole households. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

LEAST, MOST, CHUNKS_WANTED = 500, 4_000, 32
"""Measured: an evaluation costs some 15 ms however few its accounts; beyond 4,000 nothing is gained."""

Household = tuple[UUID, tuple[UUID, ...]]
"""A household and those of its accounts that belong to the run."""


@dataclass(frozen=True)
class Members:
    """Whole households of a run, in their frozen order."""

    households: tuple[Household, ...]

    @property
    def household_ids(self) -> list[UUID]:
        return [household for household, _ in self.households]

    @property
    def account_ids(self) -> list[UUID]:
        return [account for _, accounts in self.households for account in accounts]

    @property
    def accounts(self) -> int:
        return sum(len(accounts) for _, accounts in self.households)

    def halves(self) -> tuple["Members", "Members"]:
        """Two parts of whole households; needs at least two."""
        middle = len(self.households) // 2
        return Members(self.households[:middle]), Members(self.households[middle:])

    def parts(self) -> list["Members"]:
        """Smaller parts to look at one by one: halves, of one household its accounts, of one account none."""
        if len(self.households) > 1:
            return list(self.halves())
        ((household, accounts),) = self.households
        return [Members(((household, (account,)),)) for account in accounts] if len(accounts) > 1 else []

    def as_json(self) -> list[Any]:
        """As ``Chunk.members`` keeps them."""
        return [
            [household.hex, [account.hex for account in accounts]] for household, accounts in self.households
        ]

    @classmethod
    def from_json(cls, stored: list[Any]) -> "Members":
        """What :meth:`as_json` made."""
        return cls(tuple((UUID(household), tuple(map(UUID, accounts))) for household, accounts in stored))


def chunk_size(accounts: int) -> int:
    """Accounts a chunk: small enough for live progress and many workers, large enough for set-wise work."""
    return max(LEAST, min(MOST, accounts // CHUNKS_WANTED))


def grouped(pairs: Iterable[tuple[UUID, UUID]]) -> Iterator[Household]:
    """(household, account) pairs in household order as households."""
    household: UUID | None = None
    accounts: list[UUID] = []
    for its_household, account in pairs:
        if household is not None and its_household != household:
            yield household, tuple(accounts)
            accounts = []
        household = its_household
        accounts.append(account)
    if household is not None:
        yield household, tuple(accounts)


def cut(households: Iterable[Household], size: int) -> Iterator[Members]:
    """Chunks of at least ``size`` accounts (the last may hold fewer), never splitting a household."""
    taken: list[Household] = []
    accounts = 0
    for household in households:
        taken.append(household)
        accounts += len(household[1])
        if accounts >= size:
            yield Members(tuple(taken))
            taken, accounts = [], 0
    if taken:
        yield Members(tuple(taken))
