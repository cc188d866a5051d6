"""OFX and QFX: 1.x and 2.x, positions with their securities, balances, and files that end too early."""

from datetime import date
from decimal import Decimal

import pytest

from households.imports.formats.ofx_tokens import tokens
from households.imports.formats.parsed import FileRefused
from tests.households.imports.formats.build import codes, parse

SGML = (
    "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\nCOMPRESSION:NONE\n"
    "OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n"
)
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="220" SECURITY="NONE"?>\n'


def position(
    cusip: str, units: str, price: str, value: str, kind: str = "POSSTOCK", side: str = "LONG"
) -> str:
    return (
        f"<{kind}><INVPOS><SECID><UNIQUEID>{cusip}<UNIQUEIDTYPE>CUSIP</SECID><HELDINACCT>CASH<POSTYPE>{side}"
        f"<UNITS>{units}<UNITPRICE>{price}<MKTVAL>{value}<DTPRICEASOF>20260630</INVPOS></{kind}>\n"
    )


def security(cusip: str, ticker: str, name: str) -> str:
    return (
        f"<STOCKINFO><SECINFO><SECID><UNIQUEID>{cusip}<UNIQUEIDTYPE>CUSIP</SECID><SECNAME>{name}<TICKER>{ticker}"
        "</SECINFO></STOCKINFO>\n"
    )


APPLE = position("037833100", "10", "20.00", "200.00")
FUND = position("922908769", "4", "250.00", "1000.00")
SECURITIES = security("037833100", "AAPL", "APPLE INC") + security(
    "922908769", "VTI", "VANGUARD TOTAL STK MKT ETF"
)
CASH = "<INVBAL><AVAILCASH>50.00<MARGINBALANCE>0<SHORTBALANCE>0{total}</INVBAL>"
TOTAL = "<BALLIST><BAL><NAME>Networth<DESC>All<BALTYPE>DOLLAR<VALUE>{amount}</BAL></BALLIST>"


def ofx(
    *positions: str,
    securities: str = SECURITIES,
    balance: str = CASH.format(total=""),
    head: str = SGML,
    currency: str = "USD",
) -> bytes:
    return (
        f"{head}<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20260701</SONRS>"
        "</SIGNONMSGSRSV1><INVSTMTMSGSRSV1><INVSTMTTRNRS><TRNUID>1<INVSTMTRS><DTASOF>20260630160000.000[-5:EST]"
        f"<CURDEF>{currency}<INVACCTFROM><BROKERID>x.com<ACCTID>01234567890</INVACCTFROM>\n<INVTRANLIST>"
        "<BUYSTOCK><INVBUY><INVTRAN><FITID>1<DTTRADE>20260601</INVTRAN><SECID><UNIQUEID>037833100"
        "<UNIQUEIDTYPE>CUSIP</SECID><UNITS>99<UNITPRICE>1<TOTAL>-99</INVBUY><BUYTYPE>BUY</BUYSTOCK></INVTRANLIST>"
        f"\n<INVPOSLIST>{''.join(positions)}</INVPOSLIST>{balance}</INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1>"
        f"<SECLISTMSGSRSV1><SECLIST>{securities}</SECLIST></SECLISTMSGSRSV1></OFX>\n"
    ).encode()


def as_xml(data: bytes) -> bytes:
    """The same document with every value's end tag, as OFX 2.x has it."""
    out, text = [XML], data.decode()
    for token in tokens(text[text.index("<OFX>") :], "x"):
        if token.end:
            out.append(f"</{token.tag}>")
        else:
            out.append(f"<{token.tag}>" + (f"{token.text}</{token.tag}>" if token.text else ""))
    return "\n".join(out).encode()


@pytest.mark.parametrize("version", [1, 2])
def test_positions_securities_and_cash(version: int) -> None:
    data = ofx(APPLE, FUND)
    file = parse(data if version == 1 else as_xml(data), "x.qfx")
    (section,) = file.accounts
    assert (file.format, file.confidence, section.label, section.as_of) == (
        "ofx",
        3,
        "Account ending 7890",
        date(2026, 6, 30),
    )
    assert [
        (p.symbol, p.asset_class, p.quantity, p.market_value, p.cost_basis) for p in section.positions
    ] == [
        ("AAPL", "stock", Decimal(10), 20_000, None),
        ("VTI", "fund", Decimal(4), 100_000, None),
        ("Cash", "cash", None, 5_000, None),
    ]
    assert codes(file) == ["missing_column", "transactions_apart", "class_from_name"]


@pytest.mark.parametrize(
    ("amount", "contradicts"), [("1250.00", False), ("1250.02", False), ("1300.00", True)]
)
def test_the_total_is_compared_to_half_a_cent_a_row(amount: str, contradicts: bool) -> None:
    """200 + 1,000 + 50 = 1,250.00; three rows may round a cent and a half, two in whole cents."""
    file = parse(ofx(APPLE, FUND, balance=CASH.format(total=TOTAL.format(amount=amount))), "x.ofx")
    assert ("total_contradicts_rows" in codes(file)) == contradicts


def test_cash_that_a_money_market_fund_holds_is_not_counted_twice() -> None:
    sweep = position("922906300", "50", "1.00", "50.00", kind="POSMF")
    names = SECURITIES + security("922906300", "VMFXX", "VANGUARD FEDERAL MONEY MARKET")
    file = parse(ofx(APPLE, sweep, securities=names), "x.ofx")
    assert [p.symbol for p in file.accounts[0].positions] == ["AAPL", "VMFXX"]
    assert "cash_held_as_fund" in codes(file)
    # where the statement's total counts both, both are there: 200 + 50 + 50
    total = CASH.format(total=TOTAL.format(amount="300.00"))
    file = parse(ofx(APPLE, sweep, securities=names, balance=total), "x.ofx")
    assert [p.market_value for p in file.accounts[0].positions] == [20_000, 5_000, 5_000]


def test_shorts_options_and_debts_are_kept_and_listed() -> None:
    short = position("111111111", "10", "5.00", "50.00", side="SHORT")
    option = position("222222222", "1", "3.00", "300.00", kind="POSOPT")
    balance = CASH.format(total="").replace("<MARGINBALANCE>0", "<MARGINBALANCE>-70.00")
    file = parse(ofx(short, option, balance=balance), "x.ofx")
    assert [(p.symbol, p.market_value, p.unsupported) for p in file.accounts[0].positions] == [
        ("111111111", -5_000, "short position"),
        ("222222222", 30_000, "option"),
        ("Cash", 5_000, ""),
        ("Margin balance", -7_000, "negative value"),
    ]
    assert codes(file).count("unknown_symbol") == 2


def test_no_balance_is_no_zero() -> None:
    file = parse(ofx(APPLE, balance=""), "x.ofx")
    assert [p.symbol for p in file.accounts[0].positions] == ["AAPL"]
    assert "no_cash" in codes(file)


def test_other_currencies_are_refused_row_by_row() -> None:
    euros = FUND.replace("<DTPRICEASOF>", "<CURRENCY><CURRATE>1.1<CURSYM>EUR</CURRENCY><DTPRICEASOF>")
    file = parse(ofx(APPLE, euros), "x.ofx")
    (rejected,) = file.rejected
    assert (rejected.symbol, rejected.problems[0].field, rejected.problems[0].value) == (
        "VTI",
        "CURSYM",
        "EUR",
    )
    assert len(parse(ofx(APPLE, currency="CAD"), "x.ofx").rejected) == 2  # the position and the cash


def test_empty_values_and_entities_do_not_shift_what_follows() -> None:
    memo = APPLE.replace("<UNITS>", "<MEMO>\n<INV401KSOURCE>\n<UNITS>")
    names = security("037833100", "T&amp;T", "A &lt;B&gt; INC")
    (held, _) = parse(ofx(memo, securities=names), "x.ofx").accounts[0].positions
    assert (held.symbol, held.description, held.quantity) == ("T&T", "A <B> INC", Decimal(10))


def test_padded_numbers_are_numbers() -> None:
    padded = position("037833100", "+0000000000010.00000", "000000020.000000000", "+00000000200.00")
    (held, _) = parse(ofx(padded), "x.ofx").accounts[0].positions
    assert (held.quantity, held.price, held.market_value) == (Decimal(10), Decimal(20), 20_000)


def test_a_bank_statement_is_named() -> None:
    data = (
        f"{SGML}<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD<LEDGERBAL><BALAMT>5</LEDGERBAL></STMTRS>"
        "</STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
    with pytest.raises(FileRefused, match="bank or card statement"):
        parse(data.encode(), "x.ofx")


def test_tags_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("households.imports.formats.ofx_tokens.MAX_TOKENS", 100)
    parse(ofx(APPLE), "x.ofx")
    with pytest.raises(FileRefused, match="does not have"):
        parse(ofx(*[APPLE] * 20), "x.ofx")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (SGML.encode(), "ends before"),
        (ofx(APPLE)[:-10], "ends before"),
        (ofx(APPLE)[: len(ofx(APPLE)) // 2], "ends before"),
        (XML.encode() + b'<!DOCTYPE x [<!ENTITY a "b">]>' + ofx(APPLE, head=""), "does not have"),
        (ofx(APPLE).replace(b"<CURDEF>", b"<!ENTITY x><CURDEF>"), "does not have"),
        (ofx(APPLE).replace(b"<INVPOSLIST>", b"<BAL>" * 50), "does not have"),
        (ofx(APPLE).replace(b"20260630160000.000[-5:EST]", b"yesterday"), "what date"),
        (SGML.encode() + b"<OFX></OFX>", "no statement"),
    ],
)
def test_hostile_and_broken_files_are_refused_whole(data: bytes, words: str) -> None:
    with pytest.raises(FileRefused) as caught:
        parse(data, "x.ofx")
    assert words in caught.value.problem
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        (APPLE.replace("<MKTVAL>200.00", "<MKTVAL>200,00"), "MKTVAL"),
        (APPLE.replace("<MKTVAL>200.00", "<MKTVAL>"), "MKTVAL"),
        (APPLE.replace("<UNITS>10", "<UNITS>ten"), "UNITS"),
    ],
)
def test_rows_in_doubt_are_rejected(broken: str, field: str) -> None:
    if field == "MKTVAL" and "<MKTVAL><" in broken:
        broken = broken.replace("<UNITPRICE>20.00", "<UNITPRICE>")
    file = parse(ofx(broken, FUND), "x.ofx")
    (rejected,) = file.rejected
    assert field in {p.field for p in rejected.problems}
    assert "total_contradicts_rows" not in codes(file)
