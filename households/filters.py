"""How the book is narrowed; the query string is the saved view."""

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from households.models import Account, AccountFacts, Household, Intake, Person, User
from households.selectors import advisors_of

VALUE_BANDS = (
    ("under-250k", "Under $250k", 0, 250_000),
    ("250k-1m", "$250k to $1m", 250_000, 1_000_000),
    ("1m-5m", "$1m to $5m", 1_000_000, 5_000_000),
    ("over-5m", "$5m and more", 5_000_000, None),
)
"""Code, label, dollars from, dollars below: how the book is cut into bands, a matter of display alone."""


class ClientFilter(django_filters.FilterSet):
    """A list of clients narrowed by the words ``q`` and the ``advisor``, where the reader sees several."""

    placeholder: str
    """What the words are looked for in."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        advisors = advisors_of(user)
        if len(advisors[:2]) > 1:
            self.filters["advisor"].queryset = advisors
            self.form.fields["advisor"].queryset = advisors
        else:
            del self.filters["advisor"]
            self.form.fields.pop("advisor", None)
        self.form.fields["q"].widget = forms.TextInput(
            attrs={"placeholder": self.placeholder, "type": "search"}
        )


class BookFilter(ClientFilter):
    """Search, advisor, intake, review, evaluation, value of the household."""

    placeholder = "Household, person, reference or last digits"

    q = django_filters.CharFilter(method="by_words", label="Search")
    advisor = django_filters.ModelChoiceFilter(
        queryset=User.objects.none(), label="Advisor", empty_label="Every advisor"
    )
    intake = django_filters.ChoiceFilter(
        method="by_intake",
        label="Intake",
        choices=[("open", "An account is incomplete"), ("complete", "All complete")],
        empty_label="Any",
    )
    review = django_filters.ChoiceFilter(
        method="by_review",
        label="Review",
        choices=[("due", "Due now"), ("month", "Due within 30 days"), ("none", "No date set")],
        empty_label="Any",
    )
    evaluation = django_filters.ChoiceFilter(
        method="by_evaluation",
        label="Evaluation",
        choices=[("missing", "An account was never evaluated")],
        empty_label="Any",
    )
    value = django_filters.ChoiceFilter(
        method="by_value",
        label="Household value",
        choices=[(code, label) for code, label, _, _ in VALUE_BANDS],
        empty_label="Any",
    )

    class Meta:
        model = Household
        fields: list[str] = []

    def by_words(self, queryset: QuerySet[Household], name: str, value: str) -> QuerySet[Household]:
        of_account = Account.objects.filter(household=OuterRef("pk")).filter(
            Q(number_ending__iexact=value) | Q(external_id__iexact=value)
        )
        person = Person.objects.filter(household=OuterRef("pk"), name__icontains=value)
        named = Q(name__icontains=value) | Q(external_id__iexact=value)
        return queryset.filter(named | Exists(of_account) | Exists(person))

    def by_intake(self, queryset: QuerySet[Household], name: str, value: str) -> QuerySet[Household]:
        accounts = Account.objects.filter(household=OuterRef("pk"), closed_on=None)
        incomplete = Exists(accounts.exclude(intake__state=Intake.State.COMPLETE))
        return (
            queryset.filter(incomplete) if value == "open" else queryset.filter(Exists(accounts), ~incomplete)
        )

    def by_review(self, queryset: QuerySet[Household], name: str, value: str) -> QuerySet[Household]:
        today = timezone.localdate()
        if value == "none":
            return queryset.filter(review_due=None)
        last = today if value == "due" else today + timedelta(days=30)
        return queryset.filter(review_due__lte=last)

    def by_evaluation(self, queryset: QuerySet[Household], name: str, value: str) -> QuerySet[Household]:
        # By name only: the relation is brought by the floor above, which this one does not import.
        never = Account.objects.filter(household=OuterRef("pk"), closed_on=None, recommendations=None)
        return queryset.filter(Exists(never))

    def by_value(self, queryset: QuerySet[Household], name: str, value: str) -> QuerySet[Household]:
        low, high = next((low, high) for code, _, low, high in VALUE_BANDS if code == value)
        facts = AccountFacts.objects.filter(account__household=OuterRef("pk"), household_value__gte=low * 100)
        if high is not None:
            facts = facts.filter(household_value__lt=high * 100)
        return queryset.filter(Exists(facts))
