"""Handing an intake over, and back."""

from typing import Any

from django import forms

from households.handing import people_for
from households.models import Household, User
from households.models.handovers import NOTE_LENGTH


class _PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: User) -> str:
        return f"{obj}, {obj.get_role_display().lower()}"


class HandOverForm(forms.Form):
    """To whom, and what is needed."""

    to = _PersonField(
        label="Hand over to",
        queryset=User.objects.none(),
        empty_label="Choose a person",
        error_messages={
            "required": "Choose who is to take it.",
            "invalid_choice": "Choose a person of the list.",
        },
    )
    note = forms.CharField(
        label="What is needed",
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two sentences; they read it on their list.",
        error_messages={"required": "Say what is needed, such as the lots from the custodian."},
    )

    def __init__(self, *args: Any, household: Household, by: User, **kwargs: Any) -> None:
        super().__init__(*args, prefix="hand", **kwargs)
        self.people = people_for(household, by)
        self.fields["to"].queryset = self.people  # type: ignore[attr-defined]


class HandBackForm(forms.Form):
    """What was done, or what is still missing."""

    note = forms.CharField(
        label="What you did, or could not do",
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="back", **kwargs)
        self.fields["note"].optional = True  # type: ignore[attr-defined]
