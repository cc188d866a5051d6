"""Whether other weightings of the factors would say the same, and which single weight would not."""

from collections.abc import Sequence
from dataclasses import dataclass

from households.foundation.formats import percent
from households.foundation.svg.canvas import Chart, Sheet, text_width
from households.foundation.svg.strips import WORDS

ROW = 56
_ROOM = 1.25  # a weight's scale goes a quarter beyond what is marked on it


@dataclass(frozen=True)
class WeightFlip:
    """The nearest weight of a factor that changes the outcome, the others in proportion; shares of 1."""

    label: str
    now: float
    at: float
    outcome: str


def stability_bar(
    share: float,
    outcome: str,
    flips: Sequence[WeightFlip],
    *,
    title: str = "Other weightings of the factors",
) -> Chart:
    """How many of the weightings that the policy allows keep the outcome, and where single weights turn it.

    Args:
        share: of the weightings that give the same outcome, 0 to 1.
        outcome: code of that outcome.
        flips: nearest first; empty where no single weight changes it.
    """
    same, other = percent(share, 0), percent(1 - share, 0)
    sheet = Sheet(title, _describe(share, outcome, flips))
    sheet.text(0, 13, f"{same} give {WORDS[outcome]}", kind="strong")
    if share < 1:
        sheet.text(100, 13, f"{other} another", kind="quiet", anchor="end")
    sheet.track(0, 20, 100, 16, radius=2)
    sheet.rect(0, 20, 100 * share, 16, outcome.lower(), radius=2)
    y = 46.0
    top = max((max(flip.now, flip.at) for flip in flips), default=0.0) * _ROOM
    for flip in flips:
        _row(sheet, y, flip, top)
        y += ROW
    if not flips:
        sheet.text(0, y + 12, "No single weight within its range changes the outcome.", kind="quiet", size=12)
        y += 18
    rows = [("Same outcome", same, ""), ("Another outcome", other, "")]
    rows += [
        (flip.label, f"from {percent(flip.now)} to {percent(flip.at)}", WORDS[flip.outcome]) for flip in flips
    ]
    return sheet.finish(y + 2, ("Weightings", "Share or weight", "Gives"), rows)


def _describe(share: float, outcome: str, flips: Sequence[WeightFlip]) -> str:
    told = [f"{percent(share, 0)} of the weightings that the policy allows give {WORDS[outcome]}."]
    told += [
        f"{flip.label} weighing {percent(flip.at)}, not {percent(flip.now)}, gives {WORDS[flip.outcome]}."
        for flip in flips
    ]
    return " ".join(told if flips else [*told, "No single weight within its range changes the outcome."])


def _row(sheet: Sheet, y: float, flip: WeightFlip, top: float) -> None:
    now, at = 100 * flip.now / top, 100 * flip.at / top
    sheet.text(0, y + 13, flip.label)
    sheet.track(0, y + 20, 100, 12, radius=2)
    low, high = (0.0, at) if flip.at < flip.now else (at, 100.0)
    sheet.rect(low, y + 20, high - low, 12, f"{flip.outcome.lower()}-soft")
    sheet.line(at, y + 20, y + 35, kind="whisker", dashed=True)
    sheet.diamond(now, y + 26, size=6)
    words = f"{WORDS[flip.outcome]} {'up to' if flip.at < flip.now else 'from'} {percent(flip.at)}"
    beside = f"now {percent(flip.now)}"
    room = 100 - text_width(words, 12) - text_width(beside, 12) > 4
    sheet.label_at(at, y + 48, words, kind="strong", size=12)
    if room and abs(now - at) > (text_width(words, 12) + text_width(beside, 12)) / 2 + 2:
        sheet.label_at(now, y + 48, beside, kind="quiet", size=12)
