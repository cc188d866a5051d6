"""Which of several programs each account takes, where accounts that go together earn something together.

Whole numbers throughout: sums do not depend on the order of the accounts, and equal is equal.

Accounts are taken one after another. All that the ones before mean for the ones after is, for each group,
whether none, one or several of them claim its credit; of all ways to come to the same state the best is
kept. A group that one account alone claims is no group, so no such state may stand at the end. That weighs
every assignment without listing them, in as many states as 3 to the power of the groups, times the accounts.
Accounts that share no group are solved apart. A group that another beats for each of its accounts is never
needed and is left out first.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

STATES = 250_000
"""States that are looked at before groups are left out: 12 accounts on all platforms of the contract."""
UNKNOWN_COST = -1
NO_GROUP: tuple[str, ...] = ()
Worth = int


class Choice(NamedTuple):
    """One program that an account can take.

    Attributes:
        program: number of the program; the lower one wins where all else is equal.
        points: what it is worth by itself, in any whole unit.
        kept: whether it keeps the structure of today.
        cost: cents a year, or UNKNOWN_COST, which is dearer than any.
        group: where it can be together with other accounts, `NO_GROUP` nowhere.
        credit: what it is worth more, in the unit of `points`, where two or more accounts take the group.
    """

    program: int
    points: int
    kept: bool = False
    cost: int = 0
    group: tuple[str, ...] = NO_GROUP
    credit: int = 0


class Assignment(NamedTuple):
    """What was found.

    Attributes:
        chosen: one entry an account, index into its choices.
        exact: whether every assignment was looked at.
        groups_left_out: groups that were not tried because there are too many.
    """

    chosen: tuple[int, ...]
    exact: bool
    groups_left_out: int


@dataclass(frozen=True)
class _Option:
    """A choice as one account weighs it, with the credit of the group it claims (-1 none)."""

    worth: Worth
    group: int
    index: int


def assign(accounts: Sequence[Sequence[Choice]], states: int = STATES) -> Assignment:
    """The best assignment: most points, then most structures kept, then least cost, then the first programs.

    It does not depend on the order of the accounts, save between accounts that are alike in everything.

    Args:
        accounts: what each can take, at least one choice an account.
        states: how many states to look at before groups are left out.
    """
    chosen = [0] * len(accounts)
    left_out = 0
    for together in _sharing_groups(accounts):
        order = sorted(together, key=lambda number: tuple(accounts[number]))
        found, dropped = _best([accounts[number] for number in order], states)
        left_out += dropped
        for number, index in zip(order, found, strict=True):
            chosen[number] = index
    return Assignment(tuple(chosen), left_out == 0, left_out)


def together(choices: Sequence[Choice]) -> frozenset[tuple[str, ...]]:
    """The groups that two or more of these choices, one an account, take."""
    groups = [choice.group for choice in choices if choice.group]
    return frozenset(group for group in groups if groups.count(group) > 1)


def points_of(choices: Sequence[Choice]) -> int:
    """What these choices, one an account, are worth with the credit that they earn together."""
    joined = together(choices)
    return sum(choice.points + (choice.credit if choice.group in joined else 0) for choice in choices)


def _sharing_groups(accounts: Sequence[Sequence[Choice]]) -> list[list[int]]:
    """Accounts in parts that share no group."""
    parts: list[tuple[set[tuple[str, ...]], list[int]]] = []
    for number, choices in enumerate(accounts):
        groups, members = {choice.group for choice in choices if choice.group}, [number]
        apart = []
        for part in parts:
            if part[0] & groups:
                groups, members = groups | part[0], part[1] + members
            else:
                apart.append(part)
        parts = [*apart, (groups, members)]
    return [members for _, members in parts]


def _best(accounts: Sequence[Sequence[Choice]], states: int) -> tuple[list[int], int]:
    """The chosen index of each account, and how many groups had to be left out."""
    weigh = _Weights(accounts)
    alone = [
        max(
            (_Option(weigh(rank, choice, 0), -1, at) for at, choice in enumerate(choices)),
            key=lambda option: option.worth,
        )
        for rank, choices in enumerate(accounts)
    ]
    claims = _claims(accounts, weigh)
    groups = _worth_trying(claims)
    room = len(groups)
    while room and len(accounts) * 3**room > states:
        room -= 1
    dropped = len(groups) - room
    if dropped:
        credit = {group: sum(claim[group].worth for claim in claims if group in claim) for group in groups}
        groups = sorted(groups, key=lambda group: (-credit[group], group))[:room]
    number = {group: place for place, group in enumerate(sorted(groups))}
    options = [
        [lone]
        + [_Option(own.worth, number[group], own.index) for group, own in claim.items() if group in number]
        for lone, claim in zip(alone, claims, strict=True)
    ]
    return _walk(options, len(number)), dropped


class _Weights:
    """Folds what decides, in its order, into one whole number that adds up over accounts.

    Points first; all kept structures count less than one point, all costs less than one structure, the order
    of the shelf less than one cent.
    """

    def __init__(self, accounts: Sequence[Sequence[Choice]]) -> None:
        count = len(accounts)
        known = sum(max(max(choice.cost, 0) for choice in choices) for choices in accounts)
        self._kept = count + 1
        self._unknown = known + 1
        self._costs = self._unknown * count + 1
        self._programs = max(choice.program for choices in accounts for choice in choices) + 1
        self._orders: list[int] = [self._programs ** (count - 1 - rank) for rank in range(count)]

    def __call__(self, rank: int, choice: Choice, credit: int) -> Worth:
        cost = self._unknown if choice.cost == UNKNOWN_COST else choice.cost
        worth = (choice.points + credit) * self._kept + choice.kept
        worth = worth * self._costs - cost
        return worth * self._orders[0] * self._programs - choice.program * self._orders[rank]


def _claims(accounts: Sequence[Sequence[Choice]], weigh: _Weights) -> list[dict[tuple[str, ...], _Option]]:
    """For each account, the best choice in each group that a second account can take as well."""
    claims: list[dict[tuple[str, ...], _Option]] = []
    for rank, choices in enumerate(accounts):
        best: dict[tuple[str, ...], _Option] = {}
        for at, choice in enumerate(choices):
            option = _Option(weigh(rank, choice, choice.credit), -1, at)
            if choice.group and (choice.group not in best or best[choice.group].worth < option.worth):
                best[choice.group] = option
        claims.append(best)
    alone = {group for claim in claims for group in claim if sum(group in other for other in claims) < 2}
    return [{group: own for group, own in claim.items() if group not in alone} for claim in claims]


def _worth_trying(claims: Sequence[dict[tuple[str, ...], _Option]]) -> list[tuple[str, ...]]:
    """The groups that no other group beats for each of its accounts: theirs could all move to that one."""
    groups = sorted({group for claim in claims for group in claim})

    def beaten(group: tuple[str, ...], other: tuple[str, ...]) -> bool:
        return other != group and all(
            other in claim and claim[other].worth > claim[group].worth for claim in claims if group in claim
        )

    return [group for group in groups if not any(beaten(group, other) for other in groups)]


def _walk(options: Sequence[Sequence[_Option]], groups: int) -> list[int]:
    """Account after account; a state holds for each group 0, 1 or 2 (for more) in base 3."""
    places = [3**group for group in range(groups)]
    last = [
        max((at for at, own in enumerate(options) if any(o.group == g for o in own)), default=-1)
        for g in range(groups)
    ]
    reached: list[dict[int, tuple[Worth, int, int]]] = [{0: (0, 0, 0)}]
    for at, own in enumerate(options):
        done = [places[group] for group in range(groups) if last[group] == at]
        after: dict[int, tuple[Worth, int, int]] = {}
        for (state, (worth, _, _)), option in itertools.product(reached[-1].items(), own):
            step = state
            if option.group >= 0 and state // places[option.group] % 3 < 2:
                step += places[option.group]
            if any(step // place % 3 == 1 for place in done):
                continue  # alone for good
            total = worth + option.worth
            if step not in after or after[step][0] < total:
                after[step] = (total, state, option.index)
        reached.append(after)
    state = max(reached[-1], key=lambda end: reached[-1][end][0])
    chosen = []
    for after in reversed(reached[1:]):
        _, state, index = after[state]
        chosen.append(index)
    return chosen[::-1]
