"""The rules of the default policy written by hand in numpy, in chunks: the floor that the core is held to.

Formulas stand here once more, in a straight line, without shapes, parameters, intervals, listeners or
reasons; only the numbers come from the documents. Accounts must be complete, and the shelf have one program
in each structure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from implementation.bench.constants import Array, Constants, Step
from implementation.bench.offers import Offer, offers_of, over
from implementation.bench.pieces import FACTORS, READS, RULES
from implementation.rules.contract import FACTS
from implementation.rules.policy import Policy
from implementation.rules.shelf import Shelf

Facts = Mapping[str, Any]
Pair = tuple[Any, Any]
CHUNK = 32_768
_FROM_OFFERS = ("minimums", "cost")
# By need (2), SMA eligible (2), UMA eligible (2) and where the net fit lies (below, within, above).
_SMA, _UMA, _EITHER, _NEITHER = range(4)
OUTCOME = np.array([_NEITHER] * 15 + [_UMA] * 3 + [_SMA] * 3 + [_UMA, _EITHER, _SMA], dtype=np.int8)
DECIDED = np.array([0] * 12 + [1] * 9 + [2] * 3, dtype=np.int8)


class ByHand:
    """The rules with their numbers bound; call it with columns."""

    def __init__(self, policy: Policy, shelf: Shelf) -> None:
        c = Constants(policy)
        self.offers: tuple[Offer, Offer] = offers_of(shelf)
        self.weights, self.numbers = c.weights, c.numbers
        self.perturbations = c.perturbations
        self.k: dict[str, Any] = {path: getattr(c, read)(path) for read in RULES for path in RULES[read]}
        c.finish()

    def __call__(self, columns: Facts) -> dict[str, Array]:
        """Outcome, what decided, net fit, contributions, fits, costs, and whether it is fragile."""
        count = len(columns["account_value"])
        out: dict[str, Array] = {}
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            for start in range(0, count, CHUNK):
                rows = slice(start, start + CHUNK)
                part = self.chunk({name: column[rows] for name, column in columns.items()})
                for name, column in part.items():
                    if start == 0:
                        out[name] = np.empty(count, dtype=column.dtype)
                    out[name][rows] = column
        return out

    def chunk(self, f: Facts) -> dict[str, Array]:
        """The same for rows that fit the cache."""
        base: dict[str, Any] = {}
        self.score(f, base, READS)
        fragile = np.zeros(len(f["account_value"]), dtype=bool)
        for changes in self.perturbations:
            moved = {**f, **{name: _moved(f[name], name, *by) for name, by in changes.items()}}
            again = dict(base)
            self.score(moved, again, [name for name, facts in READS.items() if not facts.isdisjoint(changes)])
            fragile |= again["outcome"] != base["outcome"]
        out = {
            "outcome": base["outcome"],
            "decided_by": DECIDED[base["state"]],
            "net_fit": base["net"] / 100,
            "fragile": fragile,
            "need": base["need"],
        }
        for side, name in enumerate(("SMA", "UMA")):
            out[f"eligible.{name}"] = base["eligible"][side]
            out[f"dollars.{name}"], out[f"bps.{name}"] = base["dollars"][side], base["bps"][side]
        for name in FACTORS:
            out[f"contribution.{name}"] = base["contribution." + name] / 100
            out[f"fit.{name}.SMA"], out[f"fit.{name}.UMA"] = base["fit." + name]
        return out

    def score(self, f: Facts, found: dict[str, Any], pieces: Any) -> None:
        """Fill in the pieces asked for, the net fit and the outcome."""
        if "need" in pieces:
            found["need"] = self.need(f)
        if "offers" in pieces:
            self.put_offers(f, found)
        for name in FACTORS:
            if name in pieces or ("offers" in pieces and name in _FROM_OFFERS):
                found["fit." + name] = getattr(self, name)(f, found)
                found["contribution." + name] = self.contribution(name, found["fit." + name])
        found["net"] = sum(found["contribution." + name] for name in FACTORS)
        found["state"] = self.state(found["net"], found["need"], *found["eligible"])
        found["outcome"] = OUTCOME[found["state"]]

    def contribution(self, name: str, fits: Pair) -> Any:
        """Hundredths of a point of net fit."""
        return np.rint((fits[0] - fits[1]) * (self.weights[name] * 100)) + 0.0

    def state(self, net: Any, need: Any, sma_in: Any, uma_in: Any) -> Any:
        """Place in `OUTCOME` and `DECIDED`."""
        tolerance = self.numbers["either_within"] * 100
        place = (net >= -tolerance).astype(np.intp) + (net > tolerance)
        return place + need * 12 + sma_in * 6 + uma_in * 3

    def put_offers(self, f: Facts, found: dict[str, Any]) -> None:
        """Eligibility, costs and headroom of the two programs."""
        found["eligible"] = [offer.accepts(f) for offer in self.offers]
        found["dollars"] = [offer.dollars(f["account_value"]) for offer in self.offers]
        found["bps"] = [over(dollars, f["account_value"]) * 10_000 for dollars in found["dollars"]]

    def need(self, f: Facts) -> Any:
        """Whether direct indexing is warranted."""
        k = self.k
        rate = _rate(f)
        losses = _losses(f, k["need.depth"])
        taxed = k["need.applies"][f["tax_status"]]
        worth = _step(10_000 * losses * rate, k["need.tax_value"]) * taxed
        kept = f["restricted_share"] + f["legacy_retention_share"]
        gains = _step(f["stock_gain_share"], k["need.appreciated_stock"])
        return (
            (worth > 0.5)
            | (_step(f["security_restrictions"], k["need.restrictions"]) > 0.5)
            | (_step(f["sector_tilts"], k["need.tilts"]) > 0.5)
            | (_step(f["esg_screens"], k["need.screens"]) > 0.5)
            | (_step(f["client_requests_direct_indexing"], k["need.requested"]) > 0.5)
            | (_step(kept, k["need.kept_holdings"]) > 0.5)
            | (gains * (taxed * _step(f["stock_share"], k["need.any_stock"])) > 0.5)
        )

    def minimums(self, f: Facts, found: Facts) -> Pair:
        """Room above the minimums."""
        fits = []
        for offer, side in zip(self.offers, ("sma", "uma"), strict=True):
            now, after, sleeve = offer.headroom(f)
            least = np.minimum(
                np.interp(now, *self.k[f"minimums.{side}.now"]),
                np.interp(after, *self.k[f"minimums.{side}.after_withdrawals"]),
            )
            fits.append(100 + np.minimum(least, np.interp(sleeve, *self.k[f"minimums.{side}.sleeve"])))
        return fits[0], fits[1]

    def funding(self, f: Facts, found: Facts) -> Pair:
        """Transition work."""
        k, value, stock, gain = self.k, f["account_value"], f["stock_share"], f["stock_gain_share"]
        kept = np.minimum(f["restricted_share"] + f["legacy_retention_share"], stock)
        to_sell = np.minimum(over(stock - kept, stock), 1)
        taxed = k["funding.both.tax_burden"][f["tax_status"]]
        near = np.interp(f["holding_horizon_years"], *k["funding.both.near"])
        low_basis = np.interp(f["unrealized_gain_share"], *k["funding.both.low_basis"])
        hold = _step(f["step_up_expected"], k["funding.both.hold"]) * (taxed * near * low_basis)
        work = taxed * np.interp(hold, *k["funding.both.left_to_do"])
        selling = work * to_sell
        unwinding = work * np.interp(gain, *k["funding.both.harder_by_gain"])
        saleable = f["saleable_largest_share"]
        excess = over(np.maximum(f["unrealized_gain"] - f["gain_budget"], 0), value)
        sma = (
            50
            + np.interp(saleable, *k["funding.sma.concentrated"]) * unwinding
            + np.interp(gain, *k["funding.sma.appreciated"]) * selling
            + np.interp(f["lot_count"], *k["funding.sma.lots"]) * selling
            + np.interp(excess, *k["funding.sma.beyond_budget"]) * selling
            + np.interp(over(f["short_term_gain"], value), *k["funding.sma.short_term"]) * selling
            + np.interp(f["bond_share"], *k["funding.sma.individual_bonds"])
        )
        free = stock * np.interp(gain, *k["funding.both.little_gain"])
        uma = (
            50
            + np.interp(saleable, *k["funding.uma.concentrated"]) * unwinding
            + np.interp(gain, *k["funding.uma.appreciated"]) * selling
            + np.interp(f["cash_share"] + f["fund_share"], *k["funding.uma.ready"])
            + np.interp(f["largest_position_share"], *k["funding.uma.spread_out"]) * free
        )
        return _within_100(sma), _within_100(uma)

    def tax(self, f: Facts, found: Facts) -> Pair:
        """Tax coordination."""
        k, value = self.k, f["account_value"]
        accounts, overlap = f["taxable_equity_accounts"], f["wash_group_overlap_share"]
        taxed = k["tax.both.applies"][f["tax_status"]]
        care = taxed * _bands(f["tax_sensitivity"], *k["tax.both.care"])
        mine = care * _bands(accounts, *k["tax.both.alone"])
        rate = _rate(f)
        fresh = np.interp(over(f["loss_carryforward"], value), *k["tax.both.after_carryforward"])
        harvest = 10_000 * _losses(f, k["tax.both.depth"]) * rate
        sma = (
            50
            + np.interp(harvest, *k["tax.sma.own_harvest"]) * (mine * fresh)
            + np.interp(rate, *k["tax.sma.high_rates"]) * mine
            + np.interp(over(f["unrealized_loss"], value), *k["tax.sma.losses_at_hand"]) * care
        )
        movable = np.interp(f["group_movable_share"], *k["tax.both.movable"])
        covered = (accounts > 1) * np.maximum(f["group_on_platform_share"], movable)
        joined = care * covered * _bands(f["coordination_importance"], *k["tax.both.importance"])
        uma = (
            50
            + _bands(f["sleeves_wanted"], *k["tax.uma.sleeves"]) * care
            + _bands(accounts, *k["tax.uma.across_accounts"]) * joined
            + np.interp(overlap, *k["tax.uma.overlap"]) * (care * covered)
        )
        return _within_100(sma), _within_100(uma)

    def context(self, f: Facts, found: Facts) -> Pair:
        """By itself, or one of many."""
        k = self.k
        own = over(f["account_value"], f["household_value"])
        sma = (
            50
            + _step(f["standalone_mandate"], k["context.sma.standalone"])
            + _step(f["household_accounts"], k["context.sma.only_account"])
            + np.interp(own, *k["context.sma.self_contained"])
        )
        uma = (
            50
            + _step(f["standalone_mandate"], k["context.uma.standalone"])
            + _bands(f["household_managed_accounts"], *k["context.uma.managed_accounts"])
            + _bands(f["sleeves_wanted"], *k["context.uma.sleeves"])
            + _step(f["single_report_wanted"], k["context.uma.one_report"])
            + k["context.uma.on_platform"][f["platform"]]
        )
        return _within_100(sma), _within_100(uma)

    def customization(self, f: Facts, found: Facts) -> Pair:
        """Depth against breadth."""
        k, names = self.k, f["security_restrictions"]
        sma = (
            50
            + np.interp(names, *k["customization.sma.restrictions"])
            + _bands(f["sector_tilts"], *k["customization.sma.tilts"])
            + _bands(f["flexibility_need"], *k["customization.sma.flexibility"])
            + np.interp(f["tracking_tolerance_bps"], *k["customization.sma.tight_tracking"])
            + np.interp(over(f["annual_gifting"], f["account_value"]), *k["customization.sma.gifting"])
        )
        broad = _bands(f["sleeves_wanted"], *k["customization.both.several_sleeves"])
        uma = 50 + np.interp(names + f["esg_screens"], *k["customization.uma.account_wide"]) * broad
        return _within_100(sma), _within_100(uma)

    def cost(self, f: Facts, found: Facts) -> Pair:
        """All-in cost at this size."""
        k, today = self.k, f["current_structure"]
        sma_bps, uma_bps = found["bps"]
        leaving = over(f["exit_cost"], f["account_value"])
        replaced = np.maximum(f["current_cost_bps"] - uma_bps, 0)
        several = _bands(f["household_managed_accounts"], *k["cost.uma.several"])
        sma = (
            50
            + np.interp(uma_bps - sma_bps, *k["cost.sma.cheaper"])
            + np.interp(leaving, *k["cost.sma.exit_cost"]) * k["cost.sma.leaves"][today]
        )
        uma = (
            50
            + np.interp(sma_bps - uma_bps, *k["cost.uma.cheaper"])
            + np.interp(replaced, *k["cost.uma.replaces_contracts"]) * several
            + np.interp(leaving, *k["cost.uma.exit_cost"]) * k["cost.uma.leaves"][today]
        )
        return _within_100(sma), _within_100(uma)


def _rate(f: Facts) -> Any:
    return f["long_term_rate"] + f["short_term_gain_fraction"] * (f["short_term_rate"] - f["long_term_rate"])


def _losses(f: Facts, depth: tuple[Array, Array]) -> Any:
    share = over(f["usable_gains"], f["direct_index_value"])
    return np.minimum(share, np.interp(f["holding_horizon_years"], *depth))


def _bands(value: Any, bounds: Array, results: Array) -> Any:
    place = np.zeros(value.shape, dtype=np.intp)
    for bound in bounds:
        place += value >= bound
    return results[place]


def _step(value: Any, step: Step) -> Any:
    if step.kind == "above":
        met = value > step.bound
    else:
        met = value >= step.bound if step.kind == "at_least" else value <= step.bound
    return step.otherwise + met * (step.then - step.otherwise)


def _within_100(fit: Any) -> Any:
    return np.minimum(np.maximum(fit, 0.0), 100.0)


def _moved(value: Any, name: str, times: float, plus: float) -> Any:
    """A fact changed a little and kept to what can be true of it."""
    fact = FACTS[name]
    return np.minimum(np.maximum(value * times + plus, fact.low), fact.high)
