"""Who takes part: the core and the peers that it is held against, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from implementation.rules import engine
from implementation.rules.facts import FACTS, Columns
from implementation.rules.policy import Policy
from implementation.rules.scoring import STRUCTURES
from implementation.rules.shelf import Shelf

DATA = Path(__file__).resolve().parents[1] / "data"
AS_OF = date(2026, 11, 22)
Run = Callable[[Columns], Any]
Results = Mapping[str, Any]
"""Results by name, one array each: see `core_results`. An engine leaves out what it does not give."""

CLOSE = 0.005
"""How near numbers must be: half a hundredth of a point, of a bp and of a cent's neighborhood."""
_ROUNDED_OTHERWISE = 0.0105


@dataclass(frozen=True)
class Engine:
    """One way to apply the rules.

    Attributes:
        name: as `--only` takes it.
        label: as the table names it.
        prepare: binds the documents; what it answers is timed with columns.
        results: makes named arrays of the answer.
        gives: what it works out, in words.
        beside: the engine of the core that does as much; ratios are against it.
        module, package: what has to be installed for it, and as what.
        most: accounts that it is given at most, because it is slow.
        within: how far its points of fit may lie from the core's.
        book: which book it reads: complete or unknown.
        compared: whether its results are held against the core's.
    """

    name: str
    label: str
    prepare: Callable[[Policy, Shelf], Run]
    results: Callable[[Any], Results]
    gives: str
    beside: str = "core"
    module: str = ""
    package: str = ""
    most: int = 0
    within: float = CLOSE
    book: str = "complete"
    compared: bool = True

    @property
    def installed(self) -> bool:
        """Whether it can run here."""
        return not self.module or find_spec(self.module) is not None

    def count(self, accounts: int) -> int:
        """How many accounts it is given of so many."""
        return min(accounts, self.most) if self.most else accounts


@lru_cache(maxsize=1)
def documents() -> tuple[Policy, Shelf]:
    """The shipped house policy and house shelf."""
    return Policy.load(DATA / "house_policy.yaml"), Shelf.load(DATA / "house_shelf.yaml")


def core_results(found: engine.Evaluation) -> Results:
    """What an evaluation gives of the names that are compared: codes, flags and numbers."""
    results = {
        "outcome": found.outcome,
        "decided_by": found.decided_by,
        "net_fit": found.net_fit,
        "fragile": found.fragile,
        "need": found.need == 1,
    }
    for name in STRUCTURES:
        results[f"eligible.{name}"] = found.eligible[name] == 1
        results[f"dollars.{name}"], results[f"bps.{name}"] = found.cost_dollars[name], found.cost_bps[name]
    for name in engine.FACTORS:
        results[f"contribution.{name}"] = found.contributions[name]
        results[f"fit.{name}.SMA"], results[f"fit.{name}.UMA"] = found.fits[name]
    return results


def _core(policy: Policy, shelf: Shelf) -> Run:
    return lambda columns: engine.evaluate(columns, shelf, policy, AS_OF)


def _core_outcome(policy: Policy, shelf: Shelf) -> Run:
    def run(columns: Columns) -> Results:
        count = len(columns["account_value"])
        outcome, net = np.empty(count, dtype=np.int8), np.empty(count)
        for start in range(0, count, engine.CHUNK):
            rows = slice(start, start + engine.CHUNK)
            scored = engine.outcomes({name: columns[name][rows] for name in FACTS}, shelf, policy)
            outcome[rows], net[rows] = scored.outcome, scored.net[0] / 100
        return {"outcome": outcome, "net_fit": net}

    return run


def _by_hand(policy: Policy, shelf: Shelf) -> Run:
    from implementation.bench.by_hand import ByHand

    return ByHand(policy, shelf)


def _by_pandas(policy: Policy, shelf: Shelf) -> Run:
    from implementation.bench.by_pandas import ByPandas

    return ByPandas(policy, shelf)


def _by_openfisca(policy: Policy, shelf: Shelf) -> Run:
    from implementation.bench.by_openfisca import ByOpenFisca

    return ByOpenFisca(policy, shelf)


def _by_zen(policy: Policy, shelf: Shelf) -> Run:
    from implementation.bench.by_zen import ByZen

    return ByZen(policy, shelf)


def _as_given(results: Results) -> Results:
    return results


_ALL = "everything"
_OUTCOME = "outcome and net fit"
ENGINES: dict[str, Engine] = {
    one.name: one
    for one in (
        Engine("core", "Sleevewise", _core, core_results, _ALL),
        Engine("numpy", "numpy by hand, in chunks", _by_hand, _as_given, "all but reasons"),
        Engine("pandas", "pandas, vectorized", _by_pandas, _as_given, "all but reasons, fits"),
        Engine("outcome", "Sleevewise, outcome alone", _core_outcome, _as_given, _OUTCOME, beside="outcome"),
        Engine(
            "openfisca",
            "OpenFisca, numpy in its formulas",
            _by_openfisca,
            _as_given,
            _OUTCOME,
            beside="outcome",
            module="openfisca_core",
            package="openfisca-core",
        ),
        # Decimals see an exact half of a hundredth where binary numbers lie just beside it.
        Engine(
            "zen",
            "zen-engine, a call per account",
            _by_zen,
            _as_given,
            _OUTCOME,
            beside="outcome",
            module="zen",
            package="zen-engine",
            most=20_000,
            within=_ROUNDED_OTHERWISE,
        ),
        Engine(
            "unknown",
            "Sleevewise, 10% of accounts with unknown facts",
            _core,
            core_results,
            _ALL,
            most=100_000,
            book="unknown",
            compared=False,
        ),
    )
}
