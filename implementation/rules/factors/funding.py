"""The transition work that the funding needs."""

from __future__ import annotations

from implementation.rules.parameters import Parameters
from implementation.rules.shapes import Values, larger, ratio, smaller, within_100

LABEL = "How the account is funded"


def fit(
    tax_status: Values,
    account_value: Values,
    cash_share: Values,
    fund_share: Values,
    stock_share: Values,
    bond_share: Values,
    other_share: Values,
    largest_position_share: Values,
    saleable_largest_share: Values,
    unrealized_gain_share: Values,
    stock_gain_share: Values,
    unrealized_gain: Values,
    short_term_gain: Values,
    lot_count: Values,
    restricted_share: Values,
    restriction_reason: Values,
    legacy_retention_share: Values,
    gain_budget: Values,
    holding_horizon_years: Values,
    step_up_expected: Values,
    p: Parameters,
) -> Values:
    """Who can better turn what is there into an index portfolio.

    Stock that is restricted or kept by the client is neutral: the issuer is excluded in either structure.
    Where a step-up is near, holding comes before any transition, and the work that remains counts for less.
    """
    kept = smaller(restricted_share + legacy_retention_share, stock_share)
    to_sell = smaller(ratio(stock_share - kept, stock_share), 1)
    p.kept_stock(kept)
    p.insider_stock(restriction_reason, times=p.any_restricted(restricted_share))
    p.other_assets(other_share)

    taxed = p.tax_burden(tax_status)
    hold = p.hold(
        step_up_expected, times=taxed * p.near(holding_horizon_years) * p.low_basis(unrealized_gain_share)
    )
    work = taxed * p.left_to_do(hold)
    excess_gain = ratio(larger(unrealized_gain - gain_budget, 0), account_value)
    return within_100(
        50
        + p.concentrated(saleable_largest_share, times=work * p.harder_by_gain(stock_gain_share))
        + p.appreciated(stock_gain_share, times=work * to_sell)
        + p.lots(lot_count, times=work * to_sell)
        + p.beyond_budget(excess_gain, times=work * to_sell)
        + p.short_term(ratio(short_term_gain, account_value), times=work * to_sell)
        + p.individual_bonds(bond_share)
        + p.ready(cash_share + fund_share)
        + p.spread_out(largest_position_share, times=stock_share * p.little_gain(stock_gain_share))
    )
