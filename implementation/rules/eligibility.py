"""Eligibility: the tests that a program must pass, each answering pass, fail or unknown.

Nothing is weighed here. Money is compared in whole cents, so that no float noise decides. A test that needs a
field of the program which nobody has stated is unknown for every account that the field could matter to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from implementation.rules.contract import FACTS
from implementation.rules.programs import Program
from implementation.rules.shapes import Interval, interval_of

Rows = Mapping[str, Any]
"""One value per fact: an array where it is known in every row, else an interval (codes by their index)."""
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Test:
    """One eligibility test.

    Attributes:
        name: as the answer names it.
        fact: the fact it reads first.
        field: the field of the program it reads.
        reason: the last part of its reason code.
    """

    name: str
    fact: str
    field: str
    reason: str


TESTS = (
    Test("initial_minimum", "account_value", "initial_minimum", "initial_minimum"),
    Test("maintenance_minimum", "account_value", "maintenance_minimum", "maintenance_minimum"),
    Test("sleeve_minimum", "direct_index_value", "sleeve_minimum", "sleeve_minimum"),
    Test("custodian", "custodian", "custodians", "terms"),
    Test("registration", "registration", "registrations", "terms"),
    Test("strategy", "strategy", "strategies", "terms"),
    Test("options_overlay", "needs_options_overlay", "options_overlay", "abilities"),
    Test("alternatives", "needs_alternatives", "alternatives", "abilities"),
    Test("fixed_income_discretion", "needs_fixed_income_discretion", "fixed_income_discretion", "abilities"),
    Test("maximum_restrictions", "security_restrictions", "maximum_restrictions", "abilities"),
    Test("legacy_retention", "legacy_retention_share", "legacy_retention", "abilities"),
    Test("lots_known", "lots_known_share", "lots_required", "lots"),
)
BIT = {test.name: np.uint16(1 << number) for number, test in enumerate(TESTS)}
FACTS_READ = frozenset(test.fact for test in TESTS) | {
    "planned_withdrawals",
    "planned_contributions",
    "household_value",
    "restricted_share",
}


@dataclass(frozen=True)
class Verdict:
    """Where a test fails for certain, and where it cannot be told; it passes everywhere else."""

    fails: Any
    unknown: Any


_PASSES = Verdict(False, False)


@dataclass
class Standing:
    """How rows stand with one program.

    Attributes:
        failed, unknown: bit per test of `TESTS`.
        counted_now, counted_after: dollars that count toward the minimum now and after planned withdrawals.
    """

    failed: NDArray[np.uint16]
    unknown: NDArray[np.uint16]
    counted_now: Any
    counted_after: Any

    @property
    def can_pass(self) -> Flags:
        """Rows in which no test fails for certain."""
        return np.asarray(self.failed == 0)

    @property
    def can_fail(self) -> Flags:
        """Rows in which some test fails or cannot be told."""
        return np.asarray((self.failed | self.unknown) != 0)


def standing(program: Program, rows: Rows, count: int, lots_known_enough: float) -> Standing:
    """Put rows through every test of one program."""
    now, after = counted_value(program, rows)
    failed, unknown = np.zeros(count, dtype=np.uint16), np.zeros(count, dtype=np.uint16)
    for name, verdict in _verdicts(program, rows, now, after, lots_known_enough):
        if verdict.fails is not False:
            failed |= np.asarray(verdict.fails, dtype=np.uint16) * BIT[name]
        if verdict.unknown is not False:
            unknown |= np.asarray(verdict.unknown, dtype=np.uint16) * BIT[name]
    return Standing(failed, unknown, now, after)


def counted_value(program: Program, rows: Rows) -> tuple[Any, Any]:
    """Dollars that count toward the program's minimum, now and after planned withdrawals."""
    value = rows["account_value"] if program.minimum_basis == "account" else rows["household_value"]
    if program.counts_restricted_stock is not True:
        without = value - rows["restricted_share"] * rows["account_value"]
        value = without if program.counts_restricted_stock is False else _between(without, value)
    after = value - rows["planned_withdrawals"]
    if program.counts_contributions is not False:
        with_contributions = after + rows["planned_contributions"]
        after = with_contributions if program.counts_contributions else _between(after, with_contributions)
    return value, np.maximum(after, 0.0)


def _between(low: Any, high: Any) -> Any:
    return Interval(interval_of(low).low, interval_of(high).high)


def _verdicts(
    program: Program, rows: Rows, now: Any, after: Any, lots_known_enough: float
) -> list[tuple[str, Verdict]]:
    def ability(fact: str, able: bool | None) -> Verdict:
        return _PASSES if able else _needs(rows[fact], able)

    def accepted(fact: str, field: str) -> Verdict:
        codes: frozenset[str] | None = getattr(program, field)
        return _accepted(fact, rows[fact], codes, field in program.unknowns)

    lots = program.lots_required
    lots_verdict = _PASSES if lots is False else _at_least(rows["lots_known_share"], lots_known_enough)
    if lots is None:
        lots_verdict = Verdict(False, lots_verdict.fails | lots_verdict.unknown)
    return [
        ("initial_minimum", _money_at_least(now, program.initial_minimum)),
        ("maintenance_minimum", _money_at_least(after, program.maintenance_minimum)),
        ("sleeve_minimum", _money_at_least(rows["direct_index_value"], program.sleeve_minimum)),
        ("custodian", accepted("custodian", "custodians")),
        ("registration", accepted("registration", "registrations")),
        ("strategy", accepted("strategy", "strategies")),
        ("options_overlay", ability("needs_options_overlay", program.options_overlay)),
        ("alternatives", ability("needs_alternatives", program.alternatives)),
        (
            "fixed_income_discretion",
            ability("needs_fixed_income_discretion", program.fixed_income_discretion),
        ),
        ("maximum_restrictions", _at_most(rows["security_restrictions"], program.maximum_restrictions)),
        ("legacy_retention", ability("legacy_retention_share", program.legacy_retention)),
        ("lots_known", lots_verdict),
    ]


def cents(dollars: Any) -> Any:
    """Dollars as whole cents."""
    return np.rint(dollars * 100)


def _money_at_least(dollars: Any, minimum: float | None) -> Verdict:
    if minimum is None:
        return Verdict(False, True)
    if minimum == 0:
        return _PASSES
    if isinstance(dollars, Interval):
        dollars = Interval(cents(dollars.low), cents(dollars.high))
    else:
        dollars = cents(dollars)
    return _at_least(dollars, cents(minimum))


def _at_least(value: Any, bound: float) -> Verdict:
    if isinstance(value, Interval):
        return _known_ends(value.high < bound, value.low < bound)
    return Verdict(value < bound, False)


def _at_most(value: Any, bound: float | None) -> Verdict:
    if bound is None:
        return _needs(value, None)
    if bound == np.inf:
        return _PASSES
    if isinstance(value, Interval):
        return _known_ends(value.low > bound, value.high > bound)
    return Verdict(value > bound, False)


def _needs(value: Any, able: bool | None) -> Verdict:
    """A need above zero that the program does not meet (or perhaps not, where `able` is None)."""
    certain, possible = interval_of(value).low > 0, interval_of(value).high > 0
    if able is None:
        return Verdict(False, possible)
    return _known_ends(certain, possible)


def _accepted(fact: str, value: Any, codes: frozenset[str] | None, unstated: bool) -> Verdict:
    if codes is None:
        return Verdict(False, True) if unstated else _PASSES
    refused = np.array([code not in codes for code in FACTS[fact].codes])
    if not isinstance(value, Interval):
        return Verdict(refused[value.astype(np.intp)], False)
    unsure = value.low != value.high
    index = value.low.astype(np.intp)
    certain = np.where(unsure, bool(refused.all()), refused[index])
    possible = np.where(unsure, bool(refused.any()), refused[index])
    return _known_ends(certain, possible)


def _known_ends(certain: Any, possible: Any) -> Verdict:
    return Verdict(certain, possible & ~certain)
