"""The first screen: the outcome in plain words, how sure it is, why, and what would change it."""

from collections.abc import Callable, Mapping
from typing import Any

from advisory.recommendations.words import DECIDED_BY, fact_label, fact_words
from households.foundation.formats import decimal, percent, signed
from households.foundation.svg import Chart, fit_gauge
from implementation.rules.facts import FACTS

Result = Mapping[str, Any]
FLIPS_FIRST = 4
"""Flip points on the first screen; the others open below."""
_LEADS = {
    ("SMA", "eligibility"): "Only a manager-traded SMA is open to this account.",
    ("UMA", "eligibility"): "Only a model-delivered sleeve in a UMA is open to this account.",
    ("SMA", "net_fit"): "A manager-traded SMA fits this account best.",
    ("UMA", "net_fit"): "A model-delivered sleeve in a UMA fits this account best.",
    ("EITHER", "net_fit"): "Both structures fit this account; neither is clearly ahead.",
    ("NEITHER", "need"): "Nothing here calls for direct indexing: a plain index ETF does the work.",
    ("NEITHER", "eligibility"): "No program on the shelf is open to this account as it stands.",
    ("INDETERMINATE", "missing_facts"): "Facts are missing, and they decide. Nothing is recommended yet.",
}
_SHORT = {
    "SMA": "an SMA", "UMA": "a UMA", "EITHER": "either structure", "NEITHER": "neither structure",
    "INDETERMINATE": "no clear outcome",
}  # fmt: skip
_STRUCTURES = ("SMA", "UMA")


def verdict(result: Result, logic: Mapping[str, Any]) -> dict[str, Any]:
    """Outcome, lead sentence, gauge, and how sure it is."""
    outcome, decided_by = result["outcome"], result["decided_by"]
    return {
        "outcome": outcome,
        "sentence": _lead(result),
        "decided_by": "" if outcome == "INDETERMINATE" else DECIDED_BY[decided_by],
        "margin": result["margin"],
        "fragile": result["fragile"],
        "provisional": result["provisional"],
        "conflict": result["conflict"],
        "gauge": _gauge(result, logic),
        "sureness": _sureness(result),
    }


def _lead(result: Result) -> str:
    lead = _LEADS.get((result["outcome"], result["decided_by"]), "")
    if result["outcome"] == "EITHER" and result["lean"]:
        return f"{lead} The lean is toward {_SHORT[result['lean']]}."
    if result["outcome"] == "INDETERMINATE":
        *others, last = (_SHORT[name] for name in result["possible"])
        return f"{lead} Still possible: {', '.join(others)} or {last}."
    return lead


def _gauge(result: Result, logic: Mapping[str, Any]) -> Chart:
    low, high = result["bounds"]
    return fit_gauge(net=result["net_fit"], low=low, high=high, tolerance=logic["either_within"])


def _sureness(result: Result) -> list[str]:
    """How sure the outcome is, in sentences; the first concerns the margin."""
    said = []
    if result["outcome"] == "INDETERMINATE":
        low, high = (signed(bound) for bound in result["bounds"])
        said.append(f"Whatever the missing facts are, the net fit lies between {low} and {high}.")
    if result["decided_by"] == "net_fit" and result["margin"] is not None:
        said.append(f"The net fit is {decimal(result['margin'])} points away from another outcome.")
    if result["decided_by"] == "eligibility" and result["net_fit"] is not None and result["lean"]:
        points = signed(result["net_fit"])
        if result["lean"] == result["outcome"]:
            said.append(f"Fit alone points the same way ({points} points).")
        else:
            said.append(f"By fit alone it would lean toward {_SHORT[result['lean']]} ({points} points).")
    if result["fragile"]:
        said.append("Fragile: a small change in value, rates or shares would change the outcome.")
    elif result["outcome"] != "INDETERMINATE":
        said.append("Small changes in value, rates and shares leave the outcome as it is.")
    if result["provisional"]:
        said.append("Provisional: something is unknown, yet whatever it is, the outcome is the same.")
    if result["conflict"]:
        said.append("Two weighty factors pull in opposite directions; look at both sides before you decide.")
    if result["stability"] is not None and result["decided_by"] == "net_fit":
        share = percent(result["stability"], 0)
        said.append(f"{share} of the weightings that the firm allows give the same outcome.")
    return said


def unbroken(text: str) -> str:
    """Numbers stay with their units at the end of a line."""
    return text.replace(" %", "\u00a0%").replace(" bps", "\u00a0bps")


# --- why ----------------------------------------------------------------------------------------------


def arguments(result: Result, *, with_codes: bool) -> dict[str, Any]:
    """Reasons by their place in the argument.

    Args:
        with_codes: tell the reason codes too; advisors read sentences.
    """
    groups: dict[str, list[Any]] = {name: [] for name in ("first", "decides", "for", "against", "note")}
    for reason in result["reasons"]:
        code = reason["code"] if with_codes else ""
        groups[reason["role"]].append(
            {"text": unbroken(reason["text"]), "effect": reason["effect"], "code": code}
        )
    side = result["outcome"] if result["outcome"] in _STRUCTURES else result["lean"] or "SMA"
    other = "UMA" if side == "SMA" else "SMA"
    decided = result["outcome"] in _STRUCTURES
    return {
        "first": groups["first"],
        "decides": groups["decides"],
        "weighed": bool(groups["for"] or groups["against"]),
        "in_favor": groups["for"],
        "against": groups["against"],
        "notes": groups["note"],
        "title_for": f"For the {side}",
        "title_against": f"Against it, for the {other}" if decided else f"For the {other}",
        # With nothing open, the tests and the remedies have said it all.
        "why_not": "" if groups["decides"] and not decided else unbroken(result["why_not"]),
        "split": result["split"],
        "remedies": result["remedies"],
    }


# --- what would change it -------------------------------------------------------------------------------


def changes(result: Result, links: Callable[[str], str]) -> dict[str, Any]:
    """Flip points as sentences, the nearest first, and what is missing."""
    said = [_flip(point) for point in result["flip_points"]]
    return {
        "first": said[:FLIPS_FIRST],
        "more": said[FLIPS_FIRST:],
        "questions": [
            {"label": fact_label(entry["fact"]), "link": links(entry["fact"]), "swing": round(entry["swing"])}
            for entry in result["questions"]
        ],
    }


def _flip(point: Mapping[str, Any]) -> dict[str, Any]:
    """``Account value: $249,999 or less (now $1,000,000)`` -> outcome."""
    name, now, then = point["fact"], point["from"], point["to"]
    kind = FACTS[name].kind if name in FACTS else "code"
    words = fact_words(name, then)
    if kind not in ("flag", "code"):
        fewer = "fewer" if kind == "count" else "less"
        words = f"{words} or {'more' if then > now else fewer}"
    return {
        "fact": name,
        "label": fact_label(name),
        "then": words,
        "now": fact_words(name, now),
        "outcome": point["outcome"],
        "gives": _SHORT[point["outcome"]],
        "linked": point["linked"],
    }
