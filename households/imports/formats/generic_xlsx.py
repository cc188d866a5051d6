"""The product's own template as a workbook: read like the CSV template, its sheet turned into lines first."""

import io
import zipfile
from xml.sax.saxutils import escape

from households.imports.formats import generic_csv
from households.imports.formats.content import Limits, Text
from households.imports.formats.parsed import ParsedFile

CODE = "generic_xlsx"
LABEL = "Positions template (Excel workbook)"

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
    sheets = {
        "Positions": [generic_csv.TEMPLATE],
        "How to fill it in": [("Column", "What it takes"), *GUIDE],
    }
    names = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(sheets, start=1)
    )
    rels = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/relationships/worksheet" '
        f'Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_KIND}.worksheet+xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        "ContentType="
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{_KIND}.sheet.main+xml"/>{kinds}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" '
        f'xmlns:r="{_OFFICE}/relationships"><sheets>{names}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships "
        f'xmlns="{_PACKAGE}/relationships">{rels}</Relationships>',
    } | {
        f"xl/worksheets/sheet{number}.xml": _sheet(rows)
        for number, rows in enumerate(sheets.values(), start=1)
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():  # no clock: the same bytes every time
            archive.writestr(zipfile.ZipInfo(path), _DECLARATION + content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _sheet(rows: list[tuple[str, ...]]) -> str:
    lines = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row) + "</row>"
        for row in rows
    )
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'
