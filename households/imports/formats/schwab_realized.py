"""Schwab's realized gains and losses, "Lot Details": the lots that were sold in a period, an account or
several.

A title line with the period; for "All_Accounts" a line with each account's name; a header; a row a closed
lot; at times a total line. The gain stated is before a wash sale disallows part of a loss.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from households.imports.formats.cells import cents, day
from households.imports.formats.content import Limits, Text
from households.imports.formats.headers import Column, Columns, Header
from households.imports.formats.lots import TERMS, acquired_on, is_long_term
from households.imports.formats.parsed import AccountSection, CellError, FileRefused, ParsedFile, RealizedRow
from households.imports.formats.records import Record, records
from households.imports.formats.rows import TOTAL_WORDS, Reading, RowCells, cut_off, quantity
from households.imports.formats.sniff import delimiter_of, header_strength
from households.imports.formats.titles import date_of_file, mask_account
from households.imports.formats.totals import check_realized_total, dollars, warn_not_compared

CODE = "schwab_realized"
LABEL = "Schwab realized gains and losses"

COLUMNS = Columns(
    (
        Column("symbol", ("symbol",), required=True),
        Column("closed", ("closed date", "date closed"), required=True),
        Column("opened", ("opened date", "date opened", "open date"), without="holding periods are unknown"),
        Column("gain", ("gain/loss ($)", "gain/loss $", "gain/loss"), required=True),
        Column("quantity", ("quantity", "qty")),
        Column("proceeds", ("proceeds", "total proceeds"), without="gains cannot be checked"),
        Column("cost_basis", ("cost basis (cb)", "cost basis"), without="gains cannot be checked"),
        Column("long_gain", ("long term gain/loss", "lt gain/loss", "long term (lt) gain/loss")),
        Column("short_gain", ("short term gain/loss", "st gain/loss", "short term (st) gain/loss")),
        Column("term", ("term", "holding period")),
        Column("disallowed_loss", ("disallowed loss", "disallowed loss $"), without="wash sales are unknown"),
        Column("wash_sale", ("wash sale?", "wash sale")),
    ),
    ignored=(
        "name",
        "description",
        "proceeds per share",
        "proceeds/share",
        "cost per share",
        "cost/share",
        "gain/loss (%)",
        "gain/loss %",
        "unadjusted cost basis",
        "unadjusted cost",
        "cost basis method",
        "transaction closed date",
        "transaction cost basis",
        "total transaction gain/loss ($)",
        "total transaction gain/loss (%)",
        "lt transaction gain/loss ($)",
        "lt transaction gain/loss (%)",
        "st transaction gain/loss ($)",
        "st transaction gain/loss (%)",
    ),
)

_TITLE = re.compile(
    r'"?realized gain/loss\b(?:\s*-\s*lot details)?(?:\s+for\s+(?P<account>.*?))?'
    r"(?:\s+as of\s+(?P<as_of>.*?))?"
    r"(?:\s+from\s+(?P<first>[0-9/-]+)\s+to\s+(?P<last>[0-9/-]+))?[\s,]*$",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"[a-z]{3}\s+(?P<day>[a-z]{3}\s+[0-9]{1,2})\s+[0-9:]{5,8}\s+[a-z]{2,4}\s+(?P<year>[0-9]{4})",
    re.IGNORECASE,
)  # Sat Apr 25 22:16:54 EDT 2026
_ALL = re.compile(r"all[-_ ]accounts?", re.IGNORECASE)


def detect(sample: str) -> int:
    """How surely a text is of this format: 3 by its title, 2 by its header alone, 0 not."""
    if any(line.lstrip('"').lower().startswith("realized gain/loss") for line in sample.splitlines()[:20]):
        return 3
    return header_strength(sample, COLUMNS)


def read(text: Text, name: str, limits: Limits) -> ParsedFile:
    """Read an export of realized gains.

    Raises:
        FileRefused: no header row, a missing or doubled column, no date, or too many rows.
    """
    return _RealizedReader(text, name, limits).run()


@dataclass
class _Block:
    """The rows of one account."""

    header: Header
    section: AccountSection
    rows: list[RealizedRow] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)
    total: RowCells | None = None
    rejected: int = 0


class _RealizedReader:
    def __init__(self, text: Text, name: str, limits: Limits) -> None:
        self.reading = Reading(text, name, CODE, limits)
        self.records = records(text.text, name, limits, delimiter_of(text.text, COLUMNS))
        self.text = text
        self.as_of: date | None = None
        self.period: tuple[date | None, date | None] = (None, None)
        self.account = ""
        self.pending: Record | None = None
        self.block: _Block | None = None

    def run(self) -> ParsedFile:
        for record in self.records:
            self._take(record)
        self._settle_pending()
        self._end_block()
        file = self.reading.file
        if not file.accounts:
            raise FileRefused(
                "No header row with Symbol, Closed Date and Gain/Loss was found.",
                file=file.name,
                remedy="Export the lot details of the realized gains from Schwab as CSV.",
            )
        file.close()
        return file

    def _take(self, record: Record) -> None:
        title = _TITLE.match(", ".join(filter(None, record.cells))) if record.problem is None else None
        if title:
            self._settle_pending()
            self._end_block()
            self._read_title(title)
        elif record.problem is None and COLUMNS.looks_like_header(record.cells):
            self._begin_block(record)
        elif record.problem is None and record.only:
            self._settle_pending()
            self.pending = record
        else:
            self._settle_pending()
            if self.block is not None:
                self._data(self.block, record)
            elif record.problem is not None:
                self.reading.count_row(record.line)
                self.reading.reject_line(record, "lot", "", record.problem)
            else:
                self.reading.ignore(record)

    def _settle_pending(self) -> None:
        """A lone cell that no header followed: in a list of rows a broken row, elsewhere a remark."""
        record, self.pending = self.pending, None
        if record is None:
            return
        if self.block is None or self.block.total is not None or len(record.only) > 40:
            self.reading.ignore(record)
            return
        self.reading.count_row(record.line)
        self.block.rejected += 1
        self.reading.reject_line(record, "lot", self.block.section.label, cut_off(record, "lot"))

    def _read_title(self, title: re.Match[str]) -> None:
        account = title["account"] or ""
        self.account = "" if _ALL.fullmatch(account) else account.replace("_", " ")
        self.period = (_day(title["first"]), _day(title["last"]))
        clock = _CLOCK.fullmatch(" ".join((title["as_of"] or "").split()))
        self.as_of = _day(f"{clock['day']}, {clock['year']}" if clock else title["as_of"]) or self.period[1]

    def _begin_block(self, record: Record) -> None:
        self._end_block()
        if self.pending is not None:
            self.account, self.pending = self.pending.only, None
        file = self.reading.file
        if self.as_of is None:
            self.as_of = date_of_file(file, self.text, None)
        header = COLUMNS.locate(record, file.name)
        self.reading.warn_absent(header)
        label, ending = mask_account(self.account or "Unnamed account")
        section = self.reading.section(label, ending, self.account, self.as_of, "", holds_positions=False)
        section.period = self.period
        self.block = _Block(header, section)

    def _data(self, block: _Block, record: Record) -> None:
        cells = RowCells(record, block.header)
        if record.problem is None and record.cells[0].lower() in TOTAL_WORDS:
            block.total = cells
            return
        self.reading.count_row(record.line)
        row = None if cells.problems else self._row(cells)
        if row is None:
            block.rejected += 1
            self.reading.reject(cells, "lot", block.section.label, cells.text("symbol"))
            return
        block.rows.append(row)
        block.section.realized.append(row)
        self._warn(block, row, cells)

    def _row(self, cells: RowCells) -> RealizedRow | None:
        missing = cells.judge_width()
        symbol = cells.text("symbol").upper()
        closed, opened = cells.read("closed", day), cells.read("opened", acquired_on)
        proceeds, cost = cells.read("proceeds", cents), cells.read("cost_basis", cents)
        gain, disallowed = cells.read("gain", cents), cells.read("disallowed_loss", cents)
        count = cells.read("quantity", quantity)
        if not symbol:
            cells.fault("symbol", "The symbol is missing.", "Give the symbol of what was sold.")
        if closed is None and not cells.problems:
            cells.fault("closed", "The date of the sale is missing.", "Fill it in, or leave the row out.")
        if gain is None and proceeds is not None and cost is not None:
            gain = proceeds - cost
        if gain is None and not cells.problems:
            cells.fault("gain", "The gain is missing.", "Fill it in; an unknown gain is never taken as zero.")
        if closed is not None and self.as_of is not None and closed > self.as_of:
            cells.fault("closed", f"The sale is after the date of the file, {self.as_of:%b %-d, %Y}.",
                        "Check the date, month first.")  # fmt: skip
        if missing and (proceeds is None or cost is None or gain is None or abs(proceeds - cost - gain) > 1):
            cells.fault("gain", "The line is too short, and proceeds less cost are not the gain.",
                        "Export the file again; a cell is missing.")  # fmt: skip
        if cells.problems or closed is None or gain is None:
            return None
        lost = None if disallowed is None else abs(disallowed)
        term = TERMS.get(cells.text("term").lower(), "") or _term_of(opened, closed)
        return RealizedRow(cells.record.line, symbol, opened, closed, count, proceeds, cost, gain, lost, term)

    def _warn(self, block: _Block, row: RealizedRow, cells: RowCells) -> None:
        file, line, name = self.reading.file, row.line, row.symbol
        if row.proceeds is not None and row.cost_basis is not None:
            worked = row.proceeds - row.cost_basis
            if abs(worked - row.gain) > 1:
                told = f"{name}: the stated gain of {dollars(row.gain)} is not proceeds less cost "
                file.warn(
                    "gain_contradicts_cost", line, f"{told}({dollars(worked)}). The stated gain is used."
                )
        if row.term and row.opened is not None and row.term != _term_of(row.opened, row.closed):
            file.warn("term_contradicts_date", line, f"{name}: the file says {row.term} term, but bought on "
                      f"{row.opened:%b %-d, %Y} and sold on {row.closed:%b %-d, %Y} it is the other. The "
                      "file's word is used: a wash sale can lengthen the holding period.")  # fmt: skip
        if not row.term:
            file.warn("missing_date", line, f"{name}: neither term nor date of purchase is known.")
        if cells.text("wash_sale").lower() in ("yes", "true", "w") and row.disallowed_loss is None:
            told = f"{name}: a wash sale without the amount disallowed; the whole loss is counted."
            file.warn("missing_disallowed", line, told)
        first, last = block.section.period
        if (first and row.closed < first) or (last and row.closed > last):
            told = "outside the period the file says it is of. It is counted."
            file.warn("outside_period", line, f"{name}: sold on {row.closed:%b %-d, %Y}, {told}")
        if block.seen.setdefault(hash(tuple(cells.record.cells)), line) != line:
            told = "this line stands in the file before. Both are kept; sales of equal lots look alike."
            file.warn("duplicate_lot", line, f"{name}: {told}")

    def _end_block(self) -> None:
        block, self.block = self.block, None
        if block is None or block.total is None:
            return
        label = f"Realized gains, {block.section.label}"
        if block.rejected:
            warn_not_compared(self.reading.file, label, block.total.record.line, block.rejected)
        else:
            check_realized_total(self.reading.file, label, block.total, block.rows)


def _day(text: str | None) -> date | None:
    try:
        return day(text or "")
    except CellError:
        return None


def _term_of(opened: date | None, closed: date) -> str:
    if opened is None:
        return ""
    return "long" if is_long_term(opened, closed) else "short"
