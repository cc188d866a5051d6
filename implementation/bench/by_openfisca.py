"""The rules of the default policy as variables of OpenFisca, with the numpy of `by_hand` inside the formulas.

One variable a fact and a result, calculated when another asks for it. It gives the outcome, what decided, the
net fit and the contributions; whether an account is fragile would take a simulation for each small change.
OpenFisca keeps numbers in 32 bits, which moves contributions by a hundredth and money by cents; its variables
are set to 64 bits here, so that results can be compared.

OpenFisca-Core is under the AGPL and no part of this program: it is used when it happens to be installed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from implementation.bench.by_hand import DECIDED, OUTCOME, ByHand
from implementation.bench.pieces import FACTORS
from implementation.rules.contract import FACTS
from implementation.rules.facts import Columns
from implementation.rules.policy import Policy
from implementation.rules.shelf import Shelf

_YEAR = "2026"
_SIDES = ("sma", "uma")
Formula = Callable[[Any], Any]


class ByOpenFisca:
    """A system of variables; call it with columns, which are simulated."""

    def __init__(self, policy: Policy, shelf: Shelf) -> None:
        from openfisca_core.entities import Entity
        from openfisca_core.taxbenefitsystems import TaxBenefitSystem

        account = Entity("account", "accounts", "An account", "")
        self.system = TaxBenefitSystem([account])
        formulas = _formulas(ByHand(policy, shelf))
        for name, fact in FACTS.items():
            self._add(account, name, int if fact.kind == "code" else float, None)
        for name, (kind, formula) in formulas.items():
            self._add(account, name, kind, formula)

    def __call__(self, columns: Columns) -> dict[str, Any]:
        """Outcome, what decided, net fit and contributions of each account."""
        from openfisca_core.simulations import SimulationBuilder

        simulation = SimulationBuilder().build_default_simulation(self.system, len(columns["account_value"]))
        for name in FACTS:
            simulation.set_input(name, _YEAR, columns[name])
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            found = {name: simulation.calculate(name, _YEAR) for name in ("outcome", "decided_by", "net")}
            parts = {name: simulation.calculate(f"contribution_{name}", _YEAR) for name in FACTORS}
        return {
            "outcome": found["outcome"].astype(np.int8),
            "decided_by": found["decided_by"].astype(np.int8),
            "net_fit": found["net"] / 100,
            **{f"contribution.{name}": part / 100 for name, part in parts.items()},
        }

    def _add(self, account: Any, name: str, kind: type, formula: Formula | None) -> None:
        from openfisca_core.periods import DateUnit
        from openfisca_core.variables import Variable

        attributes: dict[str, Any] = {
            "value_type": kind,
            "entity": account,
            "definition_period": DateUnit.YEAR,
            "label": name,
        }
        if formula is not None:
            attributes["formula"] = lambda population, period: formula(_Asked(population, period))
        self.system.add_variable(type(name, (Variable,), attributes))
        if kind is float:
            self.system.variables[name].dtype = np.float64


class _Asked(dict[str, Any]):
    """Facts and results by name, asked of the population when a formula reads them."""

    def __init__(self, population: Any, period: Any) -> None:
        super().__init__()
        self.ask = lambda name: population(name, period)

    def __missing__(self, name: str) -> Any:
        self[name] = value = self.ask(name)
        return value


def _formulas(hand: ByHand) -> dict[str, tuple[type, Formula]]:
    """Result -> kind and formula."""
    formulas: dict[str, tuple[type, Formula]] = {"need": (bool, hand.need)}
    for side, offer in zip(_SIDES, hand.offers, strict=True):
        formulas[f"{side}_eligible"] = bool, offer.accepts
        formulas[f"{side}_bps"] = float, lambda f, offer=offer: offer.bps(f["account_value"])
    for name in FACTORS:
        formulas[f"contribution_{name}"] = float, lambda f, name=name: _contribution(hand, name, f)
    formulas["net"] = float, lambda f: sum(f[f"contribution_{name}"] for name in FACTORS)
    formulas["state"] = int, lambda f: hand.state(f["net"], f["need"], f["sma_eligible"], f["uma_eligible"])
    formulas["outcome"] = int, lambda f: OUTCOME[f["state"]]
    formulas["decided_by"] = int, lambda f: DECIDED[f["state"]]
    return formulas


def _contribution(hand: ByHand, name: str, f: Any) -> Any:
    bps = [f[f"{side}_bps"] for side in _SIDES] if name == "cost" else ()
    return hand.contribution(name, getattr(hand, name)(f, {"bps": bps}))
