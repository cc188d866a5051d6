"""The product's own template: positions, lots as rows of their own, shares that are fractions."""

from datetime import date
from decimal import Decimal

import pytest

from households.imports.formats.generic_csv import TEMPLATE
from households.imports.formats.parsed import FileRefused
from tests.households.imports.formats.build import TEMPLATE_HEADER, codes, parse, template

APPLE = "XXXX-1234,2026-06-30,position,AAPL,Apple,stock,10,20.00,200.00,150.00,0.5,,"
LOT = "XXXX-1234,2026-06-30,lot,AAPL,,,10,20.00,200.00,150.00,,2020-01-02,"
CASH = "XXXX-1234,2026-06-30,position,Cash,,cash,,,200.00,,50%,,"


def test_the_template_is_the_documented_header() -> None:
    assert ",".join(TEMPLATE) == TEMPLATE_HEADER


def test_positions_and_lots() -> None:
    file = parse(template(APPLE, LOT, CASH))
    (section,) = file.accounts
    assert (section.label, section.ending, section.as_of, section.holds_positions) == (
        "Account ending 1234",
        "1234",
        date(2026, 6, 30),
        True,
    )
    assert [
        (p.symbol, p.asset_class, p.quantity, p.market_value, p.cost_basis) for p in section.positions
    ] == [
        ("AAPL", "stock", Decimal(10), 20000, 15000),
        ("Cash", "cash", None, 20000, None),
    ]
    (lot,) = section.lots
    assert (lot.symbol, lot.acquired, lot.quantity, lot.cost_basis) == (
        "AAPL",
        date(2020, 1, 2),
        Decimal(10),
        15000,
    )
    assert (file.rows_read, file.rows_taken, file.warnings) == (3, 3, [])


def test_several_accounts_and_lots_alone() -> None:
    file = parse(template(APPLE, LOT.replace("XXXX-1234", "ACC-7")))
    assert [(s.label, s.reference, s.holds_positions) for s in file.accounts] == [
        ("Account ending 1234", "XXXX-1234", True),
        ("ACC-7", "ACC-7", False),
    ]


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        (APPLE.replace(",0.5,", ",1.2,"), "share_of_account", "more than 1"),
        (APPLE.replace(",200.00,", ",1234.50-,"), "market_value", "ambiguous"),
        (APPLE.replace(",stock,", ",crypto,"), "asset_class", "not an asset class"),
        (APPLE.replace(",position,", ",trade,"), "row_type", "neither position nor lot"),
        (APPLE.replace("2026-06-30", ""), "as_of", "missing"),
        (APPLE.replace("2026-06-30", "2026-06-29"), "as_of", "Another row of this account is of 2026-06-30"),
        (APPLE.removesuffix(",,") + ",2020-01-02,", "acquired", "A position has no date of purchase"),
        (LOT.replace(",AAPL,", ",,"), "symbol", "missing"),
        (APPLE + ",more", "line", "1 more cell"),
    ],
)
def test_bad_rows_name_the_column(line: str, field: str, words: str) -> None:
    file = parse(template(CASH, line))
    (rejected,) = file.rejected
    assert (rejected.line, rejected.problems[0].field) == (3, field)
    assert words in rejected.problems[0].problem
    assert file.rows_read == file.rows_taken + 1 == 2


def test_an_unquoted_thousands_separator_is_noticed() -> None:
    """``1,234.50`` without quotation marks is two cells; the line then has one more than the header."""
    fund = "XXXX-1234,2026-06-30,position,VTI,,fund,10,123.45,1,234.50,,,,"
    file = parse(template(fund))
    assert file.rows_taken == 0
    assert "more cells than the header" in file.rejected[0].problems[0].problem
    assert "quotation marks" in file.rejected[0].problems[0].remedy
    assert parse(template(fund.replace("1,234.50,", "1234.50,,"))).rows_taken == 1


def test_shares_that_exceed_the_whole_together_warn() -> None:
    """0.9 and 0.5 make 140%; by value the two are one half each."""
    file = parse(template(APPLE.replace(",0.5,", ",0.9,"), CASH))
    assert codes(file) == ["share_contradicts_rows", "shares_over_one"]
    assert "140.0%" in file.warnings[1].message


def test_an_empty_class_is_unknown_and_said() -> None:
    file = parse(template(APPLE.replace(",stock,", ",,"), CASH))
    assert file.accounts[0].positions[0].asset_class == "unknown"
    assert codes(file) == ["unknown_security_type"]


def test_columns_that_must_be_there() -> None:
    with pytest.raises(FileRefused, match="The column Market Value is missing"):
        parse(template(header=TEMPLATE_HEADER.replace("market_value,", "")))
    with pytest.raises(FileRefused, match="no rows"):
        parse(template())
