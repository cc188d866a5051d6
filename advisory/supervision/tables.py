"""The review queue as a table."""

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from advisory.supervision.models import Review
from advisory.supervision.states import OPEN
from households.foundation.formats import day

CHOSEN_WORDS = {"stay": "stay as is", "none": "no structure"}
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


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
        decision = record.decision
        return f"{decision.get_kind_display()}: {CHOSEN_WORDS.get(decision.chosen, decision.chosen)}"

    def render_age(self, record: Review) -> str:
        days = (timezone.now() - record.opened_at).days
        return "today" if days == 0 else f"{days} day{'' if days == 1 else 's'}"

    def render_due(self, record: Review) -> SafeString | str:
        words = day(record.due)
        late = record.state in OPEN and record.due < timezone.localdate()
        return format_html('{} <span class="badge-soft tone-bad">overdue</span>', words) if late else words
