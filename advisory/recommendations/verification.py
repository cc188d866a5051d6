"""Walking the ledger: every hash, every chain, every promise between rows that no constraint keeps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, OuterRef

from advisory.recommendations.hashing import HASH_VERSION, hashed_columns, row_hashes
from advisory.recommendations.models import LedgerRow, SealedDocument
from households.foundation.appendonly import append_only_models, missing_triggers

ROWS_AT_ONCE = 2_000


@dataclass(frozen=True)
class Broken:
    """A row that is not what was written, or a promise that does not hold."""

    table: str
    row: str
    problem: str

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {self.problem}"


@dataclass(frozen=True)
class Walked:
    """How much was looked at."""

    table: str
    rows: int


def ledger_models() -> list[type[LedgerRow]]:
    """Every chained table, whichever app it belongs to."""
    found = [model for model in apps.get_models() if issubclass(model, LedgerRow)]
    return sorted(found, key=lambda model: model._meta.db_table)


def chain_key(model: type[LedgerRow]) -> str:
    """The column that tells chains apart: what stands beside ``seq`` in the table's unique constraint."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and "seq" in constraint.fields:
            (name,) = set(constraint.fields) - {"seq"}
            return model._meta.get_field(name).attname  # type: ignore[union-attr]
    raise TypeError(f"{model.__name__} has no unique constraint over its chain and seq.")


def verify(using: str = "default") -> Iterator[Walked | Broken]:
    """Walk everything; yields what was walked and whatever is broken, as it is found."""
    for table in missing_triggers(using):
        yield Broken(table, "(table)", "carries no append-only triggers")
    for model in ledger_models():
        yield from _walk_chains(model, using)
    yield from _sealed_texts(using)
    for other in append_only_models():
        yield from _duplicates(other, using)
        yield from _dangling(other, using)


def _walk_chains(model: type[LedgerRow], using: str) -> Iterator[Walked | Broken]:
    key, names = chain_key(model), hashed_columns(model)
    order = model._base_manager.using(using).order_by(key, "seq", "id")
    rows = order.values_list(*names, "row_hash").iterator(chunk_size=ROWS_AT_ONCE)
    table, count = model._meta.db_table, 0
    previous: dict[str, Any] = {}
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        columns = dict(zip((*names, "row_hash"), zip(*batch, strict=True), strict=True))
        for number, hashed in enumerate(row_hashes(model, columns)):
            row = {name: columns[name][number] for name in ("id", key, "seq", "prev_hash", "row_hash")}
            row["hash_version"] = columns["hash_version"][number]
            problem = _problem(row, previous if previous.get(key) == row[key] else {}, hashed)
            if problem:
                yield Broken(table, str(row["id"]), problem)
            previous = row
        count += len(batch)
    yield Walked(table, count)


def _problem(row: dict[str, Any], previous: dict[str, Any], hashed: str) -> str:
    if row["hash_version"] != HASH_VERSION:
        return f"is hashed by version {row['hash_version']}, which this release does not know"
    if hashed != row["row_hash"]:
        return f"was altered: its columns hash to {hashed[:12]}…, it says {row['row_hash'][:12]}…"
    expected = previous["seq"] + 1 if previous else 1
    if row["seq"] != expected:
        return f"is number {row['seq']} of its chain where {expected} was expected: a row is missing"
    if row["prev_hash"] != (previous["row_hash"] if previous else ""):
        return "does not follow the row before it"
    return ""


def _sealed_texts(using: str) -> Iterator[Broken]:
    rows = SealedDocument.objects.using(using).values_list("id", "document", "content_sha256")
    for key, text, content in rows.iterator(chunk_size=ROWS_AT_ONCE):
        if sha256(text.encode()).hexdigest() != content:
            yield Broken(SealedDocument._meta.db_table, str(key), "does not hold the text it was sealed with")


def _duplicates(model: type[models.Model], using: str) -> Iterator[Broken]:
    """Rows that a unique constraint would refuse; somebody may have lifted it."""
    for constraint in model._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint) or constraint.condition is not None:
            continue
        rows = model._base_manager.using(using).order_by().values(*constraint.fields)
        for found in rows.annotate(rows=Count("pk")).filter(rows__gt=1)[:10]:
            told = ", ".join(f"{name} {found[name]}" for name in constraint.fields)
            yield Broken(model._meta.db_table, f"({told})", f"stands {found['rows']} times instead of once")


def _references(model: type[models.Model]) -> Iterator[tuple[str, type[models.Model]]]:
    """Columns that point to rows without a constraint: foreign keys, and what ``POINTS_TO`` names."""
    for field in model._meta.local_concrete_fields:
        if isinstance(field, models.ForeignKey) and not getattr(field, "db_constraint", True):
            yield field.attname, field.related_model
    named: dict[str, str] = getattr(model, "POINTS_TO", {})
    for column, label in named.items():
        yield column, apps.get_model(label)


def _dangling(model: type[models.Model], using: str) -> Iterator[Broken]:
    for column, target in _references(model):
        there = target._base_manager.using(using).filter(pk=OuterRef(column))
        rows = model._base_manager.using(using).filter(**{f"{column}__isnull": False})
        for key, pointed in rows.filter(~Exists(there)).values_list("pk", column)[:10]:
            problem = f"points to {target._meta.verbose_name} {pointed}, which is not there"
            yield Broken(model._meta.db_table, str(key), problem)


def broken_rows(using: str = "default") -> Sequence[Broken]:
    """Everything broken; empty when the ledger is whole."""
    return [found for found in verify(using) if isinstance(found, Broken)]
