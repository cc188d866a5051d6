"""Scenarios as a list, and up to three of them side by side with the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisory.recommendations.models import Recommendation, Scenario
from advisory.recommendations.page.changes import change
from advisory.recommendations.page.verdict import outcome_word, signs
from advisory.recommendations.scenarios import scenarios_of
from advisory.recommendations.what_if.showing import cost_of, fit_words
from advisory.recommendations.what_if.working import (
    Grounds,
    Worked,
    grounds_of,
    steps_from_json,
    work_out,
)
from advisory.recommendations.words import FACTOR_LABELS, fact_label, fact_words
from households.foundation.formats import UNKNOWN, bps, decimal, dollars, percent, signed
from households.models import User
from implementation.rules.facts import FactError

Result = Mapping[str, Any]


def scenario_rows(user: User, recommendation: Recommendation) -> list[dict[str, Any]]:
    """The scenarios of a record with what they change; nothing is worked out for the list."""
    return [
        {
            "scenario": scenario,
            "changes": changed_words(scenario.changes),
            "own": scenario.by_id == user.pk,
        }
        for scenario in scenarios_of(user, recommendation)
    ]


def changed_words(changes: Any) -> list[dict[str, str]]:
    """Stored changes as labels and values; empty where they can no longer be read."""
    try:
        steps = steps_from_json(changes)
    except FactError:
        return []
    return [{"label": fact_label(step.fact), "value": fact_words(step.fact, step.value)} for step in steps]


@dataclass(frozen=True)
class Cell:
    """One thing of one column: in words, and whether it differs from the record."""

    text: str
    differs: bool = False
    outcome: str = ""


def comparison(
    recommendation: Recommendation, document: Mapping[str, Any], scenarios: Sequence[Scenario]
) -> dict[str, Any]:
    """The record and the scenarios as columns of one table.

    Raises:
        DomainError: the record's rules cannot be worked with any more.
    """
    grounds = grounds_of(recommendation)
    worked = [_worked(grounds, scenario) for scenario in scenarios]
    results: list[Result | None] = [document["result"], *(each and each.result for each in worked)]
    rows = [
        {"label": label, "cells": list(_cells(results, read))}
        for label, read in (
            ("Outcome", _outcome), ("Net fit", fit_words), ("How sure", _signs), ("Margin", _margin),
            ("Same outcome under other weightings", _stability), ("Cost of the SMA a year", _cost("SMA")),
            ("Cost of the UMA a year", _cost("UMA")), ("What would change it first", _first_flip),
        )
    ]  # fmt: skip
    return {
        "columns": [
            {"scenario": scenario, "refused": each is None, "changes": changed_words(scenario.changes)}
            for scenario, each in zip(scenarios, worked, strict=True)
        ],
        "facts": list(_fact_rows(grounds, worked)),
        "rows": rows,
        "factors": [row for row in _factor_rows(results) if any(cell.differs for cell in row["cells"])],
    }


def _worked(grounds: Grounds, scenario: Scenario) -> Worked | None:
    """None where the changes do not go with the record any more, as its column then says."""
    try:
        return work_out(grounds, steps_from_json(scenario.changes))
    except FactError:
        return None


def _cells(results: Sequence[Result | None], read: Any) -> Any:
    """One cell a column; those that say something else than the record are marked."""
    first = read(results[0])
    for place, result in enumerate(results):
        text = UNKNOWN if result is None else read(result)
        outcome = result["outcome"] if result is not None and read is _outcome else ""
        yield Cell(text, place > 0 and result is not None and text != first, outcome)


def _outcome(result: Result) -> str:
    return outcome_word(result["outcome"])


def _signs(result: Result) -> str:
    return ", ".join(sign["label"] for sign in signs(result))


def _margin(result: Result) -> str:
    return "Fit does not decide" if result["margin"] is None else f"{decimal(result['margin'])} points"


def _stability(result: Result) -> str:
    return percent(result["stability"], 0) if result["decided_by"] == "net_fit" else "Weights do not decide"


def _cost(structure: str) -> Any:
    def read(result: Result) -> str:
        cost = cost_of(result, structure)
        if cost is None or cost["dollars"] is None:
            return "Not known"
        open_ = "" if result["eligible"][structure] == "pass" else ", not open"
        return f"{dollars(cost['dollars'])} ({bps(cost['bps'])}{open_})"

    return read


def _first_flip(result: Result) -> str:
    points = result["flip_points"]
    if not points:
        return "Facts are missing" if result["outcome"] == "INDETERMINATE" else "No single fact"
    nearest = change(points[0])
    return f"{nearest['label']} {nearest['then']}: {outcome_word(points[0]['outcome'])}"


def _fact_rows(grounds: Grounds, worked: Sequence[Worked | None]) -> Any:
    """Every fact that any scenario changes or carries along, as recorded and in each."""
    names = dict.fromkeys(
        name for each in worked if each for name in (*(s.fact for s in each.steps), *each.along)
    )
    for name in names:
        recorded = grounds.facts[name]
        cells = [Cell(fact_words(name, recorded))]
        for each in worked:
            value = each.facts[name] if each else None
            cells.append(Cell(fact_words(name, value), each is not None and value != recorded))
        yield {"label": fact_label(name), "cells": cells}


def _factor_rows(results: Sequence[Result | None]) -> Any:
    for place, entry in enumerate(results[0]["factors"] if results[0] else ()):
        cells = []
        for result in results:
            points = result["factors"][place]["contribution"] if result else None
            cells.append(Cell(signed(points, 2), result is not None and points != entry["contribution"]))
        yield {"label": FACTOR_LABELS.get(entry["factor"], entry["label"]), "cells": cells}
