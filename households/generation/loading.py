"""Load whole books: the demo firm once, synthetic books of any size slice by slice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db import DEFAULT_DB_ALIAS, transaction

from households.facts import rebuild_facts
from households.foundation.errors import DomainError
from households.generation.draw import DEMO_SEED, draw_demo, draw_slices
from households.generation.firm import Firm, demo_firm, synthetic_firm
from households.generation.load import SliceWriter, load_firm
from households.generation.tables import Slice
from households.models import Household, User

LOTS = ("all", "some", "none")
ONE_IN = 10  # households that get their positions and lots where only some do


@dataclass
class Loaded:
    """What has been written: rows by model name."""

    counts: Counter[str] = field(default_factory=Counter)


def load_demo(*, as_of: date, seed: int = DEMO_SEED) -> Loaded | None:
    """Load the demo firm in one transaction.

    Returns: what was written; None if the demo firm is there already, and then nothing is touched.
    """
    if demo_is_there():
        return None
    book = draw_demo(seed, as_of=as_of)
    loaded = Loaded()
    with transaction.atomic():
        advisors = _load_firm(book.firm, loaded, as_of)
        for part in book.slices:
            _load_slice(part, advisors, loaded, seed=seed, as_of=as_of, lots="all")
    return loaded


def demo_is_there() -> bool:
    """Whether the demo firm has been loaded into this database."""
    return User.objects.filter(email__in=[login.email for login in demo_firm().logins]).exists()


def load_synthetic(
    accounts: int,
    *,
    seed: int,
    as_of: date,
    lots: str = "none",
    progress: Callable[[int], None] | None = None,
) -> Loaded:
    """Load a synthetic book, one transaction a slice, in memory that does not grow with it.

    Args:
        accounts: exactly how many.
        lots: "all" households get positions and lots, "some" one in ten, "none" nobody. The others state in
            their intake what their holdings would say, so that the facts are the same.
        progress: called with the accounts written so far.

    Raises:
        DomainError: a book of this seed is there already.
    """
    if accounts < 1:
        raise DomainError("A book needs at least one account.", value=accounts, remedy="Ask for 1 or more.")
    firm, loaded = synthetic_firm(accounts, seed), Loaded()
    advisors = _load_firm(firm, loaded, as_of)
    for part in draw_slices(accounts, seed, as_of, len(firm.advisors)):
        with transaction.atomic():
            _load_slice(part, advisors, loaded, seed=seed, as_of=as_of, lots=lots)
        if progress:
            progress(loaded.counts["Account"])
    return loaded


def book_is_empty() -> bool:
    """Whether there is no household yet."""
    return not Household.objects.exists()


def _load_firm(firm: Firm, loaded: Loaded, as_of: date) -> list[Any]:
    users = load_firm(firm, as_of=as_of)
    loaded.counts.update(Office=len(firm.offices), Team=len(firm.teams), User=len(users))
    return [users[row].pk for row in firm.advisors]


def _load_slice(
    part: Slice, advisors: list[Any], loaded: Loaded, *, seed: int, as_of: date, lots: str
) -> None:
    writer = SliceWriter(part, advisors, seed=seed, as_of=as_of, using=DEFAULT_DB_ALIAS)
    loaded.counts.update(writer.write(with_lots=_with_lots(part, lots)))
    loaded.counts["AccountFacts"] += rebuild_facts(_uuids(writer.households), as_of=as_of)


def _with_lots(part: Slice, lots: str) -> np.ndarray:
    household = part.accounts.household
    if lots == "some":
        return household % ONE_IN == 0
    return np.full(len(household), lots == "all")


def _uuids(hexadecimal: Iterable[str]) -> list[UUID]:
    return [UUID(text) for text in hexadecimal]
