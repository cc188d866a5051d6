"""Flex queries broken down by day: one statement a day of the same account, of which the newest counts."""

from datetime import date
from decimal import Decimal

import pytest

from households.imports.formats.parsed import FileRefused
from tests.households.imports.formats.build import parse
from tests.households.imports.formats.test_ibkr_flex import APPLE, flex


def _joined(*statements: bytes) -> bytes:
    """Several files' statements as one file."""
    bodies = [data[data.index(b"<FlexStatement ") : data.index(b"</FlexStatements>")] for data in statements]
    return (
        b'<FlexQueryResponse><FlexStatements count="2">'
        + b"".join(bodies)
        + (b"</FlexStatements></FlexQueryResponse>")
    )


def _of(day: str, shares: str, value: str, account: str = "U1234567") -> bytes:
    row = APPLE | {"position": shares, "positionValue": value, "reportDate": day}
    return flex(row, account=account).replace(b"20260630", day.encode())


OLD, NEW = _of("20260629", "10", "200"), _of("20260630", "12", "240")


@pytest.mark.parametrize("data", [_joined(OLD, NEW), _joined(NEW, OLD)])
def test_the_newest_day_alone_is_taken(data: bytes) -> None:
    file = parse(data, "flex.xml")
    (section,) = file.accounts
    assert (section.as_of, section.holds_positions) == (date(2026, 6, 30), True)
    assert [(p.symbol, p.quantity, p.market_value) for p in section.positions] == [
        ("AAPL", Decimal(12), 24_000),
        ("Cash", None, 5_001),
    ]
    (message,) = [warning.message for warning in file.warnings if warning.code == "older_rows"]
    assert message.endswith("Jun 29, 2026 is left out; the file has a newer one, of Jun 30, 2026.")


def test_two_of_one_day_are_refused() -> None:
    with pytest.raises(FileRefused, match=r"two statements of it.*one statement of each account"):
        parse(_joined(NEW, _of("20260630", "10", "200")), "flex.xml")


def test_each_account_has_its_own_newest_day() -> None:
    file = parse(_joined(OLD, _of("20260628", "7", "140", "U7654321"), NEW), "flex.xml")
    assert [(s.label, s.as_of, s.positions[0].quantity) for s in file.accounts] == [
        ("Account ending 4567", date(2026, 6, 30), Decimal(12)),
        ("Account ending 4321", date(2026, 6, 28), Decimal(7)),
    ]
