"""What speaks for one structure and what for the other, factor by factor, on both sides of a middle line."""

from collections.abc import Sequence
from dataclasses import dataclass

from households.foundation.formats import decimal, signed
from households.foundation.svg.canvas import Chart, Sheet

ROW = 42
_MIDDLE = 50.0
_REACH = 38.0  # of the widest bar: its points fit beside it on the narrowest screen
_GAP = 1.5


@dataclass(frozen=True)
class Side:
    """One factor: the points that pull to either side, each 0 or more, and what it adds in the end.

    Attributes:
        net: points, positive to the right; None when a missing fact leaves it open.
    """

    label: str
    left: float
    right: float
    net: float | None


def _describe(sides: Sequence[Side], left: str, right: str) -> str:
    told = []
    for name, pulls in (
        (left, [(side.left, side.label) for side in sides]),
        (right, [(side.right, side.label) for side in sides]),
    ):
        most, label = max(pulls, default=(0.0, ""))
        said = f"Most for the {name}: {label}, {decimal(most)} points."
        told.append(said if most else f"Nothing pulls toward the {name}.")
    return " ".join(told)


def two_sided_bars(
    sides: Sequence[Side],
    *,
    title: str = "What speaks for each",
    left: str = "UMA",
    right: str = "SMA",
) -> Chart:
    """For each factor a bar to the left for what pulls there and one to the right for what pulls here.

    Args:
        sides: in the order to show.
        left, right: names of the two sides.
    """
    sheet = Sheet(title, _describe(sides, left, right))
    widest = max((max(side.left, side.right) for side in sides), default=0.0) or 1.0
    sheet.text(0, 14, f"← for the {left}", kind="uma-ink")
    sheet.text(100, 14, f"for the {right} →", kind="sma-ink", anchor="end")
    y = 28.0
    for side in sides:
        sheet.text(0, y + 13, side.label)
        sheet.track(0, y + 20, 100, 14)
        for pull, kind in ((side.left, "uma"), (side.right, "sma")):
            _bar(sheet, y + 20, pull, _REACH * pull / widest, kind)
        y += ROW
    sheet.line(_MIDDLE, 28, y)
    rows = [(s.label, decimal(s.left, 2), decimal(s.right, 2), signed(s.net, 2)) for s in sides]
    whole = Side("All", sum(s.left for s in sides), sum(s.right for s in sides), _total(sides))
    rows.append((whole.label, decimal(whole.left, 2), decimal(whole.right, 2), signed(whole.net, 2)))
    return sheet.finish(y + 4, ("Factor", f"For the {left}", f"For the {right}", "Adds"), rows)


def _total(sides: Sequence[Side]) -> float | None:
    known = [side.net for side in sides if side.net is not None]
    return sum(known) if len(known) == len(sides) else None


def _bar(sheet: Sheet, y: float, pull: float, width: float, kind: str) -> None:
    """One bar, its points beside its end."""
    if not pull:
        return
    if kind == "uma":
        sheet.rect(_MIDDLE - width, y, width, 14, kind, radius=1)
        sheet.text(_MIDDLE - width - _GAP, y + 11, decimal(pull), kind="strong", anchor="end", size=12)
    else:
        sheet.rect(_MIDDLE, y, width, 14, kind, radius=1)
        sheet.text(_MIDDLE + width + _GAP, y + 11, decimal(pull), kind="strong", size=12)
