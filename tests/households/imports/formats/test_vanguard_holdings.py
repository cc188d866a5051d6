"""Vanguard's download: holdings taken, transactions kept apart, the date from elsewhere."""

import io
from datetime import date

import pytest

from households.imports.formats import read
from households.imports.formats.parsed import FileRefused, ParsedFile
from tests.households.imports.formats.build import codes

HEADER = "Account Number,Investment Name,Symbol,Shares,Share Price,Total Value,"
ADMIRAL = "12345678,VANGUARD TOTAL STOCK MARKET INDEX ADMIRAL,VTSAX,100.5,110.00,11055.00,"
MONEY = "12345678,VANGUARD FEDERAL MONEY MARKET FUND,VMFXX,500,1.00,500.00,"
APPLE = "87654321,APPLE INC,AAPL,2,200.00,400.00,"
TRANSACTIONS = (
    "Account Number,Trade Date,Settlement Date,Transaction Type,Transaction Description,Investment "
    "Name,Symbol,"
    "Shares,Share Price,Principal Amount,Commissions and Fees,Net Amount,Accrued Interest,Account Type,"
)
BOUGHT = (
    "12345678,2026-09-01,2026-09-02,Buy,Buy,VANGUARD TOTAL STOCK,VTSAX,10,108.00,-1080.00,0.0,-1080.00,0.0,"
    "CASH,"
)
NAME = "OfxDownload 2026-09-30.csv"


def vanguard(*lines: str, header: str = HEADER, name: str = NAME, dated: date | None = None) -> ParsedFile:
    return read(io.BytesIO("\n".join([header, *lines, ""]).encode()), name, dated=dated)


def test_holdings_of_two_accounts() -> None:
    file = vanguard(ADMIRAL, MONEY, APPLE)
    assert (file.format, file.rows_read, file.rejected) == ("vanguard_holdings", 3, [])
    assert [(s.label, s.as_of) for s in file.accounts] == [
        ("Account ending 5678", date(2026, 9, 30)),
        ("Account ending 4321", date(2026, 9, 30)),
    ]
    assert [(p.symbol, p.asset_class, p.market_value) for s in file.accounts for p in s.positions] == [
        ("VTSAX", "fund", 1_105_500),
        ("VMFXX", "cash", 50_000),
        ("AAPL", "stock", 40_000),
    ]
    assert codes(file) == ["date_from_name", "missing_column", "class_from_name"]


def test_transactions_are_counted_and_kept_apart() -> None:
    later = BOUGHT.replace("2026-09-01", "2026-09-15")
    file = vanguard(ADMIRAL, "", "", TRANSACTIONS, BOUGHT, later)
    assert file.rows_read == 1
    (told,) = [w.message for w in file.warnings if w.code == "transactions_apart"]
    assert "2 from Sep 1, 2026 to Sep 15, 2026" in told


def test_a_date_before_the_last_transaction_is_doubted() -> None:
    file = vanguard(ADMIRAL, TRANSACTIONS, BOUGHT, dated=date(2026, 8, 31))
    assert file.as_of == date(2026, 8, 31)
    assert "date_before_transactions" in codes(file)
    assert "date_from_name" not in codes(file)


def test_without_any_date_it_is_refused() -> None:
    with pytest.raises(FileRefused, match="what date"):
        vanguard(ADMIRAL, name="OfxDownload.csv")


def test_holdings_below_the_transactions_are_holdings_again() -> None:
    file = vanguard(ADMIRAL, TRANSACTIONS, BOUGHT, HEADER, APPLE)
    assert [len(s.positions) for s in file.accounts] == [1, 1]


def test_a_class_that_no_word_says_stays_unknown() -> None:
    file = vanguard("12345678,VANGUARD TARGET RETIREMENT 2040,--,3,10.00,30.00,")
    (held,) = file.accounts[0].positions
    assert (held.symbol, held.asset_class) == ("VANGUARD TARGET RETIREMENT 2040", "unknown")
    assert {"no_symbol", "unknown_security_type"} <= set(codes(file))


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('12345678,APPLE INC,AAPL,2,200.00,"4,00.00",', "Total Value"),
        ("12345678,APPLE INC,AAPL,two,200.00,400.00,", "Shares"),
        ("12345678", "line"),
        ("12345678,,,2,200.00,400.00,", "Investment Name"),
        ("12345678,APPLE, INC,AAPL,2,200.00,400.00,", "line"),
    ],
)
def test_rows_in_doubt_are_rejected(line: str, field: str) -> None:
    file = vanguard(ADMIRAL, line)
    (rejected,) = file.rejected
    assert (rejected.line, field in {p.field for p in rejected.problems}) == (3, True)
