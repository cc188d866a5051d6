"""The product's own template as CSV."""

from households.imports.formats.content import Limits, Text
from households.imports.formats.headers import Header
from households.imports.formats.parsed import ASSET_CLASSES, ParsedFile
from households.imports.formats.positions import Classified
from households.imports.formats.records import Record
from households.imports.formats.rows import RowCells
from households.imports.formats.sniff import delimiter_of, find_header
from households.imports.formats.template import COLUMNS, TEMPLATE, read_list

__all__ = ["CODE", "LABEL", "TEMPLATE", "detect", "read", "read_template"]

CODE = "generic_csv"
LABEL = "Positions template (CSV)"
_MARKS = frozenset(
    {"as_of", "row_type", "asset_class", "share_of_account", "as of", "row type", "asset class"}
)


def detect(sample: str) -> int:
    """How surely a text is of this format: 3 where its header has a column only the template has, else 0."""
    found = find_header(sample, COLUMNS)
    if found is None:
        return 0
    names = {cell.strip().lower() for cell in found[0].cells}
    return 3 if names & _MARKS else 1


def read(text: Text, name: str, limits: Limits) -> ParsedFile:
    """Read a file in the template's layout.

    Raises:
        FileRefused: no header row, a missing or doubled column, or too many rows.
    """
    return read_template(text, name, limits, CODE)


def read_template(text: Text, name: str, limits: Limits, code: str) -> ParsedFile:
    """Read the template's layout under a format's code.

    Raises:
        FileRefused: no header row, a missing or doubled column, or too many rows.
    """
    return read_list(text, name, limits, code, delimiter_of(text.text, COLUMNS), _Template(name))


class _Template:
    """The template as it is handed out: its own names, its own words for asset classes."""

    def __init__(self, name: str) -> None:
        self._name = name

    def header(self, record: Record) -> Header | None:
        return COLUMNS.locate(record, self._name) if COLUMNS.looks_like_header(record.cells) else None

    def class_of(self, text: str) -> tuple[str, str] | None:
        said = text.lower()
        return (said, said) if said in ("stock", "fund", "bond", "other") else None

    def classify(self, cells: RowCells) -> tuple[str, Classified]:
        said = cells.text("asset_class").lower()
        if said and said not in ASSET_CLASSES:
            cells.fault(
                "asset_class", "This is not an asset class.", f"Write one of {', '.join(ASSET_CLASSES)}."
            )
        found = said if said in ASSET_CLASSES else "unknown"
        return said, Classified(found, found != "unknown")

    def symbol(self, cells: RowCells, asset_class: str) -> str:
        symbol = cells.text("symbol")
        return symbol if asset_class == "cash" else symbol.upper()

    def leaves_out(self, cells: RowCells, file: ParsedFile) -> bool:
        return False

    def close(self, file: ParsedFile) -> None:
        """Nothing: every row was told of by itself."""
