"""Why: the reasons by their place in the argument, and the three that are read first."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from advisory.recommendations.page.verdict import unbroken

Result = Mapping[str, Any]
FIRST = 3
"""Reasons on the first screen."""
STRUCTURES = ("SMA", "UMA")
_SENTENCE = re.compile(r"(?<=[\w%)])[.]\s+(?=[A-Z0-9])")


def arguments(result: Result, *, with_codes: bool) -> dict[str, Any]:
    """Reasons by their place in the argument.

    Args:
        with_codes: list the reasons with their codes as well; advisors read sentences.
    """
    groups = _groups(result)
    side = _side(result)
    other = "UMA" if side == "SMA" else "SMA"
    decided = result["outcome"] in STRUCTURES
    if result["decided_by"] == "need":  # that nothing is needed is then the reason itself
        groups["decides"] = [*groups.pop("first"), *groups["decides"]]
    return {
        "first": groups.get("first", []),
        "decides": groups["decides"],
        "weighed": bool(groups["for"] or groups["against"]),
        "in_favor": groups["for"],
        "against": groups["against"],
        "notes": groups["note"],
        "codes": _codes(result) if with_codes else [],
        "title_for": f"For the {side}",
        "title_against": f"Against it, for the {other}" if decided else f"For the {other}",
        # With nothing open, the tests and the remedies have said it all.
        "why_not": "" if groups["decides"] and not decided else unbroken(result["why_not"]),
        "split": result["split"],
        "remedies": result["remedies"],
    }


def _codes(result: Result) -> list[dict[str, str]]:
    return [{"text": unbroken(reason["text"]), "code": reason["code"]} for reason in result["reasons"]]


def _groups(result: Result) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {name: [] for name in ("first", "decides", "for", "against", "note")}
    for reason in result["reasons"]:
        groups[reason["role"]].append({"text": unbroken(reason["text"]), "effect": reason["effect"]})
    return groups


def _side(result: Result) -> str:
    """The structure that *for* speaks for."""
    return str(result["outcome"] if result["outcome"] in STRUCTURES else result["lean"] or "SMA")


# --- the first screen -----------------------------------------------------------------------------------


def principal(result: Result) -> dict[str, Any]:
    """The three reasons that are read first, each by its first sentence, and the weightiest against.

    Where a structure is chosen they are those for it; where none is, the weightiest on either side.
    """
    groups = _groups(result)
    decided = result["outcome"] in STRUCTURES
    if result["decided_by"] == "need":
        chosen, against = groups["first"], []
    elif result["decided_by"] == "eligibility" and not decided:
        chosen, against = groups["decides"], []
    elif decided:
        chosen = [*groups["decides"], *groups["for"]]
        against = groups["against"][:1]
    else:
        chosen, against = _weightiest([*groups["for"], *groups["against"]]), []
    return {
        "title": "Why" if result["outcome"] != "INDETERMINATE" else "What speaks so far",
        "reasons": [_told(reason, name_side=not decided) for reason in chosen[:FIRST]],
        "against": [_told(reason, name_side=False) for reason in against],
        "weighed": any(reason["effect"] for reason in chosen[:FIRST]),
    }


def _weightiest(reasons: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(reasons, key=lambda reason: -abs(reason["effect"]))


def _told(reason: Mapping[str, Any], *, name_side: bool) -> dict[str, Any]:
    effect = reason["effect"]
    side = ("SMA" if effect > 0 else "UMA") if effect and name_side else ""
    return {"text": first_sentence(reason["text"]), "effect": effect or None, "side": side}


def first_sentence(text: str) -> str:
    """Up to the first full stop that ends a sentence."""
    found = _SENTENCE.search(text)
    return text[: found.start() + 1] if found else text
