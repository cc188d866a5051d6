"""Schwab's realized gains: terms, wash sales, several accounts, totals, and what is doubtful."""

from datetime import date

import pytest

from households.imports.formats.parsed import FileRefused
from tests.households.imports.formats.build import codes, parse

TITLE = (
    '"Realized Gain/Loss - Lot Details for Trust ...4321 as of Tue Jun 30 19:13:09 EDT 2026 '
    'from 01/01/2026 to 06/30/2026"'
)
HEADER = (
    '"Symbol","Name","Closed Date","Opened Date","Quantity","Proceeds","Cost Basis (CB)","Gain/Loss ($)",'
    '"Long Term Gain/Loss","Short Term Gain/Loss","Term","Wash Sale?","Disallowed Loss"'
)
LONG = (
    '"AAPL","APPLE INC","03/02/2026","01/15/2020","10","$2,000.00","$500.00","$1,500.00","$1,500.00","",'
    '"Long Term","No",""'
)
WASHED = (
    '"MSFT","MICROSOFT","05/04/2026","02/02/2026","5","$900.00","$1,000.00","-$100.00","","-$100.00",'
    '"Short Term","Yes","$40.00"'
)


def realized(*lines: str, title: str = TITLE, header: str = HEADER) -> bytes:
    return "\r\n".join([title, header, *lines, ""]).encode()


def test_gains_by_term_with_the_disallowed_part_of_a_loss_left_out() -> None:
    file = parse(realized(LONG, WASHED))
    (section,) = file.accounts
    assert (file.format, file.confidence, section.ending, section.as_of) == (
        "schwab_realized",
        3,
        "4321",
        date(2026, 6, 30),
    )
    assert section.period == (date(2026, 1, 1), date(2026, 6, 30))
    assert not section.holds_positions
    # 1,500.00 long; -100.00 of which 40.00 is disallowed: -60.00 short
    assert (section.realized_cents("long"), section.realized_cents("short")) == (150_000, -6_000)
    assert [(r.symbol, r.closed, r.proceeds, r.cost_basis) for r in section.realized] == [
        ("AAPL", date(2026, 3, 2), 200_000, 50_000),
        ("MSFT", date(2026, 5, 4), 90_000, 100_000),
    ]
    assert codes(file) == []


def test_totals_are_compared_column_by_column() -> None:
    """2,000 + 900 = 2,900; 500 + 1,000 = 1,500; 1,500 - 100 = 1,400."""
    good = '"Total","","","","","$2,900.00","$1,500.00","$1,400.00","$1,500.00","-$100.00"'
    assert codes(parse(realized(LONG, WASHED, good))) == []
    bad = good.replace("$1,400.00", "$1,440.00")
    (warning,) = parse(realized(LONG, WASHED, bad)).warnings
    assert warning.code == "total_contradicts_rows"
    assert "$1,440.00" in warning.message
    assert "$1,400.00" in warning.message


def test_accounts_stand_above_their_headers() -> None:
    title = TITLE.replace("Trust ...4321", "All_Accounts")
    file = parse(
        "\n".join([title, '"Trust ...4321"', HEADER, LONG, '"Roth IRA ...9876"', HEADER, WASHED, ""]).encode()
    )
    assert [(s.label, len(s.realized)) for s in file.accounts] == [
        ("Trust, ending 4321", 1),
        ("Roth IRA, ending 9876", 1),
    ]
    assert file.rejected == []


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        (LONG.replace("03/02/2026", "13/40/2026"), "Closed Date", "no such day"),
        (LONG.replace("03/02/2026", "07/02/2026"), "Closed Date", "after the date of the file"),
        (LONG.replace('"$1,500.00","$1,500.00"', '"1.500,00","$1,500.00"'), "Gain/Loss ($)", "decimal point"),
        (LONG.replace('"AAPL"', '""'), "Symbol", "missing"),
        ('"AAPL"', "line", "single cell"),
        ('"AAPL","APPLE INC","03/02/2026","01/15/2020","10","$2,000.00"', "Gain/Loss ($)", "missing"),
    ],
)
def test_rows_in_doubt_are_rejected(line: str, field: str, words: str) -> None:
    file = parse(realized(WASHED, line))
    (rejected,) = file.rejected
    assert (rejected.line, rejected.kind) == (4, "lot")
    problem = rejected.problems[0]
    assert problem.field == field
    assert words in problem.problem
    assert problem.remedy


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (LONG.replace('"$2,000.00"', '"$2,100.00"'), "gain_contradicts_cost"),
        (LONG.replace("Long Term", "Short Term"), "term_contradicts_date"),
        (WASHED.replace('"$40.00"', '""'), "missing_disallowed"),
        (LONG.replace("03/02/2026", "12/31/2025"), "outside_period"),
        (LONG.replace("Long Term", "").replace("01/15/2020", "--"), "missing_date"),
    ],
)
def test_what_is_doubtful_is_said_and_kept(line: str, code: str) -> None:
    file = parse(realized(line))
    assert file.rows_taken == 1
    assert code in codes(file)


def test_a_short_loss_bought_a_year_before_is_short_to_the_day() -> None:
    """Bought on March 2 of one year and sold on March 2 of the next: not more than a year."""
    line = LONG.replace("01/15/2020", "03/02/2025").replace("Long Term", "")
    assert parse(realized(line)).accounts[0].realized[0].term == "short"
    line = LONG.replace("01/15/2020", "03/01/2025").replace("Long Term", "")
    assert parse(realized(line)).accounts[0].realized[0].term == "long"


def test_without_a_date_the_files_name_may_bear_it() -> None:
    data = realized(LONG, title='"Realized Gain/Loss - Lot Details for Trust ...4321"')
    with pytest.raises(FileRefused, match="what date"):
        parse(data, "realized.csv")
    file = parse(data, "realized-2026-06-30.csv")
    assert file.as_of == date(2026, 6, 30)
    assert "date_from_name" in codes(file)


def test_a_lot_file_beside_positions_is_recognized_although_positions_were_named() -> None:
    assert parse(realized(LONG), format="schwab_positions").format == "schwab_realized"
