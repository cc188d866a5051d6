"""Fidelity's positions: header variants, cash and options by their marks, footers, dates."""

from datetime import date

import pytest

from households.imports.formats.parsed import FileRefused
from tests.households.imports.formats.build import codes, parse

HEADER = (
    "Account Number,Account Name,Symbol,Description,Quantity,Last Price,Last Price Change,Current Value,"
    "Today's Gain/Loss Dollar,Today's Gain/Loss Percent,Total Gain/Loss Dollar,Total Gain/Loss Percent,"
    "Percent Of Account,Cost Basis Total,Average Cost Basis,Type"
)
STOCK = (
    "Z12345678,Individual - TOD,ACME,ACME CORP COM,8,$22.50,-$0.50,$180.00,-$4.00,-1.00%,+$20.00,+12.50%,"
    "64.29%,$160.00,$20.00,Cash,"
)
CASH = "Z12345678,Individual - TOD,SPAXX**,HELD IN MONEY MARKET,,,,$100.00,,,,,35.71%,,,Cash,"
FUND = (
    '221238941,Rollover IRA,FXAIX,FIDELITY 500 INDEX FUND,10.123,$180.00,-$0.50,"$1,822.14",,,+$122.14,'
    '+7.18%,100.00%,"$1,700.00",$167.93,Cash,'
)
FOOTER = (
    '"The data and information in this spreadsheet is provided to you solely for your use and is not for '
    'distribution. The spreadsheet is provided for informational purposes only."'
)
DOWNLOADED = '"Date downloaded Jan-02-2026 1:00 p.m ET"'


def fidelity(*lines: str, header: str = HEADER, downloaded: str = DOWNLOADED, mark: str = "\ufeff") -> bytes:
    return (mark + "\n".join([header, *lines, "", FOOTER, "", downloaded, ""])).encode()


def test_accounts_are_told_by_number_and_the_date_by_the_last_line() -> None:
    file = parse(fidelity(STOCK, CASH, FUND))
    assert (file.format, file.confidence, file.rows_read, file.rejected) == ("fidelity_positions", 3, 3, [])
    first, second = file.accounts
    assert [(s.label, s.ending, s.as_of) for s in (first, second)] == [
        ("Individual - TOD, ending 5678", "5678", date(2026, 1, 2)),
        ("Rollover IRA, ending 8941", "8941", date(2026, 1, 2)),
    ]
    assert [(p.symbol, p.asset_class, p.market_value, p.cost_basis) for p in first.positions] == [
        ("ACME", "stock", 18_000, 16_000),
        ("SPAXX", "cash", 10_000, None),
    ]
    assert [(p.symbol, p.asset_class, p.market_value) for p in second.positions] == [
        ("FXAIX", "fund", 182_214)
    ]
    # 180 / 280 = 64.29 %, 100 / 280 = 35.71 %: the stated shares fit
    assert codes(file) == ["class_from_name"]


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        HEADER.capitalize(),
        HEADER + ",",
        HEADER.replace("Account Number,Account Name", "Account Name/Number,Unused"),
        HEADER.replace("Cost Basis Total,Average Cost Basis", "Cost Basis,Cost Basis Per Share"),
    ],
)
def test_header_variants_say_the_same(header: str) -> None:
    file = parse(fidelity(STOCK, CASH, header=header))
    assert file.rejected == []
    assert [p.market_value for p in file.accounts[0].positions] == [18_000, 10_000]
    assert file.accounts[0].positions[0].cost_basis == 16_000
    assert file.accounts[0].ending == "5678"


def test_older_files_have_name_and_number_in_one_column() -> None:
    header = (
        "Account Name/Number,Symbol,Description,Quantity,Last Price,Last Price Change,Current Value,"
        "Today's Gain/Loss Dollar,Today's Gain/Loss Percent,Total Gain/Loss Dollar,Total Gain/Loss Percent,"
        "Cost Basis Per Share,Cost Basis Total,Type"
    )
    line = (
        "Individual - TOD X65430196,O,REALTY INCOME CORP,2,$54.20,,$108.40,,,+$8.40,+8.4%,$50.00,$100.00,Cash"
    )
    (section,) = parse(fidelity(line, header=header)).accounts
    assert (section.label, section.ending) == ("Individual - TOD, ending 0196", "0196")
    assert "65430196" not in section.label
    assert section.positions[0].cost_basis == 10_000


def test_options_shorts_and_pending_activity_are_kept_and_listed() -> None:
    option = (
        "Z12345678,Individual - TOD, -AAPL280119C150,AAPL JAN 19 2028 $150 CALL,-2,$1.50,,-$300.00,,,"
        "+$100.00,+25%,,-$400.00,$2.00,Margin,"
    )
    short = "Z12345678,Individual - TOD,XYZ,XYZ INC,-10,$5.00,,-$50.00,,,,,,-$60.00,$6.00,Short,"
    pending = "Z12345678,Individual - TOD,Pending Activity,,,,,$-20.00,,,,"
    empty = "Z12345678,Individual - TOD,Pending Activity,,,,,,,,,"
    file = parse(fidelity(STOCK, option, short, pending, empty))
    assert file.rejected == []
    assert [(p.symbol, p.market_value, p.unsupported) for p in file.accounts[0].positions] == [
        ("ACME", 18_000, ""),
        ("AAPL280119C150", -30_000, "option"),
        ("XYZ", -5_000, "short position"),
        ("Pending Activity", -2_000, "negative value"),
    ]
    assert [
        c for c in codes(file) if c in ("option", "short_position", "negative_value", "ignored_line")
    ] == [
        "option",
        "short_position",
        "negative_value",
        "ignored_line",
    ]


def test_the_value_of_another_account_is_not_counted_twice() -> None:
    linked = "99999,EXAMPLE 401K PLAN,,BROKERAGELINK,100,$1.00,,$100.00,,,,,,$100.00,,,"
    file = parse(fidelity(STOCK, linked))
    assert [len(s.positions) for s in file.accounts] == [1]
    assert "linked_account" in codes(file)


def test_a_holding_without_symbol_is_kept_under_its_name() -> None:
    trust = "99999,EXAMPLE 401K PLAN,,TARGET 2040 COLLECTIVE POOL,3,$10.00,,$30.00,,,,,100%,n/a,n/a,,"
    file = parse(fidelity(trust))
    (held,) = file.accounts[0].positions
    assert (held.symbol, held.asset_class, held.cost_basis) == (
        "TARGET 2040 COLLECTIVE POOL",
        "unknown",
        None,
    )
    assert {"no_symbol", "unknown_security_type", "missing_basis"} <= set(codes(file))


def test_the_same_symbol_in_cash_and_margin_is_added_and_a_repeated_line_refused() -> None:
    file = parse(fidelity(STOCK, STOCK.replace(",Cash,", ",Margin,"), STOCK))
    assert len(file.accounts[0].positions) == 2
    assert "repeated_symbol" in codes(file)
    assert [r.line for r in file.rejected] == [4]


@pytest.mark.parametrize(
    ("downloaded", "name", "expected"),
    [
        ('"Date downloaded 12/20/2021 2:17 PM ET"', "x.csv", date(2021, 12, 20)),
        ('"Date downloaded Nov-03-2023 10:59 a.m ET"', "x.csv", date(2023, 11, 3)),
        ("", "Portfolio_Positions_Jan-05-2026.csv", date(2026, 1, 5)),
        ("", "positions 2026-02-28 (1).csv", date(2026, 2, 28)),
        ("", "positions_20260228.csv", date(2026, 2, 28)),
    ],
)
def test_where_the_date_comes_from(downloaded: str, name: str, expected: date) -> None:
    file = parse(fidelity(STOCK, downloaded=downloaded), name)
    assert file.as_of == expected
    assert ("date_from_name" in codes(file)) == (not downloaded)


def test_without_any_date_the_file_is_refused_with_the_remedy() -> None:
    with pytest.raises(FileRefused, match="what date") as caught:
        parse(fidelity(STOCK, downloaded=""), "Z12345678.csv")
    assert "file's name" in caught.value.remedy


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (STOCK.replace("$180.00", "1.180,00"), "line"),  # the comma splits the cell
        (STOCK.replace("$180.00", "$1,80.00"), "line"),
        (STOCK.replace("$180.00", '"$1,80.00"'), "Current Value"),
        (STOCK.replace(",8,", ",eight,"), "Quantity"),
        (STOCK.replace("$180.00", "n/a").replace(",8,", ",--,"), "Current Value"),
        ("Z12345678,Individual - TOD,,,8,$22.50,,$180.00,,,,,,$160.00,$20.00,Cash,", "Symbol"),
    ],
)
def test_rows_in_doubt_are_rejected_with_their_column(line: str, field: str) -> None:
    file = parse(fidelity(FUND, line))
    (rejected,) = file.rejected
    assert rejected.line == 3
    assert field in {p.field for p in rejected.problems}
    assert all(p.remedy for p in rejected.problems)
