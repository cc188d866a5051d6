"""Forms of the import pages."""

from typing import Any

from django import forms

from households.foundation.errors import DomainError
from households.imports.formats import FORMATS, mapped
from households.imports.mapping import SKIP
from households.imports.uploads import FilesRefused
from households.models import Account, Import


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else []


class FilesField(forms.FileField):
    """One or more files; their size, type and number are judged by the service, which knows the reasons."""

    widget = _FilesInput(attrs={"accept": ".csv,.txt,.xlsx,.ofx,.qfx,.xml", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if not data:
            raise forms.ValidationError("Choose one or more files.")
        return list(data)


class UploadForm(forms.Form):
    """Files of a custodian, and their format where it is not recognized."""

    uploads = FilesField(
        label="Files",
        help_text="A positions file together with its lot files, or any of them alone. "
        "Up to 20 files of 10 MB each; choose them or drop them here.",
    )
    format = forms.ChoiceField(
        label="Format",
        required=False,
        choices=[
            ("", "Recognize each file"),
            *((code, found.label) for code, found in FORMATS.items()),
            (mapped.CODE, "Another file: map its columns myself"),
        ],
        help_text="Only if a file was recognized wrongly, or to map its columns.",
    )

    dated = forms.DateField(
        label="Date of the values",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Only for files that do not say it themselves.",
    )

    def add_refusals(self, refused: FilesRefused) -> None:
        """Put each file's reason where the files are chosen."""
        for reason in refused.refused:
            self.add_error("uploads", str(reason))


class MendForm(forms.Form):
    """The file of rejected rows, with their cells mended."""

    mended = forms.FileField(
        label="Mended rows",
        help_text="The file downloaded here, as CSV or as an Excel workbook.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        error_messages={"required": "Choose the file with the mended rows."},
    )

    def add_refusal(self, error: DomainError) -> None:
        """Put every reason where the file is chosen; where none can be chosen any more, on top."""
        for reason in getattr(error, "reasons", (str(error),)):
            self.add_error("mended" if error.status == 422 else None, reason)


class MappingForm(forms.Form):
    """One select for each account of the files."""

    def __init__(self, import_: Import, accounts: list[Account], data: Any = None) -> None:
        super().__init__(data)
        self.labels = list(import_.account_map)
        choices = [
            ("", "Choose an account"),
            *((str(account.pk), _account_name(account)) for account in accounts),
            (SKIP, "Leave this account out"),
        ]
        for number, label in enumerate(self.labels):
            self.fields[self.name(number)] = forms.ChoiceField(
                label=label, required=False, choices=choices, initial=import_.account_map[label]
            )

    @staticmethod
    def name(number: int) -> str:
        """The form field of the numbered label; labels themselves are free text."""
        return f"account_{number}"

    def account_map(self) -> dict[str, str]:
        """Label -> what was chosen."""
        return {label: self.cleaned_data[self.name(number)] for number, label in enumerate(self.labels)}

    def add_problem(self, label: str, message: str) -> None:
        """Put a problem at the select it belongs to, or on top of the form."""
        known = label in self.labels
        self.add_error(self.name(self.labels.index(label)) if known else None, message)


def _account_name(account: Account) -> str:
    return f"{account.name}, ending {account.number_ending}" if account.number_ending else account.name
