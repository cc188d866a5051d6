"""Rows as they stand in their file, and the text with mended rows in their place."""

import io

import pytest

from households.imports.formats import FORMATS, Limits, read, schwab_positions
from households.imports.formats.standing import StandingRow, layout_of, rows_at, with_rows
from tests.households.imports.formats.build import HEADER, TITLE, row

LIMITS = Limits()
NAMES = ("Symbol", "Description", "Quantity", "Price", "Market Value", "Cost Basis", "Gain/Loss $")
APPLE = row("AAPL", "10", "$20.00", "$200.00", "$150.00", "$50.00")
MENDED = ["MSFT", "MSFT INC", "1", "$5.00", "$5.00", "$5.00", "$0.00", "Equity", ""]


def text(*lines: str) -> str:
    return "\n".join([TITLE, "", HEADER, *lines, ""])


def at_lines(whole: str, lines: set[int]) -> dict[int, StandingRow]:
    return rows_at(whole, lines, layout_of(whole, schwab_positions.COLUMNS), "file.csv", LIMITS)


def put_in(whole: str, rows: dict[int, list[str]]) -> list[str]:
    """The lines of a text with rows put in."""
    layout = layout_of(whole, schwab_positions.COLUMNS)
    return with_rows(whole, rows, layout.delimiter, "file.csv", LIMITS).split("\n")


def standing(*lines: str, at: int = 4) -> tuple[tuple[str, ...], int]:
    """Cells and width of the row on a line."""
    found = at_lines(text(*lines), {at})
    return found[at].cells, found[at].width


def replaced(*lines: str, **rows: list[str]) -> list[str]:
    """The lines of the text with rows put in, by ``line_4=[...]``."""
    mended = {int(name.removeprefix("line_")): cells for name, cells in rows.items()}
    return put_in(text(*lines), mended)


def test_cells_stand_under_the_names_of_their_file_as_wide_as_its_list() -> None:
    """The header has eight names and an idle comma; so have the rows."""
    found = at_lines(text(APPLE), {4})[4]
    assert found.header[:7] == NAMES
    assert found.cells == ("AAPL", "AAPL INC", "10", "$20.00", "$200.00", "$150.00", "$50.00", "Equity")
    assert found.width == 9


def test_what_is_no_row_has_no_place() -> None:
    found = at_lines(text(APPLE), {1, 2, 3, 5, 99})
    assert found == {}


def test_a_line_with_broken_quotation_marks_is_taken_apart_as_far_as_it_goes() -> None:
    cells, _ = standing('"MSFT","MSFT "INC","1","$5.00","$5.00","$5.00","$0.00","Equity",')
    assert cells == ("MSFT", 'MSFT INC"', "1", "$5.00", "$5.00", "$5.00", "$0.00", "Equity")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_no_other_line_moves(end: str) -> None:
    whole = end.join(text(APPLE, "broken", APPLE.replace("AAPL", "VTI")).split("\n"))
    lines = put_in(whole, {5: MENDED})
    assert lines[3] == APPLE
    assert lines[4] == "MSFT,MSFT INC,1,$5.00,$5.00,$5.00,$0.00,Equity,"
    assert lines[5].startswith('"VTI"')


def test_a_row_of_several_lines_leaves_blank_ones_behind() -> None:
    several = APPLE.replace("AAPL INC", "AAPL\nINC")
    lines = replaced(several, APPLE, line_4=MENDED)
    assert lines[3].startswith("MSFT")
    assert lines[4] == ""
    assert lines[5] == APPLE


def test_the_last_line_without_an_end() -> None:
    whole = text(APPLE, APPLE).rstrip("\n")
    lines = put_in(whole, {5: MENDED})
    assert lines[3:] == [APPLE, "MSFT,MSFT INC,1,$5.00,$5.00,$5.00,$0.00,Equity,", ""]


def test_a_delimiter_is_kept() -> None:
    whole = text(APPLE.replace('","', '"\t"')).replace(HEADER, HEADER.replace(",", "\t"))
    lines = put_in(whole, {4: ["A", "B, C"]})
    assert lines[3] == "A\tB, C"


def test_a_file_is_read_with_its_mended_rows_and_keeps_its_own_fingerprint() -> None:
    data = text(APPLE, row("MSFT", "1", "$5.00", "1,234.50-", "$5.00", "$0.00")).encode()
    plain = read(io.BytesIO(data), "file.csv")
    mended = read(io.BytesIO(data), "file.csv", mended={5: MENDED})
    assert [r.line for r in plain.rejected] == [5]
    assert (mended.rejected, [p.line for p in mended.accounts[0].positions]) == ([], [4, 5])
    assert mended.sha256 == plain.sha256
    assert mended.original == data


def test_every_format_is_a_list_of_rows_or_a_statement() -> None:
    assert {code for code, found in FORMATS.items() if found.columns is None} == {"ibkr_flex", "ofx"}
