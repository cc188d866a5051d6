"""The outcome in plain words, and how sure it is."""

from collections.abc import Mapping
from typing import Any

from advisory.recommendations.words import DECIDED_BY
from households.foundation.formats import decimal, percent, signed
from households.foundation.svg import Chart, fit_gauge
from households.templatetags.sleevewise import OUTCOMES
from implementation.rules.wording import OUTCOME_WORDS

Result = Mapping[str, Any]
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
_FRAGILE = "Fragile: a small change in value, rates or shares would change the outcome."


def verdict(result: Result, logic: Mapping[str, Any]) -> dict[str, Any]:
    """Outcome, lead sentence, gauge, and how sure it is."""
    outcome, decided_by = result["outcome"], result["decided_by"]
    return {
        "outcome": outcome,
        "sentence": lead(result),
        "decided_by": "" if outcome == "INDETERMINATE" else DECIDED_BY[decided_by],
        "signs": signs(result),
        "gauge": _gauge(result, logic),
        "sureness": sureness(result, logic["either_within"]),
    }


def lead(result: Result) -> str:
    """What the outcome means for this account, in a sentence or two."""
    said = _LEADS.get((result["outcome"], result["decided_by"]), "")
    if result["outcome"] == "EITHER" and result["lean"]:
        return f"{said} The lean is toward {OUTCOME_WORDS[result['lean']]}."
    if result["outcome"] == "INDETERMINATE":
        *others, last = (OUTCOME_WORDS[name] for name in result["possible"])
        return f"{said} Still possible: {', '.join(others)} or {last}."
    return said


def signs(result: Result) -> list[dict[str, str]]:
    """How sure the outcome is, each in a word or two."""
    found = []
    if result["outcome"] == "INDETERMINATE":
        found.append({"label": "Facts missing", "tone": "warn", "icon": "question-diamond"})
    if result["provisional"]:
        found.append({"label": "Provisional", "tone": "info", "icon": "hourglass-split"})
    if result["fragile"]:
        found.append({"label": "Fragile", "tone": "warn", "icon": ""})
    if result["conflict"]:
        found.append({"label": "Conflicting factors", "tone": "warn", "icon": "arrow-left-right"})
    return found or [{"label": "Steady", "tone": "ok", "icon": ""}]


def _gauge(result: Result, logic: Mapping[str, Any]) -> Chart:
    low, high = result["bounds"]
    return fit_gauge(net=result["net_fit"], low=low, high=high, tolerance=logic["either_within"])


def sureness(result: Result, tolerance: float) -> list[str]:
    """How sure the outcome is, in sentences; the first concerns the margin.

    Args:
        tolerance: within how many points either fits.
    """
    said = []
    if result["outcome"] == "INDETERMINATE":
        low, high = (signed(bound) for bound in result["bounds"])
        said.append(f"Whatever the missing facts are, the net fit lies between {low} and {high}.")
    if result["decided_by"] == "net_fit" and result["margin"] is not None:
        said.append(f"The net fit is {decimal(result['margin'])} points away from another outcome.")
    if result["decided_by"] == "eligibility" and result["net_fit"] is not None and result["lean"]:
        points = signed(result["net_fit"])
        if abs(result["net_fit"]) <= tolerance:
            said.append(f"Fit alone would leave either ({points} points, within {tolerance:g}).")
        elif result["lean"] == result["outcome"]:
            said.append(f"Fit alone points the same way ({points} points).")
        else:
            said.append(
                f"By fit alone it would lean toward {OUTCOME_WORDS[result['lean']]} ({points} points)."
            )
    if result["fragile"]:
        said += _fragile_by(result) or [_FRAGILE]
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


def _fragile_by(result: Result) -> list[str]:
    """Which small changes turn the outcome; a document of before they were told apart names none."""
    texts = [change["text"] for change in result.get("fragile_by") or ()]
    return [f"Fragile: {text[:1].lower()}{text[1:]}" for text in texts]


def outcome_word(code: str) -> str:
    """``EITHER`` -> ``Either``."""
    return OUTCOMES[code][0]


def unbroken(text: str) -> str:
    """Numbers stay with their units at the end of a line."""
    return text.replace(" bps", "\u00a0bps")
