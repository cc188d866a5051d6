"""Everything the demo firm must show is there, one test a thing; and it is there whatever the seed."""

import numpy as np
import pytest

from households.generation.cast import CAST
from households.generation.draw import EPOCH, Book, draw_demo
from households.generation.plan import CODES_OF_RESTRICTION, CUSTODIANS, PLATFORMS
from households.generation.securities import STOCK, securities
from households.generation.slots import NUMBER
from households.generation.tables import NO_DAY, REGISTRATIONS, RELATIONS, STRUCTURES, UNIT_KINDS, Slice
from tests.households.generation.conftest import AS_OF

TODAY = (AS_OF - EPOCH).days


@pytest.fixture(scope="module", params=[2, 3, 77])
def part(request: pytest.FixtureRequest) -> Slice:
    return draw_demo(request.param, as_of=AS_OF).slices[0]


def _stock_shares(part: Slice) -> tuple[np.ndarray, np.ndarray]:
    """Of each account: largest stock as a share, and unrealized gain of stocks with known cost as a share."""
    positions, value = part.positions, part.accounts.value
    stock = securities().asset_class[positions.security] == STOCK
    largest = np.zeros(len(value))
    np.maximum.at(largest, positions.account, np.where(stock, positions.value, 0))
    gain = np.where(stock & (positions.cost >= 0), positions.value - positions.cost, 0)
    return largest / value, np.bincount(positions.account, weights=gain) / value


def _registrations(part: Slice) -> set[str]:
    return {REGISTRATIONS[row] for row in part.accounts.registration.tolist()}


def test_every_registration_of_the_contract(part: Slice) -> None:
    assert _registrations(part) == set(REGISTRATIONS)


def test_retirement_beside_taxable(part: Slice) -> None:
    retirement = np.isin(part.accounts.registration, [REGISTRATIONS.index(r) for r in REGISTRATIONS[7:10]])
    taxable = part.accounts.registration < 7
    both = set(part.accounts.household[retirement].tolist()) & set(part.accounts.household[taxable].tolist())
    assert len(both) >= 20


def test_concentrated_appreciated_stock_to_be_sold(part: Slice) -> None:
    largest, gain = _stock_shares(part)
    blocked = np.zeros(len(largest), dtype=bool)
    blocked[part.positions.account[(part.positions.restricted > 0) | part.positions.retained]] = True
    assert ((largest > 0.5) & (gain > 0.3) & ~blocked & (part.accounts.value > 100_000_000)).any()


def test_restricted_stock_of_three_kinds(part: Slice) -> None:
    codes = {CODES_OF_RESTRICTION[row] for row in part.positions.restricted.tolist()}
    assert {"insider", "rule_144", "pledged"} <= codes


def test_retained_legacy_stock(part: Slice) -> None:
    assert part.positions.retained.any()


def test_legacy_lots_old_and_cheap(part: Slice) -> None:
    old = part.lots.acquired < TODAY - 15 * 365
    cheap = part.lots.cost < 0.25 * part.lots.value
    assert (old & cheap).sum() >= 3


def test_lots_both_short_and_long_term_with_gains_and_losses(part: Slice) -> None:
    short = part.lots.acquired >= TODAY - 365
    gain = part.lots.value > part.lots.cost
    assert (short & gain).any()
    assert (short & ~gain).any()
    assert (~short & ~gain).any()


def test_own_returns_of_trusts_entities_estates_and_of_a_couple_who_file_apart(part: Slice) -> None:
    kinds = {UNIT_KINDS[row] for row in part.tax_units.kind.tolist()}
    assert kinds == set(UNIT_KINDS)
    spouses = part.people.relation == RELATIONS.index("spouse")
    primary = part.people.tax_unit[np.flatnonzero(spouses) - 1]
    assert (part.people.tax_unit[spouses] != primary).any()


def test_an_elderly_holder_who_expects_a_step_up(part: Slice) -> None:
    expects = np.flatnonzero(part.stated["step_up_expected"] == 1)
    birth = part.people.birth[part.accounts.owner[expects]]
    ages = (TODAY - birth[birth != NO_DAY]) / 365.25
    assert ages.max() >= 80


def test_required_distributions(part: Slice) -> None:
    ira = part.accounts.registration == REGISTRATIONS.index("traditional_ira")
    owner = part.people.birth[part.accounts.owner]
    of_age = ira & (owner != NO_DAY) & (TODAY - owner > 74 * 365.25)
    share = part.stated["planned_withdrawals"][of_age] / (part.accounts.value[of_age] / 100)
    share = share[~np.isnan(share)]
    assert len(share) >= 2
    assert share.min() > 0.035  # age 73: 1 / 26.5
    assert share.max() < 0.113  # age 95: 1 / 8.9


def test_screens_and_long_lists(part: Slice) -> None:
    assert np.nanmax(part.stated["esg_screens"]) >= 2
    assert (np.nan_to_num(part.stated["security_restrictions"]) > 0).sum() >= 10


def test_intakes_hardly_begun_begun_and_complete(part: Slice) -> None:
    unknown = part.open_answers
    assert (unknown == 0).sum() >= 60
    assert ((unknown > 0) & (unknown < 6)).any()
    assert (unknown >= 6).any()
    rates = np.isnan(part.tax_units.long_term_rate)
    assert rates.any()
    assert not rates.all()


def test_accounts_below_each_minimum_of_the_house_programs(part: Slice) -> None:
    value = part.accounts.value / 100
    taxable = part.accounts.registration < 7
    assert ((value < 50_000) & taxable).any()
    assert ((value >= 50_000) & (value < 250_000) & taxable).any()
    assert ((value >= 250_000) & taxable).sum() >= 20


def test_a_tax_unit_with_many_taxable_accounts_on_one_platform(part: Slice) -> None:
    on_house = (part.accounts.platform == PLATFORMS.index("house_overlay")) & (part.accounts.registration < 7)
    units = part.accounts.tax_unit[on_house]
    assert np.bincount(units[units >= 0]).max() >= 4


def test_one_household_over_three_custodians(part: Slice) -> None:
    spread = {
        len(set(part.accounts.custodian[part.accounts.household == row].tolist()))
        for row in range(len(part.households.name))
    }
    assert max(spread) >= 3
    assert len(set(part.accounts.custodian.tolist())) == len(CUSTODIANS)


def test_every_current_structure(part: Slice) -> None:
    assert {STRUCTURES[row] for row in part.accounts.structure.tolist()} == set(STRUCTURES)


def test_lots_known_partly_and_not_at_all(part: Slice) -> None:
    invested = part.positions.security > 0
    total = np.bincount(part.positions.account[invested], minlength=len(part.accounts.value))
    known = np.bincount(
        part.positions.account[invested & (part.positions.cost >= 0)], minlength=len(part.accounts.value)
    )
    assert ((total > 0) & (known == 0)).any()
    assert ((known > 0) & (known < total)).any()
    assert ((total > 0) & (known == total)).sum() >= 80


def test_the_cast_has_the_accounts_its_roles_name(demo: Book) -> None:
    accounts = demo.slices[0].accounts
    for row, role in enumerate(CAST):
        slots = accounts.slot[accounts.household == row].tolist()
        assert sorted(slots) == sorted(NUMBER[code] for code in role.slots), role.shows
