"""The accounts a household may have: twenty places, each taken or not, and what goes into each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from households.generation.plan import CHARITY, FAMILY, FOUNDATION, Plan

# What a slot draws on: taxable investments, managed assets, IRAs, employer plans, or beyond the survey.
TAXABLE, MANAGED, PERSONAL, EMPLOYER, BEYOND = range(5)
NOBODY, PRIMARY, SPOUSE, FIRST_CHILD, SECOND_CHILD = -1, 0, 1, 2, 3
# Whose return: the couple's or primary's, the spouse's, a child's, the slot's own, or nobody's (exempt).
OWNERS_RETURN, OWN_RETURN, NO_RETURN = range(3)

SMALLEST_ACCOUNT = 3_000  # dollars


@dataclass(frozen=True)
class Slot:
    """One place for an account.

    Attributes:
        registration: as in the fact contract; a second taxable account of a couple is joint.
        weight: its usual part of the money it draws on, against the other slots that do.
        tax_kind: kind of its own tax unit, where it has one.
    """

    code: str
    registration: str
    owner: int
    pool: int
    weight: float
    tax_return: int = OWNERS_RETURN
    tax_kind: str = ""


SLOTS = (
    Slot("joint", "joint", PRIMARY, TAXABLE, 1.0),
    Slot("individual", "individual", PRIMARY, TAXABLE, 0.7),
    Slot("spouse_individual", "individual", SPOUSE, TAXABLE, 0.5),
    Slot("second", "individual", PRIMARY, TAXABLE, 0.6),
    Slot("grantor_trust", "grantor_trust", PRIMARY, MANAGED, 1.0),
    Slot("non_grantor_trust", "non_grantor_trust", NOBODY, MANAGED, 0.6, OWN_RETURN, "non_grantor_trust"),
    Slot("ira", "traditional_ira", PRIMARY, PERSONAL, 1.0),
    Slot("spouse_ira", "traditional_ira", SPOUSE, PERSONAL, 0.6),
    Slot("roth", "roth_ira", PRIMARY, PERSONAL, 0.3),
    Slot("spouse_roth", "roth_ira", SPOUSE, PERSONAL, 0.2),
    Slot("plan", "employer_plan", PRIMARY, EMPLOYER, 1.0),
    Slot("spouse_plan", "employer_plan", SPOUSE, EMPLOYER, 0.7),
    Slot("minor", "custodial_minor", FIRST_CHILD, BEYOND, 0.0),
    Slot("second_minor", "custodial_minor", SECOND_CHILD, BEYOND, 0.0),
    Slot("entity", "entity", NOBODY, BEYOND, 0.0, OWN_RETURN, "entity"),
    Slot("donor_advised", "donor_advised", NOBODY, BEYOND, 0.0, NO_RETURN),
    Slot("foundation", "private_foundation", NOBODY, BEYOND, 0.0, NO_RETURN),
    Slot("estate", "estate", NOBODY, BEYOND, 0.0, OWN_RETURN, "estate"),
    Slot("charity", "public_charity", NOBODY, BEYOND, 0.0, NO_RETURN),
    Slot("charity_reserve", "public_charity", NOBODY, BEYOND, 0.0, NO_RETURN),
)
NUMBER = {slot.code: number for number, slot in enumerate(SLOTS)}
POOL = np.array([slot.pool for slot in SLOTS])
OWNER = np.array([slot.owner for slot in SLOTS])
WEIGHT = np.array([slot.weight for slot in SLOTS])

# House judgment, not from the survey: how often a slot is taken where it can be.
CHANCE = {
    "joint": 0.8, "individual": 0.35, "spouse_individual": 0.3, "second": 0.3, "grantor_trust": 0.65,
    "non_grantor_trust": 0.4, "ira": 0.85, "spouse_ira": 0.5, "roth": 0.4, "spouse_roth": 0.2, "plan": 0.55,
    "spouse_plan": 0.2, "minor": 0.25, "second_minor": 0.1, "entity": 0.12, "donor_advised": 0.08,
    "foundation": 0.1, "estate": 0.012, "charity": 1.0, "charity_reserve": 0.5,
}  # fmt: skip


def possible_slots(plan: Plan) -> np.ndarray:
    """Which slots a household can have at all, as (households, slots) of bool."""
    family, married = plan.kind == FAMILY, plan.married
    rich = plan.wealth >= 5_000_000
    can = {
        "joint": married,
        "individual": family,
        "spouse_individual": married,
        "second": family,
        "grantor_trust": family & plan.trust & (plan.managed > 0),
        "non_grantor_trust": family & plan.trust & (plan.managed > 0),
        "ira": family & (plan.retirement * plan.personal > 0),
        "spouse_ira": married & (plan.retirement * plan.personal > 0),
        "roth": family & (plan.retirement * plan.personal > 0),
        "spouse_roth": married & (plan.retirement * plan.personal > 0),
        "plan": family & (plan.retirement * (1 - plan.personal) > 0),
        "spouse_plan": married & (plan.retirement * (1 - plan.personal) > 0),
        "minor": family & (plan.children > 0),
        "second_minor": family & (plan.children > 1),
        "entity": family & (plan.wealth >= 2_000_000),
        "donor_advised": family & (plan.wealth >= 1_000_000),
        "foundation": (family & rich) | (plan.kind == FOUNDATION),
        "estate": family & (plan.age >= 45),
        "charity": plan.kind == CHARITY,
        "charity_reserve": plan.kind == CHARITY,
    }
    return np.stack([can[slot.code] for slot in SLOTS], axis=1)


def draw_slots(rng: np.random.Generator, plan: Plan) -> np.ndarray:
    """Which slots are taken, as (households, slots) of bool; every household has at least one account."""
    possible = possible_slots(plan)
    chance = np.array([CHANCE[slot.code] for slot in SLOTS])
    taken = possible & (rng.random(possible.shape) < chance)
    taken[plan.kind == FOUNDATION, NUMBER["foundation"]] = True
    single = (plan.kind == FAMILY) & ~plan.married
    taken[single, NUMBER["individual"]] = True
    bare = (plan.kind == FAMILY) & ~taken[:, : NUMBER["second"]].any(axis=1)
    taken[bare, NUMBER["joint"]] = True
    return taken


def slot_values(rng: np.random.Generator, plan: Plan, taken: np.ndarray) -> np.ndarray:
    """Dollars of each slot, (households, slots); 0 where a slot is not taken.

    A pool whose slots are all free goes to the taxable accounts, and without one to what there is.
    """
    retirement = plan.wealth * plan.retirement
    managed = (plan.wealth - retirement) * plan.managed
    pools = np.stack(
        [
            plan.wealth - retirement - managed,
            managed,
            retirement * plan.personal,
            retirement * (1 - plan.personal),
            np.zeros(len(plan)),
        ],
        axis=1,
    )
    weight = taken * WEIGHT * (0.4 + rng.random(taken.shape))
    total = np.stack([weight[:, pool == POOL].sum(axis=1) for pool in range(len(pools[0]))], axis=1)
    homeless = np.where(total == 0, pools, 0.0).sum(axis=1)
    pools = np.where(total == 0, 0.0, pools)
    pools[:, TAXABLE] += np.where(total[:, TAXABLE] > 0, homeless, 0.0)
    share = np.divide(weight, total[:, POOL], out=np.zeros_like(weight), where=total[:, POOL] > 0)
    values = share * pools[:, POOL] + _beyond(rng, plan, taken)
    return np.where(taken, np.maximum(np.round(values, -1), SMALLEST_ACCOUNT), 0.0)


def _beyond(rng: np.random.Generator, plan: Plan, taken: np.ndarray) -> np.ndarray:
    """Money the survey does not count as the family's own financial assets: house judgment."""
    uniform = rng.random((len(plan), len(SLOTS)))
    wealth = plan.wealth[:, None]
    values = np.zeros_like(uniform)
    for code, dollars in (("minor", 90_000), ("second_minor", 60_000)):
        values[:, NUMBER[code]] = 4_000 + dollars * uniform[:, NUMBER[code]] ** 2
    for code, least, span in (
        ("entity", 0.05, 0.3),
        ("donor_advised", 0.01, 0.04),
        ("foundation", 0.05, 0.2),
        ("estate", 0.1, 0.3),
        ("charity", 0.6, 0.4),
        ("charity_reserve", 0.1, 0.2),
    ):
        column = NUMBER[code]
        values[:, [column]] = wealth * (least + span * uniform[:, [column]])
    alone = plan.kind == FOUNDATION
    values[alone, NUMBER["foundation"]] = plan.wealth[alone]
    return values * taken
