"""The decide panel's form. Decision and structure are one choice: accept and override cost equal clicks."""

from typing import Any

from django import forms

from advisory.recommendations.models import Decision, Recommendation
from advisory.recommendations.rationale import Decided, possible_choices, problems
from advisory.recommendations.reasons import REASONS, Reason
from advisory.recommendations.words import STRUCTURES
from households.foundation import formats
from households.foundation.errors import DomainError
from households.models import User

Kind = Decision.Kind
_VERBS = {
    Kind.ACCEPT: "Accept: {}",
    Kind.OVERRIDE: "Override: {}",
    Kind.DEFER: "Defer the decision",
    Kind.DECLINE: "The client declined",
}
_DEFERRING, _DECLINING = {Kind.DEFER}, {Kind.DECLINE}
ALTERNATIVES = ("SMA", "UMA", "stay", "ETF")
# The service names what it stores; the form names what is on the page.
_FIELDS = {"kind": "decision", "chosen": "decision", "reason_codes": "reasons"}


def decision_choices(outcome: str) -> list[tuple[str, str]]:
    """``accepted:SMA`` -> words, for everything that may be decided about an outcome."""
    return [
        (f"{kind}:{choice}", words.format(_structure(choice)))
        for kind, words in _VERBS.items()
        for choice in possible_choices(kind, outcome)
    ]


def _structure(choice: str) -> str:
    return STRUCTURES.get(choice, choice)


def _told(reason: Reason) -> str:
    """The reason's words; those that go with one of accept and override alone say so."""
    fits = set(reason.kinds)
    if Kind.ACCEPT in fits and Kind.OVERRIDE in fits:
        return reason.label
    return f"{reason.label} ({'accept' if Kind.ACCEPT in fits else 'override'} only)"


def _reasons(only: set[Kind] | None) -> list[tuple[str, str]]:
    """Reasons that go with accepting or overriding, or those of another kind that are not among them."""
    main = {Kind.ACCEPT, Kind.OVERRIDE}
    if only is None:
        return [(reason.code, _told(reason)) for reason in REASONS if set(reason.kinds) & main]
    return [
        (reason.code, reason.label)
        for reason in REASONS
        if set(reason.kinds) & only and not set(reason.kinds) & main
    ]


class DecisionForm(forms.Form):
    """What the advisor decides, why, and what was looked at."""

    decision = forms.ChoiceField(label="Your decision", widget=forms.RadioSelect)
    reasons = forms.MultipleChoiceField(
        label="Reasons", choices=_reasons(None), widget=forms.CheckboxSelectMultiple, required=False
    )
    reasons_to_defer = forms.MultipleChoiceField(
        label="Reasons to defer",
        choices=_reasons(_DEFERRING),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reasons_declined = forms.MultipleChoiceField(
        label="Why the client declined", choices=_reasons(_DECLINING), widget=forms.CheckboxSelectMultiple,
        required=False,
    )  # fmt: skip
    rationale = forms.CharField(
        label="Why this is right for this client",
        help_text="Two or three facts of this client that decide. Compliance reads it; leave out names.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
    )
    alternatives_viewed = forms.MultipleChoiceField(
        label="Alternatives you have looked at", widget=forms.CheckboxSelectMultiple, required=False
    )
    cost_acknowledged = forms.BooleanField(
        label="I have seen what each alternative costs the client", required=False
    )
    conflict_acknowledged = forms.BooleanField(
        label="I have seen what the firm and I would earn with each", required=False
    )
    corrects = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        recommendation: Recommendation,
        by: User,
        corrects: Decision | None = None,
        **kwargs: Any,
    ) -> None:
        self.recommendation, self.by = recommendation, by
        if corrects is not None:
            kwargs["initial"] = _initial_of(corrects)
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = decision_choices(recommendation.outcome)  # type: ignore[attr-defined]
        viewed = [(name, _with_cost(recommendation, name)) for name in ALTERNATIVES]
        self.fields["alternatives_viewed"].choices = viewed  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Everything that is lacking at once; the service refuses the same, one by one."""
        if {"decision", "rationale"} <= set(self.cleaned_data):
            given = self.arguments
            cost, conflict = given.pop("cost_acknowledged"), given.pop("conflict_acknowledged")
            for problem in problems(self.recommendation, Decided(**given), cost, conflict, self.by):
                self.refuse(problem)
        return self.cleaned_data

    @property
    def arguments(self) -> dict[str, Any]:
        """What :func:`services.decide` takes, beside who decides on what."""
        data = self.cleaned_data
        kind, chosen = data["decision"].split(":")
        reasons = [data.get(name, []) for name in ("reasons", "reasons_to_defer", "reasons_declined")]
        return {
            "kind": kind,
            "chosen": chosen,
            "reason_codes": [code for codes in reasons for code in codes],
            "rationale": data["rationale"].strip(),
            "cost_acknowledged": data["cost_acknowledged"],
            "conflict_acknowledged": data["conflict_acknowledged"],
            "alternatives_viewed": data.get("alternatives_viewed", []),
        }

    def refuse(self, error: DomainError) -> None:
        """Shows a refusal of the service at its field."""
        name = _FIELDS.get(error.field, error.field)
        self.add_error(name if name in self.fields else None, str(error))


def _with_cost(recommendation: Recommendation, name: str) -> str:
    words = {"stay": "Stay as is", "ETF": "A plain ETF"}.get(name) or _structure(name)
    bps = getattr(recommendation, f"{name.lower()}_cost_bps")
    cents = getattr(recommendation, f"{name.lower()}_cost")
    if bps is None:
        return f"{words} (cost unknown)"
    amount = "" if cents is None else f", {formats.money(cents, 0)} a year"
    return f"{words} ({formats.bps(bps)}{amount})"


def _initial_of(decision: Decision) -> dict[str, Any]:
    """A correction begins with what was recorded."""
    return {
        "decision": f"{decision.kind}:{decision.chosen}",
        "reasons": decision.reason_codes,
        "reasons_to_defer": decision.reason_codes,
        "reasons_declined": decision.reason_codes,
        "rationale": decision.rationale,
        "alternatives_viewed": decision.alternatives_viewed,
        "corrects": decision.pk,
    }
