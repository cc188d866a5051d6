"""Workbooks: the template, other lists in a sheet, and what workbooks are attacked with."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from households.imports.formats import detect, generic_xlsx, read, workbook
from households.imports.formats.content import Limits
from households.imports.formats.generic_csv import TEMPLATE
from households.imports.formats.parsed import FileRefused, ParsedFile
from tests.households.imports.formats.build import codes, parse

Cell = str | int | float | bool | date
SHEET = "xl/worksheets/sheet1.xml"
POSITION: tuple[Cell, ...] = (
    "XXXX-4321",
    "2026-06-30",
    "",
    "MSFT",
    "Microsoft",
    "stock",
    100,
    470.1,
    47010,
    0.1 + 0.2,
)
LOT: tuple[Cell, ...] = (
    "XXXX-4321",
    "2026-06-30",
    "lot",
    "MSFT",
    "",
    "",
    60,
    "",
    28206,
    20.5,
    "",
    "2020-02-11",
)


def _cell(ref: str, value: Cell) -> str:
    if isinstance(value, date):  # style 1 is a date; day 1 is 1900-01-01, and Excel knows a February 29, 1900
        return f'<c r="{ref}" s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{ref}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{ref}"><v>{value!r}</v></c>'
    return f'<c r="{ref}" t="inlineStr"><is><t>{value}</t></is></c>'


def sheet(*rows: tuple[Cell, ...], first: int = 1) -> str:
    """A sheet's XML, its first row in line ``first``."""
    lines = []
    for number, cells in enumerate(rows, start=first):
        inside = "".join(
            _cell(f"{workbook._letters(column)}{number}", cell)
            for column, cell in enumerate(cells, start=1)
            if cell != ""
        )
        lines.append(f'<row r="{number}">{inside}</row>')
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{''.join(lines)}</sheetData></worksheet>"
    )


def book(content: str | bytes, change: Callable[[str, bytes], bytes] | None = None, **more: bytes) -> bytes:
    """The template's workbook with another first sheet, dates styled, and ``change`` applied to each part."""
    styles = (
        b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2">'
        b'<xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
    )
    source, target = zipfile.ZipFile(io.BytesIO(generic_xlsx.template())), io.BytesIO()
    parts = {name: source.read(name) for name in source.namelist()}
    parts[SHEET] = content if isinstance(content, bytes) else content.encode()
    parts["xl/worksheets/sheet2.xml"] = sheet().encode()
    parts["xl/styles.xml"] = styles
    rels = "xl/_rels/workbook.xml.rels"
    link = (
        b'<Relationship Id="rId9" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" '
        b'Target="styles.xml"/></Relationships>'
    )
    parts[rels] = parts[rels].replace(b"</Relationships>", link)
    parts |= more
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, change(name, part) if change else part)
    return target.getvalue()


def read_book(*rows: tuple[Cell, ...], first: int = 1, name: str = "a.xlsx") -> ParsedFile:
    return parse(book(sheet(*rows, first=first)), name)


def test_positions_and_lots_with_excels_own_numbers() -> None:
    """0.1 + 0.2 is 0.30000000000000004 in the file and 0.30 as Excel shows it."""
    file = read_book(TEMPLATE, POSITION, ("", ""), LOT)
    (section,) = file.accounts
    assert (file.format, file.encoding, file.rows_read, file.rejected) == ("generic_xlsx", "xlsx", 2, [])
    (held,) = section.positions
    assert (held.line, held.quantity, held.price, held.market_value, held.cost_basis) == (
        2,
        Decimal(100),
        Decimal("470.1"),
        4_701_000,
        30,
    )
    (lot,) = section.lots
    assert (lot.line, lot.acquired, lot.cost_basis, lot.market_value) == (
        4,
        date(2020, 2, 11),
        2_050,
        2_820_600,
    )


def test_cells_that_are_dates_are_dates() -> None:
    row = ("XXXX-4321", date(2026, 6, 30), *POSITION[2:])
    assert read_book(TEMPLATE, row).as_of == date(2026, 6, 30)


def test_a_list_may_begin_further_down() -> None:
    file = read_book(TEMPLATE, POSITION, first=5)
    assert [p.line for p in file.accounts[0].positions] == [6]


def test_a_custodians_list_in_a_sheet_is_read_as_what_it_is() -> None:
    head = ("Account Number", "Investment Name", "Symbol", "Shares", "Share Price", "Total Value")
    file = read_book(head, ("12345678", "APPLE INC", "AAPL", 2, 200, 400.0), name="v-2026-06-30.xlsx")
    assert (file.format, file.accounts[0].positions[0].market_value) == ("vanguard_holdings", 40_000)


def test_rows_in_doubt_are_rejected_with_their_line() -> None:
    file = read_book(
        TEMPLATE, POSITION, (*POSITION[:8], "lots of money"), (*POSITION[:6], True, *POSITION[7:])
    )
    assert [(r.line, r.problems[0].field, r.problems[0].value) for r in file.rejected] == [
        (3, "market_value", "lots of money"),
        (4, "quantity", "TRUE"),
    ]


def test_the_template_is_an_empty_list_with_its_explanation() -> None:
    data = generic_xlsx.template()
    assert data == generic_xlsx.template(), "the same bytes every time"
    assert detect(data) == "generic_xlsx"
    assert [column for column, _ in generic_xlsx.GUIDE] == list(TEMPLATE)
    text, others = workbook.sheet_text(data, "t.xlsx", Limits())
    assert text.text == ",".join(TEMPLATE) + "\n"
    assert others == ["How to fill it in"]
    with pytest.raises(FileRefused, match="no rows"):
        parse(data, "template.xlsx")


def test_other_sheets_are_named() -> None:
    data = book(
        sheet(TEMPLATE, POSITION),
        lambda name, part: sheet(("x",)).encode() if name.endswith("sheet2.xml") else part,
    )
    file = parse(data, "a.xlsx")
    assert "other_sheets" in codes(file)
    assert "How to fill it in" in file.warnings[-1].message


def _cell_at(address: str) -> str:
    return sheet(TEMPLATE, POSITION).replace(
        "</sheetData>", f"<row><c {address}><v>1</v></c></row></sheetData>"
    )


@pytest.mark.parametrize(
    "address",
    [
        'r="XFD1048576"', 'r="A250001"', 'r="A1000000"', 'r="GS7"', 'r="HA7"', 'r="AAA7"', 'r="gs7"',
        "r='XFD9'", 'r = "XFD9"', 'r="&#88;FD9"', 'r="A0000999999"',
    ],
)  # fmt: skip
def test_cells_in_a_far_corner_are_refused_before_anybody_asks_for_memory(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook.subprocess, "run", lambda *_, **__: pytest.fail("the reader was started"))
    with pytest.raises(FileRefused) as caught:
        parse(book(_cell_at(address)), "a.xlsx")
    assert caught.value.remedy


@pytest.mark.parametrize("address", ['r="GR7"', 'r="Z249999"', 'r="T100000"'])
def test_cells_within_the_limits_are_not(address: str) -> None:
    workbook._scan(book(_cell_at(address)), "a.xlsx", Limits(), workbook.Budget())


def test_a_bomb_is_refused_while_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some 60 KB that unpack to 64 MB, with the limit lowered to 8."""
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 8 * 1024 * 1024)
    data = book(sheet(TEMPLATE), **{"xl/media/bomb.bin": bytes(64 * 1024 * 1024)})
    assert len(data) < 100_000
    with pytest.raises(FileRefused, match="unpacks to more than 8 MB"):
        parse(data, "a.xlsx")


def test_a_part_that_lies_about_its_size_is_measured_by_what_it_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1024 * 1024)
    size = 4 * 1024 * 1024
    data = book(sheet(TEMPLATE), **{"xl/media/liar.bin": bytes(size)})
    lying = data.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != data
    with pytest.raises(FileRefused, match="unpacks to more"):
        parse(lying, "a.xlsx")


def test_a_text_repeated_without_end_is_refused() -> None:
    """One shared text of 1,000 characters in 90,000 cells: small to send, 90 MB to write."""
    shared = "<sst><si><t>" + "x" * 1000 + "</t></si></sst>"
    rows = "".join("<row>" + '<c t="s"><v>0</v></c>' * 180 + "</row>" for _ in range(500))
    content = sheet().replace("</sheetData>", f"{rows}</sheetData>")
    link = (
        b'<Relationship Id="rId8" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" '
        b'Target="sharedStrings.xml"/></Relationships>'
    )

    def linked(name: str, part: bytes) -> bytes:
        return part.replace(b"</Relationships>", link) if name.endswith("workbook.xml.rels") else part

    namespaced = shared.replace(
        "<sst>", '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    )
    data = book(content, linked, **{"xl/sharedStrings.xml": namespaced.encode()})
    assert len(data) < 20_000
    with pytest.raises(FileRefused, match="more text"):
        parse(data, "a.xlsx")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (book(sheet()), "empty"),
        (
            book(sheet(TEMPLATE).replace("<worksheet", "<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet")),
            "cannot be read",
        ),
        (book(sheet(TEMPLATE).encode("utf-16")), "cannot be read"),
        (book("<worksheet><sheetData><row><c"), "cannot be read"),
        (book(sheet(TEMPLATE))[:-30], "cannot be read"),
        (book(sheet(TEMPLATE))[:600] + b"xl/workbook.xml", "cannot be read"),
        (book(sheet(TEMPLATE), **{f"xl/p{n}.xml": b"" for n in range(600)}), "500 parts"),
    ],
)
def test_damaged_and_odd_workbooks_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(FileRefused) as caught:
        parse(data, "a.xlsx")
    assert words in caught.value.problem
    assert caught.value.remedy


def test_a_reader_that_dies_or_never_ends_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child = tmp_path / "child.py"
    monkeypatch.setattr(workbook, "_CHILD", child)
    child.write_text("import os; os.abort()")
    with pytest.raises(FileRefused, match="memory"):
        read_book(TEMPLATE, POSITION)
    child.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(workbook, "SECONDS", 0.2)
    with pytest.raises(FileRefused, match="too long"):
        read_book(TEMPLATE, POSITION)


@settings(max_examples=15, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(1, 10**6), st.integers(0, 10**9), st.integers(0, 10**9)),
        min_size=1,
        max_size=20,
    )
)
def test_amounts_survive_binary_fractions(rows: list[tuple[int, int, int]]) -> None:
    """Cents divided by 100 are no exact fractions in a workbook, and come back to the cent."""
    lines = [
        ("XXXX-4321", "2026-06-30", "", f"S{n}", "", "stock", quantity, "", value / 100, cost / 100)
        for n, (quantity, value, cost) in enumerate(rows)
    ]
    file = read_book(TEMPLATE, *lines)
    assert file.rejected == []
    held = [(int(p.quantity or 0), p.market_value, p.cost_basis) for p in file.accounts[0].positions]
    assert held == rows


@settings(max_examples=25, deadline=None)
@given(place=st.floats(0, 1), put=st.binary(max_size=8), cut=st.booleans())
def test_bytes_changed_anywhere_are_answered(place: float, put: bytes, cut: bool) -> None:
    whole = book(sheet(TEMPLATE, POSITION, LOT))
    at = int(len(whole) * place)
    data = whole[:at] if cut else whole[:at] + put + whole[at + len(put) :]
    try:
        file = read(io.BytesIO(data), "a.xlsx")
    except FileRefused as refused:
        assert refused.remedy
    else:
        assert file.rows_read == file.rows_taken + len(file.rejected)
