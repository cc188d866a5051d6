"""Depth of customization in one account against breadth over all sleeves."""

from __future__ import annotations

from implementation.rules.parameters import Parameters
from implementation.rules.shapes import Values, ratio, within_100

LABEL = "Customization"


def fit(
    account_value: Values,
    security_restrictions: Values,
    sector_tilts: Values,
    esg_screens: Values,
    tracking_tolerance_bps: Values,
    flexibility_need: Values,
    annual_gifting: Values,
    sleeves_wanted: Values,
    p: Parameters,
) -> Values:
    """Ordinary restrictions suit both; many names, tilts, tight tracking want the whole index to choose from.

    Restrictions that are to hold in every sleeve are entered once where one overlay applies them all.
    """
    p.ordinary(security_restrictions, times=p.no_tilts(sector_tilts) * p.no_screens(esg_screens))
    return within_100(
        50
        + p.restrictions(security_restrictions)
        + p.tilts(sector_tilts)
        + p.flexibility(flexibility_need)
        + p.tight_tracking(tracking_tolerance_bps)
        + p.gifting(ratio(annual_gifting, account_value))
        + p.account_wide(security_restrictions + esg_screens, times=p.several_sleeves(sleeves_wanted))
    )
