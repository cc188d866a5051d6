"""How a document states a policy, part by part.

A part names the `source` and the `review_by` of its numbers; a number that stands on another names its own.
What holds in two places is stated in one (`same_as`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from implementation.rules.contract import FACTS
from implementation.rules.documents.document import Document, DocumentError, Faults, Section
from implementation.rules.documents.parameter_reader import (
    GROUNDS,
    Grounds,
    read_basis,
    read_number,
    read_parameter,
    read_span,
)
from implementation.rules.documents.policy_terms import (
    COORDINATION_POINTS,
    FAVOURS,
    MAX_BIT,
    NUMBERS,
    PROGRAM_RANGES,
    WEIGHT,
    Perturbation,
    PlanTerms,
    Reason,
    Stated,
)
from implementation.rules.documents.program_reader import read_sources
from implementation.rules.documents.same_as import SAME_AS, written_out
from implementation.rules.factors import FACTORS, FITS, Fit, asks
from implementation.rules.need import need
from implementation.rules.parameters import Basis, Parameter, Parameters
from implementation.rules.programs import STRUCTURES, Source
from implementation.rules.wording import plain

_CHANGE = "{change}"
_FAMILY = {"signed_share": "share", "rate": "share"}
_NATURAL = ("share", "level", "flag", "code")
"""Kinds of facts whose domain says what an unknown one may be."""


class PolicyReader:
    """Reads the parts of one document; what is wrong in one part does not keep the others from being read."""

    def __init__(self, document: Document) -> None:
        self.root = Section(document.file, "", written_out(document))
        self.faults = Faults()
        self.bases: dict[str, Basis] = {}
        self.sources: dict[str, Source] = {}
        self.codes: frozenset[str] = frozenset()

    def read(self) -> dict[str, Any]:
        """What a `Policy` is made of, by the names of its fields.

        Raises:
            DocumentError: the first thing that is wrong, with the others.
        """
        root = self.root
        root.choice("document", ("policy",))
        self.sources = read_sources(root, self.faults)
        reasons = self._reasons()
        self.codes = frozenset(str(row.data.get("code")) for row in root.sections("reasons"))
        fields = {
            "name": root.text("name"),
            "version": root.text("version"),
            "effective_from": root.iso_date("effective_from"),
            "title": root.text("title", default=""),
            "note": root.text("note", default=""),
            "weights": self._part("weights", self._weights),
            "numbers": self._part("numbers", self._numbers),
            "ranges": self._part("ranges", self._ranges),
            "plan": self._part("household_plan", self._plan),
            "perturbations": self._part("perturbations", self._perturbations),
            "need": self._part("need", self._need),
            "factors": self._part("factors", self._factors),
            "reasons": reasons,
            "sources": self.sources,
            "bases": self.bases,
        }
        with self.faults.gathered():
            root.finish()
        self.faults.raise_any()
        return fields

    def _part(self, key: str, read: Callable[[Section], Any]) -> Any:
        with self.faults.gathered():
            part = self.root.section(key)
            found = read(part)
            part.finish()
            return found

    def _grounds(self, part: Section) -> Grounds:
        """What the numbers of a part stand on that do not name their own; a stand-in for what is wrong."""
        source, review_by = next(iter(self.sources), ""), ""
        with self.faults.gathered():
            source = part.choice("source", self.sources)
        with self.faults.gathered():
            review_by = part.iso_date("review_by")
        return Grounds(self.sources or {"": Source("", "", "")}, source, review_by)

    def _number(self, part: Section, name: str, grounds: Grounds, stated: Stated) -> float:
        with self.faults.gathered():
            value, self.bases[part.key(name)] = read_number(part.section(name), grounds, stated)
            return value
        return math.nan

    def _weights(self, part: Section) -> dict[str, float]:
        grounds = self._grounds(part)
        weights = {name: self._number(part, name, grounds, WEIGHT) for name in FACTORS}
        total = sum(weights.values())
        # Weights are stated to hundredths; compare there, so that float noise refuses nothing.
        if not math.isnan(total) and round(total, 9) != 1.0:
            expected = f"weights that add up to 1 (these add up to {total:g})"
            raise self.root.error(part.path, expected)
        return weights

    def _numbers(self, part: Section) -> dict[str, float]:
        grounds = self._grounds(part)
        return {name: self._number(part, name, grounds, stated) for name, stated in NUMBERS.items()}

    def _ranges(self, part: Section) -> dict[str, tuple[float, float]]:
        grounds = self._grounds(part)
        ranges: dict[str, tuple[float, float]] = {}
        for name in part:
            if name in GROUNDS:
                continue
            with self.faults.gathered():
                ranges[name] = (math.nan, math.nan)
                if name not in FACTS and name not in PROGRAM_RANGES:
                    raise part.error(name, "a fact of the contract, or one of " + ", ".join(PROGRAM_RANGES))
                ranges[name], self.bases[part.key(name)] = read_span(part.section(name), grounds)
        for name, fact in FACTS.items():
            if fact.kind in _NATURAL:
                ranges.setdefault(name, (fact.low, fact.high))
            elif name not in ranges:
                raise part.error(name, f"what an unknown {name} may be, a mapping with value: [low, high]")
        for name in PROGRAM_RANGES:
            if name not in ranges:
                raise part.error(name, "what this field of a program may be where it is unknown")
        return ranges

    def _plan(self, part: Section) -> PlanTerms:
        grounds = self._grounds(part)
        points = self._number(part, "coordination_points", grounds, COORDINATION_POINTS)
        row = part.section("leaves_out")
        left_out: dict[str, set[str]] = {name: set() for name in FACTORS}
        for path in row.list_of_text("rules"):
            factor, _, rule = path.partition(".")
            if factor not in FACTORS or rule not in asks(FITS[factor]):
                raise row.error("rules", "rules that a factor asks for, like context.only_account")
            left_out[factor].add(rule)
        because = row.text("rationale")
        row.finish()
        return PlanTerms(points, {name: frozenset(rules) for name, rules in left_out.items()}, because)

    def _perturbations(self, part: Section) -> tuple[Perturbation, ...]:
        grounds = self._grounds(part)
        names = [name for name in part if name not in GROUNDS]
        if not names:
            raise self.root.error(part.path, "at least one small change that a robust outcome survives")
        # The order of keys is no part of a document's identity, so nothing may hang on it.
        found = []
        for name in sorted(names):
            with self.faults.gathered():
                found.append(self._perturbation(part.section(name), name, grounds))
        return tuple(found)

    def _perturbation(self, row: Section, name: str, grounds: Grounds) -> Perturbation:
        facts = row.list_of_text("changes")
        if not facts or any(fact not in FACTS or FACTS[fact].kind in ("code", "flag") for fact in facts):
            raise row.error("changes", "facts of the contract that are numbers")
        if "plus" in row and len({_FAMILY.get(FACTS[fact].kind, FACTS[fact].kind) for fact in facts}) > 1:
            raise row.error("changes", "facts of one kind, where the same is added to each of them")
        key = "times" if "times" in row else "plus"
        basis = read_basis(row, grounds)
        size: float = row.number(key, basis.low, basis.high)
        if size == (1.0 if key == "times" else 0.0) or (key == "times" and size <= 0):
            raise row.error(key, "a number that changes something" + (", above 0" if key == "times" else ""))
        text = row.text("text")
        if _CHANGE not in text:
            raise row.error("text", f"a text with {_CHANGE} where the size of the change is told")
        row.finish()
        self.bases[row.path] = basis
        change = (size, 0.0) if key == "times" else (1.0, size)
        told = text.replace(_CHANGE, _size(facts[0], *change))
        return Perturbation(name, told, dict.fromkeys(facts, change), basis)

    def _reasons(self) -> dict[str, Reason]:
        reasons: dict[str, Reason] = {}
        for row in self.root.sections("reasons"):
            with self.faults.gathered():
                reason = self._reason(row, reasons)
                reasons[reason.code] = reason
        return reasons

    def _reason(self, row: Section, others: Mapping[str, Reason]) -> Reason:
        reason = Reason(
            code=row.text("code"),
            bit=int(row.number("bit", 0, MAX_BIT)),
            favours=row.choice("favours", FAVOURS),
            first=row.flag("first", default=False),
            text=row.text("text"),
            unknown=row.text("unknown", default=""),
        )
        if reason.code in others or any(other.bit == reason.bit for other in others.values()):
            raise row.error("bit", "a code and a bit that no other reason has")
        if not re.fullmatch(r"[a-z]+\.[a-z0-9_]+", reason.code):
            raise row.error("code", "a code like funding.concentrated_to_sell_down")
        row.finish()
        return reason

    def _need(self, part: Section) -> Parameters:
        grounds = self._grounds(part)
        rules = self._rules(part.section("rules"), grounds)
        self._demand(part, need, set(part.section("rules")))
        return Parameters(rules)

    def _factors(self, part: Section) -> dict[str, dict[str, Parameters]]:
        factors: dict[str, dict[str, Parameters]] = {}
        for name in FACTORS:
            with self.faults.gathered():
                factors[name] = self._factor(part.section(name), FITS[name])
        return factors

    def _factor(self, row: Section, fit: Fit) -> dict[str, Parameters]:
        grounds = self._grounds(row)
        stated = {key: row.section(key) for key in ("both", "sma", "uma") if key in row}
        rules = {key: self._rules(section, grounds) for key, section in stated.items()}
        self._demand(row, fit, set().union(*stated.values()))
        row.finish()
        shared = rules.pop("both", {})
        for side, own in rules.items():
            for twice in sorted(set(shared) & set(own)):
                raise stated[side].error(twice, "no such key here: the rule is stated for both")
        return {s: Parameters(shared | rules.get(s.lower(), {})) for s in STRUCTURES}

    def _rules(self, part: Section, grounds: Grounds) -> dict[str, Parameter]:
        rules = {}
        for name in part:
            with self.faults.gathered():
                row = part.section(name)
                same_as = row.text(SAME_AS, default="")
                rules[name] = read_parameter(row, grounds, self.codes, same_as)
        return rules

    def _demand(self, part: Section, rule: Fit, given: set[str]) -> None:
        """A parameter that no rule asks for is a misspelling; one that is asked for must be stated."""
        asked: Any = asks(rule)
        for name in sorted(given - asked):
            self.faults.found.append(
                DocumentError(part.file, part.key(name), name, f"one of {', '.join(sorted(asked))}")
            )
        for name in sorted(asked - given):
            self.faults.found.append(part.error(name, "a rule, which this part asks for"))


def _size(fact: str, times: float, plus: float) -> str:
    """How large a change is, as people say it: 5% of the value, 3 points of a rate or share."""
    if times != 1.0:
        return f"{plain(abs(times - 1) * 100)}%"
    if FACTS[fact].kind in ("share", "signed_share", "rate"):
        return f"{plain(abs(plus) * 100)} points"
    return plain(abs(plus))
