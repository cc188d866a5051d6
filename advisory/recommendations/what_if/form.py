"""The what-if form: one field a fact, typed as in the intake, and where the page stood before it was sent."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from advisory.recommendations.what_if.choosing import Room, room_beside
from advisory.recommendations.what_if.working import (
    Grounds,
    Step,
    Worked,
    moved,
    steps_as_json,
    steps_from_json,
    work_out,
)
from advisory.recommendations.words import fact_label
from households.forms.fields import (
    BpsField,
    CodeField,
    CountField,
    FlagField,
    LevelField,
    MoneyField,
    PercentField,
    TaxRateField,
    YearsField,
)
from households.foundation.errors import DomainError
from households.intake.codes import CODES
from implementation.rules.facts import FACTS, FactError

_NUMBERS: Mapping[str, type[Any]] = {
    "money": MoneyField,
    "share": PercentField,
    "signed_share": PercentField,
    "rate": TaxRateField,
    "bps": BpsField,
    "count": CountField,
    "years": YearsField,
}
_CENTS = 100
_SHOWN = {"money": 0, "share": 3, "signed_share": 3, "rate": 4}
"""Digits that a box shows: dollars, tenths of a percent, hundredths for rates."""
_NAME = re.compile(r"\b(" + "|".join(sorted(FACTS, key=len, reverse=True)) + r")\b")


class WhatIfForm(forms.Form):
    """Facts of a record set otherwise.

    Args:
        data: what was sent, or None for a page that is opened.
        grounds: the record.
        steps: the facts set before; ``data`` carries its own.
        shown: the facts with a field, in order; ``data`` carries its own.
        recorded: the record's own result: what holds without steps, and how far the sliders reach.

    Attributes:
        steps: the facts set by hand, those of ``data`` included once :meth:`work_out` was called.
        touched: the facts that ``data`` sets otherwise than the page showed; they alone are fields.
        emptied: the facts that go back to the record.
        asked: fact -> its field, bounded by what it can be beside the others.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        grounds: Grounds,
        steps: Sequence[Step] = (),
        shown: Sequence[str] = (),
        recorded: Mapping[str, Any],
    ) -> None:
        self.grounds, self.recorded = grounds, recorded
        self.steps = tuple(steps) if data is None else _steps_of(data)
        self.shown = tuple(shown) if data is None else _shown_of(data)
        self.before = moved(grounds, self.steps)
        rooms = self.rooms_now()
        self.asked = {name: _field(name, grounds.facts[name], rooms[name]) for name in self.shown}
        self.touched: tuple[str, ...] = ()
        self.emptied: tuple[str, ...] = ()
        super().__init__(None if data is None else dict(data.items()), auto_id="what_if_%s")
        if self.is_bound:
            self._compare_with_the_page()

    def _compare_with_the_page(self) -> None:
        """An emptied box goes back to the record, and one left as it was is not read again."""
        sent = {name: str(self.data.get(name, "")).strip() for name in self.shown}
        was = {name: self.text(name, self.before[name]) for name in self.shown}
        self.emptied = tuple(name for name in self.shown if was[name] and not sent[name])
        self.touched = tuple(name for name in self.shown if sent[name] and sent[name] != was[name])
        self.fields |= {name: self.asked[name] for name in self.touched}

    def rooms_now(self) -> dict[str, Room]:
        """What each fact can be beside the steps as they stand."""
        flips = self.recorded["flip_points"]
        return {name: room_beside(self.grounds, self.steps, name, flips) for name in self.shown}

    def text(self, name: str, value: Any) -> str:
        """A value of the contract as the field of its fact shows it: as fine as people state it.

        A box that is sent as it was shown is not read, so that nothing is lost by this.
        """
        kind = _kind(name)
        if value is not None and kind in _SHOWN:
            value = round(value, _SHOWN[kind])
        shown = self.asked[name].prepare_value(
            round(value * _CENTS) if value is not None and kind == "money" else value
        )
        return "" if shown is None else str(shown)

    def sent(self, name: str) -> str:
        """What was typed."""
        return str(self.data.get(name, ""))

    def work_out(self) -> Worked | None:
        """The steps with what was sent, worked out; None with the errors at their fields."""
        if self.is_bound and not self.is_valid():
            return None
        steps = [step for step in self.steps if step.fact not in (*self.touched, *self.emptied)]
        for name in self.touched:
            steps.append(Step(name, _contract(name, self.cleaned_data[name])))
        steps = [step for step in steps if not self._idle(step, steps)]
        if not steps:  # that is the record: nothing has to be worked out again
            self.steps = ()
            return Worked((), self.grounds.facts, self.recorded, {})
        try:
            worked = work_out(self.grounds, steps)
        except FactError as error:
            if not self.is_bound:
                raise
            self._refuse(error)
            return None
        self.steps = worked.steps
        return worked

    def _idle(self, step: Step, steps: Sequence[Step]) -> bool:
        """Whether the fact has this value without the step as well."""
        if step.fact not in self.touched:
            return False
        without = moved(self.grounds, [other for other in steps if other is not step])
        return bool(without[step.fact] == step.value)

    def _refuse(self, error: FactError) -> None:
        """A contradiction, at the field it names or else at what was set last."""
        at = next((name for name in (error.fact, *reversed(self.touched)) if name in self.fields), None)
        named = "" if at == error.fact else f"{fact_label(error.fact)} "
        self.add_error(at, _plainly(f"{named}{error.problem}. {error.remedy}".strip()))


def _kind(name: str) -> str:
    return FACTS[name].kind


def _plainly(text: str) -> str:
    """Facts by their labels, for nobody reads their names."""
    said = _NAME.sub(lambda match: fact_label(match[1]).lower(), text)
    return said[:1].upper() + said[1:]


def _field(name: str, recorded: Any, room: Room) -> forms.Field:
    kind, label, known = _kind(name), fact_label(name), recorded is not None
    if kind == "code":
        return CodeField(choices=CODES[name], label=label, unknown="Not known, as recorded")
    if kind == "flag":
        return FlagField(label=label, unknown="Not known, as recorded")
    if kind == "level":
        return LevelField(label=label, unknown="Not known, as recorded", widget=forms.Select)
    unit = 100 if kind in ("share", "signed_share", "rate") else 1
    bounds = {"low": _tidy(room.low * unit), "high": _tidy(room.high * unit)}
    return _NUMBERS[kind](label=label, required=known, **bounds)  # type: ignore[no-any-return]


def _tidy(bound: float) -> float:
    return round(bound, 4) + 0.0


def _contract(name: str, stored: Any) -> Any:
    """A value as fields give it, in the contract's unit."""
    return stored / _CENTS if _kind(name) == "money" else stored


def _steps_of(data: Mapping[str, Any]) -> tuple[Step, ...]:
    try:
        return steps_from_json(json.loads(data.get("steps") or "[]"))
    except (ValueError, FactError) as error:
        raise _lost() from error


def _shown_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(str(data.get("shown", "")).split()))
    added = str(data.get("add", ""))
    if added and "adding" in data and added not in names:
        names = (*names, added)
    if not all(name in FACTS and FACTS[name].changeable for name in names):
        raise _lost()
    return names


def _lost() -> DomainError:
    return DomainError(
        "What this page showed could not be read back.", remedy="Open the recommendation again.", status=422
    )


def hidden_steps(steps: Sequence[Step]) -> str:
    """The steps as the page carries them."""
    return json.dumps(steps_as_json(steps), separators=(",", ":"))
