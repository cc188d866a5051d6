"""What every reader does with rows: read cells, gather all that is wrong, judge width, count, reject."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from households.imports.formats.cells import decimal
from households.imports.formats.content import Limits, Text
from households.imports.formats.headers import Header
from households.imports.formats.parsed import (
    AccountSection,
    CellError,
    FileRefused,
    ParsedFile,
    Problem,
    RejectedRow,
)
from households.imports.formats.records import Record

T = TypeVar("T")
PRICE_PLACES = 6
QUANTITY_PLACES = 8
QUOTE_REMEDY = 'Put quotation marks around amounts that hold a comma, such as "1,234.50".'
CENT = Decimal("0.01")
TOTAL_WORDS = frozenset(
    {"account total", "positions total", "total", "totals", "grand total", "total account value"}
)


class RowCells:
    """One row under a header: reads its cells and gathers every problem, not the first alone."""

    def __init__(self, record: Record, header: Header) -> None:
        self.record = record
        self.header = header
        self.problems: list[Problem] = [record.problem] if record.problem else []

    def text(self, field: str) -> str:
        """The cell as it stands; empty where there is none."""
        return self.header.cell(self.record.cells, field)

    def read(self, field: str, parse: Callable[[str], T]) -> T | None:
        """The cell's value, or None with the problem noted."""
        text = self.text(field)
        try:
            return parse(text)
        except CellError as error:
            self.fault(field, error.problem, error.remedy)
            return None

    def try_read(self, field: str, parse: Callable[[str], T]) -> T | None:
        """The value of a cell that only serves to check others; None where it cannot be read."""
        try:
            return parse(self.text(field))
        except CellError:
            return None

    def fault(self, field: str, problem: str, remedy: str, *, spare: bool = False) -> None:
        """Note a problem of a cell."""
        shown = self.text(field)[:200]
        self.problems.append(Problem(self.header.name(field), shown, problem, remedy, spare))

    def judge_width(self) -> int:
        """Note cells beyond the header; answer how many are missing (0: none)."""
        surplus = self.header.surplus(self.record)
        if surplus > 0:
            self.problems.append(
                Problem(
                    "line",
                    self.record.cells[-1][:200],
                    f"The line has {surplus} more cell{'s' * (surplus > 1)} than the header has columns.",
                    QUOTE_REMEDY,
                )
            )
        return max(0, -surplus)


def cut_off(record: Record, kind: str) -> Problem:
    """What is wrong with a lone cell among rows."""
    return Problem(
        "line",
        record.only[:200],
        f"The line has a single cell where a {kind} is expected.",
        "Export the file again; the line was cut off.",
    )


def price(text: str) -> Decimal | None:
    """A price with up to six decimals, the dollar sign allowed."""
    return decimal(text, what="amount", places=PRICE_PLACES)


def quantity(text: str) -> Decimal | None:
    """A number of shares, or a face amount."""
    return decimal(text, what="quantity")


def agrees(count: Decimal | None, unit: Decimal | None, amount: int | None) -> bool | None:
    """Whether count times unit price is the amount (cents), within the price's rounding; None: unknown."""
    if count is None or unit is None or amount is None:
        return None
    places = max(2, -int(unit.as_tuple().exponent))
    slack = abs(count) * Decimal(5).scaleb(-places - 1) + CENT
    return abs(count * unit - Decimal(amount) / 100) <= slack


def product_cents(count: Decimal, unit: Decimal) -> int:
    """Count times unit price in whole cents, halves away from zero."""
    return int((count * unit * 100).quantize(Decimal(1), rounding="ROUND_HALF_UP"))


class Reading:
    """A file on its way from records to sections: counts rows, rejects them, finds sections."""

    def __init__(self, text: Text, name: str, code: str, limits: Limits) -> None:
        self.file = ParsedFile(name, code, text.encoding, text.sha256, text.size)
        self.limits = limits
        self._sections: dict[str, AccountSection] = {}
        if text.encoding == "cp1252":
            self.file.warn(
                "encoding",
                None,
                "The file is not UTF-8. It was read as Windows-1252; check names with accents.",
            )

    def count_row(self, line: int) -> None:
        """Count a data row.

        Raises:
            FileRefused: more rows than the limit.
        """
        self.count_rows(line, 1)

    def count_rows(self, line: int, count: int) -> None:
        """Count data rows from a line on, the next one on the next.

        Raises:
            FileRefused: more rows than the limit.
        """
        before = self.file.rows_read
        self.file.rows_read += count
        if self.file.rows_read > self.limits.max_rows:
            raise FileRefused(
                f"The file has more than {self.limits.max_rows:,} rows.",
                file=self.file.name,
                line=line + self.limits.max_rows - before,
                remedy="Export one account at a time.",
            )

    def section(
        self, label: str, ending: str, reference: str, as_of: date, time: str, *, holds_positions: bool
    ) -> AccountSection:
        """The section of an account, made at its first mention.

        Raises:
            FileRefused: more accounts than the limit.
        """
        key = reference.strip().lower()
        if key not in self._sections:
            if len(self._sections) >= self.limits.max_accounts:
                raise FileRefused(
                    f"The file has more than {self.limits.max_accounts:,} accounts.",
                    file=self.file.name,
                    remedy="Check that the column of the account holds accounts, or export fewer at a time.",
                )
            taken = {section.label for section in self.file.accounts}
            unique, number = label, 2
            while unique in taken:
                unique, number = f"{label} ({number})", number + 1
            made = AccountSection(unique, ending, reference, as_of, time, holds_positions)
            self._sections[key] = made
            self.file.accounts.append(made)
        return self._sections[key]

    def warn_absent(self, header: Header) -> None:
        """Say what is unknown because columns are not in the file."""
        for column in header.absent:
            if column.without:
                self.file.warn(
                    "missing_column",
                    header.line,
                    f"The column {column.names[0].title()} is not in the file: {column.without}.",
                )

    def ignore(self, record: Record, where: str = "is not part of a list") -> None:
        """Say that a line was left out."""
        shown = ", ".join(cell for cell in record.cells if cell)[:80]
        self.file.warn("ignored_line", record.line, f'The line "{shown}" {where}; it was left out.')

    def reject(self, cells: RowCells, kind: str, label: str, symbol: str) -> None:
        """Note a rejected row with everything that is wrong with it."""
        record = cells.record
        symbol = "" if record.problem else symbol[:64].upper()
        self.file.rejected.append(
            RejectedRow(record.line, kind, label, symbol, tuple(cells.problems), tuple(record.cells))
        )

    def reject_line(self, record: Record, kind: str, label: str, problem: Problem) -> None:
        """Note a line that cannot be taken apart."""
        self.file.rejected.append(RejectedRow(record.line, kind, label, "", (problem,), tuple(record.cells)))
