"""The policy: the firm's weights, curves, tolerances and texts, read from a dated and hashed document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from implementation.rules.checks.policy import faults_of
from implementation.rules.documents.document import (
    Document,
    DocumentError,
    Faults,
    load_document,
    read_document,
)
from implementation.rules.documents.policy_reader import PolicyReader, written_out
from implementation.rules.documents.policy_terms import Perturbation, PlanTerms, Reason
from implementation.rules.parameters import Basis, Parameter, Parameters
from implementation.rules.programs import Source

__all__ = ["Perturbation", "PlanTerms", "Policy", "Reason"]


@dataclass(frozen=True)
class Policy:
    """A policy as read; equal documents are equal policies.

    Attributes:
        weights: factor -> weight, in the order of `FACTORS`, adding up to 1.
        numbers: the single numbers of `NUMBERS`.
        ranges: fact or program field -> (low, high), what an unknown one may be.
        plan: what the household plan counts.
        perturbations: small changes that a robust outcome survives.
        need: parameters of the need test.
        factors: factor -> structure -> parameters.
        reasons: the catalog, by code.
        sources: what numbers may stand on, by key.
        bases: path of a number -> what it stands on; a rule carries its own.
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
    plan: PlanTerms = field(compare=False, repr=False)
    perturbations: tuple[Perturbation, ...] = field(compare=False, repr=False)
    need: Parameters = field(compare=False, repr=False)
    factors: Mapping[str, Mapping[str, Parameters]] = field(compare=False, repr=False)
    reasons: Mapping[str, Reason] = field(compare=False, repr=False)
    sources: Mapping[str, Source] = field(compare=False, repr=False)
    bases: Mapping[str, Basis] = field(compare=False, repr=False)
    document: Document = field(compare=False, repr=False)

    @property
    def text(self) -> str:
        """The document as written; `Policy.parse(policy.text)` has the same sha256."""
        return self.document.text

    @property
    def data(self) -> dict[str, Any]:
        """The document's plain data, what is stated elsewhere (`same_as`) written out where it is used."""
        return written_out(self.document)

    @property
    def rules(self) -> dict[str, Parameter]:
        """Key of every rule -> the rule, in the order of the document."""
        parts = [self.need, *(p for structures in self.factors.values() for p in structures.values())]
        return {rule.key: rule for part in parts for _, rule in part}

    @property
    def tolerance(self) -> float:
        """How far from zero the net fit leaves either structure fitting, in whole hundredths of a point."""
        return float(round(self.numbers["either_within"] * 100))

    @property
    def material(self) -> float:
        """The contribution from which on a factor pulls, in whole hundredths of a point."""
        return float(round(self.numbers["material_contribution"] * 100))

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
        """Read and check a policy from YAML text.

        Raises:
            DocumentError: names the file, the key, the value and what was expected, and carries whatever
                else is wrong.
        """
        return cls._checked(read_document(text, file))

    @classmethod
    def load(cls, path: str | Path) -> Policy:
        """Read and check a policy from a file; errors as in `parse`."""
        return cls._checked(load_document(path))

    @classmethod
    def accepted(cls, text: str, file: str = "policy") -> Policy:
        """Read a policy that was checked when it was published.

        A check that is added later must not make old records unreadable: it binds what is published from
        then on.
        """
        return cls._read(read_document(text, file))

    @classmethod
    def _read(cls, document: Document) -> Policy:
        return cls(sha256=document.sha256, document=document, **PolicyReader(document).read())

    @classmethod
    def _checked(cls, document: Document) -> Policy:
        policy = cls._read(document)
        faults = Faults()
        faults.found += [DocumentError(document.file, *finding) for finding in faults_of(policy)]
        faults.raise_any()
        return policy
