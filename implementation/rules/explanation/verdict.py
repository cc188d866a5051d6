"""Why not the other, and the split where two factors pull apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from implementation.rules.eligibility import cents
from implementation.rules.engine import Evaluation
from implementation.rules.facts import Facts
from implementation.rules.policy import Policy
from implementation.rules.programs import Program
from implementation.rules.scoring import DECIDED_BY
from implementation.rules.shelf import Shelf
from implementation.rules.wording import money, plain

Entry = dict[str, Any]
_OTHER = {"SMA": "UMA", "UMA": "SMA"}


def why_not(
    outcome: str,
    found: Evaluation,
    entries: list[Entry],
    reasons: list[Entry],
    policy: Policy,
    values: Mapping[str, Any],
) -> str:
    """Why not the other structure, in one or two sentences."""
    tolerance = plain(policy.numbers["either_within"])
    if outcome in _OTHER:
        other = _OTHER[outcome]
        if DECIDED_BY[int(found.decided_by[0])] == "eligibility":
            return f"{other} is not open to this account. {_failed(other, entries, values)}{_by_fit(found)}"
        strongest = next((entry["text"] for entry in reasons if entry["role"] == "for"), "")
        ahead = plain(min(abs(float(found.low[0])), abs(float(found.high[0]))))
        return f"{other} is open to this account but fits less well, by {ahead} points. {strongest}".strip()
    if outcome == "EITHER":
        return f"Neither is ahead by more than {tolerance} points, so both are sound.{_by_fit(found)}"
    if outcome == "NEITHER":
        if DECIDED_BY[int(found.decided_by[0])] == "need":
            return "Nothing here asks for direct indexing in either structure."
        return (
            f"No program is open. {_failed('SMA', entries, values)} {_failed('UMA', entries, values)}".strip()
        )
    return "What is unknown leaves more than one outcome possible; the questions say what to find out first."


def _failed(structure: str, entries: list[Entry], values: Mapping[str, Any]) -> str:
    own = [entry for entry in entries if entry["structure"] == structure and entry["verdict"] == "fail"]
    if not own:
        return f"The shelf holds no {structure}."
    name = values.get(f"{structure.lower()}_program")
    shown = [entry for entry in own if entry["program_name"] == name] or own
    return str(shown[0]["text"])


def _by_fit(found: Evaluation) -> str:
    """What the factors alone would have preferred."""
    net, lean = float(found.net_fit[0]), int(found.lean[0])
    if np.isnan(net) or lean == 0:
        return " By fit alone there is no certain lean."
    return f" By fit alone the lean is to {'SMA' if lean > 0 else 'UMA'}, by {plain(abs(net))} points."


def split_remedy(conflict: bool, facts: Facts, found: Evaluation, shelf: Shelf) -> Entry | None:
    """SMA for the concentrated part and UMA for the rest, where two factors pull apart.

    None without a conflict, or where nothing is concentrated or the amounts are unknown.
    """
    value, share = facts["account_value"], facts["saleable_largest_share"]
    if not conflict or not value or not share:
        return None
    programs = [_program(shelf, int(found.program[name][0])) for name in ("SMA", "UMA")]
    if programs[0] is None or programs[1] is None:
        return None
    part = round(value * share, 2)
    rest = round(value - part, 2)
    fits = [_meets(amount, program) for amount, program in zip((part, rest), programs, strict=True)]
    names = programs[0].name, programs[1].name
    if all(fits):
        text = (
            f"Two considerations pull apart. They can be met by a split: {money(part)}, the position to be "
            f"sold down, in {names[0]}, and the remaining {money(rest)} in {names[1]}. Both parts meet their "
            "minimums."
        )
    else:
        short = [f"{money(a)} for {n}" for a, n, ok in zip((part, rest), names, fits, strict=True) if not ok]
        text = (
            "Two considerations pull apart. A split (SMA for the position to be sold down, UMA for the rest) "
            f"is not open: {' and '.join(short)} would be below the minimum or its minimum is not known."
        )
    return {"offered": all(fits), "sma_value": part, "uma_value": rest, "text": text}


def _program(shelf: Shelf, index: int) -> Program | None:
    return shelf.programs[index] if index >= 0 else None


def _meets(amount: float, program: Program | None) -> bool:
    if program is None:
        return False
    minimums = (program.initial_minimum, program.maintenance_minimum, program.sleeve_minimum)
    known = [minimum for minimum in minimums if minimum is not None]
    return len(known) == len(minimums) and all(cents(amount) >= cents(minimum) for minimum in known)
