"""Forms for households, people, tax units, accounts and positions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from households.forms.editing import RecordForm
from households.forms.fields import CodeField, FlagField, MoneyField, PercentField, TaxRateField
from households.forms.merging import THEIRS
from households.foundation.identifiers import ENDING_DIGITS, account_ending
from households.intake.codes import CUSTODIAN, REGISTRATION, RESTRICTION, TAX_STATUS
from households.models import Account, Household, Person, Position, TaxUnit, User
from households.returns import proposed_return
from households.selectors import colleagues_of


class DateField(forms.DateField):
    """A calendar day, typed or picked."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    width = "medium"


class HouseholdForm(RecordForm):
    """A household's own data; ``changes()`` are the service's arguments."""

    name = forms.CharField(label="Household name", max_length=120, help_text="As it stands in your records.")
    advisor = forms.ModelChoiceField(label="Advisor", queryset=User.objects.none(), empty_label=None)
    external_id = forms.CharField(
        label="Reference in your CRM",
        max_length=64,
        required=False,
        help_text="Any text; it is searched as well.",
    )
    review_due = DateField(
        label="Next review due", required=False, help_text="The book lists households whose review is due."
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"advisor": by}, **kwargs})
        present = User.objects.filter(pk=self.record.advisor_id if self.record else None)
        self.fields["advisor"].queryset = colleagues_of(by) | present  # type: ignore[attr-defined]
        for name in ("external_id", "review_due"):
            self.fields[name].optional = True  # type: ignore[attr-defined]

    @property
    def household_id(self) -> UUID:
        found: UUID = self.record.pk
        return found


class PersonForm(RecordForm):
    """A member of the household."""

    name = forms.CharField(label="Full name", max_length=120)
    relation = forms.ChoiceField(label="Relation", choices=Person.Relation.choices, widget=forms.RadioSelect)
    birth_date = DateField(
        label="Date of birth",
        required=False,
        help_text="Used for required distributions and the holding horizon.",
    )
    tax_unit = forms.ModelChoiceField(
        label="Files on", queryset=TaxUnit.objects.none(), required=False, empty_label="Not known yet",
        help_text="The return of this person. Couples who file jointly share one.",
    )  # fmt: skip

    def __init__(self, *args: Any, household: Household, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"relation": "primary"}, **kwargs})
        self._others = household.people.exclude(pk=self.record.pk if self.record else None)
        self.fields["tax_unit"].queryset = household.tax_units.all()  # type: ignore[attr-defined]
        self.fields["relation"].choices_as = "inline"  # type: ignore[attr-defined]
        self.fields["birth_date"].optional = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        same = self._others.filter(
            name__iexact=cleaned.get("name", ""), birth_date=cleaned.get("birth_date")
        ).first()
        if same:
            self.add_error("name", f"Full name: {same.name} is in this household already.")
        return cleaned

    def clean_birth_date(self) -> Any:
        day = self.cleaned_data["birth_date"]
        if day and not timezone.localdate().year - 120 <= day.year <= timezone.localdate().year:
            raise ValidationError(f"Date of birth: {day:%B %-d, %Y} cannot be right. Check the year.")
        return day


class TaxUnitForm(RecordForm):
    """A return, with its rates and what losses could offset on it."""

    name = forms.CharField(label="Name", max_length=120, help_text="Such as “Joint return of Ann and Ben”.")
    kind = forms.ChoiceField(
        label="Kind",
        choices=TaxUnit.Kind.choices,
        help_text="A grantor trust has none of its own: it files with its grantor.",
    )
    short_term_rate = TaxRateField(
        label="Rate on short-term gains",
        help_text="Marginal: federal and state, with the 3.8% tax only where it applies.",
    )
    long_term_rate = TaxRateField(label="Rate on long-term gains", help_text="Marginal, in the same way.")
    gains_elsewhere = MoneyField(
        label="Gains from elsewhere", help_text="Expected each year outside the accounts recorded here."
    )
    short_term_gain_fraction = PercentField(
        label="Short-term part of gains that losses could offset",
        help_text="Of holdings kept a year or less when they are sold.",
    )
    loss_carryforward = MoneyField(
        label="Loss carryforward", help_text="From Schedule D of the last return. Enter 0 if there is none."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name not in ("name", "kind"):
                field.width = "short" if field.suffix else "medium"  # type: ignore[attr-defined]
        self.fields["gains_elsewhere"].suffix = "a year"  # type: ignore[attr-defined]


class AccountForm(RecordForm):
    """A new account: what it is and whose. The intake asks the rest.

    Args:
        proposing: address that answers `tax_unit` with a proposal, once owner or registration is chosen.
    """

    name = forms.CharField(
        label="Account name", max_length=120, help_text="As you call it, such as “Joint brokerage”."
    )
    number_ending = forms.CharField(
        label="Last digits of the account number", required=False,
        help_text=f"Imports find the account by them. No more than the last {ENDING_DIGITS} are ever kept.",
    )  # fmt: skip
    registration = CodeField(label="Registration", choices=REGISTRATION, empty="")
    custodian = CodeField(label="Custodian", choices=CUSTODIAN, empty="")
    owner = forms.ModelChoiceField(
        label="Owner", queryset=Person.objects.none(), required=False, empty_label="Nobody in particular"
    )
    tax_unit = forms.ModelChoiceField(
        label="Gains land on", queryset=TaxUnit.objects.none(), required=False, empty_label="Not known yet",
        help_text="The return that taxes it. Leave it open for IRAs and charities.",
    )  # fmt: skip
    external_id = forms.CharField(label="Reference in your systems", max_length=64, required=False)

    def __init__(self, *args: Any, household: Household, proposing: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "tax_unit" in self.fields:
            self.fields["tax_unit"].queryset = household.tax_units.all()  # type: ignore[attr-defined]
        self.fields["owner"].queryset = household.people.all()  # type: ignore[attr-defined]
        self.fields["number_ending"].width = "short"  # type: ignore[attr-defined]
        for name in ("number_ending", "external_id"):
            self.fields[name].optional = True  # type: ignore[attr-defined]
        if proposing:
            asks = {
                "hx-get": proposing, "hx-target": "[data-field=tax_unit]", "hx-swap": "outerHTML",
                "hx-trigger": "change", "hx-include": "[name=registration], [name=owner], [name=tax_unit]",
            }  # fmt: skip
            for name in ("registration", "owner"):
                self.fields[name].widget.attrs |= asks

    def propose(self, household: Household, chosen: Mapping[str, str]) -> bool:
        """Put the proposed return before the reader; a return that no person files on is theirs to keep.

        Args:
            chosen: registration, owner and tax unit as they stand in the form, as text.

        Returns:
            Whether the field is another than it stands.
        """
        people = {str(person.pk): person for person in household.people.select_related("tax_unit")}
        units = {str(unit.pk): unit for unit in household.tax_units.all()}
        given = chosen.get("tax_unit", "")
        owner = people.get(chosen.get("owner", ""))
        proposal = proposed_return(chosen.get("registration"), owner, units.values())
        if given in units and given not in {str(person.tax_unit_id) for person in people.values()}:
            return False
        if proposal:
            self.initial["tax_unit"] = proposal.unit
            self.fields["tax_unit"].note = (  # type: ignore[attr-defined]
                f"Proposed: {proposal.why}. Change it if that is not so."
            )
        return bool(proposal or given)

    def clean_number_ending(self) -> str:
        digits = self.cleaned_data["number_ending"].strip()
        if digits and not digits.isalnum():
            raise ValidationError(
                f"Last digits: “{digits}” holds other signs. Enter letters and digits only."
            )
        return account_ending(digits)


class AccountEditForm(AccountForm):
    """An account's own data; registration, custodian and return are answers of its intake."""

    registration = custodian = tax_unit = None  # type: ignore[assignment]
    tax_status = CodeField(
        label="Tax status", choices=TAX_STATUS, empty="", unknown="As the registration says",
        help_text="Only where it differs, such as a Roth part of an employer plan.",
    )  # fmt: skip
    tax_status_reason = forms.CharField(
        label="Why it differs",
        max_length=200,
        required=False,
        help_text="Needed when you choose another tax status.",
    )
    controlled_corporation = FlagField(
        label="Is it a corporation that client or spouse controls?",
        help_text="What it buys can then disallow their losses (IRS Publication 550). An LLC is none.",
    )

    def __init__(self, *args: Any, record: Account, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        # Answered while the account was an entity's, it is an answer still.
        answered = self.is_bound and "controlled_corporation" not in self.left_alone
        if record.registration != "entity" and not answered:
            del self.fields["controlled_corporation"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("tax_status") and not cleaned.get("tax_status_reason"):
            self.add_error(
                "tax_status_reason",
                "Why it differs: say it in a few words, or take the registration's tax status.",
            )
        if not cleaned.get("tax_status"):
            if self.data.get("choice-tax_status_reason") == THEIRS:
                self.add_error(
                    "tax_status", "Tax status: the reason you chose to keep needs the status it is for."
                )
            cleaned["tax_status_reason"] = ""
        return cleaned


class CloseAccountForm(forms.Form):
    """When an account was closed, and why."""

    on = DateField(label="Closed on")
    reason = forms.CharField(label="Reason", max_length=200, required=False)

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(
                f"Closed on: {day:%B %-d, %Y} is still to come. Enter today or an earlier day."
            )
        return day


class PositionForm(RecordForm):
    """What the custodian's file does not say about a position."""

    restricted = CodeField(
        label="Must it not be sold?", choices=RESTRICTION[1:], empty="", unknown="It may be sold",
        help_text="Restricted stock is excluded in either structure, and asks for its own clearance.",
    )  # fmt: skip
    retained = forms.BooleanField(
        label="The client wants to keep it", required=False, help_text="Though it could be sold."
    )
    asset_class = forms.ChoiceField(
        label="Asset class", choices=Position.AssetClass.choices,
        help_text="Left unknown, it is what the list of securities says, if that says anything.",
    )  # fmt: skip
    issuer = forms.CharField(
        label="Issuer", max_length=120, required=False,
        help_text="Positions of one issuer are one concentration. Empty: as the list of securities says.",
    )  # fmt: skip

    def __init__(self, *args: Any, record: Position, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **{**kwargs, "prefix": f"p{record.pk}"})
        self.fields["issuer"].optional = True  # type: ignore[attr-defined]

    @property
    def household_id(self) -> UUID:
        found: UUID = self.record.account.household_id
        return found

    def told_as(self, name: str) -> tuple[str, tuple[str, ...]]:
        # An import, or its undoing, sets the class as well, and is told under the symbol.
        others = (self.record.symbol,) if name == "asset_class" else ()
        return str(self.record.account_id), (self.record.told_as(name), *others)
