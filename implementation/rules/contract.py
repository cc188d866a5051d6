"""The contract: every fact the core reads, with its kind, unit, domain and meaning, in one order.

Null is unknown, never zero. Code facts have closed lists; `other` stands for what a list does not name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["money", "share", "signed_share", "rate", "bps", "count", "years", "level", "flag", "code"]

UNITS: dict[Kind, str] = {
    "money": "USD",
    "share": "share of 1",
    "signed_share": "share of 1, may be negative",
    "rate": "share of 1 a year",
    "bps": "basis points a year",
    "count": "count",
    "years": "years",
    "level": "level 0 to 4",
    "flag": "yes or no",
    "code": "code",
}

# Domains reject what cannot be true (a typing or unit error); they are not the ranges used for unknown facts,
# which the policy states.
DOMAINS: dict[Kind, tuple[float, float]] = {
    "money": (0.0, 1e11),
    "share": (0.0, 1.0),
    "signed_share": (-20.0, 1.0),
    "rate": (0.0, 0.75),
    "bps": (0.0, 2_000.0),
    "count": (0.0, 1_000_000.0),
    "years": (0.0, 100.0),
    "level": (0.0, 4.0),
    "flag": (0.0, 1.0),
    "code": (0.0, 0.0),
}

FUNDING_SHARES = ("cash_share", "fund_share", "stock_share", "bond_share", "other_share")


@dataclass(frozen=True, slots=True)
class Fact:
    """One input of the core.

    Attributes:
        name: the column name, the same in the API, the record and the database.
        kind: how it is stored and checked.
        unit: what one of it is.
        low: least value that can be true.
        high: greatest value that can be true.
        codes: the closed list of a code fact, in index order; empty otherwise.
        description: what it means, for people.
        changeable: whether people can change it, or time soon will, so that a flip point is useful.
    """

    name: str
    kind: Kind
    unit: str
    low: float
    high: float
    codes: tuple[str, ...]
    description: str
    changeable: bool


def _fact(
    name: str,
    kind: Kind,
    description: str,
    *,
    changeable: bool = True,
    codes: tuple[str, ...] = (),
    low: float | None = None,
    unit: str | None = None,
) -> Fact:
    domain = (0.0, float(len(codes) - 1)) if codes else DOMAINS[kind]
    least = domain[0] if low is None else low
    return Fact(name, kind, unit or UNITS[kind], least, domain[1], codes, description, changeable)


REGISTRATIONS = (
    "individual", "joint", "grantor_trust", "non_grantor_trust", "entity", "estate", "custodial_minor",
    "traditional_ira", "roth_ira", "employer_plan", "private_foundation", "public_charity", "donor_advised",
)  # fmt: skip
TAX_STATUSES = ("taxable", "tax_deferred", "tax_free", "tax_exempt")
CUSTODIANS = (
    "schwab", "fidelity", "pershing", "vanguard", "interactive_brokers", "etrade", "merrill", "lpl",
    "raymond_james", "goldman_sachs", "bank_trust", "other",
)  # fmt: skip
PLATFORMS = (
    "none", "house_overlay", "envestnet", "sei", "orion", "geowealth", "assetmark", "edward_jones", "other",
)  # fmt: skip
STRATEGIES = (
    "us_large", "us_total", "us_mid", "us_small", "us_growth", "us_value", "us_dividend", "developed_ex_us",
    "emerging", "global", "municipal_bond", "taxable_bond", "multi_asset", "other",
)  # fmt: skip
STRUCTURES_NOW = ("sma", "uma", "fund", "brokerage", "held_away")
RESTRICTION_REASONS = ("none", "insider", "rule_144", "plan_10b5_1", "pledged", "never_sell")

_ALL = (
    _fact("account_value", "money", "Market value of the account, cash included"),
    _fact("direct_index_value", "money", "The part meant for direct indexing"),
    _fact(
        "planned_withdrawals",
        "money",
        "Withdrawals in the next 12 months, required distributions and gifts of cash included",
    ),
    _fact("planned_contributions", "money", "Contributions in the next 12 months"),
    _fact("registration", "code", "How the account is registered", codes=REGISTRATIONS, changeable=False),
    _fact("tax_status", "code", "How the account is taxed", codes=TAX_STATUSES, changeable=False),
    _fact("custodian", "code", "Where the account is held", codes=CUSTODIANS),
    _fact("platform", "code", "Overlay platform the account is on now", codes=PLATFORMS),
    _fact("strategy", "code", "Target exposure", codes=STRATEGIES),
    _fact(
        "current_structure",
        "code",
        "What the account is invested through today",
        codes=STRUCTURES_NOW,
        changeable=False,
    ),
    _fact("current_cost_bps", "bps", "All-in cost of staying as is", changeable=False),
    _fact(
        "exit_cost", "money", "One-time cost of leaving what is there today, taxes apart", changeable=False
    ),
    _fact("cash_share", "share", "Share of the funding that is cash"),
    _fact("fund_share", "share", "Share of the funding that is mutual funds and ETFs"),
    _fact("stock_share", "share", "Share of the funding that is individual stocks"),
    _fact("bond_share", "share", "Share of the funding that is individual bonds"),
    _fact("other_share", "share", "Share of the funding that is anything else"),
    _fact(
        "largest_position_share",
        "share",
        "Largest single issuer as a share of the account; funds do not count",
    ),
    _fact(
        "saleable_largest_share",
        "share",
        "The part of the largest position to be sold down: neither restricted nor retained",
    ),
    _fact("unrealized_gain_share", "signed_share", "Net unrealized gain of all holdings as a share of value"),
    _fact(
        "stock_gain_share",
        "signed_share",
        "Net unrealized gain of individual stocks as a share of account value",
    ),
    _fact("unrealized_gain", "money", "Unrealized gains, gross over the lots that have one"),
    _fact("unrealized_loss", "money", "Unrealized losses, gross over the lots that have one"),
    _fact("short_term_gain", "money", "The part of the unrealized gains held one year or less"),
    _fact("lot_count", "count", "Tax lots in the account", changeable=False),
    _fact("lots_known_share", "share", "Share of value whose tax lots are known"),
    _fact("restricted_share", "share", "Share of value that must not be sold"),
    _fact(
        "restriction_reason", "code", "Why it must not be sold", codes=RESTRICTION_REASONS, changeable=False
    ),
    _fact("legacy_retention_share", "share", "Share of value the client wants kept though it could be sold"),
    _fact("security_restrictions", "count", "Securities the client wants excluded"),
    _fact("sector_tilts", "count", "Sector or factor tilts the client wants"),
    _fact("esg_screens", "count", "Screens on environmental, social, governance or religious grounds"),
    _fact("needs_options_overlay", "flag", "An options overlay is needed"),
    _fact("needs_alternatives", "flag", "Alternatives are needed in the same account"),
    _fact(
        "needs_fixed_income_discretion", "flag", "A bond manager's discretion is needed in the same account"
    ),
    _fact("tracking_tolerance_bps", "bps", "Tracking difference against the index the client accepts"),
    _fact(
        "short_term_rate", "rate", "Marginal rate on short-term gains, federal and state", unit="share of 1"
    ),
    _fact("long_term_rate", "rate", "Marginal rate on long-term gains, federal and state", unit="share of 1"),
    _fact(
        "tax_sensitivity",
        "level",
        "How much taxes matter to the client: none, low, moderate, high, very high",
    ),
    _fact("gain_budget", "money", "Gains a year the client accepts to realize", unit="USD a year"),
    _fact(
        "usable_gains",
        "money",
        "Gains a year that harvested losses could offset, net of carryforwards",
        unit="USD a year",
    ),
    _fact("short_term_gain_fraction", "share", "Share of the usable gains that is short-term"),
    _fact("loss_carryforward", "money", "Capital losses carried forward"),
    _fact("holding_horizon_years", "years", "Years the portfolio is expected to be held"),
    _fact("step_up_expected", "flag", "The holdings are expected to pass at a step-up in basis"),
    _fact("annual_gifting", "money", "Appreciated securities given away in a year", unit="USD a year"),
    _fact("household_value", "money", "Value of all the household's accounts"),
    _fact("household_accounts", "count", "Accounts of the household, this one included", low=1.0),
    _fact("household_managed_accounts", "count", "Accounts of the household under management"),
    _fact(
        "taxable_equity_accounts",
        "count",
        "Taxable accounts of the tax unit that hold equities, this one included",
    ),
    _fact(
        "wash_group_overlap_share",
        "share",
        "Share of the wash-sale group's other equity that lies in the target strategy's universe",
    ),
    _fact(
        "group_on_platform_share",
        "share",
        "Share of the tax unit's taxable equity on one overlay platform now",
    ),
    _fact(
        "group_movable_share",
        "share",
        "Share of the tax unit's taxable equity that is on one overlay platform or could move there",
    ),
    _fact(
        "coordination_importance",
        "level",
        "How important household-level tax coordination is, in the advisor's judgment",
    ),
    _fact("standalone_mandate", "flag", "Managed independently of the rest by intent"),
    _fact("flexibility_need", "level", "Operational flexibility and customization required"),
    _fact("sleeves_wanted", "count", "Strategies wanted side by side in the relationship"),
    _fact("single_report_wanted", "flag", "One report over everything is wanted"),
    _fact("client_requests_direct_indexing", "flag", "The client asks for direct indexing"),
)

FACTS: dict[str, Fact] = {fact.name: fact for fact in _ALL}
