"""Where a household's money is: today, by each account's own answer, by the plan for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from households.foundation.formats import compact_dollars, dollars
from households.foundation.svg.canvas import Chart, Sheet

BAR = 20
STAYS = "Stays as it is"
_CENT = 0.005
KINDS = (
    ("SMA", "sma"),
    ("Either", "either"),
    ("UMA", "uma"),
    ("Neither", "neither"),
    (STAYS, "stays"),
    ("In no structure", "rest"),
    ("Not known", "indeterminate"),
)
"""What money can be in, from one side of the fit to the other, and how it is drawn."""
TOGETHER = "Coordinated"


@dataclass(frozen=True)
class Standing:
    """One way the accounts stand.

    Attributes:
        name: what the bar is called.
        amounts: label of `KINDS` -> dollars; a label that is absent has none.
        together: dollars that an overlay coordinates over accounts: of the UMA and, where it is not settled
            which, of what either structure fits. None: not known.
    """

    name: str
    amounts: dict[str, float]
    together: float | None = 0.0

    @property
    def total(self) -> float:
        """All of it, dollars."""
        return sum(self.amounts.values())


def standing_bars(standings: Sequence[Standing], *, title: str, left_out: int = 0) -> Chart:
    """One bar a standing, split by structure; a line under the UMA shows how much is coordinated.

    Args:
        left_out: accounts that cannot be drawn because their value is not known.

    Raises:
        ValueError: a label that is none of `KINDS`, or more coordinated than could be in the UMA.
    """
    for standing in standings:
        if strange := set(standing.amounts) - {label for label, _ in KINDS}:
            raise ValueError(f"not a place for money: {', '.join(sorted(strange))}")
        if (standing.together or 0.0) > standing.amounts.get("UMA", 0.0) + standing.amounts.get(
            "Either", 0.0
        ) + _CENT:
            raise ValueError("more is coordinated than could be in the UMA")
    told = [_told(standing) for standing in standings]
    if left_out:
        told.append(f"Left out: {left_out} {'account' if left_out == 1 else 'accounts'} of unknown value.")
    more = " and more" if left_out else ""
    sheet = Sheet(title, " ".join(told))
    y = 0.0
    for standing in standings:
        y = _bar(sheet, y, standing, more)
    y = _legend(sheet, y, standings)
    used = [label for label, _ in KINDS if any(s.amounts.get(label) for s in standings)]
    rows = [(label, *(dollars(s.amounts.get(label, 0.0)) for s in standings)) for label in used]
    rows.append((TOGETHER, *(dollars(s.together) for s in standings)))
    rows.append(("All", *(dollars(s.total) + more for s in standings)))
    return sheet.finish(y, ("In", *(standing.name for standing in standings)), rows)


def _told(standing: Standing) -> str:
    parts = [
        f"{label} {dollars(standing.amounts[label])}" for label, _ in KINDS if standing.amounts.get(label)
    ]
    together = f", {dollars(standing.together)} of it coordinated" if standing.together else ""
    if standing.together is None:
        together = ", how much of it is coordinated is not known"
    return f"{standing.name}: {', '.join(parts) or 'nothing'}{together}."


def _bar(sheet: Sheet, y: float, standing: Standing, more: str) -> float:
    sheet.text(0, y + 13, standing.name, kind="strong")
    sheet.text(100, y + 13, compact_dollars(standing.total) + more, kind="quiet", anchor="end")
    top = y + 21
    sheet.track(0, top, 100, BAR, radius=2)
    x = 0.0
    for label, kind in KINDS:
        width = 100 * standing.amounts.get(label, 0.0) / standing.total if standing.total else 0.0
        if not width:
            continue
        sheet.rect(x, top, width, BAR, kind)
        if x:
            sheet.line(x, top, top + BAR, kind="sep")
        x += width
    if standing.together:
        _together(sheet, top + BAR, standing, standing.together)
    return top + BAR + (30 if standing.together else 14)


def _together(sheet: Sheet, y: float, standing: Standing, together: float) -> None:
    """A line under what is coordinated, and how much that is: the UMA, and before it some of either."""
    before = sum(standing.amounts.get(label, 0.0) for label in ("SMA", "Either"))
    start = before - max(together - standing.amounts.get("UMA", 0.0), 0.0)
    x, width = (100 * amount / standing.total for amount in (start, together))
    sheet.rule(y + 5, x, x + width, kind="whisker", width=3)
    words = f"{compact_dollars(together)} coordinated"
    sheet.label_at(x + width / 2, y + 20, words, kind="quiet", size=12)


def _legend(sheet: Sheet, y: float, standings: Sequence[Standing]) -> float:
    """What the colors are, three on a line."""
    used = [(label, kind) for label, kind in KINDS if any(s.amounts.get(label) for s in standings)]
    for index, (label, kind) in enumerate(used):
        x, line = 100 / 3 * (index % 3), y + 12 + 22 * (index // 3)
        sheet.swatch(x, line, kind)
        sheet.text(x, line, label, shift=18)
    return y + 20 + 22 * max((len(used) - 1) // 3, 0)
