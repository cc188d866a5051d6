"""What stands on the page for each fact: a strip of outcomes, a slider over it, and a box to type into."""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from advisory.recommendations.what_if.choosing import STOPS, Room, stop_of, typed_unit
from advisory.recommendations.what_if.form import WhatIfForm
from advisory.recommendations.what_if.working import Worked
from advisory.recommendations.words import fact_label, fact_words
from households.foundation.formats import is_known
from households.foundation.svg import Chart, Mark, Zone, threshold_strip
from households.foundation.svg.strips import WORDS
from households.intake.codes import CODES, LEVELS
from implementation.rules.changes.sweep import Span, Stretch, sweep
from implementation.rules.facts import FACTS

_DIGITS = 6
_MARKS = 4  # thresholds that a strip has room to name


@dataclass(frozen=True)
class Slider:
    """A range input, in typed units.

    Attributes:
        ends: low and high where the slider goes by magnitude; its own values then count its stops.
    """

    low: str
    high: str
    stop: str
    value: str
    ends: tuple[str, str] | None = None


@dataclass(frozen=True)
class Choice:
    """One answer of a fact of words."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Group:
    """The answers, or the values from one to another, that lead to one outcome."""

    outcome: str
    answers: str

    @property
    def words(self) -> str:
        """The outcome in a word."""
        return WORDS[self.outcome]


@dataclass(frozen=True)
class Control:
    """One fact that can be moved.

    Attributes:
        text: what the box shows; what was typed where it is refused.
        now, recorded: the value and the record's, in words.
        state: ``set`` by hand, moved ``along``, or empty: as recorded.
        slider, strip: for numbers and levels with room to move; else None.
        choices: for facts of words and levels.
        groups: which answers or values give which outcome.
        stuck: there is no other value.
    """

    name: str
    label: str
    kind: str
    prefix: str
    suffix: str
    text: str
    now: str
    recorded: str
    state: str
    slider: Slider | None
    strip: Chart | None
    choices: Sequence[Choice]
    groups: Sequence[Group]
    stuck: bool
    errors: Sequence[str]
    redraw: bool


def controls_of(form: WhatIfForm, worked: Worked | None) -> list[Control]:
    """The controls of a form, as it stands after what was sent.

    Args:
        worked: what followed; None where something was refused, and all stands as before.
    """
    facts = worked.facts if worked else form.before
    rooms = form.rooms_now()
    flips = (worked.result if worked else form.recorded)["flip_points"]
    spans = {name: _with_flips(name, room.span, flips) for name, room in rooms.items() if not room.stuck}
    swept = sweep(spans, form.grounds.shelf, form.grounds.policy)
    return [
        _control(form, name, facts[name], rooms[name], swept.get(name, ()), worked) for name in form.shown
    ]


def _with_flips(name: str, span: Span, flips: Sequence[Mapping[str, Any]]) -> Span:
    """The flip points that the answer names lie on the strip, however narrow what lies beyond them."""
    if FACTS[name].kind in ("code", "flag"):
        return span
    return replace(span, also=tuple(float(flip["to"]) for flip in flips if flip["fact"] == name))


def _control(
    form: WhatIfForm, name: str, value: Any, room: Room, swept: Sequence[Stretch], worked: Worked | None
) -> Control:
    kind, field = FACTS[name].kind, form.asked[name]
    recorded = form.grounds.facts[name]
    refused = name in form.errors
    text = form.sent(name) if refused else form.text(name, value)
    numbers = kind not in ("code", "flag") and not room.stuck
    steps = worked.steps if worked else form.steps
    by_hand = name in {step.fact for step in steps}
    return Control(
        name=name,
        label=fact_label(name),
        kind=kind,
        prefix=getattr(field, "prefix", ""),
        suffix=getattr(field, "suffix", ""),
        text=text,
        now=fact_words(name, value),
        recorded=fact_words(name, recorded),
        state="set" if by_hand else "along" if value != recorded else "",
        slider=_slider(name, value, room) if numbers else None,
        strip=_strip(name, value, recorded, room, swept) if numbers else None,
        choices=_choices(name, form, value),
        groups=_groups(name, swept),
        stuck=room.stuck,
        errors=[str(error) for error in form.errors.get(name, ())],
        # A box is drawn again only where it does not show what it should: a person may be typing in it.
        redraw=not refused and form.is_bound and name not in form.touched and text != form.sent(name).strip(),
    )


def _slider(name: str, value: Any, room: Room) -> Slider:
    low, high, unit = room.span.low, room.span.high, typed_unit(name)
    at = low if value is None else min(max(float(value), low), high)
    if room.logarithmic:
        place = round(STOPS * math.log(at / low) / math.log(high / low))
        return Slider("0", str(STOPS), "1", str(place), (_plain(low * unit), _plain(high * unit)))
    stop = stop_of(name, low, high)
    # A browser counts the stops from the low end: on whole stops the thumb stands where the value is.
    first = math.ceil(round(low * unit / stop, _DIGITS)) * stop
    last = math.floor(round(high * unit / stop, _DIGITS)) * stop
    if first < last:
        low, high = first / unit, last / unit
        at = min(max(at, low), high)
    return Slider(_plain(low * unit), _plain(high * unit), _plain(stop), _plain(at * unit))


def _plain(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _writer(name: str) -> Callable[[float], str]:
    if FACTS[name].kind == "level":
        return lambda value: LEVELS[round(value)]
    return lambda value: fact_words(name, value)


def _strip(name: str, value: Any, recorded: Any, room: Room, swept: Sequence[Stretch]) -> Chart:
    """The stretches of outcome as zones without gaps, and the nearest thresholds by name."""
    low, high = room.span.low, room.span.high
    starts = [stretch.low for stretch in swept]
    zones = [
        Zone(stretch.low, end, stretch.outcome)
        for stretch, end in zip(swept, [*starts[1:], high], strict=True)
    ]
    return threshold_strip(
        title=fact_label(name),
        value=value,
        low=low,
        high=high,
        write=_writer(name),
        marks=_marks(value, swept),
        zones=zones,
        recorded=recorded if value != recorded and is_known(recorded) else None,
        logarithmic=room.logarithmic,
    )


def _marks(value: Any, swept: Sequence[Stretch]) -> list[Mark]:
    """Where the outcome changes: named from the side of the value, the nearest first."""
    found = []
    for left, right in itertools.pairwise(swept):
        if value is not None and right.low <= value:
            found.append(Mark(left.high, f"{WORDS[left.outcome]} up to"))
        else:
            found.append(Mark(right.low, f"{WORDS[right.outcome]} from"))
    near = value or 0.0
    return sorted(found, key=lambda mark: abs(mark.at - near))[:_MARKS]


def _choices(name: str, form: WhatIfForm, value: Any) -> list[Choice]:
    listed = _answers(name)
    if listed and form.grounds.facts[name] is None:
        listed.insert(0, ("", "Not known, as recorded"))
    chosen = form.text(name, value)
    return [Choice(code, label, code == chosen) for code, label in listed]


def _answers(name: str) -> list[tuple[str, str]]:
    """Answers as the field sends them, with their words, in the order of the contract."""
    kind = FACTS[name].kind
    if kind == "flag":
        return [("no", "No"), ("yes", "Yes")]
    if kind == "level":
        return [(str(number), word) for number, word in enumerate(LEVELS)]
    return list(CODES.get(name, ()))


def _groups(name: str, swept: Sequence[Stretch]) -> list[Group]:
    if FACTS[name].kind not in ("code", "flag"):
        write = _writer(name)
        return [Group(each.outcome, f"{write(each.low)} to {write(each.high)}") for each in swept]
    words = [label for _, label in _answers(name)]
    groups: dict[str, list[str]] = {}
    for stretch in swept:
        groups.setdefault(stretch.outcome, []).append(words[int(stretch.low)])
    return [Group(outcome, ", ".join(answers)) for outcome, answers in groups.items()]
