"""Lists read by a mapping: as exact as the template, in the custodian's words; totals are no positions."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from households.imports.formats import read
from households.imports.formats.column_maps import ColumnMap, signature_of
from households.imports.formats.parsed import FileRefused
from households.imports.formats.template import TEMPLATE
from tests.households.imports.formats.acme import (
    CASH,
    FUND,
    HEADER,
    LOT_HEADER,
    NAME,
    STOCK,
    TOTAL,
    acme,
    guessed,
    knowing,
    parse_mapped,
)
from tests.households.imports.formats.build import HEADER as SCHWAB_HEADER
from tests.households.imports.formats.build import codes, positions, row, template
from tests.households.imports.formats.test_fuzz import CELL

ACME = guessed()


def _backwards(line: str) -> str:
    return ",".join(line.split(",")[::-1])


def test_positions_in_the_custodians_own_columns_and_words() -> None:
    file = parse_mapped(acme(FUND, STOCK, CASH, TOTAL), ACME)
    (section,) = file.accounts
    assert (section.label, section.ending, section.as_of) == (
        "Account ending 4321",
        "4321",
        date(2026, 6, 30),
    )
    assert [
        (p.line, p.symbol, p.asset_class, p.quantity, p.price, p.market_value, p.cost_basis)
        for p in section.positions
    ] == [
        (4, "VTI", "fund", Decimal(10), Decimal(250), 250_000, 200_000),
        (5, "MSFT", "stock", Decimal(2), Decimal(400), 80_000, 50_000),
        (6, "Cash balance", "cash", None, None, 10_050, None),
    ]
    assert (file.format, file.rows_read, file.rejected) == ("mapped", 3, [])
    assert codes(file) == ["date_from_name", "ignored_line"]
    assert file.mapping == {"id": "1", "name": "Acme Trust holdings", "by": "Ann", "on": "2026-07-01"}


@pytest.mark.parametrize(
    "data",
    [
        acme(FUND).decode().upper().encode(),
        b"\xef\xbb\xbf" + acme(FUND, header=HEADER),
        acme(FUND).decode().encode("utf-16"),
        acme(FUND).replace(b"\n", b"\r\n"),
        acme(FUND.replace('"2,500.00"', "2500.00")).replace(b",", b"\t"),
        acme(FUND.replace('"2,500.00"', "2500.00")).replace(b",", b";"),
        acme(_backwards(FUND.replace('"2,500.00"', "2500.00")), header=_backwards(HEADER)),
        acme(FUND + ",", header=HEADER + ","),
    ],
    ids=["capitals", "mark", "utf-16", "line ends", "tabs", "semicolons", "another order", "idle commas"],
)  # fmt: skip
def test_the_next_file_is_recognized_however_it_is_written(data: bytes) -> None:
    (position,) = parse_mapped(data, ACME).accounts[0].positions
    assert (position.symbol, position.market_value, position.cost_basis) == ("VTI", 250_000, 200_000)


def test_another_header_is_not_recognized() -> None:
    with pytest.raises(FileRefused, match="no format that is known") as refused:
        parse_mapped(acme(FUND, header=HEADER.replace("Ticker", "Code")), ACME)
    assert refused.value.mappable
    assert "map the columns by hand" in refused.value.remedy


def test_what_a_list_only_looks_like_comes_after_its_mapping() -> None:
    """Its columns could be Vanguard's: not for sure, so nobody is told to give it another name."""
    header = "Fund Name,Ticker,Shares,Market Value,Paid"
    data = acme("Vanguard Total Stock Market ETF,VTI,10,2500,2000", header=header)
    with pytest.raises(FileRefused, match="what date its values are of") as refused:
        read(io.BytesIO(data), "acme.csv")
    assert (refused.value.mappable, refused.value.looks_like) == (True, "")
    assert read(io.BytesIO(data), NAME).format == "vanguard_holdings"
    column_map = replace(guessed(header), columns=dict(guessed(header).columns, cost_basis="paid"))
    file = parse_mapped(data, column_map)
    assert (file.format, file.accounts[0].positions[0].cost_basis) == ("mapped", 200_000)


def test_what_is_known_already_is_read_as_what_it_is() -> None:
    """A mapping for the header of a known custodian waits for files that its reader refuses."""
    cells = [cell.strip('"') for cell in SCHWAB_HEADER.rstrip(",").split(",")]
    columns = {"symbol": "symbol", "quantity": "quantity", "market_value": "market value"}
    schwab = ColumnMap(signature_of(cells), columns)
    data = positions(row("AAPL", "10", "$20.00", "$200.00", "$150.00", "$50.00"))
    assert parse_mapped(data, schwab).format == "schwab_positions"
    assert read(io.BytesIO(data), NAME, "mapped", known=knowing(schwab)).format == "mapped"


def test_exactness_is_the_templates() -> None:
    """What can be read in two ways is rejected, under the custodian's own name of the column."""
    file = parse_mapped(acme(FUND, STOCK.replace(",800,", ",1234.50-,"), STOCK.replace(",2,", ",two,")), ACME)
    assert [(r.line, r.problems[0].field) for r in file.rejected] == [
        (5, "Market Value (USD)"),
        (6, "Shares"),
    ]
    assert (file.rows_read, file.rows_taken) == (3, 1)


def test_a_row_without_a_symbol_is_rejected_unless_it_is_cash() -> None:
    file = parse_mapped(acme(CASH, "1234-4321,,Some bond,Bond,5,100,500,500"), ACME)
    assert [p.symbol for p in file.accounts[0].positions] == ["Cash balance"]
    assert "symbol is missing" in file.rejected[0].problems[0].problem


def test_totals_sentences_and_headers_are_no_rows() -> None:
    """A total taken for a position would double the account."""
    wrong = TOTAL.replace("3,400.50", "9,999.00")
    file = parse_mapped(
        acme(FUND, STOCK, CASH, wrong, HEADER, "This is not a statement of your account."), ACME
    )
    assert (file.rows_read, file.rejected) == (3, [])
    assert codes(file) == [
        "date_from_name",
        *["ignored_line"],
        "total_contradicts_rows",
        *["ignored_line"] * 2,
    ]
    assert "$9,999.00, but the rows add up to $3,400.50" in file.warnings[2].message
    two = parse_mapped(acme(FUND, FUND.replace("4321", "9999"), "1234-9999,Total,,,,,5000,"), ACME)
    assert (two.rows_read, codes(two)[-1]) == (2, "total_not_compared")
    cut = parse_mapped(acme(FUND, "MSFT"), ACME)
    assert len(cut.rejected) == 1


def test_kinds_are_told_by_the_name_where_no_column_says_them() -> None:
    header = HEADER.replace("Asset Type,", "")
    file = parse_mapped(acme(FUND.replace(",ETF,", ","), header=header), guessed(header))
    assert file.accounts[0].positions[0].asset_class == "fund"
    assert "class_from_name" in codes(file)
    odd = parse_mapped(acme(FUND.replace(",ETF,", ",Widget,")), ACME)
    assert odd.accounts[0].positions[0].asset_class == "unknown"
    assert "unknown_security_type" in codes(odd)


def test_lots_every_row_one() -> None:
    data = acme('MSFT,02/11/2020,60,"9,000.00",', "MSFT,2026-01-05,40,4000,12.50", header=LOT_HEADER)
    (section,) = parse_mapped(data, guessed(LOT_HEADER)).accounts
    assert (section.holds_positions, section.positions) == (False, [])
    assert [(lot.acquired, lot.quantity, lot.cost_basis, lot.disallowed_loss) for lot in section.lots] == [
        (date(2020, 2, 11), Decimal(60), 900_000, None),
        (date(2026, 1, 5), Decimal(40), 400_000, 1_250),
    ]


def test_a_column_says_what_each_row_is() -> None:
    header = "Record Type,Ticker,Shares,Value,Open Date"
    data = acme("Position,MSFT,10,1000,--", "LOT,MSFT,10,,2020-01-02", "Trade,MSFT,1,1,", header=header)
    file = parse_mapped(data, guessed(header))
    assert (len(file.accounts[0].positions), len(file.accounts[0].lots)) == (1, 1)
    assert file.rejected[0].problems[0].field == "Record Type"


def test_the_date_is_a_columns_or_given_or_in_the_name() -> None:
    data = acme(STOCK)
    assert parse_mapped(data, ACME, "acme.csv", date(2026, 5, 31)).as_of == date(2026, 5, 31)
    with pytest.raises(FileRefused, match="what date its values are of") as refused:
        parse_mapped(data, ACME, "acme.csv")
    assert refused.value.mappable
    header = "As Of Date," + HEADER
    dated = guessed(header)
    assert parse_mapped(acme("06/29/2026," + STOCK, header=header), dated).as_of == date(2026, 6, 29)
    mixed = parse_mapped(acme("06/29/2026," + STOCK, "06/28/2026," + FUND, header=header), dated)
    assert "Another row of this account" in mixed.rejected[0].problems[0].problem


def test_two_ways_of_reading_one_file_are_told_apart() -> None:
    other = replace(ACME, columns={k: v for k, v in ACME.columns.items() if k != "cost_basis"})
    ways = [parse_mapped(acme(STOCK), m).reading for m in (ACME, other, replace(ACME, told={"name": "B"}))]
    assert ways[0] == ways[2] != ways[1]
    assert parse_mapped(acme(STOCK), ACME, dated=date(2026, 1, 1)).reading != ways[0]


def test_a_mapping_that_does_not_fit_any_more_is_answered() -> None:
    for stale in (
        replace(ACME, columns=ACME.columns | {"symbol": "gone"}),
        replace(ACME, columns=ACME.columns | {"no_such_column_of_ours": "ticker"}),
        replace(ACME, rows="trade"),
        replace(ACME, columns={}),
    ):
        with pytest.raises(FileRefused, match="does not fit any more") as refused:
            parse_mapped(acme(STOCK), stale)
        assert refused.value.mappable


@pytest.mark.parametrize(
    ("data", "mappable"),
    [
        (b"<?xml version='1.0'?><a>1,2,3\n4,5,6</a>", False),
        (b"a letter\nto somebody\n", False),
        (b"One,Two,Three\n1,2,3\n", True),
        (positions(header=SCHWAB_HEADER.replace('"Market Value",', "")), False),
        (positions("x,y,z", header=SCHWAB_HEADER.replace('"Market Value",', "")), True),
        (template(header="account,symbol,quantity,value") + b"1,2,3,4\n", True),
    ],
    ids=["xml", "prose", "list", "no rows", "column missing", "template without its columns"],
)  # fmt: skip
def test_only_lists_can_be_mapped(data: bytes, mappable: bool) -> None:
    with pytest.raises(FileRefused) as refused:
        read(io.BytesIO(data), NAME)
    assert refused.value.mappable is mappable


MONEY = st.integers(1, 10**9)


@settings(max_examples=100)
@given(
    held=st.lists(st.tuples(st.integers(1, 10**6), MONEY, MONEY), min_size=1, max_size=40),
    order=st.permutations(range(4)),
    delimiter=st.sampled_from([",", "\t", ";", "|"]),
)
def test_what_is_written_is_read_back(
    held: list[tuple[int, int, int]], order: list[int], delimiter: str
) -> None:
    """Whatever the order of the columns: every quantity, value and cost, by columns and one by one."""
    names = ("Ticker", "Units", "Worth", "Paid")
    columns = {"symbol": "ticker", "quantity": "units", "market_value": "worth", "cost_basis": "paid"}
    lines = [names, *((f"S{n}", str(q), _dollars(v), _dollars(c)) for n, (q, v, c) in enumerate(held))]
    data = "\n".join(delimiter.join(line[place] for place in order) for line in lines).encode()
    (section,) = parse_mapped(data, ColumnMap(signature_of(names), columns)).accounts
    assert [(p.symbol, p.quantity, p.market_value, p.cost_basis) for p in section.positions] == [
        (f"S{n}", q, v, c) for n, (q, v, c) in enumerate(held)
    ]


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


KEYS = ["a", "b", "c", "d", "e", "\n6", "a\n7"]
CLEAN = st.lists(st.lists(CELL, max_size=9).map(",".join), min_size=1, max_size=30).map("\n".join)
FIELDS = {
    "position": ("symbol", "quantity", "market_value", "cost_basis", "account", "asset_class", "price"),
    "lot": ("symbol", "quantity", "acquired", "cost_basis", "account", "disallowed_loss", "price"),
    "": ("symbol", "quantity", "market_value", "row_type", "as_of", "acquired", "share_of_account"),
}


def _answered(header: list[str], rows: str, column_map: ColumnMap) -> None:
    data = f"{','.join(header)}\n{rows}".encode("utf-8", "replace")
    try:
        file = read(io.BytesIO(data), NAME, "mapped", known=knowing(column_map))
    except FileRefused as refused:
        event("refused")
        assert refused.problem
        assert refused.remedy
    else:
        event("read")
        assert file.rows_read == file.rows_taken + len(file.rejected)
        assert all(problem.problem and problem.remedy for r in file.rejected for problem in r.problems)


@settings(max_examples=200)
@given(keys=st.permutations(KEYS), rows=st.sampled_from(sorted(FIELDS)), lines=CLEAN)
def test_garbage_under_a_sound_mapping(keys: list[str], rows: str, lines: str) -> None:
    header = ["A", "b ", "C", "D", "E", "", "a"]
    columns = dict(zip(FIELDS[rows], keys, strict=True))
    _answered(header, lines.replace("\0", ""), ColumnMap(signature_of(header), columns, rows))


@settings(max_examples=200)
@given(
    header=st.lists(st.sampled_from(["A", "b ", "C", "D", "E", "", "a", "1"]), min_size=3, max_size=7),
    columns=st.dictionaries(st.sampled_from([*TEMPLATE, "no_such"]), st.sampled_from(KEYS), max_size=8),
    rows=st.sampled_from(["position", "lot", "", "trade"]),
    lines=CLEAN,
)
def test_garbage_under_any_mapping(header: list[str], columns: dict[str, str], rows: str, lines: str) -> None:
    signature = signature_of(header[: _filled(header)])
    _answered(header, lines, ColumnMap(signature, columns, rows, {"name": "N"}))


def _filled(header: list[str]) -> int:
    """The width of a header without the empty cells at its end."""
    return max((place + 1 for place, cell in enumerate(header) if cell.strip()), default=0)
