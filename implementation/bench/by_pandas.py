"""The rules of the default policy over a pandas DataFrame, vectorized, as an analyst would write them.

Whole columns at once; each small change of the policy scores a changed frame again. Accounts must be
complete, and the shelf have one program in each structure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from implementation.bench.constants import Constants
from implementation.bench.offers import offers_of
from implementation.rules.contract import FACTS
from implementation.rules.policy import Policy
from implementation.rules.shelf import Shelf

Frame = pd.DataFrame


class ByPandas:
    """The rules with their numbers bound; call it with columns."""

    def __init__(self, policy: Policy, shelf: Shelf) -> None:
        self.rules = Constants(policy)
        self.offers = offers_of(shelf)

    def __call__(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        """Outcome, what decided, net fit, contributions, costs, and whether it is fragile."""
        df = pd.DataFrame(columns, copy=False)
        with np.errstate(all="ignore"):
            found = self.score(df)
            fragile = pd.Series(False, index=df.index)
            for changes in self.rules.perturbations:
                moved = {
                    name: (df[name] * times + plus).clip(FACTS[name].low, FACTS[name].high)
                    for name, (times, plus) in changes.items()
                }
                fragile |= self.score(df.assign(**moved))["outcome"] != found["outcome"]
        return {name: column.to_numpy() for name, column in found.assign(fragile=fragile).items()}

    def score(self, df: Frame) -> Frame:
        """One row per account."""
        found = pd.DataFrame(index=df.index)
        for side, offer in zip(("SMA", "UMA"), self.offers, strict=True):
            found[f"eligible.{side}"] = offer.accepts(df)
            found[f"dollars.{side}"] = offer.dollars(df["account_value"])
            found[f"bps.{side}"] = over(found[f"dollars.{side}"], df["account_value"]) * 10_000
        found["need"] = self.need(df)
        fits = {
            "minimums": self.minimums(df),
            "funding": self.funding(df),
            "tax": self.tax(df),
            "context": self.context(df),
            "customization": self.customization(df),
            "cost": self.cost(df, found["bps.SMA"], found["bps.UMA"]),
        }
        net = pd.Series(0.0, index=df.index)
        for name, (sma, uma) in fits.items():
            hundredths = ((sma - uma) * (self.rules.weights[name] * 100)).round()
            found[f"contribution.{name}"] = hundredths / 100
            net += hundredths
        found["net_fit"] = net / 100
        tolerance = self.rules.numbers["either_within"] * 100
        both = found["eligible.SMA"] & found["eligible.UMA"]
        cases = [
            ~found["need"] | ~(found["eligible.SMA"] | found["eligible.UMA"]),
            (both & (net > tolerance)) | ~found["eligible.UMA"],
            (both & (net < -tolerance)) | ~found["eligible.SMA"],
        ]
        found["outcome"] = np.select(cases, [3, 0, 1], 2).astype(np.int8)
        found["decided_by"] = np.select([~found["need"], ~both], [0, 1], 2).astype(np.int8)
        return found

    def points(self, path: str, value: Any) -> Any:
        """A rule applied to a column, whatever its shape."""
        rule = self.rules.shape(path)
        if rule["shape"] == "table":
            codes = FACTS[rule["of"]].codes
            return value.map({n: rule["rows"].get(code, rule["otherwise"]) for n, code in enumerate(codes)})
        if rule["shape"] == "curve":
            return pd.Series(np.interp(value, *zip(*rule["points"], strict=True)), index=value.index)
        if rule["shape"] == "bands":
            bounds, results = zip(*rule["bands"], strict=True)
            place = np.searchsorted(bounds[1:], value, side="right")
            return pd.Series(np.array(results, dtype=float)[place], index=value.index)
        met = {"at_least": value.ge, "at_most": value.le, "above": value.gt}[rule["shape"]](rule["bound"])
        return met.map({True: float(rule["then"]), False: float(rule["otherwise"])})

    def need(self, df: Frame) -> Any:
        """Whether direct indexing is warranted."""
        losses = np.minimum(
            over(df["usable_gains"], df["direct_index_value"]),
            self.points("need.depth", df["holding_horizon_years"]),
        )
        taxed = self.points("need.applies", df["tax_status"])
        stock = taxed * self.points("need.any_stock", df["stock_share"])
        kept = df["restricted_share"] + df["legacy_retention_share"]
        asks = [
            self.points("need.tax_value", 10_000 * losses * rate(df)) * taxed,
            self.points("need.restrictions", df["security_restrictions"]),
            self.points("need.tilts", df["sector_tilts"]),
            self.points("need.screens", df["esg_screens"]),
            self.points("need.requested", df["client_requests_direct_indexing"]),
            self.points("need.kept_holdings", kept),
            self.points("need.appreciated_stock", df["stock_gain_share"]) * stock,
        ]
        return pd.concat(asks, axis=1).max(axis=1) > 0.5

    def minimums(self, df: Frame) -> tuple[Any, Any]:
        """Room above the minimums."""
        fits = []
        for offer, side in zip(self.offers, ("sma", "uma"), strict=True):
            now, after, sleeve = offer.headroom(df)
            if np.isscalar(sleeve):
                sleeve = pd.Series(sleeve, index=df.index)
            least = np.minimum(
                self.points(f"minimums.{side}.now", now),
                self.points(f"minimums.{side}.after_withdrawals", after),
            )
            fits.append(100 + np.minimum(least, self.points(f"minimums.{side}.sleeve", sleeve)))
        return fits[0], fits[1]

    def funding(self, df: Frame) -> tuple[Any, Any]:
        """Transition work."""
        points, value, gain = self.points, df["account_value"], df["stock_gain_share"]
        kept = (df["restricted_share"] + df["legacy_retention_share"]).clip(upper=df["stock_share"])
        to_sell = over(df["stock_share"] - kept, df["stock_share"]).clip(upper=1)
        taxed = points("funding.both.tax_burden", df["tax_status"])
        near = points("funding.both.near", df["holding_horizon_years"])
        low_basis = points("funding.both.low_basis", df["unrealized_gain_share"])
        hold = points("funding.both.hold", df["step_up_expected"]) * (taxed * near * low_basis)
        work = taxed * points("funding.both.left_to_do", hold)
        unwinding = work * points("funding.both.harder_by_gain", gain)
        excess = over((df["unrealized_gain"] - df["gain_budget"]).clip(lower=0), value)
        short = over(df["short_term_gain"], value)
        sma = (
            50
            + points("funding.sma.concentrated", df["saleable_largest_share"]) * unwinding
            + points("funding.sma.appreciated", gain) * (work * to_sell)
            + points("funding.sma.lots", df["lot_count"]) * (work * to_sell)
            + points("funding.sma.beyond_budget", excess) * (work * to_sell)
            + points("funding.sma.short_term", short) * (work * to_sell)
            + points("funding.sma.individual_bonds", df["bond_share"])
        )
        free = df["stock_share"] * points("funding.both.little_gain", gain)
        uma = (
            50
            + points("funding.uma.concentrated", df["saleable_largest_share"]) * unwinding
            + points("funding.uma.appreciated", gain) * (work * to_sell)
            + points("funding.uma.ready", df["cash_share"] + df["fund_share"])
            + points("funding.uma.spread_out", df["largest_position_share"]) * free
        )
        return sma.clip(0, 100), uma.clip(0, 100)

    def tax(self, df: Frame) -> tuple[Any, Any]:
        """Tax coordination."""
        points, value, accounts = self.points, df["account_value"], df["taxable_equity_accounts"]
        care = points("tax.both.applies", df["tax_status"]) * points("tax.both.care", df["tax_sensitivity"])
        mine = care * points("tax.both.alone", accounts)
        losses = np.minimum(
            over(df["usable_gains"], df["direct_index_value"]),
            points("tax.both.depth", df["holding_horizon_years"]),
        )
        fresh = points("tax.both.after_carryforward", over(df["loss_carryforward"], value))
        sma = (
            50
            + points("tax.sma.own_harvest", 10_000 * losses * rate(df)) * (mine * fresh)
            + points("tax.sma.high_rates", rate(df)) * mine
            + points("tax.sma.losses_at_hand", over(df["unrealized_loss"], value)) * care
        )
        movable = points("tax.both.movable", df["group_movable_share"])
        covered = (accounts > 1) * np.maximum(df["group_on_platform_share"], movable)
        joined = care * covered * points("tax.both.importance", df["coordination_importance"])
        uma = (
            50
            + points("tax.uma.sleeves", df["sleeves_wanted"]) * care
            + points("tax.uma.across_accounts", accounts) * joined
            + points("tax.uma.overlap", df["wash_group_overlap_share"]) * (care * covered)
        )
        return sma.clip(0, 100), uma.clip(0, 100)

    def context(self, df: Frame) -> tuple[Any, Any]:
        """By itself, or one of many."""
        points = self.points
        sma = (
            50
            + points("context.sma.standalone", df["standalone_mandate"])
            + points("context.sma.only_account", df["household_accounts"])
            + points("context.sma.self_contained", over(df["account_value"], df["household_value"]))
        )
        uma = (
            50
            + points("context.uma.standalone", df["standalone_mandate"])
            + points("context.uma.managed_accounts", df["household_managed_accounts"])
            + points("context.uma.sleeves", df["sleeves_wanted"])
            + points("context.uma.one_report", df["single_report_wanted"])
            + points("context.uma.on_platform", df["platform"])
        )
        return sma.clip(0, 100), uma.clip(0, 100)

    def customization(self, df: Frame) -> tuple[Any, Any]:
        """Depth against breadth."""
        points, names = self.points, df["security_restrictions"]
        sma = (
            50
            + points("customization.sma.restrictions", names)
            + points("customization.sma.tilts", df["sector_tilts"])
            + points("customization.sma.flexibility", df["flexibility_need"])
            + points("customization.sma.tight_tracking", df["tracking_tolerance_bps"])
            + points("customization.sma.gifting", over(df["annual_gifting"], df["account_value"]))
        )
        broad = points("customization.both.several_sleeves", df["sleeves_wanted"])
        uma = 50 + points("customization.uma.account_wide", names + df["esg_screens"]) * broad
        return sma.clip(0, 100), uma.clip(0, 100)

    def cost(self, df: Frame, sma_bps: Any, uma_bps: Any) -> tuple[Any, Any]:
        """All-in cost at this size."""
        points, today = self.points, df["current_structure"]
        leaving = over(df["exit_cost"], df["account_value"])
        replaced = (df["current_cost_bps"] - uma_bps).clip(lower=0)
        several = points("cost.uma.several", df["household_managed_accounts"])
        sma = (
            50
            + points("cost.sma.cheaper", uma_bps - sma_bps)
            + points("cost.sma.exit_cost", leaving) * points("cost.sma.leaves", today)
        )
        uma = (
            50
            + points("cost.uma.cheaper", sma_bps - uma_bps)
            + points("cost.uma.replaces_contracts", replaced) * several
            + points("cost.uma.exit_cost", leaving) * points("cost.uma.leaves", today)
        )
        return sma.clip(0, 100), uma.clip(0, 100)


def over(part: Any, whole: Any) -> Any:
    """Nothing of nothing is nothing, something of nothing is more than any curve asks about."""
    return (part / whole).where(part != 0, 0.0)


def rate(df: Frame) -> Any:
    """The rate on the gains that losses would offset."""
    long_term = df["long_term_rate"]
    return long_term + df["short_term_gain_fraction"] * (df["short_term_rate"] - long_term)
