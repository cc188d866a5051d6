"""What the gallery shows: one of everything, with the awkward cases (unknown, wrong, long, empty)."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.http import HttpRequest

from households.foundation import formats, svg
from households.models import Office
from tests.conf.gallery.household import a_household

STRATEGIES = [("us_large", "US large cap"), ("us_total", "US total market"), ("global", "Global")]
SENSITIVITY = [("0", "None"), ("1", "Low"), ("2", "Moderate"), ("3", "High"), ("4", "Very high")]


class IntakeForm(forms.Form):
    """A field of every kind."""

    value = forms.DecimalField(label="Account value", help_text="Market value, cash included.")
    rate = forms.DecimalField(label="Long-term rate", help_text="Federal and state together.", max_value=60)
    cost = forms.DecimalField(label="Current cost", required=False)
    strategy = forms.ChoiceField(label="Target exposure", choices=[("", "Choose"), *STRATEGIES])
    sensitivity = forms.ChoiceField(label="Tax sensitivity", choices=SENSITIVITY, widget=forms.RadioSelect)
    screens = forms.MultipleChoiceField(
        label="Restrictions", choices=STRATEGIES, widget=forms.CheckboxSelectMultiple, required=False
    )
    standalone = forms.BooleanField(label="Managed on its own by intent", help_text="A mandate of its own.")
    review = forms.DateField(label="Next review", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="Rationale", widget=forms.Textarea(attrs={"rows": 3}))
    statement = forms.FileField(label="Positions file", help_text="CSV or XLSX, up to 10 MB.", required=False)


class AccountTable(tables.Table):
    """Sorted, paged, with numbers, badges and an unknown."""

    caption = "Accounts"
    noun, noun_plural = "account", "accounts"
    exports = (("CSV", "?export=csv"), ("XLSX", "?export=xlsx"))
    empty_hint = "Remove a filter to see more."
    NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}

    name = tables.TemplateColumn(
        '<a href="#a">{{ value }}</a><span class="sub">{{ record.registration }}</span>'
    )
    custodian = tables.Column()
    value = tables.TemplateColumn("{% load sleevewise %}{{ value|money }}", attrs=NUMBER)
    gain = tables.TemplateColumn(
        "{% load sleevewise %}{{ value|percent }}", attrs=NUMBER, verbose_name="Gain"
    )
    outcome = tables.TemplateColumn("{% load sleevewise %}{% outcome value %}", orderable=False)
    state = tables.TemplateColumn('{% load sleevewise %}{% status "Accepted" tone="ok" %}', orderable=False)

    class Meta:
        empty_text = "No account matches"


class AccountFilter(django_filters.FilterSet):
    """A bar with a wide search, a choice and a range of dates."""

    search = django_filters.CharFilter(label="Search")
    strategy = django_filters.ChoiceFilter(label="Strategy", choices=STRATEGIES, empty_label="All")
    since = django_filters.DateFilter(label="Since", widget=forms.DateInput(attrs={"type": "date"}))

    def filter_queryset(self, queryset: Any) -> Any:
        return queryset


def accounts() -> list[dict[str, Any]]:
    """Thirty rows, of every outcome, some values unknown."""
    names = ["Adler joint brokerage", "Adler Roth IRA", "Okafor family trust", "Bennett individual"]
    outcomes = ["SMA", "UMA", "EITHER", "NEITHER", "INDETERMINATE", None]
    return [
        {
            "name": f"{names[i % 4]} {i + 1}",
            "registration": "Joint with rights of survivorship",
            "custodian": ["Schwab", "Fidelity", "Pershing"][i % 3],
            "value": None if i == 2 else 125_000_00 * (i + 1) + (50 if i == 1 else 0),
            "gain": None if i == 4 else 0.034 * i - 0.1,
            "outcome": outcomes[i % 6],
            "state": "",
        }
        for i in range(120)
    ]


def charts() -> dict[str, svg.Chart]:
    """Each drawing, with unknowns where it may have them."""
    factors = [
        svg.Contribution("Minimums", 0.0),
        svg.Contribution("Funding", 24.5),
        svg.Contribution("Tax coordination", -8.2),
        svg.Contribution("Portfolio context", 6.0),
        svg.Contribution("Customization", None),
        svg.Contribution("Cost", 0.0, "does not apply"),
    ]
    costs = [
        svg.Alternative("House direct indexing SMA", "sma", 62.5, 12_500, True, "Programs"),
        svg.Alternative("House UMA sleeve", "uma", 78.0, 15_600, True, "Programs"),
        svg.Alternative("Partner UMA", "uma", None, None, True, "Programs"),
        svg.Alternative("Flagship SMA", "sma", 45.0, 9_000, False, "Programs"),
        svg.Alternative("Stay as is", "stay", 91.0, 18_200, None, "Compare with"),
        svg.Alternative("Plain ETF", "etf", 8.0, 1_600, None, "Compare with"),
    ]
    before = {"SMA": 41, "UMA": 63, "EITHER": 28, "NEITHER": 11, "INDETERMINATE": 7}
    after = {"SMA": 47, "UMA": 55, "EITHER": 31, "NEITHER": 11, "INDETERMINATE": 6}
    return {
        "bars": svg.diverging_bars(factors, net=22.3, tolerance=12),
        "gauge": svg.fit_gauge(net=22.3, low=9.5, high=31.0, tolerance=12),
        "open_gauge": svg.fit_gauge(
            net=None, low=-20, high=31.0, tolerance=12, title="Net fit, facts missing"
        ),
        "strip": svg.threshold_strip(
            title="Account value",
            value=310_000,
            low=25_000,
            high=2_000_000,
            write=formats.dollars,
            logarithmic=True,
            marks=[svg.Mark(50_000, "UMA minimum"), svg.Mark(250_000, "SMA minimum")],
            zones=[
                svg.Zone(25_000, 50_000, "NEITHER"),
                svg.Zone(50_000, 250_000, "UMA"),
                svg.Zone(250_000, 2_000_000, "SMA"),
            ],
        ),
        "costs": svg.cost_bars(costs),
        "flips": svg.flip_bars(before, after),
        "progress": svg.stacked_bar(
            [
                svg.Segment("Done", 112, "done"),
                svg.Segment("Failed", 3, "failed"),
                svg.Segment("To do", 35, "rest"),
            ],
            title="Accounts of this run",
        ),
        "tried": svg.threshold_strip(
            title="Account value",
            value=120_000,
            recorded=310_000,
            low=25_000,
            high=2_000_000,
            write=formats.dollars,
            logarithmic=True,
            marks=[svg.Mark(250_000, "SMA from")],
            zones=[svg.Zone(25_000, 250_000, "UMA"), svg.Zone(250_000, 2_000_000, "SMA")],
        ),
        "household": a_household(),
        "contrast": svg.two_sided_bars(
            [svg.Side("Funding", 0.8, 27.1, 26.3), svg.Side("Tax coordination", 13.1, 1.6, -11.5)]
        ),
        "stability": svg.stability_bar(
            0.69, "EITHER", [svg.WeightFlip("How the account is funded", 0.30, 0.338, "SMA")]
        ),
        "break_even": svg.break_even_bars(needed=6, dearer="SMA", found=(38, 82), here=(6.3, 82)),
        "plan": svg.standing_bars(
            [
                svg.Standing("Today", {"SMA": 900_000, "Neither": 1_700_000}),
                svg.Standing("Each by its own answer", {"Either": 1_100_000, "UMA": 1_500_000}),
                svg.Standing("By the plan", {"SMA": 600_000, "UMA": 2_000_000}, together=1_400_000),
            ],
            title="Where the money is",
        ),
        "rule": svg.rule_plot(
            [(0.1, 0), (0.2, 10), (0.4, 27), (0.6, 37), (0.8, 42)],
            title="Largest position to be sold down",
            low=0,
            high=1,
            across="share of value",
            upward="points of fit",
            write_value=formats.percent,
            write_result=lambda result: formats.signed(result, 0),
            said=[(0.15, 1.0)],
        ),
    }


def lists() -> dict[str, Any]:
    """Tasks, answers, figures, events and reasons."""
    typed = SimpleNamespace(source="typed", date=date(2026, 11, 3))
    imported = SimpleNamespace(source="imported", label="Schwab file", date=date(2026, 11, 20))
    return {
        "typed": typed,
        "imported": imported,
        "tasks": [
            {
                "title": "Account and registration",
                "url": "#1",
                "hint": "Custodian, registration, tax status",
                "state": "completed",
            },
            {
                "title": "How it is funded",
                "url": "#2",
                "hint": "Cash, funds, stock and bonds",
                "state": "in_progress",
            },
            {
                "title": "Gains and lots",
                "url": "#3",
                "hint": "2 answers need attention",
                "state": "attention",
            },
            {"title": "Taxes", "url": "#4", "hint": "Rates, usable gains, budget", "state": "not_started"},
            {
                "title": "Check your answers",
                "url": "",
                "hint": "When every section is complete",
                "state": "blocked",
            },
        ],
        "answers": [
            {"label": "Account value", "value": "$1,250,000", "url": "#5", "provenance": imported},
            {
                "label": "Largest position",
                "value": None,
                "url": "#6",
                "provenance": SimpleNamespace(source="missing"),
            },
            {
                "label": "Long-term rate",
                "value": "23.8%",
                "url": "#7",
                "provenance": typed,
                "note": "Federal 20%, NIIT 3.8%",
            },
        ],
        "stats": [
            {"label": "Household value", "value": "$4.2m", "note": "6 accounts"},
            {"label": "Unrealized gain", "value": "$1.1m", "note": "26.2% of value"},
            {"label": "Usable gains", "value": None, "note": "Ask for the tax return"},
            {"label": "Reviews due", "value": "2", "url": "#8", "tone": "warn", "note": "oldest 9 days"},
        ],
        "events": [
            {
                "title": "Recommendation accepted",
                "when": datetime(2026, 11, 22, 15, 4, tzinfo=UTC),
                "who": "Maya Torres",
                "icon": "check-lg",
                "tone": "ok",
                "text": "Concentrated stock is to be sold down over two years.",
                "url": "#9",
            },
            {
                "title": "Returned by compliance",
                "when": datetime(2026, 11, 20, 19, 30, tzinfo=UTC),
                "who": "Sam Lee",
                "icon": "arrow-return-left",
                "tone": "warn",
            },
            {
                "title": "Positions imported",
                "when": datetime(2026, 11, 19, 13, 0, tzinfo=UTC),
                "who": "Operations",
                "icon": "upload",
                "tone": "info",
            },
        ],
        "reasons_for": [
            {
                "text": "70% of the account is one appreciated stock that is to be sold down.",
                "effect": 24.5,
                "code": "funding.concentrated_to_sell_down",
            },
            {"text": "It is managed on its own, by intent.", "effect": 6.0, "code": "context.standalone"},
        ],
        "reasons_against": [
            {
                "text": "Three taxable equity accounts of the tax unit could be coordinated.",
                "effect": -8.2,
                "code": "tax.coordination",
            }
        ],
        "cost_rows": [
            {
                "name": "House direct indexing SMA",
                "bps": 62.5,
                "dollars": 12_500,
                "eligible": True,
                "chosen": True,
                "note": "Manager, trading, custody",
            },
            {
                "name": "Partner UMA",
                "bps": None,
                "dollars": None,
                "eligible": True,
                "note": "Overlay fee unknown",
            },
            {"name": "Flagship SMA", "bps": 45, "dollars": 9_000, "eligible": False},
            {"name": "Stay as is", "bps": 91, "dollars": 18_200, "eligible": None},
        ],
        "sections": [
            {"anchor": "run-progress", "label": "Run"},
            {"anchor": "intake", "label": "Intake"},
        ],
        "page_tabs": [
            {"label": "Overview", "url": "?", "active": True},
            {"label": "Accounts", "url": "?t=2", "count": 6},
            {"label": "Timeline", "url": "?t=3"},
        ],
    }


PROBLEMS = [
    {
        "line": 4,
        "field": "asset_class",
        "value": "123456789",
        "problem": "The CUSIP's check digit is wrong, or it does not have nine characters.",
        "remedy": "Copy it again from its source, or leave it empty.",
    },
    {
        "line": 123_456,
        "field": "sector",
        "value": "Tech" * 10,
        "problem": "This is no sector.",
        "remedy": "Use Communication Services, Consumer Discretionary or Information Technology.",
    },
]


def context(request: HttpRequest) -> dict[str, Any]:
    """Everything the gallery template reads."""
    given = {"value": "1,2x", "rate": "61", "sensitivity": "3", "screens": ["global"], "cost": "35"}
    table = AccountTable(accounts(), order_by=request.GET.get("sort", "name"))
    table.paginate(page=request.GET.get("page", 1), per_page=12)
    return {
        "form": IntakeForm(given, auto_id="intake_%s"),
        "table": table,
        "empty_table": AccountTable([]),
        "problems": PROBLEMS,
        "filterset": AccountFilter(
            request.GET or {"search": "Adler", "strategy": "us_large"}, queryset=Office.objects.none()
        ),
        "charts": charts(),
        **lists(),
    }
