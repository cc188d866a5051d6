"""Contrast: why not the other structure, as numbers, from the entries and the trace that the answer shows.

Nothing is worked out a second time: tests, factors, trace lines and flip points are the very objects of the
answer, turned toward the structure that was not chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from implementation.rules.policy import Policy
from implementation.rules.wording import plain

Entry = dict[str, Any]
_OTHERS = {"SMA": ("UMA",), "UMA": ("SMA",)}
_TOWARD = {"SMA": 1, "UMA": -1}


def contrast(answer: Entry, policy: Policy) -> list[Entry]:
    """What stands against the other structure: both of them where neither was chosen.

    Args:
        answer: the entry of `explain` so far: outcome, net fit, programs, eligibility, factors with their
            traces, flip points and pairs.
    """
    structures = _OTHERS.get(answer["outcome"], ("SMA", "UMA"))
    return [_against(structure, answer, policy) for structure in structures]


def _against(structure: str, answer: Entry, policy: Policy) -> Entry:
    sign, net = _TOWARD[structure], answer["net_fit"]
    points = None if net is None else round(sign * net, 2) + 0.0
    program = answer["programs"][structure]
    tests = [
        entry for entry in answer["eligibility"] if entry["program"] == program and entry["verdict"] != "pass"
    ]
    # A hundredth beyond the tolerance, not at it, one structure fits better than the other.
    missing = None if points is None else max(round((policy.tolerance + 1) / 100 - points, 2), 0.0)
    nearest = _nearest(structure, answer["outcome"], [*answer["flip_points"], *answer["flip_pairs"]])
    entry = {
        "structure": structure,
        "program": program,
        "open": answer["eligible"][structure],
        "tests": tests,
        "points": points,
        "missing": missing,
        "factors": [_factor(factor, sign) for factor in answer["factors"]],
        "nearest": nearest,
    }
    return {**entry, "text": _text(entry)}


def _factor(factor: Entry, sign: int) -> Entry:
    """A factor seen from one structure: points above 0 are for it."""
    given = factor["contribution"]
    lines = [line for line in factor["trace"] if line["gives"] == "points" and line["counts"]]
    return {
        "factor": factor["factor"],
        "label": factor["label"],
        "points": None if given is None else sign * given + 0.0,
        "for": [line for line in lines if _side(line) == sign],
        "against": [line for line in lines if _side(line) == -sign],
    }


def _side(line: Entry) -> int:
    """1 where a line pulls toward the SMA for certain, -1 toward the UMA, else 0."""
    points = line["points"]
    low, high = points if isinstance(points, list) else (points, points)
    return 1 if low > 0 else -1 if high < 0 else 0


def _nearest(structure: str, outcome: str, flips: Sequence[Entry]) -> Entry | None:
    """The nearest change that leads to the structure, else the nearest that at least opens the question."""
    for wanted in (structure, "EITHER"):
        for flip in flips:
            if flip["outcome"] == wanted and outcome != wanted:
                return flip
    return None


def _text(entry: Entry) -> str:
    structure = entry["structure"]
    if entry["program"] is None:
        said = f"The shelf holds no {structure}."
    elif entry["open"] == "pass":
        said = f"{'An SMA' if structure == 'SMA' else 'A UMA'} is open to this account."
    elif entry["open"] == "fail":
        said = " ".join(test["text"] for test in entry["tests"] if test["verdict"] == "fail")
    else:
        said = f"It is not known whether the {structure} is open to this account."
    if entry["missing"]:
        said += f" By fit it lacks {plain(entry['missing'])} points."
    if entry["nearest"] is not None:
        said += f" Nearest: {entry['nearest']['text']}"
    return said
