"""The policy: the firm's weights, curves, tolerances and texts, read from a dated and hashed document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from implementation.rules.contract import FACTS
from implementation.rules.documents import Document, DocumentError, Section, load_document, read_document
from implementation.rules.factors import FACTORS, FITS, Fit, asks
from implementation.rules.need import need
from implementation.rules.parameters import (
    Basis,
    Grounds,
    Parameter,
    Parameters,
    read_basis,
    read_grounds,
    read_number,
    read_parameter,
)
from implementation.rules.program_documents import read_sources
from implementation.rules.programs import STRUCTURES, Source

NUMBERS = (
    "either_within",
    "material_contribution",
    "etf_baseline_bps",
    "lots_known_enough",
    "coordination_low_bps",
    "coordination_high_bps",
    "harvesting_low_bps",
    "harvesting_high_bps",
)
"""Single numbers that every policy states."""
FAVOURS = ("SMA", "UMA", "either", "neither")
PROGRAM_RANGES = ("minimum", "fee_bps")
"""Ranges for unknown fields of programs, beside those for unknown facts."""
MAX_BIT = 62  # the mask is stored in signed 64-bit columns


@dataclass(frozen=True)
class Reason:
    """One entry of the reason catalog.

    Attributes:
        bit: its place in the mask of a row; never reused.
        favours: SMA, UMA, either (suits both) or neither (a note).
        first: said before all others, whatever its effect.
        text: for the advisor; names in braces are filled with the account's own numbers.
    """

    code: str
    bit: int
    favours: str
    first: bool
    text: str


@dataclass(frozen=True)
class Perturbation:
    """A small change of facts that a robust outcome should survive: fact -> (times, plus)."""

    name: str
    text: str
    changes: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Policy:
    """A policy as read; equal documents are equal policies.

    Attributes:
        weights: factor -> weight, in the order of `FACTORS`, adding up to 1.
        numbers: the single numbers of `NUMBERS`.
        ranges: fact or program field -> (low, high), what an unknown one may be.
        need: parameters of the need test.
        factors: factor -> structure -> parameters.
        reasons: the catalog, by code.
        bases: path of a number -> what it stands on.
    """

    name: str
    version: str
    sha256: str
    effective_from: str = field(compare=False)
    title: str = field(compare=False)
    note: str = field(compare=False, repr=False)
    weights: Mapping[str, float] = field(compare=False, repr=False)
    numbers: Mapping[str, float] = field(compare=False, repr=False)
    ranges: Mapping[str, tuple[float, float]] = field(compare=False, repr=False)
    perturbations: tuple[Perturbation, ...] = field(compare=False, repr=False)
    need: Parameters = field(compare=False, repr=False)
    factors: Mapping[str, Mapping[str, Parameters]] = field(compare=False, repr=False)
    reasons: Mapping[str, Reason] = field(compare=False, repr=False)
    bases: Mapping[str, Basis] = field(compare=False, repr=False)
    document: Document = field(compare=False, repr=False)

    @property
    def text(self) -> str:
        """The document as written; `Policy.parse(policy.text)` has the same sha256."""
        return self.document.text

    @property
    def bits(self) -> dict[str, int]:
        """Reason code -> bit number."""
        return {code: reason.bit for code, reason in self.reasons.items()}

    def reason_codes(self, mask: int) -> list[str]:
        """The codes of a mask, in the order of the catalog.

        Raises:
            ValueError: a bit that this policy does not know.
        """
        codes = [code for code, reason in self.reasons.items() if int(mask) >> reason.bit & 1]
        if int(mask) & ~sum(1 << reason.bit for reason in self.reasons.values()):
            raise ValueError(f"mask {int(mask):#x} has bits that policy {self.name} {self.version} lacks")
        return codes

    @classmethod
    def parse(cls, text: str, file: str = "policy") -> Policy:
        """Read a policy from YAML text.

        Raises:
            DocumentError: names the file, the key, the value and what was expected.
        """
        return _read(read_document(text, file))

    @classmethod
    def load(cls, path: str | Path) -> Policy:
        """Read a policy from a file; errors as in `parse`."""
        return _read(load_document(path))


def _read(document: Document) -> Policy:
    root = document.root
    root.choice("document", ("policy",))
    sources = read_sources(root)
    bases: dict[str, Basis] = {}
    reasons = _reasons(root)
    codes = frozenset(reasons)
    policy = Policy(
        name=root.text("name"),
        version=root.text("version"),
        sha256=document.sha256,
        effective_from=root.iso_date("effective_from"),
        title=root.text("title", default=""),
        note=root.text("note", default=""),
        weights=_weights(root, sources, bases),
        numbers=_numbers(root.section("numbers"), sources, bases, NUMBERS),
        ranges=_ranges(root.section("ranges"), sources, bases),
        perturbations=tuple(_perturbation(row) for row in root.sections("perturbations")),
        need=_need(root.section("need"), sources, codes),
        factors=_factors(root.section("factors"), sources, codes),
        reasons=reasons,
        bases=bases,
        document=document,
    )
    root.finish()
    return policy


def _numbers(
    part: Section, sources: Mapping[str, Source], bases: dict[str, Basis], names: tuple[str, ...]
) -> dict[str, float]:
    grounds = read_grounds(part, sources)
    numbers = {}
    for name in names:
        numbers[name], bases[part.key(name)] = read_number(part.section(name), grounds)
    part.finish()
    return numbers


def _weights(root: Section, sources: Mapping[str, Source], bases: dict[str, Basis]) -> dict[str, float]:
    part = root.section("weights")
    weights = _numbers(part, sources, bases, FACTORS)
    # Weights are stated to hundredths; compare there, so that float noise refuses nothing.
    if round(sum(weights.values()), 9) != 1.0:
        raise root.error("weights", f"weights that add up to 1 (these add up to {sum(weights.values()):g})")
    return weights


def _ranges(
    part: Section, sources: Mapping[str, Source], bases: dict[str, Basis]
) -> dict[str, tuple[float, float]]:
    grounds = read_grounds(part, sources)
    ranges: dict[str, tuple[float, float]] = {}
    for name in part:
        if name in ("source", "review_by"):
            continue
        if name not in FACTS and name not in PROGRAM_RANGES:
            raise part.error(name, "a fact of the contract, or one of " + ", ".join(PROGRAM_RANGES))
        row = part.section(name)
        bases[row.path] = basis = read_basis(row, grounds)
        ranges[name] = basis.low, basis.high
        row.finish()
    for name, fact in FACTS.items():
        if fact.kind in ("share", "level", "flag", "code"):
            ranges.setdefault(name, (fact.low, fact.high))
        elif name not in ranges:
            raise part.error(name, f"the range of an unknown {name}, a mapping with range: [low, high]")
    for name in PROGRAM_RANGES:
        if name not in ranges:
            raise part.error(name, "the range of this field of a program where it is unknown")
    return ranges


def _perturbation(row: Section) -> Perturbation:
    changes: dict[str, tuple[float, float]] = {}
    for name, below in row.named_sections("changes").items():
        if name not in FACTS or FACTS[name].kind in ("code", "flag"):
            raise row.error("changes", "facts of the contract that are numbers")
        changes[name] = below.number("times", 0, 10, default=1.0), below.number("plus", default=0.0)
        below.finish()
    perturbation = Perturbation(row.text("name"), row.text("text"), changes)
    row.text("rationale")
    row.finish()
    return perturbation


def _reasons(root: Section) -> dict[str, Reason]:
    reasons: dict[str, Reason] = {}
    for row in root.sections("reasons"):
        reason = Reason(
            code=row.text("code"),
            bit=int(row.number("bit", 0, MAX_BIT)),
            favours=row.choice("favours", FAVOURS),
            first=row.flag("first", default=False),
            text=row.text("text"),
        )
        if reason.code in reasons or any(other.bit == reason.bit for other in reasons.values()):
            raise row.error("bit", "a code and a bit that no other reason has")
        if not re.fullmatch(r"[a-z]+\.[a-z0-9_]+", reason.code):
            raise row.error("code", "a code like funding.concentrated_to_sell_down")
        reasons[reason.code] = reason
        row.finish()
    return reasons


def _need(part: Section, sources: Mapping[str, Source], codes: frozenset[str]) -> Parameters:
    grounds = read_grounds(part, sources)
    rules = _rules(part.section("rules"), grounds, codes)
    _demand(part, need, set(rules))
    part.finish()
    return Parameters(rules)


def _factors(
    part: Section, sources: Mapping[str, Source], codes: frozenset[str]
) -> dict[str, dict[str, Parameters]]:
    factors: dict[str, dict[str, Parameters]] = {}
    for name in FACTORS:
        row = part.section(name)
        grounds = read_grounds(row, sources)
        shared = _rules(row.section("both"), grounds, codes) if "both" in row else {}
        own = {
            structure: _rules(row.section(structure.lower()), grounds, codes)
            for structure in STRUCTURES
            if structure.lower() in row
        }
        given = set(shared).union(*own.values())
        _demand(row, FITS[name], given)
        factors[name] = {structure: Parameters(shared | own.get(structure, {})) for structure in STRUCTURES}
        row.finish()
    part.finish()
    return factors


def _rules(part: Section, grounds: Grounds, codes: frozenset[str]) -> dict[str, Parameter]:
    return {name: read_parameter(part.section(name), grounds, codes) for name in part}


def _demand(part: Section, rule: Fit, given: set[str]) -> None:
    """A parameter that no rule asks for is a misspelling; one that is asked for must be stated."""
    asked: Any = asks(rule)
    for name in sorted(given - asked):
        raise DocumentError(part.file, f"{part.path}.{name}", name, f"one of {', '.join(sorted(asked))}")
    for name in sorted(asked - given):
        raise DocumentError(part.file, f"{part.path}.{name}", None, "a rule, which this part asks for")
