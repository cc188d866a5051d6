"""The review queue as a table, and the same rows as a file."""

from collections.abc import Iterator
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from advisory.recommendations.words import CHOSEN_WORDS
from advisory.supervision.models import Review
from advisory.supervision.states import OPEN
from households.foundation.formats import day, stamp
from households.foundation.tables import NUMBER
from households.templatetags.sleevewise import outcome_label


class ReviewTable(tables.Table):
    """One decision a row, the most urgent first."""

    caption = "Decisions to review"
    noun, noun_plural = "review", "reviews"
    empty_hint = "New decisions arrive as advisors make them. Change the filters to see settled reviews."

    account = tables.Column("Account", accessor="recommendation__account__household__name")
    outcome = tables.TemplateColumn(
        "{% load sleevewise %}{% outcome value %}",
        verbose_name="Recommended",
        accessor="recommendation__outcome",
    )
    decision = tables.Column("Decision", accessor="decision__kind")
    advisor = tables.Column("Advisor", accessor="decision__by_name")
    risk = tables.TemplateColumn(
        "{% load sleevewise %}{% if value == 'high' %}{% status 'High' 'bad' %}{% else %}Normal{% endif %}"
    )
    state = tables.TemplateColumn("{% load sleevewise %}{% status record.get_state_display record.tone %}")
    owner = tables.Column("Reviewer", default="Nobody yet")
    age = tables.Column("Age", accessor="opened_at", attrs=NUMBER)
    due = tables.Column("Due", attrs={"td": {"class": "nowrap"}})

    class Meta:
        order_by = ("due",)
        empty_text = "Nothing to review here"

    def render_account(self, record: Review) -> SafeString:
        account = record.recommendation.account
        return format_html(
            '<a href="{}">{}</a><span class="d-block quiet small">{}</span>',
            reverse("supervision:review", args=[record.pk]), account.household.name, account.name,
        )  # fmt: skip

    def render_decision(self, record: Review) -> str:
        return f"{record.decision.get_kind_display()}: {_chosen(record)}"

    def render_age(self, record: Review) -> str:
        days = _age(record)
        return "today" if days == 0 else f"{days} day{'' if days == 1 else 's'}"

    def render_due(self, record: Review) -> SafeString | str:
        words, late = day(record.due), _late(record)
        return format_html('{} <span class="badge-soft tone-bad">overdue</span>', words) if late else words

    def order_due(self, queryset: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        """Of one day the older first, and the id settles the rest: page and file have one order."""
        sign = "-" if is_descending else ""
        return queryset.order_by(f"{sign}due", "opened_at", "id"), True


def _chosen(review: Review) -> str:
    return CHOSEN_WORDS[review.decision.chosen]


def _age(review: Review) -> int:
    return (timezone.now() - review.opened_at).days


def _late(review: Review) -> bool:
    return review.state in OPEN and review.due < timezone.localdate()


EXPORT_HEADER = (
    "review", "recommendation", "household", "account", "recommended", "decision", "chosen", "advisor",
    "decided at", "risk", "state", "reviewer", "opened at", "age days", "due", "overdue",
)  # fmt: skip


def export_rows(rows: QuerySet[Review]) -> Iterator[tuple[Any, ...]]:
    """The rows of a view as cells, in the order of EXPORT_HEADER; a review without a reviewer has none."""
    for row in rows.iterator(chunk_size=2_000):
        account, decision = row.recommendation.account, row.decision
        yield (
            row.pk, row.recommendation_id, account.household.name, account.name,
            outcome_label(row.recommendation.outcome), decision.get_kind_display(), _chosen(row),
            decision.by_name, stamp(decision.recorded_at), row.risk, row.get_state_display(),
            str(row.owner) if row.owner else None, stamp(row.opened_at), _age(row), row.due,
            "yes" if _late(row) else "no",
        )  # fmt: skip
