"""What an evaluation gives: columns, one row per account.

Points are kept as whole numbers, and what follows from other columns is worked out when it is asked for, so
that a million accounts fit in little memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from implementation.rules.factors import FACTORS
from implementation.rules.facts import Columns
from implementation.rules.policy import Policy
from implementation.rules.programs import Program
from implementation.rules.scoring import DECIDED_BY, EITHER, SMA, STRUCTURES
from implementation.rules.shapes import Array, ratio
from implementation.rules.shelf import Shelf

ALTERNATIVES = ("SMA", "UMA", "STAY", "ETF")
PER_BPS = 10_000.0
HUNDREDTHS = 100.0  # of a point of net fit
MILLIONTHS = 1e6  # of a point of fit
UNKNOWN = np.iinfo(np.int32).min
_BY_FIT = DECIDED_BY.index("net_fit")

Whole = NDArray[np.int32]
T = TypeVar("T")


class Derived(Mapping[str, T], Generic[T]):
    """Columns by name, each worked out when it is asked for."""

    def __init__(self, names: tuple[str, ...], column: Callable[[str], T]) -> None:
        self._names, self._column = names, column

    def __getitem__(self, name: str) -> T:
        if name not in self._names:
            raise KeyError(name)
        return self._column(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass
class Evaluation:
    """One row per account.

    Attributes:
        outcome: index into `OUTCOMES`.
        outcome_set: bit i set where OUTCOMES[i] is possible.
        decided_by: index into `DECIDED_BY`.
        fragile: a small change of facts that the policy states changes the outcome.
        provisional: one outcome, though something is unknown.
        conflict: two factors of material contribution oppose each other.
        need: 1 warranted, 0 not, -1 unknown.
        reasons: mask of reason bits; `Policy.reason_codes` reads it.
        cheapest: 1 SMA, -1 UMA among eligible structures of known cost; 0 tie, none or not known.
        eligible: structure -> 1 some program passes, 0 none, -1 unknown.
        program: structure -> index into the shelf's programs, -1 none.
        dollars: structure -> all-in cost a year, NaN unknown.
        low_hundredths, high_hundredths: bounds of the net fit, in hundredths of a point.
        whole_contributions: factor -> hundredths of a point, `UNKNOWN` where an unknown fact moves them.
        whole_fits: factor -> millionths of a point of SMA and of UMA, `UNKNOWN` likewise.
        facts, shelf, policy: what was evaluated, by what; not to be written to.
    """

    outcome: NDArray[np.int8]
    outcome_set: NDArray[np.uint8]
    decided_by: NDArray[np.int8]
    fragile: NDArray[np.bool_]
    provisional: NDArray[np.bool_]
    conflict: NDArray[np.bool_]
    need: NDArray[np.int8]
    reasons: NDArray[np.uint64]
    cheapest: NDArray[np.int8]
    eligible: dict[str, NDArray[np.int8]]
    program: dict[str, NDArray[np.int16]]
    dollars: dict[str, Array]
    low_hundredths: Whole
    high_hundredths: Whole
    whole_contributions: dict[str, Whole]
    whole_fits: dict[str, tuple[Whole, Whole]]
    facts: Columns
    shelf: Shelf
    policy: Policy

    @classmethod
    def empty(cls, facts: Columns, shelf: Shelf, policy: Policy) -> Evaluation:
        """Room for what will be found of every row."""
        count = len(facts["account_value"])
        return cls(
            outcome=np.zeros(count, dtype=np.int8),
            outcome_set=np.zeros(count, dtype=np.uint8),
            decided_by=np.zeros(count, dtype=np.int8),
            fragile=np.zeros(count, dtype=bool),
            provisional=np.zeros(count, dtype=bool),
            conflict=np.zeros(count, dtype=bool),
            need=np.zeros(count, dtype=np.int8),
            reasons=np.zeros(count, dtype=np.uint64),
            cheapest=np.zeros(count, dtype=np.int8),
            eligible={name: np.zeros(count, dtype=np.int8) for name in STRUCTURES},
            program={name: np.zeros(count, dtype=np.int16) for name in STRUCTURES},
            dollars={name: np.zeros(count) for name in STRUCTURES},
            low_hundredths=_whole(count),
            high_hundredths=_whole(count),
            whole_contributions={name: _whole(count) for name in FACTORS},
            whole_fits={name: (_whole(count), _whole(count)) for name in FACTORS},
            facts=facts,
            shelf=shelf,
            policy=policy,
        )

    def __len__(self) -> int:
        return len(self.outcome)

    @property
    def low(self) -> Array:
        """The least that the net fit can be."""
        return self.low_hundredths / HUNDREDTHS

    @property
    def high(self) -> Array:
        """The most that the net fit can be."""
        return self.high_hundredths / HUNDREDTHS

    @property
    def net_fit(self) -> Array:
        """-100 (UMA) to 100 (SMA), NaN where an unknown fact moves it."""
        return np.where(self.low_hundredths == self.high_hundredths, self.low, np.nan)

    @property
    def lean(self) -> NDArray[np.int8]:
        """1 toward SMA, -1 toward UMA, 0 none or not certain."""
        return (self.low_hundredths > 0).astype(np.int8) - (self.high_hundredths < 0).astype(np.int8)

    @property
    def margin(self) -> Array:
        """Points of net fit to the nearest change of outcome; NaN where fit does not decide.

        The bounds may reach further than where both structures are open: no margin then, but no debt either.
        """
        low, high = self.low_hundredths, self.high_hundredths
        tolerance = self.policy.tolerance
        either = tolerance - np.maximum(np.abs(low), np.abs(high))
        one = np.where(self.outcome == SMA, low - tolerance, -high - tolerance)
        margin = np.maximum(np.where(self.outcome == EITHER, either, one), 0.0) / HUNDREDTHS
        return np.where(self.decided_by == _BY_FIT, margin, np.nan)

    @property
    def contributions(self) -> Mapping[str, Array]:
        """Factor -> points of net fit, NaN where an unknown fact moves them."""
        return Derived(FACTORS, lambda name: _parts(self.whole_contributions[name], HUNDREDTHS))

    @property
    def fits(self) -> Mapping[str, tuple[Array, Array]]:
        """Factor -> fit of SMA and of UMA, 0 to 100, NaN where an unknown fact moves it."""
        return Derived(FACTORS, self._fits)

    def _fits(self, name: str) -> tuple[Array, Array]:
        sma, uma = self.whole_fits[name]
        return _parts(sma, MILLIONTHS), _parts(uma, MILLIONTHS)

    @property
    def cost_dollars(self) -> Mapping[str, Array]:
        """SMA, UMA, STAY, ETF -> all-in dollars a year, NaN unknown."""
        return Derived(ALTERNATIVES, self._dollars)

    def _dollars(self, name: str) -> Array:
        if name in self.dollars:
            return self.dollars[name]
        return self._bps(name) * self.facts["account_value"] / PER_BPS

    @property
    def cost_bps(self) -> Mapping[str, Array]:
        """SMA, UMA, STAY, ETF -> the same in bps a year of the account."""
        return Derived(ALTERNATIVES, self._bps)

    def _bps(self, name: str) -> Array:
        if name == "STAY":
            return self.facts["current_cost_bps"]
        if name == "ETF":
            return np.full(len(self), self.policy.numbers["etf_baseline_bps"])
        with np.errstate(divide="ignore", invalid="ignore"):
            bps: Array = ratio(self.dollars[name], self.facts["account_value"]) * PER_BPS
        return bps

    @property
    def break_even_bps(self) -> Array:
        """Cost difference over the direct index, bps a year."""
        direct = self.facts["direct_index_value"]
        with np.errstate(divide="ignore", invalid="ignore"):
            gap = np.abs(self.dollars["SMA"] - self.dollars["UMA"]) / direct * PER_BPS
        return np.where(direct > 0, gap, np.nan)

    @property
    def firm_revenue_bps(self) -> Mapping[str, Array]:
        """Structure -> what the firm earns, bps a year, NaN unknown."""
        return Derived(STRUCTURES, lambda name: self._paid(name, lambda program: program.firm_revenue_bps))

    @property
    def advisor_pay_bps(self) -> Mapping[str, Array]:
        """Structure -> what the advisor is paid beyond the fee, bps a year, NaN unknown."""
        return Derived(STRUCTURES, lambda name: self._paid(name, lambda program: program.advisor_pay_bps))

    def _paid(self, structure: str, of: Callable[[Program], float | None]) -> Array:
        stated = [np.nan if (bps := of(program)) is None else bps for program in self.shelf.programs]
        # The last entry stands for index -1, no program.
        return np.array([*stated, np.nan])[self.program[structure]]


def _whole(count: int) -> Whole:
    return np.zeros(count, dtype=np.int32)


def _parts(whole: Whole, of: float) -> Any:
    return np.where(whole == UNKNOWN, np.nan, whole / of)
