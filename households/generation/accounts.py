"""The accounts of the taken slots: names, owners, tax units, where they are held, what they are worth."""

from __future__ import annotations

import numpy as np

from households.generation.names import COMPANIES, FIRST_NAMES, PLACES
from households.generation.people import (
    ENTITY_UNIT,
    ESTATE_UNIT,
    FIRST_CHILD_UNIT,
    PRIMARY_UNIT,
    SECOND_CHILD_UNIT,
    SPOUSE_UNIT,
    TRUST_UNIT,
    Roster,
)
from households.generation.plan import CUSTODIANS, Plan
from households.generation.slots import FIRST_CHILD, NOBODY, NUMBER, OWNER, SLOTS, SPOUSE
from households.generation.tables import REGISTRATIONS, STRUCTURES, TAXABLE, Accounts

ON_THE_PLATFORM = 0.85  # of the accounts that could be, in a household that uses one; house judgment
UNIT_OF_SLOT = {
    "non_grantor_trust": TRUST_UNIT, "entity": ENTITY_UNIT, "estate": ESTATE_UNIT, "minor": FIRST_CHILD_UNIT,
    "second_minor": SECOND_CHILD_UNIT, "donor_advised": -1, "foundation": -1, "charity": -1,
    "charity_reserve": -1,
}  # fmt: skip


def draw_accounts(
    rng: np.random.Generator,
    plan: Plan,
    taken: np.ndarray,
    values: np.ndarray,
    roster: Roster,
    units: np.ndarray,
) -> Accounts:
    """The accounts table, households in order, slots in order within each.

    Args:
        taken: (households, slots) of bool.
        values: dollars, (households, slots).
        units: tax unit row by household and unit number.
    """
    household, slot = np.nonzero(taken)
    count = len(household)
    registration = np.array([REGISTRATIONS.index(s.registration) for s in SLOTS])[slot]
    second = (slot == NUMBER["second"]) & plan.married[household]
    registration[second] = REGISTRATIONS.index("joint")
    elsewhere = rng.random(count) < plan.spread[household]
    other = np.floor(rng.random(count) * len(CUSTODIANS)).astype(np.int64)
    held_away = np.isin(slot, (NUMBER["plan"], NUMBER["spouse_plan"]))
    at_work = np.isin(registration, [REGISTRATIONS.index(r) for r in ("employer_plan", "custodial_minor")])
    on_platform = ~at_work & (rng.random(count) < ON_THE_PLATFORM)
    return Accounts(
        household=household,
        slot=slot,
        name=_names(rng, plan, roster, household, slot),
        number=np.floor(10_000 * rng.random(count)).astype(np.int64),
        registration=registration,
        owner=_owners(plan, roster, household, slot),
        tax_unit=_units(plan, units, household, slot),
        custodian=np.where(elsewhere, other, plan.custodian[household]),
        platform=np.where(on_platform, plan.platform[household], 0),
        value=np.round(values[household, slot] * 100).astype(np.int64),
        structure=np.where(held_away, STRUCTURES.index("held_away"), STRUCTURES.index("brokerage")),
        cost_bps=np.zeros(count),
        exit_cost=np.zeros(count),
    )


def is_taxable(registration: np.ndarray) -> np.ndarray:
    """Whether each registration is taxed on its gains, unless an advisor overrides it with a reason."""
    return np.isin(registration, [i for i, name in enumerate(REGISTRATIONS) if name in TAXABLE])


def _owners(plan: Plan, roster: Roster, household: np.ndarray, slot: np.ndarray) -> np.ndarray:
    role, start = OWNER[slot], roster.start[household]
    child = start + 1 + plan.married[household] + (role - FIRST_CHILD)
    person = np.where(role >= FIRST_CHILD, child, start + np.where(role == SPOUSE, 1, 0))
    return np.where(role == NOBODY, -1, person)


def _units(plan: Plan, units: np.ndarray, household: np.ndarray, slot: np.ndarray) -> np.ndarray:
    number = np.array([UNIT_OF_SLOT.get(s.code, PRIMARY_UNIT) for s in SLOTS])[slot]
    separate = (OWNER[slot] == SPOUSE) & (units[household, SPOUSE_UNIT] >= 0)
    number = np.where(separate, SPOUSE_UNIT, number)
    return np.where(number >= 0, units[household, number], -1)


def _names(
    rng: np.random.Generator, plan: Plan, roster: Roster, household: np.ndarray, slot: np.ndarray
) -> list[str]:
    place = (rng.random(len(slot)) * len(PLACES)).astype(int)
    company = (rng.random(len(slot)) * len(COMPANIES)).astype(int)
    year = (rng.random(len(slot)) * 25).astype(int) + 1995
    names = []
    for row, (house, number) in enumerate(zip(household.tolist(), slot.tolist(), strict=True)):
        start, title, married = int(roster.start[house]), roster.title[house], int(plan.married[house])
        first = roster.first
        code = SLOTS[number].code
        if code in _OF_PERSON:
            person = start + (1 if code.startswith("spouse") else 0)
            names.append(f"{first[person]}'s {_OF_PERSON[code]}")
        elif code in ("minor", "second_minor"):
            child = start + 1 + married + (1 if code == "second_minor" else 0)
            names.append(f"Custodial account for {first[child]}")
        elif code == "second":
            names.append("Joint account, second" if married else f"{first[start]}'s second account")
        elif code == "joint":
            names.append(f"{first[start]} and {first[start + 1]}'s joint account")
        elif code == "entity":
            names.append(f"{PLACES[place[row]]} {COMPANIES[company[row]]}")
        elif code == "estate":
            names.append(f"Estate of {FIRST_NAMES[place[row]]} {title}")
        elif code == "non_grantor_trust":
            names.append(f"{title} {year[row]} Irrevocable Trust")
        else:
            names.append(_of_house(code, title))
    return names


_OF_PERSON = {
    "individual": "individual account", "spouse_individual": "individual account", "ira": "traditional IRA",
    "spouse_ira": "traditional IRA", "roth": "Roth IRA", "spouse_roth": "Roth IRA", "plan": "401(k) plan",
    "spouse_plan": "401(k) plan",
}  # fmt: skip


def _of_house(code: str, title: str) -> str:
    if code == "foundation":
        return f"{title} endowment" if title.endswith("Foundation") else f"The {title} Family Foundation"
    return {
        "grantor_trust": f"{title} Revocable Living Trust",
        "donor_advised": f"{title} donor-advised fund",
        "charity": f"{title} endowment",
        "charity_reserve": f"{title} operating reserve",
    }[code]
