"""One program of each structure, by hand: what it accepts, what it costs and how far its minimums are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from implementation.bench.constants import NotCompared
from implementation.rules.programs import Program
from implementation.rules.shelf import Shelf

Facts = Mapping[str, Any]
_NEEDS = {
    "options_overlay": "needs_options_overlay",
    "alternatives": "needs_alternatives",
    "fixed_income_discretion": "needs_fixed_income_discretion",
}
# What the rules by hand take for granted of a program, as on the house shelf.
_GRANTED: Mapping[str, Any] = {
    "minimum_basis": "account",
    "counts_restricted_stock": True,
    "counts_contributions": False,
    "strategies": None,
    "custodians": None,
    "registrations": None,
    "overlay_custodians": None,
    "legacy_retention": True,
    "lots_required": False,
    "unknowns": frozenset(),
}


@dataclass(frozen=True)
class Offer:
    """Numbers of one program; money in US dollars, rates in bps a year.

    Attributes:
        fees: per part of the price its floor and its tiers, (from, to, rate) with marginal rates.
        refuses: facts that must be zero, because the program cannot do what they ask.
    """

    initial: float
    maintenance: float
    sleeve: float
    most_restrictions: float
    refuses: tuple[str, ...]
    fees: tuple[tuple[float, tuple[tuple[float, float, float], ...]], ...]

    def accepts(self, f: Facts) -> Any:
        """Rows that pass every test, money compared in whole cents."""
        value, after = f["account_value"], self.after(f)
        passes = np.rint(value * 100) >= np.rint(self.initial * 100)
        passes = passes & (np.rint(after * 100) >= np.rint(self.maintenance * 100))
        if self.sleeve:
            passes &= np.rint(f["direct_index_value"] * 100) >= np.rint(self.sleeve * 100)
        for fact in self.refuses:
            passes &= f[fact] <= 0
        if np.isfinite(self.most_restrictions):
            passes &= f["security_restrictions"] <= self.most_restrictions
        return passes

    def after(self, f: Facts) -> Any:
        """Dollars left after the withdrawals that are planned."""
        return np.maximum(f["account_value"] - f["planned_withdrawals"], 0.0)

    def headroom(self, f: Facts) -> tuple[Any, Any, Any]:
        """Times the minimum: now, after withdrawals, and of the direct index over the sleeve minimum."""
        sleeve = f["direct_index_value"] / self.sleeve if self.sleeve else np.inf
        return f["account_value"] / self.initial, self.after(f) / self.maintenance, sleeve

    def dollars(self, value: Any) -> Any:
        """All-in dollars a year."""
        total: Any = 0.0
        for floor, tiers in self.fees:
            fee: Any = 0.0
            for start, end, bps in tiers:
                fee = fee + np.minimum(np.maximum(value - start, 0.0), end - start) * bps / 10_000
            total = total + (np.maximum(fee, floor) if floor else fee)
        return total

    def bps(self, value: Any) -> Any:
        """The same in bps a year of the account."""
        return over(self.dollars(value), value) * 10_000


def over(part: Any, whole: Any) -> Any:
    """Nothing of nothing is nothing, something of nothing is more than any curve asks about."""
    return part / np.maximum(whole, np.finfo(np.float64).tiny)


def offers_of(shelf: Shelf) -> tuple[Offer, Offer]:
    """The SMA and the UMA of a shelf.

    Raises:
        NotCompared: the shelf says something that the rules by hand do not know.
    """
    programs = {program.structure: program for program in shelf.programs}
    if len(shelf.programs) != 2 or set(programs) != {"SMA", "UMA"}:
        raise NotCompared("the rules by hand know a shelf with one SMA and one UMA")
    if programs["SMA"].overlay_scope not in ("none", "account") or programs["UMA"].overlay_scope not in (
        "tax_unit",
        "household",
    ):
        raise NotCompared("by hand the overlay of the UMA reaches other accounts and the SMA's does not")
    return _offer(programs["SMA"]), _offer(programs["UMA"])


def _offer(program: Program) -> Offer:
    for name, granted in _GRANTED.items():
        if getattr(program, name) != granted:
            raise NotCompared(f"{program.code}: by hand {name} is {granted}")
    parts = program.fees.components if program.fees else ()
    fees = []
    for part in parts:
        if part.tiers is None or part.basis != "account":
            raise NotCompared(f"{program.code}: by hand fees are stated, by the account's own value")
        starts = (0.0, *(tier.up_to for tier in part.tiers))
        tiers = tuple((start, tier.up_to, tier.bps) for start, tier in zip(starts, part.tiers, strict=False))
        fees.append((part.minimum, tiers))
    stated = (program.initial_minimum, program.maintenance_minimum, program.maximum_restrictions)
    if not parts or None in stated or not program.initial_minimum or not program.maintenance_minimum:
        raise NotCompared(f"{program.code}: by hand minimums, limits and fees are stated")
    return Offer(
        initial=program.initial_minimum,
        maintenance=program.maintenance_minimum,
        sleeve=program.sleeve_minimum or 0.0,
        most_restrictions=program.maximum_restrictions or 0.0,
        refuses=tuple(fact for ability, fact in _NEEDS.items() if not getattr(program, ability)),
        fees=tuple(fees),
    )
