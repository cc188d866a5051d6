"""Real exports, read from ../shared/data and never copied here; counts and sums worked by hand."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from households.imports.formats import read
from households.imports.formats.parsed import ParsedFile
from tests.households.imports.formats.build import codes


@pytest.fixture
def schwab(real_data: Path) -> Path:
    return real_data / "custodian" / "schwab"


def _read(path: Path) -> ParsedFile:
    with path.open("rb") as stream:
        return read(stream, path.name)


def test_all_accounts(schwab: Path) -> None:
    """Lines 5 and 11 to 14 are rows: 0.00; 3,830 + 7,897 + 1,253 + 2,000 = 14,980.00.

    Costs of the three securities: 3,000 + 7,000 + 1,253 = 11,253.00. The total line says 13,727.00 (without
    the option) and 12,000.00 (10,000 and the cash of 2,000).
    """
    file = _read(schwab / "All-Accounts-Positions-2020-11-15.CSV")
    assert (file.format, file.rows_read, file.rows_taken, file.rejected) == ("schwab_positions", 5, 5, [])
    brokerage, intelligent = file.accounts
    assert (brokerage.label, [p.market_value for p in brokerage.positions]) == ("Brokerage, ending 1234", [0])
    assert (intelligent.ending, intelligent.as_of, intelligent.as_of_time) == (
        "4321",
        date(2020, 11, 15),
        "06:04 PM ET",
    )
    assert [(p.line, p.symbol, p.asset_class) for p in intelligent.positions] == [
        (11, "FNDA", "fund"),
        (12, "SCHA", "fund"),
        (13, "SMAL 04/01/2020 32.00 P", "option"),
        (14, "Cash & Cash Investments", "cash"),
    ]
    assert sum(p.market_value for p in intelligent.positions) == 1_498_000
    assert sum(p.cost_basis or 0 for p in intelligent.positions) == 1_125_300
    assert codes(file) == [
        "option",
        "total_contradicts_rows",
        "total_contradicts_rows",
        "share_contradicts_rows",
    ]
    assert "$13,727.00" in file.warnings[1].message
    assert "$14,980.00" in file.warnings[1].message
    assert "unsupported rows are left out" in file.warnings[1].message
    assert "cash is counted at face value" in file.warnings[2].message


def test_intelligent_positions(schwab: Path) -> None:
    """33.89 + 2,176.80 + 10.00 = 2,220.69; cost 34.89 + 2,164.70 = 2,199.59; the total line differs."""
    file = _read(schwab / "Intelligent-Positions-2020-09-25.CSV")
    assert (file.rows_read, file.rows_taken) == (3, 3)
    (section,) = file.accounts
    assert sum(p.market_value for p in section.positions) == 222_069
    assert sum(p.cost_basis or 0 for p in section.positions) == 219_959
    totals = [w.message for w in file.warnings if w.code == "total_contradicts_rows"]
    assert len(totals) == 3
    assert "$757.79" in totals[0]
    assert "$2,220.69" in totals[0]


@pytest.mark.parametrize(
    ("name", "symbol", "quantity", "value", "cost", "contradictions"),
    [
        ("lots-2020-09-25-FNDA.csv", "FNDA", 1, 3389, 3489, []),
        ("lots-2020-09-25-IAU.csv", "IAU", 10, 10000, 10000, []),
        # 12 + 8 shares, 120 + 80, 120 + 160; gains 0 - 80 = -80, the total line says 0.40
        ("lots-2020-09-25-HYLB.csv", "HYLB", 20, 20000, 28000, ["-$80.00"]),
        # 20 + 10 shares, 1,451.20 + 725.60 = 2,176.80, 1,451.20 + 713.50 = 2,164.70, gain 12.10; the total
        # line says 10 shares, 713.90, 713.50 and 0.40
        ("lots-2020-09-25-SCHA.csv", "SCHA", 30, 217680, 216470, ["30", "$2,176.80", "$2,164.70", "$12.10"]),
        # 24 + 16 shares against 20; 24 + 16 dollars and 120 + 160 agree with the total line
        ("lots-2020-10-25-HYLB-newer-layout.csv", "HYLB", 40, 4000, 28000, ["40"]),
    ],
)
def test_lots(
    schwab: Path, name: str, symbol: str, quantity: int, value: int, cost: int, contradictions: list[str]
) -> None:
    file = _read(schwab / name)
    (section,) = file.accounts
    assert (file.format, section.ending, {x.symbol for x in section.lots}) == (
        "schwab_lots",
        "4321",
        {symbol},
    )
    assert file.rejected == []
    assert sum(x.quantity for x in section.lots) == Decimal(quantity)
    assert sum(x.market_value or 0 for x in section.lots) == value
    assert sum(x.cost_basis or 0 for x in section.lots) == cost
    warned = [w.message for w in file.warnings if w.code == "total_contradicts_rows"]
    assert len(warned) == len(contradictions)
    for message, number in zip(warned, contradictions, strict=True):
        assert f"add up to {number}" in message


def test_the_newer_layout_lacks_a_cell_in_each_lot(schwab: Path) -> None:
    """Both lots have 14 cells under 15 columns; 24 x 5.00 = 120.00 and 16 x 10.00 = 160.00 confirm them."""
    file = _read(schwab / "lots-2020-10-25-HYLB-newer-layout.csv")
    assert [w.line for w in file.warnings if w.code == "short_line"] == [4, 5]


def test_realized_gains(schwab: Path) -> None:
    """824.96 - 800.66 = 24.30; 330.33 - 460.66 = -130.33, all of it disallowed. Short term: 24.30 + 0."""
    file = _read(schwab / "realized-gain-loss.csv")
    (section,) = file.accounts
    assert (file.format, file.rows_read, file.rejected, file.warnings) == ("schwab_realized", 2, [], [])
    assert (section.as_of, section.period) == (date(2026, 4, 25), (date(2026, 1, 1), date(2026, 4, 25)))
    assert [(r.symbol, r.gain, r.disallowed_loss, r.term) for r in section.realized] == [
        ("WRD", 2_430, None, "short"),
        ("CRCL 06/18/2026 150.00 C", -13_033, 13_033, "short"),
    ]
    assert (section.realized_cents("short"), section.realized_cents("long")) == (2_430, 0)


def test_fidelity_statement(real_data: Path) -> None:
    """5,231.36 + 1,010.60 + 2,176.95 + 2,441.03 + 2,957.50 + 1,102.36 = 14,919.80; with 18,073.98 in cash
    32,993.78; the statement says 32,993.79, a cent of rounding."""
    file = _read(real_data / "custodian/fidelity/fidelity.ofx")
    (section,) = file.accounts
    assert (file.format, file.rows_read, file.rejected, section.ending) == ("ofx", 7, [], "7890")
    assert section.as_of == date(2012, 9, 8)
    assert [(p.symbol, p.asset_class) for p in section.positions] == [
        ("SDRL", "stock"), ("CLCT", "stock"), ("HI", "stock"), ("INTC", "stock"), ("RHT", "stock"),
        ("XIN", "stock"), ("Cash", "cash"),
    ]  # fmt: skip
    assert sum(p.market_value for p in section.positions) == 3_299_378
    assert codes(file) == ["missing_column", "transactions_apart", "class_from_name"]
    assert "17" in file.warnings[1].message


def test_vanguard_statements(real_data: Path) -> None:
    """10,200.00 + 14,279.72 = 24,479.72, cash not stated; 72.85 + 7.97 = 80.82, and 46.872 x 84.20 is not
    72.85."""
    file = _read(real_data / "custodian/vanguard/vanguard-taxable.ofx")
    (section,) = file.accounts
    assert [(p.symbol, p.asset_class) for p in section.positions] == [("VFINX", "fund"), ("VFIAX", "fund")]
    assert sum(p.market_value for p in section.positions) == 2_447_972
    assert (section.as_of, codes(file)) == (
        date(2011, 7, 27),
        ["no_cash", "missing_column", "transactions_apart"],
    )
    file = _read(real_data / "custodian/vanguard/vanguard-roth-ira.ofx")
    assert sum(p.market_value for p in file.accounts[0].positions) == 8_082
    assert codes(file) == ["value_contradicts_price", "missing_column", "transactions_apart"]


def test_etrade_statement(real_data: Path) -> None:
    """4,979.50 + 13,736.96 + 555.55 = 19,272.01, as the statement says; 500 x 247.29 is not 13,736.96."""
    file = _read(real_data / "custodian/ofx/etrade.qfx")
    (section,) = file.accounts
    assert sum(p.market_value for p in section.positions) == 1_927_201
    assert [(p.symbol, p.asset_class) for p in section.positions] == [
        ("TSM", "stock"),
        ("V", "stock"),
        ("Cash", "cash"),
    ]
    assert "total_contradicts_rows" not in codes(file)
    assert "value_contradicts_price" in codes(file)


def test_interactive_brokers_statement(real_data: Path) -> None:
    """Eleven stocks: 189.10 + 51.77 + 458.00 + 228.90 + 1,829.40 + 2,044.24 + 2,259.99 + 176.00 + 173.32 +
    88.20 + 113.50 = 7,612.42, as the statement says; two options written: -3.68 - 5.80 = -9.48; cash 57.51.

    Costs of the stocks: 654.79 + 375.60 + 985.97 + 2,043.08 + 2,076.46 + 2,004.74 + 2,107.86 + 836.78 +
    176.57 + 838.28 + 915.22 = 13,015.35.
    """
    file = _read(real_data / "custodian/ibkr/flex-open-positions.xml")
    (section,) = file.accounts
    assert (file.format, file.rows_read, file.rejected, section.ending) == ("ibkr_flex", 14, [], "1111")
    assert section.as_of == date(2023, 3, 2)
    plain = [p for p in section.positions if not p.unsupported]
    stocks, cash = plain[:-1], plain[-1]
    assert (len(stocks), sum(p.market_value for p in stocks)) == (11, 761_242)
    assert sum(p.cost_basis or 0 for p in stocks) == 1_301_535
    assert (cash.symbol, cash.market_value) == ("Cash", 5_751)
    options = [p for p in section.positions if p.unsupported]
    assert [(p.unsupported, p.market_value) for p in options] == [("option", -368), ("option", -580)]
    assert codes(file) == ["unknown_security_type", "option", "option", "accruals"]


@pytest.mark.parametrize(("as_of", "taken"), [("2022-12-31", 214), ("2022-09-19", 196)])
def test_lots_of_a_direct_index_portfolio(real_data: Path, as_of: str, taken: int) -> None:
    """214 lots of 77 names as an advisor would put them into the template; 18 are after 2022-09-19."""
    with (real_data / "lots" / "direct_index_77_names.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    lines = ["as_of,row_type,symbol,quantity,cost_basis,market_value,acquired"]
    for row in rows:
        count = Decimal(row["quantity"])
        cost, value = count * Decimal(row["cost_per_share"]), count * Decimal(row["price"])
        lines.append(f"{as_of},lot,{row['symbol']},{count},{cost:.6f},{value:.6f},{row['acquired']}")
    file = read(io.BytesIO("\n".join(lines).encode()), "lots.csv")
    assert (file.rows_read, file.rows_taken, len(file.rejected)) == (214, taken, 214 - taken)
    assert {r.problems[0].field for r in file.rejected} <= {"acquired"}
