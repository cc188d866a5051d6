"""How a document states a parameter: its shape, its reason, and what each of its numbers stands on."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass

from implementation.rules.checks.findings import between
from implementation.rules.contract import FACTS
from implementation.rules.documents.document import DocumentError, Section
from implementation.rules.documents.policy_terms import Stated
from implementation.rules.parameters import GIVES, MONOTONE, READS, Basis, Parameter
from implementation.rules.programs import Source
from implementation.rules.shapes import Above, AtLeast, AtMost, Bands, Curve, Shape, Table

STEPS: dict[str, type[AtLeast] | type[AtMost] | type[Above]] = {
    "at_least": AtLeast,
    "at_most": AtMost,
    "above": Above,
}
"""Shapes with one bound."""
GROUNDS = ("source", "review_by")
"""Keys of a part of the policy that hold for all of its numbers."""
_UNIT_OF_RULE = ", to "


@dataclass(frozen=True)
class Grounds:
    """What the numbers of one part of the policy stand on; they may name their own one by one."""

    sources: Mapping[str, Source]
    source: str
    review_by: str


def read_basis(row: Section, grounds: Grounds) -> Basis:
    """Unit, rationale, source, review date and allowed range of a number."""
    low, high = read_pair(row, "range")
    return Basis(
        unit=row.text("unit"),
        rationale=row.text("rationale"),
        source=grounds.sources[row.choice("source", grounds.sources, default=grounds.source)],
        review_by=row.iso_date("review_by", default=grounds.review_by),
        low=low,
        high=high,
    )


def read_number(row: Section, grounds: Grounds, stated: Stated) -> tuple[float, Basis]:
    """A single number of the policy, `{value, unit, range, rationale}` and, where they differ, its grounds.

    Args:
        stated: its unit, and the least and the most that it can be.

    Raises:
        DocumentError: names the file, the key, the value and what was expected.
    """
    basis, (unit, low, high) = read_basis(row, grounds), stated
    if basis.unit != unit:
        raise row.error("unit", unit)
    if basis.low < low or basis.high > high:
        raise row.error("range", f"a range {between(low, high)}")
    value: float = row.number("value", basis.low, basis.high)
    row.finish()
    return value, basis


def read_span(row: Section, grounds: Grounds) -> tuple[tuple[float, float], Basis]:
    """As `read_number`, of a number with two ends: `value: [low, high]`, both within the allowed range."""
    basis = read_basis(row, grounds)
    low, high = read_pair(row, "value")
    if low < basis.low or high > basis.high:
        raise row.error("value", f"[low, high] from {basis.low:,.12g} to {basis.high:,.12g}")
    row.finish()
    return (low, high), basis


def read_parameter(row: Section, grounds: Grounds, codes: frozenset[str], same_as: str = "") -> Parameter:
    """One parameter of a rule.

    Args:
        codes: reason codes that exist.
        same_as: path that the row was taken from, if it was.

    Raises:
        DocumentError: names the file, the key, the value and what was expected.
    """
    basis = read_basis(row, grounds)
    if _UNIT_OF_RULE not in basis.unit:
        raise row.error("unit", "what it reads and what it gives, like 'lots, to points of fit'")
    says: str = row.choice("says", sorted(codes), default="")
    says_from: float = row.number("says_from") if says else 0.0
    reads: str = row.choice("reads", READS)
    shape, bound_range = _shape(row, reads)
    parameter = Parameter(
        key=row.path,
        label=row.text("label"),
        shape=shape,
        reads=reads,
        gives=row.choice("gives", GIVES),
        says=says,
        says_from=says_from,
        says_to=row.number("says_to", default=math.copysign(math.inf, says_from)) if says else math.inf,
        basis=basis,
        monotone=row.choice("monotone", MONOTONE, default=""),
        bound_range=bound_range,
        same_as=same_as,
    )
    row.finish()
    results = parameter.shape.gives
    if results.min() < basis.low or results.max() > basis.high:
        raise row.error("range", f"a range that holds the results {results.min():g} to {results.max():g}")
    return parameter


def _shape(row: Section, reads: str) -> tuple[Shape, tuple[float, float] | None]:
    kind = row.choice("shape", ("curve", "bands", "table", *STEPS))
    if kind == "curve":
        return Curve.through(_points(row, "points", at_least=2)), None
    if kind == "bands":
        return Bands.of(_points(row, "bands", at_least=1)), None
    if kind == "table":
        return _table(row), None
    bound: float = row.number("bound")
    bound_range = None
    if reads != "flag":  # a yes or no has one bound, which cannot move
        bound_range = read_pair(row, "bound_range")
        if not bound_range[0] <= bound <= bound_range[1]:
            raise row.error("bound", f"a number from {bound_range[0]:,.12g} to {bound_range[1]:,.12g}")
    return STEPS[kind](bound, row.number("then"), row.number("otherwise")), bound_range


def _table(row: Section) -> Table:
    names = [name for name, fact in FACTS.items() if fact.kind == "code"]
    codes = FACTS[row.choice("of", names)].codes
    rows = row.section("rows")
    given = {key: rows.number(key) for key in rows}
    if not set(given) <= set(codes):
        raise row.error("rows", f"results for codes among {', '.join(codes)}")
    left = [code for code in codes if code not in given]
    if left and "otherwise" not in row:
        raise row.error("rows", f"results for {', '.join(left)} as well, or otherwise: for all of them")
    if not left and "otherwise" in row:
        raise row.error("otherwise", "no such key here: every code has its row")
    return Table.of(codes, given, row.number("otherwise", default=0.0))


def _points(row: Section, key: str, at_least: int) -> list[tuple[float, float]]:
    expected = f"a list of at least {at_least} pairs [value, result], values rising"
    pairs = row.raw(key, expected)
    if not isinstance(pairs, list) or len(pairs) < at_least:
        raise row.error(key, expected)
    points = []
    for pair in pairs:
        if not isinstance(pair, list) or len(pair) != 2 or not all(_is_number(value) for value in pair):
            raise row.error(key, expected)
        points.append((float(pair[0]), float(pair[1])))
    if any(a[0] >= b[0] for a, b in itertools.pairwise(points)):
        raise row.error(key, expected)
    return points


def read_pair(row: Section, key: str) -> tuple[float, float]:
    """Two numbers, the lower one first."""
    pair = row.raw(key, "[low, high]")
    if not isinstance(pair, list) or len(pair) != 2 or not all(_is_number(value) for value in pair):
        raise row.error(key, "[low, high], two numbers")
    low, high = float(pair[0]), float(pair[1])
    if low > high:
        raise DocumentError(row.file, row.key(key), pair, "[low, high], the lower one first")
    return low, high


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
