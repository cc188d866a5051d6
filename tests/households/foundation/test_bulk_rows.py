"""Bulk rows arrive as they were given, on either database: null is null, zero is zero, text is untouched."""

import struct
from datetime import UTC, date, datetime
from uuid import UUID

import numpy as np
import pytest
from django.db import connection

from households.foundation.copying import ROWS_AT_ONCE, SIGNATURE, TRAILER, Stream, binary_rows
from households.foundation.databases import bulk, insert_columns, insert_rows
from households.models import Account, AccountFacts, ExportRecord, Intake, User

BUILT = datetime(2026, 3, 29, 7, 8, 9, 123456, tzinfo=UTC)
AWKWARD = 'a "quoted", \\N, tab\tnew\nline\\ and é'


@pytest.fixture
def accounts(firm) -> list[Account]:
    return [
        firm.account,
        *(Account.objects.create(household=firm.household, name=f"Account {n}") for n in range(3)),
    ]


def _facts(accounts: list[Account]) -> list[AccountFacts]:
    rows = AccountFacts.objects.in_bulk()
    return [rows[account.pk] for account in accounts]


def _check(accounts: list[Account]) -> None:
    rows = _facts(accounts)
    assert [row.account_value for row in rows] == [123_456_789_012_345, 0, None, -5]
    assert [row.cash_share for row in rows] == [0.25, 0.0, None, 1.0]
    assert [row.registration for row in rows] == ["joint", "", None, AWKWARD[:32]]
    assert [row.step_up_expected for row in rows] == [True, False, None, True]
    assert [row.tax_sensitivity for row in rows] == [4, 0, None, 1]
    assert [row.oldest_source_date for row in rows] == [date(1999, 12, 31), None, None, date(2026, 1, 2)]
    assert {row.built_at for row in rows} == {BUILT}
    assert {row.provenance for row in rows} == {AWKWARD}


FIELDS = [
    "account", "account_value", "cash_share", "registration", "step_up_expected", "tax_sensitivity",
    "oldest_source_date", "provenance", "as_of", "revision", "built_at",
]  # fmt: skip


@pytest.mark.django_db
def test_columns_of_arrays_with_nan_for_null(accounts: list[Account]) -> None:
    written = insert_columns(
        connection,
        AccountFacts,
        {
            "account": [account.pk for account in accounts],
            "account_value": [123_456_789_012_345, 0, None, -5],
            "cash_share": np.array([0.25, 0.0, np.nan, 1.0]),
            "registration": ["joint", "", None, AWKWARD[:32]],
            "step_up_expected": np.array([1.0, 0.0, np.nan, 1.0]),
            "tax_sensitivity": np.array([4.0, 0.0, np.nan, 1.0]),
            "oldest_source_date": [date(1999, 12, 31), None, None, date(2026, 1, 2)],
            "provenance": [AWKWARD] * 4,
            "as_of": [date(2026, 3, 29)] * 4,
            "revision": np.arange(4),
            "built_at": [BUILT] * 4,
        },
    )
    assert written == 4
    _check(accounts)
    assert [row.revision for row in _facts(accounts)] == [0, 1, 2, 3]


@pytest.mark.django_db
def test_rows_from_a_generator_in_several_batches(accounts: list[Account], monkeypatch) -> None:
    monkeypatch.setattr(bulk, "ROWS_AT_ONCE", 3)
    values = zip(
        [str(account.pk) for account in accounts],
        [123_456_789_012_345, 0, None, -5],
        [0.25, 0.0, float("nan"), 1.0],
        ["joint", "", None, AWKWARD[:32]],
        [True, False, None, True],
        [4, 0, None, 1],
        [date(1999, 12, 31), None, None, date(2026, 1, 2)],
        strict=True,
    )
    rows = ((*row, AWKWARD, date(2026, 3, 29), 1, BUILT) for row in values)
    assert insert_rows(connection, AccountFacts, rows, FIELDS) == 4
    _check(accounts)


@pytest.mark.django_db
def test_json_as_values_and_as_text(firm, accounts: list[Account]) -> None:
    Intake.objects.all().delete()
    fields = ["account", "provenance", "visited", "state", "version", "updated_at"]
    rows = [
        (accounts[0].pk, {"a": [1, None]}, [], "open", 1, BUILT),
        (accounts[1].pk, '{"b": "é"}', '["x"]', "open", 1, BUILT),
    ]
    assert insert_rows(connection, Intake, rows, fields) == 2
    assert Intake.objects.get(account=accounts[0]).provenance == {"a": [1, None]}
    second = Intake.objects.get(account=accounts[1])
    assert (second.provenance, second.visited) == ({"b": "é"}, ["x"])


@pytest.mark.django_db
def test_nothing_to_write(firm) -> None:
    assert insert_rows(connection, ExportRecord, [], ["by", "what"]) == 0


def test_the_binary_stream_byte_by_byte() -> None:
    """Worked by hand from PostgreSQL's description of the format."""
    fields = [ExportRecord._meta.get_field("rows"), ExportRecord._meta.get_field("what")]
    pieces = b"".join(binary_rows(fields, [([7, None], ["ab", ""])]))
    first = b"\x00\x02" + b"\x00\x00\x00\x04\x00\x00\x00\x07" + b"\x00\x00\x00\x02ab"
    second = b"\x00\x02" + b"\xff\xff\xff\xff" + b"\x00\x00\x00\x00"
    assert pieces == SIGNATURE + first + second + TRAILER
    key = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
    stream = b"".join(binary_rows([User._meta.get_field("id")], [([key],)]))
    assert stream == SIGNATURE + b"\x00\x01" + struct.pack(">i", 16) + key.bytes + TRAILER


def test_memory_is_bounded_by_the_batch_and_reading_is_lazy() -> None:
    made: list[int] = []

    def pieces():
        for number in range(3):
            made.append(number)
            yield bytes([65 + number]) * 10

    stream = Stream(pieces())
    assert stream.read(4) == b"AAAA"
    assert made == [0]
    assert [stream.read(100) for _ in range(4)] == [b"A" * 6, b"B" * 10, b"C" * 10, b""]
    assert ROWS_AT_ONCE <= 10_000
