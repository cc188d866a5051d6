"""The form of one intake section, made from its questions and from what is known of the account already."""

from collections.abc import Mapping
from typing import Any

from django import forms

from households.forms.fields import (
    BpsField,
    CodeField,
    CountField,
    FlagField,
    LevelField,
    MoneyField,
    NoneOfThemField,
    PercentField,
    TaxRateField,
    YearsField,
    same_answer,
)
from households.intake.codes import CODES
from households.intake.contradictions import contradictions
from households.intake.homes import HOME, Home
from households.intake.questions import Question, Section
from households.intake.sections import LABELS
from households.intake.state import IntakeState, Mode
from households.intake.words import fact_words
from households.models import TaxUnit
from households.models.facts import FACT_NAMES
from households.returns import proposed_return

LEAST_GAIN = -2_000  # percent: the contract's lower bound of a signed share
_NONE_WORDS = {
    "restricted_share": "Checked: none of the positions is restricted",
    "legacy_retention_share": "Checked: the client wants to keep none of them",
}
_KINDS: Mapping[str, type[forms.Field]] = {
    "money": MoneyField,
    "share": PercentField,
    "rate": TaxRateField,
    "bps": BpsField,
    "count": CountField,
    "years": YearsField,
    "level": LevelField,
    "flag": FlagField,
}


class TaxUnitField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The return that gains land on, among those of the household."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, empty_label="Not known yet", **options)

    def label_from_instance(self, obj: TaxUnit) -> str:
        return f"{obj.name} ({obj.get_kind_display().lower()})"


def _field(question: Question, state: IntakeState) -> forms.Field:
    options: dict[str, Any] = {"label": question.label, "help_text": question.hint}
    if state.mode(question.name) is Mode.SETTLE:
        options["help_text"] = (
            "Mark positions that must not be sold, or are to be kept, in the list of positions."
        )
        return NoneOfThemField(none_word=_NONE_WORDS[question.name], **options)
    if question.kind == "unit":
        return TaxUnitField(queryset=state.account.household.tax_units.all(), **options)
    if question.kind == "code":
        empty = "" if HOME[question.name] is Home.ACCOUNT else None
        return CodeField(choices=CODES[question.name], empty=empty, **options)
    if question.kind == "signed_share":
        return PercentField(low=LEAST_GAIN, **options)
    if question.name == "household_accounts":
        return CountField(low=1, **options)
    return _KINDS[question.kind](**options)


class SectionForm(forms.Form):
    """Answers of one section; what is valid may be stored while the rest is not, unless they clash.

    Args:
        section: which section.
        state: the account's intake.

    Hidden beside the questions: the version the page was made from, what it showed of each question, and
    where it shows errors now. What it showed tells what was answered here and what elsewhere.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    with_errors = forms.CharField(widget=forms.HiddenInput, required=False)
    was = forms.JSONField(widget=forms.HiddenInput, required=False)

    def __init__(self, section: Section, state: IntakeState, *args: Any, **kwargs: Any) -> None:
        asked = [q for q in section.questions if state.mode(q.name) in (Mode.ASK, Mode.SETTLE)]
        kwargs["initial"] = {
            "version": state.intake.version,
            **{question.name: state.stated(question.name) for question in asked},
        }
        super().__init__(*args, **kwargs)
        self.section, self.state = section, state
        self.asked = {question.name: question for question in asked}
        self.clashing: set[str] = set()
        for question in asked:
            self.fields[question.name] = self._dressed(question)

    def _dressed(self, question: Question) -> forms.Field:
        """The field with what its component shows beside it."""
        field = _field(question, self.state)
        suffix = getattr(field, "suffix", "")
        field.prefix = getattr(field, "prefix", "")  # type: ignore[attr-defined]
        field.suffix = question.per or suffix  # type: ignore[attr-defined]
        field.width = question.width if field.prefix or field.suffix or question.kind == "count" else ""  # type: ignore[attr-defined]
        field.why = question.why  # type: ignore[attr-defined]
        field.note = self._note(question)  # type: ignore[attr-defined]
        field.provenance = self.state.badge(question.name)  # type: ignore[attr-defined]
        return field

    def _note(self, question: Question) -> str:
        name, state = question.name, self.state
        derived = state.provenance.get(name)
        if state.overridden(name):
            return "Your value counts in place of what was worked out. Empty the box to go back to that."
        if state.stated(name) is None and derived and derived.source == "derived":
            return f"Worked out: {fact_words(name, state.fact(name))}. Fill in only if you know better."
        if name == "tax_unit" and state.stated(name) is None:
            account = state.account
            proposal = proposed_return(account.registration, account.owner, account.household.tax_units.all())
            return proposal.words if proposal else ""
        if state.is_old(name):
            return "This is last year's answer. Is it still right?"
        return ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        # What was worked out follows the answers: it cannot hold against the one that would change it.
        facts = {name: None if self._worked_out(name) else self.state.fact(name) for name in FACT_NAMES}
        facts |= {name: cleaned.get(name) for name in self.asked}
        facts |= {name: self.state.stated(name) for name in self.moved()}
        for clash in contradictions(facts):
            here = [name for name in clash.names if name in self.asked and name in cleaned]
            if here:
                self.clashing |= set(here)
                self.add_error(here[0], clash.message)
        return cleaned

    def _worked_out(self, name: str) -> bool:
        given = self.state.provenance.get(name)
        return given is not None and given.source == "derived"

    # --- against what others stored since ---

    @property
    def showed(self) -> dict[str, str]:
        """What the page showed of each question, as it said; empty where it said nothing."""
        said = self.cleaned_data.get("was")
        return said if isinstance(said, dict) else {}

    def touched(self) -> list[str]:
        """Questions answered anew on the page.

        One that the page did not hold is no answer taken back, and one left as it was overwrites nothing.
        """
        return [name for name in self.asked if name in self.data and self.data[name] != self.showed.get(name)]

    def agrees(self, name: str) -> bool:
        """Whether the page's answer is sound and is what is stored."""
        return name in self.cleaned_data and same_answer(self.cleaned_data[name], self.state.stated(name))

    def _stands(self, name: str) -> bool:
        """Whether what the page showed is still what is stored."""
        if name not in self.showed:
            return bool(self.cleaned_data.get("version") == self.state.intake.version)
        text = self.showed[name]
        if text == self.shown_values()[name]:
            return True
        try:
            return same_answer(self.fields[name].clean(text), self.state.stated(name))
        except forms.ValidationError:
            return False

    def overtaken(self) -> list[str]:
        """Questions answered here and, otherwise, by somebody else since the page was made."""
        touched = [name for name in self.touched() if name in self.cleaned_data]
        return [name for name in touched if not self.agrees(name) and not self._stands(name)]

    def moved(self) -> list[str]:
        """Questions left alone here whose answer is another than the page shows."""
        touched = set(self.touched())
        held = [name for name in self.asked if name in self.showed and name not in touched]
        return [name for name in held if not self._stands(name)]

    def not_asked_any_more(self) -> list[str]:
        """Questions that were answered here and that something else answers by now, such as holdings."""
        known = set(self.section.names) - set(self.asked)
        return sorted(
            name for name in known if name in self.showed and self.data.get(name, "") != self.showed[name]
        )

    def changed_answers(self) -> dict[str, Any]:
        """Sound answers given here that differ from what is stored, and that nobody else gave otherwise."""
        overtaken = set(self.overtaken())
        return {
            name: self.cleaned_data[name]
            for name in self.touched()
            if name in self.cleaned_data and name not in overtaken and not self.agrees(name)
        }

    def shown_values(self) -> dict[str, str]:
        """What the page shows of each question, as it would be sent back: the value of ``was``."""
        values = {name: self[name].field.prepare_value(self.initial.get(name)) for name in self.asked}
        return {
            name: "" if value is None else str(getattr(value, "pk", value)) for name, value in values.items()
        }

    def sound_answers(self) -> dict[str, Any]:
        """Changed answers that no other answer contradicts: what autosave may store."""
        return {name: value for name, value in self.changed_answers().items() if name not in self.clashing}

    def shown_errors(self) -> list[str]:
        """Questions that show an error now."""
        return [name for name in self.asked if name in self.errors]

    def blocks(self) -> list[dict[str, Any]]:
        """The section as its template draws it: legend, hint, and items, each a field or a value to read."""
        drawn = []
        for block in self.section.blocks:
            items: list[dict[str, Any]] = [self._item(question.name) for question in block.questions]
            items += [self._item(name) for name in block.worked_out]
            fields = [item for item in items if item["mode"] in ("ask", "settle")]
            held = [item for item in items if item["mode"] == "held"]
            worked_out = [item for item in items if item["mode"] == "worked_out"]
            if fields or held or worked_out:
                drawn.append(
                    {
                        "legend": block.legend, "hint": block.hint if fields else "", "row": block.row,
                        "fields": fields, "held": held, "worked_out": worked_out,
                    }
                )  # fmt: skip
        return drawn

    def _item(self, name: str) -> dict[str, Any]:
        mode = self.state.mode(name)
        item = {"name": name, "label": LABELS[name], "mode": mode.value}
        if name in self.asked:
            words = fact_words(name, self.state.fact(name))
            return {**item, "bound": self[name], "words": words, "provenance": self.state.badge(name)}
        value = (
            fact_words(name, self.state.fact(name)) if name not in ("tax_unit", "gains_elsewhere") else None
        )
        stated = fact_words(name, self.state.stated(name)) if self.state.superseded(name) else None
        note = f"Your earlier answer ({stated}) gave way to the holdings." if stated else ""
        return {**item, "value": value, "provenance": self.state.badge(name), "note": note}
