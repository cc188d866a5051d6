"""Lists of what each target strategy buys: read strictly, put whole in place of the former; facts follow."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connections
from django.utils import timezone

from households.foundation.databases import insert_rows
from households.foundation.identifiers import SYMBOL, symbol_key
from households.foundation.ids import new_id
from households.intake.codes import STRATEGY
from households.models import (
    Account,
    Change,
    Universe,
    UniverseChange,
    UniverseMember,
    User,
)
from households.securities.columns import Fault, judge_day
from households.securities.following import rebuild_moved
from households.securities.loading import stored_alone
from households.securities.matching import hold_master
from households.securities.reading import FileFaulty, Problem, Problems, records, text_of

COLUMNS = ("strategy", "symbol", "source", "as_of")
_WORDS = dict(STRATEGY)
_LISTED = tuple(code for code in _WORDS if code != "other")


@dataclass(slots=True)
class UniverseFile:
    """A file that was read: per strategy its symbols, its one source and its one day."""

    sha256: str
    symbols: dict[str, dict[str, int]] = field(default_factory=dict)
    told: dict[str, tuple[str, date]] = field(default_factory=dict)


@dataclass(slots=True)
class LoadedUniverses:
    """What a load did, or on a dry run would do: strategy -> symbols in and out; households that moved."""

    changed: dict[str, tuple[int, int]] = field(default_factory=dict)
    same: int = 0
    households: int = 0


def read_universes(content: bytes, today: date) -> UniverseFile:
    """Read and judge every row.

    Raises:
        FileFaulty: anything at all is wrong.
    """
    file = UniverseFile(hashlib.sha256(content).hexdigest())
    problems = Problems()
    for line, cells in records(text_of(content), COLUMNS, COLUMNS, problems):
        problems.add_faults(line, _judge(cells, line, file, today))
    if not file.symbols and not problems:
        problems.add(Problem(1, "file", "", "The file has no rows.", "Add one line a symbol."))
    problems.refuse()
    return file


def _judge(cells: dict[str, str], line: int, file: UniverseFile, today: date) -> Iterable[Fault]:
    strategy, symbol, source = cells["strategy"], cells["symbol"].upper(), cells["source"]
    if strategy not in _LISTED:
        yield Fault("strategy", strategy, "This is no target strategy.", f"Use one of {', '.join(_LISTED)}.")
    if not symbol or len(symbol) > 32 or not SYMBOL.fullmatch(symbol):
        yield Fault("symbol", symbol[:40], "This is no symbol.", "Use letters and digits, such as BRK.B.")
    if not source or len(source) > 200:
        yield Fault("source", source[:40], "The source is missing, or too long.", "Say who says so.")
    day, fault = judge_day(cells["as_of"], today)
    if fault is not None:
        yield fault
        return
    if day is None:
        yield Fault("as_of", "", "The date (as_of) is missing.", "Fill it in.")
    if day is None or strategy not in _LISTED:
        return
    first = file.told.setdefault(strategy, (source, day))
    if source and first != (source, day):
        yield Fault(
            "as_of" if first[1] != day else "source",
            cells["as_of"] if first[1] != day else source,
            f"The list of {strategy} began with {first[0]}, {first[1].isoformat()}.",
            "Give a list one source and one date.",
        )
    before = file.symbols.setdefault(strategy, {}).setdefault(symbol_key(symbol), line)
    if before != line:
        yield Fault("symbol", symbol, f"Line {before} has it as well.", "Keep one of the two.")


def load_universes(
    *, by: User, content: bytes, name: str, dry_run: bool = False, as_of: date | None = None
) -> LoadedUniverses:
    """Put the lists of a file in place of those there are; strategies that it does not name stay.

    Raises:
        FileFaulty: anything in the file is wrong, or a list is older than the one in place, and another.
        DomainError: 409, somebody else loaded the same list at the same moment.
    """
    file = read_universes(content, as_of or timezone.localdate())
    with stored_alone(dry_run):
        return _store(by, file, f"{name[:60]} sha256 {file.sha256[:16]}")


def _store(by: User, file: UniverseFile, from_file: str) -> LoadedUniverses:
    hold_master()
    loaded = LoadedUniverses()
    stored = {row.strategy: row for row in Universe.objects.select_for_update().filter(pk__in=file.symbols)}
    held: dict[str, set[str]] = {strategy: set() for strategy in file.symbols}
    for strategy, key in UniverseMember.objects.filter(universe__in=stored).values_list("universe", "key"):
        held[strategy].add(key)
    _refuse_older(file, stored, held)
    for strategy, symbols in file.symbols.items():
        source, day = file.told[strategy]
        universe = stored.get(strategy)
        added, removed = sorted(set(symbols) - held[strategy]), sorted(held[strategy] - set(symbols))
        # Older, and not another: the list in place keeps its newer day.
        kept = universe and (universe.as_of > day or (universe.source, universe.as_of) == (source, day))
        if kept and not added and not removed:
            loaded.same += 1
            continue
        Universe.objects.update_or_create(strategy=strategy, defaults={"source": source, "as_of": day})
        # By what stays: a list of thousands is shorter to write again than to name in a condition.
        UniverseMember.objects.filter(universe=strategy).delete()
        rows = ((strategy, key) for key in symbols)
        insert_rows(connections["default"], UniverseMember, rows, ("universe", "key"))
        told = f"{source}, {day.isoformat()} ({from_file})"[:200]
        UniverseChange.objects.create(strategy=strategy, added=added, removed=removed, source=told, by=by)
        loaded.changed[strategy] = (len(added), len(removed))
    moved = rebuild_moved(_aiming_at(loaded.changed))
    loaded.households = len(moved)
    _write_history(by, loaded, moved)
    return loaded


def _refuse_older(file: UniverseFile, stored: Mapping[str, Universe], held: Mapping[str, set[str]]) -> None:
    problems = [
        Problem(
            min(file.symbols[strategy].values()),
            "as_of",
            file.told[strategy][1].isoformat(),
            f"The list of {strategy} in place is of {row.as_of.isoformat()}, which is later, and has other "
            "symbols.",
            "Leave it out, or give the day on which its source says so.",
        )
        for strategy, row in stored.items()
        if row.as_of > file.told[strategy][1] and held[strategy] != set(file.symbols[strategy])
    ]
    if problems:
        raise FileFaulty(problems)


def _aiming_at(strategies: Iterable[str]) -> list[UUID]:
    rows = Account.objects.filter(closed_on=None, facts__strategy__in=list(strategies)).order_by()
    return sorted(rows.values_list("household_id", flat=True).distinct())


def _write_history(by: User, loaded: LoadedUniverses, moved: Iterable[UUID]) -> None:
    names = ", ".join(_WORDS[strategy] for strategy in loaded.changed)[:200]
    rows: list[Any] = [
        Change(
            household_id=household, entity="security", entity_id="universes", field="Lists: what is bought",
            old=None, new=names, source="securities", by=by, id=new_id(),
        )
        for household in moved
    ]  # fmt: skip
    Change.objects.bulk_create(rows, batch_size=1_000)
