"""Need: whether direct indexing itself is warranted, before any structure is chosen."""

from __future__ import annotations

from implementation.rules.parameters import Parameters
from implementation.rules.shapes import Values, larger, ratio, smaller

LABEL = "Need for direct indexing"


def need(
    tax_status: Values,
    direct_index_value: Values,
    usable_gains: Values,
    short_term_rate: Values,
    long_term_rate: Values,
    short_term_gain_fraction: Values,
    holding_horizon_years: Values,
    security_restrictions: Values,
    sector_tilts: Values,
    esg_screens: Values,
    stock_share: Values,
    stock_gain_share: Values,
    restricted_share: Values,
    legacy_retention_share: Values,
    client_requests_direct_indexing: Values,
    p: Parameters,
) -> Values:
    """1 where something asks for direct indexing over a plain ETF, 0 where nothing does.

    Usable tax value above what a plain ETF costs, customization an ETF cannot give, legacy holdings to work
    around, or the client's request.
    """
    rate = long_term_rate + short_term_gain_fraction * (short_term_rate - long_term_rate)
    losses = smaller(ratio(usable_gains, direct_index_value), p.depth(holding_horizon_years))
    tax_value = p.tax_value(100 * 100 * losses * rate, times=p.applies(tax_status))
    names = p.restrictions(security_restrictions)
    tilts = p.tilts(sector_tilts)
    screens = p.screens(esg_screens)
    holdings = larger(
        p.kept_holdings(restricted_share + legacy_retention_share),
        p.appreciated_stock(stock_gain_share, times=p.applies(tax_status) * p.any_stock(stock_share)),
    )
    request = p.requested(client_requests_direct_indexing)
    wishes = larger(larger(names, tilts), larger(screens, request))
    return larger(larger(tax_value, wishes), holdings)
