"""What a reader makes of a file: sections of accounts, rejected rows and warnings, each with its line.

Money is whole cents (``int``), quantities and prices are ``Decimal``, unknown is ``None``, never zero.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from households.foundation.errors import DomainError

MAX_WARNINGS_OF_A_KIND = 25
ASSET_CLASSES = ("cash", "fund", "stock", "bond", "option", "other", "unknown")


class FileRefused(DomainError):
    """A file that cannot be read at all; nothing of it is taken.

    ``mappable`` says that it is a list whose columns somebody could map by hand; ``looks_like`` names the
    format it surely is of all the same.
    """

    def __init__(
        self,
        problem: str,
        *,
        remedy: str,
        file: str = "",
        line: int | None = None,
        value: object = None,
        mappable: bool = False,
    ) -> None:
        super().__init__(problem, field="uploads", value=value, remedy=remedy)
        self.file = file
        self.line = line
        self.mappable = mappable
        self.looks_like = ""

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.file, f"line {self.line}" if self.line else "") if part)
        return f"{place}: {super().__str__()}" if place else super().__str__()


class CellError(ValueError):
    """A cell whose text cannot be taken for what its column holds."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one row: the column, the value as it was, what is wrong, what to do.

    ``spare``: what the row says is said elsewhere, so nothing is missing without it.
    """

    field: str
    value: str
    problem: str
    remedy: str
    spare: bool = False


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that is not taken.

    ``kind`` is ``position`` or ``lot``, ``label`` the file's account, ``symbol`` as far as it could be read.
    """

    line: int
    kind: str
    label: str
    symbol: str
    problems: tuple[Problem, ...]
    cells: tuple[str, ...]

    @property
    def spare(self) -> bool:
        """Whether nothing is missing without the row."""
        return all(problem.spare for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to look at before committing. ``code`` is stable; ``line`` is None for the whole file."""

    code: str
    line: int | None
    message: str


@dataclass(slots=True)
class PositionRow:
    """One security of one account.

    ``unsupported`` says why it is kept but not evaluated; empty: it is. ``lot`` is the one purchase that the
    row is as well, in lists that say so.
    """

    line: int
    symbol: str
    description: str
    asset_class: str
    security_type: str
    quantity: Decimal | None
    price: Decimal | None
    market_value: int
    cost_basis: int | None
    unsupported: str = ""
    lot: "LotRow | None" = None


@dataclass(slots=True)
class LotRow:
    """One purchase. ``term`` is the file's own word: ``short``, ``long`` or empty."""

    line: int
    symbol: str
    acquired: date | None
    quantity: Decimal
    price: Decimal | None
    market_value: int | None
    cost_basis: int | None
    disallowed_loss: int | None = None
    term: str = ""
    unsupported: str = ""
    cells_missing: bool = False


@dataclass(slots=True)
class RealizedRow:
    """One lot that was sold: its gain before any loss is disallowed. ``term`` is ``short``, ``long`` or
    empty."""

    line: int
    symbol: str
    opened: date | None
    closed: date
    quantity: Decimal | None
    proceeds: int | None
    cost_basis: int | None
    gain: int
    disallowed_loss: int | None = None
    term: str = ""


@dataclass(slots=True)
class AccountSection:
    """The part of a file that belongs to one account.

    ``label`` is the file's name for the account with all but the last digits of its number masked,
    ``ending`` those digits, ``reference`` the text as it stood (for matching, never stored);
    ``holds_positions`` is True where the section claims to list everything held. ``period`` is the first and
    the last day that the realized gains are of, where the file says it.
    """

    label: str
    ending: str
    reference: str
    as_of: date
    as_of_time: str = ""
    holds_positions: bool = True
    positions: list[PositionRow] = field(default_factory=list)
    lots: list[LotRow] = field(default_factory=list)
    realized: list[RealizedRow] = field(default_factory=list)
    period: tuple[date | None, date | None] = (None, None)

    def realized_cents(self, term: str) -> int:
        """The realized gains of a term (``short``, ``long`` or empty: not said), disallowed losses left
        out."""
        return sum(row.gain + (row.disallowed_loss or 0) for row in self.realized if row.term == term)


@dataclass(slots=True)
class ParsedFile:
    """Everything read from one file. ``rows_read`` counts data rows; each is taken or rejected.

    ``confidence`` says how surely it was recognized as its format: 3 by a title or a whole header, 2 by a
    header alone, 1 by a part of one, 0 not at all (the format was chosen by hand). ``mapping`` describes the
    mapping its columns were read with, where they were mapped by hand; ``reading`` tells two ways of reading
    one file apart.
    ``original`` is the file as it came; ``asked`` and ``dated`` are the format and the date it was read with.
    """

    name: str
    format: str
    encoding: str
    sha256: str
    size: int
    confidence: int = 0
    original: bytes = field(default=b"", repr=False)
    asked: str | None = None
    dated: date | None = None
    rows_read: int = 0
    mapping: dict[str, str] = field(default_factory=dict)
    reading: str = ""
    accounts: list[AccountSection] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    _told: Counter[str] = field(default_factory=Counter, repr=False)

    @property
    def rows_taken(self) -> int:
        """Data rows that became a position, a lot or a realized gain."""
        return sum(len(part.positions) + len(part.lots) + len(part.realized) for part in self.accounts)

    @property
    def as_of(self) -> date | None:
        """The newest date any of its sections bears."""
        return max((section.as_of for section in self.accounts), default=None)

    def warn(self, code: str, line: int | None, message: str) -> None:
        """Note a warning; of one kind only the first are told one by one, the others are counted."""
        self._told[code] += 1
        if self._told[code] <= MAX_WARNINGS_OF_A_KIND:
            self.warnings.append(Warned(code, line, message))

    def close(self) -> None:
        """Say how many warnings of each kind were not told one by one."""
        for code, count in self._told.items():
            if count > MAX_WARNINGS_OF_A_KIND:
                more = count - MAX_WARNINGS_OF_A_KIND
                text = f"{more:,} more {'lines' if more > 1 else 'line'} with the same warning."
                self.warnings.append(Warned(code, None, text))
        self._told.clear()
