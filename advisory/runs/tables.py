"""The results of a run as a table."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from advisory.runs.models import Run, RunResult
from households.foundation.tables import NUMBER

_OUTCOME = (
    "{% load sleevewise %}{% if value %}{% outcome value %}{% else %}"
    "<span class='quiet'>{{ none }}</span>{% endif %}"
)
_RESULT = (
    "{% load sleevewise %}{% if record.flipped %}{% status 'Outcome changed' 'info' 'arrow-left-right' %}"
    "{% elif value == 'failed' %}{% status record.get_kind_display 'bad' %}"
    "{% else %}{{ record.get_kind_display }}{% endif %}"
)


class RunTable(tables.Table):
    """Runs, the newest first."""

    caption = "Bulk reviews"
    noun, noun_plural = "bulk review", "bulk reviews"
    empty_hint = "A bulk review evaluates all or part of the book again and shows which outcomes change."

    title = tables.Column("Bulk review")
    state = tables.TemplateColumn("{% load sleevewise %}{% status record.get_state_display record.tone %}")
    accounts = tables.TemplateColumn("{% load sleevewise %}{{ value|count }}", attrs=NUMBER)
    flipped = tables.Column("Outcomes changed", attrs=NUMBER)
    failed = tables.Column("Failed", attrs=NUMBER)
    requested_by = tables.Column("Requested by")
    created_at = tables.TemplateColumn("{% load sleevewise %}{{ value|moment }}", verbose_name="Requested")

    class Meta:
        empty_text = "No bulk review yet"
        orderable = False

    def render_title(self, record: Run) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("runs:run", args=[record.pk]), record.title)

    def render_flipped(self, record: Run) -> str:
        return f"{record.flipped:,}" if record.finished_at else "–"

    def render_failed(self, record: Run) -> str:
        return f"{record.failed:,}" if record.finished_at else "–"


class ResultTable(tables.Table):
    """One account a row."""

    caption = "Results of the bulk review"
    noun, noun_plural = "account", "accounts"
    empty_hint = "Change the filters to see other results."

    account = tables.Column("Account")
    before = tables.TemplateColumn(
        _OUTCOME, accessor="outcome_before", verbose_name="Outcome before",
        extra_context={"none": "Not evaluated"}, empty_values=(),
    )  # fmt: skip
    after = tables.TemplateColumn(
        _OUTCOME, accessor="outcome_after", verbose_name="Outcome after",
        extra_context={"none": "None"}, empty_values=(),
    )  # fmt: skip
    kind = tables.TemplateColumn(_RESULT, verbose_name="Result")
    why = tables.Column("Why", default="–")
    recommendation = tables.Column("Recommendation", accessor="recommendation_id", default="–")

    class Meta:
        empty_text = "No result here"
        orderable = False

    def render_account(self, record: RunResult) -> SafeString:
        account = record.account
        return format_html(
            '<a href="{}">{}</a><span class="sub">{}</span>',
            reverse("households:household", args=[account.household_id]), account.household.name,
            account.name,
        )  # fmt: skip

    def render_recommendation(self, record: RunResult) -> SafeString:
        return format_html(
            '<a href="{}">Open<span class="visually-hidden"> the recommendation of {}</span></a>',
            reverse("recommendations:recommendation", args=[record.recommendation_id]), record.account.name,
        )  # fmt: skip
