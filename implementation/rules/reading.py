"""Strict reading of one account's facts from JSON or CSV: what cannot be true is refused, never repaired.

An absent key, null or an empty cell is unknown. Everything else must be exactly of the fact's kind: a number
in text form, a number for a flag, a code outside its list, an infinity or NaN is an error that names the
fact, the value, what is wrong with it and what to do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from implementation.rules.contract import FACTS, FUNDING_SHARES, Fact
from implementation.rules.wording import plain

Facts = dict[str, Any]

# Shares are stored to 1e-6 and often typed to a tenth of a percent, five of them.
_SUM_TOLERANCE = 0.001
_ROUNDING = 2e-6
_CENT = 0.005
_SHOWN = 60
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_WHOLE_KINDS = ("count", "level")


class FactError(ValueError):
    """A fact cannot be read, or contradicts another.

    Attributes:
        fact: its name, or the key that was given.
        value: what was given, as JSON can carry it.
        problem: what is wrong, in words.
        remedy: what to do.
    """

    def __init__(self, fact: str, value: object, problem: str, remedy: str) -> None:
        self.fact, self.value, self.problem, self.remedy = fact, _shown(value), problem, remedy
        super().__init__(f"{fact}: {problem} ({self.value!r}). {remedy}")

    def as_dict(self) -> dict[str, Any]:
        """The error as the answer carries it."""
        return {"fact": self.fact, "value": self.value, "problem": self.problem, "remedy": self.remedy}


def _shown(value: object) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        # Very large integers cannot be turned into text cheaply, nor do they say more than their size.
        return value if value.bit_length() <= 63 else f"an integer of {value.bit_length()} bits"
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    text = value if isinstance(value, str) else type(value).__name__
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


@dataclass(frozen=True)
class Unreadable:
    """A value that a reader of files could not make out: a key given twice, a row with a cell too many."""

    value: object
    problem: str
    remedy: str


def account_from_json(mapping: Mapping[str, Any]) -> Facts:
    """The facts of one account from a JSON object, every fact of the contract present, None where unknown.

    Raises:
        FactError: the first fact that cannot be read or contradicts another.
    """
    if not isinstance(mapping, Mapping):
        raise FactError("account", mapping, "is not an object of facts", 'Give {"account_value": ...}.')
    return _account(mapping, _json_value)


def account_from_csv(row: Mapping[str, str | None]) -> Facts:
    """The facts of one account from the cells of a CSV row; an empty cell is unknown.

    Raises:
        FactError: the first fact that cannot be read or contradicts another.
    """
    return _account(row, _csv_value)


def _account(given: Mapping[str, Any], read: Callable[[Fact, Any], Any]) -> Facts:
    for key in given:
        if not isinstance(key, str) or key not in FACTS:
            raise FactError(str(key), given[key], "is not a fact of the contract", _nearest(str(key)))
    facts: Facts = {}
    for name, fact in FACTS.items():
        value = given.get(name)
        if isinstance(value, Unreadable):
            raise FactError(name, value.value, value.problem, value.remedy)
        facts[name] = None if value is None else _in_domain(fact, read(fact, value))
    check_contradictions(facts)
    return facts


def _nearest(key: str) -> str:
    words = set(key.lower().split("_"))
    best = max(FACTS, key=lambda name: len(words & set(name.split("_"))))
    if words & set(best.split("_")):
        return f"Did you mean {best}? Remove the key or use a name of the contract."
    return "Remove the key or use a name of the contract."


def _json_value(fact: Fact, value: Any) -> Any:
    if fact.kind == "code":
        return _code(fact, value)
    if fact.kind == "flag":
        if isinstance(value, bool):
            return value
        raise FactError(fact.name, value, "is not true or false", "Give true, false or null.")
    if isinstance(value, bool):
        raise FactError(fact.name, value, "is true or false, not a number", _number_remedy(fact))
    if isinstance(value, str):
        raise FactError(fact.name, value, "is text, not a number", _number_remedy(fact))
    if not isinstance(value, int | float):
        raise FactError(fact.name, value, "is not a number", _number_remedy(fact))
    return _number(fact, value)


def _csv_value(fact: Fact, cell: Any) -> Any:
    if not isinstance(cell, str):
        raise FactError(fact.name, cell, "is not one cell", "Give one cell per column.")
    if cell == "":
        return None
    if fact.kind == "code":
        return _code(fact, cell)
    if fact.kind == "flag":
        if cell in ("true", "false"):
            return cell == "true"
        raise FactError(fact.name, cell, "is not true or false", "Write true, false or leave it empty.")
    if len(cell) > _SHOWN or not _DECIMAL.fullmatch(cell):
        raise FactError(fact.name, cell, "is not a plain decimal number", "Write it like 1234.56, no signs.")
    return _number(fact, float(cell))


def _code(fact: Fact, value: Any) -> str:
    if isinstance(value, str) and value in fact.codes:
        return value
    remedy = f"Give one of {', '.join(fact.codes)}, or leave it unknown."
    raise FactError(fact.name, value, "is not a code of the list", remedy)


def _number_remedy(fact: Fact) -> str:
    return f"Give a number ({fact.unit}) or null."


def _number(fact: Fact, value: int | float) -> float | int:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise FactError(fact.name, value, "is not a finite number", "Leave it out (or null) when unknown.")
    if fact.kind in _WHOLE_KINDS:
        if number != math.floor(number):
            raise FactError(fact.name, value, "is not a whole number", _number_remedy(fact))
        return int(number)
    return number


def _in_domain(fact: Fact, value: Any) -> Any:
    if value is None or isinstance(value, str | bool):
        return value
    if not fact.low <= value <= fact.high:
        problem = f"is outside {plain(fact.low)} to {plain(fact.high)}"
        hint = " A share or rate is a fraction: 25% is 0.25." if fact.high <= 1 and value > 1 else ""
        raise FactError(fact.name, value, problem, f"Check the value and its unit ({fact.unit}).{hint}")
    return value


def check_contradictions(facts: Mapping[str, Any]) -> None:
    """Refuse facts that cannot all be true.

    Raises:
        FactError: names the fact to look at first, and the other one in the problem.
    """
    _check_funding(facts)
    stock, bond = facts["stock_share"], facts["bond_share"]
    if stock is not None and bond is not None:
        _at_most(facts, "largest_position_share", stock + bond, "stock_share plus bond_share", _ROUNDING)
    for part, whole in _PARTS:
        if facts[whole] is not None:
            slack = _ROUNDING if FACTS[part].kind in ("share", "signed_share") else _CENT
            _at_most(facts, part, facts[whole], whole, slack)
    kept = [facts[name] for name in ("restricted_share", "legacy_retention_share")]
    if None not in kept and sum(kept) > 1 + _ROUNDING:
        problem = f"and restricted_share {plain(kept[0])} add up to more than the whole account"
        raise FactError(
            "legacy_retention_share", kept[1], problem, "Count each holding once: restricted or retained."
        )
    if facts["restriction_reason"] == "none" and (facts["restricted_share"] or 0) > 0:
        raise FactError(
            "restriction_reason",
            "none",
            f"contradicts restricted_share {plain(facts['restricted_share'])}",
            "Say why it must not be sold, or set restricted_share to 0.",
        )


_PARTS = (
    ("saleable_largest_share", "largest_position_share"),
    ("stock_gain_share", "stock_share"),
    ("direct_index_value", "account_value"),
    ("account_value", "household_value"),
    ("short_term_gain", "unrealized_gain"),
    ("household_managed_accounts", "household_accounts"),
)


def _at_most(facts: Mapping[str, Any], part: str, whole: float, words: str, slack: float) -> None:
    value = facts[part]
    if value is not None and value > whole + slack:
        problem = f"is more than {words} ({plain(whole)}), which contains it"
        raise FactError(part, value, problem, f"Correct {part} or {words.split(' ')[0]}.")


def _check_funding(facts: Mapping[str, Any]) -> None:
    known = {name: facts[name] for name in FUNDING_SHARES if facts[name] is not None}
    total = sum(known.values())
    complete = len(known) == len(FUNDING_SHARES)
    if total > 1 + _SUM_TOLERANCE or (complete and total < 1 - _SUM_TOLERANCE):
        problem = f"the funding shares ({', '.join(known)}) add up to {total:.4f}, not 1"
        name = max(known, key=lambda share: known[share])
        raise FactError(name, known[name], problem, "Make the shares of the funding add up to 1.")
