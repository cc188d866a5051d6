"""All-in cost at this size."""

from __future__ import annotations

from implementation.rules.parameters import Parameters
from implementation.rules.shapes import Values, larger, ratio, within_100

LABEL = "Cost"


def fit(
    account_value: Values,
    current_structure: Values,
    current_cost_bps: Values,
    exit_cost: Values,
    household_managed_accounts: Values,
    annual_cost_bps: Values,
    cost_saving_bps: Values,
    p: Parameters,
) -> Values:
    """Cheaper at this size fits better; a platform that replaces contracts saves what they cost today."""
    replaced = larger(current_cost_bps - annual_cost_bps, 0)
    return within_100(
        50
        + p.cheaper(cost_saving_bps)
        + p.replaces_contracts(replaced, times=p.several(household_managed_accounts))
        + p.exit_cost(ratio(exit_cost, account_value), times=p.leaves(current_structure))
    )
