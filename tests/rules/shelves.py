"""Shelves of several programs and platforms, made of the two programs of the house."""

from __future__ import annotations

import copy
from typing import Any

from implementation.rules.documents.document import canonical_json
from implementation.rules.shelf import Shelf
from tests.rules.books import SHELF


def shelf_of(*programs: dict[str, Any]) -> Shelf:
    """Each program is that of the house in its structure with some keys replaced; `bps` is a flat price."""
    data = copy.deepcopy(SHELF.document.data)
    house = {row["structure"]: row for row in data["programs"]}
    data["programs"] = [_program(house[program["structure"]], **program) for program in programs]
    return Shelf.parse(canonical_json(data), "several")


def _program(house: dict[str, Any], *, bps: float | None = None, **changes: Any) -> dict[str, Any]:
    row = copy.deepcopy(house) | changes | {"name": changes["code"].upper()}
    if bps is not None:
        part = {"kind": "bundled", "unit": "bps a year", "tiers": [{"bps": bps}]}
        row["fees"] = {"components": [part]}
    return row


def sma(code: str = "sma", bps: float = 30, **changes: Any) -> dict[str, Any]:
    return {"structure": "SMA", "code": code, "bps": bps, **changes}


def uma(
    code: str = "uma", bps: float = 30, platform: str = "house_overlay", **changes: Any
) -> dict[str, Any]:
    return {"structure": "UMA", "code": code, "bps": bps, "platform": platform, **changes}
