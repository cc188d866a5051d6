"""Schwab's positions export: one account or all accounts in one file, older and newer column names.

The layout: a title line with the date; for "All-Accounts" a line with each account's name; a header; rows; a
total line. Schwab publishes no description of it, so it is read by its words and never by column numbers.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from households.imports.formats.cells import cents, share
from households.imports.formats.columnwise import plain_positions
from households.imports.formats.content import Limits, Text
from households.imports.formats.headers import Column, Columns, Header
from households.imports.formats.parsed import AccountSection, FileRefused, ParsedFile
from households.imports.formats.positions import Repeats, classify, read_position, warn_about
from households.imports.formats.records import Record, Rows, pieces
from households.imports.formats.rows import TOTAL_WORDS, Reading, RowCells, cut_off
from households.imports.formats.securities import class_of_type
from households.imports.formats.sniff import delimiter_of, header_strength
from households.imports.formats.titles import Title, mask_account, read_title
from households.imports.formats.totals import check_account_total, check_shares, warn_not_compared

CODE = "schwab_positions"
LABEL = "Schwab positions (one account or all accounts)"

COLUMNS = Columns(
    (
        Column("symbol", ("symbol",), required=True),
        Column("quantity", ("quantity", "qty (quantity)", "qty"), required=True),
        Column("market_value", ("market value", "mkt val (market value)", "mkt val"), required=True),
        Column("description", ("description",)),
        Column("price", ("price",), without="values cannot be checked against prices"),
        Column("cost_basis", ("cost basis",), without="gains are unknown"),
        Column(
            "security_type",
            ("security type", "asset type"),
            without="the kind of each security is unknown, except cash and options",
        ),
        Column("gain", ("gain/loss $", "gain $ (gain/loss $)", "gain/loss ($)", "gain $")),
        Column("share", ("% of account", "% of acct (% of account)", "% of acct")),
    ),
    ignored=(
        "price change $",
        "price change %",
        "day change $",
        "day change %",
        "gain/loss %",
        "reinvest dividends?",
        "capital gains?",
        "dividend yield",
        "last dividend",
        "ex-dividend date",
        "p/e ratio",
        "52 week low",
        "52 week high",
        "volume",
        "intrinsic value",
        "in the money",
        "price chng $ (price change $)",
        "price chng % (price change %)",
        "day chng $ (day change $)",
        "day chng % (day change %)",
        "gain % (gain/loss %)",
        "ratings",
        "reinvest?",
        "reinvest capital gains?",
        "margin req (margin requirement)",
        "intr val (intrinsic value)",
        "itm (in the money)",
        "delta",
        "gamma",
        "theta",
        "vega",
    ),
)

_TITLE = re.compile(r'"?positions for\s+(?:account\s+)?(?P<account>.*)', re.IGNORECASE)
_ALL = re.compile(r"all[- ]accounts?", re.IGNORECASE)


def detect(sample: str) -> int:
    """How surely a text is of this format: 3 by its title, 2 by its header alone, 0 not."""
    titled = any(_TITLE.match(line) for line in sample.splitlines()[:20])
    return 3 if titled and "lot details" not in sample[:300].lower() else header_strength(sample, COLUMNS)


def read(text: Text, name: str, limits: Limits) -> ParsedFile:
    """Read a positions export.

    Raises:
        FileRefused: no header row, a missing or doubled column, no date, or more rows than the limits allow.
    """
    return _PositionsReader(text, name, limits).run()


def _class_of_type(text: str) -> tuple[str, str] | None:
    """What a type column says of a row that needs no second look."""
    said = text.replace("--", "").strip()
    found = class_of_type(said)
    return (said, found) if found in ("stock", "fund", "bond", "other") else None


@dataclass
class _Block:
    """The rows under one header, until the next title, account line or end."""

    header: Header
    section: AccountSection
    repeats: Repeats = field(default_factory=Repeats)
    total: RowCells | None = None
    gains: list[int | None] = field(default_factory=list)
    shares: list[Decimal | None] = field(default_factory=list)
    first_position: int = 0
    rejected: int = 0


class _PositionsReader:
    def __init__(self, text: Text, name: str, limits: Limits) -> None:
        self.reading = Reading(text, name, CODE, limits)
        self.pieces = pieces(text.text, name, limits, delimiter_of(text.text, COLUMNS))
        self.name = name
        self.title: Title | None = None
        self.account = ""
        self.pending: Record | None = None
        self.block: _Block | None = None

    def run(self) -> ParsedFile:
        for piece in self.pieces:
            if isinstance(piece, Rows):
                self._take_rows(piece)
            else:
                self._take(piece)
        self._settle_pending()
        self._end_block()
        file = self.reading.file
        if not file.accounts:
            raise FileRefused(
                "No header row with Symbol, Quantity and Market Value was found.",
                file=self.name,
                remedy="Export the positions from Schwab as CSV, or choose another format.",
            )
        file.close()
        return file

    def _take_rows(self, rows: Rows) -> None:
        """A run of ordinary lines: those with nothing to be said about them by columns, the others one by
        one."""
        while (block := self.block) is None or block.total is not None:
            if not rows.cells:
                return
            record = rows.record(0)
            if record is not None:
                self._take(record)
            rows = rows.after(1)
        plain = plain_positions(rows, block.header, _class_of_type, "security_type", "share")
        if len(plain.places) == len(rows.cells) and block.repeats.are_first(plain.positions):
            self._settle_pending()
            self.reading.count_rows(rows.line, len(plain.places))
            block.section.positions += plain.positions
            block.gains += plain.gains
            block.shares += plain.shares
            return
        found = dict(zip(plain.places, range(len(plain.places)), strict=True))
        for place in range(len(rows.cells)):
            number = found.get(place)
            if (
                number is None
                or self.block is not block
                or not block.repeats.is_first(plain.positions[number])
            ):
                record = rows.record(place)
                if record is not None:
                    self._take(record)
                continue
            self._settle_pending()
            self.reading.count_row(rows.line + place)
            block.section.positions.append(plain.positions[number])
            block.gains.append(plain.gains[number])
            block.shares.append(plain.shares[number])

    def _take(self, record: Record) -> None:
        match = _TITLE.match(", ".join(record.cells)) if record.problem is None else None
        if match:
            self._settle_pending()
            self._end_block()
            self.title = read_title(match["account"])
            self.account = "" if _ALL.fullmatch(self.title.what) else self.title.what
        elif record.problem is None and COLUMNS.looks_like_header(record.cells):
            self._begin_block(record)
        elif record.only and record.problem is None:
            self._settle_pending()
            self.pending = record
        else:
            self._settle_pending()
            self._data(record)

    def _begin_block(self, record: Record) -> None:
        self._end_block()
        header = COLUMNS.locate(record, self.name)
        if self.pending is not None:
            self.account = self.pending.only
            self.pending = None
        if self.title is None or self.title.as_of is None:
            raise FileRefused(
                "The file does not say what date it is of: a first line like "
                '"Positions for account ... as of 06:04 PM ET, 11/15/2020" is missing or has no date.',
                file=self.name,
                line=record.line,
                remedy="Export the file again and keep its first line, or use the template.",
            )
        label, ending = mask_account(self.account or "Unnamed account")
        section = self.reading.section(
            label, ending, self.account, self.title.as_of, self.title.time, holds_positions=True
        )
        self.reading.warn_absent(header)
        self.block = _Block(header, section, first_position=len(section.positions))

    def _data(self, record: Record) -> None:
        block = self.block
        if block is None:
            if record.problem is not None:
                self.reading.count_row(record.line)
                self.reading.reject_line(record, "position", "", record.problem)
            else:
                self.reading.ignore(record)
            return
        cells = RowCells(record, block.header)
        symbol = cells.text("symbol")
        if record.problem is None and symbol.lower() in TOTAL_WORDS:
            block.total = cells
            return
        self.reading.count_row(record.line)
        if record.problem is not None:
            block.rejected += 1
            self.reading.reject(cells, "position", block.section.label, symbol)
            return
        self._position(block, cells, symbol)

    def _position(self, block: _Block, cells: RowCells, symbol: str) -> None:
        file, label = self.reading.file, block.section.label
        security_type = cells.text("security_type").replace("--", "").strip()
        kind = classify(symbol, security_type)
        if symbol in ("", "--") and kind.asset_class == "cash":
            symbol = cells.text("description")
        symbol = symbol if kind.asset_class == "cash" else symbol.upper()
        row = read_position(cells, kind.asset_class, security_type, symbol if symbol != "--" else "")
        if row is None or not block.repeats.judge(file, cells, row):
            block.rejected += 1
            self.reading.reject(cells, "position", label, symbol)
            return
        block.section.positions.append(row)
        gain = cells.try_read("gain", cents)
        block.gains.append(gain if row.asset_class != "cash" or gain is not None else 0)
        block.shares.append(cells.try_read("share", share))
        places = block.header.places
        warn_about(file, row, kind.known, "security_type" in places, gain, "cost_basis" in places)

    def _settle_pending(self) -> None:
        """A lone cell that no header followed: in a list of rows a broken row, elsewhere a remark."""
        record, self.pending = self.pending, None
        if record is None:
            return
        if self.block is not None and self.block.total is None:
            self.reading.count_row(record.line)
            self.block.rejected += 1
            problem = cut_off(record, "position")
            self.reading.reject_line(record, "position", self.block.section.label, problem)
        else:
            self.reading.ignore(record)

    def _end_block(self) -> None:
        block, self.block = self.block, None
        if block is None:
            return
        rows = block.section.positions[block.first_position :]
        file, label = self.reading.file, block.section.label
        if block.total is None:
            if rows:
                file.warn(
                    "no_total",
                    block.header.line,
                    f"{label}: there is no total line, so nothing shows that the list is complete.",
                )
            return
        if block.rejected:
            warn_not_compared(file, label, block.total.record.line, block.rejected)
            return
        check_account_total(file, label, block.total, rows, block.gains)
        check_shares(file, label, block.total.record.line, rows, block.shares)
