"""The product's own template as a workbook: read like the CSV template, its sheet turned into lines first."""

import io
from datetime import datetime

from xlsxwriter import Workbook

from households.imports.formats import generic_csv
from households.imports.formats.content import Limits, Text
from households.imports.formats.parsed import ParsedFile

CODE = "generic_xlsx"
LABEL = "Positions template (Excel workbook)"
COLUMNS = generic_csv.COLUMNS

_NO_CLOCK = datetime(2026, 1, 1)
"""Stands for when the template was made: the same bytes every time."""
GUIDE = (
    ("account", "Account number (only its last digits are kept) or the account's reference."),
    ("as_of", "Required. Date of the values, the same for all rows of an account."),
    ("row_type", "position or lot; empty is position."),
    ("symbol", "Required. Ticker, or CUSIP of a bond; for cash any word."),
    ("description", "Free text."),
    ("asset_class", "cash, fund, stock, bond, option, other; empty is unknown."),
    ("quantity", "Shares or face amount. May be empty for cash."),
    ("price", "US dollars a share."),
    (
        "market_value",
        "US dollars. Required for positions; for funds and stocks quantity times price stands in.",
    ),
    ("cost_basis", "US dollars, all of the position or of the lot. Empty is unknown, never zero."),
    ("share_of_account", "Fraction or percentage; only checked against the values."),
    ("acquired", "Lots only: date of purchase."),
    ("disallowed_loss", "Lots only: US dollars, from wash sales."),
)
"""What each column of the template takes, for the workbook's second sheet."""


def detect(sample: str) -> int:
    """A workbook is told by its bytes, and the kind of list in it by its text: never by this."""
    return 0


def read(text: Text, name: str, limits: Limits) -> ParsedFile:
    """Read a sheet in the template's layout.

    Raises:
        FileRefused: no header row, a missing or doubled column, or too many rows.
    """
    return generic_csv.read_template(text, name, limits, CODE)


def template() -> bytes:
    """The template as a workbook: an empty list with its header, and a sheet that says what goes where."""
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": _NO_CLOCK})
        bold = book.add_format({"bold": True})
        positions, guide = book.add_worksheet("Positions"), book.add_worksheet("How to fill it in")
        positions.write_row(0, 0, generic_csv.TEMPLATE, bold)
        positions.freeze_panes(1, 0)
        positions.set_column(0, len(generic_csv.TEMPLATE) - 1, 16)
        guide.write_row(0, 0, ("Column", "What it takes"), bold)
        for number, row in enumerate(GUIDE, start=1):
            guide.write_row(number, 0, row)
        guide.set_column(0, 0, 18)
        guide.set_column(1, 1, 90)
    return buffer.getvalue()
