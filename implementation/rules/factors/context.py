"""Whether the portfolio stands by itself or is part of an ecosystem."""

from __future__ import annotations

from implementation.rules.parameters import Parameters
from implementation.rules.shapes import Values, ratio, within_100

LABEL = "Portfolio context"


def fit(
    account_value: Values,
    household_value: Values,
    household_accounts: Values,
    household_managed_accounts: Values,
    platform: Values,
    standalone_mandate: Values,
    sleeves_wanted: Values,
    single_report_wanted: Values,
    p: Parameters,
) -> Values:
    """A self-contained mandate suits one manager; several strategies and accounts suit one platform."""
    return within_100(
        50
        + p.standalone(standalone_mandate)
        + p.only_account(household_accounts)
        + p.self_contained(ratio(account_value, household_value))
        + p.managed_accounts(household_managed_accounts)
        + p.sleeves(sleeves_wanted)
        + p.one_report(single_report_wanted)
        + p.on_platform(platform)
    )
