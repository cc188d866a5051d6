"""What each account of a household can take, and what it is worth there: the terms of the household plan.

Values are whole cents and fits whole hundredths of a point, so that worth is a whole number: cents times
hundredths of a point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from implementation.rules import costs
from implementation.rules.contract import FACTS
from implementation.rules.eligibility import cents, standing
from implementation.rules.engine import DECIDED_BY, OUTCOMES, Evaluation, evaluate
from implementation.rules.facts import Columns
from implementation.rules.household.assignment import NO_GROUP, UNKNOWN_COST, Choice
from implementation.rules.parameters import Parameters
from implementation.rules.policy import Policy
from implementation.rules.programs import Program
from implementation.rules.shapes import interval_of
from implementation.rules.shelf import Shelf
from implementation.rules.unknowns.box import feasible, incomplete_rows

HUNDREDTHS = 100
_REACHING = ("tax_unit", "household")
_HERE = ""
_ELSEWHERE = "other"
"""Two codes "other" are two different custodians or platforms."""
Group = tuple[str, ...]


class Member(NamedTuple):
    """Whose taxable equity an account is.

    Attributes:
        unit: number of the tax unit; None where it is no taxable equity account of a known one.
        outside: why not: `not_taxable`, `no_equities`, `no_return` or `unknown` (how it is taxed, or what it
            holds); empty for a member.
    """

    unit: int | None
    outside: str = ""


@dataclass(frozen=True)
class Terms:
    """What the plan is worked out from, one entry an account.

    Attributes:
        found: the accounts' own answers.
        fixed: why an account stays as it is: `need`, `ineligible`, `missing_facts`,
            `value`, `nothing_in_it`, `which_program`; empty otherwise.
        value: cents, None unknown.
        low, high: own net fit in hundredths of a point, rules about other accounts left out.
        structure, custodian, platform: codes of today, None unknown.
        members: as given.
        choices: what the account can take, in the order of the shelf; empty where it is fixed.
        cost_today: cents a year of staying as is, UNKNOWN_COST where that is not known.
        doubtful: whether it cannot be told of some program if it is open.
    """

    shelf: Shelf
    credit: int
    found: Evaluation
    fixed: tuple[str, ...]
    value: tuple[int | None, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    structure: tuple[str | None, ...]
    custodian: tuple[str | None, ...]
    platform: tuple[str | None, ...]
    members: tuple[Member, ...]
    choices: tuple[tuple[Choice, ...], ...]
    cost_today: tuple[int, ...]
    doubtful: tuple[bool, ...]

    @property
    def planned(self) -> list[int]:
        """The accounts that the plan places."""
        return [row for row, why in enumerate(self.fixed) if not why]

    def fit(self, row: int) -> int:
        """Own net fit: the middle of what is possible."""
        return (self.low[row] + self.high[row]) // 2

    def choices_at(self, row: int, fit: int) -> tuple[Choice, ...]:
        """The account's choices as if its own net fit were another."""
        points = (self.value[row] or 0) * fit
        return tuple(
            choice._replace(points=points if self.structure_of(choice) == "SMA" else -points)
            for choice in self.choices[row]
        )

    def structure_of(self, choice: Choice) -> str:
        """SMA or UMA."""
        return self.shelf.programs[choice.program].structure


@lru_cache(maxsize=8)
def own_fit_policy(policy: Policy) -> Policy:
    """The policy without the rules that look at other accounts, which the plan counts in its own way."""
    left_out = policy.plan.leaves_out
    factors = {
        factor: {
            structure: Parameters({name: rule for name, rule in p if name not in left_out[factor]})
            for structure, p in structures.items()
        }
        for factor, structures in policy.factors.items()
    }
    return replace(policy, factors=factors, sha256=f"{policy.sha256} without other accounts")


def terms_of(columns: Columns, members: Sequence[Member], shelf: Shelf, policy: Policy, as_of: date) -> Terms:
    """Evaluate the accounts and lay out what each can take."""
    found = evaluate(columns, shelf, policy, as_of)
    own = evaluate(columns, shelf, own_fit_policy(policy), as_of)
    count = len(found)
    value = tuple(None if np.isnan(v) else int(cents(v)) for v in columns["account_value"])
    is_open, doubtful = _open(columns, shelf, policy)
    fixed = tuple(_fixed(found, row, value[row], is_open[row], shelf) for row in range(count))
    low, high = (tuple(int(v) for v in np.rint(end * HUNDREDTHS)) for end in (own.low, own.high))
    terms = Terms(
        shelf=shelf,
        credit=round(policy.plan.coordination_points * HUNDREDTHS),
        found=found,
        fixed=fixed,
        value=value,
        low=low,
        high=high,
        structure=_codes(columns, "current_structure"),
        custodian=_codes(columns, "custodian"),
        platform=_codes(columns, "platform"),
        members=tuple(members),
        choices=((),) * count,
        cost_today=tuple(_cost_today(found)),
        doubtful=tuple(doubtful),
    )
    dollars = _dollars(columns, shelf, policy)
    choices = (
        tuple(_choice(terms, row, index, dollars[index][row]) for index in is_open[row] if not fixed[row])
        for row in range(count)
    )
    return replace(terms, choices=tuple(choices))


def _codes(columns: Columns, name: str) -> tuple[str | None, ...]:
    codes = FACTS[name].codes
    return tuple(codes[int(index)] if index >= 0 else None for index in columns[name])


def _cost_today(found: Evaluation) -> list[int]:
    dollars = found.cost_dollars["STAY"]
    return [UNKNOWN_COST if np.isnan(amount) else int(cents(amount)) for amount in dollars]


def _fixed(found: Evaluation, row: int, value: int | None, is_open: list[int], shelf: Shelf) -> str:
    """Why the account stays as it is, empty where it can be placed."""
    outcome = OUTCOMES[int(found.outcome[row])]
    if outcome == "INDETERMINATE":
        return "missing_facts"
    if outcome == "NEITHER":
        return "need" if DECIDED_BY[int(found.decided_by[row])] == "need" else "ineligible"
    if value is None:
        return "value"
    if value == 0:
        return "nothing_in_it"
    # One of several programs may be open for certain though of each it cannot be told.
    open_to = {shelf.programs[index].structure for index in is_open}
    return "" if outcome in open_to or (outcome == "EITHER" and open_to) else "which_program"


def _open(columns: Columns, shelf: Shelf, policy: Policy) -> tuple[list[list[int]], list[bool]]:
    """For each account the programs that pass every test for certain, and whether others perhaps do."""
    count = len(columns["account_value"])
    rows: Any = feasible(columns, policy.ranges) if incomplete_rows(columns).any() else columns
    found: list[list[int]] = [[] for _ in range(count)]
    doubtful = np.zeros(count, dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        for index, program in enumerate(shelf.programs):
            stand = standing(program, rows, count, policy.numbers["lots_known_enough"])
            doubtful |= stand.can_pass & stand.can_fail
            for row in np.flatnonzero(~stand.can_fail):
                found[row].append(index)
    return found, [bool(some) for some in doubtful]


def _dollars(columns: Columns, shelf: Shelf, policy: Policy) -> list[list[int]]:
    """Cents a year of each program for each account."""
    unknown = np.isnan(columns["account_value"]).any() or np.isnan(columns["household_value"]).any()
    rows: Any = feasible(columns, policy.ranges) if unknown else columns
    value, household = rows["account_value"], rows["household_value"]
    table = []
    with np.errstate(divide="ignore", invalid="ignore"):
        for program in shelf.programs:
            cost = interval_of(costs.annual_cost(program, value, household, policy.ranges["fee_bps"]))
            known = np.where(cost.low == cost.high, cents(cost.low), UNKNOWN_COST)
            table.append([int(amount) for amount in known])
    return table


def _choice(terms: Terms, row: int, index: int, cost: int) -> Choice:
    program, value = terms.shelf.programs[index], terms.value[row] or 0
    points = value * terms.fit(row)
    return Choice(
        program=index,
        points=points if program.structure == "SMA" else -points,
        kept=program.structure.lower() == terms.structure[row],
        cost=cost,
        group=group_of(terms, row, program),
        credit=value * terms.credit,
    )


# --- where accounts are together --------------------------------------------------------------------------


def coordinates(program: Program) -> bool:
    """Whether its overlay is known to act over accounts."""
    return program.overlay_scope in _REACHING and "overlay_scope" not in program.unknowns


def covers(program: Program, custodian: str | None) -> bool:
    """Whether its overlay is known to cover a custodian."""
    if "overlay_custodians" in program.unknowns or custodian is None:
        return False
    return program.overlay_custodians is None or custodian in program.overlay_custodians


def group_of(terms: Terms, row: int, program: Program) -> Group:
    """Whom the account is together with on the program's platform: tax unit, platform, place.

    Accounts are together at one custodian, whence they can move to one platform, or on it where they are on
    it today.
    """
    member, custodian = terms.members[row], terms.custodian[row]
    away = terms.structure[row] in (None, "held_away")
    if member.unit is None or away or not coordinates(program) or not covers(program, custodian):
        return NO_GROUP
    place = _HERE if custodian in _joined(terms, member.unit, program) else custodian
    if place == _ELSEWHERE:
        place = _HERE if is_on(program, terms.platform[row]) else None
    # A program on no platform, or on one that nobody has named, shares with itself.
    platform = str(program.platform) if is_on(program, program.platform) else program.code
    return NO_GROUP if place is None else (str(member.unit), platform, place)


def is_on(program: Program, platform: str | None) -> bool:
    """Whether the program is known to be on this platform: two that nobody has named are two."""
    return platform not in (None, _ELSEWHERE) and program.platform == platform


def _joined(terms: Terms, unit: int, program: Program) -> set[str | None]:
    """Custodians of which the unit has accounts on the platform today: there they are together."""
    return {
        custodian
        for custodian, platform, member in zip(terms.custodian, terms.platform, terms.members, strict=True)
        if member.unit == unit and is_on(program, platform) and custodian != _ELSEWHERE
    } - {None}
