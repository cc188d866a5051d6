"""How the queue is narrowed; the querystring is the saved view."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from advisory.recommendations.models import Decision
from advisory.supervision.models import Review
from advisory.supervision.states import OPEN
from households.models import User

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_STATES = [("open", "To review"), ("overdue", "Overdue"), *Review.State.choices]


class ReviewFilter(django_filters.FilterSet):
    """Search, state, decision, risk, reviewer."""

    search = django_filters.CharFilter(method="by_words", label="Household or account")
    state = django_filters.ChoiceFilter(choices=_STATES, method="by_state", label="State", empty_label="All")
    decision = django_filters.ChoiceFilter(
        field_name="decision__kind", choices=Decision.Kind.choices, label="Decision", empty_label="All"
    )
    risk = django_filters.ChoiceFilter(
        choices=[("high", "High"), ("normal", "Normal")], label="Risk", empty_label="All"
    )
    owner = django_filters.ModelChoiceFilter(queryset=None, label="Reviewer", empty_label="All")
    decided_from = django_filters.DateFilter(
        field_name="decision__recorded_at", lookup_expr="date__gte", label="Decided from", widget=_DAY
    )
    decided_to = django_filters.DateFilter(
        field_name="decision__recorded_at", lookup_expr="date__lte", label="Decided to", widget=_DAY
    )

    class Meta:
        model = Review
        fields: list[str] = []

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        reviewers = User.objects.filter(reviews__isnull=False).distinct().order_by("first_name")
        self.filters["owner"].queryset = reviewers
        self.form.fields["owner"].queryset = reviewers

    def by_words(self, queryset: QuerySet[Review], name: str, value: str) -> QuerySet[Review]:
        account = "recommendation__account__"
        return queryset.filter(
            Q(**{f"{account}household__name__icontains": value}) | Q(**{f"{account}name__icontains": value})
        )

    def by_state(self, queryset: QuerySet[Review], name: str, value: str) -> QuerySet[Review]:
        if value == "open":
            return queryset.filter(state__in=OPEN)
        if value == "overdue":
            return queryset.filter(state__in=OPEN, due__lt=timezone.localdate())
        return queryset.filter(state=value)


class ActionForm(forms.Form):
    """What the reviewer does, and why."""

    action = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Reason or note",
        required=False,
        max_length=2000,
        help_text="Needed when you return, reject or escalate. The advisor reads it.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
