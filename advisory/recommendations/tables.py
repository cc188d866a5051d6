"""The history of recommendations as a table, and the same rows as a file."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from advisory.recommendations.models import Recommendation
from advisory.recommendations.states import State
from advisory.recommendations.templatetags.recommendations import outcome_badge, state_badge
from advisory.recommendations.words import CHOSEN_WORDS, DECIDED_BY
from households.foundation.formats import day, is_known, rounded, signed, stamp
from households.foundation.tables import NUMBER
from households.templatetags.sleevewise import outcome_label


class HistoryTable(tables.Table):
    """One recommendation a row, the newest first."""

    caption = "Recommendations"
    noun, noun_plural = "recommendation", "recommendations"
    empty_hint = "Recommendations appear here as accounts are evaluated. Change the filters to see others."

    account = tables.Column("Household", accessor="household__name")
    outcome = tables.Column("Outcome")
    net_fit = tables.Column("Net fit", attrs=NUMBER)
    decision = tables.Column("Decision", accessor="told_state")
    advisor = tables.Column("Advisor", accessor="advisor_name")
    trigger = tables.Column("Why then")
    recorded = tables.Column("Recorded", accessor="recorded_at", attrs=NUMBER)

    class Meta:
        empty_text = "No recommendation matches"
        order_by = ("-recorded",)

    def render_account(self, record: Recommendation) -> SafeString:
        return format_html(
            '<a class="d-block" href="{}">{}<span class="sub">{}</span></a>',
            reverse("recommendations:recommendation", args=[record.pk]),
            record.household.name,
            record.account.name,
        )

    def render_outcome(self, value: str) -> SafeString:
        return outcome_badge(value)

    def render_decision(self, value: str) -> SafeString:
        return state_badge(value)

    def render_net_fit(self, value: float) -> str:
        return signed(value)

    def render_trigger(self, record: Recommendation) -> str:
        return record.get_trigger_display()

    def render_recorded(self, value: Any) -> str:
        return day(value)

    def order_recorded(self, queryset: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        """The id settles what the clock leaves open: rows of one publication share their moment."""
        sign = "-" if is_descending else ""
        return queryset.order_by(f"{sign}recorded_at", f"{sign}id"), True


EXPORT_HEADER = (
    "recommendation", "account", "household", "account name", "recorded at", "as of", "outcome", "decided by",
    "net fit", "margin", "fragile", "provisional", "conflicting factors", "decision", "chosen", "decided at",
    "decided by whom", "advisor", "office", "trigger", "newest of its account", "policy", "shelf", "engine",
    "SMA cost bps", "UMA cost bps", "stay cost bps", "client cost change USD", "row hash",
)  # fmt: skip


def export_rows(rows: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a view as cells, in the order of EXPORT_HEADER; unknown is empty.

    Words are those of pages; fits and costs have one decimal, as there.
    """
    for row in rows.iterator(chunk_size=2_000):
        status = getattr(row, "status", None)
        decision = status.decision if status else None
        change = row.client_cost_change
        yield (
            row.pk, row.account_id, row.household.name, row.account.name, stamp(row.recorded_at),
            row.as_of, outcome_label(row.outcome), DECIDED_BY[row.decided_by], _rounded(row.net_fit),
            _rounded(row.margin), _yes(row.fragile), _yes(row.provisional), _yes(row.conflict),
            State(row.told_state).label, CHOSEN_WORDS[decision.chosen] if decision else "",
            stamp(decision.recorded_at) if decision else "", decision.by_name if decision else "",
            row.advisor_name, row.office_name, row.get_trigger_display(), _yes(row.is_newest),
            row.policy_version, row.shelf_version, row.engine, _rounded(row.sma_cost_bps),
            _rounded(row.uma_cost_bps), _rounded(row.stay_cost_bps),
            None if change is None else Decimal(change) / 100, row.row_hash,
        )  # fmt: skip


def _rounded(value: float | None) -> Decimal | None:
    return rounded(value, 1) if is_known(value) else None


def _yes(value: bool) -> str:
    return "yes" if value else "no"
