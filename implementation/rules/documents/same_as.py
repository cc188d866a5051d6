"""What holds in two places of a policy and is stated in one, written out where it is used.

`same_as: need.rules.depth` takes a rule from elsewhere, with whatever keys stand beside it replaced;
`bound: {same_as: numbers.etf_baseline_bps}` takes a single number.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from implementation.rules.documents.document import Document, DocumentError
from implementation.rules.documents.parameter_reader import GROUNDS
from implementation.rules.factors import FACTORS

SAME_AS = "same_as"


def written_out(document: Document) -> dict[str, Any]:
    """The plain data of a policy with everything that stands elsewhere written out where it is used.

    Raises:
        DocumentError: `same_as` names what is not there, or what is taken from elsewhere itself.
    """
    data = copy.deepcopy(document.data)
    for path, part, rule in list(_rules_of(data)):
        for key in ("", "bound"):
            row = rule.get(key) if key else rule
            if isinstance(row, dict) and SAME_AS in row:
                where = f"{path}.{key}" if key else path
                source = _elsewhere(document, where, row[SAME_AS])
                if key:
                    if "bound_range" in rule:
                        expected = f"no such key here; {row[SAME_AS]} states the range of its number"
                        raise DocumentError(
                            document.file, f"{path}.bound_range", rule["bound_range"], expected
                        )
                    rule[key], rule["bound_range"] = source.get("value"), source.get("range")
                    rule[SAME_AS] = row[SAME_AS]
                else:
                    part[path.rsplit(".", 1)[-1]] = source | rule
    return data


def _rules_of(data: Mapping[str, Any]) -> Any:
    """Path, part and row of every rule of the plain data, as far as it has the form of one."""
    parts = {"need.rules": _below(data, "need", "rules")}
    for factor in FACTORS:
        for side in ("both", "sma", "uma"):
            parts[f"factors.{factor}.{side}"] = _below(data, "factors", factor, side)
    for path, part in parts.items():
        for name, rule in part.items():
            if isinstance(rule, dict):
                yield f"{path}.{name}", part, rule


def _below(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _elsewhere(document: Document, where: str, path: object) -> dict[str, Any]:
    """The row at a path, with the source and the review date that hold for its part."""
    expected = "the path of a rule or number that is stated itself, like need.rules.depth"
    keys = path.split(".") if isinstance(path, str) else []
    found: dict[str, Any] = _below(document.data, *keys)
    if not keys or not found or SAME_AS in found or SAME_AS in _below(found, "bound"):
        raise DocumentError(document.file, f"{where}.{SAME_AS}", path, expected)
    grounds: dict[str, Any] = {}
    for depth in range(1, len(keys)):
        part = _below(document.data, *keys[:depth])
        grounds |= {key: part[key] for key in GROUNDS if key in part}
    return grounds | found
