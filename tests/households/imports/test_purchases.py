"""Lists in which every row is one purchase and together they are all that is held; sums are plain by eye."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.test import Client
from django.urls import reverse

from households.imports.formats.guessing import guess_columns
from households.imports.formats.parsed import ParsedFile
from households.imports.selectors import plans_of
from households.models import Import, WaitingUpload
from tests.firm import Firm
from tests.households.imports.files import APPLE, FUND, LATER, Upload, positions_upload
from tests.households.imports.formats.acme import NAME, acme, guessed, parse_mapped
from tests.households.imports.formats.build import codes
from tests.households.imports.mending import downloaded, mend, with_cells
from tests.households.imports.steps import commit, held, stage
from tests.households.imports.test_import_columns_pages import fields, upload
from tests.households.imports.test_remembering import make

HEADER = "Acct #,Ticker,Asset Type,Shares,Market Value,Tax Cost,Date Acquired"
OLD, NEW = "1234-4321,VTI,ETF,10,2500,2000,2020-01-02", "1234-4321,VTI,ETF,2,500,550,2026-05-01"
CASH = "1234-4321,Cash,Cash,,100.50,,"
BAD = NEW.replace("2026-05-01", "13.05.2026")


def parsed(*rows: str) -> ParsedFile:
    return parse_mapped(acme(*rows, header=HEADER), replace(guessed(HEADER), rows="held"))


def staged(firm: Firm, *rows: str) -> Import:
    columns, _ = guess_columns(HEADER.split(","))
    make(firm, header=HEADER.split(","), columns=columns, rows="held")
    return stage(firm, Upload(NAME, acme(*rows, header=HEADER)))


def test_each_row_is_a_position_and_its_lot() -> None:
    file = parsed(OLD, NEW, CASH)
    (section,) = file.accounts
    assert section.holds_positions
    assert [(p.line, p.symbol, p.quantity, p.market_value, p.cost_basis) for p in section.positions] == [
        (4, "VTI", Decimal(10), 250_000, 200_000),
        (5, "VTI", Decimal(2), 50_000, 55_000),
        (6, "Cash", None, 10_050, None),
    ]
    assert [p.lot and (p.lot.acquired, p.lot.quantity, p.lot.cost_basis) for p in section.positions] == [
        (date(2020, 1, 2), Decimal(10), 200_000),
        (date(2026, 5, 1), Decimal(2), 55_000),
        None,
    ]
    assert (file.rows_read, file.rows_taken, file.rejected) == (3, 3, [])
    assert codes(file) == ["date_from_name", "ignored_line"]


def test_two_equal_purchases_are_two_and_a_short_sale_has_no_lot() -> None:
    file = parsed(OLD, OLD, "1234-4321,MSFT,Common Stock,-1,-400,-390,2026-05-01")
    (section,) = file.accounts
    assert [p.quantity for p in section.positions] == [10, 10, -1]
    assert [p.lot is None for p in section.positions] == [False, False, True]
    assert {"duplicate_lot", "short_position"} <= set(codes(file))


def test_purchases_of_one_symbol_are_added_up(firm: Firm) -> None:
    commit(firm, staged(firm, OLD, NEW, CASH))
    assert held(firm.account) == {"VTI": ("fund", 300_000, 255_000), "Cash": ("cash", 10_050, None)}
    vti = firm.account.positions.get(symbol="VTI")
    assert (vti.quantity, vti.lots.count()) == (12, 2)


def test_a_row_that_adds_up_the_others_is_not_counted_twice() -> None:
    """12 units, $3,000.00, above 10 and 2, $2,500.00 and $500.00; an undated row of 1 unit is a purchase."""
    summary, undated = "1234-4321,VTI,ETF,12,3000,2550,", "1234-4321,VTI,ETF,1,250,200,"
    file = parsed(summary, OLD, NEW)
    (row,) = file.rejected
    assert (row.line, row.spare) == (4, True)
    assert "sum of the purchases of VTI" in row.problems[0].problem
    assert [p.line for p in file.accounts[0].positions] == [5, 6]
    file = parsed(undated, OLD, NEW)
    assert (len(file.accounts[0].positions), file.rejected) == (3, [])


def test_a_new_holding_lacks_a_purchase_that_is_wrong_until_it_is_mended(firm: Firm) -> None:
    import_ = staged(firm, OLD, BAD)
    assert (import_.taken, import_.rejected) == (1, 1)
    (plan,) = plans_of(import_)
    assert "Another row of VTI was rejected" in " ".join(plan.warnings)
    lines = with_cells(downloaded(import_), 5, **{"Date Acquired": "2026-05-13"})
    assert mend(firm, import_, lines).still == 0
    import_.refresh_from_db()
    (plan,) = plans_of(import_)
    assert "was rejected" not in " ".join(plan.warnings)
    commit(firm, import_)
    assert held(firm.account)["VTI"] == ("fund", 300_000, 255_000)


def test_what_is_held_stays_whole_where_one_of_its_purchases_is_wrong(firm: Firm) -> None:
    commit(firm, staged(firm, OLD, NEW))
    later = stage(firm, Upload("acme-2026-07-31.csv", acme(OLD.replace("2500", "2600"), BAD, header=HEADER)))
    (plan,) = plans_of(later)
    assert ([p.symbol for p in plan.withheld], plan.changed, plan.partial) == (["VTI"], [], [])
    commit(firm, later, only_good=True)
    vti = firm.account.positions.get(symbol="VTI")
    assert (vti.quantity, vti.market_value, vti.lots.count()) == (12, 300_000, 2)


def test_rows_that_are_said_elsewhere_withhold_nothing(firm: Firm) -> None:
    """June's list beside July's, and one line twice: nothing is missing, and what July lacks is sold."""
    commit(firm, stage(firm, positions_upload(APPLE, FUND)))
    import_ = stage(
        firm,
        positions_upload(APPLE, FUND, name="june.csv"),
        positions_upload(APPLE, APPLE, title=LATER, name="july.csv"),
    )
    assert import_.rejected == 3
    (plan,) = plans_of(import_)
    assert ([p.symbol for p in plan.gone], plan.withheld, plan.partial) == (["VTI"], [], [])
    assert "was rejected" not in " ".join(plan.warnings)


def test_what_each_row_is_must_be_said_and_the_preview_says_so(client: Client, firm: Firm) -> None:
    client.force_login(firm.advisor)
    upload(client, firm, acme(OLD, NEW, header=HEADER))
    url = reverse("households:import_columns", args=[WaitingUpload.objects.get().pk])
    page = client.get(url)
    assert page.context["lacks"] == ["Say what the rows are."]

    def previewed(rows: str) -> tuple[list[str], int]:
        shown = client.post(
            url,
            fields(client, url) | {"do": "preview", "column_row_type": rows},
            headers={"HX-Request": "true"},
        ).context
        return shown["lacks"], len(shown["rows"])

    (problem,), shown = previewed("position")
    assert ("purchases do" in problem, shown) == (True, 0)
    assert previewed("held") == ([], 2)
