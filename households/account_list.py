"""All accounts as a list: narrowed, sorted, and as a file. The data-quality board opens it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from households.filters import ClientFilter
from households.foundation import formats
from households.foundation.tables import NUMBER
from households.intake.codes import CUSTODIAN, TAX_STATUS, code_word
from households.models import Account, User
from households.quality import KINDS, PROBLEMS, having

_UNKNOWN = format_html('<span class="quiet">{}</span>', "Not known")
_PROBLEMS = [
    (words, [(code, problem.label) for code, problem in PROBLEMS.items() if problem.kind == kind])
    for kind, words in KINDS.items()
]


class AccountFilter(ClientFilter):
    """Search, what is wrong, custodian, advisor, tax status."""

    placeholder = "Account, household, reference or last digits"

    q = django_filters.CharFilter(method="by_words", label="Search")
    problem = django_filters.ChoiceFilter(
        method="by_problem", label="What is wrong", choices=_PROBLEMS, empty_label="Anything or nothing"
    )
    custodian = django_filters.ChoiceFilter(
        label="Custodian",
        choices=CUSTODIAN,
        null_label="Not stated",
        null_value="none",
        method="by_custodian",
        empty_label="Every custodian",
    )
    advisor = django_filters.ModelChoiceFilter(
        field_name="household__advisor",
        queryset=User.objects.none(),
        label="Advisor",
        empty_label="Every advisor",
    )
    tax = django_filters.ChoiceFilter(
        field_name="facts__tax_status", label="Tax status", choices=TAX_STATUS, empty_label="Any"
    )

    class Meta:
        model = Account
        fields: list[str] = []

    def by_words(self, queryset: QuerySet[Account], name: str, value: str) -> QuerySet[Account]:
        named = Q(name__icontains=value) | Q(household__name__icontains=value)
        return queryset.filter(named | Q(number_ending__iexact=value) | Q(external_id__iexact=value))

    def by_problem(self, queryset: QuerySet[Account], name: str, value: str) -> QuerySet[Account]:
        return having(queryset, value)

    def by_custodian(self, queryset: QuerySet[Account], name: str, value: str) -> QuerySet[Account]:
        return queryset.filter(custodian="" if value == "none" else value)


class AccountTable(tables.Table):
    """One open account a row."""

    caption = "Accounts"
    noun, noun_plural = "account", "accounts"
    empty_hint = "Change or clear the filters to see more."

    name = tables.Column("Account")
    household = tables.Column("Household", accessor="household__name")
    advisor = tables.Column(
        "Advisor",
        accessor="household__advisor",
        order_by=("household__advisor__first_name", "household__advisor__last_name"),
    )
    custodian = tables.Column("Custodian", empty_values=())
    value = tables.Column("Value", accessor="facts__account_value", empty_values=(), attrs=NUMBER)
    tax = tables.Column("Tax status", accessor="facts__tax_status", empty_values=())
    oldest = tables.Column("Oldest answer", accessor="facts__oldest_source_date", empty_values=())

    class Meta:
        order_by = ("household", "name")
        empty_text = "No account fits"

    def __init__(self, *args: Any, show_advisor: bool = True, **kwargs: Any) -> None:
        if not show_advisor:
            kwargs["exclude"] = ("advisor",)
        super().__init__(*args, **kwargs)

    def render_name(self, record: Account) -> SafeString:
        ending = f"ends in {record.number_ending}" if record.number_ending else ""
        note = format_html('<span class="sub">{}</span>', ending) if ending else ""
        url = reverse("households:account", args=[record.pk])
        return format_html('<a class="fw-semibold" href="{}">{}</a>{}', url, record.name, note)

    def render_household(self, record: Account) -> SafeString:
        url = reverse("households:household", args=[record.household_id])
        return format_html('<a href="{}">{}</a>', url, record.household.name)

    def render_custodian(self, value: str | None) -> SafeString | str:
        return code_word("custodian", value) or _UNKNOWN

    def render_value(self, value: int | None) -> SafeString | str:
        return _UNKNOWN if value is None else formats.money(value, 0)

    def render_tax(self, value: str | None) -> SafeString | str:
        return code_word("tax_status", value) or _UNKNOWN

    def render_oldest(self, value: Any) -> SafeString | str:
        return formats.day(value) if value else _UNKNOWN

    def _nulls_last(self, queryset: QuerySet[Account], name: str, descending: bool) -> Any:
        order = F(name).desc(nulls_last=True) if descending else F(name).asc(nulls_last=True)
        return queryset.order_by(order, "household__name", "name", "pk"), True

    def order_value(self, queryset: QuerySet[Account], descending: bool) -> Any:
        return self._nulls_last(queryset, "facts__account_value", descending)

    def order_oldest(self, queryset: QuerySet[Account], descending: bool) -> Any:
        return self._nulls_last(queryset, "facts__oldest_source_date", descending)


def accounts_for(user: User) -> QuerySet[Account]:
    """The open accounts this user may see, with what the list shows of them."""
    rows: QuerySet[Account] = Account.objects.visible_to(user).filter(closed_on=None)
    return rows.select_related("household__advisor", "facts")


EXPORT_HEADER = (
    "account", "number ending", "reference", "household", "household reference", "advisor", "custodian",
    "tax status", "value USD", "oldest answer",
)  # fmt: skip


def export_rows(accounts: QuerySet[Account]) -> Iterator[tuple[Any, ...]]:
    """The rows of a view as cells, in the order of EXPORT_HEADER; unknown is empty."""
    for account in accounts.iterator(chunk_size=2_000):
        facts = getattr(account, "facts", None)
        value = facts.account_value if facts else None
        yield (
            account.name, account.number_ending, account.external_id, account.household.name,
            account.household.external_id, str(account.household.advisor),
            code_word("custodian", account.custodian),
            code_word("tax_status", facts.tax_status if facts else None),
            None if value is None else Decimal(value) / 100, facts.oldest_source_date if facts else None,
        )  # fmt: skip
