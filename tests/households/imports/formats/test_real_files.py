"""Real exports, read from ../shared/data and never copied here; counts and sums worked by hand."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from households.imports.formats import read
from households.imports.formats.parsed import FileRefused, ParsedFile
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


@pytest.mark.parametrize(
    "name",
    [
        "schwab/realized-gain-loss.csv", "fidelity/fidelity.ofx", "vanguard/vanguard-taxable.ofx",
        "ofx/etrade.qfx", "ibkr/flex-open-positions.xml",
    ],
)  # fmt: skip
def test_other_custodian_files_are_refused_by_name(real_data: Path, name: str) -> None:
    with pytest.raises(FileRefused) as caught:
        _read(real_data / "custodian" / name)
    assert caught.value.problem.startswith("The file is a")


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
