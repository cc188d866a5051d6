"""The rules of the default policy as a decision of zen-engine, written from the policy document.

Shapes become nested conditions, one expression a key; the engine evaluates one account a call. It gives the
outcome, what decided and the net fit; whether an account is fragile would take a call for each small change.
Numbers are decimals there, so halves of a hundredth are rounded to even by an expression.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from implementation.bench.constants import Constants
from implementation.bench.expressions import BEYOND, bands, cents, curve, dollars, half_to_even, ratio
from implementation.bench.offers import Offer, offers_of
from implementation.bench.pieces import FACTORS, RULES
from implementation.rules.contract import FACTS
from implementation.rules.facts import Columns
from implementation.rules.policy import Policy
from implementation.rules.scoring import DECIDED_BY, OUTCOMES
from implementation.rules.shelf import Shelf

_KEY = "rules"


class ByZen:
    """An engine with the rules loaded; call it with columns."""

    def __init__(self, policy: Policy, shelf: Shelf) -> None:
        import zen

        content = json.dumps(decision(policy, shelf))
        self.engine = zen.ZenEngine({"loader": lambda key: content})
        self.facts = [name for name in FACTS if name in content]

    def __call__(self, columns: Columns) -> dict[str, Any]:
        """Outcome, what decided and net fit of each account."""
        found = [self.engine.evaluate(_KEY, account)["result"] for account in self.accounts(columns)]
        outcomes = {name: number for number, name in enumerate(OUTCOMES)}
        decided = {name: number for number, name in enumerate(DECIDED_BY)}
        return {
            "outcome": np.array([outcomes[row["outcome"]] for row in found], dtype=np.int8),
            "decided_by": np.array([decided[row["decided_by"]] for row in found], dtype=np.int8),
            "net_fit": np.array([row["net_fit"] for row in found], dtype=np.float64),
        }

    def accounts(self, columns: Columns) -> list[dict[str, Any]]:
        """Columns as the mappings that the engine takes, codes by name."""
        values = []
        for name in self.facts:
            column = columns[name].tolist()
            codes = FACTS[name].codes
            values.append([codes[code] for code in column] if codes else column)
        return [dict(zip(self.facts, row, strict=True)) for row in zip(*values, strict=True)]


def decision(policy: Policy, shelf: Shelf) -> dict[str, Any]:
    """The rules as a JSON decision model."""
    rules = _Rules(Constants(policy))
    rules.put_offers(*offers_of(shelf))
    rules.put_need()
    rules.put_minimums()
    rules.put_funding()
    rules.put_tax()
    rules.put_context()
    rules.put_customization()
    rules.put_cost()
    result = rules.result()
    for path in RULES["shape"]:
        rules.c.shape(path)
    rules.c.finish()
    nodes = [
        {"id": "in", "type": "inputNode", "name": "Account"},
        {"id": "rules", "type": "expressionNode", "name": "Rules", "content": _expressions(rules.keys)},
        {"id": "result", "type": "expressionNode", "name": "Result", "content": _expressions(result)},
        {"id": "out", "type": "outputNode", "name": "Answer"},
    ]
    ids = [str(node["id"]) for node in nodes]
    edges = [
        {"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b} for a, b in itertools.pairwise(ids)
    ]
    return {"nodes": [{**node, "position": {"x": 0, "y": 0}} for node in nodes], "edges": edges}


def _expressions(keys: Mapping[str, str]) -> dict[str, Any]:
    rows = [{"id": key, "key": key, "value": value} for key, value in keys.items()]
    return {"passThrough": False, "expressions": rows}


class _Rules:
    """Expressions by key, in order; `$.key` reads one that stands before."""

    def __init__(self, constants: Constants) -> None:
        self.c = constants
        self.keys: dict[str, str] = {}

    def put(self, key: str, expression: str) -> str:
        self.keys[key] = expression
        return f"$.{key}"

    def rule(self, path: str, value: str) -> str:
        """A rule of the policy applied to a fact or a key."""
        rule = self.c.shape(path)
        if rule["shape"] == "curve":
            return curve(rule["points"], value)
        if rule["shape"] == "bands":
            return bands(rule["bands"], value)
        if rule["shape"] == "table":
            rows = "".join(f"{value} == '{code}' ? {given} : " for code, given in rule["rows"].items())
            return f"({rows}{rule['otherwise']})"
        sign = {"at_least": ">=", "at_most": "<=", "above": ">"}[rule["shape"]]
        return f"({value} {sign} {rule['bound']} ? {rule['then']} : {rule['otherwise']})"

    def put_offers(self, sma: Offer, uma: Offer) -> None:
        self.put("left", "max([account_value - planned_withdrawals, 0])")
        for side, offer in (("sma", sma), ("uma", uma)):
            tests = [
                f"{cents('account_value')} >= {cents(str(offer.initial))}",
                f"{cents('$.left')} >= {cents(str(offer.maintenance))}",
                *(f"{fact} <= 0" for fact in offer.refuses),
            ]
            if offer.sleeve:
                tests.append(f"{cents('direct_index_value')} >= {cents(str(offer.sleeve))}")
            if np.isfinite(offer.most_restrictions):
                tests.append(f"security_restrictions <= {offer.most_restrictions}")
            self.put(f"{side}_eligible", " and ".join(tests))
            fee = self.put(f"{side}_dollars", dollars(offer))
            self.put(f"{side}_bps", ratio(fee, "account_value", 10_000))
            self.put(f"{side}_now", f"account_value / {offer.initial}")
            self.put(f"{side}_after", f"$.left / {offer.maintenance}")
            sleeve = f"direct_index_value / {offer.sleeve}" if offer.sleeve else str(BEYOND)
            self.put(f"{side}_sleeve", sleeve)

    def put_need(self) -> None:
        rule = self.rule
        self.put("rate", "long_term_rate + short_term_gain_fraction * (short_term_rate - long_term_rate)")
        self.put("usable", ratio("usable_gains", "direct_index_value"))
        losses = self.put("need_losses", f"min([$.usable, {rule('need.depth', 'holding_horizon_years')}])")
        worth = self.put("need_worth", f"10000 * {losses} * $.rate")
        taxed = self.put("need_taxed", rule("need.applies", "tax_status"))
        kept = self.put("kept", "restricted_share + legacy_retention_share")
        stock = f"{rule('need.appreciated_stock', 'stock_gain_share')} * {taxed}"
        asks = [
            f"{rule('need.tax_value', worth)} * {taxed}",
            rule("need.restrictions", "security_restrictions"),
            rule("need.tilts", "sector_tilts"),
            rule("need.screens", "esg_screens"),
            rule("need.requested", "client_requests_direct_indexing"),
            rule("need.kept_holdings", kept),
            f"{stock} * {rule('need.any_stock', 'stock_share')}",
        ]
        self.put("need", f"max([{', '.join(asks)}]) > 0.5")

    def put_minimums(self) -> None:
        for side in ("sma", "uma"):
            parts = [
                self.rule(f"minimums.{side}.now", f"$.{side}_now"),
                self.rule(f"minimums.{side}.after_withdrawals", f"$.{side}_after"),
                self.rule(f"minimums.{side}.sleeve", f"$.{side}_sleeve"),
            ]
            self.put(f"minimums_{side}", f"100 + min([{', '.join(parts)}])")

    def put_funding(self) -> None:
        rule = self.rule
        self.put("unkept", "stock_share - min([$.kept, stock_share])")
        to_sell = self.put("to_sell", f"min([{ratio('$.unkept', 'stock_share')}, 1])")
        taxed = self.put("burden", rule("funding.both.tax_burden", "tax_status"))
        near = rule("funding.both.near", "holding_horizon_years")
        low_basis = rule("funding.both.low_basis", "unrealized_gain_share")
        hold = rule("funding.both.hold", "step_up_expected")
        hold = self.put("hold", f"{hold} * {taxed} * {near} * {low_basis}")
        work = self.put("work", f"{taxed} * {rule('funding.both.left_to_do', hold)}")
        harder = rule("funding.both.harder_by_gain", "stock_gain_share")
        unwinding = self.put("unwinding", f"{work} * {harder}")
        selling = self.put("selling", f"{work} * {to_sell}")
        self.put("beyond", "max([unrealized_gain - gain_budget, 0])")
        beyond = self.put("excess", ratio("$.beyond", "account_value"))
        short = self.put("short", ratio("short_term_gain", "account_value"))
        self.put_fit(
            "funding_sma",
            f"{rule('funding.sma.concentrated', 'saleable_largest_share')} * {unwinding}",
            f"{rule('funding.sma.appreciated', 'stock_gain_share')} * {selling}",
            f"{rule('funding.sma.lots', 'lot_count')} * {selling}",
            f"{rule('funding.sma.beyond_budget', beyond)} * {selling}",
            f"{rule('funding.sma.short_term', short)} * {selling}",
            rule("funding.sma.individual_bonds", "bond_share"),
        )
        ready = self.put("ready", "cash_share + fund_share")
        little = rule("funding.both.little_gain", "stock_gain_share")
        self.put_fit(
            "funding_uma",
            f"{rule('funding.uma.concentrated', 'saleable_largest_share')} * {unwinding}",
            f"{rule('funding.uma.appreciated', 'stock_gain_share')} * {selling}",
            rule("funding.uma.ready", ready),
            f"{rule('funding.uma.spread_out', 'largest_position_share')} * stock_share * {little}",
        )

    def put_tax(self) -> None:
        rule = self.rule
        care = rule("tax.both.care", "tax_sensitivity")
        care = self.put("care", f"{rule('tax.both.applies', 'tax_status')} * {care}")
        mine = self.put("mine", f"{care} * {rule('tax.both.alone', 'taxable_equity_accounts')}")
        losses = self.put("tax_losses", f"min([$.usable, {rule('tax.both.depth', 'holding_horizon_years')}])")
        harvest = self.put("harvest", f"10000 * {losses} * $.rate")
        used = self.put("carried", ratio("loss_carryforward", "account_value"))
        at_hand = self.put("at_hand", ratio("unrealized_loss", "account_value"))
        fresh = rule("tax.both.after_carryforward", used)
        self.put_fit(
            "tax_sma",
            f"{rule('tax.sma.own_harvest', harvest)} * {mine} * {fresh}",
            f"{rule('tax.sma.high_rates', '$.rate')} * {mine}",
            f"{rule('tax.sma.losses_at_hand', at_hand)} * {care}",
        )
        movable = rule("tax.both.movable", "group_movable_share")
        reached = f"max([group_on_platform_share, {movable}])"
        covered = self.put("covered", f"{care} * (taxable_equity_accounts > 1 ? {reached} : 0)")
        importance = rule("tax.both.importance", "coordination_importance")
        self.put_fit(
            "tax_uma",
            f"{rule('tax.uma.sleeves', 'sleeves_wanted')} * {care}",
            f"{rule('tax.uma.across_accounts', 'taxable_equity_accounts')} * {covered} * {importance}",
            f"{rule('tax.uma.overlap', 'wash_group_overlap_share')} * {covered}",
        )

    def put_context(self) -> None:
        rule = self.rule
        own = self.put("own", ratio("account_value", "household_value"))
        self.put_fit(
            "context_sma",
            rule("context.sma.standalone", "standalone_mandate"),
            rule("context.sma.only_account", "household_accounts"),
            rule("context.sma.self_contained", own),
        )
        self.put_fit(
            "context_uma",
            rule("context.uma.standalone", "standalone_mandate"),
            rule("context.uma.managed_accounts", "household_managed_accounts"),
            rule("context.uma.sleeves", "sleeves_wanted"),
            rule("context.uma.one_report", "single_report_wanted"),
            rule("context.uma.on_platform", "platform"),
        )

    def put_customization(self) -> None:
        rule = self.rule
        gifts = self.put("gifts", ratio("annual_gifting", "account_value"))
        self.put_fit(
            "customization_sma",
            rule("customization.sma.restrictions", "security_restrictions"),
            rule("customization.sma.tilts", "sector_tilts"),
            rule("customization.sma.flexibility", "flexibility_need"),
            rule("customization.sma.tight_tracking", "tracking_tolerance_bps"),
            rule("customization.sma.gifting", gifts),
        )
        names = self.put("names", "security_restrictions + esg_screens")
        several = rule("customization.both.several_sleeves", "sleeves_wanted")
        self.put_fit("customization_uma", f"{rule('customization.uma.account_wide', names)} * {several}")

    def put_cost(self) -> None:
        rule = self.rule
        saving = self.put("saving", "$.uma_bps - $.sma_bps")
        dearer = self.put("dearer", "$.sma_bps - $.uma_bps")
        leaving = self.put("leaving", ratio("exit_cost", "account_value"))
        replaced = self.put("replaced", "max([current_cost_bps - $.uma_bps, 0])")
        self.put_fit(
            "cost_sma",
            rule("cost.sma.cheaper", saving),
            f"{rule('cost.sma.exit_cost', leaving)} * {rule('cost.sma.leaves', 'current_structure')}",
        )
        several = rule("cost.uma.several", "household_managed_accounts")
        self.put_fit(
            "cost_uma",
            rule("cost.uma.cheaper", dearer),
            f"{rule('cost.uma.replaces_contracts', replaced)} * {several}",
            f"{rule('cost.uma.exit_cost', leaving)} * {rule('cost.uma.leaves', 'current_structure')}",
        )

    def put_fit(self, key: str, *terms: str) -> None:
        self.put(key, f"min([max([{' + '.join(('50', *terms))}, 0]), 100])")

    def result(self) -> dict[str, str]:
        """Contributions in hundredths, the net fit, the outcome and what decided: of the keys so far."""
        hundredths = []
        for name in FACTORS:
            exact = self.put(f"x_{name}", f"($.{name}_sma - $.{name}_uma) * {self.c.weights[name]} * 100")
            hundredths.append(self.put(f"c_{name}", half_to_even(exact)))
        self.put("net", f"({' + '.join(hundredths)}) / 100")
        within = self.c.numbers["either_within"]
        fit = f"net > {within} ? 'SMA' : net < -{within} ? 'UMA' : 'EITHER'"
        one = "sma_eligible ? 'SMA' : uma_eligible ? 'UMA' : 'NEITHER'"
        both = "sma_eligible and uma_eligible"
        return {
            "outcome": f"not(need) ? 'NEITHER' : {both} ? ({fit}) : ({one})",
            "decided_by": f"not(need) ? 'need' : {both} ? 'net_fit' : 'eligibility'",
            "net_fit": "net",
        }
