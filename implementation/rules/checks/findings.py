"""What a check of a policy finds."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple


class Finding(NamedTuple):
    """A key of the document, what stands there, and what was expected.

    Attributes:
        value: what was found; `documents.MISSING` where a key is absent.
    """

    key: str
    value: object
    expected: str


Findings = Iterator[Finding]


def between(low: float, high: float) -> str:
    """`from 0 to 4`, `0 or more`, `any number`."""
    if math.isinf(low) and math.isinf(high):
        return "any number"
    if math.isinf(high):
        return f"{low:g} or more"
    return f"{high:g} or less" if math.isinf(low) else f"from {low:g} to {high:g}"
