"""What a change of the master brings about: positions matched, facts rebuilt, revisions raised."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import F, Q
from django.utils import timezone

from households.facts import read_facts, rebuild_facts
from households.foundation.databases import among, insert_rows
from households.foundation.ids import new_id
from households.foundation.updates import chunks
from households.models import AccountFacts, Change, Household, Position, Security, Universe, User
from households.models.facts import FACT_NAMES
from households.securities.columns import ISSUED
from households.securities.matching import match_all

_AT_ONCE = 2_000
"""Households whose facts are held in memory before and after, at once."""
_COMPARED = tuple(name for name in FACT_NAMES if name != "short_term_gain")
"""A lot may have turned long-term since the last rebuild: that is time, and ages no recommendation."""
_CHANGES = (
    "id", "household", "entity", "entity_id", "field", "old", "new", "source", "reason", "by", "at",
)  # fmt: skip


@dataclass(slots=True)
class Touched:
    """Securities that a store touches, by what that can do to a position.

    Attributes:
        kind, issuer: whose kind or issuer is another now.
        numbers: whose symbol, CUSIP or ISIN is another now: their positions are matched anew.
        before: what each of them was, in words.
    """

    kind: set[UUID] = field(default_factory=set)
    issuer: set[UUID] = field(default_factory=set)
    numbers: set[UUID] = field(default_factory=set)
    before: dict[UUID, str] = field(default_factory=dict)

    def note(self, before: Security, row: Mapping[str, Any], differing: Sequence[str]) -> None:
        """Take in a row that changes, as it still stands."""
        self.before[before.pk] = words(before.kind, before.issuer)
        if "kind" in differing:
            self.kind.add(before.pk)
        if "issuer" in differing and (before.kind in ISSUED or row["kind"] in ISSUED):
            self.issuer.add(before.pk)
        if {"cusip", "isin"} & set(differing):
            self.numbers.add(before.pk)


def words(kind: str, issuer: str) -> str:
    """A security for the history: ``stock of Alphabet Inc.``"""
    return f"{kind} of {issuer}" if issuer and kind in ISSUED else kind


def follow(*, by: User, touched: Touched) -> tuple[int, int]:
    """Match positions anew and rebuild the facts of the households that hold what changed.

    Only where a fact is another afterwards, the household's revision is raised and its history written: what
    rests on the facts shows as stale there, and nowhere else.

    Returns:
        The number of symbols matched, and of households whose facts moved.
    """
    loosened = _holding(Q(security__in=touched.numbers)) if touched.numbers else set()
    for keys in chunks(list(touched.numbers)):
        Position.objects.filter(security__in=keys).update(security=None)
    symbols = match_all()
    holding = {household for household, _ in loosened}
    pairs = _reached(touched, {*symbols.values()})
    holding |= {household for household, _ in pairs}
    moved = rebuild_moved(sorted(holding))
    _write_history(by, touched, [pair for pair in sorted(pairs) if pair[0] in moved])
    return len(symbols), len(moved)


def _holding(condition: Q) -> set[tuple[UUID, UUID]]:
    """Household and security of the positions in open accounts."""
    rows = Position.objects.filter(condition, account__closed_on=None).order_by()
    return set(rows.values_list("account__household_id", "security_id").distinct())


def _reached(touched: Touched, matched: set[UUID]) -> set[tuple[UUID, UUID]]:
    """Who holds a touched security in a position that leaves to the master what touched it."""
    reached: set[tuple[UUID, UUID]] = set()
    unsaid_class, unsaid_issuer = Q(asset_class="unknown"), Q(issuer="")
    if Universe.objects.exists():  # where lists say what is bought, the symbol itself is a fact's word
        for keys in chunks(list(matched)):
            reached |= _holding(Q(security__in=keys))
    for keys in chunks(list(touched.kind | matched)):
        reached |= _holding(Q(security__in=keys) & unsaid_class)
    issued = unsaid_class | Q(asset_class__in=ISSUED)
    for keys in chunks(list(touched.issuer | matched)):
        reached |= _holding(Q(security__in=keys) & unsaid_issuer & issued)
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


def _write_history(by: User, touched: Touched, pairs: Sequence[tuple[UUID, UUID]]) -> None:
    keys = list({security for _, security in pairs})
    named = {row.pk: row for part in chunks(keys) for row in Security.objects.filter(pk__in=part)}
    now = timezone.now()
    rows = (
        (
            new_id(), household, "security", security.hex, f"{named[security].symbol}: what it is",
            touched.before.get(security), words(named[security].kind, named[security].issuer),
            "securities", "", by.pk, now,
        )
        for household, security in pairs
    )  # fmt: skip
    insert_rows(connections["default"], Change, rows, _CHANGES)
