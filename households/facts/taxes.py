"""How an account is taxed, at which rates, and which gains harvested losses could offset."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from households.facts.draft import Draft, FactColumns, Floats, codes, known, oldest
from households.facts.holdings import HeldFacts
from households.facts.reading import OF_TAX_UNIT, Accounts
from households.facts.stated import fill_kept, told_days

TAX_STATUS_OF: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("individual", "joint", "grantor_trust", "custodial_minor"), "taxable"),
        **dict.fromkeys(("non_grantor_trust", "entity", "estate"), "taxable"),
        **dict.fromkeys(("traditional_ira", "employer_plan"), "tax_deferred"),
        "roth_ira": "tax_free",
        **dict.fromkeys(("private_foundation", "public_charity", "donor_advised"), "tax_exempt"),
    }
)  # fmt: skip
"""Registration -> tax status, unless the account overrides it with a reason."""

NOT_APPLICABLE = (
    "short_term_rate", "long_term_rate", "short_term_gain_fraction", "loss_carryforward", "tax_sensitivity",
    "gain_budget", "usable_gains", "step_up_expected", "annual_gifting",
)  # fmt: skip
"""Zero where gains are not taxed: nothing to offset, no rate, no step-up, no lot worth giving away."""

FOUNDATION_EXCISE = 0.0139
"""Private foundations pay an excise on net investment income, gains included: IRC section 4940(a)."""


def taxable(draft: FactColumns) -> Floats:
    """1 taxable, 0 not, NaN unknown."""
    status = draft["tax_status"]
    return np.where(known(status), status == "taxable", np.nan).astype(np.float64)


def fill_taxes(draft: Draft, accounts: Accounts) -> None:
    """Tax status; zeros where gains are not taxed; else what the tax unit keeps."""
    fill_kept(draft, accounts, "account", "tax_status")
    registration = draft["registration"]
    derived = codes([TAX_STATUS_OF.get(code) for code in registration.tolist()])
    draft.fill("tax_status", derived, "derived", draft.day("registration"), "exact")
    exempt = taxable(draft) == 0
    day = draft.day("tax_status")
    excise = np.full(draft.rows, FOUNDATION_EXCISE)
    for name in ("short_term_rate", "long_term_rate"):
        draft.fill(name, excise, "derived", day, "exact", exempt & (registration == "private_foundation"))
    for name in NOT_APPLICABLE:
        draft.fill(name, np.zeros(draft.rows), "derived", day, "not_applicable", exempt)
    for name in OF_TAX_UNIT:
        fill_kept(draft, accounts, "tax_unit", name)


def fill_usable_gains(draft: Draft, accounts: Accounts, held: HeldFacts) -> None:
    """Gains a year that losses could offset, of taxable accounts.

    Gains elsewhere in the tax unit, plus this account's own transition gains (what its budget allows of the
    gains in holdings that may be sold), less the loss carryforward; never below zero. Unknown if a part is
    unknown, except that a budget of zero makes the own part zero.
    """
    elsewhere, carried = accounts.of["gains_elsewhere"], draft["loss_carryforward"]
    free = np.where(known(held.free_gain), held.free_gain, draft["unrealized_gain"])
    budget = draft["gain_budget"]
    own = np.where((budget == 0) | (free == 0), 0.0, np.minimum(budget, free))
    usable = np.maximum(elsewhere + own - carried, 0.0)
    _, elsewhere_day = told_days(accounts, "tax_unit", "gains_elsewhere")
    read = ("gain_budget", "unrealized_gain", "loss_carryforward")
    day = oldest(elsewhere_day, *(draft.day(name) for name in read))
    draft.fill("usable_gains", usable, "derived", day, "exact", taxable(draft) == 1)
