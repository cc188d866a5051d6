"""The house policy with single numbers replaced, as a document of its own."""

from __future__ import annotations

import copy
from typing import Any

from implementation.rules.documents.document import canonical_json
from implementation.rules.policy import Policy
from tests.rules.books import POLICY


def document() -> dict[str, Any]:
    """A copy of the house policy's plain data."""
    return copy.deepcopy(POLICY.document.data)


def policy_with(path: str, value: Any) -> Policy:
    """The house policy with the value at `a.b.c` replaced."""
    data = document()
    *parents, last = path.split(".")
    place: Any = data
    for key in parents:
        place = place[int(key)] if isinstance(place, list) else place[key]
    place[last] = value
    return parsed(data)


def parsed(data: dict[str, Any]) -> Policy:
    """A policy from plain data."""
    return Policy.parse(canonical_json(data), "changed.yaml")
