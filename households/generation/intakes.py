"""The intake rows of a slice: what was stated, when and by whom, and how far the form has come."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from households.generation.stated import STRATEGIES
from households.generation.tables import Slice
from households.intake.sections import SECTION_OF, SECTIONS
from households.models import Intake
from households.models.facts import FACT_NAMES

MONEY = frozenset(
    {"direct_index_value", "planned_withdrawals", "planned_contributions", "gain_budget", "annual_gifting"}
)
OLDEST_ANSWER = 320  # days; answers are between three days and about this old


@dataclass
class Intakes:
    """The intake table as columns.

    Attributes:
        columns: fact name -> values as stored: money in cents, codes as text, NaN or None unknown.
        provenance: per account, fact name -> where it comes from.
        complete: per account, whether nothing that was asked is open.
        visited: per account, the slugs of the sections somebody has been through.
    """

    columns: dict[str, Any]
    provenance: list[dict[str, dict[str, str]]]
    complete: np.ndarray
    visited: list[list[str]]


def stated_intakes(part: Slice, advisors: Sequence[Any], as_of: date) -> Intakes:
    """What the slice's clients stated.

    Args:
        advisors: user id by advisor row: who typed it.
    """
    household = part.accounts.household
    age = 3 + (part.households.review_due[household] * 7 + household) % OLDEST_ANSWER
    days = [date.fromordinal(as_of.toordinal() - days).isoformat() for days in age.tolist()]
    by = [str(advisors[row]) for row in part.households.advisor[household].tolist()]
    known = np.stack([~np.isnan(values) for values in part.stated.values()], axis=1)
    columns: dict[str, Any] = {}
    for name, values in part.stated.items():
        if name == "strategy":
            columns[name] = [None if value != value else STRATEGIES[int(value)] for value in values.tolist()]
        else:
            columns[name] = np.round(values * 100) if name in MONEY else values
    complete = part.open_answers == 0
    provenance = _provenance(list(part.stated), known, days, by)
    return Intakes(columns, provenance, complete, _visited(list(part.stated), known, complete))


def _visited(names: list[str], known: np.ndarray, complete: np.ndarray) -> list[list[str]]:
    """All sections where nothing is open, else those with an answer in them."""
    seen = [
        known[:, [SECTION_OF[name] is section for name in names]].any(axis=1) | complete
        for section in SECTIONS
    ]
    slugs = [section.slug for section in SECTIONS]
    rows = np.stack(seen, axis=1).tolist()
    return [[slug for slug, has in zip(slugs, row, strict=True) if has] for row in rows]


def _provenance(
    names: list[str], known: np.ndarray, days: list[str], by: list[str]
) -> list[dict[str, dict[str, str]]]:
    """Where each stated fact comes from; accounts of one household share what is equal."""
    made: dict[tuple[bytes, str, str], dict[str, dict[str, str]]] = {}
    found = []
    for row, key in enumerate(zip(map(bytes, known), days, by, strict=True)):
        if key not in made:
            entry = {"source": "typed", "date": key[1], "by": key[2], "quality": "stated"}
            made[key] = {name: entry for name, has in zip(names, known[row], strict=True) if has}
        found.append(made[key])
    return found


def add_measured(intakes: Intakes, measured: Mapping[str, Any], rows: np.ndarray, as_of: date) -> None:
    """State what the holdings say, for accounts whose holdings are not written, in place.

    So a book without positions has the same facts as one with them, however often they are rebuilt.

    Args:
        measured: fact name -> column as stored, None or NaN unknown.
        rows: by account, whether it is to be stated.
    """
    entry = {"source": "imported", "date": as_of.isoformat(), "by": "", "quality": "complete"}
    chosen = np.flatnonzero(rows).tolist()
    for row in chosen:
        intakes.provenance[row] = dict(intakes.provenance[row])
    for name, column in measured.items():
        current = intakes.columns.get(name)
        values = list(current) if current is not None else [None] * len(rows)
        for row in chosen:
            value = column[row]
            if value is not None and value == value:
                values[row] = value
                intakes.provenance[row][name] = entry
        intakes.columns[name] = values


def intake_rows(intakes: Intakes, account_ids: Sequence[str], by: Sequence[str], now: Any) -> dict[str, Any]:
    """The columns of the table, ready to insert.

    Args:
        by: user id by account: who completed the complete ones.
        now: when the rows are taken to have been written.
    """
    count = len(account_ids)
    done = intakes.complete.tolist()
    texts: dict[int, str] = {}
    for provenance in intakes.provenance:
        if id(provenance) not in texts:
            texts[id(provenance)] = json.dumps(provenance, separators=(",", ":"))
    return {
        "account": list(account_ids),
        **{name: intakes.columns[name] for name in FACT_NAMES if name in intakes.columns},
        "provenance": [texts[id(provenance)] for provenance in intakes.provenance],
        "visited": intakes.visited,
        "state": [Intake.State.COMPLETE.value if yes else Intake.State.OPEN.value for yes in done],
        "completed_at": [now if yes else None for yes in done],
        "completed_by": [who if yes else None for who, yes in zip(by, done, strict=True)],
        "version": np.ones(count, dtype=np.int64),
        "updated_at": [now] * count,
    }
