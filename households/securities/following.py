"""What a change of the master brings about: positions matched, facts rebuilt, revisions raised."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import F, Q
from django.utils import timezone

from households.facts import lock_households, read_facts, rebuild_facts
from households.foundation.databases import among, insert_rows
from households.foundation.ids import new_id
from households.foundation.updates import chunks
from households.models import AccountFacts, Change, Household, Position, Security, Universe, User
from households.models.facts import FACT_NAMES
from households.securities.columns import ISSUED, ONLY_CLASS
from households.securities.matching import UNMATCHED, known_by, match_all, waiting

_AT_ONCE = 2_000
"""Households whose facts are held in memory before and after, at once."""
_COMPARED = tuple(name for name in FACT_NAMES if name != "short_term_gain")
"""A lot may have turned long-term since the last rebuild: that is time, and ages no recommendation."""
_CHANGES = (
    "id", "household", "entity", "entity_id", "field", "old", "new", "source", "reason", "by", "at",
)  # fmt: skip


Held = tuple[UUID, str, UUID | None]
"""A household, a symbol as it holds it, and the row of the master that this is matched to."""


@dataclass(slots=True)
class Touched:
    """Securities that a store touches, by what that can do to a position.

    Attributes:
        kind, issuer, asset_class: whose kind, issuer or asset class is another now.
        numbers: whose CUSIP or ISIN is another now: their positions are matched anew.
        given: CUSIPs and ISINs that are a row's now and were not before.
        before: what each of them was, in words.
    """

    kind: set[UUID] = field(default_factory=set)
    issuer: set[UUID] = field(default_factory=set)
    asset_class: set[UUID] = field(default_factory=set)
    numbers: set[UUID] = field(default_factory=set)
    given: set[str] = field(default_factory=set)
    before: dict[UUID, str] = field(default_factory=dict)

    def note(self, before: Security, row: Mapping[str, Any], differing: Sequence[str]) -> None:
        """Take in a row that changes, as it still stands."""
        self.before[before.pk] = words(before)
        for name in {"kind", "issuer", "asset_class"} & set(differing):
            getattr(self, name).add(before.pk)
        if numbers := {"cusip", "isin"} & set(differing):
            self.numbers.add(before.pk)
            self.given |= {row[name] for name in numbers if row[name]}

    def note_new(self, row: Mapping[str, Any]) -> None:
        """Take in a row that the master did not have."""
        self.given |= {row[name] for name in ("cusip", "isin") if row[name]}


def words(security: Security) -> str:
    """A security for the history: ``stock of Alphabet Inc.``, ``fund (fixed income)``."""
    issuer = f" of {security.issuer}" if security.issuer else ""
    # Of stocks, bonds and cash the kind says it already.
    open_ = security.asset_class and security.kind not in ONLY_CLASS
    invests_in = f" ({security.asset_class.replace('_', ' ')})" if open_ else ""
    return f"{security.kind}{issuer}{invests_in}"


def follow(*, by: User, touched: Touched) -> tuple[int, int]:
    """Match positions anew and rebuild the facts of the households that hold what changed.

    Only where a fact is another afterwards, the household's revision is raised and its history written: what
    rests on the facts shows as stale there, and nowhere else. To be called in a transaction that holds the
    master (:func:`households.securities.matching.hold_master`).

    Returns:
        The number of symbols matched, and of households whose facts moved.
    """
    loose = touched.numbers | known_by(touched.given)
    known = list(waiting())
    _lock_holders(touched.kind | touched.issuer | touched.asset_class | loose, known)
    lists = Universe.objects.exists()
    before = _open_to_match(loose, known, lists)
    for keys in chunks(list(loose)):
        Position.objects.filter(security__in=keys).update(security=None)
    found = match_all()
    others = {row: found.get(row[1]) for row in before if found.get(row[1]) != row[2]}
    arrived = {(household, now) for (household, _, _), now in others.items()}
    pairs = _reached(touched, lists) - arrived
    moved = rebuild_moved(sorted({household for household, _ in pairs | arrived}))
    pairs = {pair for pair in pairs if pair[0] in moved}
    _write_history(by, touched, pairs, {row: now for row, now in others.items() if row[0] in moved})
    return len(found), len(moved)


def _lock_holders(securities: set[UUID], symbols: Sequence[str]) -> None:
    """Lock everybody whose positions this store will write or read, in one order.

    Whoever marks a position has its household's lock and then writes; so does a store.
    """
    households: set[UUID] = set()
    for condition in _conditions(securities, symbols):
        rows = Position.objects.filter(condition).order_by()
        households |= set(rows.values_list("account__household_id", flat=True).distinct())
    lock_households(sorted(households))


def _conditions(securities: set[UUID], symbols: Sequence[str]) -> Iterator[Q]:
    """Positions that are matched to these rows; and those of these symbols that are matched to none."""
    yield from (Q(security__in=keys) for keys in chunks(list(securities)))
    yield from (UNMATCHED & Q(symbol__in=part) for part in chunks(symbols))


_UNSAID_CLASS = Q(asset_class="unknown")
_UNSAID_ISSUER = Q(issuer="") & (_UNSAID_CLASS | Q(asset_class__in=ISSUED))


def _open_to_match(loose: set[UUID], symbols: Sequence[str], lists: bool) -> set[Held]:
    """What may be matched to another row now, and leaves something to the master.

    Args:
        lists: where lists say what strategies buy, the symbol itself is a fact's word.
    """
    unsaid = Q() if lists else _UNSAID_CLASS | _UNSAID_ISSUER
    held: set[Held] = set()
    for condition in _conditions(loose, symbols):
        rows = Position.objects.filter(condition & unsaid, account__closed_on=None).order_by()
        held |= set(rows.values_list("account__household_id", "symbol", "security_id").distinct())
    return held


def _reached(touched: Touched, lists: bool) -> set[tuple[UUID, UUID]]:
    """Household and security of positions that leave to the master what is another there now."""
    ways = [(touched.kind, _UNSAID_CLASS), (touched.issuer, _UNSAID_ISSUER)]
    if lists:  # what a fund invests in says how much of it can be in a list
        ways.append((touched.asset_class, Q(asset_class="fund") | _UNSAID_CLASS))
    reached: set[tuple[UUID, UUID]] = set()
    for securities, unsaid in ways:
        for keys in chunks(list(securities)):
            rows = Position.objects.filter(unsaid, security__in=keys, account__closed_on=None).order_by()
            reached |= set(rows.values_list("account__household_id", "security_id").distinct())
    return reached


def rebuild_moved(household_ids: Sequence[UUID]) -> set[UUID]:
    """Rebuild, and raise the revision of those whose facts are others now.

    Returns:
        Those households.
    """
    moved: set[UUID] = set()
    for start in range(0, len(household_ids), _AT_ONCE):
        part = household_ids[start : start + _AT_ONCE]
        before = _facts(part)
        rebuild_facts(part)
        after = _facts(part)
        here = {
            household
            for (household, account), row in after.items()
            if before.get((household, account)) != row
        }
        if here:
            among(Household.objects.all(), "id", here).update(revision=F("revision") + 1)
            # Just rebuilt: they are of the revision that this change makes, not of the one before.
            facts = among(AccountFacts.objects.all(), "account__household_id", here)
            facts.update(revision=F("revision") + 1)
        moved |= here
    return moved


def _facts(household_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], tuple[Any, ...]]:
    columns = read_facts(household_ids=household_ids)
    keys = zip(columns["household_id"], columns["account_id"], strict=True)
    return dict(zip(keys, zip(*(columns[name] for name in _COMPARED), strict=True), strict=True))


def _write_history(
    by: User, touched: Touched, pairs: set[tuple[UUID, UUID]], others: Mapping[Held, UUID | None]
) -> None:
    """One line for what a row of the master is now, and one for what a symbol is matched to now."""
    keys = {key for _, key in pairs} | {row[2] for row in others} | set(others.values())
    named = _named(key for key in keys if key)
    told: list[tuple[Any, ...]] = [
        (household, key, named[key].symbol, touched.before[key], words(named[key]))
        for household, key in sorted(pairs)
    ]
    for (household, symbol, old), new in others.items():
        was = (touched.before.get(old) or words(named[old])) if old else None
        told.append((household, new or old, symbol, was, words(named[new]) if new else None))
    now = timezone.now()
    rows = (
        (
            new_id(), household, "security", key.hex, f"{symbol}: what it is", old, new, "securities", "",
            by.pk, now,
        )
        for household, key, symbol, old, new in told
    )  # fmt: skip
    insert_rows(connections["default"], Change, rows, _CHANGES)


def _named(keys: Iterable[UUID]) -> dict[UUID, Security]:
    return {row.pk: row for part in chunks(list(keys)) for row in Security.objects.filter(pk__in=part)}
