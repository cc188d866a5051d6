"""Schwab lot details: both layouts, unknowns, contradictions."""

from datetime import date
from decimal import Decimal

import pytest

from households.imports.formats.lots import is_long_term
from households.imports.formats.parsed import FileRefused
from tests.households.imports.formats.build import codes, lots, parse

LONG = '"01/02/2020 10:00:00","10","$20.00","$15.00","$200.00","$150.00","$50.00","+33.33%","Long Term",'
SHORT = '"05/01/2026","5","$20.00","$24.00","$100.00","$120.00","($20.00)","-16.67%","Short Term",'
TOTAL = '"Total","15","--","--","$300.00","$270.00","$30.00","+11.11%","--",'
NEWER = (
    '"Open Date","Transaction Open","Quantity","Price","Cost/Share","Transaction CPS","Market Value",'
    '"Cost Basis","Transaction CB","Gain/Loss $","Transaction G/L $","Gain/Loss %","Transaction G/L %",'
    '"Holding Period","Disallowed Loss",'
)


def test_lots_of_one_security() -> None:
    file = parse(lots(LONG, SHORT, TOTAL))
    (section,) = file.accounts
    assert (section.ending, section.holds_positions, section.as_of) == ("1234", False, date(2026, 6, 30))
    assert [
        (x.symbol, x.acquired, x.quantity, x.market_value, x.cost_basis, x.term) for x in section.lots
    ] == [
        ("AAPL", date(2020, 1, 2), Decimal(10), 20000, 15000, "long"),
        ("AAPL", date(2026, 5, 1), Decimal(5), 10000, 12000, "short"),
    ]
    assert file.warnings == []


def test_the_newer_layout_has_a_disallowed_loss() -> None:
    line = (
        '"05/01/2026","--","5","$20.00","$24.00","--","$100.00","$120.00","--","-$20.00","--","-16.67%","--",'
        '"Short Term","$7.50",'
    )
    (lot,) = parse(lots(line, header=NEWER)).accounts[0].lots
    assert (lot.market_value, lot.cost_basis, lot.disallowed_loss, lot.term) == (10000, 12000, 750, "short")


def test_several_securities_in_one_file() -> None:
    second = lots(SHORT, title='"MSFT Lot Details for Individual ...234 as of 06/30/2026"')
    file = parse(lots(LONG) + b"\r\n" + second)
    assert [(s.ending, [x.symbol for x in s.lots]) for s in file.accounts] == [
        ("1234", ["AAPL"]),
        ("234", ["MSFT"]),
    ]


def test_a_cell_that_fell_out_of_a_line_is_noticed() -> None:
    """Fourteen cells under fifteen columns: 5 x $24.00 = $120.00 confirms quantity and cost, nothing else."""
    line = (
        '"05/01/2026","--","5","$20.00","$24.00","$100.00","--","$120.00","-$20.00","--","-16%","--",'
        '"Short Term","--",'
    )
    file = parse(lots(line, header=NEWER))
    (lot,) = file.accounts[0].lots
    assert (lot.quantity, lot.cost_basis, lot.market_value, lot.term) == (Decimal(5), 12000, 10000, "")
    assert codes(file) == ["short_line"]
    unconfirmed = parse(lots(line.replace("$120.00", "$121.00"), LONG, header=NEWER))
    assert "do not confirm" in unconfirmed.rejected[0].problems[0].problem


def test_totals_that_contradict_the_lots_warn_for_each_number() -> None:
    """Lots: 15 shares, $300.00, cost $270.00, gain $30.00. The total says 5, $100.00, $120.00, $40.00."""
    total = '"Total","5","--","--","$100.00","$120.00","$40.00","--","--",'
    file = parse(lots(LONG, SHORT, total))
    assert codes(file) == ["total_contradicts_rows"] * 4
    assert "says 5 shares, but its lots add up to 15" in file.warnings[0].message
    assert [w.line for w in file.warnings] == [6] * 4


def test_unknown_basis_and_date_are_kept_as_unknown() -> None:
    line = '"Various","10","$20.00","N/A","$200.00","Incomplete","N/A","N/A","--",'
    file = parse(lots(line))
    (lot,) = file.accounts[0].lots
    assert (lot.acquired, lot.cost_basis, lot.market_value) == (None, None, 20000)
    assert codes(file) == ["missing_date", "missing_basis"]


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        (LONG.replace("01/02/2020 10:00:00", "07/01/2026"), "Open Date", "after the date of the file"),
        (LONG.replace("01/02/2020 10:00:00", "13/02/2020"), "Open Date", "no such day"),
        (LONG.replace('"10"', '"--"'), "Quantity", "missing"),
        (LONG.replace('"$150.00"', '"1,234.50-"'), "Cost Basis", "ambiguous"),
    ],
)
def test_bad_lots_are_rejected(line: str, field: str, words: str) -> None:
    file = parse(lots(line, SHORT))
    (rejected,) = file.rejected
    assert (rejected.line, rejected.kind, rejected.problems[0].field) == (4, "lot", field)
    assert words in rejected.problems[0].problem
    assert file.rows_taken == 1


def test_doubtful_lots_warn() -> None:
    wrong_term = LONG.replace("Long Term", "Short Term")
    wrong_gain = SHORT.replace("($20.00)", "$0.40")
    file = parse(lots(LONG, LONG, wrong_term, wrong_gain))
    assert codes(file) == ["duplicate_lot", "term_contradicts_date", "gain_contradicts_cost"]
    assert "same as line 4" in file.warnings[0].message
    assert file.rows_taken == 4


def test_a_lot_is_long_term_after_its_anniversary() -> None:
    assert not is_long_term(date(2025, 6, 30), date(2026, 6, 30))
    assert is_long_term(date(2025, 6, 29), date(2026, 6, 30))
    assert not is_long_term(date(2024, 2, 29), date(2025, 2, 28))
    assert is_long_term(date(2024, 2, 29), date(2025, 3, 1))


def test_a_missing_title_or_column_is_named() -> None:
    with pytest.raises(FileRefused, match="which security and account"):
        parse(b"\r\n".join(lots(LONG).split(b"\r\n")[2:]), format="schwab_lots")
    with pytest.raises(FileRefused, match="The column Open Date is missing"):
        parse(
            lots(LONG, header='"Quantity","Price","Cost/Share","Market Value","Cost Basis","Holding Period"')
        )
