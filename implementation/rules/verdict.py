"""Why not the other, the split where two factors pull apart, and what cost would have to earn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from implementation.rules.eligibility import cents
from implementation.rules.engine import Evaluation
from implementation.rules.facts import Facts
from implementation.rules.policy import Policy
from implementation.rules.programs import Program
from implementation.rules.scoring import DECIDED_BY, Scored
from implementation.rules.shapes import interval_of
from implementation.rules.shelf import Shelf
from implementation.rules.wording import money, plain, words

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


def break_even(facts: Facts, found: Evaluation, scored: Scored, policy: Policy) -> Entry | None:
    """What the dearer structure would have to earn on the direct index, beside what it is known to bring.

    None where a cost or the direct index is unknown. The range is None where it is not known whether anything
    can be brought at all.
    """
    bps = float(found.break_even_bps[0])
    if np.isnan(bps):
        return None
    sma, uma = float(found.cost_dollars["SMA"][0]), float(found.cost_dollars["UMA"][0])
    if sma == uma:
        return {"bps": 0.0, "dearer": None, "dollars": 0.0, "range_bps": None, "text": "Both cost the same."}
    dearer = "SMA" if sma > uma else "UMA"
    span, what = _sourced(dearer, facts, scored, policy)
    base = facts["direct_index_value"]
    text = (
        f"The {dearer} costs {money(round(abs(sma - uma), 2))} more a year, which is {words('bps', bps)} of "
        f"the {money(base)} meant for direct indexing. {what}"
    )
    return {
        "bps": round(bps, 2),
        "dearer": dearer,
        "dollars": round(abs(sma - uma), 2),
        "range_bps": span,
        "text": text,
    }


def _sourced(dearer: str, facts: Facts, scored: Scored, policy: Policy) -> tuple[list[float] | None, str]:
    """The sourced range of what coordination or harvesting can bring, and its words."""
    numbers, bases = policy.numbers, policy.bases
    if facts["tax_status"] is None:
        return None, "Whether gains here are taxed is not known, and with it whether anything is earned back."
    if facts["tax_status"] != "taxable":
        return [0.0, 0.0], "Gains here are not taxed, so neither coordination nor harvesting earns it back."
    if dearer == "UMA":
        coordinates = _coordinates(facts, scored)
        if coordinates is None:
            return None, "Whether an overlay reaches other taxable holdings is not known."
        if not coordinates:
            nothing = "No overlay reaches other taxable holdings, so coordination brings nothing here."
            return [0.0, 0.0], nothing
        low, high = numbers["coordination_low_bps"], numbers["coordination_high_bps"]
        source = bases["numbers.coordination_low_bps"].source
        return (
            [low, high],
            f"Coordination was found to bring {plain(low)} to {plain(high)} bps ({_cite(source)}).",
        )
    low, high = numbers["harvesting_low_bps"], numbers["harvesting_high_bps"]
    sources = [bases[f"numbers.harvesting_{end}_bps"].source for end in ("low", "high")]
    return (
        [low, high],
        f"Harvesting was found to bring {plain(low)} to {plain(high)} bps ({_cite(sources[0])}; "
        f"{_cite(sources[1])}). Most of that is deferral: worth at most the gains it offsets, it fades in "
        "about five years without short-term gains or new money.",
    )


def _coordinates(facts: Facts, scored: Scored) -> bool | None:
    """Whether there is something for the overlay to coordinate: sleeves here, or accounts that it reaches.

    None where that is not known.
    """
    sleeves, accounts = facts["sleeves_wanted"], facts["taxable_equity_accounts"]
    reach = interval_of(scored.structures["UMA"].measures["overlay_reach"])
    shares = [facts["group_on_platform_share"], facts["group_movable_share"]]
    across = _all(
        None if accounts is None else accounts >= 2,
        float(reach.low[0]) > 0 or (None if float(reach.high[0]) > 0 else False),
        any(shares) or (None if None in shares else False),
    )
    within = None if sleeves is None else sleeves >= 2
    if within or across:
        return True
    return None if within is None or across is None else False


def _all(*parts: bool | None) -> bool | None:
    """Whether all hold: no as soon as one does not, not known where that alone is open."""
    if False in parts:
        return False
    return None if None in parts else True


def _cite(source: Any) -> str:
    return f"{source.title}, {source.date}"
