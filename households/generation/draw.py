"""Draw a book: the firm, and its households slice by slice, the same for a seed and a date on every machine.

    book = draw_book(150, seed=7, as_of=date(2026, 11, 20))

A slice is drawn by itself from (seed, slice number): a million accounts need no more memory than four
thousand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from households.generation.accounts import draw_accounts
from households.generation.cast import apply_cast, cast_slots, settle_count, state_cast
from households.generation.firm import Firm, demo_firm, synthetic_firm
from households.generation.holdings import draw_classes, draw_positions, set_structures
from households.generation.lots import draw_lots
from households.generation.people import Roster, draw_tax_units
from households.generation.plan import Plan, draw_plan
from households.generation.shapes import load_shapes
from households.generation.slots import draw_slots, slot_values
from households.generation.stated import draw_household_answers, draw_stated
from households.generation.tables import Households, Slice

SLICE_ACCOUNTS = 4_000
DEMO_HOUSEHOLDS, DEMO_ACCOUNTS, DEMO_SEED = 40, 150, 2
FEWEST_ACCOUNTS_A_HOUSEHOLD = 2.5  # well under the mean, so that one draw of households always suffices
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Book:
    """A whole book in memory; for large ones take `draw_slices` instead."""

    seed: int
    as_of: date
    firm: Firm
    slices: list[Slice] = field(default_factory=list)

    def checksum(self) -> str:
        """SHA-256 over every name and number of the book, in a fixed encoding."""
        digest = hashlib.sha256()
        for login in self.firm.logins:
            digest.update(f"{login}\n".encode())
        for part in self.slices:
            part.feed(digest)
        return digest.hexdigest()


def draw_book(n_accounts: int, seed: int, as_of: date) -> Book:
    """Draw a synthetic book of exactly `n_accounts` accounts."""
    firm = synthetic_firm(n_accounts, seed)
    return Book(seed, as_of, firm, list(draw_slices(n_accounts, seed, as_of, len(firm.advisors))))


def draw_demo(seed: int = DEMO_SEED, *, as_of: date) -> Book:
    """Draw the demo firm: 40 households, 150 accounts, the cast first and the rest from the shapes."""
    rng = _generator(seed, 0)
    plan = draw_plan(rng, DEMO_HOUSEHOLDS, load_shapes())
    apply_cast(plan)
    taken = draw_slots(rng, plan)
    cast_slots(taken)
    settle_count(plan, taken, DEMO_ACCOUNTS)
    firm = demo_firm()
    advisor = np.arange(DEMO_HOUSEHOLDS) % len(firm.advisors)
    drawn = _draw_slice(rng, 0, seed, plan, taken, advisor, as_of)
    state_cast(drawn)
    return Book(seed, as_of, firm, [drawn])


def draw_slices(n_accounts: int, seed: int, as_of: date, advisors: int) -> Iterator[Slice]:
    """Draw a book's slices one after the other, exactly `n_accounts` accounts in all.

    Args:
        advisors: how many share the book.
    """
    if n_accounts < 1:
        raise ValueError(f"a book needs at least one account, not {n_accounts}")
    shapes = load_shapes()
    for number, start in enumerate(range(0, n_accounts, SLICE_ACCOUNTS), start=1):
        rng = _generator(seed, number)
        wanted = min(SLICE_ACCOUNTS, n_accounts - start)
        plan = draw_plan(rng, int(wanted / FEWEST_ACCOUNTS_A_HOUSEHOLD) + 40, shapes)
        taken = draw_slots(rng, plan)
        plan, taken = _cut(plan, taken, wanted)
        advisor = np.floor(rng.random(len(plan)) * advisors).astype(np.int64)
        yield _draw_slice(rng, number, seed, plan, taken, advisor, as_of)


def _generator(seed: int, number: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, number])))


def _cut(plan: Plan, taken: np.ndarray, wanted: int) -> tuple[Plan, np.ndarray]:
    """The first households that have `wanted` accounts between them; the last loses what is over."""
    total = np.cumsum(taken.sum(axis=1))
    last = int(np.searchsorted(total, wanted))
    if last >= len(total):
        raise ValueError(f"drew {total[-1]} accounts where {wanted} were wanted")
    rows = np.arange(last + 1)
    plan, taken = plan.take(rows), taken[rows].copy()
    over = int(total[last]) - wanted
    if over:
        taken[last, np.flatnonzero(taken[last])[-over:]] = False
    return plan, taken


def _draw_slice(
    rng: np.random.Generator,
    number: int,
    seed: int,
    plan: Plan,
    taken: np.ndarray,
    advisor: np.ndarray,
    as_of: date,
) -> Slice:
    day = (as_of - EPOCH).days
    roster = Roster(rng, plan, day)
    units, unit_rows = draw_tax_units(rng, plan, taken, roster)
    accounts = draw_accounts(rng, plan, taken, slot_values(rng, plan, taken), roster, unit_rows)
    owner_age = np.where(accounts.owner >= 0, roster.age[accounts.owner], plan.age[accounts.household])
    classes = draw_classes(rng, plan, accounts)
    positions, lead = draw_positions(rng, plan, accounts, classes)
    set_structures(rng, accounts, positions, classes)
    lots = draw_lots(rng, plan, accounts, positions, lead, owner_age, day)
    stated, open_answers = draw_stated(rng, plan, accounts, positions, classes, owner_age)
    importance, report, sleeves = draw_household_answers(rng, plan, accounts)
    households = Households(
        name=roster.household_names(plan),
        advisor=advisor,
        reference=[f"CRM-{seed}-{number:04d}-{row:04d}" for row in range(len(plan))],
        review_due=day - 45 + np.floor(365 * rng.random(len(plan))).astype(np.int64),
        coordination_importance=importance,
        single_report_wanted=report,
        sleeves_wanted=sleeves,
    )
    people = roster.people(unit_rows)
    return Slice(number, households, people, units, accounts, positions, lots, stated, open_answers)
