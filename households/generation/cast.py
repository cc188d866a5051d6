"""The demo firm's cast: households set by hand, so that everything worth showing is there whatever the seed.

The other households of the demo are drawn like any. Each role names what it is there to show.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from households.generation.plan import CHARITY, CODES_OF_RESTRICTION, FAMILY, PLATFORMS, Plan
from households.generation.plan import FOUNDATION as FOUNDATION_KIND
from households.generation.slots import NUMBER, possible_slots
from households.generation.tables import Slice

# What every role starts from: a family at one custodian that has answered everything and has nothing special.
PLAIN: dict[str, Any] = {
    "kind": FAMILY, "joint_return": True, "children": 0, "managed": 0.0, "personal": 1.0, "trust": False,
    "bond": 0.0, "top": 0.0, "restriction": 0, "legacy": False, "retained": False, "screens": 0,
    "step_up": False, "giving": False, "platform": 0, "custodian": 0, "spread": 0.0, "standalone": False,
    "missing": 0.0, "waiting": 0.0, "realized_gain": 20_000.0,
    "realized_loss": 0.0, "stocks_in": -1,
}  # fmt: skip


# What every role's intake says of each account, unless the role says otherwise: nothing out of the ordinary.
ORDINARY_ANSWERS = {
    "needs_options_overlay": 0, "needs_alternatives": 0, "needs_fixed_income_discretion": 0,
    "security_restrictions": 2, "sector_tilts": 0, "tracking_tolerance_bps": 150, "flexibility_need": 2,
    "tax_sensitivity": 2, "client_requests_direct_indexing": 0, "strategy": 0,
}  # fmt: skip

Answers = tuple[float, float, float]
"""How important coordination is, whether one report is wanted, how many sleeves are."""


@dataclass(frozen=True)
class Role:
    """One household of the cast.

    Attributes:
        shows: what it is there to show.
        slots: its accounts.
        plan: where its plan is not PLAIN.
        stated: where its accounts' intakes are not ORDINARY_ANSWERS.
        answers: what the household answered once for all.
    """

    shows: str
    slots: tuple[str, ...]
    plan: dict[str, Any] = field(default_factory=dict)
    stated: dict[str, float] = field(default_factory=dict)
    answers: Answers = (1.0, 0.0, 1.0)


def _family(wealth: float, age: int, married: bool, income: float, **more: Any) -> dict[str, Any]:
    return {
        "wealth": float(wealth), "age": age, "married": married, "spouse_age": age - 2,
        "income": float(income), "retirement": 0.3, "cash": 0.1, "stock": 0.4, "gain": 0.3,
        "stock_names": 20, **more,
    }  # fmt: skip


INSIDER, RULE_144, PLEDGED = (CODES_OF_RESTRICTION.index(c) for c in ("insider", "rule_144", "pledged"))
HOUSE_OVERLAY = PLATFORMS.index("house_overlay")
TOGETHER: Answers = (4.0, 1.0, 3.0)
APART: Answers = (0.0, 0.0, 1.0)

CAST = (
    Role(
        "concentrated appreciated stock, to be sold down, in one self-contained account",
        ("joint", "ira"),
        _family(3_400_000, 58, True, 520_000, retirement=0.15, cash=0.04, stock=0.94, gain=0.55, top=0.7,
                legacy=True, stock_names=24, standalone=True, realized_gain=160_000.0),
        {"tax_sensitivity": 4, "flexibility_need": 3},
        APART,
    ),
    Role(
        "an executive who diversifies out of vested stock",
        ("individual", "plan"),
        _family(2_800_000, 44, False, 900_000, retirement=0.1, personal=0.0, cash=0.05, stock=0.93, gain=0.6,
                top=0.65, stock_names=9, realized_gain=120_000.0),
        {"tax_sensitivity": 4, "flexibility_need": 4, "client_requests_direct_indexing": 1},
        APART,
    ),
    Role(
        "an inherited portfolio of many old lots",
        ("individual", "ira"),
        _family(1_900_000, 66, False, 410_000, retirement=0.1, cash=0.03, stock=0.96, gain=0.65, top=0.4,
                legacy=True, stock_names=45, realized_gain=80_000.0),
        {"tax_sensitivity": 4, "flexibility_need": 3},
        APART,
    ),
    Role(
        "an insider whose employer's stock must not be sold",
        ("joint", "individual", "plan", "minor"),
        _family(4_200_000, 52, True, 780_000, retirement=0.2, personal=0.3, cash=0.05, stock=0.85, gain=0.45,
                top=0.75, restriction=INSIDER, children=2, stock_names=8),
        {"tax_sensitivity": 3, "flexibility_need": 3},
    ),
    Role(
        "a founder with rule 144 stock and a family company",
        ("joint", "individual", "entity", "non_grantor_trust"),
        _family(9_500_000, 49, True, 1_400_000, retirement=0.05, managed=0.25, trust=True, stock=0.8,
                gain=0.6, top=0.6, restriction=RULE_144, legacy=True, children=3, stock_names=15),
        {"tax_sensitivity": 4, "flexibility_need": 4},
    ),
    Role(
        "stock pledged for a loan, and a collar on it",
        ("individual", "ira"),
        _family(1_900_000, 46, False, 310_000, stock=0.9, gain=0.35, top=0.5, restriction=PLEDGED),
        {"needs_options_overlay": 1},
    ),
    Role(
        "one tax unit, many taxable accounts, one overlay platform that reaches them",
        ("joint", "individual", "spouse_individual", "second", "grantor_trust", "ira", "roth"),
        _family(6_800_000, 61, True, 640_000, retirement=0.25, managed=0.15, trust=True, cash=0.25, stock=0.3,
                platform=HOUSE_OVERLAY, gain=0.2, realized_gain=90_000.0),
        {"tax_sensitivity": 3},
        TOGETHER,
    ),
    Role(
        "concentrated and coordinated at once: the reasons pull both ways",
        ("joint", "individual", "spouse_individual", "ira"),
        _family(4_600_000, 56, True, 690_000, retirement=0.2, cash=0.08, stock=0.8, gain=0.5, top=0.6,
                platform=HOUSE_OVERLAY, stock_names=30, realized_gain=100_000.0),
        {"tax_sensitivity": 4},
        (4.0, 0.0, 2.0),
    ),
    Role(
        "three custodians and no overlay that reaches across them",
        ("joint", "individual", "spouse_individual", "second", "roth"),
        _family(2_900_000, 54, True, 410_000, cash=0.2, stock=0.35, spread=1.0, custodian=1),
        {"tax_sensitivity": 3},
        TOGETHER,
    ),
    Role(
        "a holder of 84 with low-basis stock who expects a step-up",
        ("individual", "ira"),
        _family(2_100_000, 84, False, 130_000, retirement=0.25, cash=0.05, stock=0.95, gain=0.85, top=0.8,
                legacy=True, step_up=True, stock_names=3, realized_gain=0.0),
        {"tax_sensitivity": 3, "flexibility_need": 1},
    ),
    Role(
        "required distributions from two retirement accounts",
        ("joint", "ira", "spouse_ira", "roth"),
        _family(2_600_000, 77, True, 180_000, spouse_age=75, retirement=0.65, cash=0.15, stock=0.25),
    ),
    Role(
        "old family stock the client wants to keep",
        ("grantor_trust", "individual", "ira"),
        _family(3_100_000, 69, False, 220_000, managed=0.5, trust=True, stock=0.75, gain=0.6, top=0.45,
                legacy=True, retained=True, stock_names=12, giving=True),
        {"tax_sensitivity": 4, "flexibility_need": 3},
    ),
    Role(
        "screens and a long list of restrictions",
        ("joint", "donor_advised", "roth"),
        _family(1_800_000, 44, True, 350_000, screens=3, giving=True, children=1, stock=0.3),
        {"security_restrictions": 42, "sector_tilts": 2, "flexibility_need": 4},
    ),
    Role(
        "a public charity with an endowment",
        ("charity", "charity_reserve"),
        _family(2_400_000, 60, False, 0, kind=CHARITY, retirement=0.0, screens=2, cash=0.15),
        {"security_restrictions": 42},
    ),
    Role(
        "a private foundation on its own",
        ("foundation",),
        _family(5_200_000, 66, False, 0, kind=FOUNDATION_KIND, retirement=0.0, screens=1, stock=0.4),
        {"security_restrictions": 20, "client_requests_direct_indexing": 1},
    ),
    Role(
        "a family with its own foundation, a non-grantor trust and children's accounts",
        ("joint", "non_grantor_trust", "foundation", "minor", "second_minor", "ira", "spouse_ira"),
        _family(14_500_000, 57, True, 1_900_000, retirement=0.1, managed=0.2, trust=True, children=3,
                bond=0.4, stock=0.35, stock_names=60, platform=2),
        {"tax_sensitivity": 3},
        TOGETHER,
    ),
    Role(
        "an estate being settled",
        ("individual", "estate", "ira"),
        _family(1_700_000, 63, False, 160_000, stock=0.5, gain=0.1),
    ),
    Role(
        "a couple who file apart, with a living trust and an IRA each",
        ("joint", "individual", "spouse_individual", "grantor_trust", "ira", "spouse_ira"),
        _family(3_100_000, 53, True, 420_000, joint_return=False, retirement=0.25, managed=0.3, trust=True,
                stock=0.5),
    ),
    Role(
        "below one structure's minimum, in cash",
        ("individual",),
        _family(82_000, 38, False, 140_000, retirement=0.0, cash=1.0, stock=0.0),
    ),
    Role(
        "below every minimum",
        ("individual",),
        _family(41_000, 34, False, 95_000, retirement=0.0, cash=1.0, stock=0.0),
    ),
    Role(
        "a Roth IRA mostly in cash and nothing asked",
        ("individual", "roth"),
        _family(420_000, 51, False, 190_000, retirement=0.36, cash=0.9, stock=0.0),
        {"security_restrictions": 0},
    ),
    Role(
        "an intake not yet begun",
        ("joint", "ira"),
        _family(900_000, 41, True, 240_000, stock=0.6, missing=1.0, waiting=1.0),
    ),
    Role(
        "an intake hardly begun",
        ("joint", "individual", "ira", "roth"),
        _family(2_300_000, 59, True, 330_000, stock=0.8, top=0.4, missing=0.6, waiting=0.8),
    ),
    Role(
        "an intake with a few questions open",
        ("joint", "ira", "spouse_ira"),
        _family(1_200_000, 47, True, 260_000, missing=0.2),
    ),
    Role(
        "ordinary in everything, all of it in cash",
        ("individual",),
        _family(400_000, 45, False, 210_000, retirement=0.0, cash=1.0, stock=0.0),
    ),
    Role(
        "a concentrated account that alone would be an SMA, and a larger trust that needs its company",
        ("joint", "grantor_trust"),
        _family(6_000_000, 58, True, 690_000, retirement=0.0, managed=0.85, trust=True, cash=0.5, stock=0.28,
                gain=0.4, top=0.65, realized_gain=100_000.0, stocks_in=NUMBER["joint"]),
        {"tax_sensitivity": 4},
        APART,
    ),
)  # fmt: skip


def apply_cast(plan: Plan) -> None:
    """Set the first households of a plan to the cast, in place."""
    for row, role in enumerate(CAST):
        for name, value in {**PLAIN, **role.plan}.items():
            getattr(plan, name)[row] = value


def cast_slots(taken: np.ndarray) -> None:
    """Set the slots of the cast's households, in place."""
    for row, role in enumerate(CAST):
        taken[row] = False
        taken[row, [NUMBER[code] for code in role.slots]] = True


def state_cast(part: Slice) -> None:
    """Let the cast say what their roles are about, in place; what is open or not asked stays so."""
    households = part.households
    asked = (households.coordination_importance, households.single_report_wanted, households.sleeves_wanted)
    for row, role in enumerate(CAST):
        accounts = part.accounts.household == row
        for name, value in {**ORDINARY_ANSWERS, **role.stated}.items():
            column = part.stated[name]
            column[accounts & ~np.isnan(column)] = value
        whole = part.stated["direct_index_value"]
        said = accounts & ~np.isnan(whole)
        whole[said] = part.accounts.value[said] / 100
        for column, value in zip(asked, role.answers, strict=True):
            if not np.isnan(column[row]):
                column[row] = value


# Which accounts to open or leave first where the demo must come to an exact number, ordinary ones only.
ORDINARY = ("roth", "spouse_ira", "ira", "second", "spouse_individual", "individual", "minor", "spouse_roth")


def settle_count(plan: Plan, taken: np.ndarray, wanted: int) -> None:
    """Open or leave ordinary accounts outside the cast until there are exactly `wanted`, in place.

    Raises:
        ValueError: the households cannot have that many or so few accounts.
    """
    possible = possible_slots(plan)
    numbers = [NUMBER[code] for code in ORDINARY]
    missing = wanted - int(taken.sum())
    for number in numbers:
        for row in range(len(CAST), len(plan)):
            if missing > 0 and possible[row, number] and not taken[row, number]:
                taken[row, number], missing = True, missing - 1
            elif missing < 0 and taken[row, number] and taken[row].sum() > 1:
                taken[row, number], missing = False, missing + 1
    if missing:
        raise ValueError(f"{len(plan)} households cannot hold {wanted} accounts: {abs(missing)} off")
