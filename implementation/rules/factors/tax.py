"""Where the tax work lies: in this account, over its sleeves, or over the accounts of the tax unit."""

from __future__ import annotations

from implementation.rules.parameters import Parameters
from implementation.rules.shapes import Values, larger, ratio, smaller, within_100

LABEL = "Tax coordination"


def fit(
    tax_status: Values,
    tax_sensitivity: Values,
    short_term_rate: Values,
    long_term_rate: Values,
    short_term_gain_fraction: Values,
    usable_gains: Values,
    unrealized_loss: Values,
    loss_carryforward: Values,
    account_value: Values,
    direct_index_value: Values,
    holding_horizon_years: Values,
    taxable_equity_accounts: Values,
    wash_group_overlap_share: Values,
    group_on_platform_share: Values,
    group_movable_share: Values,
    coordination_importance: Values,
    sleeves_wanted: Values,
    overlay_reach: Values,
    p: Parameters,
) -> Values:
    """Depth in one account against breadth over several.

    An account that is not taxable scores the same in both. Credit for other accounts needs an overlay whose
    scope and custodians reach them; overlays do not reach across custodians they do not cover.
    """
    p.not_taxable(tax_status)
    taxed = p.applies(tax_status)
    care = taxed * p.care(tax_sensitivity)
    alone = p.alone(taxable_equity_accounts)
    p.carryforward_first(ratio(loss_carryforward, usable_gains), times=taxed)

    rate = long_term_rate + short_term_gain_fraction * (short_term_rate - long_term_rate)
    losses = smaller(ratio(usable_gains, direct_index_value), p.depth(holding_horizon_years))
    fresh = p.after_carryforward(ratio(loss_carryforward, account_value))
    harvest_bps = 100 * 100 * losses * rate

    covered = overlay_reach * larger(group_on_platform_share, p.movable(group_movable_share))
    joined = care * covered * p.importance(coordination_importance)
    p.out_of_reach(taxable_equity_accounts, times=taxed * (1 - covered))
    p.overlap_uncovered(wash_group_overlap_share, times=taxed * (1 - covered))
    return within_100(
        50
        + p.own_harvest(harvest_bps, times=care * alone * fresh)
        + p.high_rates(rate, times=care * alone)
        + p.losses_at_hand(ratio(unrealized_loss, account_value), times=care)
        + p.sleeves(sleeves_wanted, times=care)
        + p.across_accounts(taxable_equity_accounts, times=joined)
        + p.overlap(wash_group_overlap_share, times=care * covered)
    )
