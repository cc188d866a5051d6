"""Schwab positions: accounts, classes, unknowns, what is unsupported, totals that contradict."""

from datetime import date
from decimal import Decimal

import pytest

from households.imports.formats.titles import mask_account
from tests.households.imports.formats.build import NEWER_HEADER, codes, parse, positions, row

APPLE = row("AAPL", "10", "$20.00", "$200.00", "$150.00", "$50.00")
CASH = '"Cash & Cash Investments","--","--","--","$100.00","--","--","Cash and Money Market",'
TOTAL = '"Account Total","--","--","--","{value}","{cost}","{gain}",'


def test_one_account_with_its_number_masked() -> None:
    file = parse(positions(APPLE, CASH, TOTAL.format(value="$300.00", cost="$150.00", gain="$50.00")))
    (section,) = file.accounts
    assert (section.label, section.ending, section.as_of, section.as_of_time) == (
        "Individual, ending 1234",
        "1234",
        date(2026, 6, 30),
        "04:00 PM ET",
    )
    apple, cash = section.positions
    assert (
        apple.symbol,
        apple.asset_class,
        apple.quantity,
        apple.price,
        apple.market_value,
        apple.cost_basis,
    ) == (
        "AAPL",
        "stock",
        Decimal(10),
        Decimal(20),
        20000,
        15000,
    )
    assert (cash.asset_class, cash.quantity, cash.market_value, cash.cost_basis) == (
        "cash",
        None,
        10000,
        None,
    )
    assert file.warnings == []


def test_the_newer_layout_with_three_digits_and_year_first() -> None:
    file = parse(
        positions(
            '"BND","BOND ETF","2,000.5","75.00","0.10","$150,037.50","$140,000.00","$10,037.50","93.75%",'
            '"ETFs & Closed End Funds",',
            '"SWVXX","MONEY FUND","10,000","1.00","--","$10,000.00","N/A","N/A","6.25%","Money Market Fund",',
            '"Positions Total","","--","--","--","$160,037.50","$140,000.00","$10,037.50","--","--",',
            title='"Positions for account Roth Contributory IRA ...348 as of 11:31 AM ET, 2026/06/30",""',
            header=NEWER_HEADER,
        )
    )
    (section,) = file.accounts
    assert (section.label, section.ending, section.as_of) == (
        "Roth Contributory IRA, ending 348",
        "348",
        date(2026, 6, 30),
    )
    assert [(p.symbol, p.asset_class, p.market_value) for p in section.positions] == [
        ("BND", "fund", 15003750),
        ("SWVXX", "cash", 1000000),
    ]
    assert file.warnings == []


def test_several_accounts_in_one_file() -> None:
    lines = (
        positions(APPLE, title='"Positions for All-Accounts as of 06:04 PM ET, 11/15/2025"')
        .decode()
        .split("\r\n")
    )
    lines.insert(2, '"Brokerage XXXX-1111"')
    lines += [
        "",
        "",
        '"Trust XXXX-2222"',
        lines[3],
        CASH,
        TOTAL.format(value="$100.00", cost="--", gain="--"),
        "",
        "",
        "",
    ]
    lines += ["Empty ...333", lines[3], TOTAL.format(value="$0.00", cost="--", gain="--")]
    file = parse("\r\n".join(lines).encode())
    assert [(s.ending, len(s.positions), s.as_of) for s in file.accounts] == [
        ("1111", 1, date(2025, 11, 15)),
        ("2222", 1, date(2025, 11, 15)),
        ("333", 0, date(2025, 11, 15)),
    ]
    assert (file.rows_read, file.rows_taken) == (2, 2)


def test_titles_repeated_for_each_account() -> None:
    second = positions(CASH, title='"Positions for account Roth IRA ...321 as of 09:12 PM ET, 06/30/2026"')
    file = parse(positions(APPLE) + b"\r\n" + second)
    assert [(s.ending, len(s.positions)) for s in file.accounts] == [("1234", 1), ("321", 1)]


@pytest.mark.parametrize(
    ("text", "label", "ending"),
    [
        ("Intelligent XXXX-4321", "Intelligent, ending 4321", "4321"),
        ("Individual ...123", "Individual, ending 123", "123"),
        ("XXXX-4321", "Account ending 4321", "4321"),
        ("Joint Tenant 1234-5678", "Joint Tenant, ending 5678", "5678"),
        ("12345678", "Account ending 5678", "5678"),
        ("Smith Family (XXX123)", "Smith Family, ending 123", "123"),
        ("College fund", "College fund", ""),
    ],
)
def test_account_numbers_keep_their_last_digits_only(text: str, label: str, ending: str) -> None:
    assert mask_account(text) == (label, ending)


def test_what_is_not_said_is_unknown() -> None:
    file = parse(
        positions(
            row("AAPL", "10", "$20.00", "$200.00", "Incomplete", "N/A"),
            row("XYZ", "1", "$5.00", "$5.00", "$5.00", "$0.00", kind="Structured Product"),
            row("ABC", "1", "$5.00", "$5.00", "$5.00", "$0.00", kind="--"),
        )
    )
    apple, xyz, abc = file.accounts[0].positions
    assert apple.cost_basis is None
    assert (xyz.asset_class, abc.asset_class) == ("unknown", "unknown")
    assert [(w.code, w.line) for w in file.warnings] == [
        ("missing_basis", 4),
        ("unknown_security_type", 5),
        ("unknown_security_type", 6),
        ("no_total", 3),
    ]


def test_options_shorts_and_debits_are_kept_and_named_unsupported() -> None:
    file = parse(
        positions(
            row(
                "SMAL 04/17/2026 32.00 P",
                "1",
                "$12.53",
                "$1,253.00",
                "$1,253.00",
                "$0.00",
                kind="ETFs & Closed End Funds",
            ),
            row("TSLA", "-50", "$250.00", "($12,500.00)", "-$10,000.00", "-$2,500.00"),
            '"Cash & Cash Investments","--","--","--","-$16,531.98","--","--","Cash and Money Market",',
        )
    )
    assert [(p.asset_class, p.unsupported, p.market_value) for p in file.accounts[0].positions] == [
        ("option", "option", 125300),
        ("stock", "short position", -1250000),
        ("cash", "negative value", -1653198),
    ]
    assert codes(file)[:3] == ["option", "short_position", "negative_value"]


def test_bonds_by_cusip_are_not_valued_by_price() -> None:
    """10,000 face at 98.50 (per 100 of face) is $9,850: quantity times price is not the value."""
    file = parse(
        positions(
            row("91282CPU9", "10,000", "98.50", "$9,850.00", "$9,900.00", "-$50.00", kind="Fixed Income")
        )
    )
    (bond,) = file.accounts[0].positions
    assert (bond.symbol, bond.asset_class, bond.quantity, bond.market_value) == (
        "91282CPU9",
        "bond",
        10000,
        985000,
    )
    assert codes(file) == ["no_total"]


@pytest.mark.parametrize(
    ("line", "field", "value", "words"),
    [
        (row("AAPL", "10", "$20.00", "1,234.50-", "$150.00", "--"), "Market Value", "1,234.50-", "ambiguous"),
        (row("AAPL", "ten", "$20.00", "$200.00", "$150.00", "--"), "Quantity", "ten", "not a quantity"),
        (row("AAPL", "10", "$20.00", "$200.00", "\u20ac150", "--"), "Cost Basis", "\u20ac150", "US dollars"),
        (row("", "10", "$20.00", "$200.00", "$150.00", "--"), "Symbol", "", "missing"),
        (row("CVRONE", "3", "N/A", "N/A", "$0.00", "--"), "Market Value", "N/A", "missing"),
        ('"AAPL",X,10,20,1,234.50,150,5,Equity', "line", "Equity", "1 more cell than the header"),
        ('"AAPL"', "line", "AAPL", "single cell"),
        ('"AAPL","X","10","$20.00","$999.00"', "line", "AAPL,X,10,$20.00,$999.00", "do not confirm"),
    ],
)
def test_a_bad_row_is_rejected_with_field_value_and_remedy(
    line: str, field: str, value: str, words: str
) -> None:
    file = parse(positions(row("A", "1", "$1.00", "$1.00", "$1.00", "$0.00"), line))
    (rejected,) = file.rejected
    problem = rejected.problems[0]
    assert (rejected.line, rejected.label, problem.field, problem.value) == (
        5,
        "Individual, ending 1234",
        field,
        value,
    )
    assert words in problem.problem
    assert problem.remedy
    assert (file.rows_read, file.rows_taken) == (2, 1)


def test_every_problem_of_a_row_is_told() -> None:
    file = parse(positions(row("AAPL", "ten", "x", "1,234.50-", "$1", "--")))
    assert [p.field for p in file.rejected[0].problems] == ["Quantity", "Price", "Market Value"]


def test_a_cut_line_whose_numbers_confirm_each_other_is_taken() -> None:
    file = parse(positions('"AAPL","X","10","$20.00","$200.00"'))
    (held,) = file.accounts[0].positions
    assert (held.market_value, held.cost_basis, held.asset_class) == (20000, None, "unknown")


def test_the_same_line_twice_is_refused_another_of_the_symbol_is_added() -> None:
    other = row("AAPL", "5", "$20.00", "$100.00", "$80.00", "$20.00")
    file = parse(positions(APPLE, APPLE, other))
    assert [p.line for p in file.accounts[0].positions] == [4, 6]
    assert [(r.line, r.problems[0].problem) for r in file.rejected] == [(5, "This is line 4 once more.")]
    assert "repeated_symbol" in codes(file)


def test_totals_that_contradict_the_rows_warn_and_name_both_sums() -> None:
    """Rows: 200 + 100 = $300.00, cost 150; the total says $310.00 and $150.00, gain $50.00."""
    file = parse(positions(APPLE, CASH, TOTAL.format(value="$310.00", cost="$150.00", gain="$50.00")))
    (warning,) = file.warnings
    assert (warning.code, warning.line) == ("total_contradicts_rows", 6)
    assert "$310.00" in warning.message
    assert "$300.00" in warning.message


def test_a_total_is_not_compared_with_rows_that_were_rejected() -> None:
    bad = row("MSFT", "1", "$5.00", "1,234.50-", "$5.00", "$0.00")
    file = parse(positions(APPLE, bad, TOTAL.format(value="$205.00", cost="$155.00", gain="$50.00")))
    assert codes(file) == ["total_not_compared"]


@pytest.mark.parametrize("cost", ["$150.00", "$250.00"])
def test_a_cost_total_may_count_cash_at_face_value(cost: str) -> None:
    assert (
        parse(positions(APPLE, CASH, TOTAL.format(value="$300.00", cost=cost, gain="$50.00"))).warnings == []
    )


def test_a_total_without_the_option_is_explained() -> None:
    option = row("SMAL 04/17/2026 32.00 P", "1", "$12.53", "$1,253.00", "$1,253.00", "$0.00", kind="Option")
    file = parse(positions(APPLE, option, TOTAL.format(value="$200.00", cost="$1,403.00", gain="$50.00")))
    assert "agree if the unsupported rows are left out" in file.warnings[-1].message


def test_cents_of_rounding_do_not_warn() -> None:
    """Three values of $33.33 against a total of $100.00: one cent, less than half a cent a row and one."""
    rows = [row(s, "1", "$33.33", "$33.33", "$30.00", "$3.33") for s in "ABC"]
    assert parse(positions(*rows, TOTAL.format(value="$100.00", cost="$90.00", gain="$9.99"))).warnings == []


def test_a_value_and_a_gain_that_contradict_their_row_warn() -> None:
    file = parse(positions(row("AAPL", "10", "$20.00", "$2,000.00", "$150.00", "$50.00")))
    assert codes(file) == ["value_contradicts_price", "gain_contradicts_cost", "no_total"]


def test_shares_of_the_account_are_checked() -> None:
    """AAPL is $200 of $300, 66.67%; the file says 80% and 33.33%."""
    file = parse(
        positions(
            '"AAPL","X","10","20.00","0","$200.00","$150.00","$50.00","80%","Equity",',
            '"Cash & Cash Investments","--","--","--","--","$100.00","--","--","33.33%","Cash",',
            '"Positions Total","","--","--","--","$300.00","$150.00","$50.00","--","--",',
            header=NEWER_HEADER,
        )
    )
    assert codes(file) == ["share_contradicts_rows", "shares_over_one"]
    assert "line 4" in file.warnings[0].message


def test_missing_columns_that_can_be_done_without_are_named() -> None:
    header = '"Symbol","Quantity","Market Value",'
    file = parse(positions('"AAPL","10","$200.00",', header=header))
    assert [w.message.split(" is not")[0] for w in file.warnings if w.code == "missing_column"] == [
        "The column Price",
        "The column Cost Basis",
        "The column Security Type",
    ]
    assert "unknown_security_type" not in codes(file)


def test_remarks_outside_the_list_are_left_out_and_said() -> None:
    lines = (
        APPLE,
        TOTAL.format(value="$200.00", cost="$150.00", gain="$50.00"),
        "Brokerage products are not insured.",
    )
    file = parse(positions(*lines))
    assert (file.rows_read, codes(file)) == (1, ["ignored_line"])


def test_many_warnings_of_a_kind_are_counted() -> None:
    file = parse(positions(*[row(f"S{n}", "1", "$1.00", "$1.00", "--", "--") for n in range(40)]))
    missing = [w for w in file.warnings if w.code == "missing_basis"]
    assert len(missing) == 26
    assert missing[-1].message == "15 more lines with the same warning."
