"""Answers that do not agree with what is held, said where the fact stands: stated, held, and what counts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from households.facts.consistency import DROPPABLE
from households.foundation.formats import day
from households.intake.sections import SECTION_OF
from households.intake.state import IntakeState, Mode
from households.intake.words import fact_words
from households.quality import COMPARED, is_apart

Ranges = Mapping[str, tuple[float, float]]


def excluded_answers(state: IntakeState) -> list[str]:
    """Answers that were given and yet are unknown: holdings or stronger answers exclude them."""
    return [name for name in DROPPABLE if state.stated(name) is not None and state.fact(name) is None]


def disagreements(state: IntakeState, ranges: Ranges) -> dict[str, dict[str, Any]]:
    """Fact -> ``doubt`` (the sentence), ``url`` and ``action`` (where it is put right).

    Args:
        ranges: what the holdings leave possible, of shares they do not settle.
    """
    told = {name: _excluded(state, name, ranges) for name in excluded_answers(state)}
    told |= {name: _given_way(state, name) for name in COMPARED if _is_apart(state, name)}
    return {name: {"doubt": sentence, **_mending(state, name)} for name, sentence in told.items()}


def _is_apart(state: IntakeState, name: str) -> bool:
    return state.stated(name) is not None and is_apart(name, state.stated(name), state.fact(name))


def _given_way(state: IntakeState, name: str) -> str:
    return (
        f"Stated as {_stated(state, name)}, but the holdings say {fact_words(name, state.fact(name))}, "
        "and they count."
    )


def _excluded(state: IntakeState, name: str, ranges: Ranges) -> str:
    if name not in ranges:
        return f"Stated as {_stated(state, name)}; other facts exclude that, so it does not count."
    least, most = (fact_words(name, round(limit, 3)) for limit in ranges[name])
    return (
        f"Stated as {_stated(state, name)}, but by the holdings it lies between {least} and {most}. "
        "The answer does not count."
    )


def _stated(state: IntakeState, name: str) -> str:
    entry = state.intake.provenance.get(name) or {}
    said = str(entry.get("date") or "")[:10]
    words = [state.names_of_users.get(str(entry.get("by") or ""), "")]
    words.append(day(date.fromisoformat(said)) if said else "")
    whence = ", ".join(word for word in words if word)
    return f"{fact_words(name, state.stated(name))}{f' ({whence})' if whence else ''}"


def _mending(state: IntakeState, name: str) -> dict[str, str]:
    """The question where it is still asked; where holdings answer it, newer holdings."""
    if state.account.closed_on:
        return {}
    if state.mode(name) in (Mode.ASK, Mode.SETTLE):
        url = reverse("households:intake_section", args=[state.account.pk, SECTION_OF[name].slug])
        return {"url": f"{url}#id_{name}", "action": "Correct"}
    url = reverse("households:import_create", args=[state.account.household_id])
    return {"url": url, "action": "Import newer holdings"}
