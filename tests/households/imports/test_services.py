"""Staging, mapping, committing, discarding: whole or not at all, and never twice."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from households.foundation.errors import DomainError
from households.imports.commits import discard_import
from households.imports.selectors import plans_of, rejected_rows
from households.imports.staging import map_accounts
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
)
from tests.households.imports.formats.build import row
from tests.households.imports.steps import AS_OF, commit, held, stage


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
