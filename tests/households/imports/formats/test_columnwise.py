"""Rows taken by columns are the very rows that would be taken one by one."""

import io
from dataclasses import astuple
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from households.imports.formats import columnwise, read
from households.imports.formats.columnwise import cents_column, numbers_column
from households.imports.formats.content import Limits
from households.imports.formats.parsed import FileRefused, ParsedFile
from households.imports.formats.records import Rows, pieces
from tests.households.imports.formats.build import TEMPLATE_HEADER, TITLE, codes, parse, positions, row

AMOUNT = st.one_of(
    st.sampled_from(["--", "", "N/A", "$0.00", "-$5.00", "($5.00)", "1,23.00", "$1234.50", "5", "5.5",
                     "5.555", " $7.00 ", "+$3.00", "$3.00", "1e3", "\u0663.00", "999999999999.99",
                     "9999999999999.00"]),
    st.integers(0, 10**7).map(lambda cents: f"${cents // 100:,}.{cents % 100:02d}"),
)  # fmt: skip
COUNT = st.one_of(st.sampled_from(["--", "-3", "1,000", "1,00", "0", "007", "1.50000", "1.123456789", " 4 "]),
                  st.integers(0, 500).map(str))  # fmt: skip
SYMBOL = st.one_of(
    st.sampled_from(["AAPL", "BRK.B", "TOTAL", "aapl", "Cash & Cash Investments", "F240119C9", "912828XX9",
                     "", "--", "CAF\u00c9"]),
    st.integers(0, 40).map(lambda number: f"S{number}"),
)  # fmt: skip
KIND = st.sampled_from(
    ["Equity", "ETFs & Closed End Funds", "--", "Spaceship", "Option", "Cash and Money Market"]
)
CLASS = st.sampled_from(["stock", "Fund", "bond", "cash", "", "unknown", "ship"])
SHARE = st.sampled_from(["", "0.1", "12%", "3%", "-1", "1.5", "all"])


@st.composite
def schwab_rows(draw: st.DrawFn) -> list[list[str]]:
    """Rows of which many are plain: value is count times price, the gain is value less cost."""
    rows = []
    for _ in range(draw(st.integers(0, 60))):
        count, price, cost = (
            draw(st.integers(1, 99)),
            draw(st.integers(1, 99_999)),
            draw(st.integers(0, 10**7)),
        )
        value = count * price + draw(st.sampled_from([0, 0, 0, 0, 1, 2, -1, 30, 49, 50, 51, -60]))
        gain = value - cost + draw(st.sampled_from([0, 0, 0, 0, 1, 2, -2]))
        written = [
            f"{count}",
            *(
                f"{'-' if n < 0 else ''}${abs(n) // 100:,}.{abs(n) % 100:02d}"
                for n in (price, value, cost, gain)
            ),
        ]
        if draw(st.integers(0, 4)) == 0:
            written[draw(st.integers(1, 4))] = draw(AMOUNT)
        if draw(st.integers(0, 9)) == 0:
            written[0] = draw(COUNT)
        cells = [draw(SYMBOL), draw(st.sampled_from(["A INC", "--", "a -- b", " x ", "d" * 300])), *written]
        rows.append([*cells, draw(SHARE), draw(st.one_of(st.just("Equity"), KIND))])
    return rows


def _said(data: bytes) -> object:
    try:
        return _all(read(io.BytesIO(data), "f.csv"))
    except FileRefused as refused:
        return str(refused)


def _all(file: ParsedFile) -> object:
    held = [
        (s.label, s.holds_positions, [astuple(p) for p in s.positions], [astuple(x) for x in s.lots])
        for s in file.accounts
    ]
    texts = [
        str(p.quantity) + str(p.price) for s in file.accounts for p in s.positions
    ]  # 1.50 is not 1.5 here
    return file.rows_read, held, texts, file.rejected, sorted(map(repr, file.warnings))


def _slowly(data: bytes, monkeypatch: pytest.MonkeyPatch) -> object:
    with monkeypatch.context() as patch:
        patch.setattr(columnwise, "FEWEST", 10**9)
        return _said(data)


@settings(max_examples=60)
@given(rows=schwab_rows(), quoted=st.booleans(), idle=st.booleans())
def test_schwab_positions(rows: list[list[str]], quoted: bool, idle: bool) -> None:
    names = "Symbol,Description,Quantity,Price,Market Value,Cost Basis,Gain/Loss $,% Of Account,Security Type"
    header = names.split(",")

    def line(cells: list[str]) -> str:
        inside = (f'"{c}"' for c in cells) if quoted else (f'"{c}"' if "," in c else c for c in cells)
        return ",".join(inside) + ("," if idle else "")

    data = "\r\n".join([TITLE, "", line(header), *map(line, rows), ""]).encode()
    with pytest.MonkeyPatch.context() as patch:
        assert _said(data) == _slowly(data, patch)


@settings(max_examples=60)
@given(rows=schwab_rows(), classes=st.lists(CLASS, min_size=60, max_size=60), data=st.data())
def test_template(rows: list[list[str]], classes: list[str], data: st.DataObject) -> None:
    lines = []
    for cells, kind in zip(rows, classes, strict=False):
        account = data.draw(st.sampled_from(["XXXX-1", "XXXX-1", "XXXX-1", "XXXX-2", ""]))
        day = data.draw(st.sampled_from(["2026-06-30", "2026-06-30", "06/30/2026", "2026-06-29", "soon"]))
        row_type = data.draw(st.sampled_from(["", "position", "Position", "lot", "x"]))
        acquired = data.draw(st.sampled_from(["", "", "", "2020-01-02"]))
        plain = [
            account,
            day,
            row_type,
            cells[0],
            cells[1],
            kind,
            cells[2],
            cells[3],
            cells[4],
            cells[5],
            cells[7],
            acquired,
            "",
        ]
        lines.append(",".join(f'"{c}"' for c in plain))
    content = "\n".join([TEMPLATE_HEADER, *lines, ""]).encode()
    with pytest.MonkeyPatch.context() as patch:
        assert _said(content) == _slowly(content, patch)


@settings(max_examples=150)
@example(lines=['""1'])
@example(lines=['"a","b"', '"c"'])
@example(lines=['"a",', '"b","c",', '"d"",",'])
@given(lines=st.lists(st.text(alphabet='ab1,"\n\r ;\t\u00e9\0', max_size=20), max_size=30))
def test_lines_are_split_as_the_csv_reader_splits_them(lines: list[str]) -> None:
    """Whatever the text: the same records as when every line goes the careful way."""
    text = "\n".join(lines)

    def told(slow: bool) -> list[tuple[int, list[str], bool]]:
        with pytest.MonkeyPatch.context() as patch:
            if slow:
                patch.setattr("households.imports.formats.records._ordinary", lambda *_: None)
            found = []
            for piece in pieces(text, "", Limits()):
                for record in piece.records() if isinstance(piece, Rows) else [piece]:
                    found.append((record.line, record.cells, record.problem is not None))
            return found

    assert told(slow=False) == told(slow=True)


def test_columns_of_amounts() -> None:
    assert cents_column(["$1,234.50", "0.05", "12.00"]) == [123_450, 5, 1_200]
    assert cents_column(["$1,234.50", "--", "12", "1,23.00", "-1.00"]) == [123_450, None, 1_200, None, None]
    assert cents_column(["+$1.00", "-2.50"], signed=True) == [100, -250]
    numbers = numbers_column(["1.500", "1,000", "7"], money=False)
    assert [str(n[0]) if n else None for n in numbers] == ["1.5", "1000", "7"]
    assert numbers_column(["$1", "1.1234567", "x"], money=True) == [(Decimal(1), 1.0, 0), None, None]


@pytest.mark.parametrize(
    ("value", "gain", "expected"),
    [
        ("$10.02", "$2.02", []),  # two shares at a price rounded to the cent: a cent, and one for the value
        ("$10.03", "$2.03", ["value_contradicts_price"]),
        ("$9.97", "$1.97", ["value_contradicts_price"]),
        ("$10.00", "$2.01", []),
        ("$10.00", "$2.02", ["gain_contradicts_cost"]),
        ("$10.00", "-$2.00", ["gain_contradicts_cost"]),
    ],
)
def test_a_row_that_contradicts_itself_is_found_among_plain_ones(
    value: str, gain: str, expected: list[str]
) -> None:
    lines = [row(f"S{n}", "2", "$5.00", "$10.00", "$8.00", "$2.00") for n in range(40)]
    lines[20] = row("ODD", "2", "$5.00", value, "$8.00", gain)
    file = parse(positions(*lines))
    assert [code for code in codes(file) if code != "no_total"] == expected
    assert [p.symbol for p in file.accounts[0].positions][19:22] == ["S19", "ODD", "S21"]


def test_a_repeated_symbol_is_found_among_plain_ones() -> None:
    lines = [row(f"S{n}", "2", "$5.00", "$10.00", "$8.00", "$2.00") for n in range(1_000)]
    lines[900] = row("S7", "3", "$5.00", "$15.00", "$8.00", "$7.00")
    lines[950] = lines[8]
    file = parse(positions(*lines))
    assert [w.line for w in file.warnings if w.code == "repeated_symbol"] == [904]
    assert [(r.line, "line 12 once more" in r.problems[0].problem) for r in file.rejected] == [(954, True)]


def test_nothing_of_a_plain_file_goes_the_careful_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted: of 400 plain lines, none is looked at cell by cell."""
    lines = [row(f"S{n}", "2", "$5.00", "$10.00", "$8.00", "$2.00") for n in range(400)]
    seen: list[int] = []
    from households.imports.formats import schwab_positions

    careful = schwab_positions.read_position
    monkeypatch.setattr(
        schwab_positions, "read_position", lambda cells, *rest: seen.append(1) or careful(cells, *rest)
    )
    file = parse(positions(*lines))
    assert (len(file.accounts[0].positions), len(seen)) == (400, 0)
