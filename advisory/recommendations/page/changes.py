"""What would change the outcome: single facts, two together, and the facts that are missing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from advisory.recommendations.words import fact_label, fact_words
from implementation.rules.facts import FACTS, FUNDING_SHARES
from implementation.rules.wording import OUTCOME_WORDS

Result = Mapping[str, Any]
FIRST = 3
"""Flip points on the first screen."""
LISTED = 6
"""Flip points below it; the others open."""
_NOTHING_SINGLE = "No single fact, changed by itself, gives another outcome."
_NOTHING = "Nothing single or paired flips this: no one fact changes the outcome, nor any two together."


def changes(result: Result, links: Callable[[str], str]) -> dict[str, Any]:
    """Flip points as sentences, the nearest first; pairs where no single fact does; what is missing."""
    said = [_flip(point) for point in result["flip_points"]]
    pairs = [_pair(pair) for pair in result.get("flip_pairs") or ()]
    return {
        "first": _varied(said)[:FIRST],
        "listed": said[:LISTED],
        "more": said[LISTED:],
        "all": len(said),
        "pairs": pairs,
        "nothing": _nothing(result, said, pairs),
        "questions": [
            {"label": fact_label(entry["fact"]), "link": links(entry["fact"]), "swing": round(entry["swing"])}
            for entry in result["questions"]
        ],
    }


def _varied(said: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The same, but of the parts of the funding the nearest alone first: the others move with it."""
    parts = [point for point in said if point["fact"] in FUNDING_SHARES]
    return [point for point in said if point not in parts[1:]] + parts[1:]


def _nothing(result: Result, said: Sequence[Any], pairs: Sequence[Any]) -> str:
    """Said where no fact flips the outcome; documents of before pairs were searched claim less."""
    if said or result["outcome"] == "INDETERMINATE":
        return ""
    if pairs or "flip_pairs" not in result:
        return _NOTHING_SINGLE
    return _NOTHING


def _flip(point: Mapping[str, Any]) -> dict[str, Any]:
    """``Account value falls to $249,999 (now $1,000,000)`` -> outcome."""
    return change(point) | {
        "outcome": point["outcome"],
        "gives": OUTCOME_WORDS[point["outcome"]],
        "linked": point["linked"],
    }


def _pair(pair: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "facts": [change(point) for point in pair["facts"]],
        "outcome": pair["outcome"],
        "gives": OUTCOME_WORDS[pair["outcome"]],
    }


def change(point: Mapping[str, Any]) -> dict[str, Any]:
    """One fact of a flip: what it becomes, and what it is now."""
    name, now, then = point["fact"], point["from"], point["to"]
    kind = FACTS[name].kind if name in FACTS else "code"
    words = fact_words(name, then)
    if kind == "code":
        words = f"becomes {words}"
    elif kind != "flag":
        words = f"{'rises' if then > now else 'falls'} to {words}"
    colon = ":" if kind == "flag" else ""
    label = f"{fact_label(name)}{colon}"
    return {"fact": name, "label": label, "then": words, "now": fact_words(name, now)}
