"""Hashes of ledger rows: fixed typed encodings, the same from memory and from either database.

A row is hashed as text, one line a column, ``name=`` and the encoded value, lines joined by a newline:

* ``n`` null; ``b0`` ``b1`` yes or no; ``i42`` whole number; ``s"text"`` text as ASCII JSON;
* ``f0.25`` other numbers: the shortest decimal of the value rounded to 1e-6, never a negative zero;
* ``u`` and 32 hex digits; ``d2026-11-22`` date; ``t2026-11-22T14:05:00.000000Z`` moment, in UTC;
* ``j`` and canonical JSON (sorted keys, no spaces, ASCII, whole floats as integers).

The type is the column's, never the value's, so that no driver can change a hash. Text cannot hold a bare
newline in this form, so no value can pass for two columns.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import models

from households.models.facts import FACT_NAMES, FactColumns

HASH_VERSION = 1
DIGITS = 6

Encoder = Callable[[Any], str]


def rounded(value: float) -> float:
    """To 1e-6, without negative zero: how every stored share, rate and fit is kept."""
    return round(float(value), DIGITS) + 0.0


def _text(value: str) -> str:
    return "s" + json.dumps(value)


def _moment(value: datetime) -> str:
    return "t" + value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value


def canonical_json(value: Any) -> str:
    """The one ASCII JSON text of plain data; equal from text, ``json`` and ``jsonb`` columns."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False)


def _whole(value: int) -> str:
    return f"i{int(value)}"


def _number(value: float) -> str:
    return f"f{rounded(value)!r}"


def _flag(value: bool) -> str:
    return "b1" if value else "b0"


def _uuid(value: UUID) -> str:
    return f"u{value.hex}"


def _date(value: date) -> str:
    return f"d{value.isoformat()}"


def _json(value: Any) -> str:
    return "j" + canonical_json(value)


# Order matters: the first class that the column is an instance of decides.
_ENCODERS: tuple[tuple[type[models.Field], Encoder], ...] = (
    (models.BooleanField, _flag),
    (models.IntegerField, _whole),
    (models.FloatField, _number),
    (models.DateTimeField, _moment),
    (models.DateField, _date),
    (models.UUIDField, _uuid),
    (models.JSONField, _json),
    (models.CharField, _text),
    (models.TextField, _text),
)


def encoder_of(field: models.Field) -> Encoder:
    """How a column's values are written for hashing; a reference is written as the key it holds.

    Raises:
        TypeError: the column's type has no fixed encoding.
    """
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    for kind, encode in _ENCODERS:
        if isinstance(target, kind):
            return encode
    raise TypeError(f"{field} has no encoding for the ledger; add one to hashing.py and raise HASH_VERSION.")


class _Lines(dict[Any, str]):
    """Encoded lines of one column, each distinct value once: most columns of a book repeat themselves."""

    def __init__(self, name: str, encode: Encoder) -> None:
        super().__init__({None: f"{name}=n"})
        self.name, self.encode = name, encode

    def __missing__(self, value: Any) -> str:
        line = self[value] = f"{self.name}={self.encode(value)}"
        return line


def encoded_column(name: str, encode: Encoder, values: Iterable[Any]) -> list[str]:
    """The lines of one column."""
    lines = _Lines(name, encode)
    return [lines[value] for value in values]


def hashed_columns(model: type[models.Model]) -> tuple[str, ...]:
    """The columns that a row's hash covers, in its order: facts as the contract orders them, then by name.

    Everything but the hash itself is covered. A test pins the list for each table: a new column needs a
    new ``HASH_VERSION``.
    """
    facts = FACT_NAMES if issubclass(model, FactColumns) else ()
    others = {field.attname for field in model._meta.local_concrete_fields} - set(facts) - {"row_hash"}
    return (*facts, *sorted(others))


def _sha256(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def fact_blocks(facts: Sequence[Iterable[Any]]) -> list[str]:
    """The facts of each row as hashed, one text a row: inputs and row hashes both stand on it.

    Args:
        facts: one sequence a fact, in the order of ``FACT_NAMES``, stored values (cents, text codes).
    """
    fields = FactColumns._meta.local_concrete_fields
    encoded = [
        encoded_column(field.name, encoder_of(field), values)
        for field, values in zip(fields, facts, strict=True)
    ]
    return ["\n".join(lines) for lines in zip(*encoded, strict=True)]


def inputs_hashes(blocks: Iterable[str], *, policy_sha256: str, shelf_sha256: str, engine: int) -> list[str]:
    """What an evaluation stands on, without dates and provenance: equal hashes mean an equal answer.

    Args:
        blocks: of :func:`fact_blocks`.
    """
    head = f"inputs/{HASH_VERSION}"
    tail = (
        f"policy_sha256={_text(policy_sha256)}\nshelf_sha256={_text(shelf_sha256)}\nengine={_whole(engine)}"
    )
    return [_sha256((head, block, tail)) for block in blocks]


def row_hashes(
    model: type[models.Model], columns: Mapping[str, Iterable[Any]], blocks: Iterable[str] | None = None
) -> list[str]:
    """The hashes of many rows.

    Args:
        model: the ledger table.
        columns: for every name of :func:`hashed_columns`, the values of all rows.
        blocks: the facts of these rows, where they have been written already.
    """
    by_attname = {field.attname: field for field in model._meta.local_concrete_fields}
    names = hashed_columns(model)
    parts: list[Iterable[str]] = []
    if issubclass(model, FactColumns):
        parts.append(blocks if blocks is not None else fact_blocks([columns[name] for name in FACT_NAMES]))
        names = names[len(FACT_NAMES) :]
    parts += [
        encoded_column(name, _hashable(encoder_of(by_attname[name])), _keys(by_attname[name], columns[name]))
        for name in names
    ]
    head = f"{model._meta.label_lower}/{HASH_VERSION}"
    return [_sha256((head, *lines)) for lines in zip(*parts, strict=True)]


def _keys(field: models.Field, values: Iterable[Any]) -> Iterable[Any]:
    """JSON values cannot be dictionary keys; their canonical text can."""
    if isinstance(field, models.JSONField):
        return [None if value is None else canonical_json(value) for value in values]
    return values


def _hashable(encode: Encoder) -> Encoder:
    return (lambda text: "j" + text) if encode is _json else encode


def row_hash(row: models.Model) -> str:
    """The hash of one row, as it stands in memory."""
    model = type(row)
    return row_hashes(model, {name: [getattr(row, name)] for name in hashed_columns(model)})[0]
