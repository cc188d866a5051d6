"""How a document states a program.

Words keep apart what a blank would blur: `unknown` (nobody has said; an absent key says the same), `any`
(every custodian, registration or strategy is accepted), and `none` or `no limit` (the program has no such
minimum or limit). Every number is a mapping `{value, unit}` with an optional `source` and `note`; without its
own source it stands on the source of its program, which is demanded.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from implementation.evidence.fees import BASES, KINDS, SERVICES, FeeComponent, FeeSchedule, Tier
from implementation.rules.contract import FACTS
from implementation.rules.documents.document import Faults, Section, is_iso_date
from implementation.rules.programs import (
    EVIDENCE,
    MINIMUM_BASES,
    OVERLAY_SCOPES,
    STRUCTURES,
    Citation,
    Program,
    Source,
)

UNKNOWN: Final = "unknown"
ANY: Final = "any"
NONE: Final = "none"
NO_LIMIT: Final = "no limit"

NUMBERS: Final[Mapping[str, tuple[str, float, float]]] = {
    "initial_minimum": ("USD", 0, 1e11),
    "maintenance_minimum": ("USD", 0, 1e11),
    "sleeve_minimum": ("USD", 0, 1e11),
    "maximum_restrictions": ("securities", 0, 1e6),
    "firm_revenue_bps": ("bps a year", 0, 1_000),
    "advisor_pay_bps": ("bps a year", 0, 1_000),
}
"""Unit and range of each number of a program."""
FLAGS: Final = (
    "counts_restricted_stock",
    "counts_contributions",
    "exception_possible",
    "options_overlay",
    "alternatives",
    "fixed_income_discretion",
    "legacy_retention",
    "lots_required",
)
SETS: Final[Mapping[str, str]] = {
    "strategies": "strategy",
    "custodians": "custodian",
    "registrations": "registration",
    "overlay_custodians": "custodian",
}
"""Sets of codes, and the fact whose codes they are."""
_FEE_UNIT: Final = "bps a year"
_MOST_BPS: Final = 1_000.0


def read_sources(root: Section, faults: Faults) -> dict[str, Source]:
    """The `sources` of a document, by key; one that is wrong can still be named by what stands on it."""
    sources = {}
    with faults.gathered():
        for key, row in root.named_sections("sources").items():
            sources[key] = Source("", "", "")
            with faults.gathered():
                sources[key] = Source(
                    title=row.text("title"),
                    date=_source_date(row),
                    evidence=row.choice("evidence", EVIDENCE),
                    url=row.text("url", default=""),
                    illustrative=row.flag("illustrative", default=False),
                )
                row.finish()
    return sources


def _source_date(row: Section) -> str:
    expected = 'a date as YYYY-MM-DD, YYYY-MM or YYYY (in quotes), or "undated"'
    value = row.raw("date", expected)
    if not isinstance(value, str) or not (
        value == "undated" or is_iso_date((value + "-01-01")[:10] if len(value) < 10 else value)
    ):
        raise row.error("date", expected)
    return value


def read_program(row: Section, sources: Mapping[str, Source]) -> Program:
    """One program of a document.

    Raises:
        DocumentError: a key that is missing, misspelled, out of range or in the wrong unit.
    """
    return _Reader(row, sources).program()


class _Reader:
    """Reads one program and keeps what is unknown and what each number stands on."""

    def __init__(self, row: Section, sources: Mapping[str, Source]) -> None:
        self.row, self.sources = row, sources
        self.source = self._source(row)
        self.unknowns: set[str] = set()
        self.citations: dict[str, Citation] = {}

    def program(self) -> Program:
        row = self.row
        code = row.text("code")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", code):
            raise row.error("code", "small letters, digits and _ only, a letter first")
        structure = row.choice("structure", STRUCTURES)
        values: dict[str, Any] = {name: self._flag(name) for name in FLAGS}
        values |= {name: self._set(name) for name in SETS if name != "overlay_custodians"}
        values |= self._minimums(structure) | self._overlay(structure)
        for name in ("maximum_restrictions", "firm_revenue_bps", "advisor_pay_bps"):
            values[name] = self._number(name)
        program = Program(
            code=code,
            name=row.text("name"),
            sponsor=row.text("sponsor"),
            structure=structure,
            platform=self._platform(),
            minimum_basis=row.choice("minimum_basis", MINIMUM_BASES, default="account"),
            fees=self._fees(),
            source=self.source.title,
            source_date=self.source.date,
            verify_by=row.iso_date("verify_by"),
            illustrative=any(citation.source.illustrative for citation in self.citations.values()),
            note=row.text("note", default=""),
            unknowns=frozenset(self.unknowns),
            citations=self.citations,
            **values,
        )
        row.finish()
        return program

    def _unknown(self, row: Section, key: str, name: str = "") -> bool:
        """Whether a key is absent or says so; notes it."""
        unknown: bool = row.raw(key, "a value", default=UNKNOWN) == UNKNOWN
        if unknown:
            self.unknowns.add(name or key)
        return unknown

    def _source(self, row: Section) -> Source:
        if row is not self.row and "source" not in row:
            return self.source
        return self.sources[row.choice("source", self.sources)]

    def _number(self, key: str) -> float | None:
        if self._unknown(self.row, key):
            return None
        if self.row.data[key] == NONE and NUMBERS[key][0] == "USD":
            return 0.0
        if self.row.data[key] == NO_LIMIT and NUMBERS[key][0] == "securities":
            return math.inf
        return self._stated(key, *NUMBERS[key])

    def _stated(self, key: str, unit: str, low: float, high: float) -> float:
        if not isinstance(self.row.data[key], dict):
            words = {"USD": "none, ", "securities": f"{NO_LIMIT}, "}.get(unit, "")
            raise self.row.error(key, f"{words}unknown, or a mapping of value and unit ({unit})")
        below = self.row.section(key)
        value: float = below.number("value", low, high)
        below.choice("unit", (unit,))
        self.citations[key] = Citation(unit, self._source(below), below.text("note", default=""))
        below.finish()
        return value

    def _flag(self, key: str) -> bool | None:
        if self._unknown(self.row, key):
            return None
        flag: bool = self.row.flag(key)
        return flag

    def _set(self, key: str) -> frozenset[str] | None:
        if self._unknown(self.row, key) or self.row.data[key] == ANY:
            return None
        codes = FACTS[SETS[key]].codes
        words = self.row.list_of_text(key)
        if not words or not set(words) <= set(codes):
            raise self.row.error(key, f"any, unknown, or a list of {', '.join(codes)}")
        return frozenset(words)

    def _platform(self) -> str | None:
        codes = [code for code in FACTS["platform"].codes if code != "none"]
        platform: str = self.row.choice("platform", ["none", *codes], default="none")
        return None if platform == "none" else platform

    def _minimums(self, structure: str) -> dict[str, float | None]:
        initial = self._number("initial_minimum")
        if "maintenance_minimum" in self.row:
            maintenance = self._number("maintenance_minimum")
        else:
            self.row.raw("maintenance_minimum", "", default=None)
            maintenance = initial
            if initial is None:
                self.unknowns.add("maintenance_minimum")
        if initial is not None and maintenance is not None and maintenance > initial:
            raise self.row.error("maintenance_minimum", f"at most the initial minimum, {initial:,.0f} USD")
        sleeve: float | None = 0.0
        if structure == "UMA" or "sleeve_minimum" in self.row:
            sleeve = self._number("sleeve_minimum")
        return {
            "initial_minimum": initial,
            "maintenance_minimum": maintenance,
            "sleeve_minimum": sleeve,
        }

    def _overlay(self, structure: str) -> dict[str, Any]:
        if structure == "SMA":
            self.row.choice("overlay_scope", ("none",), default="none")
            return {"overlay_scope": "none", "overlay_custodians": None}
        scope = "account"
        if not self._unknown(self.row, "overlay_scope"):
            scope = self.row.choice("overlay_scope", OVERLAY_SCOPES)
        reaches = scope in ("tax_unit", "household") or "overlay_custodians" in self.row
        return {
            "overlay_scope": scope,
            "overlay_custodians": self._set("overlay_custodians") if reaches else None,
        }

    def _fees(self) -> FeeSchedule | None:
        if self._unknown(self.row, "fees"):
            return None
        fees = self.row.section("fees")
        includes = fees.list_of_text("includes", default=())
        if not set(includes) <= set(SERVICES):
            raise fees.error("includes", f"a list of {', '.join(SERVICES)}")
        parts = tuple(self._part(index, part) for index, part in enumerate(fees.sections("components")))
        schedule = FeeSchedule(parts, includes, fees.text("note", default=""))
        fees.finish()
        if any(part.tiers is None for part in parts):
            self.unknowns.add("fees")
        return schedule

    def _part(self, index: int, part: Section) -> FeeComponent:
        part.choice("unit", (_FEE_UNIT,))
        note = part.text("note", default="")
        self.citations[f"fees[{index}]"] = Citation(_FEE_UNIT, self._source(part), note)
        unknown = part.raw("tiers", "a list of tiers, or unknown") == UNKNOWN
        minimum = 0.0
        if "minimum" in part:
            floor = part.section("minimum")
            minimum = floor.number("value", 0, 1e9)
            floor.choice("unit", ("USD a year",))
            floor.finish()
        component = FeeComponent(
            kind=part.choice("kind", KINDS),
            tiers=None if unknown else tuple(_tiers(part)),
            basis=part.choice("basis", BASES, default="account"),
            minimum=minimum,
            between=_between(part) if unknown else None,
            at_most=part.flag("at_most", default=False),
            note=note,
        )
        part.finish()
        return component


def _tiers(part: Section) -> Iterator[Tier]:
    rows = part.sections("tiers")
    start = 0.0
    for index, row in enumerate(rows):
        last = index == len(rows) - 1
        if last and "up_to_usd" in row:
            raise row.error("up_to_usd", "no end in the last tier, so that every value has a rate")
        up_to = math.inf if last else row.number("up_to_usd", 0, 1e11)
        if up_to <= start:
            raise row.error("up_to_usd", f"more than {start:,.0f}, where the tier before ends")
        yield Tier(up_to, row.number("bps", 0, _MOST_BPS))
        row.finish()
        start = up_to


def _between(part: Section) -> tuple[float, float] | None:
    if "between" not in part:
        return None
    row = part.section("between")
    low = row.number("low_bps", 0, _MOST_BPS)
    high = row.number("high_bps", low, _MOST_BPS, default=math.inf)
    row.finish()
    return low, high
