"""Whatever is drawn adds up: lots to positions, positions to accounts, shares to one."""

import re
from collections.abc import Iterator
from dataclasses import fields

import numpy as np
import pytest

from households.generation.draw import EPOCH, Book
from households.generation.names import FIRST_NAMES, KNOWN_PEOPLE, SURNAMES, pick_names
from households.generation.securities import CASH, FUND, STOCK, securities
from households.generation.tables import NO_DAY, REGISTRATIONS, Slice
from tests.households.generation.conftest import AS_OF

TODAY = (AS_OF - EPOCH).days


@pytest.fixture(params=["demo", "book"])
def parts(request: pytest.FixtureRequest) -> list[Slice]:
    drawn: Book = request.getfixturevalue(request.param)
    return drawn.slices


def test_lots_add_up_to_their_positions(parts: list[Slice]) -> None:
    for part in parts:
        positions, lots = part.positions, part.lots
        for column in ("quantity", "value", "cost"):
            total = np.zeros(len(positions.account), dtype=np.int64)
            np.add.at(total, lots.position, getattr(lots, column))
            held = np.bincount(lots.position, minlength=len(total)) > 0
            assert (total[held] == getattr(positions, column)[held]).all(), column
        kind = securities().asset_class[positions.security]
        without = np.bincount(lots.position, minlength=len(kind)) == 0
        assert (positions.cost[without & (kind != CASH)] == -1).all()
        assert (positions.cost[kind == CASH] == positions.value[kind == CASH]).all()


def test_positions_add_up_to_their_account_to_the_cent(parts: list[Slice]) -> None:
    for part in parts:
        total = np.zeros(len(part.accounts.value), dtype=np.int64)
        np.add.at(total, part.positions.account, part.positions.value)
        assert (total == part.accounts.value).all()
        assert (part.positions.value > 0).all()
        classes = securities().asset_class[part.positions.security]
        shares = np.stack(
            [
                np.bincount(part.positions.account, weights=part.positions.value * (classes == kind))
                / part.accounts.value
                for kind in range(5)
            ]
        )
        assert np.abs(shares.sum(axis=0) - 1).max() < 1e-9


def test_value_is_quantity_times_price_exactly(parts: list[Slice]) -> None:
    listed = securities()
    for part in parts:
        for table, security in (
            (part.positions, part.positions.security),
            (part.lots, part.positions.security[part.lots.position]),
        ):
            assert (table.quantity * listed.price[security] == table.value * 100).all()
            assert (table.quantity % listed.step[security] == 0).all()


def test_a_security_stands_once_in_an_account(parts: list[Slice]) -> None:
    for part in parts:
        pairs = np.stack([part.positions.account, part.positions.security], axis=1)
        assert len(np.unique(pairs, axis=0)) == len(pairs)


def test_lots_are_bought_on_weekdays_before_today_by_somebody_alive(parts: list[Slice]) -> None:
    for part in parts:
        acquired = part.lots.acquired
        assert acquired.max() < TODAY
        assert ((acquired + 3) % 7 <= 4).all()  # 1970-01-01 was a Thursday
        account = part.positions.account[part.lots.position]
        owner = part.accounts.owner[account]
        birth = np.where(owner >= 0, part.people.birth[owner], NO_DAY)
        assert (acquired >= birth - 3).all()


def test_costs_are_positive_and_losses_bounded(parts: list[Slice]) -> None:
    for part in parts:
        assert (part.lots.cost > 0).all()
        assert (part.lots.cost <= 1.71 * part.lots.value + 1).all()


def test_every_row_points_into_its_own_household(parts: list[Slice]) -> None:
    for part in parts:
        accounts, people, units = part.accounts, part.people, part.tax_units
        owned, filed = accounts.owner >= 0, accounts.tax_unit >= 0
        assert (people.household[accounts.owner[owned]] == accounts.household[owned]).all()
        assert (units.household[accounts.tax_unit[filed]] == accounts.household[filed]).all()
        has_unit = people.tax_unit >= 0
        assert (units.household[people.tax_unit[has_unit]] == people.household[has_unit]).all()
        exempt = np.isin(accounts.registration, [REGISTRATIONS.index(r) for r in REGISTRATIONS[10:]])
        assert (filed == ~exempt).all()
        assert (np.diff(accounts.household) >= 0).all()
        assert (np.diff(part.positions.account) >= 0).all()


def test_columns_of_a_table_are_equally_long(parts: list[Slice]) -> None:
    for part in parts:
        for table in (part.households, part.people, part.tax_units, part.accounts, part.positions, part.lots):
            assert len({len(getattr(table, field.name)) for field in fields(table)}) == 1
        assert {len(values) for values in part.stated.values()} == {len(part.accounts.name)}


def test_funds_and_cash_are_never_restricted_or_retained(parts: list[Slice]) -> None:
    for part in parts:
        kind = securities().asset_class[part.positions.security]
        assert (kind[part.positions.restricted > 0] == STOCK).all()
        assert (kind[part.positions.retained] == STOCK).all()


def test_no_tax_free_fund_where_nothing_is_taxed(parts: list[Slice]) -> None:
    listed = securities()
    for part in parts:
        tax_free = np.isin(part.positions.security, listed.funds[4])
        assert (listed.asset_class[part.positions.security[tax_free]] == FUND).all()
        registration = part.accounts.registration[part.positions.account[tax_free]]
        assert (registration < REGISTRATIONS.index("traditional_ira")).all()


def _names(parts: list[Slice]) -> Iterator[str]:
    for part in parts:
        yield from part.people.name


def test_people_are_named_from_our_lists_and_nobody_known(parts: list[Slice]) -> None:
    for name in set(_names(parts)):
        first, _, last = name.partition(" ")
        assert first in FIRST_NAMES
        assert last in SURNAMES
        assert (first, last) not in KNOWN_PEOPLE


def test_a_pair_that_is_a_known_person_is_never_given() -> None:
    for first, last in sorted(KNOWN_PEOPLE):
        pair = np.array([FIRST_NAMES.index(first)]), np.array([SURNAMES.index(last)])
        assert pick_names(*pair) == ([FIRST_NAMES[0]], [last])


def test_our_surnames_are_not_those_of_people_in_the_news() -> None:
    """A list by hand of surnames that would make a demo embarrassing."""
    famous = {
        "Bezos", "Biden", "Bogle", "Buffett", "Bush", "Clinton", "Cohen", "Dalio", "Dimon", "Fink", "Gates",
        "Gross", "Harris", "Icahn", "Lynch", "Madoff", "Munger", "Musk", "Obama", "Pelosi", "Powell",
        "Rockefeller", "Rothschild", "Schwab", "Simons", "Soros", "Swensen", "Thiel", "Trump", "Walton",
        "Wood", "Yellen", "Zuckerberg",
    }  # fmt: skip
    assert not famous & set(SURNAMES)


def test_no_two_households_of_the_demo_share_a_name(demo: Book) -> None:
    names = demo.slices[0].households.name
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"The [A-Z][\w'-]+ household|[A-Z][\w' ]+", name) for name in names)
