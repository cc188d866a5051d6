"""What the rules by hand are made of: which facts each piece reads, and which shape each rule has."""

from __future__ import annotations

from collections.abc import Mapping

FACTORS = ("minimums", "funding", "tax", "context", "customization", "cost")
_READS = {
    "need": """
        tax_status direct_index_value usable_gains short_term_rate long_term_rate
        short_term_gain_fraction holding_horizon_years security_restrictions sector_tilts
        esg_screens stock_share stock_gain_share restricted_share legacy_retention_share
        client_requests_direct_indexing
    """,
    "offers": """
        account_value direct_index_value planned_withdrawals needs_options_overlay
        needs_alternatives needs_fixed_income_discretion security_restrictions
    """,
    "funding": """
        tax_status account_value cash_share fund_share stock_share bond_share largest_position_share
        saleable_largest_share unrealized_gain_share stock_gain_share unrealized_gain
        short_term_gain lot_count restricted_share legacy_retention_share gain_budget
        holding_horizon_years step_up_expected
    """,
    "tax": """
        tax_status tax_sensitivity short_term_rate long_term_rate short_term_gain_fraction
        usable_gains unrealized_loss loss_carryforward account_value direct_index_value
        holding_horizon_years taxable_equity_accounts wash_group_overlap_share
        group_on_platform_share group_movable_share coordination_importance sleeves_wanted
    """,
    "context": """
        account_value household_value household_accounts household_managed_accounts platform
        standalone_mandate sleeves_wanted single_report_wanted
    """,
    "customization": """
        account_value security_restrictions sector_tilts esg_screens tracking_tolerance_bps
        flexibility_need annual_gifting sleeves_wanted
    """,
    "cost": """
        account_value current_structure current_cost_bps exit_cost household_managed_accounts
    """,
}
_RULES = {
    "curve": """
        need.depth minimums.sma.now minimums.sma.after_withdrawals minimums.sma.sleeve
        minimums.uma.now minimums.uma.after_withdrawals minimums.uma.sleeve funding.both.near
        funding.both.low_basis funding.both.left_to_do funding.both.harder_by_gain
        funding.both.little_gain funding.sma.concentrated funding.sma.appreciated funding.sma.lots
        funding.sma.beyond_budget funding.sma.short_term funding.sma.individual_bonds
        funding.uma.concentrated funding.uma.appreciated funding.uma.ready funding.uma.spread_out
        tax.both.depth tax.both.after_carryforward tax.both.movable tax.sma.own_harvest
        tax.sma.high_rates tax.sma.losses_at_hand tax.uma.overlap context.sma.self_contained
        customization.sma.restrictions customization.sma.tight_tracking customization.sma.gifting
        customization.uma.account_wide cost.sma.cheaper cost.sma.exit_cost cost.uma.cheaper
        cost.uma.replaces_contracts cost.uma.exit_cost
    """,
    "bands": """
        tax.both.care tax.both.alone tax.both.importance tax.uma.sleeves tax.uma.across_accounts
        context.uma.managed_accounts context.uma.sleeves customization.both.several_sleeves
        customization.sma.tilts customization.sma.flexibility cost.uma.several
    """,
    "table": """
        need.applies funding.both.tax_burden tax.both.applies context.uma.on_platform
        cost.sma.leaves cost.uma.leaves
    """,
    "step": """
        need.tax_value need.restrictions need.tilts need.screens need.kept_holdings need.any_stock
        need.appreciated_stock need.requested funding.both.hold context.sma.standalone
        context.sma.only_account context.uma.standalone context.uma.one_report
    """,
    # These multiply notes alone; read, so that it is seen that they were thought of.
    "shape": """
        funding.both.any_restricted customization.both.no_tilts customization.both.no_screens
    """,
}

READS: Mapping[str, frozenset[str]] = {piece: frozenset(text.split()) for piece, text in _READS.items()}
"""Piece -> facts. A small change of facts recomputes the pieces that read one of them, as the core does."""
RULES: Mapping[str, tuple[str, ...]] = {shape: tuple(text.split()) for shape, text in _RULES.items()}
"""Reader of `Constants` -> paths of the rules that it reads."""
