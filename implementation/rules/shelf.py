"""The shelf: the programs in force on a date, read from a dated and hashed document.

`Shelf.with_changes` answers "what if the shelf were another": the changed shelf is a document of its own,
checked by the same rules, with its own hash and a version that says so.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from implementation.rules.documents.document import (
    Document,
    DocumentError,
    Faults,
    canonical_json,
    load_document,
    read_document,
    sha256_of,
)
from implementation.rules.documents.program_reader import (
    FLAGS,
    NO_LIMIT,
    NUMBERS,
    SETS,
    UNKNOWN,
    read_program,
    read_sources,
)
from implementation.rules.programs import STRUCTURES, Citation, Program, Source

__all__ = ["CHANGEABLE", "Citation", "Program", "Shelf", "Source"]

CHANGEABLE: Final = frozenset(
    {*NUMBERS, *FLAGS, *SETS, "fees", "minimum_basis", "overlay_scope", "platform", "note"}
)
"""Fields of a program that `with_changes` may replace."""
_CHANGED: Final = "changed"


@dataclass(frozen=True)
class Shelf:
    """Programs in the order of the document, and the identity of that document.

    Attributes:
        name, version: what the shelf is called ("house") and which issue of it this is.
        sha256: identity of the canonical document.
        effective_from: the first day it may be in force, ISO.
        programs: at least one; evaluations name programs by their place here.
        title, note: for the reader.
        document: what it was read from.
    """

    name: str
    version: str
    sha256: str
    effective_from: str
    programs: tuple[Program, ...]
    title: str
    note: str
    document: Document = field(repr=False, compare=False)

    @property
    def text(self) -> str:
        """The document as written; `Shelf.parse(shelf.text)` is equal to this shelf."""
        return self.document.text

    @classmethod
    def parse(cls, text: str, file: str = "shelf") -> Shelf:
        """Read a shelf from YAML text.

        Raises:
            DocumentError: names the file, the key, the value and what was expected.
        """
        return cls._of(read_document(text, file))

    @classmethod
    def load(cls, path: str | Path) -> Shelf:
        """Read a shelf from a file; errors as in `parse`."""
        return cls._of(load_document(path))

    @classmethod
    def _of(cls, document: Document) -> Shelf:
        root, faults = document.root, Faults()
        root.choice("document", ("shelf",))
        sources = read_sources(root, faults)
        programs: list[Program] = []
        for row in root.sections("programs"):
            with faults.gathered():
                program = read_program(row, sources)
                if any(program.code == other.code for other in programs):
                    raise row.error("code", "a code no other program has")
                programs.append(program)
        faults.raise_any()
        shelf = cls(
            name=root.text("name"),
            version=root.text("version"),
            sha256=document.sha256,
            effective_from=root.iso_date("effective_from"),
            programs=tuple(programs),
            title=root.text("title", default=""),
            note=root.text("note", default=""),
            document=document,
        )
        root.finish()
        return shelf

    def with_changes(self, changes: Mapping[str, Mapping[str, Any]]) -> Shelf:
        """The same shelf with fields replaced in every program of a structure.

        A maintenance minimum that was equal to the initial one follows it, unless it is changed itself.

        Args:
            changes: structure -> field -> plain value: numbers in the unit of the field, sets as lists or
                sets, None for unknown, `"any"` for a set that accepts everything. `fee` is `fees`; a new
                schedule is given as in a document.

        Raises:
            DocumentError: no program of that structure, a field that cannot be changed, a value out of range.
        """
        if not changes:
            return self
        file = f"{self.name} shelf, changed"
        data = copy.deepcopy(self.document.data)
        data["version"] = f"{self.version} (changed)"
        data["sources"][_CHANGED] = {
            "title": "Changed for this evaluation",
            "date": "undated",
            "evidence": "house judgment",
        }
        for structure, fields in changes.items():
            rows = [row for row in data["programs"] if row["structure"] == structure]
            if not rows:
                here = " or ".join(s for s in STRUCTURES if any(p.structure == s for p in self.programs))
                raise DocumentError(file, structure, fields, f"a structure of this shelf: {here}")
            for row in rows:
                _change(row, fields, file)
        return self._of(Document(file, canonical_json(data), data, sha256_of(data)))


def _change(row: dict[str, Any], fields: Mapping[str, Any], file: str) -> None:
    fields = {"fees" if key == "fee" else key: value for key, value in fields.items()}
    for key, value in fields.items():
        if key not in CHANGEABLE:
            expected = f"a field that can be changed: {', '.join(sorted(CHANGEABLE))}"
            raise DocumentError(file, f"{row['structure']}.{key}", value, expected)
    if "initial_minimum" in fields and _plain(row, "maintenance_minimum") == _plain(row, "initial_minimum"):
        row.pop("maintenance_minimum", None)
    row |= {key: _stated(key, value) for key, value in fields.items()}


def _plain(row: dict[str, Any], key: str) -> Any:
    stated = row.get(key)
    return stated["value"] if isinstance(stated, dict) else stated


def _stated(key: str, value: Any) -> Any:
    """A plain value as a document states it."""
    if value is None or value != value:  # NaN is unknown in columns of facts too
        return UNKNOWN
    if key in NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
        if math.isinf(value):
            return NO_LIMIT
        return {"value": value, "unit": NUMBERS[key][0], "source": _CHANGED}
    if key in SETS and isinstance(value, Set | tuple | list):
        return sorted(value, key=str)
    if key == "fees" and isinstance(value, dict) and isinstance(value.get("components"), list):
        parts = [
            {"source": _CHANGED, **part} if isinstance(part, dict) else part for part in value["components"]
        ]
        return {**value, "components": parts}
    return value
