"""One row of the shelf: a sponsor's program in one structure, and what each of its numbers stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from implementation.evidence.fees import FeeSchedule

STRUCTURES: Final = ("SMA", "UMA")
OVERLAY_SCOPES: Final = ("none", "account", "tax_unit", "household")
MINIMUM_BASES: Final = ("account", "relationship")
EVIDENCE: Final = (
    "peer-reviewed",
    "regulator",
    "program document",
    "third party",
    "vendor claim",
    "house judgment",
)


@dataclass(frozen=True)
class Source:
    """Where numbers come from: title, address, day (ISO, to the month or year where no more is known, or
    "undated"), evidence grade of `EVIDENCE`, and whether the numbers are made up to illustrate."""

    title: str
    date: str
    evidence: str
    url: str = ""
    illustrative: bool = False


@dataclass(frozen=True)
class Citation:
    """What one number of a program stands on."""

    unit: str
    source: Source
    note: str = ""


@dataclass(frozen=True)
class Program:
    """A sponsor's offering in one structure. Money is US dollars; None is unknown unless said otherwise.

    Attributes:
        platform: code of the overlay platform it lives on; None where it lives on none.
        strategies, custodians, registrations, overlay_custodians: accepted codes; None accepts any. A set
            that nobody has stated is None as well and named in `unknowns`.
        sleeve_minimum, initial_minimum, maintenance_minimum: 0 is none.
        maximum_restrictions: infinite is no limit.
        overlay_scope: how far tax coordination reaches. A UMA whose reach is unknown counts as "account",
            which every UMA has, and is named in `unknowns`.
        fees: None when nothing is known of the price; single parts may be unknown too.
        source, source_date, verify_by: what the row stands on, and the day by which to ask the sponsor again.
        illustrative: some number of it is made up to illustrate.
        unknowns: names of the fields that nobody has stated.
        citations: field name (fee parts as `fees[0]`) -> what it stands on.
    """

    code: str
    name: str
    sponsor: str
    structure: str
    platform: str | None
    strategies: frozenset[str] | None
    initial_minimum: float | None
    maintenance_minimum: float | None
    sleeve_minimum: float | None
    minimum_basis: str
    counts_restricted_stock: bool | None
    counts_contributions: bool | None
    exception_possible: bool | None
    custodians: frozenset[str] | None
    registrations: frozenset[str] | None
    options_overlay: bool | None
    alternatives: bool | None
    fixed_income_discretion: bool | None
    maximum_restrictions: float | None
    legacy_retention: bool | None
    lots_required: bool | None
    overlay_scope: str
    overlay_custodians: frozenset[str] | None
    fees: FeeSchedule | None
    firm_revenue_bps: float | None
    advisor_pay_bps: float | None
    source: str
    source_date: str
    verify_by: str
    illustrative: bool
    note: str = ""
    unknowns: frozenset[str] = frozenset()
    citations: Mapping[str, Citation] = field(default_factory=dict, hash=False)
