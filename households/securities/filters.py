"""How the master is narrowed; the query string is the saved view."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from households.foundation.identifiers import symbol_key
from households.models import Security
from households.securities.columns import SECTORS


class SecurityFilter(django_filters.FilterSet):
    """Search, kind, sector, sample rows."""

    q = django_filters.CharFilter(method="by_words", label="Search")
    kind = django_filters.ChoiceFilter(choices=Security.Kind.choices, label="Kind", empty_label="Any")
    sector = django_filters.ChoiceFilter(
        choices=[(name, name) for name in SECTORS], label="Sector", empty_label="Any"
    )
    sample = django_filters.ChoiceFilter(
        method="by_sample",
        choices=[("yes", "Sample rows"), ("no", "The firm's own rows")],
        label="Whose word",
        empty_label="Any",
    )

    class Meta:
        model = Security
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["q"].widget = forms.TextInput(
            attrs={"placeholder": "Symbol, name, issuer, CUSIP or ISIN", "type": "search"}
        )

    def by_words(self, queryset: QuerySet[Security], name: str, value: str) -> QuerySet[Security]:
        upper = value.strip().upper()
        named = Q(name__icontains=value) | Q(issuer__icontains=value)
        return queryset.filter(named | Q(key__startswith=symbol_key(value)) | Q(cusip=upper) | Q(isin=upper))

    def by_sample(self, queryset: QuerySet[Security], name: str, value: str) -> QuerySet[Security]:
        sample = Q(source__startswith="SAMPLE")
        return queryset.filter(sample if value == "yes" else ~sample)
