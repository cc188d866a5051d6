"""What the demo is to show of returns and wash sales, whatever the seed: a couple who file apart."""

import pytest

from households.facts.links import Basis, circle_of
from households.generation.cast import CAST
from households.generation.loading import load_demo
from households.models import Household
from households.picture import household_chart, remarks
from households.selectors import accounts_of
from tests.households.generation.conftest import AS_OF


@pytest.mark.parametrize("seed", [2, 7])
def test_a_couple_who_file_apart_with_a_trust_and_iras(db: None, seed: int) -> None:
    load_demo(as_of=AS_OF, seed=seed)
    role = next(n for n, role in enumerate(CAST) if role.shows.startswith("a couple who file apart"))
    home = Household.objects.get(external_id=f"CRM-{seed}-0000-{role:04d}")
    accounts, people = list(accounts_of(home)), list(home.people.all())
    circle = circle_of(accounts, people)
    bases = {circle.basis(a, b) for a in range(len(accounts)) for b in range(len(accounts))}
    assert bases == {Basis.SAME_TAXPAYER, Basis.SPOUSE, Basis.OWN_IRA, Basis.SPOUSES_IRA, None}
    units = list(home.tax_units.all())
    assert len(units) == 2
    chart = household_chart(accounts, people, units)
    assert chart is not None
    assert {row[2] for row in chart.rows} == {*(unit.name for unit in units), "Retirement accounts"}
    assert remarks(accounts, people, units) == []


def test_no_household_of_the_demo_doubts_its_own_returns(db: None) -> None:
    load_demo(as_of=AS_OF)
    for home in Household.objects.all():
        accounts, people = list(accounts_of(home)), list(home.people.all())
        found = remarks(accounts, people, list(home.tax_units.all()))
        said = [row.words for row in found if row.field == "tax_unit"]
        assert [words for words in said if not words.startswith(("Proposed", "On which"))] == []
