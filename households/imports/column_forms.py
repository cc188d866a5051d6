"""The form in which columns are mapped: one select for each column of ours, over the columns of the file."""

from collections.abc import Sequence
from typing import Any

from django import forms

from households.foundation.errors import DomainError
from households.imports.formats.column_maps import (
    ROW_KINDS,
    WORDS,
    ColumnMap,
    column_keys,
    faults_of,
    signature_of,
    value_among,
)
from households.imports.formats.template import HELD
from households.imports.remembering import NAME_LENGTH
from households.models import ColumnMapping

_ABSENT = "Not in the file"
_SAMPLE_LENGTH = 24
_LABEL_LENGTH = 60

HINTS: dict[str, tuple[str, str]] = {
    "symbol": ("Ticker, or CUSIP of a bond.", "Choose a column"),
    "quantity": ("Shares, units or face amount.", "Choose a column"),
    "market_value": ("US dollars in all; a price may stand in.", "Choose a column"),
    "price": ("US dollars a share.", _ABSENT),
    "cost_basis": ("US dollars in all, not a share.", _ABSENT),
    "description": ("The name of the security.", _ABSENT),
    "asset_class": ("Such as ETF, Stock, Fixed Income.", _ABSENT),
    "account": ("Only its last digits are kept.", "All rows are of one account"),
    "as_of": ("The same for all rows of an account.", "Not in the file: given with it"),
    "row_type": ("Or a column says position or lot.", "Choose what each row is"),
    "acquired": ("Of purchases and tax lots.", _ABSENT),
    "disallowed_loss": ("Of tax lots, from wash sales.", _ABSENT),
    "share_of_account": ("Only checked against the values.", _ABSENT),
}
"""Our column -> its hint, and what stands for no column."""
MAIN = ("symbol", "quantity", "market_value")
MORE = tuple(name for name in WORDS if name not in MAIN)
NO_DATE = "Give the date of the values, or choose the column that holds it."
_NO_HEADER = (
    "The header line holds a value ({}), not only names of columns. Choose the line with the names; if the "
    "file has none, add one above its rows."
)
_ROWS = {
    "position": "A position",
    HELD: "A purchase; the list is whole",
    "lot": "A tax lot; positions are elsewhere",
}


def field_name(column: str) -> str:
    """The form field of one of our columns."""
    return f"column_{column}"


class ColumnsForm(forms.Form):
    """Which column of a header is which of ours.

    Args:
        header: the cells of the header.
        samples: a row beneath it, to know the columns by; may be shorter, or empty.
        start: the mapping to begin with: the remembered one, or a guess.
        mapping: the remembered mapping, if there is one; its revision is what a change is judged against.
        editable: whether this user may change it.
        dates: whether the date of the values is asked, as for a file at hand.
    """

    name = forms.CharField(
        label="Name of this mapping",
        max_length=NAME_LENGTH,
        help_text="Such as Acme Trust holdings. The next file with these columns is read by it.",
    )
    dated = forms.DateField(
        label="Date, where no column says it",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The day the values are of. Not remembered.",
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        header: Sequence[str],
        start: ColumnMap,
        data: Any = None,
        *,
        samples: Sequence[str] = (),
        mapping: ColumnMapping | None = None,
        editable: bool = True,
        dates: bool = True,
        dated: Any = None,
    ) -> None:
        super().__init__(data)
        self.header = list(header)
        self.start = start
        self.keys = column_keys(header)
        self.editable = editable
        self._chosen: ColumnMap | None = None
        names = [(str(place), _shown(header, samples, place)) for place in range(len(header))]
        for column, (hint, none) in HINTS.items():
            is_rows = column == "row_type"
            first = [("", none)] if not is_rows or not start.rows else []
            first += [*_ROWS.items()] if is_rows else []
            listed = [(place, f"A column says it: {shown}" if is_rows else shown) for place, shown in names]
            chosen = forms.ChoiceField(
                label=WORDS[column],
                help_text=hint,
                required=False,
                choices=first + listed,
                disabled=not editable,
            )
            chosen.initial = self._place(start, column)
            self.fields[field_name(column)] = chosen
        self.fields["name"].initial = start.name
        self.fields["name"].disabled = not editable
        self.fields["seen"].initial = mapping.revision if mapping else 0
        if dates:
            self.fields["dated"].initial = dated
        else:
            del self.fields["dated"]

    def _place(self, start: ColumnMap, column: str) -> str:
        key = start.columns.get(column)
        if key in self.keys:
            return str(self.keys.index(key))
        return start.rows if column == "row_type" else ""

    def column_map(self) -> ColumnMap:
        """What was chosen; before anything is sent, what the form begins with."""
        if not self.is_bound:
            return self.start
        return self._chosen or self._read()

    def _read(self) -> ColumnMap:
        chosen = {column: self.cleaned_data.get(field_name(column), "") for column in WORDS}
        rows = chosen["row_type"] if chosen["row_type"] in ROW_KINDS else ""
        columns = {column: self.keys[int(place)] for column, place in chosen.items() if place.isdigit()}
        return ColumnMap(
            signature_of(self.header), columns, rows, {"name": self.cleaned_data.get("name", "")}
        )

    def clean(self) -> dict[str, Any]:
        """Every fault of the mapping, at its select."""
        value = value_among(self.header)
        if value:
            self.add_error(None, _NO_HEADER.format(value[:40]))
        chosen = self._chosen = self._read()  # an error takes its column out of what is clean
        for fault in faults_of(chosen.columns, chosen.rows, self.keys):
            self.add_error(field_name(fault.field) if fault.field else None, fault.problem)
        if self.lacks_date() and "dated" not in self.errors:
            self.add_error("dated", NO_DATE)
        return self.cleaned_data

    def given_date(self) -> Any:
        """The date of the values, as far as it is given."""
        return self.cleaned_data.get("dated") if self.is_bound else self.fields["dated"].initial

    def lacks_date(self) -> bool:
        """Whether nothing says what day the values of the file at hand are of."""
        return "dated" in self.fields and "as_of" not in self.column_map().columns and not self.given_date()

    def lacks(self) -> list[str]:
        """What is still to be said before a list can be read."""
        value = value_among(self.header)
        if value:
            return [_NO_HEADER.format(value[:40])]
        chosen = self.column_map()
        return [fault.problem for fault in faults_of(chosen.columns, chosen.rows, self.keys)]

    def see(self, mapping: ColumnMapping | None) -> None:
        """Let what is sent next be judged against what is remembered now."""
        self.data = self.data.copy()
        self.data["seen"] = mapping.revision if mapping else 0

    def add_problem(self, error: DomainError) -> None:
        """Put what a service refuses where it belongs."""
        name = error.field if error.field in self.fields else field_name(error.field)
        self.add_error(name if name in self.fields else None, str(error))

    def main_fields(self) -> list[Any]:
        """What a list needs; of lots, and where there is a price, the market value may be missing."""
        return [self[field_name(column)] for column in MAIN]

    def last_fields(self) -> list[Any]:
        """What is said of the file at hand and of the mapping itself."""
        return [self["dated"], self["name"]]

    def more_fields(self) -> list[Any]:
        """What some lists have."""
        return [self[field_name(column)] for column in MORE]


def _shown(header: Sequence[str], samples: Sequence[str], place: int) -> str:
    name = header[place][:_LABEL_LENGTH] or f"Column {place + 1}"
    sample = samples[place] if place < len(samples) else ""
    cut = sample[:_SAMPLE_LENGTH] + ("…" if len(sample) > _SAMPLE_LENGTH else "")
    return f"{name} ({cut})" if cut else name
