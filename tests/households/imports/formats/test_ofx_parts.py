"""OFX whose parts are closed in themselves, never ended, or given twice: nothing is swallowed in silence."""

from datetime import date

import pytest

from households.imports.formats.parsed import FileRefused
from tests.households.imports.formats.build import codes, parse
from tests.households.imports.formats.test_ofx import APPLE, FUND, as_xml, ofx


def _without_trades(data: bytes, instead: bytes) -> bytes:
    start, end = data.index(b"<INVTRANLIST>"), data.index(b"</INVTRANLIST>") + len(b"</INVTRANLIST>")
    return data[:start] + instead + data[end:]


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("tag", [b"<INVTRANLIST/>", b"<INVTRANLIST />", b"<INVOOLIST/>", b"<TICKER/>"])
def test_a_part_closed_in_itself_is_at_its_end(version: int, tag: bytes) -> None:
    data = ofx(APPLE, FUND)
    data = _without_trades(data if version == 1 else as_xml(data), tag)
    (section,) = parse(data, "x.ofx").accounts
    assert [position.symbol for position in section.positions] == ["AAPL", "VTI", "Cash"]


def test_an_empty_list_of_positions_is_a_list() -> None:
    data = ofx().replace(b"<INVPOSLIST></INVPOSLIST>", b"<INVPOSLIST/>")
    (section,) = parse(data, "x.ofx").accounts
    assert section.holds_positions
    assert [position.symbol for position in section.positions] == ["Cash"]


@pytest.mark.parametrize("missing", ["</INVTRANLIST>", "</INVPOSLIST>", "</INVSTMTRS>"])
def test_a_part_that_is_never_ended_refuses_the_file(missing: str) -> None:
    data = ofx(APPLE).replace(missing.encode(), b"")
    with pytest.raises(FileRefused, match=r"not ended|ends before"):
        parse(data, "x.ofx")


def test_a_position_without_its_ends_is_still_read() -> None:
    data = ofx(APPLE.replace("</SECID>", "").replace("</INVPOS>", "").replace("</POSSTOCK>", ""), FUND)
    (section,) = parse(data, "x.ofx").accounts
    assert {position.symbol: position.market_value for position in section.positions} == {
        "AAPL": 20_000,
        "VTI": 100_000,
        "Cash": 5_000,
    }


def _two(first: bytes, second: bytes) -> bytes:
    """Two statements in one file."""
    start, end = second.index(b"<INVSTMTTRNRS>"), second.index(b"</INVSTMTMSGSRSV1>")
    return first.replace(b"</INVSTMTMSGSRSV1>", second[start:end] + b"</INVSTMTMSGSRSV1>")


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_statements_of_an_account_the_newest_counts(turned: bool) -> None:
    old, new = ofx(APPLE, FUND).replace(b"20260630160000", b"20260629160000"), ofx(APPLE)
    file = parse(_two(new, old) if turned else _two(old, new), "x.ofx")
    (section,) = file.accounts
    assert section.as_of == date(2026, 6, 30)
    assert [(p.symbol, p.market_value) for p in section.positions] == [("AAPL", 20_000), ("Cash", 5_000)]
    (warning,) = [warning for warning in file.warnings if warning.code == "older_rows"]
    assert "the statement of Jun 29, 2026 is left out" in warning.message


def test_two_statements_of_one_day_are_refused() -> None:
    with pytest.raises(FileRefused, match="two statements") as refused:
        parse(_two(ofx(APPLE), ofx(FUND)), "x.ofx")
    assert "of one day" in str(refused.value)


def test_a_statement_of_balances_alone_does_not_hide_the_one_with_positions() -> None:
    bare = ofx().replace(b"<INVPOSLIST></INVPOSLIST>", b"")
    for data in (_two(bare, ofx(APPLE)), _two(ofx(APPLE), bare)):
        (section,) = parse(data, "x.ofx").accounts
        assert section.holds_positions
        assert [position.symbol for position in section.positions] == ["AAPL", "Cash"]


def test_two_accounts_are_two() -> None:
    other = ofx(FUND).replace(b"01234567890", b"09999991111")
    file = parse(_two(ofx(APPLE), other), "x.ofx")
    assert [section.label for section in file.accounts] == ["Account ending 7890", "Account ending 1111"]
    assert "older_rows" not in codes(file)
