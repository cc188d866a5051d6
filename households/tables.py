"""The book as a table."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

import django_tables2 as tables
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from households.foundation import formats
from households.foundation.exports import ROWS_A_PIECE
from households.foundation.icons import icon_svg
from households.foundation.tables import NUMBER
from households.models import Account, Household
from households.selectors import BookRow, book_rows

_EMPTY = BookRow(accounts=0, value=None, taxable_value=None, complete=0, unvalued=0, maybe_taxable=0)


EXPORT_HEADER = (
    "household", "reference", "advisor", "accounts", "value USD", "accounts of unknown value",
    "taxable value USD", "accounts complete", "review due",
)  # fmt: skip


def export_rows(households: QuerySet[Household]) -> Iterator[tuple[Any, ...]]:
    """The rows of a view as cells, in the order of EXPORT_HEADER; unknown is empty."""
    rows = households.iterator(chunk_size=2_000)
    while some := list(islice(rows, ROWS_A_PIECE)):
        figures = book_rows(household.pk for household in some)
        for household in some:
            row = figures.get(household.pk, _EMPTY)
            taxable = 0 if row.taxable_value is None and not row.maybe_taxable else row.taxable_value
            yield (
                household.name, household.external_id, str(household.advisor), row.accounts,
                _dollars(row.value), row.unvalued, _dollars(taxable), row.complete, household.review_due,
            )  # fmt: skip


def _dollars(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents) / 100


def _sum(what: Any) -> Subquery:
    """A figure of each household's open accounts, computed only when the book is sorted by it."""
    accounts = Account.objects.filter(household=OuterRef("pk"), closed_on=None).order_by()
    return Subquery(accounts.values("household").annotate(figure=what).values("figure"))


_TAXABLE = Q(facts__tax_status="taxable")
_SORTS: dict[str, Any] = {
    "accounts": _sum(Count("id")),
    "value": _sum(Sum("facts__account_value")),
    "taxable": _sum(Sum("facts__account_value", filter=_TAXABLE)),
    "intake": _sum(Count("id", filter=~Q(intake__state="complete"))),
}


class BookTable(tables.Table):
    """One household a row. What its accounts add up to is read for the page's rows alone."""

    caption = "Households"
    noun, noun_plural = "household", "households"
    empty_hint = "Change or clear the filters to see more."

    name = tables.Column("Household")
    advisor = tables.Column("Advisor", order_by=("advisor__first_name", "advisor__last_name"))
    accounts = tables.Column("Accounts", empty_values=(), attrs=NUMBER)
    value = tables.Column("Value", empty_values=(), attrs=NUMBER)
    taxable = tables.Column("Taxable", empty_values=(), attrs=NUMBER)
    intake = tables.Column("Intake", empty_values=())
    review_due = tables.Column("Review due", empty_values=())

    class Meta:
        order_by = ("name",)
        empty_text = "No household fits"

    def __init__(self, *args: Any, show_advisor: bool = True, **kwargs: Any) -> None:
        if not show_advisor:
            kwargs["exclude"] = ("advisor",)
        super().__init__(*args, **kwargs)
        self._rows: dict[Any, BookRow] | None = None

    def _row(self, household: Household) -> BookRow:
        if self._rows is None:
            page = getattr(self, "page", None)
            shown = [row.record.pk for row in (page.object_list if page else self.rows)]
            self._rows = book_rows(shown)
        return self._rows.get(household.pk, _EMPTY)

    def render_name(self, record: Household) -> SafeString:
        url = reverse("households:household", args=[record.pk])
        reference = (
            format_html('<span class="sub">{}</span>', record.external_id) if record.external_id else ""
        )
        return format_html('<a class="fw-semibold" href="{}">{}</a>{}', url, record.name, reference)

    def render_accounts(self, record: Household) -> str:
        return formats.count(self._row(record).accounts)

    def render_value(self, record: Household) -> SafeString | str:
        row = self._row(record)
        if row.value is None:
            return _UNKNOWN
        without = row.unvalued
        note = format_html('<span class="sub">{} of unknown value</span>', without) if without else ""
        return format_html("{}{}", formats.money(row.value, 0), note)

    def render_taxable(self, record: Household) -> SafeString | str:
        row = self._row(record)
        if row.taxable_value is None:
            return _UNKNOWN if row.maybe_taxable else formats.money(0)
        return formats.money(row.taxable_value, 0)

    def render_intake(self, record: Household) -> SafeString | str:
        row = self._row(record)
        if not row.accounts:
            return format_html('<span class="quiet">{}</span>', "No accounts yet")
        if row.complete == row.accounts:
            return _badge("ok", "Complete")
        if row.complete:
            return _badge("info", f"{row.complete} of {row.accounts} complete")
        return _badge("plain", "Not complete")

    def render_review_due(self, record: Household) -> SafeString | str:
        if not record.review_due:
            return format_html('<span class="quiet">{}</span>', "Not set")
        late = record.review_due <= timezone.localdate()
        words = formats.day(record.review_due)
        return format_html("{} {}", words, _badge("warn", "Due")) if late else words

    def _order(
        self, name: str, queryset: QuerySet[Household], descending: bool
    ) -> tuple[QuerySet[Household], bool]:
        figure = Coalesce(_SORTS[name], -1)
        order = F("sort_figure").desc() if descending else F("sort_figure").asc()
        return queryset.annotate(sort_figure=figure).order_by(order, "name"), True

    def order_accounts(self, queryset: QuerySet[Household], descending: bool) -> Any:
        return self._order("accounts", queryset, descending)

    def order_value(self, queryset: QuerySet[Household], descending: bool) -> Any:
        return self._order("value", queryset, descending)

    def order_taxable(self, queryset: QuerySet[Household], descending: bool) -> Any:
        return self._order("taxable", queryset, descending)

    def order_intake(self, queryset: QuerySet[Household], descending: bool) -> Any:
        return self._order("intake", queryset, descending)

    def order_review_due(self, queryset: QuerySet[Household], descending: bool) -> Any:
        due = F("review_due").desc(nulls_last=True) if descending else F("review_due").asc(nulls_last=True)
        return queryset.order_by(due, "name"), True


_UNKNOWN = format_html('<span class="quiet">{}</span>', "Not known")
_ICONS = {
    "ok": "check-circle-fill",
    "info": "circle-half",
    "warn": "exclamation-triangle-fill",
    "plain": "circle",
}


def _badge(tone: str, words: str) -> SafeString:
    return format_html('<span class="badge-soft tone-{}">{}{}</span>', tone, icon_svg(_ICONS[tone]), words)
