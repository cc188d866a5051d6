"""How the history is narrowed; the querystring is the saved view, the same for page and export."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from advisory.recommendations.models import Recommendation
from advisory.recommendations.states import State
from households.foundation.roles import Role
from households.models import Household, Office, User
from households.templatetags.sleevewise import OUTCOMES

UNDECIDED = "undecided"
_STATES = [(UNDECIDED, "Waiting for a decision"), *State.choices]
_OUTCOMES = [(code, words[0]) for code, words in OUTCOMES.items()]
_SIGNS = [("fragile", "Fragile"), ("provisional", "Provisional"), ("conflict", "Conflicting factors")]
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class HistoryFilter(django_filters.FilterSet):
    """Search, outcome, what was decided, sign, advisor, office, date."""

    search = django_filters.CharFilter(method="by_words", label="Household or account")
    outcome = django_filters.ChoiceFilter(choices=_OUTCOMES, label="Outcome", empty_label="All")
    decision = django_filters.ChoiceFilter(
        choices=_STATES, method="by_state", label="Decision", empty_label="All"
    )
    sign = django_filters.ChoiceFilter(choices=_SIGNS, method="by_sign", label="Sign", empty_label="All")
    advisor = django_filters.ModelChoiceFilter(
        queryset=User.objects.none(), label="Advisor", empty_label="All"
    )
    office = django_filters.ChoiceFilter(
        field_name="office_name", choices=(), label="Office", empty_label="All"
    )
    recorded_from = django_filters.DateFilter(
        field_name="recorded_at", lookup_expr="date__gte", label="Recorded from", widget=_DAY
    )
    recorded_to = django_filters.DateFilter(
        field_name="recorded_at", lookup_expr="date__lte", label="Recorded to", widget=_DAY
    )
    only = django_filters.ChoiceFilter(
        choices=[("newest", "Newest of each account")],
        method="by_age",
        label="Show",
        empty_label="All records",
    )

    class Meta:
        model = Recommendation
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.role == Role.ADVISOR and not user.team_id:
            # One book: these would have a single choice.
            del self.filters["advisor"], self.filters["office"]
            return
        households = Household.objects.visible_to(user)
        advisors = User.objects.filter(pk__in=households.values("advisor"))
        self.filters["advisor"].queryset = advisors.order_by("last_name", "first_name")
        offices = Office.objects.filter(users__in=advisors).distinct().order_by("name")
        self.filters["office"].extra["choices"] = [(office.name, office.name) for office in offices]

    def by_words(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        words = Q(household__name__icontains=value) | Q(account__name__icontains=value)
        return queryset.filter(words)

    def by_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == UNDECIDED:
            waiting = (State.GENERATED, State.PRESENTED, State.DEFERRED)
            return queryset.filter(told_state__in=waiting)
        return queryset.filter(told_state=value)

    def by_sign(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(**{value: True})

    def by_age(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(is_newest=True)
