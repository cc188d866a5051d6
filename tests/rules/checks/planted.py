"""Faults planted in the house policy, and what is said about them."""

from __future__ import annotations

from typing import Any

import pytest

from implementation.rules.documents.document import DocumentError
from tests.rules.books import POLICY
from tests.rules.changed import document, parsed

F = "factors."
LOTS, NOW = "factors.funding.sma.lots", "factors.minimums.sma.now"
SLEEVES, IMPORTANCE = "factors.tax.uma.sleeves", "factors.tax.both.importance"
ALONE, REPORT = "factors.tax.both.alone", "factors.context.uma.one_report"
TILTS, APPLIES = "need.rules.tilts", "factors.tax.both.applies"


def put(data: dict[str, Any], path: str, value: Any) -> None:
    """Replace the value at `a.b.0.c`."""
    *parents, last = path.split(".")
    place: Any = data
    for key in parents:
        place = place[int(key)] if isinstance(place, list) else place[key]
    place[last] = value


def refusal(changes: dict[str, Any]) -> list[str]:
    """What is said of the house policy with these changes, one line for each error."""
    data = document()
    for path, value in changes.items():
        put(data, path, value)
    with pytest.raises(DocumentError) as caught:
        parsed(data)
    return [str(error) for error in (caught.value, *caught.value.others)]


def reason(code: str) -> str:
    """Place of a reason in the document."""
    return f"reasons.{list(POLICY.reasons).index(code)}"
