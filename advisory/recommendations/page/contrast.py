"""Why not the other: what pulls to either side, what the other lacks, and the nearest way to it."""

from collections.abc import Iterable, Mapping
from typing import Any

from advisory.recommendations.page.changes import change
from advisory.recommendations.page.evidence import cuts
from advisory.recommendations.page.verdict import unbroken
from advisory.recommendations.words import FACTOR_LABELS
from households.foundation.formats import decimal
from households.foundation.svg import Chart, Side, two_sided_bars
from implementation.rules.wording import OUTCOME_WORDS

Result = Mapping[str, Any]
_NOTE = "Points of net fit that each factor pulls to either side."
_CUT = " A fit goes from 0 to 100; what pulls beyond that does not count."


def contrast(result: Result) -> dict[str, Any] | None:
    """Chart and entries; None for documents of before the contrast was part of them.

    Where facts are missing and decide, the bars hold what is certain, and what it would take cannot be said.
    """
    entries = result.get("contrast")
    if not entries:
        return None
    told = [] if result["outcome"] == "INDETERMINATE" else [_entry(entry) for entry in entries]
    cut = any(cuts(factor) for factor in result["factors"])
    return {"chart": _chart(entries[0]), "entries": told, "note": _NOTE + (_CUT if cut else "")}


def _chart(entry: Mapping[str, Any]) -> Chart:
    toward_uma = entry["structure"] == "UMA"
    sides = []
    for factor in entry["factors"]:
        pulls, holds = _pull(factor, "for"), _pull(factor, "against")
        points = factor["points"]
        net = None if points is None else (-points if toward_uma else points) + 0.0
        left, right = (pulls, holds) if toward_uma else (holds, pulls)
        sides.append(Side(FACTOR_LABELS.get(factor["factor"], factor["label"]), left, right, net))
    return two_sided_bars(sides)


def _pull(factor: Mapping[str, Any], way: str) -> float:
    """Points that a factor's lines pull one way; of minimums the tightest of each structure alone counts."""
    if factor["factor"] != "minimums":
        return sum(_points(line) for line in factor[way])
    structures = {line["structure"] for line in factor[way]}
    return sum(
        max(_points(line) for line in factor[way] if line["structure"] == structure)
        for structure in sorted(structures)
    )


def _points(line: Mapping[str, Any]) -> float:
    """How hard a line pulls for certain."""
    points = line["points"]
    ends: Iterable[float] = points if isinstance(points, list) else (points,)
    return min(abs(end) for end in ends)


def _entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    structure, missing = entry["structure"], entry["missing"]
    nearest = entry["nearest"]
    return {
        "structure": structure,
        "title": f"For {OUTCOME_WORDS[structure]} it would take",
        "tests": [unbroken(test["text"]) for test in entry["tests"]],
        "lacks": f"{decimal(missing)} points more of fit" if missing else "",
        "nearest": _nearest(nearest) if nearest else None,
        "enough": not missing and missing is not None,
    }


def _nearest(flip: Mapping[str, Any]) -> dict[str, Any]:
    """A flip point or a pair of them."""
    points = flip.get("facts", [flip])
    return {
        "facts": [change(point) for point in points],
        "outcome": flip["outcome"],
        "gives": OUTCOME_WORDS[flip["outcome"]],
    }
