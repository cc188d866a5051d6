"""The assignment behind the household plan: against every assignment there is, and in whatever order."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from implementation.rules.household.assignment import (
    UNKNOWN_COST,
    Assignment,
    Choice,
    assign,
    points_of,
    together,
)

Accounts = Sequence[Sequence[Choice]]
GROUPS = [
    ("1", "overlay", "schwab"),
    ("1", "orion", "schwab"),
    ("1", "orion", "fidelity"),
    ("2", "orion", "schwab"),
]


def judged(choices: Sequence[Choice]) -> tuple[int, int, int, int]:
    """What decides, in its order: points, kept structures, unknown costs, costs."""
    known = sum(choice.cost for choice in choices if choice.cost != UNKNOWN_COST)
    unknown = sum(choice.cost == UNKNOWN_COST for choice in choices)
    return points_of(choices), sum(choice.kept for choice in choices), -unknown, -known


def taken(accounts: Accounts, chosen: Sequence[int]) -> list[Choice]:
    return [choices[index] for choices, index in zip(accounts, chosen, strict=True)]


def best_of_all(accounts: Accounts) -> tuple[int, int, int, int]:
    """Every assignment, one by one."""
    return max(judged(choices) for choices in itertools.product(*accounts))


def choice(program: int) -> st.SearchStrategy[Choice]:
    return st.builds(
        Choice,
        program=st.just(program),
        points=st.integers(-6, 6),
        kept=st.booleans(),
        cost=st.sampled_from([UNKNOWN_COST, 0, 1, 2, 30]),
        group=st.sampled_from([(), *GROUPS]),
        credit=st.integers(0, 7),
    )


account = st.integers(1, 4).flatmap(lambda count: st.tuples(*(choice(number) for number in range(count))))
shelves = st.lists(account, min_size=1, max_size=5)


@settings(max_examples=400)
@given(shelves)
def test_no_assignment_is_better(accounts: Accounts) -> None:
    found = assign(accounts)
    assert found.exact
    assert judged(taken(accounts, found.chosen)) == best_of_all(accounts)


@st.composite
def lifelike(draw: st.DrawFn) -> list[list[Choice]]:
    """Up to twelve accounts of an SMA and a UMA or two: value x fit, and credit on one of two platforms."""
    accounts = []
    for _ in range(draw(st.integers(1, 12))):
        value, fit = draw(st.integers(1, 9)), draw(st.integers(-12, 12))
        place = draw(st.sampled_from(["schwab", "fidelity"]))
        choices = [Choice(0, value * fit, draw(st.booleans()), 10)]
        choices.append(Choice(1, -value * fit, not choices[0].kept, 12, ("1", "overlay", place), value * 15))
        accounts.append(choices)
    return accounts


@settings(max_examples=60)
@given(lifelike())
def test_exact_to_twelve_accounts(accounts: Accounts) -> None:
    found = assign(accounts)
    assert judged(taken(accounts, found.chosen)) == best_of_all(accounts)


@settings(max_examples=200)
@given(shelves, st.randoms(use_true_random=False))
def test_the_order_of_the_accounts_does_not_matter(accounts: Accounts, random: object) -> None:
    order = list(range(len(accounts)))
    random.shuffle(order)  # type: ignore[attr-defined]
    here = taken(accounts, assign(accounts).chosen)
    moved = [accounts[number] for number in order]
    there = taken(moved, assign(moved).chosen)
    # Accounts that are alike in everything may change places with each other.
    assert sorted(zip(accounts, here, strict=True)) == sorted(zip(moved, there, strict=True))


@settings(max_examples=100)
@given(shelves, st.integers(2, 1_000_000))
def test_more_money_in_every_account_moves_none(accounts: Accounts, times: int) -> None:
    more = [
        [c._replace(points=c.points * times, credit=c.credit * times) for c in choices]
        for choices in accounts
    ]
    assert assign(more).chosen == assign(accounts).chosen


def drawn(random: Random) -> list[list[Choice]]:
    """Up to four accounts that are often as good one way as another."""

    def choice(program: int) -> Choice:
        return Choice(
            program,
            points=random.randint(-2, 2),
            kept=random.random() < 0.3,
            cost=random.choice([UNKNOWN_COST, 0, 1, 2]),
            group=random.choice([(), *GROUPS[:3]]),
            credit=random.randint(0, 3),
        )

    return [[choice(number) for number in range(random.randint(1, 4))] for _ in range(random.randint(1, 4))]


def test_of_equally_good_assignments_the_first_of_the_shelf_is_found() -> None:
    """Against every assignment of some hundred households, down to the last tie."""
    random = Random(7)
    for _ in range(400):
        accounts = sorted(drawn(random))  # of accounts in another order the ones that come first here decide

        def judged_to_the_end(choices: Sequence[Choice]) -> tuple[Any, ...]:
            return *judged(choices), [-choice.program for choice in choices]

        found = assign(accounts)
        best = max(judged_to_the_end(choices) for choices in itertools.product(*accounts))
        assert found.exact
        assert judged_to_the_end(taken(accounts, found.chosen)) == best


P, Q = ("1", "orion", "schwab"), ("1", "overlay", "schwab")


def test_one_account_alone_earns_nothing_by_being_coordinated() -> None:
    # 5 as SMA; as UMA -5 + 15, but there is nobody to be coordinated with
    assert assign([[Choice(0, 5), Choice(1, -5, group=P, credit=15)]]).chosen == (0,)


def test_two_join_where_the_credit_outweighs_twice_their_fit() -> None:
    # Each: 7 as SMA, -7 + 15 = 8 together. At 8: 8 against 7.
    seven = [Choice(0, 7), Choice(1, -7, group=P, credit=15)]
    eight = [Choice(0, 8), Choice(1, -8, group=P, credit=15)]
    assert assign([seven, seven]).chosen == (1, 1)
    assert assign([eight, eight]).chosen == (0, 0)


def test_one_joins_at_a_loss_where_the_other_gains_more() -> None:
    # A: 10 as SMA, -10 + 15 = 5 as UMA; B: -20 as SMA, 20 alone as UMA, 35 together. A loses 5, B gains 15.
    a = [Choice(0, 10), Choice(1, -10, group=P, credit=15)]
    b = [Choice(0, -20), Choice(1, 20, group=P, credit=15)]
    assert assign([a, b]).chosen == (1, 1)
    assert points_of(taken([a, b], (1, 1))) == 40
    assert points_of(taken([a, b], (0, 1))) == 30


def test_they_meet_on_the_platform_that_both_can_take_even_when_it_costs_more() -> None:
    a = [Choice(1, 3, cost=10, group=P, credit=15), Choice(2, 3, cost=50, group=Q, credit=15)]
    b = [Choice(0, 3, cost=1), Choice(2, 3, cost=50, group=Q, credit=15)]
    assert assign([a, b]).chosen == (1, 1)
    assert together(taken([a, b], (1, 1))) == {Q}


def test_ties_keep_the_structure_then_cost_less_then_follow_the_shelf() -> None:
    assert assign([[Choice(0, 0, cost=1), Choice(1, 0, kept=True, cost=9)]]).chosen == (1,)
    assert assign([[Choice(0, 0, cost=9), Choice(1, 0, cost=1)]]).chosen == (1,)
    assert assign([[Choice(0, 0, cost=UNKNOWN_COST), Choice(1, 0, cost=10**12)]]).chosen == (1,)
    assert assign([[Choice(3, 0, cost=4), Choice(2, 0, cost=4)]]).chosen == (1,)


def test_accounts_that_share_no_group_are_solved_apart() -> None:
    """Two and two: six states each, where all four together would be 36."""
    of = {group: [Choice(0, 0), Choice(1, 0, group=group, credit=1)] for group in (P, Q)}
    found = assign([of[P], of[Q], of[P], of[Q]], states=6)
    assert (found.chosen, found.exact) == ((1, 1, 1, 1), True)
    assert not assign([of[P], of[Q], of[P], of[P] + of[Q][1:]], states=6).exact


def test_groups_are_left_out_only_as_far_as_the_states_demand() -> None:
    """Three accounts and two groups are 27 states, with one group 9."""
    three = [[Choice(0, 0), Choice(1, 0, group=P, credit=2), Choice(2, 0, group=Q, credit=2)]] * 2
    three = [*three, [Choice(0, 0), Choice(2, 0, group=Q, credit=2), Choice(3, 0, group=P, credit=1)]]
    assert [assign(three, states=states).groups_left_out for states in (27, 26, 9, 8)] == [0, 1, 1, 2]


def test_of_the_groups_the_one_that_is_worth_most_is_tried() -> None:
    """On P 20 for each of two; on Q, a point short for them, 5 for each of four."""
    a = [Choice(0, 0), Choice(1, 0, group=P, credit=20), Choice(2, -1, group=Q, credit=5)]
    b = [Choice(0, 0), Choice(2, 0, group=Q, credit=5)]
    assert assign([a, a, b, b]).chosen == (1, 1, 1, 1)
    assert assign([a, a, b, b], states=12).chosen == (1, 1, 0, 0)


def test_groups_that_nobody_needs_take_no_states() -> None:
    """Two accounts and one group are six: none for a group of one account, or one that another beats."""
    a = [Choice(0, 0), Choice(1, 0, group=P, credit=2), Choice(2, 0, group=Q, credit=9)]
    b = [Choice(0, 0), Choice(1, 0, group=P, credit=2)]
    assert assign([a, b], states=6) == Assignment((1, 1), True, 0)
    beaten = [Choice(0, 0), Choice(1, 1, group=P, credit=9), Choice(2, 0, group=Q, credit=9)]
    assert assign([beaten, beaten], states=6) == Assignment((1, 1), True, 0)


def test_a_point_is_a_point_beside_any_other_number() -> None:
    large = 10**17
    assert assign([[Choice(0, large), Choice(1, large + 1)]]).chosen == (1,)


def test_with_too_many_groups_the_ones_that_are_worth_most_are_tried_and_it_says_so() -> None:
    groups = [("1", f"p{number}", "schwab") for number in range(6)]
    # On each platform another account pays least, so that no platform beats another.
    accounts = [
        [Choice(0, 0)]
        + [Choice(g + 1, 0, cost=(g * 7 + row * 5) % 6, group=groups[g], credit=9) for g in range(6)]
        for row in range(3)
    ]
    whole, short = assign(accounts), assign(accounts, states=3 * 3)
    assert (whole.exact, whole.groups_left_out) == (True, 0)
    assert not short.exact
    assert short.groups_left_out >= 1
    assert points_of(taken(accounts, short.chosen)) == 27
