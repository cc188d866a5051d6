"""Reasons of one account: the codes its rules emitted, with effect, filled text and place in the argument."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from implementation.rules.policy import Policy, Reason
from implementation.rules.wording import asks_unknown, fill

Entry = dict[str, Any]
PRINCIPAL = 4
"""Reasons shown for and against, at most, by effect."""
_DECISIVE = "eligibility."


def principal(
    policy: Policy,
    mask: int,
    moved: Mapping[str, float],
    values: Mapping[str, Any],
    kinds: Mapping[str, str],
    outcome: str,
    lean: str | None,
) -> list[Entry]:
    """The reasons of a row, in the order in which they are said.

    First what must be said before anything else, then the tests that decide, then up to four reasons for the
    outcome (or the side it leans to) and four against it, by effect, then notes that weigh nothing.

    Args:
        moved: points of net fit that the rules of each reason moved (`trace.effects`).
    """
    side = outcome if outcome in ("SMA", "UMA") else lean or "SMA"
    groups: dict[str, list[Entry]] = {name: [] for name in ("first", "decides", "for", "against", "note")}
    for code in policy.reason_codes(mask):
        reason = policy.reasons[code]
        effect = round(moved.get(code, 0.0), 2) + 0.0
        role = _role(reason, effect, side)
        if outcome == "NEITHER" and role in ("for", "against"):
            continue
        groups[role].append(
            {
                "code": code,
                "favours": reason.favours,
                "role": role,
                "text": _told(reason, values, kinds),
                "effect": effect,
            }
        )
    for role in ("for", "against"):
        groups[role].sort(key=lambda entry: -abs(entry["effect"]))
        del groups[role][PRINCIPAL:]
    return [entry for group in groups.values() for entry in group]


def _told(reason: Reason, values: Mapping[str, Any], kinds: Mapping[str, str]) -> str:
    """Its text filled; where one of its numbers is not known, the text that does without them."""
    without = reason.unknown and asks_unknown(reason.text, values)
    return fill(reason.unknown if without else reason.text, values, kinds)


def _role(reason: Reason, effect: float, side: str) -> str:
    if reason.first:
        return "first"
    if reason.code.startswith(_DECISIVE):
        return "decides"
    if effect == 0.0 or reason.favours not in ("SMA", "UMA"):
        return "note"
    return "for" if reason.favours == side else "against"
