"""When an answer is last year's: one definition for the board, the note at a question and the confirmation.

Only answers that the intake keeps with their day grow old. What is stated once, such as registration and
custodian, and what is kept on the tax return or the household is changed where it stands.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Func, Value

from households.foundation.databases import json_entries
from households.models import Intake
from households.models.facts import FACT_NAMES

PREVIOUS = "previous"
"""The source of an answer that a review carried over."""
OLD = timedelta(days=365)
"""After so long an answer is last year's, whether or not a review was begun."""


def is_last_years(entry: Mapping[str, Any], today: date) -> bool:
    """Whether an entry of an intake's provenance is last year's."""
    stated = entry.get("date")
    old = bool(stated) and date.fromisoformat(str(stated)[:10]) < today - OLD
    return entry.get("source") == PREVIOUS or (entry.get("source") == "typed" and old)


def to_confirm(intake: Intake, today: date) -> list[str]:
    """Answers that are last year's: carried over by a review, or over a year old; in the order of facts."""
    return [name for name in FACT_NAMES if is_last_years(intake.provenance.get(name, {}), today)]


class AnyLastYears(Func):
    """The condition that :func:`to_confirm` is not empty.

    Args:
        provenance: the path to an intake's provenance.
        today: the day.
    """

    output_field = BooleanField()
    _SOURCE_AND_DAY = (
        "EXISTS (SELECT 1 FROM {rows} WHERE {source} = %s OR ({source} = %s AND {day} > %s AND {day} < %s))"
    )

    def __init__(self, provenance: str, today: date) -> None:
        words = (PREVIOUS, "typed", "", (today - OLD).isoformat())
        super().__init__(provenance, *(Value(word) for word in words))

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """By the JSON functions of either database; the filter of an aggregate asks for this name alone."""
        column, parameters = compiler.compile(self.source_expressions[0])
        rows, text = json_entries(connection, column)
        day = f"substr({text('date')}, 1, 10)"
        sql = self._SOURCE_AND_DAY.format(rows=rows, source=text("source"), day=day)
        return sql, [*parameters, *(value.value for value in self.source_expressions[1:])]
