"""Decimals in bulk: exact on either database, from arrays as from Decimal."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection

from households.foundation.copying import SIGNATURE, TRAILER, binary_rows
from households.foundation.databases import insert_columns
from households.models import Position

GIVEN = ["0", "1234.5", "-0.5", "9999999999999.99999999", "-12.00000001", "0.00000001"]


def _write(account, quantities) -> list[Decimal | None]:
    count = len(quantities)
    insert_columns(
        connection,
        Position,
        {
            "account": [account.pk] * count,
            "symbol": [f"S{row}" for row in range(count)],
            "description": [""] * count,
            "asset_class": ["stock"] * count,
            "issuer": [""] * count,
            "quantity": quantities,
            "price": np.full(count, 12.34),
            "market_value": np.arange(count),
            "restricted": [""] * count,
            "retained": np.zeros(count, dtype=bool),
            "as_of": [date(2026, 3, 29)] * count,
        },
    )
    rows = Position.objects.order_by("symbol")
    assert {row.price for row in rows} == {Decimal("12.34")}
    return [row.quantity for row in rows]


@pytest.mark.django_db
def test_decimals_given_as_decimals(firm) -> None:
    # SQLite keeps decimals as floats: 15 digits are what both databases hold.
    given = [Decimal(text) for text in GIVEN if len(text) < 17]
    assert _write(firm.account, [*given, None]) == [*given, None]


@pytest.mark.django_db
def test_decimals_given_as_an_array(firm) -> None:
    assert _write(firm.account, np.array([0.0, 1234.5, -0.5, 67625860.01, 0.1])) == [
        Decimal("0"), Decimal("1234.5"), Decimal("-0.5"), Decimal("67625860.01"), Decimal("0.1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sign", "digits"),
    [
        ("1234.5", 0, (0, 0, 0, 1234, 5000, 0)),
        ("-0.5", 0x4000, (0, 0, 0, 0, 5000, 0)),
        ("9999999999999.99999999", 0, (9, 9999, 9999, 9999, 9999, 9999)),
        ("-12.00000001", 0x4000, (0, 0, 0, 12, 0, 1)),
    ],
)
def test_the_digits_worked_by_hand(text: str, sign: int, digits: tuple[int, ...]) -> None:
    """9,999,999,999,999 is 9 | 9999 | 9999 | 9999 in base 10,000."""
    words = (6, 3, sign, 8, *digits)
    expected = b"".join(word.to_bytes(2, "big") for word in words)
    stream = b"".join(binary_rows([Position._meta.get_field("quantity")], [([Decimal(text)],)]))
    assert stream == SIGNATURE + b"\x00\x01" + b"\x00\x00\x00\x14" + expected + TRAILER
