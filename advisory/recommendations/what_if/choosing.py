"""Which facts are worth moving, and over which part of what they can be a slider goes."""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisory.recommendations.what_if.working import Grounds, Step, moved
from advisory.recommendations.words import fact_label
from implementation.rules.changes.steps import STEP
from implementation.rules.changes.sweep import Span, room_of
from implementation.rules.factors import FITS, reads
from implementation.rules.facts import FACTS, FUNDING_SHARES, columns_of

FLIPPING = 4
"""Facts shown because they flip the outcome, before those that merely weigh most."""
SHOWN = 6
ALIKE = 2
"""Funding shares among them: when one moves the others do, so that more of them tell the same story."""
_WORDS = ("code", "flag")
_TYPED = {"share": 100.0, "signed_share": 100.0, "rate": 100.0}
"""Kinds that people type in percent."""
STOPS = 200  # of a slider over an amount: fine enough to read, coarse enough for the arrow keys
_MAGNITUDES = 100
_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Room:
    """What a fact can be beside the other steps.

    Attributes:
        low, high: the least and the greatest it can be, in the contract's unit.
        span: what the slider covers, from the account that the fact is moved in.
    """

    low: float
    high: float
    span: Span

    @property
    def stuck(self) -> bool:
        """Whether there is no other value: nothing else is there that could take its place."""
        return not self.span.low < self.span.high

    @property
    def logarithmic(self) -> bool:
        """Whether it spans magnitudes, so that an even slider would squeeze all thresholds to one end."""
        return self.span.low > 0 and self.span.high >= _MAGNITUDES * self.span.low


def shown_first(result: Mapping[str, Any], grounds: Grounds) -> tuple[str, ...]:
    """The facts to show at once: those that flip the outcome or would settle it, then the weightiest.

    Args:
        result: the record's own explanation.
    """
    asked = [entry["fact"] for entry in result["questions"]] if result["outcome"] == "INDETERMINATE" else []
    flipping = [point["fact"] for point in result["flip_points"]]
    paired = [fact for pair in result.get("flip_pairs") or [] for fact in _facts_of(pair)]
    chosen = list(_first(_sliders_first([*asked, *flipping, *paired]), FLIPPING, grounds, ()))
    chosen += _first(_weighty(result, grounds), SHOWN - len(chosen), grounds, chosen)
    return tuple(chosen)


def _facts_of(pair: Mapping[str, Any]) -> Iterator[str]:
    """The facts of a flip of two together."""
    for change in pair.get("changes") or pair.get("facts") or ():
        yield change["fact"] if isinstance(change, Mapping) else change


def _sliders_first(names: Sequence[str]) -> list[str]:
    """Numbers before yes and no: along a number there is something to see."""
    known = [name for name in names if name in FACTS]
    return sorted(known, key=lambda name: FACTS[name].kind in _WORDS)


def _weighty(result: Mapping[str, Any], grounds: Grounds) -> Iterator[str]:
    """The facts behind the factors that add most: the weightiest of each factor, then the next of each."""
    factors = [entry for entry in result["factors"] if entry["contribution"] and entry["factor"] in FITS]
    ranked = sorted(factors, key=lambda entry: -abs(entry["contribution"]))
    for rank in itertools.zip_longest(*(_behind(entry, grounds) for entry in ranked)):
        yield from (name for name in rank if name is not None)


def _behind(entry: Mapping[str, Any], grounds: Grounds) -> list[str]:
    """The facts of a factor, those whose rule pulls hardest first; older documents do not tell how hard."""
    lines = [line for line in entry["trace"] if line.get("fact") in FACTS and line.get("points")]
    lines.sort(key=lambda line: -_hardest(line["points"]))
    read = [name for name in reads(FITS[entry["factor"]]) if name in FACTS]
    numbers = [name for name in read if FACTS[name].kind not in _WORDS and grounds.facts[name]]
    return list(dict.fromkeys([*(line["fact"] for line in lines), *numbers]))


def _hardest(points: Any) -> float:
    return max(abs(end) for end in points) if isinstance(points, list) else abs(points)


def _first(names: Iterable[str], count: int, grounds: Grounds, besides: Sequence[str]) -> list[str]:
    """The first few facts that can be moved at all, each once."""
    found: list[str] = []
    for name in names:
        if len(found) == count:
            break
        if name in found or name in besides or not FACTS[name].changeable:
            continue
        if name in FUNDING_SHARES and len({*found, *besides} & set(FUNDING_SHARES)) >= ALIKE:
            continue
        if not room_beside(grounds, (), name).stuck:
            found.append(name)
    return found


def others(shown: Sequence[str]) -> list[tuple[str, str]]:
    """Every other fact that can be changed, with its label, by label."""
    listed = [(name, fact_label(name)) for name, fact in FACTS.items() if fact.changeable]
    return sorted((pair for pair in listed if pair[0] not in shown), key=lambda pair: pair[1])


# --- rooms ----------------------------------------------------------------------------------------------


def room_beside(
    grounds: Grounds, steps: Sequence[Step], name: str, flips: Sequence[Mapping[str, Any]] = ()
) -> Room:
    """What a fact can be while the other steps stand.

    Args:
        flips: the record's flip points; the slider reaches beyond those of the fact.
    """
    facts = moved(grounds, [step for step in steps if step.fact != name])
    columns = columns_of([facts])
    low, high = room_of(columns, name, grounds.policy)
    if FACTS[name].kind in _WORDS:
        return Room(low, high, Span(columns, 0.0, 1.0))
    now = grounds.facts[name]
    after = [float(point["to"]) for point in flips if point["fact"] == name]
    top = min(high, max(_top(grounds, name, now, after), low))
    return Room(low, high, Span(columns, low, top))


def _top(grounds: Grounds, name: str, now: float | None, after: Sequence[float]) -> float:
    """How far a slider goes: what is stated and what flips lie well inside it."""
    kind = FACTS[name].kind
    if kind not in ("money", "count", "bps"):
        return math.inf
    reach = [2.0 * now] if now else []
    reach += [1.25 * value for value in after]
    if not reach and kind == "money":
        reach = [grounds.facts["account_value"] or 0.0, *_minimums(grounds)]
    return nice(max([*reach, 10 * STEP[kind]]))


def _minimums(grounds: Grounds) -> list[float]:
    return [4.0 * program.initial_minimum for program in grounds.shelf.programs if program.initial_minimum]


def nice(value: float) -> float:
    """The next number up that starts with 1, 2, 2.5 or 5."""
    size = 10.0 ** math.floor(math.log10(value))
    return next(size * digit for digit in _NICE if size * digit >= value * (1 - 1e-9))


def typed_unit(name: str) -> float:
    """How many typed units one of the contract's is: 100 for what is typed in percent."""
    return _TYPED.get(FACTS[name].kind, 1.0)


def stop_of(name: str, low: float, high: float) -> float:
    """How far one press of an arrow key moves the slider, in typed units."""
    kind = FACTS[name].kind
    if kind in ("level", "years"):
        return 1.0
    width = (high - low) * typed_unit(name)
    least = {"rate": 0.5, "share": 0.5, "signed_share": 1.0}.get(kind, 1.0)
    return max(nice(width / STOPS), least)
