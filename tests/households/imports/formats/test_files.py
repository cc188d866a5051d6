"""Files as a whole: recognized by content, bounded, decoded, refused with file, line and remedy."""

import io
import zipfile

import pytest

from households.imports.formats import detect, read
from households.imports.formats.parsed import FileRefused
from tests.households.imports.formats.build import (
    HEADER,
    LOT_HEADER,
    LOT_TITLE,
    TEMPLATE_HEADER,
    TITLE,
    codes,
    lots,
    parse,
    positions,
    row,
    template,
)

APPLE = row("AAPL", "10", "$20.00", "$200.00", "$150.00", "$50.00")
LOT = '"01/02/2020 10:00:00","10","$20.00","$15.00","$200.00","$150.00","$50.00","+33.33%","Long Term",'


def _workbook() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"  \r\n\r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "PNG picture"),
        (b"%PDF-1.7 ...", "PDF"),
        (_workbook(), "cannot be read"),
        (b"PK\x03\x04 xl/workbook.bin", "Excel workbook"),
        (b"PK\x03\x04rest", "ZIP archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"a,b\0\0,c\n", "not a text file"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "web page"),
        (b"OFXHEADER:100\nDATA:OFXSGML\n", "ends before"),
        (b'"Realized Gain/Loss - Lot Details for X"\n"Symbol","Quantity"\n', "No header row"),
        (b'{"positions": []}', "JSON"),
        (b"<note>hello</note>", "no format that is known"),
        (b"a," * 1_000_000, "no format that is known"),
        (b"name,birthday\nAnn,1960\n", "no format that is known"),
        (b"\x81\x8d\x8f\n", "encoding"),
        (b"\x1c", "no format that is known"),
    ],
)
def test_what_is_no_list_of_positions_is_named(data: bytes, words: str) -> None:
    with pytest.raises(FileRefused) as caught:
        parse(data, "holdings.csv")
    assert words in caught.value.problem
    assert caught.value.file == "holdings.csv"
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (positions(APPLE), "schwab_positions"),
        (lots(LOT), "schwab_lots"),
        (template(), "generic_csv"),
        (TEMPLATE_HEADER.replace(",", "\t").encode(), "generic_csv"),
        (b"Symbol,As Of,Quantity,Market Value\nAAPL,2026-06-30,1,2\n", "generic_csv"),
        ("\n".join([LOT_TITLE, LOT_HEADER]).encode(), "schwab_lots"),
        (HEADER.encode(), "schwab_positions"),
        (b"hello, world", None),
    ],
)
def test_formats_are_recognized(data: bytes, code: str | None) -> None:
    assert detect(data) == code


def test_a_named_format_is_used_and_its_lot_files_are_recognized_beside_it() -> None:
    assert parse(lots(LOT), format="schwab_positions").format == "schwab_lots"
    with pytest.raises(FileRefused, match="The column Open Date is missing"):
        parse(positions(APPLE), format="schwab_lots")
    with pytest.raises(FileRefused, match="no format nonsense"):
        parse(positions(APPLE), format="nonsense")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_marks_change_nothing(ending: str, mark: bytes) -> None:
    text = positions(APPLE).decode().replace("\r\n", ending)
    file = parse(mark + text.encode())
    assert [(p.symbol, p.line, p.market_value) for p in file.accounts[0].positions] == [("AAPL", 4, 20000)]


def test_windows_1252_is_read_with_a_warning() -> None:
    file = parse(positions(APPLE.replace("AAPL INC", "Caf\u00e9 Cr\u00e8me")).decode().encode("cp1252"))
    assert file.accounts[0].positions[0].description == "Caf\u00e9 Cr\u00e8me"
    assert "encoding" in codes(file)


def test_utf_16_and_tabs_as_excel_saves_unicode_text() -> None:
    text = template("XXXX-1,2026-06-30,position,AAPL,,stock,10,20,200,150,,,").decode().replace(",", "\t")
    assert parse(text.encode("utf-16")).accounts[0].positions[0].market_value == 20000


def test_limits_answer_with_a_message() -> None:
    with pytest.raises(FileRefused, match=r"larger than 0\.000976562 MB"):
        parse(positions(*[APPLE] * 50), max_bytes=1024)
    many = [row(f"S{n}", "1", "$1.00", "$1.00", "$1.00", "$0.00") for n in range(12)]
    with pytest.raises(FileRefused, match="more than 10 rows") as caught:
        parse(positions(*many), max_rows=10)
    assert caught.value.line == 14  # three lines above the rows, then the eleventh
    with pytest.raises(FileRefused, match="more than 20 lines"):
        parse(positions("\n" * 30), max_lines=20)
    with pytest.raises(FileRefused, match="300 columns"):
        parse(positions(",".join(["1"] * 300)))
    accounts = [f"{n},2026-06-30,,A,,stock,1,1,1,,,," for n in range(6)]
    with pytest.raises(FileRefused, match="more than 5 accounts"):
        parse(template(*accounts), max_accounts=5)
    with pytest.raises(FileRefused, match="1,000,000 columns"):
        parse(positions(",".join(["1"] * 1_000_000)))


def test_a_hundred_thousand_lines_are_read_whole() -> None:
    lines = [f"XXXX-1,2026-06-30,S{n},1,1.00,stock,1" for n in range(100_000)]
    header = "account,as_of,symbol,quantity,market_value,asset_class,cost_basis"
    file = parse(template(*lines, header=header))
    assert (file.rows_read, file.rows_taken, len(file.rejected)) == (100_000, 100_000, 0)
    assert sum(p.market_value for p in file.accounts[0].positions) == 100_000 * 100
    with pytest.raises(FileRefused, match="more than 100,000 rows"):
        parse(template(*lines, lines[0], header=header))


def test_a_stream_is_never_read_past_its_limit() -> None:
    class Endless(io.RawIOBase):
        asked = 0

        def read(self, size: int = -1) -> bytes:
            self.asked += size
            return b"a" * size

    endless = Endless()
    with pytest.raises(FileRefused, match="larger than 10 MB"):
        read(endless, "endless.csv")  # type: ignore[arg-type]
    assert endless.asked <= 10 * 1024 * 1024 + 128 * 1024


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (HEADER.replace('"Symbol",', ""), "The column Symbol is missing"),
        (HEADER.replace('"Quantity",', ""), "The column Quantity is missing"),
        (HEADER.replace('"Market Value",', ""), "The column Market Value is missing"),
        (
            HEADER.replace('"Price"', '"Quantity"'),
            "The column Quantity stands in the header twice (columns 3 and 4)",
        ),
    ],
)
def test_missing_and_doubled_columns_are_named_with_the_line(header: str, words: str) -> None:
    with pytest.raises(FileRefused) as caught:
        parse(positions(APPLE, header=header))
    assert words in caught.value.problem
    assert caught.value.line == 3


def test_columns_may_stand_in_any_order() -> None:
    header = '"Security Type","Cost Basis","Market Value","Symbol","Quantity","Price"'
    file = parse(positions('"Equity","$150.00","$200.00","AAPL","10","$20.00"', header=header))
    (held,) = file.accounts[0].positions
    assert (held.symbol, held.asset_class, held.market_value, held.cost_basis) == (
        "AAPL",
        "stock",
        20000,
        15000,
    )


def test_a_file_without_a_date_is_refused() -> None:
    with pytest.raises(FileRefused, match="what date") as caught:
        parse(b"\r\n".join(positions(APPLE).split(b"\r\n")[2:]))
    assert "first line" in caught.value.remedy
    with pytest.raises(FileRefused, match="no date"):
        parse(lots(LOT, title='"AAPL Lot Details for XXXX-1234"'))


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ('"AAPL,"APPLE INC","10","$20.00","$200.00","$150.00","$50.00","Equity",', "inside a quoted cell"),
        ('"AAPL","APPLE INC,10,20,200,150,50,Equity', "never closed"),
        (
            '"AAPL","THE "BIG" ONE","10","$20.00","$200.00","$150.00","$50.00","Equity",',
            "inside a quoted cell",
        ),
    ],
)
def test_a_broken_quotation_mark_costs_its_own_line_only(broken: str, words: str) -> None:
    file = parse(positions(row("A", "1", "$1.00", "$1.00", "$1.00", "$0.00"), broken, APPLE))
    assert [p.symbol for p in file.accounts[0].positions] == ["A", "AAPL"]
    (rejected,) = file.rejected
    assert rejected.line == 5
    assert words in rejected.problems[0].problem


def test_a_description_may_run_over_two_lines() -> None:
    file = parse(positions(APPLE.replace("AAPL INC", "AAPL\nINC"), row("B", "1", "$1", "$1", "$1", "$0")))
    assert [(p.symbol, p.description, p.line) for p in file.accounts[0].positions] == [
        ("AAPL", "AAPL INC", 4),
        ("B", "B INC", 6),
    ]


def test_characters_that_are_not_text_reject_their_row() -> None:
    pad = b"\n".join(
        positions(*[row(f"S{n}", "1", "$1", "$1", "$1", "$0") for n in range(200)]).split(b"\r\n")
    )
    file = parse(pad + APPLE.replace("INC", "I\0C").encode())
    assert len(file.accounts[0].positions) == 200
    assert [r.line for r in file.rejected] == [204]
    assert "not text" in file.rejected[0].problems[0].problem


def test_title_without_quotes_and_padded_with_empty_cells() -> None:
    title = TITLE.strip('"') + ",,,"
    assert str(parse(positions(APPLE, title=title)).as_of) == "2026-06-30"
