"""How the book is narrowed; the querystring is the saved view, and what a bulk review covers."""

import django_filters
from django.db.models import Q, QuerySet

from households.models import Household, User


class HouseholdFilter(django_filters.FilterSet):
    """Search by words, and by advisor."""

    search = django_filters.CharFilter(method="by_words", label="Household or account")
    advisor = django_filters.ModelChoiceFilter(queryset=None, label="Advisor", empty_label="All")

    class Meta:
        model = Household
        fields: list[str] = []

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        advisors = (
            User.objects.filter(households__isnull=False).distinct().order_by("first_name", "last_name")
        )
        self.filters["advisor"].queryset = advisors

    def by_words(self, queryset: QuerySet[Household], name: str, value: str) -> QuerySet[Household]:
        """Every word stands in the household's name or in one of its accounts'."""
        for word in value.split():
            accounts = Q(pk__in=Household.objects.filter(accounts__name__icontains=word).values("pk"))
            queryset = queryset.filter(Q(name__icontains=word) | accounts)
        return queryset
