"""What the pages of bulk reviews ask for."""

import django_filters
from django import forms
from django.db.models import QuerySet

from advisory.runs.models import RunResult
from implementation.rules.engine import OUTCOMES

ACTIONS = ("preview", "approve", "start", "pause", "resume", "cancel", "retry", "seal")
_WORDS = {
    "SMA": "SMA",
    "UMA": "UMA",
    "EITHER": "Either",
    "NEITHER": "Neither",
    "INDETERMINATE": "Indeterminate",
}
_OUTCOMES = [(code, _WORDS[code]) for code in OUTCOMES]


class NewRunForm(forms.Form):
    """The name of a new run and the key that makes pressing twice harmless; the filter is the book's own."""

    title = forms.CharField(
        label="Name of this bulk review", max_length=120, required=False,
        help_text="For the list, such as “After the new shelf”. Without one it is named for what it covers.",
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    filter = forms.CharField(widget=forms.HiddenInput, required=False)


class ActionForm(forms.Form):
    """One of the buttons of a run's page."""

    action = forms.ChoiceField(choices=[(name, name) for name in ACTIONS])
    key = forms.CharField(max_length=64, required=False)


class ResultFilter(django_filters.FilterSet):
    """Which results of a run to show."""

    show = django_filters.ChoiceFilter(
        choices=[("flipped", "Another outcome than before"), ("changed", "Changed, or first evaluated"),
                 ("unchanged", "Confirmed unchanged"), ("failed", "Could not be evaluated")],
        method="by_kind", label="Show", empty_label="All results",
    )  # fmt: skip
    before = django_filters.ChoiceFilter(
        field_name="outcome_before", choices=_OUTCOMES, label="Outcome before", empty_label="Any"
    )
    after = django_filters.ChoiceFilter(
        field_name="outcome_after", choices=_OUTCOMES, label="Outcome after", empty_label="Any"
    )

    class Meta:
        model = RunResult
        fields: list[str] = []

    def by_kind(self, queryset: QuerySet[RunResult], name: str, value: str) -> QuerySet[RunResult]:
        """Flips by their own index; the rest by kind."""
        return queryset.filter(flipped=True) if value == "flipped" else queryset.filter(kind=value)
