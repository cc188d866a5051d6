"""Staging, mapping, committing, discarding: whole or not at all, and never twice."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from households.foundation.errors import DomainError
from households.imports.commits import commit_import, discard_import
from households.imports.selectors import plans_of, rejected_rows
from households.imports.staging import map_accounts, stage_import
from households.imports.uploads import FilesRefused
from households.models import Account, AccountFacts, Change, Import, ImportRow, Position, TaxLot
from tests.firm import Firm
from tests.households.imports.files import (
    APPLE,
    BAD,
    CASH,
    FUND,
    LATER,
    Upload,
    lots_upload,
    positions_upload,
    template_upload,
)
from tests.households.imports.formats.build import row

AS_OF = date(2026, 7, 1)


def stage(firm: Firm, *uploads: Upload, **options: Any) -> Import:
    return stage_import(by=firm.advisor, household=firm.household, uploads=uploads, as_of=AS_OF, **options)


def commit(firm: Firm, import_: Import, **options: Any) -> Import:
    return commit_import(by=firm.advisor, import_=import_, as_of=AS_OF, **options)


def held(account: Account) -> dict[str, tuple[str, int, int | None]]:
    return {p.symbol: (p.asset_class, p.market_value, p.cost_basis) for p in account.positions.all()}


def test_staging_changes_nothing_that_is_held(firm: Firm) -> None:
    import_ = stage(firm, positions_upload(APPLE, CASH), lots_upload())
    assert (import_.state, import_.taken, import_.rejected) == ("staged", 4, 0)
    assert import_.account_map == {"Joint, ending 4321": str(firm.account.pk)}
    assert import_.as_of == date(2026, 6, 30)
    assert [(f["name"], f["format"], f["taken"], f["rejected"]) for f in import_.files] == [
        ("positions.csv", "schwab_positions", 2, 0),
        ("lots.csv", "schwab_lots", 2, 0),
    ]
    assert len(import_.files[0]["sha256"]) == 64
    assert import_.by == firm.advisor
    assert Position.objects.count() == TaxLot.objects.count() == Change.objects.count() == 0


def test_a_commit_stores_positions_lots_history_and_facts(firm: Firm) -> None:
    """AAPL $200 with lots of 6 and 4 shares and $100 cash: $300 held, two thirds stock, gain 45 + 5 = $50."""
    before = firm.household.revision
    import_ = commit(firm, stage(firm, positions_upload(APPLE, CASH), lots_upload()))
    assert import_.state == "committed"
    assert held(firm.account) == {
        "AAPL": ("stock", 20000, 15000),
        "Cash & Cash Investments": ("cash", 10000, None),
    }
    apple = firm.account.positions.get(symbol="AAPL")
    assert (apple.quantity, apple.price, apple.as_of, apple.source_import_id) == (
        Decimal(10),
        Decimal(20),
        date(2026, 6, 30),
        import_.pk,
    )
    assert [(x.acquired, x.quantity, x.market_value, x.cost_basis) for x in apple.lots.all()] == [
        (date(2020, 1, 2), Decimal(6), 12000, 7500),
        (date(2026, 5, 1), Decimal(4), 8000, 7500),
    ]
    firm.household.refresh_from_db()
    assert firm.household.revision == before + 1
    facts = AccountFacts.objects.get(account=firm.account)
    assert (facts.account_value, facts.lot_count, facts.unrealized_gain, facts.short_term_gain) == (
        30000,
        2,
        5000,
        500,
    )
    assert facts.stock_share == pytest.approx(2 / 3, abs=1e-6)
    changes = Change.objects.filter(household=firm.household)
    assert {(c.entity, c.field, c.old, c.new) for c in changes} == {
        ("position", "AAPL", None, "stock, 10 units, $200.00, cost $150.00"),
        ("position", "Cash & Cash Investments", None, "cash, $100.00"),
        ("lots", "AAPL", None, "2 lots"),
        ("import", "state", "staged", "committed: 4 rows into 1 account"),
    }
    assert {c.source for c in changes} == {f"import {import_.pk.hex}"}
    assert {c.by for c in changes} == {firm.advisor}


def test_the_same_files_again_change_nothing(firm: Firm) -> None:
    first = commit(firm, stage(firm, positions_upload(APPLE), lots_upload()))
    changes = Change.objects.count()
    again = stage(firm, lots_upload(name="renamed.csv"), positions_upload(APPLE, name="other.csv"))
    assert again == first
    assert again.state == "committed"
    assert Import.objects.count() == 1
    assert Change.objects.count() == changes
    waiting = stage(firm, positions_upload(FUND))
    assert stage(firm, positions_upload(FUND)) == waiting


def test_the_same_files_after_others_can_be_imported_again(firm: Firm) -> None:
    first = commit(firm, stage(firm, positions_upload(APPLE)))
    commit(firm, stage(firm, positions_upload(FUND)))
    back = stage(firm, positions_upload(APPLE))
    assert back != first
    commit(firm, back)
    assert set(held(firm.account)) == {"AAPL"}


def test_a_newer_file_replaces_what_is_held_and_keeps_the_marks(firm: Firm) -> None:
    commit(firm, stage(firm, positions_upload(APPLE, FUND, CASH), lots_upload()))
    Position.objects.filter(symbol="AAPL").update(restricted="insider", retained=True, issuer="Apple Inc.")
    dearer = row("AAPL", "10", "$30.00", "$300.00", "$150.00", "$150.00")
    import_ = stage(firm, positions_upload(dearer, CASH, title=LATER))
    (plan,) = plans_of(import_)
    assert [(p.symbol, s.market_value) for p, s in plan.changed] == [("AAPL", 30000)]
    assert [p.symbol for p in plan.gone] == ["VTI"]
    assert [p.symbol for p in plan.same] == ["Cash & Cash Investments"]
    assert (plan.value_before, plan.value_after) == (130000, 40000)
    commit(firm, import_)
    apple = firm.account.positions.get(symbol="AAPL")
    assert (apple.restricted, apple.retained, apple.issuer, apple.as_of) == (
        "insider",
        True,
        "Apple Inc.",
        date(2026, 7, 31),
    )
    # the quantity is the same, so the lots stay and follow the price: 6 x $30 and 4 x $30
    assert [(x.market_value, x.cost_basis) for x in apple.lots.all()] == [(18000, 7500), (12000, 7500)]
    assert firm.account.positions.get(asset_class="cash").as_of == date(2026, 7, 31)
    assert set(held(firm.account)) == {"AAPL", "Cash & Cash Investments"}


def test_lots_that_no_longer_fit_are_dropped_with_a_word(firm: Firm) -> None:
    commit(firm, stage(firm, positions_upload(APPLE), lots_upload()))
    fewer = row("AAPL", "9", "$20.00", "$180.00", "$135.00", "$45.00")
    import_ = stage(firm, positions_upload(fewer, title=LATER))
    assert any("known lots no longer fit" in text for text in plans_of(import_)[0].warnings)
    commit(firm, import_)
    assert TaxLot.objects.count() == 0
    assert Change.objects.filter(entity="lots", field="AAPL", old="2 lots", new=None).exists()


def test_lots_alone_go_to_the_stored_position(firm: Firm) -> None:
    commit(firm, stage(firm, positions_upload(APPLE, FUND)))
    commit(firm, stage(firm, lots_upload()))
    assert set(held(firm.account)) == {"AAPL", "VTI"}
    assert firm.account.positions.get(symbol="AAPL").lots.count() == 2


def test_lots_without_a_position_are_rejected(firm: Firm) -> None:
    import_ = stage(firm, lots_upload())
    assert (import_.taken, import_.rejected) == (0, 2)
    first = rejected_rows(import_)[0]
    assert (first.line, first.field, first.value) == (4, "symbol", "AAPL")
    assert "no position AAPL" in first.problem
    assert "positions file" in first.remedy
    with pytest.raises(DomainError, match="No row could be taken"):
        commit(firm, import_, only_good=True)
    both = stage(firm, positions_upload(FUND), lots_upload())
    assert (both.taken, both.rejected) == (1, 2)


def test_a_rejected_row_holds_the_whole_back_until_the_good_ones_are_asked_for(firm: Firm) -> None:
    import_ = stage(firm, positions_upload(APPLE, BAD, CASH))
    assert (import_.taken, import_.rejected) == (2, 1)
    bad = rejected_rows(import_).get()
    assert (bad.file, bad.line, bad.field, bad.value) == ("positions.csv", 5, "Market Value", "1,234.50-")
    assert "ambiguous" in bad.problem
    with pytest.raises(DomainError, match="1 row was rejected") as caught:
        commit(firm, import_)
    assert caught.value.status == 409
    assert Position.objects.count() == 0
    assert Import.objects.get().state == "staged"
    commit(firm, import_, only_good=True)
    assert set(held(firm.account)) == {"AAPL", "Cash & Cash Investments"}


def test_a_rejected_row_leaves_what_is_stored_of_it_alone(firm: Firm) -> None:
    good = row("MSFT", "1", "$5.00", "$5.00", "$5.00", "$0.00")
    commit(firm, stage(firm, positions_upload(APPLE, good)))
    import_ = stage(firm, positions_upload(APPLE, BAD, title=LATER))
    (plan,) = plans_of(import_)
    assert [p.symbol for p in plan.withheld] == ["MSFT"]
    assert any("MSFT was rejected" in text for text in plan.warnings)
    commit(firm, import_, only_good=True)
    assert held(firm.account)["MSFT"] == ("stock", 500, 500)
    assert firm.account.positions.get(symbol="MSFT").as_of == date(2026, 6, 30)


def test_an_import_is_settled_once(firm: Firm) -> None:
    import_ = stage(firm, positions_upload(APPLE))
    commit(firm, import_)
    for again in (
        lambda: commit(firm, import_),
        lambda: discard_import(by=firm.advisor, import_=import_),
        lambda: map_accounts(by=firm.advisor, import_=import_, account_map={}),
    ):
        with pytest.raises(DomainError) as caught:
            again()
        assert caught.value.status == 409


def test_a_discarded_import_changes_nothing_and_stays_on_record(firm: Firm) -> None:
    import_ = discard_import(by=firm.advisor, import_=stage(firm, positions_upload(APPLE)))
    assert (import_.state, import_.rows.count(), Position.objects.count()) == ("discarded", 1, 0)
    assert Change.objects.get().new == "discarded"
    assert stage(firm, positions_upload(APPLE)) != import_


def test_files_that_cannot_be_read_leave_no_trace_and_are_all_named(firm: Firm) -> None:
    with pytest.raises(FilesRefused) as caught:
        stage(
            firm,
            positions_upload(APPLE),
            Upload("photo.csv", b"\x89PNG\r\n\x1a\n"),
            Upload("empty.csv", b""),
        )
    assert [(r.file, r.problem) for r in caught.value.refused] == [
        ("photo.csv", "The file is a PNG picture, whatever its name says."),
        ("empty.csv", "The file is empty."),
    ]
    assert Import.objects.count() == ImportRow.objects.count() == 0
    with pytest.raises(DomainError, match="No file"):
        stage(firm)
    with pytest.raises(DomainError, match="More than 20 files"):
        stage(firm, *[positions_upload(APPLE, name=f"{n}.csv") for n in range(21)])


def test_undecided_accounts_hold_the_commit_back(firm: Firm) -> None:
    other = '"Positions for account Trust XXXX-9999 as of 06/30/2026"'
    import_ = stage(firm, positions_upload(APPLE), positions_upload(FUND, title=other, name="trust.csv"))
    assert import_.account_map == {"Joint, ending 4321": str(firm.account.pk), "Trust, ending 9999": ""}
    with pytest.raises(DomainError, match="not decided") as caught:
        commit(firm, import_)
    assert caught.value.field == "Trust, ending 9999"
    map_accounts(by=firm.advisor, import_=import_, account_map={"Trust, ending 9999": "skip"})
    commit(firm, import_)
    assert set(held(firm.account)) == {"AAPL"}
    # left out on purpose: the same files may be given again to import the rest
    assert stage(firm, positions_upload(APPLE), positions_upload(FUND, title=other)).state == "staged"


def test_mapping_refuses_strangers_accounts_and_two_lists_for_one(firm: Firm) -> None:
    other = '"Positions for account Trust XXXX-9999 as of 06/30/2026"'
    import_ = stage(firm, positions_upload(APPLE), positions_upload(FUND, title=other, name="trust.csv"))
    with pytest.raises(DomainError, match="not one of this household"):
        map_accounts(
            by=firm.advisor, import_=import_, account_map={"Trust, ending 9999": str(firm.others_account.pk)}
        )
    with pytest.raises(DomainError, match="cannot both be Joint brokerage"):
        map_accounts(
            by=firm.advisor, import_=import_, account_map={"Trust, ending 9999": str(firm.account.pk)}
        )
    import_.refresh_from_db()
    assert import_.account_map["Trust, ending 9999"] == ""


def test_accounts_are_found_by_reference_and_by_last_digits(firm: Firm) -> None:
    ira = Account.objects.create(
        household=firm.household, name="IRA", external_id="ACC-7", number_ending="321"
    )
    rows = [
        f"{account},2026-06-30,position,AAPL,,stock,1,2,2,1,,,"
        for account in ("acc-7", "XXXX-4321", "Unknown", "21")
    ]
    import_ = stage(firm, template_upload(*rows))
    # 4321 may be the account ending 4321 or the one ending 321, so nobody is chosen for it
    assert import_.account_map == {"acc-7": str(ira.pk), "Account ending 4321": "", "Unknown": "", "21": ""}


def test_a_new_mapping_judges_lots_again(firm: Firm) -> None:
    ira = Account.objects.create(household=firm.household, name="IRA", number_ending="7777")
    Position.objects.create(account=ira, symbol="AAPL", asset_class="stock", market_value=20000, as_of=AS_OF)
    import_ = stage(firm, lots_upload())
    assert import_.rejected == 2
    (label,) = import_.account_map
    import_ = map_accounts(by=firm.advisor, import_=import_, account_map={label: str(ira.pk)})
    assert (import_.taken, import_.rejected, import_.files[0]["taken"]) == (2, 0, 2)
    assert set(import_.rows.values_list("account", flat=True)) == {ira.pk}
    import_ = map_accounts(by=firm.advisor, import_=import_, account_map={label: str(firm.account.pk)})
    assert (import_.taken, import_.rejected) == (0, 2)


def test_of_two_lists_of_one_account_the_newest_counts(firm: Firm) -> None:
    import_ = stage(
        firm,
        positions_upload(FUND, title=LATER, name="july.csv"),
        positions_upload(APPLE, CASH, name="june.csv"),
    )
    assert (import_.taken, import_.rejected) == (1, 2)
    assert "taken from july.csv" in rejected_rows(import_)[0].problem
    commit(firm, import_, only_good=True)
    assert set(held(firm.account)) == {"VTI"}


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
    assert "these files are older, of 06/30/2026" in plan.warnings[0]


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


def test_a_failure_in_the_middle_of_a_commit_leaves_all_as_it_was(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(firm, stage(firm, positions_upload(APPLE, CASH), lots_upload()))
    before = (held(firm.account), TaxLot.objects.count(), Change.objects.count())
    import_ = stage(firm, positions_upload(FUND, title=LATER))

    def fails(*args: object, **options: object) -> None:
        raise RuntimeError("the power is gone")

    monkeypatch.setattr("households.imports.commits.rebuild_facts", fails)
    with pytest.raises(RuntimeError):
        commit(firm, import_)
    assert (held(firm.account), TaxLot.objects.count(), Change.objects.count()) == before
    assert Import.objects.get(pk=import_.pk).state == "staged"


def test_the_queries_of_a_commit_do_not_grow_with_the_file(
    firm: Firm, django_assert_max_num_queries: Any
) -> None:
    import_ = stage(
        firm, positions_upload(*[row(f"S{n}", "1", "$1.00", "$1.00", "$1.00", "$0.00") for n in range(400)])
    )
    with django_assert_max_num_queries(45):
        commit(firm, import_)
    assert firm.account.positions.count() == 400


def test_nothing_is_imported_into_an_account_closed_in_the_meantime(firm: Firm) -> None:
    import_ = stage(firm, positions_upload(APPLE, CASH))
    Account.objects.filter(pk=firm.account.pk).update(closed_on=AS_OF)
    with pytest.raises(DomainError, match="is closed") as refused:
        commit(firm, import_)
    assert refused.value.status == 409
    assert Position.objects.count() == 0


def test_lots_whose_position_another_import_removed_do_not_vanish(firm: Firm) -> None:
    commit(firm, stage(firm, positions_upload(APPLE, CASH)))
    lots_only = stage(firm, lots_upload())
    commit(firm, stage(firm, positions_upload(CASH, title=LATER)))
    with pytest.raises(DomainError, match="does not hold AAPL any more") as refused:
        commit(firm, lots_only)
    assert refused.value.status == 409
    assert Import.objects.get(pk=lots_only.pk).state == "staged"
