"""The tables of a book, column by column: what is drawn here is what is written, measured and fingerprinted.

Rows refer to each other by row number within their slice. Money is whole cents, quantities are hundredths,
dates are days since 1970-01-01. Unknown or none is -1 in an integer column, NO_DAY in a date, NaN in a float.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields

import numpy as np

NO_DAY = -1_000_000  # a date nobody knows; people were born before day 0

REGISTRATIONS = (
    "individual", "joint", "grantor_trust", "non_grantor_trust", "entity", "estate", "custodial_minor",
    "traditional_ira", "roth_ira", "employer_plan", "private_foundation", "public_charity", "donor_advised",
)  # fmt: skip
TAXABLE = frozenset(REGISTRATIONS[:7])
DEFERRED = frozenset({"traditional_ira", "employer_plan"})
STRUCTURES = ("brokerage", "fund", "sma", "uma", "held_away")
RELATIONS = ("primary", "spouse", "child", "other")
UNIT_KINDS = ("joint", "single", "non_grantor_trust", "entity", "estate")


@dataclass
class Households:
    """`advisor` is a row of the firm's advisors; stated levels and counts are floats: NaN is unknown."""

    name: list[str]
    advisor: np.ndarray
    reference: list[str]
    review_due: np.ndarray
    coordination_importance: np.ndarray
    single_report_wanted: np.ndarray
    sleeves_wanted: np.ndarray


@dataclass
class People:
    """`relation` is an index into RELATIONS, `tax_unit` a row of TaxUnits."""

    household: np.ndarray
    name: list[str]
    relation: np.ndarray
    birth: np.ndarray
    tax_unit: np.ndarray


@dataclass
class TaxUnits:
    """`kind` is an index into UNIT_KINDS; gains and carryforwards are dollars."""

    household: np.ndarray
    name: list[str]
    kind: np.ndarray
    short_term_rate: np.ndarray
    long_term_rate: np.ndarray
    gains_elsewhere: np.ndarray
    short_term_gain_fraction: np.ndarray
    loss_carryforward: np.ndarray


@dataclass
class Accounts:
    """`value` is the exact total of the positions; `slot` is the place in slots.SLOTS it was drawn for."""

    household: np.ndarray
    slot: np.ndarray
    name: list[str]
    number: np.ndarray
    registration: np.ndarray
    owner: np.ndarray
    tax_unit: np.ndarray
    custodian: np.ndarray
    platform: np.ndarray
    value: np.ndarray
    structure: np.ndarray
    cost_bps: np.ndarray
    exit_cost: np.ndarray


@dataclass
class Positions:
    """Sorted by account; `cost` is the sum over lots, -1 where the custodian does not know them all."""

    account: np.ndarray
    security: np.ndarray
    quantity: np.ndarray
    value: np.ndarray
    cost: np.ndarray
    restricted: np.ndarray
    retained: np.ndarray


@dataclass
class Lots:
    """Sorted by position; what a position's lots hold adds up to the position to the cent."""

    position: np.ndarray
    acquired: np.ndarray
    quantity: np.ndarray
    value: np.ndarray
    cost: np.ndarray


Table = Households | People | TaxUnits | Accounts | Positions | Lots


@dataclass
class Slice:
    """A run of whole households. `stated` is the intake: fact name -> float64 by account, NaN unknown.

    Stated money is dollars; `strategy` indexes stated.STRATEGIES. `open_answers` counts, by account, what was
    asked and not answered.
    """

    number: int
    households: Households
    people: People
    tax_units: TaxUnits
    accounts: Accounts
    positions: Positions
    lots: Lots
    stated: dict[str, np.ndarray]
    open_answers: np.ndarray

    def feed(self, digest: hashlib._Hash) -> None:
        """Add everything in this slice to a hash, the same on every platform."""
        for table in (
            self.households, self.people, self.tax_units, self.accounts, self.positions, self.lots,
        ):  # fmt: skip
            for field in fields(table):
                feed_column(digest, field.name, getattr(table, field.name))
        for name in sorted(self.stated):
            feed_column(digest, name, self.stated[name])


def feed_column(digest: hashlib._Hash, name: str, column: np.ndarray | list[str]) -> None:
    """Add one column to a hash: its name, then its values in a fixed encoding."""
    digest.update(f"{name}\0".encode())
    if isinstance(column, list):
        digest.update("\0".join(column).encode())
    elif column.dtype.kind == "f":
        # Rounded, and unknown written as one bit pattern: NaN has many.
        rounded = np.where(np.isnan(column), -1e300, np.round(column, 6) + 0.0)
        digest.update(rounded.astype("<f8").tobytes())
    else:
        digest.update(column.astype("<i8").tobytes())
