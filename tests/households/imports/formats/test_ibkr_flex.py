"""Interactive Brokers' Flex XML: positions, lots, cash, totals; and what XML readers are attacked with."""

from datetime import date
from decimal import Decimal

import pytest

from households.imports.formats.parsed import FileRefused
from tests.households.imports.formats.build import codes, parse

APPLE = {
    "assetCategory": "STK", "subCategory": "COMMON", "symbol": "AAPL", "description": "APPLE INC",
    "position": "10", "markPrice": "20", "positionValue": "200", "costBasisMoney": "150", "currency": "USD",
    "costBasisPrice": "15", "reportDate": "20260630", "levelOfDetail": "SUMMARY", "fifoPnlUnrealized": "50",
}  # fmt: skip
LOT = APPLE | {"levelOfDetail": "LOT", "openDateTime": "20250105;093000"}
CASH = '<CashReport><CashReportCurrency currency="BASE_SUMMARY" endingCash="50.005"/></CashReport>'
SUMMARY = (
    '<EquitySummaryInBase><EquitySummaryByReportDateInBase reportDate="20260629" cash="1" stock="1"/>'
    '<EquitySummaryByReportDateInBase reportDate="20260630" cash="50.005" stock="{stock}" options="0"/>'
    "</EquitySummaryInBase>"
)


def element(values: dict[str, str]) -> str:
    inside = " ".join(f'{name}="{value}"' for name, value in values.items())
    return f"<OpenPosition {inside} />"


def flex(*rows: dict[str, str], extra: str = CASH, currency: str = "USD", account: str = "U1234567") -> bytes:
    return (
        '<FlexQueryResponse queryName="q" type="AF"><FlexStatements count="1">\n'
        f'<FlexStatement accountId="{account}" fromDate="20260630" toDate="20260630">\n'
        f'<AccountInformation accountId="{account}" currency="{currency}" name="A Client" />\n{extra}\n'
        "<OpenPositions>\n" + "\n".join(map(element, rows)) + "\n</OpenPositions>\n"
        "</FlexStatement></FlexStatements></FlexQueryResponse>"
    ).encode()


def test_positions_and_cash() -> None:
    fund = APPLE | {"symbol": "VTI", "subCategory": "ETF", "positionValue": "200.00"}
    file = parse(flex(APPLE, fund, extra=CASH + SUMMARY.format(stock="400")), "flex.xml")
    (section,) = file.accounts
    assert (file.format, file.confidence, section.label, section.as_of) == (
        "ibkr_flex",
        3,
        "Account ending 4567",
        date(2026, 6, 30),
    )
    assert [
        (p.symbol, p.asset_class, p.quantity, p.market_value, p.cost_basis) for p in section.positions
    ] == [
        ("AAPL", "stock", Decimal(10), 20_000, 15_000),
        ("VTI", "fund", Decimal(10), 20_000, 15_000),
        ("Cash", "cash", None, 5_001, None),  # 50.005 rounds half away from zero
    ]
    assert codes(file) == []


def test_a_total_that_contradicts_its_rows() -> None:
    file = parse(flex(APPLE, extra=CASH + SUMMARY.format(stock="230")), "flex.xml")
    (warning,) = file.warnings
    assert warning.code == "total_contradicts_rows"
    assert "$230.00" in warning.message
    assert "$200.00" in warning.message


def test_lots_beside_their_position() -> None:
    other = LOT | {"position": "4", "positionValue": "80", "costBasisMoney": "75", "fifoPnlUnrealized": "5",
                   "holdingPeriodDateTime": "20240301;093000"}  # fmt: skip
    file = parse(flex(APPLE, LOT | {"position": "6", "positionValue": "120", "costBasisMoney": "75",
                                    "fifoPnlUnrealized": "45"}, other), "flex.xml")  # fmt: skip
    (section,) = file.accounts
    assert [(x.quantity, x.acquired, x.cost_basis, x.market_value) for x in section.lots] == [
        (Decimal(6), date(2025, 1, 5), 7_500, 12_000),
        (Decimal(4), date(2025, 1, 5), 7_500, 8_000),
    ]
    assert "holding_period_adjusted" in codes(file)
    assert section.holds_positions


def test_lots_alone_claim_no_list_of_positions() -> None:
    file = parse(flex(LOT), "flex.xml")
    assert (file.accounts[0].holds_positions, len(file.accounts[0].lots)) == (False, 1)


def test_options_and_shorts_are_kept_and_listed() -> None:
    option = APPLE | {"assetCategory": "OPT", "symbol": "AAPL  260918C00150000", "position": "-1",
                      "positionValue": "-300", "markPrice": "3", "fifoPnlUnrealized": ""}  # fmt: skip
    short = APPLE | {"symbol": "XYZ", "position": "-5", "positionValue": "-100", "costBasisMoney": "-90",
                     "fifoPnlUnrealized": "-10"}  # fmt: skip
    file = parse(flex(option, short), "flex.xml")
    assert [(p.unsupported, p.market_value) for p in file.accounts[0].positions[:2]] == [
        ("option", -30_000),
        ("short position", -10_000),
    ]
    assert file.rejected == []


def test_other_currencies_are_refused_row_by_row() -> None:
    file = parse(flex(APPLE, APPLE | {"symbol": "SAP", "currency": "EUR"}), "flex.xml")
    (rejected,) = file.rejected
    assert (rejected.symbol, rejected.problems[0].field, rejected.problems[0].value) == (
        "SAP",
        "currency",
        "EUR",
    )
    assert rejected.problems[0].remedy


def test_the_newest_of_several_days_is_taken() -> None:
    file = parse(flex(APPLE | {"reportDate": "20260629"}, APPLE), "flex.xml")
    assert len(file.accounts[0].positions) == 2  # one and the cash
    assert "older_rows" in codes(file)


def test_what_a_stock_is_may_stand_in_the_list_of_securities_below() -> None:
    plain = {key: value for key, value in APPLE.items() if key != "subCategory"}
    odd = plain | {"symbol": "QQQQ", "description": "SOMETHING", "conid": "7"}
    data = flex(odd).replace(
        b"</OpenPositions>",
        b'</OpenPositions><SecuritiesInfo><SecurityInfo conid="7" subCategory="ETF"/></SecuritiesInfo>',
    )
    assert parse(data, "flex.xml").accounts[0].positions[0].asset_class == "fund"
    assert parse(flex(odd), "flex.xml").accounts[0].positions[0].asset_class == "unknown"


def test_two_accounts_in_one_file() -> None:
    inner = flex(APPLE, account="U7654321").split(b"<FlexStatements", 1)[1].split(b">", 1)[1]
    second = inner.split(b"</FlexStatements>")[0]
    data = flex(APPLE).replace(b"</FlexStatements>", second + b"</FlexStatements>")
    assert [s.ending for s in parse(data, "f.xml").accounts] == ["4567", "4321"]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"position": "1,5"}, "position", "decimal point"),
        ({"positionValue": "", "assetCategory": "OPT"}, "positionValue", "no value"),
        ({"symbol": ""}, "symbol", "missing"),
        ({"positionValue": "9" * 2000}, "positionValue", "too long"),
    ],
)
def test_rows_in_doubt_are_rejected(change: dict[str, str], field: str, words: str) -> None:
    (rejected,) = parse(flex(APPLE | change), "flex.xml").rejected
    assert (rejected.line, rejected.problems[0].field) == (6, field)
    assert any(words in p.problem for p in rejected.problems)


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (LAUGHS.encode() + flex(APPLE), "document type"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd">' + flex(APPLE), "document type"),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "http://example.invalid/e">]>' + flex(APPLE), "document type"),
        (flex(APPLE).replace(b"A Client", b"&undeclared;"), "not well-formed"),
        (b"<FlexQueryResponse>" * 40, "deep"),
        (flex(APPLE)[:-40], "ends before"),
        (flex(APPLE).replace(b"</FlexStatement>", b""), "not well-formed"),
        (b"<FlexQueryResponse><FlexStatements></FlexStatements></FlexQueryResponse>", "no open positions"),
        (flex(APPLE | {f"a{n}": "1" for n in range(300)}), "attributes"),
        (flex(APPLE).replace(b"AAPL", b"AA\0PL"), "not"),
    ],
)
def test_hostile_and_broken_files_are_refused_whole(data: bytes, words: str) -> None:
    with pytest.raises(FileRefused) as caught:
        parse(data, "flex.xml")
    assert words in caught.value.problem
    assert caught.value.remedy


def test_rows_are_limited() -> None:
    with pytest.raises(FileRefused, match="more than 5 rows"):
        parse(flex(*[APPLE | {"symbol": f"S{n}"} for n in range(6)]), "flex.xml", max_rows=5)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    data = flex(APPLE | {"description": "CAF\u00c9 INC"}).decode().encode(encoding)
    assert parse(data, "flex.xml").accounts[0].positions[0].description == "CAF\u00c9 INC"
