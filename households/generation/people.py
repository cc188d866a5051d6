"""Who is in the households: people with names and birth dates, and the tax units their gains land on."""

from __future__ import annotations

import numpy as np

from households.generation.names import CHARITIES, FIRST_NAMES, PLACES, SURNAMES, pick_names
from households.generation.plan import CHARITY, FAMILY, Plan
from households.generation.slots import NUMBER
from households.generation.tables import NO_DAY, UNIT_KINDS, People, TaxUnits
from households.generation.taxes import JOINT, SINGLE, TRUST, marginal_rates

PRIMARY, SPOUSE, CHILD, OTHER = range(4)
SAME_NAME = 0.7  # house judgment: couples who share a surname
TRUST_INCOME, CHILD_INCOME = 60_000, 5_000  # dollars a year, house judgment
# Units a household can have, in row order; the first five belong to people.
PRIMARY_UNIT, SPOUSE_UNIT, FIRST_CHILD_UNIT, SECOND_CHILD_UNIT, TRUST_UNIT, ENTITY_UNIT, ESTATE_UNIT = range(
    7
)

PART_OF_GAINS = (1.0, 0.3, 0.0, 0.0, 0.2, 0.0, 0.0)  # of the family's realized gains, by unit; house judgment


class Roster:
    """The people of a slice with the names that accounts and units are called by.

    Attributes:
        first, last: names by person row.
        start: first person row of each household; the spouse follows, then the children.
        title: what the household is called among its papers: a surname, or an institution's full name.
    """

    def __init__(self, rng: np.random.Generator, plan: Plan, as_of: int) -> None:
        family = plan.kind == FAMILY
        size = 1 + plan.married + plan.children
        self.start = np.cumsum(size) - size
        self.household = np.repeat(np.arange(len(plan)), size)
        within = np.arange(len(self.household)) - self.start[self.household]
        married = plan.married[self.household].astype(np.int64)
        self.relation = np.where(within == 0, PRIMARY, np.where(within <= married, SPOUSE, CHILD))
        self.relation[~family[self.household]] = OTHER
        self.child_number = within - 1 - married
        count = len(self.household)
        self.first, self.last = self._names(rng, within)
        self.age = self._ages(plan, rng.random(count))
        days = np.floor((self.age + 0.02 + 0.96 * rng.random(count)) * 365.25).astype(np.int64)
        unknown = rng.random(count) < 0.3 * plan.missing[self.household]
        self.birth = np.where(unknown, NO_DAY, as_of - days)
        self.title = self._titles(rng, plan)

    def _names(self, rng: np.random.Generator, within: np.ndarray) -> tuple[list[str], list[str]]:
        """No first name twice in a household, no surname twice in a small slice."""
        count, homes = len(self.household), len(self.start)
        begin = np.floor(rng.random(homes) * len(FIRST_NAMES)).astype(np.int64)
        stride = 1 + np.floor(rng.random(homes) * (len(FIRST_NAMES) - 1)).astype(np.int64)
        first = (begin[self.household] + within * stride[self.household]) % len(FIRST_NAMES)
        shuffled = np.argsort(rng.random(len(SURNAMES)), kind="stable")
        own = shuffled[np.arange(homes) % len(SURNAMES)][self.household]
        other = np.floor(rng.random(count) * len(SURNAMES)).astype(np.int64)
        differs = (self.relation == SPOUSE) & (rng.random(count) >= SAME_NAME)
        return pick_names(first, np.where(differs, other, own))

    def _ages(self, plan: Plan, uniform: np.ndarray) -> np.ndarray:
        grown = np.maximum(1, np.minimum(17, plan.age[self.household] - 24))
        child = 1 + np.floor(uniform * grown).astype(np.int64)
        ages = np.where(self.relation == CHILD, child, plan.age[self.household])
        return np.where(self.relation == SPOUSE, plan.spouse_age[self.household], ages)

    def _titles(self, rng: np.random.Generator, plan: Plan) -> list[str]:
        place = (rng.random(len(plan)) * len(PLACES)).astype(int)
        purpose = (rng.random(len(plan)) * len(CHARITIES)).astype(int)
        titles = []
        for row, kind in enumerate(plan.kind.tolist()):
            if kind == FAMILY:
                titles.append(self.last[self.start[row]])
            elif kind == CHARITY:
                titles.append(f"{PLACES[place[row]]} {CHARITIES[purpose[row]]}")
            else:
                titles.append(f"{PLACES[place[row]]} Foundation")
        return titles

    def household_names(self, plan: Plan) -> list[str]:
        """ "The Whitfield household", "The Whitfield-Okaforth household", or the institution's name."""
        names = []
        for row, title in enumerate(self.title):
            if plan.kind[row] != FAMILY:
                names.append(title)
                continue
            spouse = self.last[self.start[row] + 1] if plan.married[row] else title
            joined = title if spouse == title else f"{title.split('-')[0]}-{spouse.split('-')[0]}"
            names.append(f"The {joined} household")
        return names

    def people(self, units: np.ndarray) -> People:
        """The people table.

        Args:
            units: tax unit row by household and unit number, -1 where there is none.
        """
        own = np.select(
            [self.relation == SPOUSE, self.relation == CHILD],
            [
                np.where(units[self.household, SPOUSE_UNIT] >= 0, SPOUSE_UNIT, PRIMARY_UNIT),
                np.where(self.child_number == 0, FIRST_CHILD_UNIT, SECOND_CHILD_UNIT),
            ],
            PRIMARY_UNIT,
        )
        unit = units[self.household, own]
        unit = np.where((self.relation == CHILD) & (self.child_number > 1), -1, unit)
        names = [f"{first} {last}" for first, last in zip(self.first, self.last, strict=True)]
        return People(self.household, names, self.relation, self.birth, unit)


def draw_tax_units(
    rng: np.random.Generator, plan: Plan, taken: np.ndarray, roster: Roster
) -> tuple[TaxUnits, np.ndarray]:
    """The tax units, and the row of each household's unit by unit number (-1 where there is none).

    Institutions are exempt and have none. Facts of an incomplete household may be unknown.
    """
    family = plan.kind == FAMILY
    has = np.stack(
        [
            family,
            plan.married & ~plan.joint_return,
            taken[:, NUMBER["minor"]],
            taken[:, NUMBER["second_minor"]],
            taken[:, NUMBER["non_grantor_trust"]],
            taken[:, NUMBER["entity"]],
            taken[:, NUMBER["estate"]],
        ],
        axis=1,
    )
    rows = np.where(has, np.cumsum(has.ravel()).reshape(has.shape) - 1, -1)
    household, number = np.nonzero(has)
    joint = plan.married & plan.joint_return
    kinds = _kinds(number, joint[household])
    child = np.isin(number, (FIRST_CHILD_UNIT, SECOND_CHILD_UNIT))
    fiduciary = np.isin(number, (TRUST_UNIT, ESTATE_UNIT))
    income = np.select([child, fiduciary], [CHILD_INCOME, TRUST_INCOME], plan.income[household])
    # An entity's gains are taken to pass through to its owners' return.
    filing = np.select([fiduciary, joint[household] & ~child], [TRUST, JOINT], SINGLE)
    short, long = marginal_rates(income.astype(np.float64), filing, plan.state[household])
    part = np.array(PART_OF_GAINS)[number]
    gains, losses = plan.realized_gain[household], plan.realized_loss[household]
    count = len(household)
    unknown = rng.random((count, 4)) < plan.missing[household][:, None]
    units = TaxUnits(
        household=household,
        name=_unit_names(plan, roster, household, number, kinds),
        kind=kinds,
        short_term_rate=np.where(unknown[:, 0], np.nan, short),
        long_term_rate=np.where(unknown[:, 0], np.nan, long),
        gains_elsewhere=np.where(unknown[:, 1], np.nan, np.round(part * gains, -2)),
        short_term_gain_fraction=np.where(unknown[:, 2], np.nan, np.round(0.6 * rng.random(count) ** 2, 2)),
        loss_carryforward=np.where(unknown[:, 3], np.nan, np.round(part * losses, -2)),
    )
    return units, rows


def _kinds(number: np.ndarray, joint: np.ndarray) -> np.ndarray:
    code = {kind: index for index, kind in enumerate(UNIT_KINDS)}
    joint_unit = (number == PRIMARY_UNIT) & joint
    return np.select(
        [number == TRUST_UNIT, number == ENTITY_UNIT, number == ESTATE_UNIT, joint_unit],
        [code["non_grantor_trust"], code["entity"], code["estate"], code["joint"]],
        code["single"],
    )


def _unit_names(
    plan: Plan, roster: Roster, household: np.ndarray, number: np.ndarray, kinds: np.ndarray
) -> list[str]:
    names = []
    for house, unit, kind in zip(household.tolist(), number.tolist(), kinds.tolist(), strict=True):
        start, title = int(roster.start[house]), roster.title[house]
        children = start + 1 + int(plan.married[house])
        if UNIT_KINDS[kind] == "joint":
            names.append(f"Joint return of {roster.first[start]} and {roster.first[start + 1]}")
        elif unit in (PRIMARY_UNIT, SPOUSE_UNIT):
            names.append(f"Return of {roster.first[start + unit]}")
        elif unit in (FIRST_CHILD_UNIT, SECOND_CHILD_UNIT):
            names.append(f"Return of {roster.first[children + unit - FIRST_CHILD_UNIT]}")
        else:
            suffix = {TRUST_UNIT: "irrevocable trust", ENTITY_UNIT: "family company", ESTATE_UNIT: "estate"}
            names.append(f"{title} {suffix[unit]}")
    return names
