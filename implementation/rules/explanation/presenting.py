"""Eligibility, cost and remedies of a single account, in the words and numbers that an advisor reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from implementation.rules import costs
from implementation.rules.contract import FACTS
from implementation.rules.eligibility import BIT, TESTS, Standing, Test, standing
from implementation.rules.facts import Facts
from implementation.rules.labels import FACT_LABELS
from implementation.rules.policy import Policy
from implementation.rules.programs import Program
from implementation.rules.shapes import interval_of
from implementation.rules.shelf import Shelf
from implementation.rules.wording import money, money_apart, percent, words

Entry = dict[str, Any]
_MONEY_TESTS = ("initial_minimum", "maintenance_minimum", "sleeve_minimum")
_SET_TESTS = ("custodian", "registration", "strategy")


def eligibility_entries(shelf: Shelf, rows: Mapping[str, Any], facts: Facts, policy: Policy) -> list[Entry]:
    """Every test of every program: verdict, value, threshold, gap, and what is missing if unknown."""
    entries = []
    for program in shelf.programs:
        stand = standing(program, rows, 1, policy.numbers["lots_known_enough"])
        direct = rows["direct_index_value"]
        entries += [_entry(program, test, stand, direct, facts, policy) for test in TESTS]
    return entries


def _entry(program: Program, test: Test, stand: Standing, direct: Any, facts: Facts, policy: Policy) -> Entry:
    bit = BIT[test.name]
    failed, unknown = bool(stand.failed[0] & bit), bool(stand.unknown[0] & bit)
    value, at_most = _tested(test, stand, direct, facts, failed)
    threshold = _threshold(program, test, policy)
    verdict = "fail" if failed else "unknown" if unknown else "pass"
    gap = None
    if failed and isinstance(threshold, int | float) and isinstance(value, int | float):
        gap = round(abs(float(threshold) - float(value)), 6)
    entry: Entry = {
        "program": program.code,
        "program_name": program.name,
        "structure": program.structure,
        "test": test.name,
        "verdict": verdict,
        "fact": test.fact,
        "value": value,
        "threshold": threshold,
        "gap": gap,
        "missing": _missing(program, test, facts) if verdict == "unknown" else None,
    }
    after = test.name == "maintenance_minimum" and facts["planned_withdrawals"] != 0
    said = ("at most " if at_most else "", " after planned withdrawals" if after else "")
    entry["text"] = _sentence(program, test, entry, *said)
    return entry


def _tested(test: Test, stand: Standing, direct: Any, facts: Facts, failed: bool) -> tuple[Any, bool]:
    """The value that was tested, and whether it is only the most that it can be: enough to fail."""
    if test.name not in _MONEY_TESTS:
        return facts[test.fact], False
    amounts = {"initial_minimum": stand.counted_now, "maintenance_minimum": stand.counted_after}
    counted = interval_of(amounts.get(test.name, direct))
    low, high = float(counted.low[0]), float(counted.high[0])
    if low == high:
        return round(low, 2), False
    return (round(high, 2), True) if failed else (None, False)


def _threshold(program: Program, test: Test, policy: Policy) -> Any:
    if test.name == "lots_known":
        return policy.numbers["lots_known_enough"] if program.lots_required else None
    value = getattr(program, test.field)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, float) and np.isinf(value):
        return None
    return value


def _missing(program: Program, test: Test, facts: Facts) -> str:
    """The program field nobody has stated, or the fact that is unknown."""
    if test.field in program.unknowns:
        return f"{program.code}.{test.field}"
    if test.name in ("initial_minimum", "maintenance_minimum"):
        names = ["account_value" if program.minimum_basis == "account" else "household_value"]
        if test.name == "maintenance_minimum":
            names += ["planned_withdrawals", "planned_contributions"]
        names.append("restricted_share")
        for name in names:
            if facts[name] is None:
                return name
        for field in ("counts_restricted_stock", "counts_contributions"):
            if field in program.unknowns:
                return f"{program.code}.{field}"
    return test.fact


def _sentence(program: Program, test: Test, entry: Entry, most: str, after: str) -> str:
    if entry["verdict"] == "unknown":
        missing = _what_is_missing(entry["missing"])
        return f"{program.name}: cannot be told while this is not known: {missing}."
    if test.name in _MONEY_TESTS:
        return _money_sentence(program, test, entry, most, after)
    passed = entry["verdict"] == "pass"
    shown = words(_kind(test), entry["value"])
    if test.name in _SET_TESTS:
        return f"{program.name}: {'accepts' if passed else 'does not accept'} {shown}."
    if test.name == "maximum_restrictions":
        most = "no limit" if entry["threshold"] is None else f"at most {entry['threshold']:g}"
        return f"{program.name}: {shown} securities excluded, {most}."
    if test.name == "lots_known":
        asks = "asks for tax lots" if entry["threshold"] is not None else "does not ask for tax lots"
        return f"{program.name}: {asks}; {shown} of the value has them."
    ability = {"legacy_retention": "keep legacy holdings"}.get(test.name, test.name.replace("_", " "))
    if passed:
        return f"{program.name}: {ability}, not needed or offered."
    return f"{program.name}: {ability} needed, not offered."


def _kind(test: Test) -> str:
    return FACTS[test.fact].kind


def _what_is_missing(name: str | None) -> str:
    if name is None:
        return "a fact"
    if "." in name:
        return f"the program's {name.split('.')[1].replace('_', ' ')}"
    label = FACT_LABELS[name]
    return label[:1].lower() + label[1:]


def _money_sentence(program: Program, test: Test, entry: Entry, most: str, after: str) -> str:
    what = test.name.replace("_", " ")
    if not entry["threshold"]:
        return f"{program.name}: no {what}."
    value, minimum = "the value", money(entry["threshold"])
    if entry["value"] is not None:
        shown, minimum = money_apart([entry["value"], entry["threshold"]])
        value = most + shown
    article = "an" if what.startswith("initial") else "a"
    against = f"{value}{after} against {article} {what} of {minimum}"
    if entry["verdict"] == "pass":
        return f"{program.name}: {against}."
    return f"{program.name}: {against}, short by {money(entry['gap'])}."


def remedies(shelf: Shelf, entries: list[Entry], eligible: Mapping[str, str], facts: Facts) -> list[Entry]:
    """For each structure without an eligible program, what the nearest one lacks and would mend it."""
    found = []
    for structure, verdict in eligible.items():
        if verdict != "fail":
            continue
        failing: dict[str, list[Entry]] = {}
        for entry in entries:
            if entry["structure"] == structure and entry["verdict"] == "fail":
                failing.setdefault(entry["program"], []).append(entry)
        if not failing:
            continue
        nearest = min(failing, key=lambda code: (_not_money(failing[code]), _largest_gap(failing[code])))
        program = next(program for program in shelf.programs if program.code == nearest)
        found.append(
            {
                "structure": structure,
                "program": nearest,
                "gap": _largest_gap(failing[nearest]) or None,
                "text": _remedy(program, failing[nearest], facts["planned_withdrawals"]),
            }
        )
    return found


def _not_money(entries: list[Entry]) -> int:
    return sum(entry["test"] not in _MONEY_TESTS for entry in entries)


def _largest_gap(entries: list[Entry]) -> float:
    return max((entry["gap"] or 0.0 for entry in entries if entry["test"] in _MONEY_TESTS), default=0.0)


def _remedy(program: Program, entries: list[Entry], withdrawn: float | None) -> str:
    by_test = {entry["test"]: entry for entry in entries}
    parts = []
    initial, after = by_test.get("initial_minimum"), by_test.get("maintenance_minimum")
    if initial:
        where = "the household" if program.minimum_basis == "relationship" else "the account"
        parts.append(f"{where} needs {money(initial['gap'])} more to reach {money(initial['threshold'])}")
    elif after:
        gap, kept = money(after["gap"]), money(after["threshold"])
        if withdrawn is None or withdrawn >= after["gap"]:
            parts.append(f"{gap} less withdrawn, or {gap} more in the account, keeps {kept}")
        else:
            parts.append(f"the account needs {gap} more to keep {kept}")
    if "sleeve_minimum" in by_test:
        sleeve = by_test["sleeve_minimum"]
        parts.append(
            f"the direct index needs {money(sleeve['gap'])} more to reach {money(sleeve['threshold'])}"
        )
    if (initial or after) and program.exception_possible:
        parts.append("the sponsor can be asked for an exception")
    for entry in entries:
        if entry["test"] not in _MONEY_TESTS:
            parts.append(_other_remedy(entry))
    return f"{program.name}: " + "; ".join(parts) + "."


def _other_remedy(entry: Entry) -> str:
    if entry["test"] in _SET_TESTS:
        accepted = ", ".join(words("code", code) for code in entry["threshold"])
        return f"another {entry['test']} ({accepted})"
    if entry["test"] == "lots_known":
        return f"tax lots for {percent(entry['threshold'])} of the value"
    if entry["test"] == "maximum_restrictions":
        return f"at most {entry['threshold']:g} securities excluded"
    return f"{entry['test'].replace('_', ' ')} provided in another account"


def cost_entries(
    shelf: Shelf, rows: Mapping[str, Any], facts: Facts, policy: Policy, as_of: date, entries: list[Entry]
) -> list[Entry]:
    """All-in cost of every program at this size, of staying as is, and of a plain ETF."""
    found: list[Entry] = []
    value, household = facts["account_value"], facts["household_value"]
    for program in shelf.programs:
        dollars = costs.annual_cost(
            program, rows["account_value"], rows["household_value"], policy.ranges["fee_bps"]
        )
        ends = interval_of(dollars)
        known = float(ends.low[0]) if ends.low[0] == ends.high[0] else None
        bps = known / value * costs.PER_BPS if known is not None and value else None
        verdicts = [entry["verdict"] for entry in entries if entry["program"] == program.code]
        stale = (
            " Its terms are past the day by which to verify them." if program.verify_by < str(as_of) else ""
        )
        found.append(
            {
                "program": program.code,
                "name": program.name,
                "structure": program.structure,
                "bps": _rounded(bps),
                "dollars": _rounded(known),
                "eligible": False if "fail" in verdicts else None if "unknown" in verdicts else True,
                "illustrative": program.illustrative,
                "note": _price_note(known, value, household, program) + stale,
            }
        )
    stay = facts["current_cost_bps"]
    found.append(_alternative("STAY", "Stay as is", stay, value, "What is there today, all in."))
    baseline = policy.numbers["etf_baseline_bps"]
    found.append(_alternative("ETF", "Plain index ETF", baseline, value, "The yardstick of need."))
    _mark_cheapest(found)
    return found


def _price_note(known: float | None, value: Any, household: Any, program: Program) -> str:
    if known is not None:
        return "Price made up to illustrate." if program.illustrative else "Price as the shelf states it."
    if value is None:
        return "Cost not known: the account value is not known."
    if not costs.is_priced(program):
        return "Cost not known: the price is not stated, so it is not called cheapest."
    return "Cost not known: the household's value is not known."


def _alternative(structure: str, name: str, bps: float | None, value: float | None, note: str) -> Entry:
    dollars = None if bps is None or value is None else bps * value / costs.PER_BPS
    return {
        "program": None,
        "name": name,
        "structure": structure,
        "bps": _rounded(bps),
        "dollars": _rounded(dollars),
        "eligible": True,
        "illustrative": False,
        "note": note,
    }


def _mark_cheapest(found: list[Entry]) -> None:
    """Every eligible program that none undercuts; none while a price or an eligibility is unknown."""
    for entry in found:
        entry["cheapest"] = False
    programs = [entry for entry in found if entry["program"] is not None and entry["eligible"] is not False]
    if programs and all(entry["eligible"] and entry["dollars"] is not None for entry in programs):
        least = min(entry["dollars"] for entry in programs)
        for entry in programs:
            entry["cheapest"] = entry["dollars"] == least


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2) + 0.0
