"""How facts, factors and verdicts of a record are called and written for a reader."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from households.foundation import formats
from households.intake.codes import LEVELS, code_word
from implementation.rules.facts import FACTS

FACT_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "account_value": "Account value",
        "direct_index_value": "Amount meant for direct indexing",
        "planned_withdrawals": "Planned withdrawals, next 12 months",
        "planned_contributions": "Planned contributions, next 12 months",
        "registration": "Registration",
        "tax_status": "Tax status",
        "custodian": "Custodian",
        "platform": "Overlay platform today",
        "strategy": "Target exposure",
        "current_structure": "Invested through today",
        "current_cost_bps": "Cost today",
        "exit_cost": "Cost of leaving",
        "cash_share": "Cash",
        "fund_share": "Funds and ETFs",
        "stock_share": "Individual stocks",
        "bond_share": "Individual bonds",
        "other_share": "Other holdings",
        "largest_position_share": "Largest position",
        "saleable_largest_share": "Part of the largest position to be sold",
        "unrealized_gain_share": "Net unrealized gain, of value",
        "stock_gain_share": "Net unrealized gain of stocks, of value",
        "unrealized_gain": "Unrealized gains",
        "unrealized_loss": "Unrealized losses",
        "short_term_gain": "Short-term part of the gains",
        "lot_count": "Tax lots",
        "lots_known_share": "Value whose tax lots are known",
        "restricted_share": "Restricted holdings",
        "restriction_reason": "Reason for the restriction",
        "legacy_retention_share": "Holdings the client wants to keep",
        "security_restrictions": "Securities to exclude",
        "sector_tilts": "Sector tilts",
        "esg_screens": "Screens",
        "needs_options_overlay": "Options overlay needed",
        "needs_alternatives": "Alternatives needed",
        "needs_fixed_income_discretion": "Bond manager's discretion needed",
        "tracking_tolerance_bps": "Tracking difference accepted",
        "short_term_rate": "Short-term tax rate",
        "long_term_rate": "Long-term tax rate",
        "tax_sensitivity": "Tax sensitivity",
        "gain_budget": "Gain budget a year",
        "usable_gains": "Gains that losses could offset, a year",
        "short_term_gain_fraction": "Short-term part of those gains",
        "loss_carryforward": "Loss carryforward",
        "holding_horizon_years": "Holding horizon",
        "step_up_expected": "Step-up in basis expected",
        "annual_gifting": "Appreciated securities given a year",
        "household_value": "Household value",
        "household_accounts": "Accounts in the household",
        "household_managed_accounts": "Managed accounts in the household",
        "taxable_equity_accounts": "Taxable equity accounts of the tax unit",
        "wash_group_overlap_share": "Overlap with the wash-sale group",
        "group_on_platform_share": "Tax unit's equity on one platform",
        "group_movable_share": "Tax unit's equity that could be on one platform",
        "coordination_importance": "Importance of tax coordination",
        "standalone_mandate": "Standalone mandate",
        "flexibility_need": "Flexibility required",
        "sleeves_wanted": "Strategies wanted side by side",
        "single_report_wanted": "One report wanted",
        "client_requests_direct_indexing": "Client asks for direct indexing",
    }
)
FACTOR_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "minimums": "Account minimums",
        "funding": "How the account is funded",
        "tax": "Tax coordination",
        "context": "Portfolio context",
        "customization": "Customization",
        "cost": "Cost",
    }
)
STRUCTURES: Mapping[str, str] = MappingProxyType(
    {
        "SMA": "Manager-traded SMA",
        "UMA": "Model-delivered sleeve in a UMA",
        "stay": "Stay as is",
        "none": "No structure",
    }
)
DECIDED_BY: Mapping[str, str] = MappingProxyType(
    {
        "need": "whether direct indexing is needed at all",
        "eligibility": "eligibility alone",
        "net_fit": "how well each structure fits",
        "missing_facts": "facts that are missing",
    }
)
VERDICTS: Mapping[int, str] = MappingProxyType({1: "yes", 0: "no", -1: "not certain"})


def fact_label(name: str) -> str:
    """What a fact is called on pages; a fact of an older contract keeps its own name, in words."""
    return FACT_LABELS.get(name) or name.replace("_", " ").capitalize()


def fact_words(name: str, value: Any) -> str:
    """A fact's value as the rules hold it (dollars, shares), written with its unit; unknown is a dash.

    Money and rates may come as the text that documents hold.
    """
    fact = FACTS.get(name)
    if value is None or fact is None:
        return formats.UNKNOWN if value is None else str(value)
    if fact.kind == "code":
        return code_word(name, value) or formats.UNKNOWN
    if fact.kind == "flag":
        return formats.yes_no(bool(value))
    number = float(value)
    if fact.kind == "level":
        return LEVELS[int(number)]
    if fact.kind == "years":
        whole = number.is_integer()
        return f"{formats.decimal(number, 0 if whole else 1)} {'year' if number == 1 else 'years'}"
    writers = {"money": formats.dollars, "bps": formats.bps, "count": formats.count}
    return writers.get(fact.kind, formats.percent)(number)


def stored_words(name: str, value: Any) -> str:
    """As :func:`fact_words`, from a stored value (money in cents)."""
    if value is not None and FACTS[name].kind == "money":
        value = value / 100
    return fact_words(name, value)
