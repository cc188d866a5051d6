"""What an account of a household can take, and what is known where other accounts lack facts; by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from implementation.rules.engine import OUTCOMES
from implementation.rules.facts import FACTS
from implementation.rules.household import choices as module
from implementation.rules.household.assignment import UNKNOWN_COST, Choice
from implementation.rules.household.choices import Terms, terms_of
from implementation.rules.household.plan import Member
from tests.rules.books import AS_OF, POLICY, columns
from tests.rules.household.plans import CASH, SMALL, STOCK, plan
from tests.rules.shelves import shelf_of, sma, uma

AT_SCHWAB = shelf_of(sma("anywhere"), sma("schwab", custodians=["schwab"]), uma("uma"))
NOWHERE_KNOWN = CASH | {"custodian": None}


def terms(*accounts: dict[str, Any], shelf: Any = AT_SCHWAB) -> Terms:
    return terms_of(columns(*accounts), [Member(1)] * len(accounts), shelf, POLICY, AS_OF)


@pytest.mark.parametrize(
    ("low", "high", "middle"), [(-3, 8, 2), (-8, 3, -3), (5, 5, 5), (-100, 40, -30), (0, 1, 0)]
)
def test_an_own_fit_that_is_not_known_counts_by_its_middle(low: int, high: int, middle: int) -> None:
    given: Any = SimpleNamespace(low=(low,), high=(high,))
    assert Terms.fit(given, 0) == middle


@pytest.mark.parametrize(("value", "points"), [(200, (1_400, -1_400)), (None, (0, 0)), (0, (0, 0))])
def test_another_fit_moves_the_worth_of_each_choice(value: int | None, points: tuple[int, int]) -> None:
    given: Any = SimpleNamespace(
        value=(value,),
        choices=((Choice(0, 5), Choice(1, 5)),),
        structure_of=lambda choice: ("SMA", "UMA")[choice.program],
    )
    assert tuple(choice.points for choice in Terms.choices_at(given, 0, 7)) == points


def test_a_missing_fact_of_one_account_leaves_what_is_open_to_the_other_certain() -> None:
    found, doubtful = module._open(columns(CASH, NOWHERE_KNOWN), AT_SCHWAB, POLICY)
    assert (found, doubtful) == ([[0, 1, 2], [0, 2]], [False, True])
    found, doubtful = module._open(columns(NOWHERE_KNOWN, CASH), AT_SCHWAB, POLICY)
    assert (found, doubtful) == ([[0, 2], [0, 1, 2]], [True, False])


def test_a_program_that_is_closed_for_certain_is_in_no_doubt() -> None:
    found, doubtful = module._open(columns(CASH | SMALL), AT_SCHWAB, POLICY)
    assert (found, doubtful) == ([[2]], [False])


def test_a_price_is_known_for_the_account_whose_value_is_known() -> None:
    """30 bps of $400,000 are $1,200; of a value that is not known, an unknown amount; nothing is nothing."""
    shelf = shelf_of(sma("thirty", 30), uma("free", 0))
    accounts = columns(CASH, CASH | {"account_value": None, "direct_index_value": None})
    assert module._dollars(accounts, shelf, POLICY) == [[120_000, UNKNOWN_COST], [0, 0]]


BY_HOUSEHOLD = {"kind": "bundled", "unit": "bps a year", "basis": "household", "tiers": [{"bps": 0}]}


@pytest.mark.parametrize("unknown", ["account_value", "household_value"])
def test_a_price_that_no_value_moves_is_known_whatever_is_not(unknown: str) -> None:
    shelf = shelf_of(sma("free", 0), uma("free_too", bps=None, fees={"components": [BY_HOUSEHOLD]}))
    accounts = columns(CASH, CASH | {unknown: None})
    assert module._dollars(accounts, shelf, POLICY) == [[0, 0], [0, 0]]


def test_an_account_that_needs_no_direct_index_has_nothing_to_choose_though_programs_are_open() -> None:
    unneeded = STOCK | {
        "client_requests_direct_indexing": False, "security_restrictions": 0, "coordination_importance": 0,
        "registration": "traditional_ira", "tax_status": "tax_deferred", "usable_gains": 0,
        "short_term_rate": 0, "long_term_rate": 0, "gain_budget": 0,
    }  # fmt: skip
    given = terms(CASH, unneeded)
    assert given.fixed == ("", "need")
    assert module._open(columns(unneeded), AT_SCHWAB, POLICY)[0] == [[0, 1, 2]]
    assert (len(given.choices[0]), given.choices[1]) == (3, ())


def test_one_of_two_sma_programs_is_open_but_not_known_which_while_the_uma_is() -> None:
    """The answer is SMA; that the UMA is open for certain does not place it."""
    elsewhere = [code for code in FACTS["custodian"].codes if code != "schwab"]
    shelf = shelf_of(
        sma("schwab", 20, custodians=["schwab"]), sma("elsewhere", 20, custodians=elsewhere), uma("uma", 40)
    )
    given = terms(STOCK | {"custodian": None}, shelf=shelf)
    assert [OUTCOMES[int(outcome)] for outcome in given.found.outcome] == ["SMA"]
    assert module._open(columns(STOCK | {"custodian": None}), shelf, POLICY) == ([[2]], [True])
    assert (given.fixed, given.choices) == (("which_program",), ((),))


@pytest.mark.parametrize(
    ("named", "unknowns", "custodian", "covered"),
    [
        (None, (), "schwab", True),  # wherever
        (("schwab",), (), "schwab", True),
        (("schwab",), (), "fidelity", False),
        (None, ("overlay_custodians",), "schwab", False),  # what nobody has stated is not known to cover
        (None, (), None, False),
        (("schwab",), (), None, False),
    ],
)
def test_an_overlay_covers_a_custodian_only_where_that_is_known(
    named: tuple[str, ...] | None, unknowns: tuple[str, ...], custodian: str | None, covered: bool
) -> None:
    program: Any = SimpleNamespace(overlay_custodians=named, unknowns=unknowns)
    assert module.covers(program, custodian) is covered


@pytest.mark.parametrize(("account", "program"), [(None, "none"), ("other", "other")])
def test_platforms_that_nobody_has_named_bring_nobody_together(account: str | None, program: str) -> None:
    """At two custodians, and on what is not known to be one platform."""
    shelf = shelf_of(sma(), uma(platform=program, overlay_scope="household"))
    here = CASH | {"platform": account, "current_structure": "uma"}
    found = plan([here, here | {"custodian": "fidelity"}], shelf=shelf)
    assert (found.companies, found.today.coordinated) == ((), 0)
    assert [placement.credit for placement in found.placements] == [0, 0]


def test_today_an_account_has_company_only_on_its_own_platform() -> None:
    shelf = shelf_of(sma(), uma(platform="orion", overlay_scope="household"))
    here = CASH | {"platform": "orion", "current_structure": "uma"}
    assert plan([here, here], shelf=shelf).today.coordinated == 800_000
    assert plan([here, here | {"platform": "sei"}], shelf=shelf).today.coordinated == 0
