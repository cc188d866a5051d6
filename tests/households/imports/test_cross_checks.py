"""What files say against each other, against the clock and against what is held."""

from datetime import date
from decimal import Decimal

from households.imports.selectors import plans_of, rejected_rows
from households.imports.staging import stage_import
from households.models import TaxLot
from tests.firm import Firm
from tests.households.imports.files import (
    APPLE,
    FUND,
    LATER,
    lots_upload,
    positions_upload,
    template_upload,
)
from tests.households.imports.formats.build import row
from tests.households.imports.steps import commit, held, stage


def test_lots_that_do_not_add_up_and_other_dates_warn(firm: Firm) -> None:
    """The position has 10 shares, its lots 6 + 5 = 11; the lots are a month older."""
    lot = '"01/02/2020","5","$20.00","$12.50","$100.00","$62.50","$37.50","+60%","Long Term",'
    first = '"01/02/2020","6","$20.00","$12.50","$120.00","$75.00","$45.00","+60%","Long Term",'
    import_ = stage(firm, positions_upload(APPLE, title=LATER), lots_upload(first, lot))
    codes = [w["code"] for w in import_.warnings if w["file"] == "lots.csv"]
    assert codes == ["lots_do_not_match", "dates_differ"]
    assert "add up to 11 shares, the position has 10" in import_.warnings[-2]["message"]


def test_old_and_future_files_and_files_older_than_what_is_held_warn(firm: Firm) -> None:
    old = stage_import(
        by=firm.advisor, household=firm.household, uploads=[positions_upload(APPLE)], as_of=date(2026, 8, 1)
    )
    assert [w["code"] for w in old.warnings if "date" in w["code"]] == ["stale_date"]
    assert "32 days ago" in old.warnings[-1]["message"]
    commit(firm, old)
    future = stage(firm, positions_upload(FUND, title=LATER))
    assert "future_date" in [w["code"] for w in future.warnings]
    commit(firm, future)
    (plan,) = plans_of(stage(firm, positions_upload(APPLE)))
    assert "these files are older, of Jun 30, 2026" in plan.warnings[0]


def test_a_symbol_on_two_lines_becomes_one_position(firm: Firm) -> None:
    margin = row("AAPL", "5", "$20.00", "$100.00", "--", "--")
    commit(firm, stage(firm, positions_upload(APPLE, margin)))
    apple = firm.account.positions.get()
    assert (apple.quantity, apple.market_value, apple.cost_basis) == (Decimal(15), 30000, None)


def test_a_class_once_known_is_not_forgotten(firm: Firm) -> None:
    commit(firm, stage(firm, positions_upload(APPLE)))
    unsaid = row("AAPL", "10", "$21.00", "$210.00", "$150.00", "$60.00", kind="--")
    commit(firm, stage(firm, positions_upload(unsaid, title=LATER)))
    assert held(firm.account) == {"AAPL": ("stock", 21000, 15000)}


def test_unsupported_holdings_are_kept(firm: Firm) -> None:
    option = row(
        "AAPL 04/17/2027 32.00 P", "-1", "$12.53", "-$1,253.00", "-$1,000.00", "-$253.00", kind="Option"
    )
    commit(firm, stage(firm, positions_upload(APPLE, option)))
    assert held(firm.account)["AAPL 04/17/2027 32.00 P"] == ("option", -125300, -100000)


def test_lots_without_a_value_follow_their_position(firm: Firm) -> None:
    rows = [
        "XXXX-4321,2026-06-30,position,AAPL,,stock,10,20,200,150,,,",
        "XXXX-4321,2026-06-30,lot,AAPL,,,6,,,75,,2020-01-02,",
        "XXXX-4321,2026-06-30,position,BND1,,bond,1000,,990,995,,,",
        "XXXX-4321,2026-06-30,lot,BND1,,,500,,,400,,2020-01-02,",
        "XXXX-4321,2026-06-30,position,ODD,,other,,,50,50,,,",
        "XXXX-4321,2026-06-30,lot,ODD,,,5,,,40,,2020-01-02,",
    ]
    import_ = stage(firm, template_upload(*rows))
    assert (import_.taken, import_.rejected) == (5, 1)
    assert "no market value" in rejected_rows(import_).get().problem
    commit(firm, import_, only_good=True)
    lots = {x.position.symbol: x.market_value for x in TaxLot.objects.select_related("position")}
    assert lots == {"AAPL": 12000, "BND1": 49500}  # 6 x $20; half of $990
