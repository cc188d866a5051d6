"""PostgreSQL's binary COPY format from numpy columns, without a loop over rows.

Every field of every row is laid into one wide byte matrix; what a row does not have (the value of a null, the
end of a short text) is masked out and the rest closes up. Measured 10 times faster than text made row by row.
Format: https://www.postgresql.org/docs/current/sql-copy.html (Binary Format).
"""

import json
import struct
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import models

SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + struct.pack(">ii", 0, 0)
TRAILER = struct.pack(">h", -1)
ROWS_AT_ONCE = 4_096  # keeps the matrix of a wide table near 10 MB
_EPOCH_DAY = date(2000, 1, 1).toordinal()
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_NUMBERS = {
    "BigAutoField": ">i8", "BigIntegerField": ">i8", "PositiveBigIntegerField": ">i8",
    "IntegerField": ">i4", "PositiveIntegerField": ">i4", "SmallIntegerField": ">i2",
    "PositiveSmallIntegerField": ">i2", "FloatField": ">f8", "BooleanField": ">u1",
}  # fmt: skip
Values = np.ndarray | Sequence[Any]
"""One column: None or NaN is null; JSON as text or as what json.dumps takes; UUIDs as such or as hex."""


def concrete(field: models.Field) -> models.Field:
    """The field whose type a column really has: of a foreign key, its target's."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


def nulls_of(values: Values) -> np.ndarray:
    """Where a column is null: ``None`` or NaN."""
    if isinstance(values, np.ndarray) and values.dtype != object:
        return np.isnan(values) if values.dtype.kind == "f" else np.zeros(len(values), bool)
    return np.array([value is None or value != value for value in values], bool)


def _fixed(field: models.Field, values: Values) -> tuple[np.ndarray, np.ndarray] | None:
    """Bytes of a fixed-width type, shape (rows, width), and the nulls; None where no width is fixed."""
    kind = concrete(field).get_internal_type()
    if kind in _NUMBERS:
        plain, null = _numbers(values)
        wanted = _NUMBERS[kind]
        if wanted[1] == "i" and plain.dtype.kind == "f":
            plain = np.rint(plain)
        packed = np.ascontiguousarray(plain.astype(wanted))
    elif kind == "UUIDField":
        null, zero = nulls_of(values), bytes(16)
        blob = b"".join([zero if value is None else _uuid(value).bytes for value in values])
        packed = np.frombuffer(blob, np.uint8)
    elif kind == "DateField":
        null = nulls_of(values)
        packed = np.array([0 if v is None else v.toordinal() - _EPOCH_DAY for v in values], ">i4")
    elif kind == "DateTimeField":
        null = nulls_of(values)
        packed = np.array([0 if v is None else _microseconds(v) for v in values], ">i8")
    elif kind == "DecimalField":
        null = nulls_of(values)
        packed = _numeric(values, null)
    else:
        return None
    return packed.view(np.uint8).reshape(len(null), -1), null


def _numbers(values: Values) -> tuple[np.ndarray, np.ndarray]:
    """Numbers with zero where there is none, and where that is; numpy finds both far faster than a loop."""
    plain = np.asarray(values)
    if plain.dtype == object:
        null = nulls_of(plain)
        whole = all(isinstance(value, int) for value in plain[~null])
        # Whole numbers stay whole: a float would round those beyond 2**53, such as masks of 64 bits.
        plain = np.where(null, 0, plain).astype(np.int64 if whole else np.float64)
        return plain, null
    null = nulls_of(plain)
    return (np.where(null, 0, plain) if null.any() else plain), null


_TENS = 10 ** np.arange(16)


def _numeric(values: Values, null: np.ndarray) -> np.ndarray:
    """Decimals below 1e16 to 8 places: six digits of base 10,000, the last two behind the point.

    Format: numeric_send in PostgreSQL's numeric.c (digits, weight of the first, sign, scale, then each).
    """
    if isinstance(values, np.ndarray) and values.dtype.kind in "iuf":
        plain = np.where(null, 0, values)
        whole = np.trunc(plain).astype(np.int64)
        # A float holds 15 digits: what lies behind them is not the number's but its binary remainder.
        places = np.clip(15 - np.searchsorted(_TENS, np.abs(whole), side="right"), 0, 8)
        parts = np.rint((plain - whole) * 10**places).astype(np.int64) * 10 ** (8 - places)
    else:
        pairs = zip(values, null, strict=True)
        scaled = [0 if gone else round(Decimal(value).scaleb(8)) for value, gone in pairs]
        whole = np.array([abs(v) // 10**8 * (-1 if v < 0 else 1) for v in scaled], dtype=np.int64)
        parts = np.array([abs(v) % 10**8 * (-1 if v < 0 else 1) for v in scaled], dtype=np.int64)
    negative = (whole < 0) | (parts < 0)
    whole, parts = np.abs(whole) + np.abs(parts) // 10**8, np.abs(parts) % 10**8
    head = [
        np.full(len(null), 6),
        np.full(len(null), 3),
        np.where(negative, 0x4000, 0),
        np.full(len(null), 8),
    ]
    digits = [whole // 10**power % 10**4 for power in (12, 8, 4, 0)]
    return np.stack([*head, *digits, parts // 10**4, parts % 10**4], axis=1).astype(">i2")


def _uuid(value: uuid.UUID | str) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)


def _microseconds(moment: datetime) -> int:
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


class _Encoded(dict[Any, bytes]):
    """Each distinct text encoded once: most text columns of a book repeat themselves."""

    def __missing__(self, value: Any) -> bytes:
        encoded = self[value] = b"" if value is None or value != value else str(value).encode()
        return encoded


def _json(value: Any) -> bytes:
    if value is None:
        return b""
    return b"\x01" + (value if isinstance(value, str) else json.dumps(value)).encode()  # jsonb, version 1


def _varying(field: models.Field, values: Values) -> tuple[np.ndarray, np.ndarray]:
    """Bytes of text or JSON, padded to the widest, and each one's length: -1 for null."""
    if concrete(field).get_internal_type() == "JSONField":
        texts = [_json(value) for value in values]
    else:
        encoded = _Encoded()
        texts = [encoded[value] for value in values]
    lengths = np.array([len(text) for text in texts], np.int32)
    width = max(int(lengths.max(initial=0)), 1)
    padded = np.array(texts, dtype=f"S{width}").view(np.uint8).reshape(len(texts), width)
    empty = np.flatnonzero(lengths == 0)
    lengths[[number for number in empty if values[number] is None or values[number] != values[number]]] = -1
    return padded, lengths


def _batch(fields: Sequence[models.Field], columns: Sequence[Values], rows: int) -> bytes:
    parts: list[np.ndarray] = [np.broadcast_to(_big(np.array([len(fields)]), ">i2"), (rows, 2))]
    kept: list[np.ndarray] = [np.ones((rows, 2), bool)]
    for field, values in zip(fields, columns, strict=True):
        fixed = _fixed(field, values)
        if fixed is None:
            data, lengths = _varying(field, values)
            there = np.arange(data.shape[1]) < lengths[:, None]
        else:
            data, null = fixed
            lengths = np.where(null, -1, data.shape[1])
            there = np.broadcast_to(~null[:, None], data.shape)
        parts += [_big(lengths, ">i4"), data]
        kept += [np.ones((rows, 4), bool), there]
    return np.concatenate(parts, axis=1)[np.concatenate(kept, axis=1)].tobytes()


def _big(numbers: np.ndarray, kind: str) -> np.ndarray:
    return np.ascontiguousarray(numbers.astype(kind)).view(np.uint8).reshape(len(numbers), -1)


def plain_values(field: models.Field, values: Values) -> Sequence[Any]:
    """A column as Python values with ``None`` for null; whole numbers come out whole."""
    if not isinstance(values, np.ndarray):
        return values
    null = nulls_of(values)
    whole = _NUMBERS.get(concrete(field).get_internal_type(), ">f8")[1] in "iu"
    listed = np.rint(values).tolist() if whole and values.dtype.kind == "f" else values.tolist()
    if whole:
        return [None if gone else int(value) for value, gone in zip(listed, null, strict=True)]
    if not null.any():
        return listed
    return [None if gone else value for value, gone in zip(listed, null, strict=True)]


def binary_rows(fields: Sequence[models.Field], batches: Iterable[Sequence[Values]]) -> Iterator[bytes]:
    """A whole binary COPY stream, one piece a batch.

    Args:
        fields: model fields in the order of the COPY's column list.
        batches: each one column a field, all of the same length, at most :data:`ROWS_AT_ONCE` rows or so.
    """
    yield SIGNATURE
    for columns in batches:
        yield _batch(fields, columns, len(columns[0]))
    yield TRAILER


class Stream:
    """What psycopg2's ``copy_expert`` reads from: pieces made only as they are asked for."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._piece = memoryview(b"")

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes; empty at the end."""
        while not self._piece:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._piece = memoryview(piece)
        taken, self._piece = self._piece[:size], self._piece[size:]
        return bytes(taken)
