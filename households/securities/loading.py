"""Rows into the master, from a file or typed: whole or not at all, with history; the facts follow."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, connections, transaction
from django.utils import timezone

from households.foundation.databases import insert_rows, met_another_writer
from households.foundation.errors import DomainError
from households.foundation.identifiers import symbol_key
from households.foundation.ids import new_id
from households.foundation.updates import chunks, update_rows
from households.models import Security, SecurityChange, User
from households.securities.columns import COLUMNS
from households.securities.following import Touched, follow
from households.securities.matching import hold_master, known_as
from households.securities.reading import MasterFile, Problem, Problems, read_master

_STORED = ("id", "key", *COLUMNS, "created_at", "updated_at")
_CHANGES = ("id", "security", "field", "old", "new", "source", "by", "at")
_NUMBERS = ("cusip", "isin")


@dataclass(slots=True)
class Loaded:
    """What a load did, or on a dry run would do: symbols by what happens, and what follows it."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: int = 0
    matched: int = 0
    households: int = 0


class _DryRun(Exception):
    """Ends a dry run inside its transaction, so that it can tell exactly what would happen."""


def load_securities(
    *, by: User, content: bytes, name: str, dry_run: bool = False, as_of: date | None = None
) -> Loaded:
    """Load a CSV into the master: rows are added or changed, those that the file does not name stay.

    Args:
        name: the file's name, for the history.
        dry_run: judge everything and undo it.
        as_of: today by default; no row may be of a later day.

    Raises:
        FileFaulty: anything in the file is wrong; it holds every problem.
        DomainError: 409, somebody else changed the master at the same moment.
    """
    file = read_master(content, name, as_of or timezone.localdate())
    with stored_alone(dry_run):
        return _store(by, file, f"{name[:100]} sha256 {file.sha256[:16]}")


@contextmanager
def stored_alone(dry_run: bool = False) -> Iterator[None]:
    """A transaction around one store; undone at its end on a dry run.

    Raises:
        DomainError: 409, somebody else changed the same at the same moment.
    """
    try:
        with transaction.atomic():
            yield
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    except (IntegrityError, OperationalError) as error:
        if isinstance(error, OperationalError) and not met_another_writer(error):
            raise
        raise DomainError(
            "Somebody else changed the same at this moment; nothing was stored.",
            remedy="Do it again.",
            status=409,
        ) from None


class KnownAlready(DomainError):
    """409: the master has a row that the symbol finds; ``security`` is that row."""

    def __init__(self, symbol: str, security: Security, remedy: str) -> None:
        other = "" if security.key == symbol_key(symbol) else f", as {security}"
        super().__init__(
            f"The list of securities has {symbol} already{other}.",
            field="symbol",
            value=symbol,
            remedy=remedy,
            status=409,
        )
        self.security = security


def add_security(*, by: User, values: Mapping[str, Any], source: str = "typed") -> Security:
    """Add one row; ``values`` are what :func:`households.securities.columns.judge` answers, and ``key``.

    Raises:
        KnownAlready: the symbol, or the number that it is, finds a row.
        FileFaulty: its CUSIP or ISIN is another row's.
        DomainError: 409, as :func:`load_securities`.
    """
    with stored_alone():
        hold_master()
        if there := known_as(values["symbol"]):
            raise KnownAlready(values["symbol"], there, "Change that row, if it is wrong.")
        _store(by, MasterFile("", "", [dict(values)], [1]), source)
    return Security.objects.get(key=values["key"])


def version_of(security: Security) -> str:
    """What a page sends back, to say which state of the row it showed."""
    return security.updated_at.isoformat()


def change_security(*, by: User, security: Security, values: Mapping[str, Any], version: str) -> bool:
    """Change one row as it was when the caller looked; it keeps its symbol.

    Args:
        values: as for :func:`add_security`.
        version: :func:`version_of` the row that the caller saw.

    Returns:
        Whether anything was changed: what it says already, also as of an earlier day, is not stored again.

    Raises:
        FileFaulty: its CUSIP or ISIN is another row's, or the row is of a later day, and otherwise.
        DomainError: 409, on ``version``: somebody changed it since; or as :func:`load_securities`.
    """
    with stored_alone():
        hold_master()
        if version_of(Security.objects.select_for_update().get(pk=security.pk)) != version:
            raise DomainError(
                f"Somebody changed {security} while you were working on it.",
                field="version",
                value=version,
                remedy="Look at what was changed, then save yours over it or take theirs.",
                status=409,
            )
        row = {**values, "key": security.key, "symbol": security.symbol}
        return bool(_store(by, MasterFile("", "", [row], [1]), "typed").changed)


def _store(by: User, file: MasterFile, source: str) -> Loaded:
    hold_master()
    stored: dict[str, Security] = {}
    for keys in chunks([row["key"] for row in file.rows]):
        stored |= {row.key: row for row in Security.objects.select_for_update().filter(key__in=keys)}
    _check_stored(file, stored)
    loaded, touched = Loaded(), Touched()
    new: list[dict[str, Any]] = []
    changed: list[Security] = []
    history: list[tuple[UUID, str, str | None, str | None]] = []
    for row in file.rows:
        before = stored.get(row["key"])
        if before is None:
            row["id"] = new_id()
            new.append(row)
            loaded.added.append(row["symbol"])
            touched.note_new(row)
            history.append((row["id"], "added", None, f"{row['kind']}, {row['issuer'] or row['name']}"))
            continue
        differing = [name for name in COLUMNS if getattr(before, name) != row[name]]
        # Older, and not otherwise (see _check_stored): the master keeps its newer word for it.
        if not differing or before.as_of > row["as_of"]:
            loaded.same += 1
            continue
        loaded.changed.append(row["symbol"])
        history += [(before.pk, name, _told(getattr(before, name)), _told(row[name])) for name in differing]
        touched.note(before, row, differing)
        for name in differing:
            setattr(before, name, row[name])
        changed.append(before)
    _write(new, changed, history, by, source)
    loaded.matched, loaded.households = follow(by=by, touched=touched)
    return loaded


def _told(value: Any) -> str | None:
    return None if value in (None, "") else value.isoformat() if isinstance(value, date) else str(value)


def _write(
    new: Sequence[dict[str, Any]],
    changed: Sequence[Security],
    history: Sequence[tuple[UUID, str, str | None, str | None]],
    by: User,
    source: str,
) -> None:
    now, connection = timezone.now(), connections["default"]
    # Two rows may swap a number: all of them give theirs up before any takes one.
    for keys in chunks([row.pk for row in changed]):
        Security.objects.filter(pk__in=keys).update(cusip=None, isin=None)
    for row in changed:
        row.updated_at = now
    if changed:
        update_rows(Security, [*COLUMNS, "updated_at"], changed)
    rows = ({**row, "created_at": now, "updated_at": now} for row in new)
    insert_rows(connection, Security, ([row[name] for name in _STORED] for row in rows), _STORED)
    changes = ((new_id(), *told, source, by.pk, now) for told in history)
    insert_rows(connection, SecurityChange, changes, _CHANGES)


def _check_stored(file: MasterFile, stored: Mapping[str, Security]) -> None:
    """What only the master itself shows: numbers that are another row's, and newer rows."""
    problems = Problems()
    for row, line in zip(file.rows, file.lines, strict=True):
        before = stored.get(row["key"])
        if before is not None and before.as_of > row["as_of"] and _says_otherwise(before, row):
            problems.add(
                Problem(
                    line,
                    "as_of",
                    row["as_of"].isoformat(),
                    f"The list of securities has {before.symbol} as of {before.as_of.isoformat()}, which is "
                    "later, and says something else of it.",
                    "Leave it as the list has it, or give the day on which your source says so.",
                )
            )
    coming = {row["key"] for row in file.rows}
    for name in _NUMBERS:
        owners = {
            row[name]: (row["key"], line)
            for row, line in zip(file.rows, file.lines, strict=True)
            if row[name]
        }
        for numbers in chunks(list(owners)):
            taken = Security.objects.filter(**{f"{name}__in": numbers}).values_list(name, "key", "symbol")
            for number, key, symbol in taken:
                own, line = owners[number]
                if key != own and key not in coming:
                    text = f"In the list of securities this is the {name.upper()} of {symbol}."
                    remedy = "Find out which is right; change or leave out the other."
                    problems.add(Problem(line, name, number, text, remedy))
    problems.refuse()


def _says_otherwise(before: Security, row: Mapping[str, Any]) -> bool:
    return any(getattr(before, name) != row[name] for name in COLUMNS if name not in ("source", "as_of"))
