"""The form of a record, held against the record as it stands when the form comes back."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Model
from django.utils.choices import flatten_choices

from households.forms.fields import same_answer
from households.forms.merging import NOT_KNOWN, Clash, News, held_by, lacks_choice
from households.foundation import formats
from households.models import Change
from households.selectors import last_changes
from households.services.recording import written


class RecordForm(forms.Form):
    """A form for a new record, or for one that stands; its fields are called as the record's.

    Sent back, a field that the page left alone is as the record has it by now. One that the page changed, and
    that is another by now than the page showed, is an error until one of the two values is chosen.

    Args:
        record: what is changed, as it stands under the household's lock; None for a new one.

    Attributes:
        left_alone: fields that the page sent back as it showed them.
        clashes: fields changed here and, otherwise, by somebody else; known once the form is validated.
    """

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        if record:
            kwargs["initial"] = {name: getattr(record, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.record = record
        self.clashes: list[Clash] = []
        self._now = {name: _text(field, self.initial.get(name)) for name, field in self.fields.items()}
        self._showed: Mapping[str, Any] = self._now
        self._moved: set[str] = set()
        self._moved_by_others: set[str] = set()
        self.left_alone: set[str] = set()
        if record and self.is_bound:
            self._hold_against_the_record()

    def _hold_against_the_record(self) -> None:
        was = held_by(self.data)
        showed = {name: was.get(self.add_prefix(name)) for name in self.fields}
        self._moved = {name for name, text in showed.items() if text != self._now[name]}
        self.left_alone = {name for name in self.fields if self._sent(name) in (None, showed[name])}
        self._moved_by_others = {name for name in self._moved & self.left_alone if showed[name] is not None}
        self._showed = showed | {name: self._now[name] for name in self.left_alone}
        self.data = self.data.copy()
        for name in self.left_alone:
            self.data[self.add_prefix(name)] = self._now[name]

    def _sent(self, name: str) -> str | None:
        value = self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        return None if value is None else str(value)

    def full_clean(self) -> None:
        super().full_clean()
        if self.record and self.is_bound:
            self._refuse_what_clashes()

    def _refuse_what_clashes(self) -> None:
        answers = self.changes()
        names = [name for name in answers if name in self._moved]
        changed = self._makers(names)
        self.clashes = [self._clash(name, answers[name], changed.get(name)) for name in names]
        for name, clash in zip(names, self.clashes, strict=True):
            who = clash.who or "somebody else"
            self.add_error(
                name,
                f"{clash.label}: you entered “{clash.mine}”, and {who} changed it to “{clash.theirs}” since "
                "you opened this page. Choose which one stands.",
            )

    def _clash(self, name: str, answer: Any, change: Change | None) -> Clash:
        key = self.add_prefix(name)
        return Clash(
            name=key,
            label=str(self.fields[name].label),
            mine=self._words(name, answer),
            theirs=self._words(name, self.initial[name]),
            shown=self._now[name],
            who=str(change.by) if change else "",
            when=change.at if change else None,
            chosen=str(self.data.get(f"choice-{key}", "")),
            missing=lacks_choice(self.data, key),
        )

    @property
    def was(self) -> str:
        """What the page shows of each field, for its hidden ``was``: JSON."""
        return json.dumps({self.add_prefix(name): self._showed[name] for name in self.fields})

    @property
    def status(self) -> int:
        """The HTTP status of a page with this form."""
        return 409 if self.clashes else 422 if self.errors else 200

    def changes(self) -> dict[str, Any]:
        """Sound values that differ from the record's: the service's arguments."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if not same_answer(value, self.initial[name])
        }

    def news(self) -> list[News]:
        """Fields that this page left alone and that are others by now than it showed."""
        told = [name for name in self.fields if name in self._moved_by_others]
        changed = self._makers(told)
        return [
            News(
                label=str(self.fields[name].label),
                now=self._words(name, self.initial[name]),
                who=str(changed[name].by) if name in changed else "",
                when=changed[name].at if name in changed else None,
            )
            for name in told
        ]

    # --- the record's history ---

    @property
    def household_id(self) -> UUID:
        """The household whose history tells of the record."""
        found: UUID = self.record.household_id
        return found

    def told_as(self, name: str) -> tuple[str, tuple[str, ...]]:
        """Key and fields under which history tells what a field of the record became."""
        return str(self.record.pk), (name,)

    def _makers(self, names: list[str]) -> dict[str, Change]:
        """Field -> the change that made its present value; none where another act than that made it."""
        if not names:
            return {}
        told = {name: self.told_as(name) for name in names}
        keys = {key for key, _ in told.values()}
        changed = last_changes(
            self.household_id, keys, {field for _, among in told.values() for field in among}
        )
        found = {}
        for name, (_, fields) in told.items():
            rows = [changed[field] for field in fields if field in changed]
            newest = max(rows, key=lambda row: (row.at, row.pk), default=None)
            if newest and newest.new == written(self.record, name, self.initial[name]):
                found[name] = newest
        return found

    def _words(self, name: str, value: Any) -> str:
        """A value as a reader sees it."""
        field = self.fields[name]
        text = _text(field, value)
        labels = {str(code): str(label) for code, label in flatten_choices(getattr(field, "choices", ()))}
        if text in labels:
            return labels[text]
        if isinstance(value, bool):
            return formats.yes_no(value)
        if isinstance(value, date):
            return formats.day(value)
        if isinstance(value, Model):
            return str(value)
        if not text:
            return NOT_KNOWN if value is None else "Left empty"
        suffix = getattr(field, "suffix", "")
        space = " " if suffix and suffix != "%" else ""
        return f"{getattr(field, 'prefix', '')}{text}{space}{suffix}"


def _text(field: forms.Field, value: Any) -> str:
    """A value as the field shows it, and as the page sends it back when nobody touches it."""
    prepared = field.prepare_value(value)
    return "" if prepared is None else str(getattr(prepared, "pk", prepared))
