"""What tells one list in the template's columns from another."""

from typing import Protocol

from households.imports.formats.headers import Header
from households.imports.formats.parsed import ParsedFile
from households.imports.formats.positions import Classified
from households.imports.formats.records import Record
from households.imports.formats.rows import RowCells


class Dialect(Protocol):
    """How a list says what the template says."""

    def header(self, record: Record) -> Header | None:
        """The header that a record is, else None.

        Raises:
            FileRefused: a required column is missing, or a column that is read stands there twice.
        """

    def class_of(self, text: str) -> tuple[str, str] | None:
        """What the class column says of a row that needs no second look: what is said, the asset class."""

    def classify(self, cells: RowCells) -> tuple[str, Classified]:
        """What is said of a position's kind, and its asset class; what is wrong with the cell is noted."""

    def symbol(self, cells: RowCells, asset_class: str) -> str:
        """A position's symbol."""

    def leaves_out(self, cells: RowCells, file: ParsedFile) -> bool:
        """Whether a line under the header is no row at all; what it is then is told."""

    def close(self, file: ParsedFile) -> None:
        """Say what is to be said of the whole file."""
