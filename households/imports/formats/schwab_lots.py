"""Schwab's lot details: the purchases of one security, or of several, a block each; both layouts."""

import re
from dataclasses import dataclass, field
from datetime import date

from households.imports.formats.cells import cents
from households.imports.formats.content import Limits, Text
from households.imports.formats.headers import Column, Columns, Header
from households.imports.formats.lots import read_lot, warn_about_lot
from households.imports.formats.parsed import AccountSection, FileRefused, LotRow, ParsedFile
from households.imports.formats.records import Record, records
from households.imports.formats.rows import TOTAL_WORDS, Reading, RowCells, cut_off
from households.imports.formats.sniff import delimiter_of, header_strength
from households.imports.formats.titles import mask_account, read_title
from households.imports.formats.totals import check_lot_total, warn_not_compared

CODE = "schwab_lots"
LABEL = "Schwab lot details"

COLUMNS = Columns(
    (
        Column("acquired", ("open date", "date acquired", "acquired date", "acquired"), required=True),
        Column("quantity", ("quantity", "qty (quantity)", "qty"), required=True),
        Column("cost_basis", ("cost basis", "cost basis (cb)"), required=True),
        Column("price", ("price",)),
        Column("unit_cost", ("cost/share", "cost per share", "cost/share (cps)")),
        Column("market_value", ("market value", "mkt val (market value)", "mkt val")),
        Column("gain", ("gain/loss $", "gain/loss ($)", "gain $ (gain/loss $)", "gain $")),
        Column("term", ("holding period", "term")),
        Column("disallowed_loss", ("disallowed loss", "disallowed loss $")),
    ),
    ignored=(
        "transaction open",
        "transaction cps",
        "transaction cb",
        "transaction g/l $",
        "gain/loss %",
        "gain/loss (%)",
        "transaction g/l %",
        "gain % (gain/loss %)",
        "wash sale?",
        "wash sale",
    ),
)

_TITLE = re.compile(
    r'"?(?!realized gain)(?P<symbol>[^"\s].*?)\s+lot details\b(?:\s+for\s+(?P<account>.*))?', re.IGNORECASE
)


def detect(sample: str) -> int:
    """How surely a text is of this format: 3 by its title, 2 by its header alone, 0 not."""
    if any(_TITLE.match(line) for line in sample.splitlines()[:20]):
        return 3
    return header_strength(sample, COLUMNS)


def read(text: Text, name: str, limits: Limits) -> ParsedFile:
    """Read an export of lot details.

    Raises:
        FileRefused: no title or header, a missing or doubled column, no date, or too many rows.
    """
    return _LotsReader(text, name, limits).run()


@dataclass
class _Block:
    """The lots of one security."""

    header: Header
    section: AccountSection
    symbol: str
    rows: list[LotRow] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)
    gains: list[int | None] = field(default_factory=list)
    total: RowCells | None = None
    rejected: int = 0


class _LotsReader:
    def __init__(self, text: Text, name: str, limits: Limits) -> None:
        self.reading = Reading(text, name, CODE, limits)
        self.records = records(text.text, name, limits, delimiter_of(text.text, COLUMNS))
        self.name = name
        self.title: tuple[str, str, date, str] | None = None
        self.block: _Block | None = None

    def run(self) -> ParsedFile:
        for record in self.records:
            self._take(record)
        self._end_block()
        file = self.reading.file
        if not file.accounts:
            raise FileRefused(
                "No header row with Open Date, Quantity and Cost Basis was found.",
                file=self.name,
                remedy="Export the lot details from Schwab as CSV, or choose another format.",
            )
        file.close()
        return file

    def _take(self, record: Record) -> None:
        match = _TITLE.match(", ".join(record.cells)) if record.problem is None else None
        if match:
            self._end_block()
            about = read_title(match["account"] or "")
            if about.as_of is None:
                raise FileRefused(
                    "The title line has no date.",
                    file=self.name,
                    line=record.line,
                    value=record.cells[0][:200],
                    remedy='Export the file again; the line ends in "as of 02:46 AM ET, 09/25/2020".',
                )
            self.title = (match["symbol"].strip().upper(), about.what, about.as_of, about.time)
        elif record.problem is None and COLUMNS.looks_like_header(record.cells):
            self._begin_block(record)
        elif self.block is None:
            if record.problem is not None:
                self.reading.count_row(record.line)
                self.reading.reject_line(record, "lot", "", record.problem)
            else:
                self.reading.ignore(record)
        elif record.only and record.problem is None and self.block.total is not None:
            self.reading.ignore(record)
        else:
            self._data(self.block, record)

    def _begin_block(self, record: Record) -> None:
        self._end_block()
        header = COLUMNS.locate(record, self.name)
        if self.title is None:
            raise FileRefused(
                "The file does not say which security and account its lots belong to: the first line, such "
                'as "FNDA Lot Details for XXXX-1234 as of 02:46 AM ET, 09/25/2020", is missing.',
                file=self.name,
                line=record.line,
                remedy="Export the file again and keep its first line.",
            )
        symbol, account, as_of, time = self.title
        label, ending = mask_account(account or "Unnamed account")
        section = self.reading.section(label, ending, account, as_of, time, holds_positions=False)
        self.block = _Block(header, section, symbol)

    def _data(self, block: _Block, record: Record) -> None:
        cells = RowCells(record, block.header)
        label = block.section.label
        if record.problem is None and record.cells[0].lower() in TOTAL_WORDS:
            block.total = cells
            return
        self.reading.count_row(record.line)
        if record.problem is None and record.only:
            cells.problems.append(cut_off(record, "lot"))
        lot = None if cells.problems else read_lot(cells, block.symbol, block.section.as_of)
        if lot is None:
            block.rejected += 1
            self.reading.reject(cells, "lot", label, block.symbol)
            return
        block.rows.append(lot)
        block.section.lots.append(lot)
        gain = cells.try_read("gain", cents)
        block.gains.append(gain)
        first = block.seen.setdefault(hash(tuple(record.cells)), record.line)
        warn_about_lot(self.reading.file, lot, block.section.as_of, gain, first)

    def _end_block(self) -> None:
        block, self.block = self.block, None
        if block is None:
            return
        if block.total is None:
            return
        file, what = self.reading.file, f"Lots of {block.symbol}, {block.section.label}"
        if block.rejected:
            warn_not_compared(file, what, block.total.record.line, block.rejected)
        else:
            check_lot_total(file, what, block.total, block.rows, block.gains)
