"""What the page of programs shows: every number beside its source, every unknown called so."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from households.foundation import formats
from implementation.evidence.fees import FeeComponent, annual_fee
from implementation.rules.programs import Program, Source
from implementation.rules.shelf import Shelf
from implementation.words import listed, words

SIZES = (100_000, 250_000, 1_000_000, 5_000_000)
"""Account values, in dollars, at which the page tells the all-in fee."""
NOT_STATED = ""


@dataclass(frozen=True)
class Term:
    """One line of a program. An empty value was not stated by anybody."""

    label: str
    value: str
    note: str = ""
    source: Source | None = None


@dataclass(frozen=True)
class FeePart:
    """One part of the price: its tiers as (dollars, rate)."""

    label: str
    tiers: list[tuple[str, str]]
    note: str
    minimum: str
    source: Source


@dataclass(frozen=True)
class Cost:
    """The all-in fee of an account of one size; `below` where the program does not take it."""

    size: int
    dollars: float
    bps: float
    below: bool


@dataclass(frozen=True)
class ProgramPage:
    """One program, ready for the template.

    `terms` are the stated ones in two columns; `not_stated` names those that nobody has stated.
    """

    program: Program
    minimums: list[Term]
    terms: list[list[Term]]
    not_stated: list[str]
    pay: list[Term]
    fees: list[FeePart]
    costs: list[Cost]
    reach: str
    overdue: bool


def program_pages(shelf: Shelf, as_of: date) -> list[ProgramPage]:
    """The programs of a shelf in its order.

    Args:
        as_of: today, against which the days of verification are held.
    """
    return [_page(program, as_of) for program in shelf.programs]


def _page(program: Program, as_of: date) -> ProgramPage:
    terms = list(_terms(program))
    stated = [term for term in terms if term.value]
    half = (len(stated) + 1) // 2
    return ProgramPage(
        program=program,
        minimums=list(_minimums(program)),
        terms=[stated[:half], stated[half:]],
        not_stated=[term.label for term in terms if not term.value],
        pay=list(_pay(program)),
        fees=list(_fees(program)),
        costs=_costs(program),
        reach=_reach(program),
        overdue=date.fromisoformat(program.verify_by) < as_of,
    )


def _minimums(program: Program) -> Iterator[Term]:
    yield _money(program, "Initial minimum", "initial_minimum")
    maintenance = _money(program, "Maintenance minimum", "maintenance_minimum")
    if maintenance.value and not maintenance.source:
        note, initial = "No other is stated: equal to the initial minimum.", program.citations
        source = initial["initial_minimum"].source if "initial_minimum" in initial else None
        maintenance = Term(maintenance.label, maintenance.value, note, source)
    yield maintenance
    if program.structure == "UMA":
        yield _money(program, "Sleeve minimum", "sleeve_minimum")


def _pay(program: Program) -> Iterator[Term]:
    for label, name in (
        ("Revenue to the firm", "firm_revenue_bps"),
        ("Pay to the advisor", "advisor_pay_bps"),
    ):
        value = getattr(program, name)
        yield _cited(program, label, name, NOT_STATED if value is None else formats.bps(value))


def _terms(program: Program) -> Iterator[Term]:
    yield Term("Minimums are measured on", f"The {program.minimum_basis}")
    for label, name in (
        ("Restricted stock counts toward the minimum", "counts_restricted_stock"),
        ("Planned contributions count toward the minimum", "counts_contributions"),
        ("The sponsor may grant an exception", "exception_possible"),
    ):
        yield _flag(program, label, name)
    for label, name in (
        ("Custodians", "custodians"),
        ("Registrations", "registrations"),
        ("Strategies", "strategies"),
    ):
        yield Term(label, _codes(program, name))
    yield Term("Tax coordination reaches", _reach(program))
    if program.overlay_scope in ("tax_unit", "household"):
        yield Term("At the custodians", _codes(program, "overlay_custodians"))
    yield _restrictions(program)
    for label, name in (
        ("Options overlay", "options_overlay"),
        ("Alternatives in the account", "alternatives"),
        ("Bond manager's discretion", "fixed_income_discretion"),
        ("Legacy positions may be kept", "legacy_retention"),
        ("Tax lots must be known", "lots_required"),
    ):
        yield _flag(program, label, name)


def _restrictions(program: Program) -> Term:
    most = program.maximum_restrictions
    if most is None:
        value = NOT_STATED
    elif math.isinf(most):
        value = "No limit"
    else:
        value = f"{most:,.0f}"
    return _cited(program, "Securities that may be excluded", "maximum_restrictions", value)


def _fees(program: Program) -> Iterator[FeePart]:
    for index, part in enumerate(program.fees.components if program.fees else ()):
        yield FeePart(
            label=words(part.kind),
            tiers=_tiers(part),
            note=part.note,
            minimum=formats.dollars(part.minimum) if part.minimum else "",
            source=program.citations[f"fees[{index}]"].source,
        )


def _tiers(part: FeeComponent) -> list[tuple[str, str]]:
    most = "At most " if part.at_most else ""
    if part.tiers is None:
        return [("Any amount", _between(part))]
    rows, start = [], 0.0
    for tier in part.tiers:
        if math.isinf(tier.up_to):
            band = f"Above {formats.dollars(start)}" if start else "Any amount"
        else:
            band = f"{formats.dollars(start)} to {formats.dollars(tier.up_to)}"
        rows.append((band, most + formats.bps(tier.bps)))
        start = tier.up_to
    return rows


def _between(part: FeeComponent) -> str:
    if part.between is None:
        return NOT_STATED
    low, high = part.between
    if math.isinf(high):
        return f"From {formats.bps(low)}; the rate of a size is not stated"
    return f"{formats.bps(low)} to {formats.bps(high)}; the rate of a size is not stated"


def _costs(program: Program) -> list[Cost]:
    sizes = np.array(SIZES, dtype=np.float64)
    # A household of one account: the least favorable reading of breakpoints by household.
    fees = annual_fee(program.fees, sizes, sizes)
    least = program.initial_minimum or 0.0
    return [
        Cost(size, float(fee), float(fee / size * 10_000), below=size < least)
        for size, fee in zip(SIZES, fees, strict=True)
    ]


def _reach(program: Program) -> str:
    if program.structure == "SMA":
        return "This account alone"
    if "overlay_scope" in program.unknowns:
        return NOT_STATED
    text = words(program.overlay_scope)
    return text[0].upper() + text[1:]


def _codes(program: Program, name: str) -> str:
    if name in program.unknowns:
        return NOT_STATED
    codes = getattr(program, name)
    return "Any" if codes is None else listed(codes)


def _flag(program: Program, label: str, name: str) -> Term:
    value = getattr(program, name)
    return Term(label, NOT_STATED if value is None else formats.yes_no(value))


def _money(program: Program, label: str, name: str) -> Term:
    value = getattr(program, name)
    if value is None:
        return Term(label, NOT_STATED)
    return _cited(program, label, name, formats.dollars(value) if value else "None")


def _cited(program: Program, label: str, name: str, value: str) -> Term:
    citation = program.citations.get(name)
    return Term(label, value, citation.note, citation.source) if citation else Term(label, value)
