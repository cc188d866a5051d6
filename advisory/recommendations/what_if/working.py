"""The engine on a record's facts with some of them changed. Nothing here writes anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from advisory.recommendations.columns import core_columns
from advisory.recommendations.models import Recommendation
from households.foundation.errors import DomainError
from households.models.facts import FACT_NAMES
from implementation.rules.changes.moves import block_of, move
from implementation.rules.engine import ENGINE
from implementation.rules.explain import explain
from implementation.rules.facts import (
    FACTS,
    Columns,
    FactError,
    Facts,
    account_from_json,
    account_of,
    columns_of,
)
from implementation.rules.policy import Policy
from implementation.rules.shelf import Shelf
from implementation.selectors import policy_by_hash, shelf_by_hash

_DIGITS = {"money": 2}
_FINE = 6  # shares and rates are stored to a millionth
_ONLY = slice(0, 1)


@dataclass(frozen=True)
class Step:
    """One fact set by hand, in the contract's unit: dollars, shares of 1, codes as words."""

    fact: str
    value: Any


@dataclass(frozen=True)
class Grounds:
    """What a what-if starts from: a record's facts, its policy and shelf, and its day."""

    facts: Facts
    policy: Policy
    shelf: Shelf
    as_of: date

    @cached_property
    def columns(self) -> Columns:
        """The recorded facts as one row."""
        return columns_of([self.facts])


@dataclass(frozen=True)
class Worked:
    """What followed.

    Attributes:
        steps: the facts set by hand, in the order in which they were set.
        facts: all facts after them.
        result: the engine's explanation, as in the record's document.
        along: fact -> recorded value, for facts that nobody set and that moved with those that were.
        before: fact -> recorded value, for facts that were set.
    """

    steps: tuple[Step, ...]
    facts: Facts
    result: Mapping[str, Any]
    along: Mapping[str, Any]
    before: Mapping[str, Any] = field(default_factory=dict)


def grounds_of(recommendation: Recommendation) -> Grounds:
    """The grounds of a record.

    Raises:
        DomainError: 409, made by another engine, so that a difference would not be the change's; or its own
            facts contradict each other. 404, its rules are not stored.
    """
    row = recommendation
    if row.engine != ENGINE:
        raise DomainError(
            "This record was made by another version of the rules engine, so a what-if would not compare.",
            value=row.engine,
            remedy="Evaluate the account again and try it there; the record itself stays as it is.",
            status=409,
        )
    policy, shelf = policy_by_hash(row.policy_sha256), shelf_by_hash(row.shelf_sha256)
    stored = core_columns({name: [getattr(row, name)] for name in FACT_NAMES})
    try:
        facts = account_from_json(account_of(stored, 0))
    except FactError as error:
        raise DomainError(
            "The recorded facts contradict each other, so there is nothing firm to change one of.",
            value=error.value,
            remedy="Correct them in the intake and evaluate the account again.",
            status=409,
        ) from error
    return Grounds(facts, policy, shelf, row.as_of)


def moved(grounds: Grounds, steps: Sequence[Step]) -> Facts:
    """The recorded facts with the steps taken one after another; what is linked to a fact moves with it.

    The facts may contradict each other; :func:`work_out` refuses those.
    """
    block = block_of(grounds.columns, 1)
    for step in steps:
        fact = FACTS[step.fact]
        value = fact.codes.index(step.value) if fact.kind == "code" else float(step.value)
        move(block, _ONLY, step.fact, value)
    facts = {name: _rounded(FACTS[name].kind, value) for name, value in account_of(block, 0).items()}
    if facts["restriction_reason"] == "none" and facts["restricted_share"]:
        facts["restriction_reason"] = None  # there would be one; which, nobody has said
    return facts


def work_out(grounds: Grounds, steps: Sequence[Step]) -> Worked:
    """Evaluate the account with the steps taken, by the record's own rules and as of its day.

    Raises:
        FactError: a value cannot be read, or the changed facts contradict each other.
    """
    facts = account_from_json(moved(grounds, steps))
    result = explain(columns_of([facts]), 0, grounds.shelf, grounds.policy, grounds.as_of)
    by_hand = {step.fact for step in steps}
    along = {
        name: grounds.facts[name]
        for name in FACTS
        if name not in by_hand and facts[name] != grounds.facts[name]
    }
    before = {name: grounds.facts[name] for name in sorted(by_hand)}
    return Worked(tuple(steps), facts, result, along, before)


def _rounded(kind: str, value: Any) -> Any:
    return round(value, _DIGITS.get(kind, _FINE)) if isinstance(value, float) else value


# --- steps as they are kept ---------------------------------------------------------------------------------


def steps_as_json(steps: Sequence[Step]) -> list[list[Any]]:
    """Steps as plain values: ``[["account_value", 250000.0], ...]``."""
    return [[step.fact, step.value] for step in steps]


def steps_from_json(given: Any) -> tuple[Step, ...]:
    """Steps from plain values, each read as strictly as any fact.

    Raises:
        FactError: not such a list, a fact that nobody can change, one twice, or a value it cannot have.
    """
    if not isinstance(given, list):
        raise FactError("steps", given, "is not a list of changes", 'Give [["account_value", 250000]].')
    steps: list[Step] = []
    for pair in given:
        if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], str):
            raise FactError("steps", pair, "is not a fact and its value", 'Give ["account_value", 250000].')
        name, value = pair
        if name not in FACTS or not FACTS[name].changeable or value is None:
            raise FactError(name, value, "cannot be changed", "Change one of the facts that are offered.")
        if name in {step.fact for step in steps}:
            raise FactError(name, value, "is changed twice", "Give each fact once.")
        steps.append(Step(name, account_from_json({name: value})[name]))
    return tuple(steps)
