"""Stored facts (cents, text codes, null) to the columns of the rules (dollars, code numbers, NaN), and back.

Set-wise both ways: one account and a million take the same path and give the same bits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np

from households.foundation.errors import DomainError
from households.models.facts import FACT_NAMES
from implementation.rules.facts import FACTS, UNKNOWN_CODE, Columns, Fact

StoredFacts = Mapping[str, Sequence[Any]]
"""For each name of ``FACT_NAMES``, the stored values of all rows: ``None`` where unknown."""

CENTS = 100.0


@dataclass(frozen=True)
class FactRows:
    """Rows of AccountFacts, column by column, in one order."""

    account_ids: Sequence[UUID]
    household_ids: Sequence[UUID]
    revisions: Sequence[int]
    built_at: Sequence[datetime]
    provenance: Sequence[str]
    facts: StoredFacts

    @classmethod
    def of(cls, read: Mapping[str, Sequence[Any]]) -> "FactRows":
        """From the columns that ``households.facts.read_facts`` answers with."""
        return cls(
            account_ids=read["account_id"],
            household_ids=read["household_id"],
            revisions=read["revision"],
            built_at=read["built_at"],
            provenance=read["provenance"],
            facts={name: read[name] for name in FACT_NAMES},
        )

    def taken(self, positions: Sequence[int]) -> "FactRows":
        """Some of the rows, in the order of ``positions``."""
        return FactRows(
            *([values[number] for number in positions] for values in (
                self.account_ids, self.household_ids, self.revisions, self.built_at, self.provenance
            )),
            facts=taken(self.facts, positions),
        )  # fmt: skip


def taken(columns: Mapping[str, Sequence[Any]], positions: Sequence[int]) -> dict[str, Sequence[Any]]:
    """Some rows of columns, in the order of ``positions``."""
    return {name: [values[position] for position in positions] for name, values in columns.items()}


def stored_facts(rows: Sequence[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Rows of values in the order of ``FACT_NAMES`` as one sequence a fact."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(FACT_NAMES)
    return dict(zip(FACT_NAMES, columns, strict=True))


def core_columns(stored: StoredFacts) -> Columns:
    """Stored facts as the rules take them.

    Raises:
        DomainError: a stored code is not in the contract's list; it must not pass for unknown.
    """
    return {name: _core(fact, stored[name]) for name, fact in FACTS.items()}


def _core(fact: Fact, values: Sequence[Any]) -> np.ndarray:
    if fact.kind == "code":
        numbers: dict[str | None, int] = {code: number for number, code in enumerate(fact.codes)}
        numbers[None] = UNKNOWN_CODE
        try:
            return np.fromiter((numbers[value] for value in values), dtype=np.int16, count=len(values))
        except KeyError as error:
            raise DomainError(
                f"The stored {fact.name.replace('_', ' ')} is not one the rules know.",
                field=fact.name,
                value=error.args[0],
                remedy=f"Choose one of {', '.join(fact.codes)}.",
            ) from error
    numbers_ = np.array(values, dtype=np.float64)  # None becomes NaN
    return numbers_ / CENTS if fact.kind == "money" else numbers_


def stored_columns(columns: Columns) -> dict[str, list[Any]]:
    """Columns of the rules as stored facts: whole cents, text codes, ``None`` where unknown."""
    return {name: _stored(FACTS[name], columns[name]) for name in FACTS}


def _stored(fact: Fact, values: np.ndarray) -> list[Any]:
    if fact.kind == "code":
        return [None if number == UNKNOWN_CODE else fact.codes[number] for number in values.tolist()]
    if fact.kind == "money":
        values = np.rint(values * CENTS)
    kind = {"money": int, "count": int, "level": int, "flag": bool}.get(fact.kind, float)
    return [None if value != value else kind(value) for value in values.tolist()]
