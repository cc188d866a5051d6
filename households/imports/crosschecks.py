"""What only several files together show: sections that compete, lots that do not fit, old dates."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from households.imports.formats.parsed import LotRow, ParsedFile, PositionRow, Problem, RejectedRow
from households.imports.formats.totals import plain

STALE_AFTER = timedelta(days=30)
_LATER_REMEDY = "Leave this file out, or import older files first."


def drop_superseded(files: Sequence[ParsedFile]) -> None:
    """Keep one list of positions an account and one of lots a security: the newest, then the first given.

    The rows of the others are rejected with the file that counts instead. Lots of what the positions beside
    them do not list compete with none: they have no place whichever of them is the newest.
    """
    positions: dict[str, tuple[date, str]] = {}
    lots: dict[tuple[str, str], tuple[date, str]] = {}
    for file in files:
        for section in file.accounts:
            here = (section.as_of, file.name)
            if section.holds_positions:
                _keep_newest(positions, section.label, here)
    listed = _listed(files, positions)
    for file in files:
        for section in file.accounts:
            for symbol in {lot.symbol for lot in section.lots}:
                if symbol.upper() in listed.get(section.label, {symbol.upper()}):
                    _keep_newest(lots, (section.label, symbol), (section.as_of, file.name))
    for file in files:
        for section in file.accounts:
            here = (section.as_of, file.name)
            if section.holds_positions and positions[section.label] != here:
                _reject(file, section.label, "position", section.positions, positions[section.label][1])
                section.positions = []
                section.holds_positions = False
            old = [lot for lot in section.lots if lots.get((section.label, lot.symbol), here) != here]
            for lot in old:
                _reject(file, section.label, "lot", [lot], lots[section.label, lot.symbol][1])
            if old:
                section.lots = [
                    lot for lot in section.lots if lots.get((section.label, lot.symbol), here) == here
                ]


def _listed(files: Sequence[ParsedFile], counting: Mapping[str, tuple[date, str]]) -> dict[str, set[str]]:
    """The symbols (upper case) that each label's list of positions holds, of the list that counts."""
    return {
        section.label: {position.symbol.upper() for position in section.positions}
        for file in files
        for section in file.accounts
        if section.holds_positions and counting[section.label] == (section.as_of, file.name)
    }


def _keep_newest(kept: dict, key: object, here: tuple[date, str]) -> None:  # type: ignore[type-arg]
    if key not in kept or here[0] > kept[key][0]:
        kept[key] = here


def _reject(
    file: ParsedFile, label: str, kind: str, rows: Sequence[PositionRow | LotRow], other: str
) -> None:
    what = "positions of this account" if kind == "position" else "lots of this security"
    for row in rows:
        problem = Problem(
            "line",
            row.symbol,
            f"{other} lists the {what} too, and counts in place of this file.",
            _LATER_REMEDY,
            spare=True,
        )
        file.rejected.append(
            RejectedRow(row.line, kind, label, row.symbol.upper(), (problem,), (row.symbol,))
        )


def check_lots(files: Sequence[ParsedFile]) -> None:
    """Warn where the lots of a security do not add up to its position, or are of another day."""
    held: dict[tuple[str, str], list[PositionRow]] = {}
    dated: dict[str, date] = {}
    for file in files:
        for section in file.accounts:
            if section.holds_positions:
                dated[section.label] = section.as_of
            for position in section.positions:
                held.setdefault((section.label, position.symbol), []).append(position)
    for file in files:
        for section in file.accounts:
            lots: dict[str, list[LotRow]] = {}
            for lot in section.lots:
                lots.setdefault(lot.symbol, []).append(lot)
            for symbol, rows in lots.items():
                _check_quantity(file, symbol, rows, held.get((section.label, symbol), []))
            other = dated.get(section.label)
            if lots and other is not None and other != section.as_of:
                file.warn(
                    "dates_differ",
                    None,
                    f"{section.label}: the lots are of {section.as_of:%b %-d, %Y}, "
                    f"the positions of {other:%b %-d, %Y}.",
                )


def _check_quantity(
    file: ParsedFile, symbol: str, lots: Sequence[LotRow], positions: Sequence[PositionRow]
) -> None:
    known = [position.quantity for position in positions if position.quantity is not None]
    if not known or len(known) < len(positions):
        return
    quantity, added = sum(known, Decimal(0)), sum((lot.quantity for lot in lots), Decimal(0))
    if quantity != added:
        file.warn(
            "lots_do_not_match",
            lots[0].line,
            f"{symbol}: the lots add up to {plain(added)} shares, the position has {plain(quantity)}. "
            "Both are kept; gains by lot count as known in part only.",
        )


def check_dates(files: Sequence[ParsedFile], today: date) -> None:
    """Warn about dates that are old or in the future, once a date, at the first file that bears it."""
    bearers: dict[date, list[ParsedFile]] = {}
    for file in files:
        for as_of in sorted({section.as_of for section in file.accounts}):
            bearers.setdefault(as_of, []).append(file)
    for as_of, bearing in bearers.items():
        others = len(bearing) - 1
        what = f"This file and {others} more are" if others else "The file is"
        if as_of > today:
            bearing[0].warn("future_date", None, f"{what} dated {as_of:%b %-d, %Y}, which is in the future.")
        elif today - as_of > STALE_AFTER:
            days = (today - as_of).days
            bearing[0].warn("stale_date", None, f"{what} of {as_of:%b %-d, %Y}, {days:,} days ago.")
