"""Forms of the master's pages; what they take is judged as a line of the CSV is."""

from typing import Any

from django import forms
from django.utils import timezone

from households.foundation.identifiers import symbol_key
from households.models import Security
from households.securities.columns import COLUMNS, SECTORS, judge
from households.securities.loading import version_of
from households.securities.proposing import STATED, cells_of

_KINDS = (("", "Choose"), *Security.Kind.choices)


class ProposalForm(forms.Form):
    """What somebody knows of a symbol: kind, name, issuer, and whence."""

    symbol = forms.CharField(label="Symbol", max_length=32, help_text="As the custodian's file has it.")
    kind = forms.ChoiceField(
        label="What is it?",
        choices=_KINDS,
        help_text="A closed-end fund and an ETF are funds; an ADR is stock.",
    )
    name = forms.CharField(label="Full name", max_length=200)
    issuer = forms.CharField(
        label="Issuer",
        max_length=120,
        required=False,
        help_text="Whose stock or bond it is, the same for all its share classes. Funds need none.",
    )
    source = forms.CharField(
        label="Where you know it from",
        max_length=200,
        help_text="Such as the custodian's security page or the prospectus.",
    )
    stated: tuple[str, ...] = STATED

    def clean(self) -> dict[str, Any]:
        """Judge the row as a whole; each fault goes to its field."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        cells = cells_of({name: str(cleaned.get(name) or "") for name in self.stated})
        values, faults = judge(cells, timezone.localdate())
        for fault in faults:
            known = fault.field in self.fields
            self.add_error(fault.field if known else None, f"{fault.problem} {fault.remedy}")
        values["key"] = symbol_key(values["symbol"])
        self.values = values
        return cleaned


class SecurityForm(ProposalForm):
    """Every field of a row, for those who own the master."""

    cusip = forms.CharField(
        label="CUSIP", max_length=9, required=False, help_text="Checked by its last digit."
    )
    isin = forms.CharField(
        label="ISIN", max_length=12, required=False, help_text="Checked by its last digit."
    )
    asset_class = forms.ChoiceField(
        label="Invests in", choices=(("", "Not known"), *Security.AssetClass.choices), required=False
    )
    sector = forms.ChoiceField(
        label="Sector",
        choices=(("", "Not known or none"), *((name, name) for name in SECTORS)),
        required=False,
        help_text="Of a stock.",
    )
    as_of = forms.DateField(
        label="As of",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="The day for which the source says so. Empty: today.",
    )
    field_order = (
        "symbol",
        "name",
        "kind",
        "issuer",
        "cusip",
        "isin",
        "asset_class",
        "sector",
        "source",
        "as_of",
    )
    stated = COLUMNS

    def __init__(self, *args: Any, security: Security | None = None, **kwargs: Any) -> None:
        if security:
            kwargs["initial"] = {name: getattr(security, name) for name in COLUMNS}
        super().__init__(*args, **kwargs)
        self.fields["source"].label = "Source"
        for name in ("issuer", "cusip", "isin"):
            self.fields[name].optional = True  # type: ignore[attr-defined]
        if security:
            self.fields["version"] = forms.CharField(
                widget=forms.HiddenInput, required=False, initial=version_of(security)
            )
            self.fields["symbol"].disabled = True
            self.fields["symbol"].help_text = "The symbol is what the row is known by; it does not change."


class LoadForm(forms.Form):
    """A CSV of the master, judged only or stored."""

    file = forms.FileField(
        label="CSV file",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text="Rows are added or changed; what the file does not name stays as it is.",
    )


class DecisionForm(forms.Form):
    """Why a proposal is declined."""

    reason = forms.CharField(
        label="Why not",
        max_length=300,
        required=False,
        help_text="Needed to decline; who proposed it and their team read it.",
    )
